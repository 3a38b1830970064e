"""What the chapter "Find pulses with derivative kernels" claims, with the code it shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.convolve import SECOND_DERIVATIVE, apply_convolutions
from helpers.generate import generate_pulses


def fitted_exponent(chapter, difference, low, high):
    steps = np.logspace(np.log10(low), np.log10(high), 20)
    errors = [chapter["rms_error"](chapter[difference], step) for step in steps]
    return np.polyfit(np.log(steps), np.log(errors), 1)[0]


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
    assert fitted_exponent(chapter, difference, low, high) == pytest.approx(exponent, abs=0.1)


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


def test_a_pulse_is_as_high_and_as_wide_as_it_says(chapter):
    time = np.linspace(0, 1, 100_001)
    pulse = chapter["pulse"](time, 0.5)
    assert pulse.max() == pytest.approx(chapter["AMPLITUDE"])
    spread = np.sqrt(np.average((time - 0.5) ** 2, weights=pulse))
    assert spread == pytest.approx(chapter["WIDTH"], rel=1e-6)


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
    import keras

    for K in (1, 2, 3, 7):
        for stride in (1, 2, 3, 5):
            layer = keras.layers.Conv1D(1, K, strides=stride, padding=padding)
            for N in (7, 8, 29, 30):
                length = layer(np.ones((1, N, 1), "float32")).shape[1]
                assert length == chapter["layer_length"](N, K, stride, padding)


def test_a_layer_computes_the_cross_correlation():
    import keras

    rng = np.random.default_rng(1)
    x, kernel = rng.normal(size=50), rng.normal(size=5)
    layer = keras.layers.Conv1D(1, 5, use_bias=False)
    layer.build((None, None, 1))
    layer.set_weights([kernel.reshape(5, 1, 1)])
    output = layer(x.reshape(1, -1, 1).astype("float32")).numpy().ravel()
    np.testing.assert_allclose(output, np.correlate(x, kernel, "valid"), atol=1e-5)
    assert not np.allclose(output, np.convolve(x, kernel, "valid"), atol=1e-2)
