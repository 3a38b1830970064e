"""Seeded generators of the book's data: pulses, circles and spectra.

``python -m helpers.generate`` writes the files of the folder ``data``.
"""

import math

import numpy as np
import pandas as pd

PULSE_WIDTH = 0.02
"""Standard deviation σ of each Gaussian pulse, as a fraction of the trace's duration."""

SIGNAL_RANGE = (0.05, 0.95)
"""The coincident pulse's time is uniform in this range, as fractions of the duration."""

_BLOCK_VALUES = 1 << 17


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
    """Generate digitised traces with one coincident pulse each.

    See `PULSE_WIDTH` and `SIGNAL_RANGE` for the settings that are fixed.
    """
    random = np.random.RandomState(seed)
    return _draw_pulses(
        random, n_samples, n_traces, n_times, mean_background, amplitude, n_smooth, duration
    )


def stream_pulses(batch_size, seed, **settings):
    """Yield batches (X, y) of fresh pulses without end."""
    return _stream_pulses(batch_size, seed, settings)


def _stream_pulses(batch_size, seed, settings):
    for seed_sequence in _child_seeds(seed):
        child = int(seed_sequence.generate_state(1)[0])
        yield generate_pulses(batch_size, seed=child, **settings)


def _child_seeds(seed):
    parent = np.random.SeedSequence(seed)
    while True:
        yield from parent.spawn(1)


def _draw_pulses(
    random, n_samples, n_traces, n_times, mean_background, amplitude, n_smooth, duration
):
    times = np.linspace(0.0, duration, n_times)
    shape = (n_smooth, n_samples, n_traces, 1)
    wavelengths = 2 * duration * random.lognormal(mean=0.0, sigma=0.2, size=shape)
    phases = random.uniform(size=shape)
    signal_times = duration * random.uniform(*SIGNAL_RANGE, size=n_samples)
    counts = random.poisson(lam=mean_background, size=(n_samples, n_traces))

    def pulses_at(centres):
        return amplitude * np.exp(
            -0.5 * (times - centres[:, np.newaxis]) ** 2 / (PULSE_WIDTH * duration) ** 2
        )

    X = np.empty((n_samples, n_traces, n_times), np.float32)
    y = np.empty(n_samples, np.int64)
    step = max(1, _BLOCK_VALUES // (n_traces * n_times))
    for start in range(0, n_samples, step):
        block = slice(start, start + step)
        total = np.zeros(X[block].shape)
        for wavelength, phase in zip(wavelengths[:, block], phases[:, block], strict=True):
            total += np.cos(2 * np.pi * (times + phase * wavelength) / wavelength)
        signal = pulses_at(signal_times[block])
        y[block] = signal.argmax(axis=1)
        total += signal[:, np.newaxis]
        block_counts = counts[block].ravel()
        background_times = duration * random.uniform(size=block_counts.sum())
        first = np.cumsum(block_counts) - block_counts
        background = np.zeros((block_counts.size, n_times))
        for k in range(block_counts.max()):
            rows = np.flatnonzero(block_counts > k)
            background[rows] += pulses_at(background_times[first[rows] + k])
        X[block] = total + background.reshape(total.shape)
    return X, y


def generate_circles(n_samples=500, seed=123):
    """Generate points on two concentric circles: y = 0 outside, y = 1 inside."""
    random = np.random.default_rng(seed)
    y = random.permutation(np.arange(n_samples) % 2)
    radius = np.where(y == 0, 2.0, 0.6) + 0.1 * random.standard_normal(n_samples)
    angle = random.uniform(0.0, 2 * np.pi, n_samples)
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return pd.DataFrame(points, columns=["x0", "x1"]), pd.DataFrame({"y": y})


def generate_spectra(n_samples=200, n_bins=500, seed=123):
    """Generate count spectra with two peaks that are each there in half the samples."""
    random = np.random.default_rng(seed)
    present = random.uniform(size=(n_samples, 2)) < 0.5
    fluxes = np.where(present, random.normal([110.0, 80.0], 30.0, (n_samples, 2)), 0.0)
    bins = np.arange(n_bins)
    peaks = [
        500.0 / (math.sqrt(2 * math.pi) * width) * np.exp(-0.5 * ((bins - centre) / width) ** 2)
        for centre, width in ((150, 24), (275, 58))
    ]
    expected = 500.0 * np.exp(-bins / 500.0) + np.maximum(fluxes, 0.0) @ np.array(peaks)
    counts = random.poisson(expected).astype(np.float32)
    return pd.DataFrame(counts), pd.DataFrame(fluxes, columns=["flux1", "flux2"])
