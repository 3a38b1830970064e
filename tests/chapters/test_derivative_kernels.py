"""What the chapter "Find pulses with derivative kernels" claims, with the code it shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.convolve import SECOND_DERIVATIVE, apply_convolutions
from helpers.generate import generate_pulses


def errors(chapter, order, steps):
    """Return the errors of the first or the second derivative of the exercise on steps."""
    points = chapter["positions"]
    exact = {1: -points * chapter["gaussian"](points), 2: chapter["exact_curvature"]}
    difference = chapter[{1: "central", 2: "curvature"}[order]]
    return [chapter["rms_error"](difference, exact[order], step) for step in steps]


@pytest.mark.parametrize(
    ("order", "low", "high", "exponent"),
    [(1, 1e-4, 0.1, 2), (1, 1e-12, 1e-7, -1), (2, 1e-3, 0.1, 2), (2, 1e-12, 1e-6, -2)],
)
def test_errors_follow_power_laws(chapter, order, low, high, exponent):
    steps = np.geomspace(low, high, 20)
    fitted, _ = np.polyfit(np.log(steps), np.log(errors(chapter, order, steps)), 1)
    assert fitted == pytest.approx(exponent, abs=0.1)


@pytest.mark.parametrize(("order", "power"), [(1, 1 / 3), (2, 1 / 4)])
def test_the_best_step_is_a_root_of_epsilon(chapter, order, power):
    steps = chapter["steps"]
    best = steps[np.argmin(errors(chapter, order, steps))]
    assert 1 / 3 < best / np.finfo(float).eps ** power < 3


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


def won(chapter, kernel, seed):
    return chapter["contest"](chapter["filter_with"](kernel), seed)


@pytest.mark.claim("The simple rule wins", "finds nothing here")
def test_one_beat_finds_the_others_and_no_learned_kernel_beats_it(chapter, band, seed):
    template, learned = chapter["first_beat"](), chapter["learned_kernel"](seed)
    validated, share = won(chapter, template, seed)
    rival_validated, rival = won(chapter, learned, seed)
    assert band("template, test", share) < band("template, validation", validated)
    assert band("learned, test", rival) < band("learned, validation", rival_validated)
    band("template minus learned", share - rival)
    assert band("learned like template", np.corrcoef(template, learned)[0, 1]) > 0.8
    assert won(chapter, -SECOND_DERIVATIVE, seed)[1] < 0.1


def test_the_slope_is_better_than_the_curvature_and_worse_than_the_template(chapter):
    slope = chapter["contest"](lambda X: chapter["energy_of_slope"](X, 5, 23), 1)[1]
    assert (
        won(chapter, -SECOND_DERIVATIVE, 1)[1] < slope < won(chapter, chapter["first_beat"](), 1)[1]
    )
