"""What the chapter "Find pulses with derivative kernels" claims, with the code it shows."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.convolve import SECOND_DERIVATIVE, apply_convolutions
from helpers.generate import generate_pulses


@pytest.mark.parametrize(
    ("difference", "low", "high", "exponent"),
    [
        ("forward", 1e-6, 0.1, 1),
        ("central", 1e-4, 0.1, 2),
        ("forward", 1e-12, 1e-10, -1),
        ("central", 1e-12, 1e-7, -1),
    ],
)
def test_errors_follow_power_laws(chapter, difference, low, high, exponent):
    steps = np.geomspace(low, high, 20)
    errors = [chapter["rms_error"](chapter[difference], step) for step in steps]
    fitted, _ = np.polyfit(np.log(steps), np.log(errors), 1)
    assert fitted == pytest.approx(exponent, abs=0.1)


@pytest.mark.parametrize(("difference", "power"), [("forward", 1 / 2), ("central", 1 / 3)])
def test_the_best_step_is_a_root_of_epsilon(chapter, difference, power):
    steps = np.logspace(-12, 0, 49)
    errors = [chapter["rms_error"](chapter[difference], step) for step in steps]
    ratio = steps[np.argmin(errors)] / np.finfo(float).eps ** power
    assert 1 / 3 < ratio < 3


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(["valid", "same", "full"]))
def test_the_modes_have_the_lengths_of_the_table(chapter, N, K, mode):
    K = min(N, K)
    expected = chapter["mode_length"](N, K, mode)
    assert len(np.convolve(np.ones(N), np.ones(K), mode)) == expected


def accuracies(rule, amplitude):
    return [
        np.mean(rule(X) == y)
        for X, y in (generate_pulses(2000, amplitude=amplitude, seed=seed) for seed in range(5))
    ]


def test_the_highest_sum_finds_strong_pulses_and_loses_weak_ones(chapter):
    assert min(accuracies(chapter["highest_sum"], 5)) > 0.88
    assert max(accuracies(chapter["highest_sum"], 1)) < 0.65


@pytest.mark.parametrize("amplitude", [5, 1])
def test_the_curvature_finds_both(amplitude):
    def most_negative_curvature(X):
        return apply_convolutions(X, SECOND_DERIVATIVE).sum(axis=1).argmin(axis=1) + 1

    assert min(accuracies(most_negative_curvature, amplitude)) > 0.92


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_layers_have_the_lengths_of_the_formula(chapter, padding):
    for K in (1, 2, 3, 7):
        for stride in (1, 2, 3, 5):
            layer = keras.layers.Conv1D(1, K, strides=stride, padding=padding)
            for N in (7, 8, 29, 30):
                length = layer(np.ones((1, N, 1), "float32")).shape[1]
                assert length == chapter["layer_length"](N, K, stride, padding)
