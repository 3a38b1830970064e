"""The checks of the spectra chapter: right answers and plausible wrong ones."""

import numpy as np
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from helpers.generate import monitor_spectra
from tests.helpers.checks.exercises import ExerciseChecks


def smoothed(pulls):
    return gaussian_filter1d(pulls, 15, axis=1)


RIGHT = [
    ("ul-ex-causes", 4),
    ("ul-ex-causes", np.int64(4)),
    ("ul-ex-causes", 4.0),
    ("ul-ex-bump", lambda pulls: smoothed(pulls).max(axis=1)),
    ("ul-ex-bump", lambda pulls: (smoothed(pulls) ** 2).sum(axis=1)),
    ("ul-ex-bump", lambda pulls: uniform_filter1d(pulls, 40, axis=1).max(axis=1).tolist()),
]

WRONG = [
    ("ul-ex-causes", 3, "One more variance"),
    ("ul-ex-causes", 2, "logarithmic axis"),
    ("ul-ex-causes", 400, "above the edge"),
    ("ul-ex-causes", 7, "right on it"),
    ("ul-ex-causes", 0, "at least one cause"),
    ("ul-ex-causes", 3.5, "whole number"),
    ("ul-ex-bump", lambda pulls: pulls**2, "one score for each"),
    ("ul-ex-bump", lambda pulls: np.full(len(pulls), np.nan), "holds nan"),
    ("ul-ex-bump", lambda pulls: (pulls**2).mean(axis=1), "average neighbouring pulls"),
    ("ul-ex-bump", lambda pulls: pulls.max(axis=1), "less than that of the mean"),
    ("ul-ex-bump", lambda pulls: -smoothed(pulls).max(axis=1), "must score high"),
]


class TestChecks(ExerciseChecks):
    prefix = "ul"
    right, wrong = RIGHT, WRONG


def test_the_monitor_has_four_causes_on_raw_counts_too():
    counts = monitor_spectra()
    variances = np.linalg.eigvalsh(np.cov(counts, rowvar=False))[::-1]
    assert variances[3] > 3 * variances[4]
    assert variances[4] < 1.1 * variances[5]
