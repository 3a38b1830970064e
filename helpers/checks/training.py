"""Checks of the exercises of the chapter "Train a network, and compare two of them honestly"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import function, number, number_or_infinity, parts, text
from helpers.statistics import difference, paired_difference


@exercise("tr-ex-loss", function(number_or_infinity))
def check_cross_entropy(cross_entropy):
    """It is finite for every score, and its slope is p - y."""
    z, y = np.array([2.0, -1.0, 0.5, -3.0, 0.0]), np.array([1, 1, 0, 0, 1])
    hint = _loss_hint(cross_entropy(z, y), z, y)
    if hint:
        return hint
    sure, labels = np.array([1000.0, -1000.0, 1000.0, -1000.0]), np.array([1, 0, 0, 1])
    answer = cross_entropy(sure, labels)
    if not np.isclose(answer, 500):
        return (
            f"Scores of ±1000, right in two of four cases, cost 500 on average, and it gives "
            f"{answer:g}: use ln(1 + exp(z)) - y z without computing exp(1000)."
        )
    return None


def _loss_hint(answer, z, y):
    costs = np.logaddexp(0, z) - y * z
    swapped = np.mean(np.logaddexp(0, z) - (1 - y) * z)
    chosen_only = np.mean(y * np.logaddexp(0, -z))
    if np.isclose(answer, costs.mean()):
        return None
    for wrong, hint in (
        (-costs.mean(), "The sign is wrong: a loss is minus the logarithm of a probability."),
        (costs.sum(), "This is the sum over the samples; divide by their number."),
        (costs.mean() / np.log(2), "Take the natural logarithm, not the one to the base 2."),
        (costs.mean() / np.log(10), "Take the natural logarithm, not the one to the base 10."),
        (swapped, "The labels are interchanged: for y = 1 the cost is -ln p."),
        (chosen_only, "Samples with y = 0 cost something, too: -ln(1 - p)."),
        (np.mean((z > 0) != y), "This is the share of wrong answers, which has no slope."),
    ):
        if np.isclose(answer, wrong):
            return hint
    return f"It gives {answer:.4g} where the cross-entropy is {costs.mean():.4g}."


@exercise("tr-ex-stop", function(parts(last_epoch=number, best_epoch=number)))
def check_stop_early(stop_early):
    """A real training cannot look at what comes later, and neither does it."""
    late = [0.9, 0.8, 0.7, 0.75, 0.72, 0.71, 0.74, 0.3, 0.2]
    for losses, patience in (
        (late, 3),
        ([0.9, 0.8, 0.85, 0.7, 0.6], 2),
        ([0.5, 0.5, 0.5, 0.5], 2),
        (late, 8),
    ):
        answer = tuple(stop_early(list(losses), patience))
        hint = _stop_hint(answer, losses, patience)
        if hint:
            return f"For the losses {losses} and a patience of {patience}: {hint}"
    return None


def _stop_hint(answer, losses, patience):
    right = _stopped(losses, patience)
    first_rise = next(
        (n for n in range(1, len(losses)) if losses[n] >= losses[n - 1]), len(losses) - 1
    )
    if answer == right:
        return None
    if answer == right[::-1]:
        return "the two epochs are interchanged: the last one comes first."
    if answer == tuple(epoch - 1 for epoch in right):
        return "count the epochs from 1, not from 0."
    if answer[1] == np.argmin(losses) + 1 != right[1]:
        return "the best epoch comes after the stop: training never saw that loss."
    if answer[0] == first_rise + 1 != right[0]:
        return "it stops at the first rise; wait until the patience is used up."
    if len(set(losses)) < len(losses):
        return "an equal loss is no lower one: the first of equals is the best."
    if answer[0] == right[1] + patience + 1:
        return "it stops one epoch late: the best one lies `patience` epochs back already."
    if answer[1] == answer[0] != right[1]:
        return "these are the last weights; keep those of the epoch with the lowest loss."
    return f"{answer[0]:g} and {answer[1]:g} are not right; go through the losses one by one."


def _stopped(losses, patience):
    best = 1
    for epoch, loss in enumerate(losses, 1):
        if loss < losses[best - 1]:
            best = epoch
        if epoch - best == patience:
            break
    return epoch, best


@exercise("tr-ex-threshold", function(number))
def check_threshold_for(threshold_for):
    """Only the hits of the inner ring decide on the efficiency."""
    random = np.random.default_rng(7)
    y = random.permutation(np.repeat([0, 1], [60, 40]))
    p = random.permutation(np.linspace(0.01, 0.99, 100))
    # So close to each other, the outer ring has hits between any two of the inner one.
    p = np.clip(0.6 * p + 0.2 * y, 0, 1)
    for efficiency in (0.9, 0.5, 0.8, 1.0):
        hint = _threshold_hint(threshold_for(y, p, efficiency), y, p, efficiency)
        if hint:
            return f"For an efficiency of {efficiency}: {hint}"
    return None


def _threshold_hint(threshold, y, p, efficiency):
    reached, allowed = np.mean(p[y == 1] > threshold), round(40 * efficiency)
    if np.sum(p[y == 1] > threshold) == allowed:
        lowest_kept = np.sort(p[y == 1])[-allowed]
        let_in = np.sum((p > threshold) & (p < lowest_kept))
        if not let_in:
            return None
        return (
            f"the efficiency is right, but {let_in} of the outer ring's hits between the last one "
            "lost and the first one kept come in: put t just below the first one kept."
        )
    if np.isclose(np.mean(p > threshold), efficiency, atol=0.011):
        return "this share of *all* hits is selected; only those with y = 1 count."
    if np.isclose(np.mean(p[y == 0] <= threshold), efficiency, atol=0.03):
        return "it looks at the hits with y = 0, which are the background."
    if np.isclose(reached, 1 - efficiency, atol=0.03):
        return "the shares selected and lost are interchanged: keep the upper end of p."
    if np.sum(p[y == 1] > threshold) == allowed - 1:
        return "one hit too few is selected: p > t leaves out the hit that lies on t."
    if reached < efficiency:
        return f"the efficiency is {reached:.3f}, which is too low."
    return f"the efficiency is {reached:.3f}; a higher threshold lets in less and is allowed."


@exercise("tr-ex-better", function(text))
def check_verdict(verdict):
    """Two methods on the same seeds are compared in pairs."""
    random = np.random.default_rng(5)
    shared = random.normal(0.9, 0.03, 10)
    noise = random.normal(0, 0.002, 10)
    noise -= noise.mean()
    for gain in (0.006, -0.006, 0.0011, -0.0011, 0.0017):
        pairs = shared + noise + gain, shared
        hint = _verdict_hint(verdict(*pairs), *pairs)
        if hint:
            return hint
    return None


def _verdict_hint(answer, scores, others):
    gain = paired_difference(scores, others)
    right = _called(gain.standard_errors)
    if answer == right:
        return None
    said = f"The paired difference is {gain}, {abs(gain.standard_errors):.1f} standard errors: "
    if answer not in ("first", "second", "none"):
        return 'It must return "first", "second" or "none".'
    if {answer, right} == {"first", "second"}:
        return said + "the signs are interchanged, a higher score is better."
    if answer == _called(gain.standard_errors / np.sqrt(gain.freedom + 1)):
        return said + "divide the standard deviation by the root of the number of seeds."
    if answer == _called(difference(scores, others).standard_errors):
        return said + "subtract seed by seed, since what a pair shares drops out."
    if answer == _called(1e6 * gain.value):
        return said + "a higher mean is not enough."
    return said + "compare it with two of them, on both sides of zero."


def _called(standard_errors):
    if abs(standard_errors) < 2:
        return "none"
    return "first" if standard_errors > 0 else "second"
