"""Tell one photon from two in an image of `generate_showers`, without a network."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from helpers.arguments import real_array, real_number, whole_number
from helpers.generate import N_CELLS, N_SPOTS, shower_library

REACH = 0.75
"""Only templates whose centre of energy lies within so many cells of an image's are compared.

Chance moves the centre of 150 spots by about 0.15 cells, so that others explain no image.
"""


def shower_moments(X: ArrayLike, threshold: float = 0.0) -> np.ndarray:
    """Return what physicists measure of a shower: widths, lengths, energies and heights.

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, N_CELLS, N_CELLS)
        Images of showers: energies from 0 on, not all of them 0.
    threshold : float, default 0.0
        What is taken off the energy of each cell, as far as there is any. What is left of a
        shower is its core, whose shape the tail does not hide.

    Returns
    -------
    ndarray of float64, shape (n_samples, 18)
        The sum and the difference of the variances along the two main axes, in squared cells,
        and the smaller variance; the energy of the image and that within 1, 1.5, 2 and 3 cells of
        its centre; the ten highest cells, the highest first.

    Raises
    ------
    TypeError, ValueError
        If `X` does not hold such images, the threshold is no number from 0 on, or an image has
        nothing above it.

    Notes
    -----
    The variances are the eigenvalues of the matrix of second moments of [1]_.

    References
    ----------
    .. [1] M.-K. Hu, "Visual pattern recognition by moment invariants", IRE Trans. Inf. Theory 8,
       179 (1962), doi:10.1109/TIT.1962.1057692.

    Examples
    --------
    >>> from helpers.generate import generate_showers
    >>> from helpers.showers import shower_moments
    >>> X, y = generate_showers(n_samples=2000, seed=1)
    >>> width = shower_moments(X)[:, 0]
    >>> bool(width[y == 1].mean() > width[y == 0].mean())
    True
    """
    X = (_images(X) - real_number("threshold", threshold, least=0)).clip(0)
    energy, cells = X.sum(axis=(1, 2)), np.arange(N_CELLS)
    if not energy.all():
        raise ValueError(
            f"Image {np.argmin(energy)} has no cell above the threshold of {threshold}: give a "
            "lower threshold."
        )
    rows, columns = (X.sum(axis=axis) / energy[:, None] for axis in (2, 1))
    u, v = (cells - (share @ cells)[:, None] for share in (rows, columns))
    uu, vv = (rows * u**2).sum(axis=1), (columns * v**2).sum(axis=1)
    uv = np.einsum("nij,ni,nj->n", X, u, v) / energy
    length = np.hypot(uu - vv, 2 * uv)
    radius = np.hypot(u[:, :, None], v[:, None, :])
    near = [(X * (radius < reach)).sum(axis=(1, 2)) for reach in (1, 1.5, 2, 3)]
    heights = np.sort(X.reshape(len(X), -1), axis=1)[:, :-11:-1]
    smaller = (uu + vv - length) / 2
    return np.column_stack([uu + vv, length, smaller, energy, *near, heights])


def pair_odds(X: ArrayLike, n_templates: int = 20_000) -> np.ndarray:
    """Return how much more probable an image is with two photons than with one.

    No method can be better than a cut on this ratio [1]_. The likelihoods are averages over a
    library of places and shares of energy, drawn as `generate_showers` draws them: with too few
    templates the answer is poor, and the time grows with their number.

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, N_CELLS, N_CELLS)
        Images of showers: numbers of spots, not all of them 0 in an image.
    n_templates : int, default 20_000
        Templates in each of the two libraries, at least 1.

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        The natural logarithm of the ratio of the two likelihoods.

    Raises
    ------
    TypeError, ValueError
        If `X` does not hold such images, or `n_templates` is no whole number from 1 on.

    References
    ----------
    .. [1] J. Neyman and E. S. Pearson, "On the problem of the most efficient tests of
       statistical hypotheses", Phil. Trans. R. Soc. A 231, 289 (1933),
       doi:10.1098/rsta.1933.0009.

    Examples
    --------
    >>> from helpers.generate import generate_showers
    >>> from helpers.showers import pair_odds
    >>> X, y = generate_showers(n_samples=100, seed=1)
    >>> bool(((pair_odds(X, 500) > 0) == y).mean() > 0.6)
    True
    """
    X = _images(X)
    n_templates = whole_number("n_templates", n_templates, least=1)
    one, two = (_Library(label, n_templates) for label in (0, 1))
    return np.array([two.evidence(image) - one.evidence(image) for image in X])


class _Library:
    """Templates of one kind, of which an image is compared with those that lie near it."""

    def __init__(self, label: int, n_templates: int):
        share = shower_library(label, n_templates)
        self.centres, self.outside = _centres(share), np.log(1 - share.sum(axis=(1, 2)))
        self.logs = np.log(share.reshape(n_templates, -1)).astype(np.float32)

    def evidence(self, image: np.ndarray) -> float:
        """Return the logarithm of the mean likelihood, up to what depends on the image alone."""
        distance = np.linalg.norm(self.centres - _centres(image[None]), axis=1)
        near = np.flatnonzero(distance <= max(REACH, distance.min()))
        spots = image.ravel().astype(np.float32)
        logs = self.logs[near] @ spots + (N_SPOTS - image.sum()) * self.outside[near]
        return float(logsumexp(logs.astype(float)))


def _centres(X: np.ndarray) -> np.ndarray:
    shares = [X.sum(axis=axis) / X.sum(axis=(1, 2))[:, None] for axis in (2, 1)]
    return np.stack([share @ np.arange(N_CELLS) for share in shares], axis=-1)


def _images(X: ArrayLike) -> np.ndarray:
    images = real_array("X", X)
    if images.ndim != 3 or images.shape[1:] != (N_CELLS, N_CELLS) or not len(images):
        raise ValueError(
            f"X has shape {images.shape}, but it must hold images of {N_CELLS} × {N_CELLS} cells: "
            "give one image as X[:1]."
        )
    if (images < 0).any() or (images > N_SPOTS).any() or (images.sum(axis=(1, 2)) < 1).any():
        raise ValueError(
            f"X holds an image that no shower makes: energies must be from 0 to {N_SPOTS}, and an "
            "image must not be empty. Take images of generate_showers."
        )
    return images.astype(float)
