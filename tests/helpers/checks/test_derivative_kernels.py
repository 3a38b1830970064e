"""The checks of "Find pulses with derivative kernels": right answers and plausible wrong ones."""

import numpy as np

from helpers.convolve import FIRST_DERIVATIVE, SECOND_DERIVATIVE, apply_convolutions
from helpers.generate import generate_pulses, shaper
from tests.helpers.checks.exercises import ExerciseChecks

SHAPER_KERNEL = shaper(np.eye(9)[4])
THIRD = np.array([0.5, -1, 0, 1, -0.5])


def curvature_sum(X):
    return apply_convolutions(X, SECOND_DERIVATIVE).sum(axis=1)


def padded_with_zeros(X):
    return np.diff(np.pad(X.sum(axis=1), ((0, 0), (1, 1))), 2).argmin(axis=1)


RIGHT = [
    ("dk-ex-third", [0.5, -1, 0, 1, -0.5]),
    ("dk-ex-third", np.convolve(FIRST_DERIVATIVE, SECOND_DERIVATIVE)),
    ("dk-ex-third", -np.convolve(SECOND_DERIVATIVE, FIRST_DERIVATIVE[::-1])),
    ("dk-ex-lengths", 495, 5, 2),
    ("dk-ex-lengths", len(range(0, 990, 2)), 1 + 4 // 2 + 2, np.int64(2)),
    ("dk-ex-lengths", 495.0, 5.0, 2.0),
    ("dk-ex-step", 1.8e-4),
    ("dk-ex-step", 5e-5),
    ("dk-ex-step", np.finfo(float).eps ** 0.25),
    ("dk-ex-layer", lambda kernel: np.reshape(kernel[::-1], (-1, 1, 1))),
    ("dk-ex-layer", lambda kernel: kernel[::-1, np.newaxis, np.newaxis].astype("float32")),
    ("dk-ex-layer", lambda kernel: np.expand_dims(np.flip(kernel), (1, 2))),
    ("dk-ex-shaper", SHAPER_KERNEL),
    ("dk-ex-shaper", [weight + 1e-4 for weight in SHAPER_KERNEL]),
    ("dk-ex-shaper", SHAPER_KERNEL.round(3).reshape(5, 1, 1)),
    ("dk-ex-trigger", lambda X: curvature_sum(X).argmin(axis=1) + 1),
    ("dk-ex-trigger", lambda X: np.diff(X.sum(axis=1), 2).argmin(axis=1) + 1),
    ("dk-ex-trigger", lambda X: np.diff(X, 2).max(axis=1).argmin(axis=1) + 1),
]

WRONG = [
    ("dk-ex-third", -THIRD, "signs are reversed"),
    ("dk-ex-third", np.convolve(SECOND_DERIVATIVE, SECOND_DERIVATIVE), "fourth derivative"),
    ("dk-ex-third", np.convolve(FIRST_DERIVATIVE, FIRST_DERIVATIVE), "second derivative"),
    ("dk-ex-third", [1, 2, 3, 4, 5], "sum to zero"),
    ("dk-ex-third", [0, 1, -3, 3, -1], "odd"),
    ("dk-ex-third", 2 * THIRD, "2 times as large"),
    ("dk-ex-third", [0, 0, 0, 0, 0], "all weights zero"),
    ("dk-ex-third", [0.5, 0, 0, 0, -0.5], "mode 'full'"),
    ("dk-ex-lengths", 994, 3, 1, "second has yet to act"),
    ("dk-ex-lengths", 990, 5, 1, "stride of 1"),
    ("dk-ex-lengths", 497, 5, 2, "half of 994"),
    ("dk-ex-lengths", 494, 5, 2, "Count the stops"),
    ("dk-ex-lengths", 1000, 5, 2, "twice"),
    ("dk-ex-lengths", 495, 3, 2, "offsets add up"),
    ("dk-ex-lengths", 495, 10, 2, r"\(K - 1\) / 2"),
    ("dk-ex-lengths", 495, 0, 2, "first bin is not right"),
    ("dk-ex-lengths", 495, 5, 1, "spacing"),
    ("dk-ex-step", 6e-6, "first derivative"),
    ("dk-ex-step", 1.5e-8, "forward difference"),
    ("dk-ex-step", 1e-12, "Round-off rules"),
    ("dk-ex-step", 0.01, "Truncation rules"),
    ("dk-ex-step", -1e-4, "positive"),
    ("dk-ex-layer", lambda kernel: kernel.reshape(-1, 1, 1), "turn the weights round"),
    ("dk-ex-layer", lambda kernel: kernel[::-1], r"shape must be \(K, 1, 1\)"),
    ("dk-ex-layer", lambda kernel: kernel[::-1].reshape(1, -1, 1), r"and is \(1, 5, 1\)"),
    ("dk-ex-layer", lambda kernel: kernel[:3], "came back as 3"),
    ("dk-ex-layer", lambda kernel: -kernel, "not those of the kernel"),
    ("dk-ex-shaper", SHAPER_KERNEL[::-1], "turned round"),
    ("dk-ex-shaper", SHAPER_KERNEL[:4], "five weights"),
    ("dk-ex-shaper", SHAPER_KERNEL + 0.01, "not exact"),
    ("dk-ex-shaper", np.ones(5), "do not reproduce"),
    ("dk-ex-shaper", -SHAPER_KERNEL, "signs are reversed"),
    ("dk-ex-trigger", lambda X: curvature_sum(X), "one bin for each"),
    ("dk-ex-trigger", padded_with_zeros, "mode 'same'"),
    ("dk-ex-trigger", lambda X: curvature_sum(X).argmin(axis=1), "too low"),
    ("dk-ex-trigger", lambda X: curvature_sum(X).argmin(axis=1) + 2, "too high"),
    ("dk-ex-trigger", lambda X: curvature_sum(X).argmax(axis=1) + 1, "most negative"),
    ("dk-ex-trigger", lambda X: curvature_sum(X[:, :1]).argmin(axis=1) + 1, "all three traces"),
    ("dk-ex-trigger", lambda X: X.sum(axis=1).argmax(axis=1), "and the curvature of each"),
]


class TestChecks(ExerciseChecks):
    prefix = "dk"
    right, wrong = RIGHT, WRONG


def test_the_shaper_keeps_a_constant_and_shortens_a_trace():
    trace = generate_pulses(n_samples=1)[0][0, 0]
    assert shaper(trace).shape == (96,)
    np.testing.assert_allclose(shaper(np.full(9, 2.0)), 2.0)
