"""What "Find the causes behind unlabelled spectra" claims, with the code that it shows."""

import json

import numpy as np
import pytest
from sklearn.manifold import Isomap
from sklearn.mixture import GaussianMixture

from helpers import statistics
from helpers.data import locate_data
from tools.bench import spectra_runs


@pytest.fixture(scope="module")
def directions(chapter):
    return chapter["principal_components"](chapter["pulls"])[1][:2]


@pytest.fixture(scope="module")
def pca_noise(chapter, directions):
    rebuilt = chapter["project"](chapter["X_test"], chapter["mean"], directions)
    return chapter["noise_out"](rebuilt, chapter["truth"])


@pytest.fixture(scope="module")
def study():
    return json.loads(locate_data("spectra_runs.json").read_text())


@pytest.fixture(scope="module")
def noise(study):
    return {
        name: np.array([one["noise"] for one in runs])
        for name, runs in study["runs"].items()
        if name != "digits"
    }


# The spectra and their principal components


def test_standardising_hushes_the_peaks_and_pulls_treat_bins_alike(chapter):
    scalings = chapter["scalings"].items()
    noise = {name: np.sqrt(chapter["mean"]) / width for name, (_, width) in scalings}
    assert np.ptp(noise["pulls"]) < 1e-4
    assert noise["standardised"][150] < 0.1 * noise["standardised"][-1]
    assert 1.5 < noise["by the largest"].max() / noise["by the largest"].min() < 2.5


def test_the_second_component_mixes_the_peaks_and_goes_below_zero(directions):
    assert directions[0].min() > -0.01
    assert directions[1, 275] > 0.05
    assert directions[1, 150] < -0.01


def test_the_laws_of_the_noise_left(chapter, pca_noise):
    fluxes = chapter["fit_fluxes"](chapter["X_test"])
    by_fit = chapter["noise_out"](chapter["expected_counts"](fluxes), chapter["truth"])
    assert by_fit == pytest.approx(np.sqrt(2 / 500), rel=0.04)
    assert pca_noise == pytest.approx(np.sqrt(2 / 500 + 3 / 150), rel=0.04)
    assert chapter["noise_out"](chapter["X_test"], chapter["truth"]) == pytest.approx(1, abs=0.01)


@pytest.mark.claim("ul-out-smoothed", "ul-smooth-width")
def test_smoothing_takes_most_noise_of_the_training_from_pca(chapter, pca_noise):
    def smoothed(counts, width):
        return chapter["project"](counts, *chapter["smooth_components"](width))

    unseen = chapter["X_validation"]
    misfits = [chapter["misfit"](unseen, smoothed(unseen, width)).mean() for width in (1, 2, 4, 6)]
    assert np.argmin(misfits) == 1
    assert chapter["noise_out"](smoothed(chapter["X_test"], 2), chapter["truth"]) < 0.6 * pca_noise


@pytest.mark.claim("ul-out-sparse")
def test_setting_small_fluxes_to_zero_beats_the_plain_fit(chapter):
    found = chapter["fit_fluxes"](chapter["X_test"])
    plain, sparse = (
        chapter["noise_out"](chapter["expected_counts"](each), chapter["truth"])
        for each in (found, chapter["sparse"](found, 2.5))
    )
    assert sparse < 0.8 * plain


@pytest.mark.claim("ul-groups")
def test_the_scores_fall_into_four_groups(chapter, directions):
    scores = chapter["pulls"] @ directions.T
    models = [GaussianMixture(n, n_init=5, random_state=0).fit(scores) for n in range(1, 7)]
    assert np.argmin([one.bic(scores) for one in models]) == 3


# Autoencoders


@pytest.mark.claim("ul-mean-pulls", "ul-mean-linear", "ul-mean-largest")
def test_pca_wins_in_every_scaling_and_bending_costs_accuracy(chapter, noise, pca_noise):
    for name in chapter["scalings"]:
        assert statistics.mean(noise[name] - pca_noise).standard_errors > 5
    behind = statistics.mean(noise["linear"] - pca_noise)
    assert behind.standard_errors > 2
    assert behind.value < 0.02
    assert noise["by the largest"].mean() < noise["pulls"].mean() < noise["standardised"].min()


@pytest.mark.claim("ul-places-lead")
def test_the_network_finds_strangers_a_little_worse_than_pca(chapter, study, directions):
    by_seed = np.array([one["areas"] for one in study["runs"]["pulls"]])
    by_pca = chapter["auc_by_place"](
        lambda counts: chapter["project"](counts, chapter["mean"], directions)
    )
    assert -0.02 < by_seed.mean() - by_pca.mean() < 0
    assert by_pca[7] == pytest.approx(0.95, abs=0.015)
    assert by_pca[2] < 0.65


@pytest.mark.claim("ul-loss-train", "ul-loss-validation")
def test_on_flat_data_the_autoencoder_learns_noise_and_loses_to_pca(chapter, study, pca_noise):
    best, mean = study["search"]["pulls"], chapter["mean"]
    loss, networks = spectra_runs.better_start(
        chapter, "pulls", seed=0, rate=best["rate"], decay=best["decay"]
    )
    seen, test = (
        chapter["reconstruct"](networks, chapter[name], chapter["scalings"]["pulls"])
        for name in ("X_train", "X_test")
    )
    assert np.mean((chapter["X_train"] - seen) ** 2 / mean) < 1 < loss
    assert pca_noise < chapter["noise_out"](test, chapter["truth"]) < 2 * pca_noise


@pytest.mark.claim("ul-drift-best", "ul-mean-drift", "ul-drift-scan", "ul-drift-truth")
def test_a_network_rebuilds_a_drifting_peak_and_a_scan_that_learns_it_does_better(chapter, noise):
    counts, truth = chapter["drifting_test"], chapter["drifting_truth"]
    _, directions = chapter["principal_components"](chapter["drift_pulls"])
    by_pca = [
        chapter["noise_out"](chapter["project"](counts, chapter["drift_mean"], some), truth)
        for some in (directions[:n] for n in (2, 6, 10, 15))
    ]
    assert by_pca[0] > 4
    assert by_pca[2] < by_pca[3] < by_pca[1] < 1
    learned = chapter["learn_to_scan"](chapter["drifting"])
    by_scan = chapter["noise_out"](chapter["scan"](counts, *learned)[2], truth)
    assert by_scan < min(by_pca[2], noise["drift"].min())
    assert spectra_runs.drift(chapter, seed=1)["noise"] < 1


# Anomalies, halves, digits


def test_a_fit_that_knows_the_third_peak_finds_it(chapter):
    ordinary = chapter["X_test"]
    odd, third_peak = chapter["hide_peak"](ordinary, 0.8)
    shapes = np.vstack([chapter["shapes"], third_peak])
    known = [chapter["fit_fluxes"](counts, shapes)[:, 2] for counts in (ordinary, odd)]
    assert chapter["auc"](*known) > 0.99
    assert (third_peak / np.sqrt(chapter["background"])).max() < 2


def test_two_halves_of_poisson_counts_are_independent(chapter):
    counts = np.random.default_rng(3).poisson(20, size=(500, 200))
    halves = chapter["split"](counts, 0.5, seed=4)
    assert (sum(halves) == counts).all()
    assert abs(np.corrcoef(*(half.ravel() for half in halves))[0, 1]) < 0.02
    assert [half.var() for half in halves] == pytest.approx([10, 10], rel=0.03)


@pytest.mark.claim("ul-halves-gain")
def test_predicting_halves_beats_repeating_and_loses_to_pca(chapter, noise):
    cleaned = chapter["denoise"](chapter["train_denoiser"]("predict"), chapter["short_test"])
    left = chapter["noise_out"](cleaned, chapter["short_truth"])
    assert 0.08 < left < 0.5 * noise["repeat"].min()


@pytest.mark.claim("ul-digits-named", "ul-digits-isomap")
@pytest.mark.filterwarnings("ignore:The number of connected components")
@pytest.mark.filterwarnings("ignore:Changing the sparsity structure")
def test_two_codes_name_more_digits_than_two_scores_and_fewer_than_isomap(chapter, study):
    named = [one["named"] for one in study["runs"]["digits"]]
    assert spectra_runs.digits(chapter, seed=1)["named"] > 0.65
    assert min(named) > 0.65
    assert statistics.mean(np.array(named) - isomap_names(chapter, study)).standard_errors < -2


def isomap_names(chapter, study):
    flat = Isomap(n_neighbors=study["isomap"]["best"])
    codes, new = flat.fit_transform(chapter["known"]), flat.transform(chapter["unseen"])
    return chapter["judge"](codes, new, chapter["unseen"])[1]
