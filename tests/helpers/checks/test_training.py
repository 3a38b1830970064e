"""The checks of "Train a network, and compare two of them honestly": right and wrong answers."""

import math

import numpy as np
from scipy import special, stats

from helpers import statistics
from tests.helpers.checks.exercises import ExerciseChecks


def cross_entropy(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


def one_by_one(z, y):
    pairs = zip(np.asarray(z).tolist(), np.asarray(y).tolist(), strict=True)
    signed = [-score if label else score for score, label in pairs]
    return sum(max(s, 0) + math.log1p(math.exp(-abs(s))) for s in signed) / len(signed)


def naive(z, y):
    p = special.expit(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(np.log(np.where(np.asarray(y) == 1, p, 1 - p)))


def clipped(z, y):
    p = np.clip(special.expit(z), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def stop_early(losses, patience):
    best = 1
    for epoch in range(1, len(losses) + 1):
        if losses[epoch - 1] < losses[best - 1]:
            best = epoch
        if epoch - best == patience:
            break
    return epoch, best


def stop_by_counting(losses, patience):
    lowest, waited, best = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        waited = 0 if loss < lowest else waited + 1
        if loss < lowest:
            lowest, best = loss, epoch
        if waited >= patience:
            return [epoch + 1, best + 1]
    return [len(losses), best + 1]


def stop_by_search(losses, patience):
    bests = [int(np.argmin(losses[:n])) + 1 for n in range(1, len(losses) + 1)]
    ends = [n for n, best in enumerate(bests, 1) if n - best >= patience]
    last = ends[0] if ends else len(losses)
    return np.array([last, bests[last - 1]])


def stop_at_equals(losses, patience):
    best = 1
    for epoch, loss in enumerate(losses, 1):
        if loss <= losses[best - 1]:
            best = epoch
        if epoch - best == patience:
            break
    return epoch, best


def first_rise(losses, patience):
    rises = np.flatnonzero(np.diff(losses) >= 0)
    last = rises[0] + 2 if len(rises) else len(losses)
    return last, int(np.argmin(losses[:last])) + 1


def threshold_for(y, p, efficiency):
    inner = np.sort(p[y == 1])
    return inner[int(np.floor((1 - efficiency) * len(inner) + 1e-9))] - 1e-6


def threshold_by_trial(y, p, efficiency):
    trials = np.linspace(1, -0.1, 100_001)
    shares = np.searchsorted(np.sort(-p[y == 1]), -trials) / np.sum(y)
    return trials[np.argmax(shares >= efficiency - 1e-9)]


def threshold_by_rank(y, p, efficiency):
    ranked = sorted(p[y == 1], reverse=True)
    return ranked[math.ceil(efficiency * len(ranked) - 1e-9) - 1] - 1e-6


def threshold_at_the_last_lost(y, p, efficiency):
    inner = np.sort(p[y == 1])
    n_lost = int(np.floor((1 - efficiency) * len(inner) + 1e-9))
    return inner[n_lost - 1] if n_lost else 0.0


def verdict(scores, others):
    gain = statistics.paired_difference(scores, others)
    if abs(gain.standard_errors) < 2:
        return "none"
    return "first" if gain.value > 0 else "second"


def verdict_by_hand(scores, others):
    differences = np.subtract(scores, others)
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    return {1: "first", -1: "second", 0: "none"}[
        int(np.fix(differences.mean() / error / 2).clip(-1, 1))
    ]


def verdict_by_test(scores, others):
    t = stats.ttest_rel(scores, others).statistic
    return "none" if -2 < t < 2 else ["second", "first"][int(t > 0)]


def unpaired(scores, others):
    errors = statistics.difference(scores, others).standard_errors
    return "none" if abs(errors) < 2 else "first" if errors > 0 else "second"


def two_deviations(scores, others):
    differences = np.subtract(scores, others)
    large = abs(differences.mean()) > 2 * differences.std(ddof=1)
    return verdict(scores, others) if large else "none"


RIGHT = [
    ("tr-ex-loss", cross_entropy),
    ("tr-ex-loss", one_by_one),
    ("tr-ex-loss", lambda z, y: -np.mean(special.log_expit(np.where(np.equal(y, 1), z, -z)))),
    ("tr-ex-stop", stop_early),
    ("tr-ex-stop", stop_by_counting),
    ("tr-ex-stop", stop_by_search),
    ("tr-ex-threshold", threshold_for),
    ("tr-ex-threshold", threshold_by_trial),
    ("tr-ex-threshold", threshold_by_rank),
    ("tr-ex-better", verdict),
    ("tr-ex-better", verdict_by_hand),
    ("tr-ex-better", verdict_by_test),
]

WRONG = [
    ("tr-ex-loss", lambda z, y: -cross_entropy(z, y), "sign is wrong"),
    ("tr-ex-loss", lambda z, y: len(z) * cross_entropy(z, y), "sum over the samples"),
    ("tr-ex-loss", lambda z, y: cross_entropy(z, y) / np.log(2), "base 2"),
    ("tr-ex-loss", lambda z, y: cross_entropy(z, 1 - y), "labels are interchanged"),
    ("tr-ex-loss", lambda z, y: np.mean(y * np.logaddexp(0, -z)), "y = 0 cost something"),
    ("tr-ex-loss", lambda z, y: np.mean((z > 0) != y), "has no slope"),
    ("tr-ex-loss", naive, "gives inf"),
    ("tr-ex-loss", clipped, "without computing"),
    ("tr-ex-stop", lambda *case: stop_early(*case)[::-1], "interchanged"),
    ("tr-ex-stop", lambda *case: np.subtract(stop_early(*case), 1), "from 1, not from 0"),
    ("tr-ex-stop", lambda x, n: (stop_early(x, n)[0], np.argmin(x) + 1), "never saw"),
    ("tr-ex-stop", first_rise, "first rise"),
    ("tr-ex-stop", lambda x, n: stop_early(x, n + 1), "one epoch late"),
    ("tr-ex-stop", lambda x, n: stop_early(x, n)[:1] * 2, "last weights"),
    ("tr-ex-stop", stop_at_equals, "equal loss"),
    ("tr-ex-threshold", lambda y, p, e: np.quantile(p, 1 - e), "all"),
    ("tr-ex-threshold", lambda y, p, e: np.quantile(p[y == 0], e), "background"),
    ("tr-ex-threshold", lambda y, p, e: threshold_for(y, p, 1 - e), "interchanged"),
    ("tr-ex-threshold", lambda y, p, e: threshold_by_rank(y, p, e) + 1e-6, "one hit too few"),
    ("tr-ex-threshold", lambda y, p, e: 0.7, "too low"),
    ("tr-ex-threshold", lambda y, p, e: 0.0, "higher threshold"),
    ("tr-ex-threshold", threshold_at_the_last_lost, "just below the first one kept"),
    ("tr-ex-better", lambda a, b: verdict(b, a), "signs are interchanged"),
    ("tr-ex-better", unpaired, "seed by seed"),
    ("tr-ex-better", lambda a, b: "first" if np.mean(a) > np.mean(b) else "second", "higher mean"),
    ("tr-ex-better", two_deviations, "root of the number of seeds"),
    ("tr-ex-better", lambda a, b: "none", "two of them|seed by seed"),
    ("tr-ex-better", lambda a, b: "better", "must return"),
]


class TestChecks(ExerciseChecks):
    prefix = "tr"
    right, wrong = RIGHT, WRONG
