"""The checks of "Ask how good any method could be": answers right and wrong."""

import numpy as np
from scipy.special import softmax
from scipy.stats import beta

from tests.helpers.checks.exercises import ExerciseChecks


def accidentals(n_traces, window, mean_background, length=99):
    u = window / length
    within = n_traces * u ** (n_traces - 1) - (n_traces - 1) * u**n_traces
    return mean_background**n_traces * within


def softened(probabilities, temperature):
    powers = (probabilities + 1e-12) ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def infinite_at_zero(probabilities, temperature):
    with np.errstate(divide="ignore", invalid="ignore"):
        logits = np.log(probabilities) / temperature
        return softened(np.exp(logits - np.log(probabilities)), 1)


RIGHT = [
    ("pl-ex-rate", accidentals),
    ("pl-ex-rate", lambda n, w, b: b**n * beta.cdf(w / 99, n - 1, 2)),
    ("pl-ex-rate", lambda n, w, b: b**n * (n * (99 / w - 1) + 1) * (w / 99) ** n),
    ("pl-ex-soften", softened),
    ("pl-ex-soften", lambda p, t: softmax(np.log(p + 1e-12) / t, axis=1)),
    ("pl-ex-soften", lambda p, t: softened(np.maximum(p, 1e-9), t)),
]

WRONG = [
    ("pl-ex-rate", lambda n, w, b: accidentals(3, w, b), "three traces"),
    ("pl-ex-rate", lambda n, w, b: accidentals(n, w, b, 100), "span 99"),
    ("pl-ex-rate", lambda n, w, b: accidentals(n, w, b, 1), "divided by the length"),
    ("pl-ex-rate", lambda n, w, b: 1.5 * accidentals(n, w, b), "powers"),
    ("pl-ex-rate", lambda n, w, b: accidentals(n, w, 1), "more coincidences"),
    ("pl-ex-rate", lambda n, w, b: b * accidentals(n, w, 1), "2 × 2 × 2"),
    ("pl-ex-rate", lambda n, w, b: b**2 * accidentals(n, w, 1), "product of the mean"),
    ("pl-ex-rate", lambda n, w, b: b**3 * accidentals(n, w, 1), "number of traces"),
    ("pl-ex-soften", infinite_at_zero, "tiny number"),
    ("pl-ex-soften", lambda p, t: p / t, "sum to one"),
    ("pl-ex-soften", lambda p, t: softened(np.exp(p), t), "change nothing"),
    ("pl-ex-soften", lambda p, t: softened(p, 1 / t), "sharpens"),
    ("pl-ex-soften", lambda p, t: softened(p, t**2), "square root"),
    ("pl-ex-soften", lambda p, t: softened(p, 1 if t == 1 else 2), "of 1/2"),
    ("pl-ex-soften", lambda p, t: softened(p, min(t, 2)), "of 4"),
]


class TestChecks(ExerciseChecks):
    prefix = "pl"
    right, wrong = RIGHT, WRONG
