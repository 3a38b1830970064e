"""How good are predictions? Probabilities over bins, lists of times, letters of names."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment
from scipy.special import log_softmax

from helpers.arguments import moderate, real_array, real_number, real_numbers, whole_number
from helpers.generate import ALPHABET, encode_names
from helpers.statistics import Estimate, mean


def bins_of(n_bins: int, n_times: int = 100) -> np.ndarray:
    """Return the time bins that the outputs of a network stand for.

    Parameters
    ----------
    n_bins : int
        How many outputs there are, at least 1. If they are fewer than the time steps, they stand
        in the middle, as after convolutions in mode ``valid``.
    n_times : int, default 100
        How many time steps a trace has, at least 1.

    Returns
    -------
    ndarray of int, shape (n_bins,)

    Raises
    ------
    TypeError, ValueError
        If a number is not whole, or there are more outputs than time steps.

    Examples
    --------
    >>> from helpers.scores import bins_of
    >>> bins_of(4, n_times=10)
    array([3, 4, 5, 6])
    """
    n_times = whole_number("n_times", n_times, least=1)
    n_bins = whole_number("n_bins", n_bins, least=1, most=n_times)
    return (n_times - n_bins) // 2 + np.arange(n_bins)


def scores(probabilities: ArrayLike, labels: ArrayLike, n_times: int = 100) -> np.ndarray:
    """Score probabilities over time bins against the true bins.

    Parameters
    ----------
    probabilities : array_like of real numbers, shape (n_samples, n_bins)
        The probability of each bin, see `bins_of`.
    labels : array_like of int, shape (n_samples,)
        The true bins.
    n_times : int, default 100
        How many time steps a trace has.

    Returns
    -------
    ndarray of float64, shape (3,)
        The *accuracy*, which is the share of samples whose most probable bin is the true one; the
        *RMSE* of the mean label, in bins, which is the mean of the bins weighted by their
        probabilities; and the share of samples whose most probable bin is at most one off.

    Raises
    ------
    TypeError, ValueError
        If an argument does not hold real numbers, or the shapes do not fit together.

    Examples
    --------
    >>> from helpers.scores import scores
    >>> scores([[0.8, 0.2, 0.0], [0.0, 0.5, 0.5]], [0, 2], n_times=3)
    array([0.5       , 0.38078866, 1.        ])
    """
    p, truth = real_array("probabilities", probabilities), real_array("labels", labels)
    if p.ndim != 2 or p.size == 0 or truth.shape != p.shape[:1]:
        raise ValueError(
            f"probabilities has shape {p.shape} and labels {truth.shape}, but they must be "
            "(samples, bins) and (samples,): give one row of probabilities for each label."
        )
    bins = bins_of(p.shape[1], n_times)
    errors = np.abs(bins[p.argmax(axis=1)] - truth.astype(float))
    mean_label = p.astype(float) @ bins
    rmse = np.sqrt(np.mean((mean_label - truth) ** 2))
    return np.array([np.mean(errors == 0), rmse, np.mean(errors <= 1)])


def bits_per_name(logits: ArrayLike, names: list[str]) -> float:
    """Return how many bits a name costs on average, by a model that predicts letter by letter.

    Parameters
    ----------
    logits : array_like of real numbers, shape (n_names, n_places, n_letters)
        What the model says of the letter at each place, as for `encode_names`.
    names : list of str
        The names.

    Returns
    -------
    float
        Minus the logarithm to base two of a name's probability, which is the product of those of
        its letters and of its end; the mean over the names.

    Raises
    ------
    TypeError, ValueError
        If the logits are no real numbers of this shape, or the names not like those of
        `encode_names`.

    Examples
    --------
    All 27 letters alike, and five of them with the end:

    >>> import numpy as np
    >>> from helpers.scores import bits_per_name
    >>> round(bits_per_name(np.zeros((2, 16, 27)), ["neon", "iron"]), 2)
    23.77
    """
    _, codes, is_part = encode_names(names)
    values = moderate("logits", real_array("logits", logits))
    shape = *codes.shape, len(ALPHABET)
    if values.shape != shape:
        raise ValueError(
            f"logits has shape {values.shape}, but for these names it must be {shape}: give the "
            "model what encode_names returns first."
        )
    logs = log_softmax(values.astype(float), axis=-1)
    of_letters = np.take_along_axis(logs, codes[..., np.newaxis], axis=-1)[..., 0]
    return float(-np.sum(of_letters * is_part) / np.log(2) / len(codes))


def match_times(
    found: ArrayLike, true: ArrayLike, window: float = 2.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pair lists of times that were found with the true ones.

    In each sample every time is paired with one at most, so that the distances, each counted
    as `window` at most, have the least sum.

    Parameters
    ----------
    found, true : array_like of real numbers, shape (n_samples, n_times), (n_samples, m_times)
        Times in any order; NaN where there is none.
    window : float, default 2.0
        Above 0; pairs have to be closer than that.

    Returns
    -------
    missed, invented : ndarray of int, shape (n_samples,)
        How many true times of each sample have no partner, and how many that were found.
    errors : ndarray of float64, shape (n_pairs,)
        Found minus true, of all pairs.

    Raises
    ------
    TypeError, ValueError
        If the times are not real numbers along two axes, or the samples not equally many.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.scores import match_times
    >>> missed, invented, errors = match_times([[20.5, 70.0]], [[20.0, 40.0, np.nan]])
    >>> int(missed[0]), int(invented[0]), float(errors[0])
    (1, 1, 0.5)
    """
    lists = [real_array("found", found, gaps=True), real_array("true", true, gaps=True)]
    if any(each.ndim != 2 for each in lists) or len(lists[0]) != len(lists[1]):
        raise ValueError(
            f"found has shape {lists[0].shape} and true {lists[1].shape}, but both must have one "
            "row of times for each sample: give one sample as found[np.newaxis]."
        )
    window = real_number("window", window, least=1e-9, most=1e9)
    rows = [_pairs(*row, window) for row in zip(*lists, strict=True)]
    missed, invented = np.array([row[:2] for row in rows], int).reshape(-1, 2).T
    return missed, invented, np.concatenate([[], *(row[2] for row in rows)])


def _pairs(found, true, window):
    named, there = (times[np.isfinite(times)].astype(float) for times in (found, true))
    errors = named[:, np.newaxis] - there
    errors = errors[linear_sum_assignment(np.abs(errors).clip(max=window))]
    errors = errors[np.abs(errors) < window]
    return len(there) - len(errors), len(named) - len(errors), errors


def lead_per_sample(right: ArrayLike, others: ArrayLike) -> Estimate:
    """Compare trained models with a rule, or with other models, sample by sample.

    What is easy or hard for both drops out, and the error counts two sources: that there are so
    many samples only, and so many seeds.

    Parameters
    ----------
    right : array_like of numbers or bool, shape (n_seeds, n_samples)
        What each model scores on each sample, such as whether it is right; at least two seeds.
    others : array_like of numbers or bool, shape (n_samples,) or (n_seeds, n_samples)
        The same for the rule, or for the model of each seed.

    Returns
    -------
    Estimate
        The mean of `right` minus `others`; the degrees of freedom are those of the seeds.

    Raises
    ------
    TypeError, ValueError
        If the scores are not real numbers in these shapes.

    Examples
    --------
    >>> from helpers.scores import lead_per_sample
    >>> print(lead_per_sample([[1, 1, 0, 1], [1, 1, 1, 1]], [0, 1, 0, 1]))
    0.4 ± 0.3
    """
    scores, rivals = (
        moderate(name, real_numbers(name, values)).astype(float)
        for name, values in (("right", right), ("others", others))
    )
    fits = rivals.shape in (scores.shape, scores.shape[1:])
    if scores.ndim != 2 or min(scores.shape) < 2 or not fits:
        raise ValueError(
            f"right has shape {scores.shape} and others {rivals.shape}, but there must be a row of "
            "scores for each of at least two seeds, and as many samples in both."
        )
    difference = scores - rivals
    of_samples, of_seeds = (mean(difference.mean(axis=axis)) for axis in (0, 1))
    error = float(np.hypot(of_samples.error, of_seeds.error))
    return Estimate(of_seeds.value, error, of_seeds.freedom)
