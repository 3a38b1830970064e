"""Images of one photon, or of two that overlap, in a calorimeter of square cells."""

import numpy as np

from helpers.arguments import whole_number
from helpers.generate.seeds import checked_seed

N_CELLS = 10
"""Cells along each side of the image."""

N_SPOTS = 150
"""Energy spots in an image, of one photon or of two together."""

SHOWER_CORE, SHOWER_TAIL, CORE_SHARE = 0.5, 1.5, 0.75
"""Median radii of a shower's core and tail, in cells, and the share of spots in the core."""

CENTRE_RANGE = 1.5
"""An image's centre of energy is uniform within so many cells of the middle, along each axis."""

SMALLEST_DISTANCE = 0.9
"""Distance of two photons that have equal energies, in cells."""

LARGEST_DISTANCE = 3.0
"""Pairs further apart, which are easily told, are left out."""


def generate_showers(n_samples: int = 2000, seed: int = 123) -> tuple[np.ndarray, np.ndarray]:
    """Generate images of single photons, and of the two photons of a neutral pion.

    A photon's shower is a set of energy spots, thrown around the place where it hits by a radial
    profile with a core and a tail. All images have the same number of spots, so that the energy
    tells nothing. A pion shares its energy uniformly between two photons; the more unequal the
    shares, the further apart they are.

    Parameters
    ----------
    n_samples : int, default 2000
        Number of images, at least 1.
    seed : int, default 123
        Seed of the random numbers, from 0 to 2**32 - 1.

    Returns
    -------
    X : ndarray of float32, shape (n_samples, N_CELLS, N_CELLS)
        Spots in each cell; few that fly past the edge are lost.
    y : ndarray of int64, shape (n_samples,)
        0 for one photon, 1 for two.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a whole number in its range.

    Notes
    -----
    The spots and the radial profile are those of Grindhammer and Peters, *The parameterized
    simulation of electromagnetic showers in homogeneous and sampling calorimeters*,
    arXiv:hep-ex/0001020. Distance d and shares z and 1 - z of a pion's photons are tied by its
    mass: d = `SMALLEST_DISTANCE` / (2 sqrt(z (1 - z))).

    Examples
    --------
    >>> from helpers.generate import generate_showers
    >>> X, y = generate_showers(n_samples=4, seed=1)
    >>> X.shape, X.dtype.name, y.dtype.name
    ((4, 10, 10), 'float32', 'int64')
    """
    n_samples = whole_number("n_samples", n_samples, least=1)
    random = np.random.default_rng(checked_seed(seed))
    y = random.integers(0, 2, n_samples)
    places, shares = _photons(y, random)
    first = random.random((n_samples, N_SPOTS)) < shares[:, :1]
    hit = np.where(first[..., None], places[:, :1], places[:, 1:])
    cells = np.floor(hit + _spots(first.shape, random)).astype(int)
    inside = ((cells >= 0) & (cells < N_CELLS)).all(axis=-1)
    X = np.zeros((n_samples, N_CELLS, N_CELLS), np.float32)
    image = np.broadcast_to(np.arange(n_samples)[:, None], inside.shape)
    np.add.at(X, (image[inside], cells[inside, 0], cells[inside, 1]), 1)
    return X, y


def shower_library(label: int, n_templates: int = 1000, seed: int = 0) -> np.ndarray:
    """Return what images of one photon, or of two, expect in each cell.

    Parameters
    ----------
    label : int
        0 for one photon, 1 for two.
    n_templates : int, default 1000
        How many places and shares of energy are drawn, as `generate_showers` draws them.
    seed : int, default 0
        Seed of the random numbers.

    Returns
    -------
    ndarray of float64, shape (n_templates, N_CELLS, N_CELLS)
        The probability that a spot falls into a cell.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a whole number in its range.

    Examples
    --------
    Few spots fly past the edge:

    >>> from helpers.generate import shower_library
    >>> shower_library(0, n_templates=1).sum().round(1)
    np.float64(1.0)
    """
    label = whole_number("label", label, least=0, most=1)
    n_templates = whole_number("n_templates", n_templates, least=1)
    random = np.random.default_rng(checked_seed(seed))
    places, shares = _photons(np.full(n_templates, label), random)
    images = _expected(places[..., 0], places[..., 1])
    return (shares[..., None, None] * images).sum(axis=1)


def _photons(y, random):
    """Draw where the photons hit, shape (n, 2, 2) in cells, and their shares, shape (n, 2)."""
    n_samples = len(y)
    reach = (1 - (SMALLEST_DISTANCE / LARGEST_DISTANCE) ** 2) ** 0.5 / 2
    share = np.where(y == 1, 0.5 + random.uniform(-reach, reach, n_samples), 1.0)
    middle = N_CELLS / 2 + random.uniform(-CENTRE_RANGE, CENTRE_RANGE, (n_samples, 2))
    angle = random.uniform(0, 2 * np.pi, n_samples)
    with np.errstate(divide="ignore"):
        distance = np.where(y == 1, SMALLEST_DISTANCE / (2 * np.sqrt(share * (1 - share))), 0.0)
    apart = distance[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    shares = np.stack([share, 1 - share], axis=-1)
    places = middle[:, None] + np.stack([apart, -apart], axis=1) * shares[:, ::-1, None]
    return places, shares


def _spots(shape, random):
    u = random.random(shape)
    scale = np.where(random.random(shape) < CORE_SHARE, SHOWER_CORE, SHOWER_TAIL)
    radius = scale * np.sqrt(u / (1 - u))
    angle = random.uniform(0, 2 * np.pi, shape)
    return radius[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def _expected(x, y):
    """Return the share of a photon's spots that each cell expects."""
    edges = np.arange(N_CELLS + 1)
    a = (edges - x[..., None])[..., :, None]
    b = (edges - y[..., None])[..., None, :]

    def corner(scale):
        p, q = np.sqrt(a**2 + scale**2), np.sqrt(b**2 + scale**2)
        return (a / p * np.arctan(b / p) + b / q * np.arctan(a / q)) / (2 * np.pi)

    total = CORE_SHARE * corner(SHOWER_CORE) + (1 - CORE_SHARE) * corner(SHOWER_TAIL)
    return np.diff(np.diff(total, axis=-1), axis=-2)
