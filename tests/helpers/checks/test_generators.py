"""The checks of the generators' chapter: right answers and plausible wrong ones."""

import numpy as np
import pytest
from scipy.special import expit

from helpers.generate import forged_spectra
from tests.helpers.checks.exercises import ExerciseChecks


def terms(m, v):
    return m**2 + np.exp(v) - v - 1


RIGHT = [
    ("gn-ex-kl", lambda m, v: terms(m, v).sum(axis=1) / 2),
    ("gn-ex-kl", lambda m, v: -0.5 * np.sum(1 + v - m**2 - np.exp(v), axis=-1)),
    (
        "gn-ex-kl",
        lambda m, v: [terms(one, other).sum() / 2 for one, other in zip(m, v, strict=True)],
    ),
    ("gn-ex-forgery", "c", "a", "b"),
    ("gn-ex-forgery", "C", " a", "B"),
    ("gn-ex-forgery", "c", "A", "b "),
    ("gn-ex-critic", lambda p, q: p / (p + q)),
    ("gn-ex-critic", lambda p, q: 1 / (1 + q / p)),
    ("gn-ex-critic", lambda p, q: expit(np.log(p) - np.log(q))),
]

WRONG = [
    ("gn-ex-kl", lambda m, v: terms(m, v).sum(), "one divergence"),
    ("gn-ex-kl", lambda m, v: terms(m, v).sum(axis=0), "axis=1"),
    ("gn-ex-kl", lambda m, v: terms(m, v) / 2, "sum over the latent"),
    ("gn-ex-kl", lambda m, v: terms(m, v).sum(axis=1), "factor 1/2"),
    ("gn-ex-kl", lambda m, v: -terms(m, v).sum(axis=1) / 2, "sign is reversed"),
    ("gn-ex-kl", lambda m, v: terms(m, v).mean(axis=1) / 2, "variables add up"),
    ("gn-ex-kl", lambda m, v: (m**2 + v - 1).sum(axis=1) / 2, "never negative"),
    ("gn-ex-kl", lambda m, v: terms(m, 2 * v).sum(axis=1) / 2, "its exponential"),
    ("gn-ex-forgery", "a", "b", "c", "too little noise"),
    ("gn-ex-forgery", "b", "a", "c", "right noise on average"),
    ("gn-ex-forgery", "c", "b", "a", "too smooth"),
    ("gn-ex-forgery", "c", "c", "a", "each of them once"),
    ("gn-ex-forgery", 1, 2, 3, "a text in quotation marks"),
    ("gn-ex-critic", lambda p, q: 0.5, "one value for each point"),
    ("gn-ex-critic", lambda p, q: q / (p + q), "was made"),
    ("gn-ex-critic", lambda p, q: p / q, "on the way"),
    ("gn-ex-critic", lambda p, q: p - q, "between 0 and 1"),
    ("gn-ex-critic", lambda p, q: np.full(4, 0.5), "p and q are equal"),
    ("gn-ex-critic", lambda p, q: p**2 / (p**2 + q**2), "derivative"),
]


class TestChecks(ExerciseChecks):
    prefix = "gn"
    right, wrong = RIGHT, WRONG


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
