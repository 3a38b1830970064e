"""The checks of the spectra chapter: right answers and plausible wrong ones."""

import numpy as np
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from helpers.generate import monitor_spectra
from tests.helpers.checks.exercises import ExerciseChecks


def smoothed(pulls):
    return gaussian_filter1d(pulls, 15, axis=1)


def by_multinomial(counts, n_parts, random):
    return np.moveaxis(random.multinomial(counts, np.full(n_parts, 1 / n_parts)), -1, 0)


def one_after_the_other(counts, n_parts, random):
    parts, left = [], counts
    for others in range(n_parts, 0, -1):
        parts.append(random.binomial(left, 1 / others))
        left = left - parts[-1]
    return np.array(parts)


def event_by_event(counts, n_parts, random):
    spectrum, number = np.indices(counts.shape)
    events = (np.repeat(each.ravel(), counts.ravel()) for each in (spectrum, number))
    parts = np.zeros((n_parts, *counts.shape), int)
    np.add.at(parts, (random.integers(n_parts, size=counts.sum()), *events), 1)
    return parts


def as_evenly_as_possible(counts, n_parts, random):
    parts = np.stack([counts // n_parts] * n_parts)
    parts[0] += counts % n_parts
    return parts


def bin_by_bin(counts, n_parts, random):
    part_of_bin = random.integers(n_parts, size=counts.shape[1])
    return np.stack([counts * (part_of_bin == part) for part in range(n_parts)])


def rounded_thirds(counts, n_parts, random):
    parts = np.stack([counts // n_parts] * n_parts)
    for part in range(n_parts):
        parts[part] += counts % n_parts > part
    return parts[random.permutation(n_parts)]


RIGHT = [
    ("ul-ex-law", lambda b, k, n: np.sqrt(k / b + (k + 1) / n)),
    ("ul-ex-law", lambda b, k, n: np.hypot(np.sqrt(k / b), np.sqrt((1 + k) / n))),
    ("ul-ex-law", lambda b, k, n: ((k * n + (k + 1) * b) / (b * n)) ** 0.5),
    ("ul-ex-parts", by_multinomial),
    ("ul-ex-parts", one_after_the_other),
    ("ul-ex-parts", event_by_event),
    ("ul-ex-causes", 4),
    ("ul-ex-causes", np.int64(4)),
    ("ul-ex-causes", 4.0),
    ("ul-ex-bump", lambda pulls: smoothed(pulls).max(axis=1)),
    ("ul-ex-bump", lambda pulls: (smoothed(pulls) ** 2).sum(axis=1)),
    ("ul-ex-bump", lambda pulls: uniform_filter1d(pulls, 40, axis=1).max(axis=1).tolist()),
]

WRONG = [
    ("ul-ex-law", lambda b, k, n: k / b + (k + 1) / n, "root is missing"),
    ("ul-ex-law", lambda b, k, n: np.sqrt(k / b + k / n), "the mean has been learned"),
    ("ul-ex-law", lambda b, k, n: np.sqrt(2 / b + 3 / n), "law for two components"),
    ("ul-ex-law", lambda b, k, n: np.sqrt(k / b + 3 / n), "the number 3"),
    ("ul-ex-law", lambda b, k, n: np.sqrt(k / b), "components have been learned"),
    ("ul-ex-law", lambda b, k, n: np.sqrt(k / n + (k + 1) / b), "interchanged"),
    ("ul-ex-law", lambda b, k, n: (k / b) ** 0.5 + ((k + 1) / n) ** 0.5, "add up in squares"),
    ("ul-ex-law", lambda b, k, n: 1 / n, "where PCA leaves"),
    ("ul-ex-parts", lambda c, n, r: r.multinomial(c, np.full(n, 1 / n)), "shape must be"),
    ("ul-ex-parts", lambda c, n, r: r.binomial(c, 1 / n, (n, *c.shape)), "do not add up"),
    ("ul-ex-parts", lambda c, n, r: np.stack([c / 2, c / 4, c / 4]), "Events are whole"),
    ("ul-ex-parts", as_evenly_as_possible, "have the means"),
    ("ul-ex-parts", bin_by_bin, "single events"),
    ("ul-ex-parts", rounded_thirds, "have the means|correlated"),
    ("ul-ex-causes", 3, "One more variance"),
    ("ul-ex-causes", 2, "logarithmic axis"),
    ("ul-ex-causes", 400, "above the edge"),
    ("ul-ex-causes", 7, "right on it"),
    ("ul-ex-causes", 0, "at least one cause"),
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
