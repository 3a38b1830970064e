"""The checks of "Find coincidences with a convolutional network": answers right and wrong."""

import numpy as np
from scipy.ndimage import correlate1d

from helpers.generate import generate_pulses
from tests.helpers.checks.exercises import ExerciseChecks

START = np.stack([[-0.5, 0, 0.5], [-1, 2, -1]], axis=-1).reshape(1, 3, 1, 2)
TEMPLATE = np.array([-0.5, 1.0, -0.5])


def accuracies(usual, long):
    def accuracy_with(n_times):
        generate_pulses(1, n_times=n_times)
        return usual + (long - usual) * (n_times - 100) / 100

    return accuracy_with


def coincidence_bins(ceiling, shift=0):
    def bins(X):
        return responses(X).clip(0, ceiling).prod(axis=1).argmax(axis=1) + shift

    return bins


def responses(X):
    """Return what a template sees in each trace, 1 for a pulse of height 5 and width 1.98."""
    return correlate1d(X, TEMPLATE, axis=2, mode="nearest") / (5 * 0.1197)


RIGHT = [
    ("pc-ex-shapes", (3, 200, 4), (1, 96, 8), 896),
    ("pc-ex-shapes", [3, 200, 4], np.array([1, 96, 8]), 896),
    ("pc-ex-shapes", (3.0, 200.0, 4.0), (1, (200 - 9) // 2 + 1, 8), 4 * 6 + 8 * 109),
    ("pc-ex-start", START),
    ("pc-ex-start", START.astype("float32")),
    ("pc-ex-start", START.tolist()),
    ("pc-ex-width", accuracies(0.95, 0.55)),
    ("pc-ex-width", accuracies(0.91, 0.4)),
    ("pc-ex-width", accuracies(np.float32(0.98), 0.7)),
    ("pc-ex-ceiling", coincidence_bins(1.2)),
    ("pc-ex-ceiling", lambda X: np.tanh(responses(X).clip(0)).prod(axis=1).argmax(axis=1)),
    ("pc-ex-ceiling", lambda X: np.log(responses(X).clip(1e-3, 1.1)).sum(axis=1).argmax(axis=1)),
]

WRONG = [
    ("pc-ex-shapes", (3, 196, 4), (1, 96, 8), 896, "pads"),
    ("pc-ex-shapes", (3, 200, 1), (1, 96, 8), 896, "sets the depth"),
    ("pc-ex-shapes", (3, 200, 4), (1, 96, 4), 896, "number of filters"),
    ("pc-ex-shapes", (3, 200, 4), (3, 96, 8), 896, "one place only"),
    ("pc-ex-shapes", (3, 200, 4), (1, 192, 8), 896, "every other bin"),
    ("pc-ex-shapes", (3, 200, 4), (1, 100, 8), 896, "round"),
    ("pc-ex-shapes", (3, 200, 4), (1, 97, 8), 896, "each axis"),
    ("pc-ex-shapes", (3, 200, 4), (1, 96, 8), 884, "bias"),
    ("pc-ex-shapes", (3, 200, 4), (1, 96, 8), 248, "four feature maps"),
    ("pc-ex-shapes", (3, 200, 4), (1, 96, 8), 872, "add the other"),
    ("pc-ex-shapes", (3, 200, 4), (1, 96, 8), 51, "times filters"),
    ("pc-ex-start", START[..., ::-1], "exchanged"),
    ("pc-ex-start", START * [-1, 1], "does not flip"),
    ("pc-ex-start", START * [1, -1], "must be positive"),
    ("pc-ex-start", START * [2, 1], "up to a factor"),
    ("pc-ex-start", START + np.array([0.1, 0]), "central difference"),
    ("pc-ex-start", START * [1, 0.5], "second difference"),
    ("pc-ex-width", accuracies(95, 55), "between 0 and 1"),
    ("pc-ex-width", accuracies(0.0, 0.0), "bin 3"),
    ("pc-ex-width", accuracies(0.7, 0.5), "as good as before"),
    ("pc-ex-width", accuracies(0.95, 0.95), "harder"),
    ("pc-ex-width", lambda n_times: 1.45 - n_times / 200, "Generate new triplets"),
    ("pc-ex-width", lambda n_times: accuracies(0.95, 0.9)(max(n_times, 130)), "Generate new"),
    (
        "pc-ex-width",
        lambda n_times: accuracies(0.95, 0.5)(n_times) - (n_times == 130) / 2,
        "does not fall step by step",
    ),
    ("pc-ex-ceiling", lambda X: X.argmax(axis=2), "one bin for each"),
    ("pc-ex-ceiling", coincidence_bins(1.2, shift=-1), "mind the padding"),
    ("pc-ex-ceiling", coincidence_bins(0.6), "bins equal"),
    ("pc-ex-ceiling", coincidence_bins(np.inf), "without a ceiling"),
    ("pc-ex-ceiling", lambda X: np.median(responses(X), axis=1).argmax(axis=1), "outvote"),
]


class TestChecks(ExerciseChecks):
    prefix = "pc"
    right, wrong = RIGHT, WRONG
