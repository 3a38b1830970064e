"""How good are predictions? Probabilities over time bins, and over the letters of names."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_softmax

from helpers.arguments import moderate, real_array, whole_number
from helpers.generate import ALPHABET, encode_names


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
    >>> round(bits_per_name(np.zeros((2, 18, 27)), ["neon", "iron"]), 2)
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
