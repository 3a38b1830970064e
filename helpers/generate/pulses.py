"""Digitised traces: groups that share one coincident pulse, and an amplifier's response."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import real_array, real_number, whole_number
from helpers.blocks import blocks, on_every_core
from helpers.generate.seeds import checked_seed, child_seeds

WAVELENGTH = 2.0
"""Median wavelength of a background's cosines, as a fraction of the trace's duration."""

WAVELENGTH_SPREAD = 0.2
"""Standard deviation of the logarithm of the wavelength."""

PULSE_WIDTH = 0.02
"""Standard deviation σ of every Gaussian pulse, as a fraction of the trace's duration."""

SIGNAL_RANGE = (0.05, 0.95)
"""The coincident pulse's time is uniform in this range, as fractions of the duration."""

SHAPER_KERNEL = (0.10, 0.45, 0.30, 0.12, 0.03)
"""Response of the amplifier in front of the digitiser, bin by bin."""


def generate_pulses(
    n_samples: int = 10_000,
    n_traces: int = 3,
    n_times: int = 100,
    mean_background: float = 1.0,
    amplitude: float = 5.0,
    n_smooth: int = 3,
    duration: float = 1.0,
    seed: int = 123,
) -> tuple[np.ndarray, np.ndarray]:
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
    n_samples = whole_number("n_samples", n_samples, least=1)
    return model.draw(n_samples, np.random.RandomState(checked_seed(seed)))


def stream_pulses(
    batch_size: int = 500,
    seed: int = 123,
    *,
    n_traces: int = 3,
    n_times: int = 100,
    mean_background: float = 1.0,
    amplitude: float = 5.0,
    n_smooth: int = 3,
    duration: float = 1.0,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
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
    batch_size = whole_number("batch_size", batch_size, least=1)
    return (
        model.draw(batch_size, np.random.RandomState(np.random.MT19937(child)))
        for child in child_seeds(seed)
    )


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

    Raises
    ------
    TypeError, ValueError
        If the trace is not one row of at least five finite real numbers.

    Examples
    --------
    >>> from helpers.generate import shaper
    >>> shaper([1.0] * 6).round(6).tolist()
    [1.0, 1.0]
    """
    trace = real_array("trace", trace)
    if trace.ndim != 1 or trace.size < len(SHAPER_KERNEL):
        raise ValueError(
            f"trace has the shape {trace.shape}, but it must be one row of at least "
            f"{len(SHAPER_KERNEL)} bins: take one waveform as X[sample, trace]."
        )
    return np.convolve(trace, SHAPER_KERNEL, mode="valid")


class _PulseModel(NamedTuple):
    n_traces: int
    times: np.ndarray
    mean_background: float
    amplitude: float
    n_smooth: int
    duration: float

    def draw(self, n_samples: int, random: np.random.RandomState, dtype: type = np.float32):
        """Draw all random numbers, and then compute blocks of samples on every core.

        The order of the draws and of every sum is that of the course's loop,
        because floating-point addition is not associative.
        """
        shape = (self.n_smooth, n_samples, self.n_traces, 1)
        wavelengths = WAVELENGTH * self.duration * random.lognormal(0.0, WAVELENGTH_SPREAD, shape)
        phases = random.uniform(size=shape)
        signal_times = self.duration * random.uniform(*SIGNAL_RANGE, size=n_samples)
        counts = random.poisson(self.mean_background, size=(n_samples, self.n_traces))
        accidental_times = random.uniform(size=counts.sum())
        accidental_times *= self.duration
        first = (np.cumsum(counts) - counts.ravel()).reshape(counts.shape)
        X = np.empty((n_samples, self.n_traces, self.times.size), dtype)
        y = np.empty(n_samples, np.int64)

        def fill(block: slice) -> None:
            traces = self._smooth_background(wavelengths[:, block], phases[:, block])
            signal = self._pulses(signal_times[block])
            y[block] = signal.argmax(axis=1)
            traces += signal[:, np.newaxis]
            traces += self._accidental_pulses(counts[block], first[block], accidental_times)
            X[block] = traces

        on_every_core(fill, blocks(n_samples, X[0].size))
        return X, y

    def _smooth_background(self, wavelengths, phases):
        angles = self.times + phases * wavelengths
        angles *= 2 * np.pi
        angles /= wavelengths
        return np.cos(angles, out=angles).sum(axis=0)

    def _pulses(self, centres):
        distances = self.times - centres[:, np.newaxis]
        width = PULSE_WIDTH * self.duration
        return self.amplitude * np.exp(-0.5 * distances**2 / width**2)

    def _accidental_pulses(self, counts, first, times):
        """Return for each trace the sum of its pulses, taken in the order of their draws.

        The traces with most pulses stand first meanwhile, so that each round adds to a slice.
        """
        order = np.argsort(-counts, axis=None, kind="stable")
        first = first.ravel()[order]
        sums = np.zeros((counts.size, self.times.size))
        for k in range(counts.max()):
            n_left = np.count_nonzero(counts > k)
            sums[:n_left] += self._pulses(times[first[:n_left] + k])
        return sums[np.argsort(order)].reshape(*counts.shape, -1)


def _pulse_model(n_traces, n_times, mean_background, amplitude, n_smooth, duration):
    n_times = whole_number("n_times", n_times, least=2)
    duration = real_number("duration", duration, least=1e-30, most=1e30)
    return _PulseModel(
        n_traces=whole_number("n_traces", n_traces, least=1),
        times=np.linspace(0.0, duration, n_times),
        mean_background=real_number("mean_background", mean_background, least=0, most=1e6),
        amplitude=real_number("amplitude", amplitude, least=0, most=1e30),
        n_smooth=whole_number("n_smooth", n_smooth, least=0),
        duration=duration,
    )
