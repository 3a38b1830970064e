"""The checks of "Read and write messages of any length": right answers and plausible wrong ones."""

import numpy as np
from scipy.special import softmax

from tests.helpers.checks.exercises import ExerciseChecks


def last(states, lengths):
    return states[np.arange(len(states)), lengths - 1]


def curvature(X):
    return np.diff(X.sum(axis=1), n=2, axis=1)


def scores(X, before=2, after=0, sign=-1, filled=-np.inf):
    padding = ((0, 0), (before, after))
    return np.pad(sign * curvature(X), padding, constant_values=filled)[:, : X.shape[2]]


def at_temperature(probabilities, temperature):
    logits = np.log(probabilities) / temperature
    return normalised(np.exp(logits - logits.max()))


def normalised(values):
    return values / values.sum()


RIGHT = [
    ("sq-ex-last", last),
    (
        "sq-ex-last",
        lambda states, lengths: [s[n - 1] for s, n in zip(states, lengths, strict=True)],
    ),
    ("sq-ex-last", lambda s, n: np.take_along_axis(s, n[:, None, None] - 1, axis=1)[:, 0]),
    ("sq-ex-causal", scores),
    ("sq-ex-causal", lambda X: scores(X, filled=0)),
    (
        "sq-ex-causal",
        lambda X: -np.diff(np.pad(X, ((0, 0), (0, 0), (2, 0)), "edge"), 2).sum(axis=1),
    ),
    ("sq-ex-temperature", at_temperature),
    ("sq-ex-temperature", lambda p, t: softmax(np.log(p) / t)),
    ("sq-ex-temperature", lambda p, t: normalised((p / p.max()) ** (1 / t))),
]

WRONG = [
    ("sq-ex-last", lambda states, lengths: states[:, -1], "after the padding"),
    ("sq-ex-last", lambda states, lengths: states[np.arange(5), lengths % 7], "one step too late"),
    ("sq-ex-last", lambda states, lengths: states[:, lengths - 1], r"\(5, 5, 3\)"),
    ("sq-ex-last", lambda states, lengths: states[:, 0], "not the states after"),
    ("sq-ex-last", lambda states, lengths: last(states, lengths - 1), "one step too early"),
    ("sq-ex-causal", lambda X: -curvature(X), "one score for each"),
    ("sq-ex-causal", lambda X: scores(X, before=1, after=1), "not causal"),
    ("sq-ex-causal", lambda X: scores(X, filled=np.nan), "not a number"),
    ("sq-ex-causal", lambda X: scores(X) / scores(X)[:, 2:].std(), "not causal"),
    ("sq-ex-causal", lambda X: scores(X, sign=1, filled=np.inf), "turn its sign round"),
    ("sq-ex-causal", lambda X: X.sum(axis=1), "at the coincidence itself"),
    ("sq-ex-causal", lambda X: scores(X, before=3), "two bins after"),
    ("sq-ex-causal", lambda X: scores(X[:, :1]), "all three traces"),
    (
        "sq-ex-causal",
        lambda X: np.pad(X.sum(axis=1), ((0, 0), (1, 0)))[:, :-1],
        "curvature of each",
    ),
    ("sq-ex-causal", lambda X: np.diff(X.sum(axis=1), prepend=0), r"Only \d+ %"),
    ("sq-ex-temperature", lambda p, t: p ** (1 / t), "divide by the sum"),
    ("sq-ex-temperature", lambda p, t: normalised(p**t), "divide the logits"),
    ("sq-ex-temperature", lambda p, t: normalised(np.exp(p / t)), "take their logarithm"),
    ("sq-ex-temperature", lambda p, t: p, "as their squares"),
    ("sq-ex-temperature", lambda p, t: normalised(np.exp(np.log(p) / t)), "largest logit"),
]


class TestChecks(ExerciseChecks):
    prefix = "sq"
    right, wrong = RIGHT, WRONG
