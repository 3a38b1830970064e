"""What the chapter "Find coincidences with a convolutional network" claims, with its code."""

import json

import numpy as np
import pytest

from helpers.data import BOOK_FOLDERS
from helpers.generate import generate_pulses
from helpers.rules import find_coincidences, pulse_responses
from helpers.scores import scores
from helpers.statistics import mean, paired_difference

RUNS = json.loads((BOOK_FOLDERS[0] / "pulse_runs.json").read_text())


@pytest.fixture(scope="module")
def pulse(chapter, seed):
    """Return a trained network of 51 parameters."""
    network = chapter["pulse_network"](seed)
    chapter["train"](network, chapter["X_train"], chapter["y_train"], epochs=42)
    return network


@pytest.fixture(scope="module")
def fresh():
    return generate_pulses(5000, seed=321)


def answer(chapter, network, X):
    return chapter["probabilities"](network, X)


def test_outputs_stand_for_the_middle_of_their_window(chapter):
    kernel_2 = np.zeros((3, 7, 2, 1))
    kernel_2[:, 3] = 1
    network = chapter["pulse_network"](0)
    kernel_1 = np.array([[0, 1, 0]] * 2).T.reshape(1, 3, 1, 2)
    network.set_weights([kernel_1, np.zeros(2), kernel_2, np.zeros(1)])
    traces = np.zeros((2, 3, 100), "float32")
    traces[0, :, 40] = traces[1, :, 77] = 1
    named = answer(chapter, network, traces).argmax(axis=1) + chapter["OFFSET"]
    assert named.tolist() == [40, 77]


@pytest.mark.claim("pc-median", "pc-gated", "pc-strongest")
def test_rules_without_learning_come_in_this_order(chapter, fresh):
    X, y = fresh
    responses = pulse_responses(X)
    found = {name: rule(responses).argmax(axis=1) for name, rule in chapter["RULES"].items()}
    found |= {"gated": chapter["look_then_name"](responses, 1.0), "closely": find_coincidences(X)}
    accuracy = {name: np.mean(bins == y) for name, bins in found.items()}
    assert sorted(accuracy, key=accuracy.get) == [
        *("minimum", "product", "clipped sum", "median", "gated", "closely")
    ]
    far = {name: np.sum(np.abs(bins - y) > 1) for name, bins in found.items()}
    assert far["median"] > 20 > 5 >= max(far["gated"], far["clipped sum"], far["closely"])


def test_twins_compute_the_same(chapter, fresh):
    network = chapter["with_weights"](RUNS["best"])
    X = fresh[0][:200]
    before = answer(chapter, network, X)
    twins = list(chapter["twins"](network.get_weights()))
    for weights in twins:
        network.set_weights(weights)
        np.testing.assert_allclose(answer(chapter, network, X), before, atol=1e-4)
    assert len({np.round(weights[0], 6).tobytes() for weights in twins}) == 8


@pytest.mark.claim("pc-mean-plain")
def test_51_parameters_find_the_exact_bin(chapter, pulse, band):
    probabilities = answer(chapter, pulse, chapter["X_test"])
    accuracy, rmse, within_one = scores(probabilities, chapter["y_test"])
    band("accuracy", accuracy)
    band("accuracy above the surest answers", accuracy - probabilities.max(axis=1).mean())
    band("logarithm of the RMSE", np.log(rmse))
    assert within_one > 0.99


def test_weights_are_edited_to_see_what_they_do(chapter, pulse, band):
    X, y = chapter["X_test"][:2000], chapter["y_test"][:2000]
    kernel_1, bias_1, kernel_2, bias_2 = pulse.get_weights()
    alike = np.broadcast_to(kernel_2.mean(axis=0, keepdims=True), kernel_2.shape)
    plain, shifted, unbiased, like = (
        chapter["edited"](edit, X, y)[0]
        for edit in (
            [kernel_1, bias_1, kernel_2, bias_2],
            [kernel_1, bias_1, kernel_2, bias_2 + 10],
            [kernel_1, 0 * bias_1, kernel_2, bias_2],
            [kernel_1, bias_1, alike, bias_2],
        )
    )
    assert plain == pytest.approx(shifted, abs=1e-3)
    lost = band("lost with the first bias", plain - unbiased)
    assert lost > band("lost with traces alike", plain - like)


@pytest.mark.claim("pc-gain-derivatives", "pc-gain-edges", "pc-longer")
def test_starts_differ_by_more_than_two_errors(chapter, fresh):
    X, y = fresh
    kept = {
        name: chapter["scores_of_all"](weights, X, y)[:, 0]
        for name, weights in RUNS["weights"].items()
    }
    assert {len(each) for each in kept.values()} == {10}
    for better, worse in (("random", "plain"), ("derivatives", "random"), ("edges", "random")):
        assert paired_difference(kept[better], kept[worse]).standard_errors > 2
    assert mean(kept["edges"]).value > 0.983
    assert max(map(max, kept.values())) < np.mean(find_coincidences(X) == y)


@pytest.mark.claim("pc-best", "pc-best-rmse")
def test_the_best_setting_is_exact_and_misses_nothing_far(chapter, fresh):
    accuracy, rmse, _ = scores(
        answer(chapter, chapter["with_weights"](RUNS["best"]), fresh[0]), fresh[1]
    )
    assert accuracy > 0.98
    assert rmse < 0.5
