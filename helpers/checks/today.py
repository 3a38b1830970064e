"""Checks of the exercises of the page "See what has changed since, to the end of 2026"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import function, number, number_or_infinity


@exercise("td-ex-exponent", function(number))
def check_scaling_exponent(scaling_exponent):
    """Above the right limit a power law is a straight line, and its slope is the exponent."""
    sizes = np.array([100.0, 250, 1000, 4000, 9000])
    noise = np.exp([0.05, -0.04, 0.02, -0.03, 0.01])
    for exponent, limit in ((0.3, 0.4), (0.8, 1.5)):
        losses = limit + 2 * sizes**-exponent * noise
        answer = scaling_exponent(sizes, losses, limit)
        hint = _exponent_hint(answer, sizes, losses, limit)
        if hint:
            return hint
    return None


def _exponent_hint(answer, sizes, losses, limit):
    right = _slope(sizes, losses - limit)
    first_and_last = _slope(sizes[[0, -1]], losses[[0, -1]] - limit)
    swapped = -np.polyfit(np.log(losses - limit), np.log(sizes), 1)[0]
    if np.isclose(answer, -right, rtol=1e-4):
        return None
    for wrong, hint in (
        (right, "The sign is wrong: a loss that falls has a positive exponent."),
        (-_slope(sizes, losses), "Subtract the limit before you take logarithms."),
        (_slope(sizes, losses), "Subtract the limit, and mind the sign."),
        (swapped, "Sizes and losses have changed places in the fit."),
        (-first_and_last, "Use all sizes, not the first and the last alone."),
        (-right / np.log(10), "Take logarithms of one base for both."),
        (-right * np.log(10), "Take logarithms of one base for both."),
        (-np.polyfit(sizes, losses - limit, 1)[0], "Take the logarithms of sizes and losses."),
        (-np.polyfit(sizes, np.log(losses - limit), 1)[0], "Take the logarithm of the sizes, too."),
    ):
        if np.isclose(answer, wrong, rtol=1e-4):
            return hint
    return f"It gives {answer:.4g} where the exponent is {-right:.4g}."


def _slope(sizes, values):
    return np.polyfit(np.log(sizes), np.log(values), 1)[0]


@exercise("td-ex-lora", function(number))
def check_largest_rank(largest_rank):
    """The two thin matrices together have rank times the sum of both sides."""
    for n_in, n_out, share in ((64, 512, 0.25), (27, 32, 0.1), (512, 64, 0.25), (40, 40, 0.5)):
        right = _ranks(share * n_in * n_out / (n_in + n_out))
        answer = largest_rank(n_in, n_out, share)
        if answer != right:
            case = f"For {n_in} × {n_out} weights and a share of {share}: "
            return case + _rank_hint(answer, right, n_in, n_out, share)
    return None


def _ranks(value):
    return int(np.floor(value + 1e-9))


def _rank_hint(answer, right, n_in, n_out, share):
    allowed = share * n_in * n_out
    for wrong, hint in (
        (_ranks(share * min(n_in, n_out)), "this share of the full rank has more weights."),
        (_ranks(allowed / n_in), "count the weights of B, too."),
        (_ranks(allowed / n_out), "count the weights of A, too."),
        (_ranks(allowed), "these are the weights that may learn, not the rank."),
        (_ranks(allowed / (n_in * n_out)), "a matrix of rank r has r (n_in + n_out) weights."),
        (right + 1, "one rank too many: it must stay at or below the share."),
        (right - 1, "one rank more is still allowed."),
    ):
        if answer == wrong:
            return hint
    if answer != np.floor(answer):
        return "a rank is a whole number: round down."
    return f"{answer:g} is not right; count the weights of A and of B."


@exercise("td-ex-conformal", function(number_or_infinity))
def check_safe_threshold(safe_threshold):
    """A new score is equally likely to take any place among the others."""
    random = np.random.default_rng(3)
    for n_scores, coverage in ((99, 0.9), (37, 0.8), (8, 0.9), (9, 0.9)):
        scores = random.permutation(np.linspace(0.1, 0.9, n_scores) ** 2)
        answer = safe_threshold(scores.copy(), coverage)
        right = _ranked(scores, np.ceil((n_scores + 1) * coverage - 1e-9))
        if not np.isclose(answer, right, rtol=1e-5):
            case = f"For {n_scores} scores and a coverage of {coverage}: "
            return case + _threshold_hint(answer, scores, coverage)
    return None


def _ranked(scores, rank):
    return np.inf if rank > len(scores) else np.sort(scores)[int(rank) - 1]


def _threshold_hint(answer, scores, coverage):
    n_scores, rank = len(scores), np.ceil((len(scores) + 1) * coverage - 1e-9)
    if rank > n_scores:
        return "so few scores cannot promise this; return infinity."
    if np.isinf(answer):
        return "infinity is needed only where k is larger than n."
    for wrong, hint in (
        (_ranked(scores, np.ceil((n_scores + 1) * (1 - coverage))), "keep the lower scores."),
        (_ranked(scores, rank + 1), "this is the next score: lists begin with 0."),
        (np.quantile(scores, coverage), "take (n + 1) c and no interpolation."),
        (_ranked(scores, np.ceil(n_scores * coverage)), "the new score counts: take n + 1."),
        (_ranked(scores, rank - 1), "one score too low: round up, and begin with the first."),
        (scores[int(rank) - 1], "sort the scores first."),
    ):
        if np.isclose(answer, wrong, rtol=1e-5):
            return hint
    return f"{answer:.4g} is not the k-th smallest score."
