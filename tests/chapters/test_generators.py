"""What "Make new spectra, and find out whether they could be measured" claims."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import BOOK_FOLDERS
from helpers.generative import PlaneMixture


@pytest.fixture(scope="module")
def runs():
    judged = json.loads((BOOK_FOLDERS[0] / "generator_runs.json").read_text())["judged"]
    return {
        name: np.array([[*run["distances"], run["noise"], run["told apart"]] for run in each])
        for name, each in ((name, each.values()) for name, each in judged.items())
    }


# Rules and tests


@settings(max_examples=10, deadline=None)
@given(st.floats(0.3, 50))
def test_neighbours_of_any_poisson_mean_have_the_ratio_one(chapter, mean):
    counts = np.random.default_rng(7).poisson(mean, size=(500, 500))
    assert chapter["neighbour_ratio"](counts, [0.25, 1000]) == pytest.approx(1, abs=0.03)


@pytest.mark.claim("They are what the networks have to beat")
def test_both_rules_pass_every_test(chapter):
    made = chapter["resample"](20), PlaneMixture(chapter["train"]).draw(5000)
    for counts in made:
        *distances, noise, told_apart = chapter["judge"](counts, chapter["validation"])
        assert max(distances) < 2 * chapter["CHANCE"]
        assert noise == pytest.approx(1, abs=0.02)
        assert told_apart == pytest.approx(0.5, abs=0.03)


@pytest.mark.claim("each bin gets the Poisson number of the same quantile")
def test_scores_and_white_noise_become_spectra_that_pass_every_test(chapter):
    roots = chapter["to_roots"](chapter["validation"]) - chapter["mean_root"]
    white, plane = np.random.default_rng(1).normal(size=roots.shape), chapter["PLANE"]
    counts = chapter["to_counts"](white + (roots - white) @ plane.T @ plane)
    *distances, noise, told_apart = chapter["judge"](counts, chapter["measure"](5000, seed=8))
    assert max(distances) < 2 * chapter["CHANCE"]
    assert noise == pytest.approx(1, abs=0.02)
    assert told_apart == pytest.approx(0.5, abs=0.03)


# Networks


def test_the_divergence_is_the_mean_log_ratio(chapter):
    mean, log_variance = 0.7, -1.0
    codes = mean + np.exp(log_variance / 2) * np.random.default_rng(1).normal(size=400_000)
    log_q = -((codes - mean) ** 2) / (2 * np.exp(log_variance)) - log_variance / 2
    found = chapter["divergence"](np.array([[mean]]), np.array([[log_variance]]))
    assert float(found[0]) == pytest.approx((log_q + codes**2 / 2).mean(), abs=0.01)


def test_a_flow_can_be_undone_and_knows_its_volume(chapter):
    flow, x = chapter["Flow"](2), np.float32([[0.3, -0.8]])
    for network in flow.networks:
        network.layers[-1].set_weights([np.full((64, 2), 0.3), np.array([0.1, 0.2])])
    noise, log_det = flow.forward(x)
    np.testing.assert_allclose(flow.backward(noise), x, atol=1e-5)
    steps = np.float32(1e-2 * np.eye(2))
    columns = [(flow.forward(x + s)[0] - flow.forward(x - s)[0])[0] / 2e-2 for s in steps]
    volume = abs(np.linalg.det(np.array(columns)))
    assert float(log_det[0]) == pytest.approx(np.log(volume), abs=1e-2)


@pytest.mark.claim("no opponent and nothing to balance")
def test_a_short_training_of_diffusion_makes_the_kinds_that_are_asked_for(chapter, seed):
    network = chapter["train_diffusion"](seed, steps=400)
    counts = chapter["to_counts"](chapter["walk"](network, np.arange(1000) % 4, n_steps=20)[1][-1])
    assert np.mean(chapter["kinds_of"](counts) == np.arange(1000) % 4) > 0.8


# What the benchmark kept


@pytest.mark.claim("gn-distance-pca-and-mixture", "gn-distance-diffusion")
def test_the_rule_wins_and_diffusion_comes_closest(chapter, runs):
    distance = {name: values[:, :2].mean() for name, values in runs.items()}
    assert distance["PCA and mixture"] < 1.5 * chapter["CHANCE"]
    networks = {name: distance[name] for name in ("diffusion", "flow", "GAN, cured", "VAE, prior")}
    assert min(networks, key=networks.get) == "diffusion"
    assert distance["PCA and mixture"] < distance["diffusion"]


@pytest.mark.claim("gn-told-diffusion", "gn-told-vae-prior", "gn-told-vae-mixture")
def test_the_noise_is_poissons_and_the_trees_see_the_population(runs):
    for name, values in runs.items():
        assert values[:, 2].mean() == pytest.approx(1, abs=0.03), name
    told = {name: values[:, 3].mean() for name, values in runs.items()}
    assert told["VAE, prior"] > 0.6
    assert told["VAE, mixture"] < told["VAE, prior"]
    assert told["PCA and mixture"] < told["diffusion"] < told["VAE, prior"]


@pytest.mark.claim("The rate of each network is the best of four or five")
def test_no_rate_stands_at_the_edge_of_what_was_tried():
    tried = json.loads((BOOK_FOLDERS[0] / "generator_runs.json").read_text())["tried"]
    for name, found in tried.items():
        values = sorted(found, key=float)
        assert min(found, key=found.get) not in (values[0], values[-1]), name
