"""The checks of "See what has changed since, to the end of 2026": right and wrong answers."""

import math

import numpy as np
from scipy import stats

from tests.helpers.checks.exercises import ExerciseChecks


def exponent(sizes, losses, limit):
    return -np.polyfit(np.log(sizes), np.log(np.asarray(losses) - limit), 1)[0]


def by_regression(sizes, losses, limit):
    return -stats.linregress(np.log10(sizes), np.log10(np.subtract(losses, limit))).slope


def by_sums(sizes, losses, limit):
    x, y = np.log(sizes), np.log(np.asarray(losses) - limit)
    return float(np.sum((x.mean() - x) * y) / np.sum((x - x.mean()) ** 2))


def from_ends(sizes, losses, limit):
    return exponent(sizes[[0, -1]], losses[[0, -1]], limit)


def swapped(sizes, losses, limit):
    return -np.polyfit(np.log(losses - limit), np.log(sizes), 1)[0]


def rank(n_in, n_out, share):
    return int(share * n_in * n_out / (n_in + n_out) + 1e-9)


def rank_by_trial(n_in, n_out, share):
    ranks = range(n_in + n_out)
    return max(r for r in ranks if r * (n_in + n_out) <= share * n_in * n_out + 1e-9)


def rank_by_loop(n_in, n_out, share):
    found = 0
    while (found + 1) * n_in + (found + 1) * n_out <= share * n_in * n_out + 1e-9:
        found += 1
    return found


def threshold(scores, coverage):
    k = int(np.ceil((len(scores) + 1) * coverage - 1e-9))
    return np.inf if k > len(scores) else np.sort(scores)[k - 1]


def threshold_by_padding(scores, coverage):
    k = math.ceil((len(scores) + 1) * coverage - 1e-9)
    return sorted([*scores, math.inf])[k - 1]


def threshold_by_count(scores, coverage):
    needed = (len(scores) + 1) * coverage - 1e-9
    enough = [score for score in scores if np.sum(np.asarray(scores) <= score) >= needed]
    return min(enough, default=np.inf)


def capped(scores, coverage):
    return np.sort(scores)[min(len(scores), math.ceil((len(scores) + 1) * coverage - 1e-9)) - 1]


RIGHT = [
    ("td-ex-exponent", exponent),
    ("td-ex-exponent", by_regression),
    ("td-ex-exponent", by_sums),
    ("td-ex-lora", rank),
    ("td-ex-lora", rank_by_trial),
    ("td-ex-lora", rank_by_loop),
    ("td-ex-conformal", threshold),
    ("td-ex-conformal", threshold_by_padding),
    ("td-ex-conformal", threshold_by_count),
]
WRONG = [
    ("td-ex-exponent", lambda n, loss, limit: -exponent(n, loss, limit), "sign is wrong"),
    ("td-ex-exponent", lambda n, loss, limit: exponent(n, loss, 0), "Subtract the limit before"),
    ("td-ex-exponent", lambda n, loss, limit: -exponent(n, loss, 0), "mind the sign"),
    ("td-ex-exponent", from_ends, "first and the last"),
    ("td-ex-exponent", swapped, "changed places"),
    ("td-ex-exponent", lambda *case: exponent(*case) / np.log(10), "one base"),
    ("td-ex-exponent", lambda n, loss, limit: exponent(np.exp(n / 1e4), loss, limit), "It gives"),
    ("td-ex-lora", lambda n, m, share: int(share * min(n, m)), "full rank"),
    ("td-ex-lora", lambda n, m, share: int(share * m), "weights of B"),
    ("td-ex-lora", lambda n, m, share: int(share * n), "full rank|weights of A"),
    ("td-ex-lora", lambda n, m, share: int(share * n * m), "not the rank"),
    ("td-ex-lora", lambda *case: rank(*case) + 1, "one rank too many"),
    ("td-ex-lora", lambda n, m, share: share * n * m / (n + m), "round down"),
    ("td-ex-conformal", capped, "cannot promise"),
    ("td-ex-conformal", lambda s, c: np.quantile(s, c), "no interpolation"),
    ("td-ex-conformal", lambda s, c: threshold(s, 1 - c), "keep the lower"),
    ("td-ex-conformal", lambda s, c: s[math.ceil((len(s) + 1) * c - 1e-9) - 1], "sort the scores"),
    ("td-ex-conformal", lambda s, c: np.inf, "only where k"),
    ("td-ex-conformal", lambda s, c: np.sort(s)[math.ceil((len(s) + 1) * c - 1e-9) - 2], "too low"),
    ("td-ex-conformal", lambda s, c: np.sort([*s, 9, 9])[math.ceil((len(s) + 1) * c)], "next"),
]


class TestChecks(ExerciseChecks):
    prefix = "td"
    right, wrong = RIGHT, WRONG
