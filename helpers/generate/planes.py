"""Hits of particles in two detector planes."""

import numpy as np

from helpers.arguments import whole_number
from helpers.generate.seeds import checked_seed

HIT_ERROR = 0.1
"""Standard deviation of what a hit changes from one detector plane to the next."""


def detector_planes(
    n_particles: int = 12, seed: int = 1, *, return_partners: bool = False
) -> tuple[np.ndarray, ...]:
    """Simulate the hits that particles leave in two detector planes.

    Parameters
    ----------
    n_particles : int, default 12
        Number of particles, at least 1.
    seed : int, default 1
        Seed of the random numbers.
    return_partners : bool, default False
        Whether to return the truth as well.

    Returns
    -------
    first_plane, second_plane : ndarray of float64, shape (n_particles, 3)
        Two coordinates and the deposited energy of each hit, normal with mean 0
        and variance 1. The second plane's hits are those of the first with errors
        of standard deviation `HIT_ERROR`, in another order.
    partners : ndarray of int64, shape (n_particles,)
        Index in the second plane of each of the first plane's hits; only if
        `return_partners`.

    Examples
    --------
    >>> from helpers.generate import detector_planes
    >>> first_plane, second_plane = detector_planes()
    >>> first_plane.shape, second_plane.shape
    ((12, 3), (12, 3))
    """
    n_particles = whole_number("n_particles", n_particles, least=1)
    random = np.random.default_rng(checked_seed(seed))
    first_plane = random.normal(size=(n_particles, 3))
    order = random.permutation(n_particles)
    errors = random.normal(scale=HIT_ERROR, size=(n_particles, 3))
    planes = first_plane, (first_plane + errors)[order]
    return (*planes, np.argsort(order)) if return_partners else planes
