"""The pulse network in the page: the chapter's own weights, and Keras' own answers."""

import re

import numpy as np
import pytest

from helpers.generate import generate_pulses
from tests.site.conftest import go_to, sentence
from tools.cells import run_cells
from tools.site import figure_data

PULSES = "chapters/pulse_cnn"


@pytest.fixture
def network(open_page):
    return go_to(open_page(PULSES), "pulse-network")


@pytest.fixture(scope="module")
def weights():
    return figure_data.pulse_network(PULSES)["network"]


@pytest.fixture(scope="module")
def probabilities(weights):
    """Return what the chapter's network says, with the weights that the page carries."""
    chapter = run_cells("pulse_cnn", "define")
    network, layers = chapter["pulse_network"](0), (weights["conv1"], weights["conv2"])
    network.set_weights([np.array(layer[part]) for layer in layers for part in ("kernel", "bias")])
    return lambda X: chapter["probabilities"](network, X)


def test_the_network_in_the_page_is_keras_network(network, weights, probabilities):
    X, y = generate_pulses(n_samples=20, seed=7)
    script = "([weights, X]) => X.map(traces => book.pulseLayers(weights, traces).probabilities)"
    result = network.page.evaluate(script, [weights, X.astype(float).tolist()])
    np.testing.assert_allclose(result, probabilities(X), atol=1e-5)
    assert np.mean(np.argmax(result, axis=1) + 3 == y) > 0.7


def test_the_share_that_the_figure_tells_is_that_of_keras(weights, probabilities):
    X, _ = generate_pulses(n_samples=200, seed=8)
    named = figure_data.most_probable_bins(weights, X)
    np.testing.assert_array_equal(named, probabilities(X).argmax(axis=1) + 3)


def test_it_opens_where_the_network_is_right_and_not_sure(network):
    found = re.match(
        r"The network names bin (\d+), with ([\d.]+) %.*on bin (\d+)", sentence(network)
    )
    named, share, truth = map(float, found.groups())
    assert named == truth
    assert 55 < share < 85


def test_low_pulses_make_it_err_and_the_challenge_is_met(network):
    height = network.get_by_role("slider", name="Height")
    for _ in range(80):
        if "It errs" in network.locator(".challenge").inner_text():
            break
        height.press("ArrowLeft")
    assert "It errs, but on pulses unlike" in network.locator(".challenge").inner_text()
