"""Checks of the exercises of the chapter "Ask how good any method could be"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array_with_gaps, function, number


@exercise("pl-ex-rate", function(number))
def check_expected(expected):
    """Each further trace costs a factor of about λw/T."""
    cases = [(2, 1.0, 1.0), (3, 2.0, 1.0), (4, 5.0, 1.0)]
    values = np.array([expected(*case) for case in cases])
    truths = np.array([_accidentals(*case) for case in cases])
    if np.allclose(values, [_accidentals(3, window, 1.0) for _, window, _ in cases]):
        return "This is the answer for three traces, whatever their number."
    if np.allclose(values, [_accidentals(n, 99 / 100 * window, 1.0) for n, window, _ in cases]):
        return "From the first bin to the last, 100 bins span 99 bin widths."
    if np.any(values > 10 * truths):
        return "Far too many: the window has to be divided by the length of the record."
    if not np.allclose(values, truths):
        return "With one accidental per trace the formula itself is the answer; look at its powers."
    twice = expected(3, 2.0, 2.0) / truths[1]
    if np.isclose(twice, 1):
        return "With twice the background there should be more coincidences."
    if np.isclose(twice, 2):
        return "Twice the background in every trace makes 2 × 2 × 2 times as many combinations."
    if not np.isclose(twice, 8):
        return "The mean number of combinations is the product of the mean numbers of accidentals."
    fewer, more = expected(2, 1.0, 2.0) / truths[0], expected(4, 5.0, 2.0) / truths[2]
    if not np.allclose([fewer, more], [4, 16]):
        return "The power of the mean number of accidentals is the number of traces."
    return None


def _accidentals(n_traces, window, mean_background):
    u = window / 99
    within = n_traces * u ** (n_traces - 1) - (n_traces - 1) * u**n_traces
    return mean_background**n_traces * within


@exercise("pl-ex-soften", function(array_with_gaps))
def check_soften(soften):
    """The order of the bins stays; only the belief is spread."""
    probabilities = np.array([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]])
    same, hot = (soften(probabilities.copy(), temperature) for temperature in (1.0, 2.0))
    if same.shape != probabilities.shape:
        return f"The result must have the shape {probabilities.shape}, and yours has {same.shape}."
    if not (np.isfinite(same).all() and np.isfinite(hot).all()):
        return "A probability of zero makes your function infinite: add a tiny number first."
    if not (np.allclose(same.sum(axis=1), 1) and np.allclose(hot.sum(axis=1), 1, atol=1e-3)):
        return "The probabilities of each sample must sum to one again."
    if not np.allclose(same, probabilities, atol=1e-3):
        return "A temperature of 1 must change nothing: are these logits, ln p, or p itself?"
    roots = np.sqrt(probabilities[0]) / np.sqrt(probabilities[0]).sum()
    squares = probabilities[0] ** 2 / np.sum(probabilities[0] ** 2)
    if np.allclose(hot[0], squares, atol=1e-3):
        return "Yours sharpens where it should soften: divide the logits by the temperature."
    if not np.allclose(hot[0], roots, atol=1e-3):
        return "At a temperature of 2, each probability goes with the square root of the old one."
    if not np.allclose(soften(probabilities.copy(), 0.5)[0], squares, atol=1e-3):
        return "At a temperature of 1/2, each probability goes with the square of the old one."
    fourth = probabilities[0] ** 0.25
    if not np.allclose(soften(probabilities.copy(), 4.0)[0], fourth / fourth.sum(), atol=1e-3):
        return "At a temperature of 4, each probability goes with the fourth root of the old one."
    return None
