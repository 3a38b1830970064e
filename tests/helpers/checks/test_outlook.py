"""The checks of "Look at the limits, and beyond": right answers and plausible wrong ones."""

from itertools import permutations

import numpy as np
import pytest
from scipy.special import entr, rel_entr
from scipy.stats import entropy, linregress

from tests.helpers.checks.exercises import ExerciseChecks


def fitted(x, y, target):
    slope, intercept = np.polyfit(x, y, 1)
    return (target - intercept) / slope


def log_size(sizes, rates, target):
    return fitted(np.log(sizes), np.log(rates), np.log(target))


def samples(sizes, rates, target):
    return np.exp(log_size(sizes, rates, target))


def with_wrong_intercept(sizes, rates, target):
    slope, intercept = np.polyfit(np.log(sizes), np.log(rates), 1)
    return np.exp((np.log(target) + intercept) / slope)


def other_way_round(sizes, rates, target):
    slope, intercept = np.polyfit(np.log(rates), np.log(sizes), 1)
    return np.exp(intercept + slope * np.log(target))


def by_regression(sizes, rates, target):
    line = linregress(np.log10(sizes), np.log10(rates))
    return 10 ** ((np.log10(target) - line.intercept) / line.slope)


def steepness(sizes, rates, target):
    """Return two points of the fitted line: the logarithms of rate over target, and of size."""
    line = np.polynomial.Polynomial.fit(np.log(sizes), np.log(rates / target), 1)
    far = np.array([60.0, -60.0])
    return line(far), far


def one_by_one(X, y):
    pairs = [
        pair
        for trace, label in zip(X, y, strict=True)
        for order in permutations(trace)
        for pair in ((np.array(order), label), (np.array(order)[:, ::-1], 99 - label))
    ]
    return tuple(map(np.array, zip(*pairs, strict=True)))


def all_orders(X):
    return np.concatenate([X[:, order] for order in permutations(range(3))])


def augmented(X, y, mirrored_labels=lambda labels: 99 - labels):
    orders, labels = all_orders(X), np.tile(y, 6)
    traces = np.concatenate([orders, orders[:, :, ::-1]])
    return traces, np.concatenate([labels, mirrored_labels(labels)])


def shuffled(X, y):
    traces, labels = augmented(X, y)
    order = np.random.default_rng(1).permutation(len(labels))
    return traces[order], labels[order]


def mirrored_in_the_wrong_axis(X, y):
    orders, labels = all_orders(X), np.tile(y, 6)
    return np.concatenate([orders, orders[:, ::-1]]), np.concatenate([labels, 99 - labels])


def turned_upside_down(X, y):
    traces, labels = augmented(X, y)
    return np.concatenate([traces[:42], -traces[:42]]), labels


def labels_in_another_order(X, y):
    traces, labels = augmented(X, y)
    return traces, np.concatenate([labels[:42], 99 - np.repeat(y, 6)])


def total(p):
    return entr(p.mean(axis=0)).sum(axis=-1)


def own(p):
    return entr(p).sum(axis=-1).mean(axis=0)


def with_logarithm_of_zero(p):
    def naive(values):
        return -np.sum(values * np.log(values), axis=-1)

    return naive(p.mean(axis=0)) - naive(p).mean(axis=0)


def with_pedestal(X, bins):
    on = np.arange(X.shape[2]) >= np.asarray(bins)[:, None]
    return X + on[:, None, :]


def change(answer, X, first, second):
    low, high = (answer(with_pedestal(X, np.full(len(X), at))) for at in (first, second))
    return high - low


def slopes(answer, X, first, second):
    return change(answer, X, first, second) / (second - first)


def effect(*case):
    return slopes(*case).mean()


def from_the_first_bin(answer, X, first, second):
    found = answer(with_pedestal(X, np.full(len(X), second))).mean()
    return (found - first) / (second - first)


RIGHT = [
    ("ol-ex-samples", samples),
    ("ol-ex-samples", by_regression),
    ("ol-ex-samples", lambda s, r, t: np.exp(np.interp(0, *steepness(s, r, t)))),
    ("ol-ex-symmetry", augmented),
    ("ol-ex-symmetry", shuffled),
    ("ol-ex-symmetry", one_by_one),
    ("ol-ex-disagreement", lambda p: total(p) - own(p)),
    ("ol-ex-disagreement", lambda p: rel_entr(p, p.mean(axis=0)).sum(axis=-1).mean(axis=0)),
    ("ol-ex-disagreement", lambda p: entropy(p.mean(0), axis=-1) - entropy(p, axis=-1).mean(0)),
    ("ol-ex-effect", effect),
    ("ol-ex-effect", lambda *case: slopes(*case).sum() / len(case[1])),
    ("ol-ex-effect", lambda *case: -effect(case[0], case[1], *case[:1:-1]) + 2 * effect(*case)),
]

WRONG = [
    ("ol-ex-samples", log_size, "the logarithm of the number"),
    ("ol-ex-samples", lambda *case: log_size(*case) / np.log(10), "decimal logarithm"),
    ("ol-ex-samples", with_wrong_intercept, "intercept has the wrong sign"),
    ("ol-ex-samples", lambda *case: 1 / samples(*case), "slope has the wrong sign"),
    ("ol-ex-samples", fitted, "fit it to both logarithms"),
    ("ol-ex-samples", other_way_round, "sizes as uncertain"),
    ("ol-ex-samples", lambda *case: 2 * samples(*case), "the line reaches"),
    ("ol-ex-symmetry", lambda X, y: (X.ravel(), y), r"\(84, 3, 100\)"),
    ("ol-ex-symmetry", lambda X, y: (np.concatenate([X, X]), np.tile(y, 2)), "two of each"),
    ("ol-ex-symmetry", lambda X, y: (all_orders(X), np.tile(y, 6)), "six of each"),
    ("ol-ex-symmetry", lambda X, y: (X, y), "must become 84"),
    ("ol-ex-symmetry", lambda X, y: (augmented(X, y)[0], y), "one label for each"),
    ("ol-ex-symmetry", turned_upside_down, "no reordering"),
    ("ol-ex-symmetry", mirrored_in_the_wrong_axis, "come twice"),
    ("ol-ex-symmetry", lambda X, y: augmented(X, y, lambda labels: labels), "kept their labels"),
    ("ol-ex-symmetry", lambda X, y: augmented(X, y, lambda labels: 100 - labels), "one off"),
    ("ol-ex-symmetry", lambda X, y: (augmented(X, y)[0], np.tile(99 - y, 12)), "must keep"),
    ("ol-ex-symmetry", labels_in_another_order, "do not stand in the order"),
    ("ol-ex-disagreement", lambda p: total(p) - entr(p).sum(axis=-1), "average the members"),
    ("ol-ex-disagreement", lambda p: np.mean(total(p) - own(p)), "8 numbers"),
    ("ol-ex-disagreement", total, "This is the total"),
    ("ol-ex-disagreement", own, "own entropies"),
    ("ol-ex-disagreement", lambda p: own(p) - total(p), "sign is reversed"),
    ("ol-ex-disagreement", lambda p: total(p) - 5 * own(p), "not their sum"),
    ("ol-ex-disagreement", lambda p: (total(p) - own(p)) / np.log(2), "in bits"),
    ("ol-ex-disagreement", lambda p: p.std(axis=0).sum(axis=-1), "entropy of the mean over"),
    ("ol-ex-disagreement", with_logarithm_of_zero, "0 ln 0"),
    ("ol-ex-effect", lambda *case: change(*case).mean(), "divide by the bins"),
    ("ol-ex-effect", lambda *case: -effect(*case), "sign is reversed"),
    ("ol-ex-effect", lambda answer, X, first, second: answer(X).mean(), "must have the effect 1"),
    ("ol-ex-effect", lambda *case: abs(effect(*case)), "keep the signs"),
    ("ol-ex-effect", lambda *case: np.median(slopes(*case)), "not the median"),
    ("ol-ex-effect", lambda *case: slopes(*case)[0], "over all triplets"),
    ("ol-ex-effect", from_the_first_bin, "ignores the pedestal"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
class TestChecks(ExerciseChecks):
    prefix = "ol"
    right, wrong = RIGHT, WRONG
