"""Checks of the exercises of the chapter "Look at the limits, and beyond"."""

from itertools import permutations

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, array_with_gaps, function, number, parts
from helpers.generate import generate_pulses


@exercise("ol-ex-samples", function(number))
def check_samples_needed(samples_needed):
    """A straight line is quickly drawn; whether it goes on is physics."""
    sizes = np.array([50, 100, 200, 500])
    for power, factor, bend in ((0.5, 0.9, 0.0), (0.25, 0.3, 0.1)):
        rates = factor * sizes**-power * (1 + bend * np.array([1, -1, 0.5, -0.7]))
        hint = _samples_hint(samples_needed(sizes, rates, 0.01), sizes, rates, 0.01)
        if hint:
            return hint
    return None


def _samples_hint(answer, sizes, rates, target):
    slope, intercept = np.polyfit(np.log(sizes), np.log(rates), 1)
    right = (np.log(target) - intercept) / slope
    if np.isclose(answer, np.exp(right), rtol=1e-3):
        return None
    if np.isclose(answer, right, rtol=1e-3):
        return "This is the logarithm of the number of samples: take the exponential of it."
    if np.isclose(answer, right / np.log(10), rtol=1e-3):
        return "This is the decimal logarithm of the number of samples: raise 10 to it."
    if np.isclose(answer, np.exp((np.log(target) + intercept) / slope), rtol=1e-3):
        return "The intercept has the wrong sign: subtract it from the logarithm of the target."
    if np.isclose(answer, np.exp(-right), rtol=1e-3):
        return "The slope has the wrong sign: it is negative, and so is what you divide by it."
    slope, intercept = np.polyfit(sizes, rates, 1)
    if np.isclose(answer, (target - intercept) / slope, rtol=1e-3):
        return "This line was fitted to the numbers themselves: fit it to both logarithms."
    slope, intercept = np.polyfit(np.log(rates), np.log(sizes), 1)
    if np.isclose(answer, np.exp(intercept + slope * np.log(target)), rtol=1e-3):
        return "This fit takes the sizes as uncertain: fit the rates as a function of the sizes."
    return (
        f"For rates of {', '.join(f'{rate:.3f}' for rate in rates)} the line reaches "
        f"{target} at {np.exp(right):.4g} samples, and you say {answer:.4g}."
    )


@exercise("ol-ex-symmetry", function(parts(traces=array, labels=array)))
def check_augmented(augmented):
    """Twelve for the price of one, because the detector allows it."""
    X, y = generate_pulses(n_samples=7, seed=5)
    return _symmetry_hint(*augmented(X.copy(), y.copy()), X, y)


def _symmetry_hint(traces, labels, X, y):
    if traces.ndim != 3 or traces.shape[1:] != X.shape[1:]:
        return f"Seven triplets must become an array of (84, 3, 100), and yours is {traces.shape}."
    if len(traces) == 2 * len(X):
        return "There are two of each triplet: mirror all six orders of the traces."
    if len(traces) == 6 * len(X):
        return "There are six of each triplet: each order of the traces counts twice, mirrored too."
    if len(traces) != 12 * len(X):
        return f"Seven triplets must become 84, and you return {len(traces)}."
    if labels.shape != (len(traces),):
        return f"There must be one label for each of {len(traces)} triplets, not {labels.shape}."
    return _variants_hint(_keys(traces), labels, X, y)


def _keys(traces):
    return [trace.tobytes() for trace in np.ascontiguousarray(traces, dtype=np.float32)]


def _variants_hint(keys, labels, X, y):
    last = X.shape[2] - 1
    orders = [X[:, order] for order in permutations(range(X.shape[1]))]
    as_it_is = dict(zip(_keys(np.concatenate(orders)), np.tile(y, 6), strict=True))
    turned = np.concatenate(orders)[..., ::-1]
    mirrored = dict(zip(_keys(turned), np.tile(y, 6), strict=True))
    found = dict(zip(keys, labels, strict=True))
    if not set(keys) <= set(as_it_is | mirrored):
        return "Some of the triplets are no reordering or mirror image of those that went in."
    if set(keys) != set(as_it_is | mirrored):
        return "Some triplets come twice and others are missing: six orders, each mirrored once."
    if any(found[key] != label for key, label in as_it_is.items()):
        return "Triplets that are not mirrored must keep their labels; do both stand in one order?"
    shifts = {int(found[key] + label) for key, label in mirrored.items()}
    if shifts == {last}:
        return None
    if all(found[key] == label for key, label in mirrored.items()):
        return "The mirrored traces kept their labels: where does bin 0 go when time runs back?"
    if len(shifts) == 1:
        return f"Bin 0 becomes bin {last} when mirrored, so y becomes {last} - y: you are one off."
    return "The labels of the mirrored triplets do not stand in the order of the triplets."


@exercise("ol-ex-disagreement", function(array_with_gaps))
def check_disagreement(disagreement):
    """It needs no labels, so it can be watched while you measure."""
    probabilities = np.random.default_rng(3).dirichlet(np.full(6, 0.4), size=(5, 8))
    hint = _disagreement_hint(disagreement(probabilities.copy()), probabilities)
    if hint:
        return hint
    certain = np.zeros((2, 1, 4))
    certain[0, 0, 0] = certain[1, 0, 3] = 1
    with np.errstate(all="ignore"):
        answer = disagreement(certain)
    if not np.allclose(answer, np.log(2)):
        return (
            "Two members that are sure of different bins disagree by ln 2: mind that 0 ln 0 is 0."
        )
    return None


def _entropy(probabilities):
    return -np.sum(probabilities * np.log(probabilities), axis=-1)


def _disagreement_hint(answer, probabilities):
    total, own = _entropy(probabilities.mean(axis=0)), _entropy(probabilities)
    if answer.shape == own.shape:
        return "There is one number for each member and triplet: average the members' entropies."
    if answer.shape != total.shape:
        return f"For 8 triplets there must be 8 numbers, and the shape is {answer.shape}."
    if np.allclose(answer, total - own.mean(axis=0), atol=1e-5):
        return None
    if np.allclose(answer, total, atol=1e-5):
        return "This is the total, the entropy of the mean: subtract the mean of the entropies."
    if np.allclose(answer, own.mean(axis=0), atol=1e-5):
        return "This is the mean of the members' own entropies, which is what has to be subtracted."
    if np.allclose(answer, own.mean(axis=0) - total, atol=1e-5):
        return "The sign is reversed: the mean of several distributions is the broader one."
    if np.allclose(answer, total - own.sum(axis=0), atol=1e-5):
        return "Take the mean of the members' entropies, not their sum."
    if np.allclose(answer, (total - own.mean(axis=0)) / np.log(2), atol=1e-5):
        return "This is in bits: use the natural logarithm."
    return "The total is the entropy of the mean over axis 0; each entropy sums over the last axis."


@exercise("ol-ex-effect", function(number))
def check_effect(effect):
    """An intervention asks the question that no observed sample answers."""
    X, _ = generate_pulses(n_samples=20, amplitude=0.0, seed=6)
    follows, ignores, opposes = (
        effect(_follower(weight), X.copy(), 30, 70) for weight in (1.0, 0.0, -0.5)
    )
    if np.isclose(follows, 40):
        return "This is the change of the answer in bins: divide by the bins the pedestal moved."
    if np.isclose(follows, -1):
        return "The sign is reversed: take the answer at second minus that at first."
    if not np.isclose(follows, 1):
        return (
            "An answer that follows the pedestal must have the effect 1, and has "
            f"{follows:.3g}: let the pedestal begin at one bin for all triplets, and "
            "then at the other."
        )
    if not np.isclose(ignores, 0):
        return f"An answer that ignores the pedestal has the effect 0, not {ignores:.3g}."
    if not np.isclose(opposes, -0.5):
        return (
            "An answer that moves half a bin the other way has the effect -0.5, and you find "
            f"{opposes:.3g}: keep the signs of both differences."
        )
    return _mean_hint(effect, X)


def _mean_hint(effect, X):
    weights = np.linspace(0, 1, len(X)) ** 2
    found = effect(_follower(weights), X.copy(), 30, 70)
    if np.isclose(found, weights.mean()):
        return None
    if np.isclose(found, np.median(weights)):
        return "Where the triplets answer differently, the effect is the mean, not the median."
    return (
        f"Where the triplets follow by 0 to 1 bins, on average {weights.mean():.3f}, you find "
        f"{found:.3f}: take the mean over all triplets."
    )


def _follower(weights):
    """Return an answer that follows the largest common step with these weights."""

    def answer(traces):
        steps = np.diff(traces, axis=2).min(axis=1).argmax(axis=1) + 1
        return 50 + weights * (steps - 50)

    return answer
