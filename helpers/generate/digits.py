"""Digits drawn by a computer, in the format of scikit-learn's measured ones."""

from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from helpers.arguments import whole_number
from helpers.generate.seeds import checked_seed

FONTS = (
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSansMono",
    "DejaVuSerif",
    "DejaVuSerif-Italic",
    "STIXGeneral",
    "STIXGeneralItalic",
    "STIXGeneralBol",
    "cmr10",
    "cmss10",
    "cmtt10",
)
"""The fonts in which digits are drawn, out of those that Matplotlib brings along."""

SIZE, BLOCK = 32, 4
"""Dots along each side of a drawing, and of the blocks in which they are counted."""


def generate_digits(n_samples: int = 2000, seed: int = 123) -> tuple[np.ndarray, np.ndarray]:
    """Draw digits in printers' fonts, turned, slanted and stretched at random.

    A digit becomes a black and white drawing of 32 × 32 dots, which it fills from top to bottom,
    and of each block of 4 × 4 dots the black ones are counted. The handwritten digits of
    `sklearn.datasets.load_digits` were made so, too, but by people.

    Parameters
    ----------
    n_samples : int, default 2000
        Number of images, at least 1.
    seed : int, default 123
        Seed of the random numbers, from 0 to 2**32 - 1.

    Returns
    -------
    X : ndarray of float32, shape (n_samples, 8, 8)
        Black dots in each block, from 0 to 16; the first row is the upper one.
    y : ndarray of int64, shape (n_samples,)
        The digits.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a whole number in its range.

    Examples
    --------
    >>> from helpers.generate import generate_digits
    >>> X, y = generate_digits(n_samples=3, seed=1)
    >>> X.shape, float(X.max()) <= 16
    ((3, 8, 8), True)
    """
    n_samples = whole_number("n_samples", n_samples, least=1)
    random = np.random.default_rng(checked_seed(seed))
    y = random.integers(0, 10, n_samples)
    fonts = random.integers(0, len(FONTS), n_samples)
    X = [_image(_outline(*which), random) for which in zip(fonts, y, strict=True)]
    return np.array(X, np.float32), y


@cache
def _outline(font: int, digit: int) -> np.ndarray:
    """Return the straight edges of a digit's outline, shape (n, 2 ends, 2 coordinates)."""
    file = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{FONTS[font]}.ttf")
    path = TextPath((0, 0), str(digit), size=SIZE, prop=FontProperties(fname=file))
    lines = path.to_polygons(closed_only=True)
    return np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in lines])


def _image(edges, random):
    """Turn, slant and stretch a digit, fill the drawing with it and count its dots in blocks."""
    angle, slant = random.normal(0, 0.15), random.normal(0.1, 0.2)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    edges = edges @ turn @ np.array([[1, 0], [slant, 1]])
    edges -= edges.min(axis=(0, 1))
    width, height = edges.max(axis=(0, 1))
    wide = min(SIZE, SIZE * width / height * random.uniform(0.8, 1.3))
    edges = edges * [wide / width, SIZE / height] + [(SIZE - wide) / 2, 0]
    blocks = _filled(edges).reshape(SIZE // BLOCK, BLOCK, SIZE // BLOCK, BLOCK)
    return blocks.sum(axis=(1, 3))


def _filled(edges):
    """Return which dots lie inside: those with an odd number of edges to their left."""
    dots = np.arange(SIZE) + 0.5
    (x0, y0), (x1, y1) = edges.transpose(1, 2, 0)
    rows = dots[::-1, None]
    crosses = (y0 > rows) != (y1 > rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = np.where(crosses, x0 + (rows - y0) * (x1 - x0) / (y1 - y0), np.inf)
    return (at[:, None, :] < dots[:, None]).sum(axis=-1) % 2 == 1
