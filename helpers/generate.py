"""Seeded generators of the book's data: pulses, circles and spectra.

Each ``generate_…`` function returns a data set that depends on its arguments
alone; each ``stream_…`` function yields fresh batches of the same kind without
end. ``python -m helpers.generate`` writes the files of the folder ``data``.
"""

import argparse
import hashlib
import math
import numbers
import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from tqdm import tqdm

WAVELENGTH = 2.0
"""Median wavelength of a background's cosines, as a fraction of the trace's duration."""

WAVELENGTH_SPREAD = 0.2
"""Standard deviation of the logarithm of the wavelength."""

PULSE_WIDTH = 0.02
"""Standard deviation σ of every Gaussian pulse, as a fraction of the trace's duration."""

SIGNAL_RANGE = (0.05, 0.95)
"""The coincident pulse's time is uniform in this range, as fractions of the duration."""

CIRCLE_RADII = (2.0, 0.6)
"""Mean radius of the points of class 0 (outside) and of class 1 (inside)."""

CIRCLE_SCATTER = 0.1
"""Standard deviation of the Gaussian scatter in radius."""

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

HIT_ERROR = 0.1
"""Standard deviation of what a hit changes from one detector plane to the next."""

SHAPER_KERNEL = (0.10, 0.45, 0.30, 0.12, 0.03)
"""Response of the amplifier in front of the digitiser, bin by bin."""

# About what fits into the second-level cache of one core, so that the long chain of
# elementwise steps reads and writes the cache and not the memory.
_BLOCK_VALUES = 1 << 16
_WORKERS = min(4, os.cpu_count() or 1)
# Random numbers are drawn for so many blocks before waiting for them to be filled.
_BLOCKS_AHEAD = 8


def generate_pulses(
    n_samples=10_000,
    n_traces=3,
    n_times=100,
    mean_background=1.0,
    amplitude=5.0,
    n_smooth=3,
    duration=1.0,
    seed=123,
):
    """Generate groups of digitised traces that share one coincident pulse.

    A trace is the sum of a slow background of `n_smooth` cosines with random
    wavelengths and phases, of one Gaussian pulse that all traces of a sample
    have at the same time, and of accidental pulses of the same shape at times of
    their own. The label is the time step at which the coincident pulse peaks.

    Parameters
    ----------
    n_samples : int, default 10_000
        Number of samples, at least 1.
    n_traces : int, default 3
        Traces per sample, at least 1.
    n_times : int, default 100
        Time steps per trace, at least 2, evenly spaced from 0 to `duration`.
    mean_background : float, default 1.0
        Mean number of accidental pulses per trace (Poisson), at least 0.
    amplitude : float, default 5.0
        Height of each pulse, in the units of the trace; a background cosine has
        height 1. With 0 there are no pulses at all, and every label is 0.
    n_smooth : int, default 3
        Number of cosines in the slow background; 0 for none.
    duration : float, default 1.0
        Length of the trace, in any unit of time. All times scale with it.
    seed : int, default 123
        Seed of the random numbers, from 0 to 2**32 - 1.

    Returns
    -------
    X : ndarray of float32, shape (n_samples, n_traces, n_times)
        The traces.
    y : ndarray of int64, shape (n_samples,)
        Index of the time step nearest to the coincident pulse.

    Raises
    ------
    TypeError
        If an argument is not a number of the kind above.
    ValueError
        If an argument lies outside its range or is not finite.

    See Also
    --------
    stream_pulses : Fresh batches without end.

    Notes
    -----
    The fixed settings are the constants `WAVELENGTH`, `WAVELENGTH_SPREAD`,
    `PULSE_WIDTH` and `SIGNAL_RANGE` of this module. The problem, and the order
    in which random numbers are drawn, come from the course *Machine Learning for
    Physics* (PHYS 503, University of Illinois): arrays are equal, bit by bit, to
    those of its loop over samples and traces.

    Examples
    --------
    >>> from helpers.generate import generate_pulses
    >>> X, y = generate_pulses(n_samples=4, seed=1)
    >>> X.shape, X.dtype.name, y.dtype.name
    ((4, 3, 100), 'float32', 'int64')

    Without backgrounds only the coincident pulse is left, and its label is where
    it is highest:

    >>> X, y = generate_pulses(n_samples=4, mean_background=0, n_smooth=0)
    >>> bool((X.argmax(axis=2) == y[:, None]).all())
    True
    """
    model = _pulse_model(n_traces, n_times, mean_background, amplitude, n_smooth, duration)
    n_samples = _whole_number("n_samples", n_samples, least=1)
    return model.draw(n_samples, np.random.RandomState(_checked_seed(seed)))


def stream_pulses(
    batch_size=500,
    seed=123,
    *,
    n_traces=3,
    n_times=100,
    mean_background=1.0,
    amplitude=5.0,
    n_smooth=3,
    duration=1.0,
):
    """Yield batches of fresh pulses without end, no sample twice.

    Every batch has a child of `seed` as its own seed. The stream of a seed is
    therefore always the same, and shares no sample with ``generate_pulses(seed=seed)``:
    a test set may have the same seed as the stream that one trains on.

    Parameters
    ----------
    batch_size : int, default 500
        Samples per batch, at least 1.
    seed : int, default 123
        Seed of the stream, from 0 to 2**32 - 1.
    n_traces, n_times, mean_background, amplitude, n_smooth, duration
        As in `generate_pulses`.

    Yields
    ------
    X : ndarray of float32, shape (batch_size, n_traces, n_times)
    y : ndarray of int64, shape (batch_size,)

    Raises
    ------
    TypeError, ValueError
        As `generate_pulses`, when called and not only at the first batch.

    Examples
    --------
    >>> from helpers.generate import stream_pulses
    >>> batches = stream_pulses(batch_size=32, seed=1, mean_background=2.0)
    >>> for step, (X, y) in zip(range(2), batches):
    ...     print(step, X.shape, y.shape)
    0 (32, 3, 100) (32,)
    1 (32, 3, 100) (32,)
    """
    model = _pulse_model(n_traces, n_times, mean_background, amplitude, n_smooth, duration)
    batch_size = _whole_number("batch_size", batch_size, least=1)
    return (
        model.draw(batch_size, np.random.RandomState(np.random.MT19937(child)))
        for child in _child_seeds(_checked_seed(seed))
    )


def generate_circles(n_samples=500, seed=123):
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
    n_samples = _whole_number("n_samples", n_samples, least=1)
    random = np.random.default_rng(_checked_seed(seed))
    y = random.permutation(np.arange(n_samples, dtype=np.int64) % 2)
    radius = random.normal(np.take(CIRCLE_RADII, y), CIRCLE_SCATTER)
    angle = random.uniform(0.0, 2 * np.pi, n_samples)
    points = {"x0": radius * np.cos(angle), "x1": radius * np.sin(angle)}
    return pd.DataFrame(points), pd.DataFrame({"y": y})


def generate_spectra(n_samples=200, n_bins=500, seed=123):
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
    n_samples = _whole_number("n_samples", n_samples, least=1)
    n_bins = _whole_number("n_bins", n_bins, least=2)
    return _draw_spectra(n_samples, n_bins, np.random.default_rng(_checked_seed(seed)))


def stream_spectra(batch_size=200, seed=123, *, n_bins=500):
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
    batch_size = _whole_number("batch_size", batch_size, least=1)
    n_bins = _whole_number("n_bins", n_bins, least=2)
    return (
        _draw_spectra(batch_size, n_bins, np.random.default_rng(child))
        for child in _child_seeds(_checked_seed(seed))
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

    Examples
    --------
    >>> from helpers.generate import spectrum_shapes
    >>> background, peaks = spectrum_shapes(n_bins=5)
    >>> background.tolist(), peaks.shape
    ([500.0, 387.5, 300.0, 237.5, 200.0], (2, 5))
    """
    u = np.linspace(0.0, 1.0, n_bins)
    background = np.polynomial.Polynomial(SPECTRUM_BACKGROUND)(u)
    centres, widths = np.reshape(centres, (-1, 1)), np.reshape(widths, (-1, 1))
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
    random = np.random.default_rng(seed)
    first_plane = random.normal(size=(n_particles, 3))
    order = random.permutation(n_particles)
    errors = random.normal(scale=HIT_ERROR, size=(n_particles, 3))
    planes = first_plane, (first_plane + errors)[order]
    return (*planes, np.argsort(order)) if return_partners else planes


def shaper(trace: ArrayLike) -> np.ndarray:
    """Shape a trace as an amplifier does: convolve it with a kernel of five weights.

    Parameters
    ----------
    trace : array_like of float, shape (n_times,)
        One waveform of at least five bins.

    Returns
    -------
    ndarray of float64, shape (n_times - 4,)
        The shaped waveform, in mode ``valid`` of `numpy.convolve`.

    Examples
    --------
    >>> from helpers.generate import shaper
    >>> shaper([1.0] * 6).round(6).tolist()
    [1.0, 1.0]
    """
    return np.convolve(np.asarray(trace, dtype=float), SHAPER_KERNEL, mode="valid")


def write_data(folder):
    """Write the book's data files and their registry into a folder.

    A file whose frame is already what the generator gives is left as it is, so
    that its hash does not change: HDF5 stores the time of writing. New files
    replace old ones only when all of them are complete.

    Parameters
    ----------
    folder : path-like
        An existing folder. It gets ``circles_data.hf5``, ``circles_targets.hf5``,
        ``spectra_data.hf5`` and ``spectra_targets.hf5`` (pandas format *fixed*;
        key ``/data``, but ``/targets`` in the last) and ``registry.txt`` with a
        line "name SHA-256" for each.

    Returns
    -------
    list of str
        Names of the files that were written anew.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.

    Examples
    --------
    >>> import tempfile
    >>> from helpers.generate import write_data
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(len(write_data(folder)), write_data(folder))
    4 []
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"There is no folder {str(folder)!r} to write the data files into: create it, "
            "or name another one."
        )
    tables = _data_tables()
    stale = [name for name, table in tables.items() if not _holds(folder / name, *table)]
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as unfinished:
        for name in tqdm(stale, desc="Writing data", unit="file", disable=not stale):
            (Path(unfinished) / name).write_bytes(_hdf5_image(*tables[name]))
        for name in stale:
            os.replace(Path(unfinished) / name, folder / name)
        lines = _other_lines(folder / "registry.txt", tables)
        lines += [f"{name} {_sha256(folder / name)}" for name in tables]
        registry = Path(unfinished) / "registry.txt"
        registry.write_text("".join(f"{line}\n" for line in sorted(lines)))
        os.replace(registry, folder / "registry.txt")
    return stale


def _other_lines(registry: Path, tables: Mapping[str, object]) -> list[str]:
    """Return the lines of a registry about files that are not made here."""
    lines = registry.read_text().splitlines() if registry.exists() else []
    return [line for line in lines if line.split()[0] not in tables]


class _PulseModel(NamedTuple):
    n_traces: int
    times: np.ndarray
    mean_background: float
    amplitude: float
    n_smooth: int
    duration: float

    def draw(self, n_samples, random, dtype=np.float32):
        """Draw samples with the random numbers of a `RandomState`, block by block.

        The order of the draws and of every sum is that of the course's loop,
        because floating-point addition is not associative.
        """
        shape = (self.n_smooth, n_samples, self.n_traces, 1)
        wavelengths = WAVELENGTH * self.duration * random.lognormal(0.0, WAVELENGTH_SPREAD, shape)
        phases = random.uniform(size=shape)
        signal_times = self.duration * random.uniform(*SIGNAL_RANGE, size=n_samples)
        counts = random.poisson(self.mean_background, size=(n_samples, self.n_traces))
        X = np.empty((n_samples, self.n_traces, self.times.size), dtype)
        y = np.empty(n_samples, np.int64)

        def draw_accidental_times():
            for start in range(0, n_samples, self._block_size()):
                block = slice(start, start + self._block_size())
                yield block, self.duration * random.uniform(size=counts[block].sum())

        def fill(block, accidental_times):
            traces = self._smooth_background(wavelengths[:, block], phases[:, block])
            signal = self._pulses(signal_times[block])
            y[block] = signal.argmax(axis=1)
            traces += signal[:, np.newaxis]
            self._add_accidental_pulses(traces, counts[block], accidental_times)
            X[block] = traces

        drawn = draw_accidental_times()
        with ThreadPoolExecutor(_WORKERS) as pool:
            while blocks := list(islice(drawn, _BLOCKS_AHEAD)):
                list(pool.map(fill, *zip(*blocks, strict=True)))
        return X, y

    def _block_size(self):
        values = self.n_traces * max(self.times.size, math.ceil(self.mean_background))
        return max(1, _BLOCK_VALUES // values)

    def _smooth_background(self, wavelengths, phases):
        total = np.zeros((*wavelengths.shape[1:3], self.times.size))
        for wavelength, phase in zip(wavelengths, phases, strict=True):
            cosine = self.times + phase * wavelength
            cosine *= 2 * np.pi
            cosine /= wavelength
            total += np.cos(cosine, out=cosine)
        return total

    def _pulses(self, centres):
        pulses = self.times - centres[:, np.newaxis]
        np.square(pulses, out=pulses)
        pulses *= -0.5
        pulses /= (PULSE_WIDTH * self.duration) ** 2
        np.exp(pulses, out=pulses)
        pulses *= self.amplitude
        return pulses

    def _add_accidental_pulses(self, traces, counts, centres):
        """Add to each trace the sum of its pulses, taken in the order they were drawn."""
        counts = counts.ravel()
        first = np.cumsum(counts) - counts
        busiest_first = np.argsort(-counts, kind="stable")
        counts, first = counts[busiest_first], first[busiest_first]
        sums = np.zeros((np.count_nonzero(counts), self.times.size))
        for k in range(counts[0]):
            n_left = np.count_nonzero(counts > k)
            sums[:n_left] += self._pulses(centres[first[:n_left] + k])
        traces.reshape(-1, self.times.size)[busiest_first[: len(sums)]] += sums


def _pulse_model(n_traces, n_times, mean_background, amplitude, n_smooth, duration):
    n_times = _whole_number("n_times", n_times, least=2)
    duration = _real_number("duration", duration, least=1e-30, most=1e30)
    return _PulseModel(
        n_traces=_whole_number("n_traces", n_traces, least=1),
        times=np.linspace(0.0, duration, n_times),
        mean_background=_real_number("mean_background", mean_background, least=0, most=1e6),
        amplitude=_real_number("amplitude", amplitude, least=0, most=1e30),
        n_smooth=_whole_number("n_smooth", n_smooth, least=0),
        duration=duration,
    )


def _draw_spectra(n_samples, n_bins, random):
    present = random.uniform(size=(n_samples, 2)) < PEAK_PROBABILITY
    fluxes = np.where(present, abs(random.normal(FLUX_MEANS, FLUX_SPREAD, (n_samples, 2))), 0.0)
    background, peaks = spectrum_shapes(n_bins)
    counts = np.empty((n_samples, n_bins), np.float32)
    block_size = max(1, _BLOCK_VALUES // n_bins)
    for start in range(0, n_samples, block_size):
        block = slice(start, start + block_size)
        counts[block] = random.poisson(background + fluxes[block] @ peaks)
    return pd.DataFrame(counts), pd.DataFrame(fluxes, columns=["flux1", "flux2"])


def _child_seeds(seed):
    return (np.random.SeedSequence(seed, spawn_key=(batch,)) for batch in count())


def _data_tables():
    circles, classes = generate_circles()
    spectra, fluxes = generate_spectra()
    return {
        "circles_data.hf5": ("data", circles),
        "circles_targets.hf5": ("data", classes),
        "spectra_data.hf5": ("data", spectra),
        "spectra_targets.hf5": ("targets", fluxes),
    }


def _hdf5_image(key, frame):
    """Return the bytes of a file made in memory: on a full disk the HDF5 library crashes."""
    in_memory = {"driver": "H5FD_CORE", "driver_core_backing_store": 0}
    with pd.HDFStore("image.hf5", mode="w", **in_memory) as store:
        store.put(key, frame, format="fixed")
        return store.root._v_file.get_file_image()


def _holds(path, key, frame):
    """Return whether the file at `path` is readable and has just this frame under `key`."""
    try:
        with pd.HDFStore(path, mode="r") as store:
            return store.keys() == [f"/{key}"] and frame.equals(store[key])
    except Exception:  # Whatever ails the file, writing it anew is the cure.
        return False


def _sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _checked_seed(seed):
    seed = _whole_number("seed", seed, least=0)
    if seed >= 2**32:
        raise ValueError(f"seed is {seed}, but it must be less than 2**32: choose a smaller one.")
    return seed


def _whole_number(name, value, least):
    if not isinstance(value, numbers.Integral) or isinstance(value, bool):
        raise TypeError(
            f"{name} is {value!r}, but it must be a whole number: write it as an int, such as 100."
        )
    if value < least:
        raise ValueError(f"{name} is {value}, but it must be at least {least}.")
    return int(value)


def _real_number(name, value, least, most):
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}, but it must be a number, such as 1.0.")
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}, but it must lie between {least} and {most}.")
    return float(value)


def main(arguments=None):
    """Write the data files from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.generate",
        description="Write the book's data files and registry.txt.",
    )
    parser.add_argument(
        "folder",
        nargs="?",
        default=Path(__file__).resolve().parents[1] / "data",
        help="an existing folder (default: %(default)s)",
    )
    folder = parser.parse_args(arguments).folder
    try:
        written = write_data(folder)
    except FileNotFoundError as error:
        parser.exit(1, f"{error}\n")
    except OSError as error:
        parser.exit(1, f"The files in {folder} stay as they were: {error.strerror}.\n")
    print(f"{folder}: wrote {', '.join(written)}." if written else f"{folder}: up to date.")


if __name__ == "__main__":
    main()
