"""The checks of "Learn from a reward": right answers and plausible wrong ones."""

import keras
import numpy as np
from scipy.special import log_softmax

from helpers.trigger import SIGNAL, best_threshold, efficiency, nearest_move
from tests.helpers.checks.exercises import ExerciseChecks

WEIGHTS = np.array([0.1, 0.3, 2.0, 1.0])


def weighted(values, actions, weights, from_logits=True, **options):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits, **options)
    return loss(actions, values, sample_weight=weights)


def by_logarithms(values, actions, advantages):
    logarithms = log_softmax(values, axis=1)[np.arange(len(actions)), actions]
    return -(advantages @ logarithms) / len(actions)


def from_the_counts(observations):
    threshold = observations[:, 0] + 6.0
    recorded = 100 * np.exp(observations[:, 1]) - 1
    noise = np.maximum(recorded - SIGNAL * efficiency(threshold), 1.0)
    return nearest_move(best_threshold(np.log(noise) + threshold) - threshold)


def without_the_signal(observations):
    threshold = observations[:, 0] + 6.0
    noise = 100 * np.exp(observations[:, 1])
    return nearest_move(best_threshold(np.log(noise) + threshold) - threshold)


def to_a_set_point(observations, slope=0.0):
    error = observations[:, 1] - np.log(0.65) - slope * observations[:, 0]
    return nearest_move(0.75 * error)


def pushes(observations, weights=WEIGHTS):
    return (observations @ np.asarray(weights) > 0).astype(int)


RIGHT = [
    ("rl-ex-baseline", 0.53),
    ("rl-ex-baseline", 0.0477 / 0.09),
    ("rl-ex-baseline", np.float64(0.1 * 0.8 + 0.9 * 0.5)),
    ("rl-ex-classification", weighted),
    ("rl-ex-classification", lambda *batch: np.mean(weighted(*batch, reduction=None))),
    ("rl-ex-classification", by_logarithms),
    ("rl-ex-rule", pushes),
    ("rl-ex-rule", lambda observations: np.heaviside(observations @ WEIGHTS, 0)),
    ("rl-ex-rule", lambda observations: observations @ WEIGHTS > 0),
    ("rl-ex-reward", lambda kept, recorded: kept**2 / 50 / recorded if recorded else 0.0),
    ("rl-ex-reward", lambda kept, recorded: kept / np.sqrt(recorded) if recorded else 0.0),
    ("rl-ex-reward", lambda kept, recorded: 2 * kept / (50 + recorded)),
    ("rl-ex-model", from_the_counts),
    ("rl-ex-model", lambda o: from_the_counts(o).astype(float)),
    ("rl-ex-model", lambda o: to_a_set_point(o, slope=0.2)),
]

WRONG = [
    ("rl-ex-baseline", 0.77, "mean reward"),
    ("rl-ex-baseline", 0.65, "at π = 0.5"),
    ("rl-ex-baseline", 0.068, "divide it"),
    ("rl-ex-baseline", 0.0477, "between 0.5 and 0.8"),
    ("rl-ex-baseline", 0.8, "one arm"),
    ("rl-ex-baseline", 0.6, "derivative"),
    ("rl-ex-classification", lambda *batch: -weighted(*batch), "sign is reversed"),
    ("rl-ex-classification", lambda v, a, w: weighted(v, a, None), "not used"),
    ("rl-ex-classification", lambda v, a, w: weighted(v, a, w, reduction="sum"), "the sum over"),
    ("rl-ex-classification", lambda v, a, w: weighted(v, a, w, from_logits=False), "from_logits"),
    ("rl-ex-classification", lambda v, a, w: 0.0, "labels are the actions"),
    ("rl-ex-rule", lambda observations: 1, "one action for each"),
    ("rl-ex-rule", lambda observations: np.sign(observations @ WEIGHTS) - 1, "0 \\(left\\)"),
    ("rl-ex-rule", lambda observations: pushes(observations, -WEIGHTS), "opposite"),
    ("rl-ex-rule", lambda observations: pushes(observations, [0, 0, 1, 0]), "poles fall"),
    ("rl-ex-rule", lambda observations: pushes(observations, [0, 0, 0, 1]), "leave the rail"),
    ("rl-ex-reward", lambda kept, recorded: kept / recorded, "divides by zero"),
    ("rl-ex-reward", lambda kept, recorded: kept / recorded if recorded else 1.0, "closed"),
    ("rl-ex-reward", lambda kept, recorded: 0 * kept, "Ten more"),
    ("rl-ex-reward", lambda kept, recorded: kept / 50, "More background"),
    ("rl-ex-reward", lambda kept, recorded: kept / recorded if recorded else 0.0, "purity"),
    ("rl-ex-reward", lambda kept, recorded: kept - 1e-5 * recorded, "open detector"),
    ("rl-ex-reward", lambda kept, recorded: max(0, kept - 0.2 * recorded) / 50, "price"),
    ("rl-ex-reward", lambda kept, recorded: kept - np.sqrt(recorded), "loses something"),
    ("rl-ex-reward", lambda k, r: k * (1 - (r / 1e4) ** 2), "must cost less, the more"),
    ("rl-ex-model", lambda observations: 2, "one move for each"),
    ("rl-ex-model", lambda observations: observations[:, 1], "from 0 to 4"),
    ("rl-ex-model", lambda o: 4 - from_the_counts(o), "wrong way"),
    ("rl-ex-model", lambda o: np.full(len(o), 2), "expected signal"),
    ("rl-ex-model", without_the_signal, "factor 100"),
    ("rl-ex-model", to_a_set_point, "of that kind is not enough"),
]


class TestChecks(ExerciseChecks):
    prefix = "rl"
    right, wrong = RIGHT, WRONG
