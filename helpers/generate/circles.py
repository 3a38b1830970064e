"""Points on two concentric circles, to be told apart."""

import numpy as np
import pandas as pd

from helpers.arguments import whole_number
from helpers.generate.seeds import checked_seed

CIRCLE_RADII = (2.0, 0.6)
"""Mean radius of the points of class 0 (outside) and of class 1 (inside)."""

CIRCLE_SCATTER = 0.1
"""Standard deviation of the Gaussian scatter in radius."""


def generate_circles(n_samples: int = 500, seed: int = 123) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Generate points on two concentric circles, to be told apart.

    Half of the points lie around the outer circle (y = 0) and half around the
    inner one (y = 1), in random order; the outer has one more if `n_samples` is
    odd. Angles are uniform, radii scatter normally.

    Parameters
    ----------
    n_samples : int, default 500
        Number of points, at least 1.
    seed : int, default 123
        Seed of the random numbers, from 0 to 2**32 - 1.

    Returns
    -------
    X : DataFrame of float64, columns x0 and x1, n_samples rows
        Coordinates of the points.
    y : DataFrame of int64, column y, n_samples rows
        0 for the outer circle, 1 for the inner.

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If an argument lies outside its range.

    Notes
    -----
    The settings are `CIRCLE_RADII` and `CIRCLE_SCATTER`. The distribution is that
    of the circles in *Machine Learning and Statistics for Physicists* (D. Kirkby,
    UC Irvine).

    Examples
    --------
    >>> from helpers.generate import generate_circles
    >>> X, y = generate_circles()
    >>> X.shape, int((y["y"] == 1).sum())
    ((500, 2), 250)
    """
    n_samples = whole_number("n_samples", n_samples, least=1)
    random = np.random.default_rng(checked_seed(seed))
    y = random.permutation(np.arange(n_samples, dtype=np.int64) % 2)
    radius = random.normal(np.take(CIRCLE_RADII, y), CIRCLE_SCATTER)
    angle = random.uniform(0.0, 2 * np.pi, n_samples)
    points = {"x0": radius * np.cos(angle), "x1": radius * np.sin(angle)}
    return pd.DataFrame(points), pd.DataFrame({"y": y})
