"""Count spectra: a falling background with peaks that come and go."""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.arguments import real_array, whole_number
from helpers.blocks import blocks
from helpers.generate.seeds import checked_seed, child_seeds

SPECTRUM_BACKGROUND = (500.0, -500.0, 200.0)
"""Coefficients of 1, u and u² in the background: expected counts per bin at u."""

PEAK_CENTRES = (0.30, 0.55)
"""Positions u of the two Gaussian peaks: bins 150 and 274 of 500."""

PEAK_WIDTHS = (0.05, 0.12)
"""Standard deviations of the two peaks in u: 25 and 60 bins of 500."""

FLUX_MEANS = (110.0, 80.0)
"""Mean flux of each peak where it is present."""

FLUX_SPREAD = 30.0
"""Standard deviation of the flux of a peak that is present."""

PEAK_PROBABILITY = 0.5
"""Probability that a peak is present, for each peak independently."""


def generate_spectra(
    n_samples: int = 200, n_bins: int = 500, seed: int = 123
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Generate count spectra: a falling background and two peaks that come and go.

    With u from 0 at the first bin to 1 at the last, the expected counts in a bin
    are a background, 500 - 500 u + 200 u², and for each peak its flux times a
    normal density in u. Every count is then drawn from a Poisson distribution.
    Each peak is present in half of the samples, independently of the other.

    Parameters
    ----------
    n_samples : int, default 200
        Number of spectra, at least 1.
    n_bins : int, default 500
        Bins per spectrum, at least 2. The expected counts in a bin depend on u
        only, so that more bins show the same curve at more points.
    seed : int, default 123
        Seed of the random numbers, from 0 to 2**32 - 1.

    Returns
    -------
    X : DataFrame of float32, columns 0 to n_bins - 1, n_samples rows
        Counts.
    fluxes : DataFrame of float64, columns flux1 and flux2, n_samples rows
        Flux of each peak, 0 where the peak is absent. In 500 bins a unit of flux
        adds 499 counts.

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If an argument lies outside its range.

    See Also
    --------
    stream_spectra : Fresh batches without end.

    Notes
    -----
    The settings are `SPECTRUM_BACKGROUND`, `PEAK_CENTRES`, `PEAK_WIDTHS`,
    `FLUX_MEANS`, `FLUX_SPREAD` and `PEAK_PROBABILITY`. They are what a fit to the
    200 spectra of *Machine Learning and Statistics for Physicists* (D. Kirkby,
    UC Irvine) finds. The sign of a normal flux is dropped, which concerns 1 in 260
    of the second peak, so that the flux of a peak that is present is positive.

    Examples
    --------
    >>> from helpers.generate import generate_spectra
    >>> X, fluxes = generate_spectra(n_samples=3)
    >>> X.shape, list(fluxes.columns)
    ((3, 500), ['flux1', 'flux2'])
    """
    n_samples = whole_number("n_samples", n_samples, least=1)
    n_bins = whole_number("n_bins", n_bins, least=2)
    return _draw_spectra(n_samples, n_bins, np.random.default_rng(checked_seed(seed)))


def stream_spectra(
    batch_size: int = 200, seed: int = 123, *, n_bins: int = 500
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield batches of fresh spectra without end, no sample twice.

    As with `stream_pulses`, every batch has a child of `seed` as its own seed.

    Parameters
    ----------
    batch_size : int, default 200
        Spectra per batch, at least 1.
    seed : int, default 123
        Seed of the stream, from 0 to 2**32 - 1.
    n_bins : int, default 500
        Bins per spectrum, at least 2.

    Yields
    ------
    X : DataFrame of float32, columns 0 to n_bins - 1, batch_size rows
    fluxes : DataFrame of float64, columns flux1 and flux2, batch_size rows

    Raises
    ------
    TypeError, ValueError
        As `generate_spectra`, when called and not only at the first batch.

    Examples
    --------
    >>> from helpers.generate import stream_spectra
    >>> X, fluxes = next(stream_spectra(batch_size=8, seed=1))
    >>> X.shape, fluxes.shape
    ((8, 500), (8, 2))
    """
    batch_size = whole_number("batch_size", batch_size, least=1)
    n_bins = whole_number("n_bins", n_bins, least=2)
    return (
        _draw_spectra(batch_size, n_bins, np.random.default_rng(child))
        for child in child_seeds(seed)
    )


def spectrum_shapes(
    n_bins: int = 500, centres: ArrayLike = PEAK_CENTRES, widths: ArrayLike = PEAK_WIDTHS
) -> tuple[np.ndarray, np.ndarray]:
    """Return the expected background of a spectrum and the shapes of its peaks.

    Parameters
    ----------
    n_bins : int, default 500
        Number of bins, at positions u evenly spaced from 0 to 1.
    centres, widths : array_like of float, default those of `generate_spectra`
        Position and standard deviation in u of each Gaussian peak; one width may
        serve all peaks.

    Returns
    -------
    background : ndarray of float64, shape (n_bins,)
        Expected counts without any peak.
    peaks : ndarray of float64, shape (n_peaks, n_bins)
        Expected counts of each peak at a flux of 1.

    Raises
    ------
    TypeError
        If `n_bins` is not a whole number, or the centres or widths are not real numbers.
    ValueError
        If `n_bins` is less than 1, a width is not positive, or there are neither one width nor
        as many as centres.

    Examples
    --------
    >>> from helpers.generate import spectrum_shapes
    >>> background, peaks = spectrum_shapes(n_bins=5)
    >>> background.tolist(), peaks.shape
    ([500.0, 387.5, 300.0, 237.5, 200.0], (2, 5))
    """
    u = np.linspace(0.0, 1.0, whole_number("n_bins", n_bins, least=1))
    background = np.polynomial.Polynomial(SPECTRUM_BACKGROUND)(u)
    centres = real_array("centres", centres).reshape(-1, 1).astype(float)
    widths = real_array("widths", widths).reshape(-1, 1).astype(float)
    if widths.size not in (1, centres.size) or not (widths > 0).all():
        raise ValueError(
            f"There are {centres.size} centres and {widths.size} widths, but the widths must be "
            "positive, and one or as many as the centres: give each peak its own."
        )
    with np.errstate(over="ignore"):
        peaks = np.exp(-0.5 * ((u - centres) / widths) ** 2) / (math.sqrt(2 * math.pi) * widths)
    return background, peaks


def monitor_spectra() -> np.ndarray:
    """Return the spectra of the exercise "How many causes?".

    Returns
    -------
    ndarray of float64, shape (400, 500)
        Poisson counts, the same at every call.

    Examples
    --------
    >>> from helpers.generate import monitor_spectra
    >>> monitor_spectra().shape
    (400, 500)
    """
    random = np.random.default_rng(31)
    background, peaks = spectrum_shapes(centres=(0.2, 0.5, 0.8), widths=(0.04, 0.06, 0.02))
    fluxes = abs(random.normal(0, (60, 30, 10), size=(400, 3)))
    exposure = random.normal(1, 0.015, size=(400, 1))
    return random.poisson(exposure * (background + fluxes @ peaks)).astype(float)


def forged_spectra() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the three batches of the exercise "Which spectra were measured?".

    Returns
    -------
    batch_a, batch_b, batch_c : ndarray of float64, shape (500, 500)
        Whole counts of 500 spectra of a short exposure, the same at every call.
        One batch holds Poisson counts, one smoothed and one normal noise.

    Examples
    --------
    >>> from helpers.generate import forged_spectra
    >>> [batch.shape for batch in forged_spectra()]
    [(500, 500), (500, 500), (500, 500)]
    """
    random = np.random.default_rng(32)
    background, peaks = spectrum_shapes()
    fluxes = abs(random.normal(FLUX_MEANS, FLUX_SPREAD, size=(500, 2)))
    rates = 0.01 * (background + fluxes * random.integers(0, 2, size=(500, 2)) @ peaks)
    measured = random.poisson(rates).astype(float)
    smoothed = np.rint(random.normal(rates, 0.5))
    # This width makes the average over all pairs of bins one, as for Poisson noise.
    normal = np.rint(random.normal(rates, np.sqrt(0.65 * rates.mean())))
    return smoothed, normal, measured


def _draw_spectra(n_samples, n_bins, random):
    present = random.uniform(size=(n_samples, 2)) < PEAK_PROBABILITY
    fluxes = np.where(present, abs(random.normal(FLUX_MEANS, FLUX_SPREAD, (n_samples, 2))), 0.0)
    background, peaks = spectrum_shapes(n_bins)
    counts = np.empty((n_samples, n_bins), np.float32)
    for block in blocks(n_samples, n_bins):
        counts[block] = random.poisson(background + fluxes[block] @ peaks)
    return pd.DataFrame(counts), pd.DataFrame(fluxes, columns=["flux1", "flux2"])
