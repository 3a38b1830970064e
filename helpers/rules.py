"""Find coincidences without learning: the rules that a network has to beat."""

import functools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike
from scipy.ndimage import correlate1d

from helpers.arguments import real_number, whole_number
from helpers.generate import PULSE_WIDTH, generate_pulses
from helpers.traces import checked_traces

WINDOW = 9
"""How many bins `matched_scores` looks at."""


def pulse_responses(X: ArrayLike, amplitude: float = 5.0) -> np.ndarray:
    """Return minus the second difference of traces, so that a single pulse gives 1.

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, n_traces, n_times)
        Traces as `generate_pulses` makes them, continued beyond their ends by their first and
        last values.
    amplitude : float, default 5.0
        The height of a pulse, above 0, in the units of the trace.

    Returns
    -------
    ndarray of float64, shape (n_samples, n_traces, n_times)
        1 at a bin where a pulse peaks alone, a little less if it peaks beside the middle of the
        bin, and about 0 where there is only background.

    Raises
    ------
    TypeError, ValueError
        If `X` does not hold finite real numbers along three axes, with at least two time steps,
        or the amplitude is no number above 0.

    Examples
    --------
    >>> from helpers.generate import generate_pulses
    >>> from helpers.rules import pulse_responses
    >>> X, y = generate_pulses(n_samples=3, mean_background=0, seed=1)
    >>> pulse_responses(X)[range(3), :, y].round(1).tolist()
    [[1.0, 1.0, 1.0], [0.9, 0.9, 0.9], [1.0, 1.0, 1.0]]
    """
    traces = checked_traces(X, least=2)
    height = real_number("amplitude", amplitude, least=1e-6, most=1e6)
    curvature = correlate1d(traces.astype(float), [-1, 2, -1], axis=2, mode="nearest")
    return curvature / (height * _curvature(0.0, traces.shape[2]))


def find_coincidences(
    X: ArrayLike,
    amplitude: float = 5.0,
    ceiling: float = 1.0,
    scale: float = 1e-7,
    n_phases: int = 100,
) -> np.ndarray:
    """Find the bin in which all traces have a pulse: look where, then look closely.

    First the responses of all traces are clipped and added up, which tells the place to a bin.
    Then three responses of each trace around that place are compared with those of a single
    pulse that peaks somewhere within the bin. The time with the least product of squared
    distances wins, which is a maximum of likelihood with heavy tails: a trace whose pulse
    overlaps with another fits nowhere, and so has no say.

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, n_traces, n_times)
        Traces as `generate_pulses` makes them.
    amplitude : float, default 5.0
        The height of a pulse, above 0, in the units of the trace.
    ceiling : float, default 1.0
        Where the responses are clipped, in units of a single pulse's response, above 0.
    scale : float, default 1e-7
        The squared distance, above 0, below which responses count as those of a single pulse.
    n_phases : int, default 100
        At how many times within a bin a pulse is tried; 1 or more.

    Returns
    -------
    ndarray of int64, shape (n_samples,)
        A bin for each sample.

    Raises
    ------
    TypeError, ValueError
        As in `pulse_responses`, or if another argument is no number above 0.

    Examples
    --------
    >>> from helpers.generate import generate_pulses
    >>> from helpers.rules import find_coincidences
    >>> X, y = generate_pulses(n_samples=1000, seed=1)
    >>> float((find_coincidences(X) == y).mean())
    0.999
    """
    responses = pulse_responses(X, amplitude)
    top = real_number("ceiling", ceiling, least=1e-6, most=1e6)
    near = real_number("scale", scale, least=1e-12, most=1e6)
    phases = whole_number("n_phases", n_phases, least=1, most=10_000)
    place = responses.clip(0, top).sum(axis=1).argmax(axis=1)
    bins = (place[:, np.newaxis] + [-1, 0, 1]).clip(0, responses.shape[2] - 1)
    best = _misfits(responses, bins, near, phases).argmin(axis=1)
    return bins[np.arange(len(bins)), best]


def _misfits(responses, bins, scale, n_phases):
    """Return how badly a pulse within each of the bins fits all traces, at its best phase."""
    n_times = responses.shape[2]
    padded = np.pad(responses, ((0, 0), (0, 0), (1, 1)), "reflect")
    threes = sliding_window_view(padded, 3, axis=2)
    threes = np.take_along_axis(threes, bins[:, np.newaxis, :, np.newaxis], axis=2)
    squares = np.sum(threes**2, axis=3)
    least = np.full(bins.shape, np.inf)
    for phase in (np.arange(n_phases) + 0.5) / n_phases - 0.5:
        shape = _curvature(np.arange(-1, 2) - phase, n_times) / _curvature(0.0, n_times)
        distances = squares - 2 * threes @ shape + shape @ shape
        np.minimum(least, np.prod(distances.clip(0) + scale, axis=1), out=least)
    return least


def _curvature(distance, n_times):
    """Return minus the second difference of a pulse of height 1, so many bins from its peak."""
    width = PULSE_WIDTH * (n_times - 1)
    left, here, right = (np.exp(-0.5 * ((distance + step) / width) ** 2) for step in (-1, 0, 1))
    return 2 * here - left - right


def matched_scores(
    X: ArrayLike, latency: int, noise: float, ceiling: float = 1.0, amplitude: float = 5.0
) -> np.ndarray:
    """Say in each bin, without looking ahead, how well all traces have a pulse some bins ago.

    A matched filter [1]_ estimates the height of the pulse from the last nine bins, by the
    covariance of background and noise. The heights, clipped, are added up.

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, n_traces, n_times)
        Traces with noise, thought to have had their first value before they began.
    latency : int
        How many bins ago the pulse peaked, from 0 to 8.
    noise : float
        Standard deviation of the white noise, above 0, in the units of the trace.
    ceiling : float, default 1.0
        The height, in pulses, above which a trace counts no more, from 0 to 100.
    amplitude : float, default 5.0
        The height of a pulse, above 0, in the units of the trace.

    Returns
    -------
    ndarray of float64, shape (n_samples, n_times)
        The number of traces where all have the pulse, if the ceiling is 1.

    Raises
    ------
    TypeError, ValueError
        If `X` does not hold finite real numbers along three axes, or another argument is no number
        in its range.

    References
    ----------
    .. [1] G. L. Turin, "An introduction to matched filters", IRE Trans. Inf. Theory 6, 311
       (1960), doi:10.1109/TIT.1960.1057571.

    Examples
    --------
    >>> from helpers.generate import generate_pulses
    >>> from helpers.rules import matched_scores
    >>> X, y = generate_pulses(n_samples=3, mean_background=0, seed=1)
    >>> scores = matched_scores(X, latency=4, noise=0.1, ceiling=2.0)
    >>> (scores.argmax(axis=1) - y).tolist()
    [4, 4, 4]
    """
    traces = checked_traces(X)
    latency = whole_number("latency", latency, least=0, most=WINDOW - 1)
    noise = real_number("noise", noise, least=1e-6, most=1e6)
    ceiling = real_number("ceiling", ceiling, least=0, most=100)
    height = real_number("amplitude", amplitude, least=1e-6, most=1e6)
    weights = _matched_weights(latency, noise) / height
    started = np.pad(traces, ((0, 0), (0, 0), (WINDOW - 1, 0)), mode="edge")
    windows = sliding_window_view(started, WINDOW, axis=2)
    return (windows @ weights).clip(0, ceiling).sum(axis=1)


@functools.cache
def _matched_weights(latency, noise):
    """Return the weights that give 1 for a pulse of height 1 and scatter least."""
    empty, _ = generate_pulses(3000, n_traces=1, amplitude=0, seed=1)
    windows = sliding_window_view(empty[:, 0].astype(float), WINDOW, axis=1)
    covariance = np.cov(windows.reshape(-1, WINDOW).T) + noise**2 * np.eye(WINDOW)
    sigma = PULSE_WIDTH * (empty.shape[2] - 1)
    pulse = np.exp(-(((np.arange(1 - WINDOW, 1) + latency) / sigma) ** 2) / 2)
    weights = np.linalg.solve(covariance, pulse)
    return weights / (weights @ pulse)
