"""Take traces apart into a smooth background and whole pulses: what could any method reach?

`generate_pulses` makes traces without noise, so whoever knows the shape of a pulse and of the
backgrounds can find all times to many digits. No network is told either.
"""

import functools
import itertools

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from helpers.arguments import real_array, real_number
from helpers.blocks import blocks
from helpers.generate import PULSE_WIDTH, generate_pulses
from helpers.traces import checked_traces

N_SHAPES = 8
"""How many shapes the backgrounds are made of; what these leave over is below 1e-5."""

MOST_PULSES = 9
"""How many pulses a trace is thought to have at most."""


def take_apart(X: ArrayLike, amplitude: float = 5.0) -> tuple[np.ndarray, np.ndarray]:
    """Find the times of all pulses in traces without noise.

    The backgrounds are projected out: a singular value decomposition [1]_ of simulated ones
    says which few shapes they are made of. Then one pulse after the other is added, either where
    it lowers the squared residual most or by splitting the pulse that fits worst, and all times
    are improved by the method of Gauss and Newton, until nothing is left over.

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, n_traces, n_times)
        Traces as `generate_pulses` makes them, with at least 20 time steps.
    amplitude : float, default 5.0
        The height of each pulse, above 0, in the units of the trace.

    Returns
    -------
    times : ndarray of float64, shape (n_samples, n_traces, 9)
        The pulses' times in bins, in no order; where there is none, NaN.
    residuals : ndarray of float64, shape (n_samples, n_traces)
        The root mean square of what is left over, in the units of the trace: about 1e-6 if all
        pulses were found.

    Raises
    ------
    TypeError, ValueError
        If `X` does not hold finite real numbers along three axes, or the amplitude is no number
        above 0.

    References
    ----------
    .. [1] G. H. Golub and C. Reinsch, "Singular value decomposition and least squares
       solutions", Numer. Math. 14, 403 (1970), doi:10.1007/BF02163027.

    Examples
    --------
    >>> from helpers.fit import shared_times, take_apart
    >>> from helpers.generate import generate_pulses
    >>> X, y = generate_pulses(n_samples=3, seed=1)
    >>> times, residuals = take_apart(X)
    >>> bool((residuals < 1e-3).all())
    True
    >>> (shared_times(times)[0].round() - y).tolist()
    [0.0, 0.0, 0.0]
    """
    traces = checked_traces(X, least=20)
    height = real_number("amplitude", amplitude, least=1e-6, most=1e6)
    rows = traces.reshape(-1, traces.shape[2]) / height
    model = _pulse_model(traces.shape[2])
    times, residuals = np.full((len(rows), MOST_PULSES), np.nan), np.empty(len(rows))
    for block in blocks(len(rows), 128):
        times[block], residuals[block] = _take_apart(model, rows[block].astype(float))
    shape = traces.shape[:2]
    return times.reshape(*shape, -1), height * residuals.reshape(shape)


def find_pulses(
    X: ArrayLike, noise: float, gain: float = 16.0, amplitude: float = 5.0
) -> np.ndarray:
    """Find the times of all pulses in noisy traces, one after the other.

    Backgrounds and noise are normal with a known covariance, by whose Cholesky factor the traces
    are whitened [1]_; chi-squared is then the sum of squares that is left over. Pulses are added
    as in `take_apart`, as long as each lowers chi-squared by more than `gain`.

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, n_times)
        Traces, with at least 20 time steps.
    noise : float
        Standard deviation of the white noise, above 0, in the units of the trace.
    gain : float, default 16.0
        How much a pulse has to lower chi-squared: a lower gain misses fewer and invents more.
    amplitude : float, default 5.0
        The height of each pulse, above 0, in the units of the trace.

    Returns
    -------
    ndarray of float64, shape (n_samples, 9)
        The pulses' times in bins, in no order; where there is none, NaN.

    Raises
    ------
    TypeError, ValueError
        If `X` does not hold finite real numbers along two axes, or another argument is no number
        in its range.

    References
    ----------
    .. [1] G. L. Turin, "An introduction to matched filters", IRE Trans. Inf. Theory 6, 311
       (1960), doi:10.1109/TIT.1960.1057571.

    Examples
    --------
    >>> from helpers.fit import find_pulses
    >>> from helpers.generate import generate_pulses
    >>> X, y = generate_pulses(n_samples=3, n_traces=1, mean_background=0, seed=1)
    >>> (find_pulses(X[:, 0], noise=0.1)[:, 0].round() - y).tolist()
    [0.0, 0.0, 0.0]
    """
    traces = checked_traces(X, least=20, n_axes=2)
    height = real_number("amplitude", amplitude, least=1e-6, most=1e6)
    white = real_number("noise", noise, least=1e-6, most=1e6) / height
    least = real_number("gain", gain, least=0, most=1e6)
    model, times = _noisy_model(traces.shape[1], white), np.full((len(traces), MOST_PULSES), np.nan)
    for block in blocks(len(traces), 128):
        whitened = model.bare(traces[block].astype(float) / height - model.mean)
        times[block] = _find_pulses(model, whitened, least)
    return times


def shared_times(times: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return the time that all traces of a sample share, and how well they agree.

    Parameters
    ----------
    times : array_like of real numbers, shape (n_samples, n_traces, n_pulses)
        The times of the pulses in each trace, NaN where there is none. A trace without any
        counts as unknown and is left out.

    Returns
    -------
    shared : ndarray of float64, shape (n_samples,)
        The mean of the most similar times, one from each trace; NaN with fewer than two traces.
    spreads : ndarray of float64, shape (n_samples,)
        The difference of their latest and their earliest.

    Raises
    ------
    TypeError, ValueError
        If the times are not real numbers along three axes.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.fit import shared_times
    >>> shared, spreads = shared_times([[[10.0, 40.5], [40.0, np.nan]]])
    >>> float(shared[0]), float(spreads[0])
    (40.25, 0.5)
    """
    samples = real_array("times", times, gaps=True)
    if samples.ndim != 3:
        raise ValueError(
            f"times has shape {samples.shape}, but it must have three axes (samples, traces, "
            "pulses): give one sample as times[np.newaxis]."
        )
    results = [_most_similar(sample.astype(float)) for sample in samples]
    shared, spreads = np.array(results).reshape(-1, 2).T
    return shared, spreads


def _most_similar(sample):
    lists = [trace[np.isfinite(trace)] for trace in sample]
    lists = [trace for trace in lists if len(trace)]
    if len(lists) < 2:
        return np.nan, np.nan
    combinations = np.array(list(itertools.product(*lists)))
    spreads = np.ptp(combinations, axis=1)
    return combinations[spreads.argmin()].mean(), spreads.min()


class _PulseModel:
    """Pulses of height 1 on a background that is projected out."""

    def __init__(self, n_times):
        settings = {"n_traces": 1, "n_times": n_times, "amplitude": 0, "seed": 1}
        backgrounds = generate_pulses(3000, **settings)[0][:, 0].astype(float)
        self.learn(backgrounds)
        self.bins, self.width = np.arange(n_times, dtype=float), PULSE_WIDTH * (n_times - 1)
        self.grid = np.arange(0, n_times - 0.9, 0.25)
        self.templates = self.bare(self.pulses(self.grid))

    def learn(self, backgrounds):
        self.smooth = linalg.svd(backgrounds, full_matrices=False)[2][:N_SHAPES]

    def bare(self, traces):
        return traces - (traces @ self.smooth.T) @ self.smooth

    def pulses(self, times):
        return np.exp(-0.5 * ((self.bins - times[..., np.newaxis]) / self.width) ** 2)

    def residual(self, traces, times):
        return traces - self.bare(self.pulses(times).sum(axis=1))


@functools.cache
def _pulse_model(n_times):
    return _PulseModel(n_times)


class _NoisyModel(_PulseModel):
    """Pulses of height 1 where background and noise are whitened."""

    def __init__(self, n_times, noise):
        self.noise = noise
        super().__init__(n_times)

    def learn(self, backgrounds):
        backgrounds = backgrounds / 5  # Their scale beside the pulses that they are made for.
        covariance = np.cov(backgrounds.T) + self.noise**2 * np.eye(backgrounds.shape[1])
        self.mean = backgrounds.mean(axis=0)
        self.whitener = np.linalg.cholesky(np.linalg.inv(covariance))

    def bare(self, traces):
        return traces @ self.whitener


@functools.cache
def _noisy_model(n_times, noise):
    return _NoisyModel(n_times, noise)


def _polish(model, traces, times, rounds=15):
    """Improve all times by the method of Gauss and Newton."""
    for _ in range(rounds):
        distances = model.bins - times[..., np.newaxis]
        slopes = model.bare(model.pulses(times) * distances / model.width**2)
        normal = slopes @ slopes.transpose(0, 2, 1) + 4e-5 * np.eye(times.shape[1])
        pull = slopes @ model.residual(traces, times)[..., np.newaxis]
        times = times + np.linalg.solve(normal, pull)[..., 0].clip(-0.7, 0.7)
    return times, np.sqrt(np.mean(model.residual(traces, times) ** 2, axis=1))


def _with_one_more(model, residual, times):
    """Add a pulse where it lowers the squared residual most."""
    gain = 2 * residual @ model.templates.T - (model.templates**2).sum(axis=1)
    return np.column_stack([times, model.grid[gain.argmax(axis=1)]])


def _with_one_split(model, residual, times, distance):
    """Split the pulse around which the fit is worst: two that overlap are taken for one."""
    rows = np.arange(len(times))
    around = (residual[:, np.newaxis] ** 2 * model.pulses(times)).sum(axis=2)
    worst = around.argmax(axis=1)
    split = np.column_stack([times, times[rows, worst] + distance])
    split[rows, worst] -= distance
    return split


def _with_best(model, traces, times):
    residual = model.residual(traces, times)
    starts = [_with_one_more(model, residual, times)]
    if times.shape[1] > 0:
        starts += [_with_one_split(model, residual, times, apart) for apart in (2.0, 3.5)]
    polished = [_polish(model, traces, start) for start in starts]
    candidates, left_over = (np.stack(each) for each in zip(*polished, strict=True))
    best = left_over.argmin(axis=0), np.arange(len(traces))
    return candidates[best], left_over[best]


def _take_apart(model, traces, good=2e-4):
    """Add pulses to all traces at once; those that are explained drop out."""
    traces = model.bare(traces)
    found, least = np.full((len(traces), MOST_PULSES), np.nan), np.full(len(traces), np.inf)
    active, times = np.arange(len(traces)), np.empty((len(traces), 0))
    for n_pulses in range(1, MOST_PULSES + 1):
        times, left_over = _with_best(model, traces[active], times)
        better = left_over < least[active]
        found[active[better], :n_pulses] = times[better]
        least[active[better]] = left_over[better]
        active, times = active[left_over > good], times[left_over > good]
    return found, least


def _find_pulses(model, traces, gain):
    """Add pulses as long as they are worth it."""
    found, active = np.full((len(traces), MOST_PULSES), np.nan), np.arange(len(traces))
    times, before = np.empty((len(traces), 0)), (traces**2).sum(axis=1)
    for n_pulses in range(1, MOST_PULSES + 1):
        times, left_over = _with_best(model, traces[active], times)
        after = traces.shape[1] * left_over**2
        worth = before - after > gain
        active, times, before = active[worth], times[worth], after[worth]
        found[active, :n_pulses] = times
    return found
