"""Literal loops that do what the fast helpers do, slowly and readably."""

import numpy as np


def loop_pulses(
    n_samples=10_000,
    n_traces=3,
    n_times=100,
    mean_background=1.0,
    amplitude=5.0,
    n_smooth=3,
    duration=1.0,
    seed=123,
    dtype=np.float32,
):
    """Generate pulses one sample and one trace at a time, all cosines at once."""
    random = np.random.RandomState(seed)
    times = np.linspace(0.0, duration, n_times)
    wavelengths = 2 * duration * random.lognormal(0.0, 0.2, (n_smooth, n_samples, n_traces, 1))
    phases = random.uniform(size=wavelengths.shape)
    X = np.cos(2 * np.pi * (times + phases * wavelengths) / wavelengths).sum(axis=0)
    sigma = 0.02 * duration
    signal_times = duration * random.uniform(0.05, 0.95, size=n_samples)
    y = np.empty(n_samples, dtype=int)
    counts = random.poisson(lam=mean_background, size=(n_samples, n_traces))
    for sample in range(n_samples):
        signal = amplitude * np.exp(-0.5 * (times - signal_times[sample]) ** 2 / sigma**2)
        y[sample] = np.argmax(signal)
        X[sample] += signal
        for trace in range(n_traces):
            if counts[sample, trace] > 0:
                centres = duration * random.uniform(size=(counts[sample, trace], 1))
                pulses = amplitude * np.exp(-0.5 * (times - centres) ** 2 / sigma**2)
                X[sample, trace] += pulses.sum(axis=0)
    return X.astype(dtype), y


def loop_convolutions(X, *kernels):
    """Convolve every trace with every kernel, one call of `np.convolve` each."""
    return np.asarray(
        [
            [np.tanh(np.convolve(trace, kernel, "valid")) for trace in sample for kernel in kernels]
            for sample in X
        ]
    )
