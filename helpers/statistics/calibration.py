"""How far probabilities are from what they promise, and how far they would be by chance."""

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import real_numbers, whole_number
from helpers.statistics.estimates import between_0_and_1, row_of_scores


def calibration_error(confidence: ArrayLike, right: ArrayLike, n_groups: int = 10) -> float:
    """Return the expected calibration error [1]_ over groups of equal size.

    Parameters
    ----------
    confidence : array_like of shape (n,)
        The probability that the model gives to its own answer.
    right : array_like of bool of shape (n,)
        Whether that answer is right.
    n_groups : int, default 10
        How many groups the answers are cut into, in the order of their confidence.

    Returns
    -------
    float
        The mean distance of confidence and share of right answers, from 0 to 1.

    Raises
    ------
    TypeError, ValueError
        If a confidence is not from 0 to 1, an answer neither right nor wrong, or there are not
        equally many of both and at least one in a group.

    References
    ----------
    .. [1] C. Guo et al., "On calibration of modern neural networks" (2017), arXiv:1706.04599.

    Examples
    --------
    >>> from helpers.statistics import calibration_error
    >>> error = calibration_error([0.9, 0.9, 0.6, 0.6], [True, True, True, False], n_groups=2)
    >>> round(error, 3)
    0.1
    """
    sure, n_groups = _probabilities(confidence, n_groups)
    hits = real_numbers("right", right)
    if hits.shape != sure.shape or not np.isin(hits, (0, 1)).all():
        raise ValueError(
            f"right must say True or False for each of the {sure.size} confidences, but it has "
            f"shape {hits.shape} and type {hits.dtype}: compare the answers with the truth."
        )
    return _distance(sure, hits, n_groups)


def calibration_floor(
    confidence: ArrayLike,
    n_groups: int = 10,
    level: float = 0.95,
    n_samples: int = 1000,
    seed: int = 0,
) -> tuple[float, float, float]:
    """Return what calibration error a perfectly calibrated model would show by chance.

    A model is perfectly calibrated if its answers are right with the probability that it gives to
    them. Such answers are drawn again and again, and still scatter: an error below the upper end
    of what they show says nothing against a model.

    Parameters
    ----------
    confidence : array_like of shape (n,)
        The probability that the model gives to its own answer.
    n_groups : int, default 10
        How many groups the answers are cut into.
    level : float, default 0.95
        Which share of the drawn samples lies between the two ends.
    n_samples : int, default 1000
        How many samples of right and wrong answers are drawn.
    seed : int, default 0
        Where the random numbers start.

    Returns
    -------
    tuple of float
        The mean of the drawn errors, and the lower and the upper end of their range.

    Raises
    ------
    TypeError, ValueError
        If a confidence is not from 0 to 1, or another argument is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.statistics import calibration_floor
    >>> floor, low, high = calibration_floor(np.full(2000, 0.8))
    >>> low < floor < high < 0.05
    True
    """
    sure, n_groups = _probabilities(confidence, n_groups)
    random = np.random.default_rng(whole_number("seed", seed, least=0))
    outside = (1 - between_0_and_1(level, "level")) / 2
    draws = range(whole_number("n_samples", n_samples, least=100))
    errors = [_distance(sure, random.random(sure.size) < sure, n_groups) for _ in draws]
    low, high = np.quantile(errors, [outside, 1 - outside])
    return float(np.mean(errors)), float(low), float(high)


def _probabilities(confidence: ArrayLike, n_groups: int) -> tuple[np.ndarray, int]:
    sure = row_of_scores("confidence", confidence)
    if not ((sure >= 0) & (sure <= 1)).all():
        raise ValueError(
            f"confidence goes from {sure.min():g} to {sure.max():g}, but it must hold "
            "probabilities from 0 to 1: use the largest probability of each answer."
        )
    return sure, whole_number("n_groups", n_groups, least=1, most=sure.size)


def _distance(sure: np.ndarray, hits: np.ndarray, n_groups: int) -> float:
    groups = np.array_split(np.argsort(sure, kind="stable"), n_groups)
    return float(np.mean([abs(sure[group].mean() - hits[group].mean()) for group in groups]))
