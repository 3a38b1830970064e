"""The checks of the spectra chapter: right answers and plausible wrong ones."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d, uniform_filter1d
from scipy.special import expit

from helpers.generate import forged_spectra, monitor_spectra
from tests.helpers.checks.exercises import ExerciseChecks


def terms(m, v):
    return m**2 + np.exp(v) - v - 1


def smoothed(pulls):
    return gaussian_filter1d(pulls, 15, axis=1)


RIGHT = [
    ("ul-ex-causes", 4),
    ("ul-ex-causes", np.int64(4)),
    ("ul-ex-causes", 4.0),
    ("ul-ex-kl", lambda m, v: terms(m, v).sum(axis=1) / 2),
    ("ul-ex-kl", lambda m, v: -0.5 * np.sum(1 + v - m**2 - np.exp(v), axis=-1)),
    (
        "ul-ex-kl",
        lambda m, v: [terms(one, other).sum() / 2 for one, other in zip(m, v, strict=True)],
    ),
    ("ul-ex-bump", lambda pulls: smoothed(pulls).max(axis=1)),
    ("ul-ex-bump", lambda pulls: (smoothed(pulls) ** 2).sum(axis=1)),
    ("ul-ex-bump", lambda pulls: uniform_filter1d(pulls, 40, axis=1).max(axis=1).tolist()),
    ("ul-ex-forgery", "c", "a", "b"),
    ("ul-ex-forgery", "C", " a", "B"),
    ("ul-ex-forgery", "c", "A", "b "),
    ("ul-ex-critic", lambda p, q: p / (p + q)),
    ("ul-ex-critic", lambda p, q: 1 / (1 + q / p)),
    ("ul-ex-critic", lambda p, q: expit(np.log(p) - np.log(q))),
]

WRONG = [
    ("ul-ex-causes", 3, "One more variance"),
    ("ul-ex-causes", 2, "logarithmic axis"),
    ("ul-ex-causes", 400, "above the edge"),
    ("ul-ex-causes", 7, "right on it"),
    ("ul-ex-causes", 0, "at least one cause"),
    ("ul-ex-causes", 3.5, "whole number"),
    ("ul-ex-kl", lambda m, v: terms(m, v).sum(), "one divergence"),
    ("ul-ex-kl", lambda m, v: terms(m, v).sum(axis=0), "axis=1"),
    ("ul-ex-kl", lambda m, v: terms(m, v) / 2, "sum over the latent"),
    ("ul-ex-kl", lambda m, v: np.zeros(7), "the shape"),
    ("ul-ex-kl", lambda m, v: terms(m, v).sum(axis=1), "factor 1/2"),
    ("ul-ex-kl", lambda m, v: -terms(m, v).sum(axis=1) / 2, "sign is reversed"),
    ("ul-ex-kl", lambda m, v: terms(m, v).mean(axis=1) / 2, "variables add up"),
    ("ul-ex-kl", lambda m, v: (m**2 + v - 1).sum(axis=1) / 2, "never negative"),
    ("ul-ex-kl", lambda m, v: terms(m, 2 * v).sum(axis=1) / 2, "its exponential"),
    ("ul-ex-bump", lambda pulls: pulls**2, "one score for each"),
    ("ul-ex-bump", lambda pulls: np.full(len(pulls), np.nan), "holds nan"),
    ("ul-ex-bump", lambda pulls: (pulls**2).mean(axis=1), "average neighbouring pulls"),
    ("ul-ex-bump", lambda pulls: pulls.max(axis=1), "less than that of the mean"),
    ("ul-ex-bump", lambda pulls: -smoothed(pulls).max(axis=1), "must score high"),
    ("ul-ex-forgery", "a", "b", "c", "too little noise"),
    ("ul-ex-forgery", "b", "a", "c", "right noise on average"),
    ("ul-ex-forgery", "c", "b", "a", "too smooth"),
    ("ul-ex-forgery", "c", "c", "a", "each of them once"),
    ("ul-ex-forgery", 1, 2, 3, "a text in quotation marks"),
    ("ul-ex-critic", lambda p, q: 0.5, "one value for each point"),
    ("ul-ex-critic", lambda p, q: q / (p + q), "was made"),
    ("ul-ex-critic", lambda p, q: p / q, "on the way"),
    ("ul-ex-critic", lambda p, q: p - q, "between 0 and 1"),
    ("ul-ex-critic", lambda p, q: np.full(4, 0.5), "p and q are equal"),
    ("ul-ex-critic", lambda p, q: p**2 / (p**2 + q**2), "derivative"),
]


class TestChecks(ExerciseChecks):
    prefix = "ul"
    right, wrong = RIGHT, WRONG


def test_the_monitor_has_four_causes_on_raw_counts_too():
    counts = monitor_spectra()
    variances = np.linalg.eigvalsh(np.cov(counts, rowvar=False))[::-1]
    assert variances[3] > 3 * variances[4]
    assert variances[4] < 1.1 * variances[5]


def test_only_the_measured_batch_has_poisson_noise_at_every_level():
    ratios = [neighbour_ratios(batch) for batch in forged_spectra()]
    assert max(ratios[0]) < 0.3
    assert ratios[1][0] > 1.3
    assert ratios[1][-1] < 0.6
    np.testing.assert_allclose(ratios[2], 1, atol=0.03)


def test_on_average_the_normal_batch_has_the_right_noise():
    (ratio,) = neighbour_ratios(forged_spectra()[1], levels=((0.5, 100),))
    assert ratio == pytest.approx(1, abs=0.05)


def neighbour_ratios(counts, levels=((1, 3), (3, 6), (6, 12))):
    left, right = counts[:, ::2], counts[:, 1::2]
    ratio = (left - right) ** 2 / np.maximum(left + right, 1)
    mean = (left + right) / 2
    return [ratio[(mean >= low) & (mean < high)].mean() for low, high in levels]
