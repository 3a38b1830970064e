"""A trigger whose threshold is moved once a second while the background drifts."""

import itertools
import math

import numpy as np
from gymnasium import spaces
from gymnasium.vector import VectorEnv
from numpy.typing import ArrayLike
from scipy.special import ndtr

from helpers.arguments import moderate, real_array, whole_number

MOVES = np.array([-0.4, -0.1, 0.0, 0.1, 0.4])
"""By how many mV each action moves the threshold."""
SIGNAL, COST = 50, 0.2
"""Signal pulses a second, and the price of a record in units of a signal pulse."""
PULSE_HEIGHT, PULSE_SPREAD = 8.0, 1.5
"""Mean and standard deviation of the heights of signal pulses, in mV."""
_RATE, _SPREAD, _MEMORY = 1e4, 1.2, 30
_START, _HIGHEST = 6.0, 12.0


def efficiency(threshold: ArrayLike) -> np.ndarray:
    """Return the share of the signal pulses, of 8.0 ± 1.5 mV, that lie above a threshold.

    Parameters
    ----------
    threshold : array_like
        The threshold in mV.

    Returns
    -------
    numpy.ndarray
        The share, from 0 to 1, in the shape of the threshold.

    Raises
    ------
    TypeError, ValueError
        If a threshold is not a finite real number.

    Examples
    --------
    >>> from helpers.trigger import efficiency
    >>> float(efficiency(8.0))
    0.5
    """
    return ndtr((PULSE_HEIGHT - _numbers("threshold", threshold)) / PULSE_SPREAD)


def expected_reward(threshold: ArrayLike, log_rate: ArrayLike) -> np.ndarray:
    """Return the mean reward of a second: signal kept minus the price of all that is recorded.

    Parameters
    ----------
    threshold, log_rate : array_like
        The threshold in mV and the logarithm of the background rate in 1/s, of equal shapes or
        shapes that broadcast. A background pulse is h mV high or more with probability exp(-h).

    Returns
    -------
    numpy.ndarray
        The mean reward, 1 for all of the signal at no price.

    Raises
    ------
    TypeError, ValueError
        If a number is not a finite real one, or the shapes do not fit.

    Examples
    --------
    >>> from helpers.trigger import expected_reward
    >>> round(float(expected_reward(6.0, 9.2)), 2)
    0.63
    """
    threshold, log_rate = _numbers("threshold", threshold), _numbers("log_rate", log_rate)
    try:
        shape = np.broadcast_shapes(threshold.shape, log_rate.shape)
    except ValueError:
        raise ValueError(
            f"threshold has the shape {threshold.shape} and log_rate {log_rate.shape}, which do "
            "not fit: give one rate for each threshold."
        ) from None
    noise = np.exp(np.minimum(log_rate - threshold, 700))
    return np.broadcast_to((1 - COST) * efficiency(threshold) - COST * noise / SIGNAL, shape)


def best_threshold(log_rate: ArrayLike) -> np.ndarray:
    """Return the threshold with the largest mean reward at a background rate.

    Parameters
    ----------
    log_rate : array_like
        The logarithm of the background rate in 1/s.

    Returns
    -------
    numpy.ndarray
        The best threshold on a grid of 0.02 mV from 0 to 12 mV, in the shape of `log_rate`.

    Raises
    ------
    TypeError, ValueError
        If a rate is not a finite real number.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.trigger import best_threshold
    >>> round(float(best_threshold(np.log(10_000))), 2)
    6.06
    """
    rates = _numbers("log_rate", log_rate)
    thresholds = np.linspace(0, _HIGHEST, 601)
    rewards = expected_reward(thresholds, rates[..., np.newaxis])
    return thresholds[rewards.argmax(axis=-1)]


def nearest_move(wanted: ArrayLike) -> np.ndarray:
    """Return the actions whose moves come nearest to the wanted ones.

    Parameters
    ----------
    wanted : array_like
        By how many mV the thresholds should move.

    Returns
    -------
    numpy.ndarray of int
        The places of the moves in `MOVES`, in the shape of `wanted`.

    Raises
    ------
    TypeError, ValueError
        If a wanted move is not a finite real number.

    Examples
    --------
    >>> from helpers.trigger import nearest_move
    >>> nearest_move([-3.0, 0.04, 0.2])
    array([0, 2, 3])
    """
    return np.abs(MOVES - _numbers("wanted", wanted)[..., np.newaxis]).argmin(axis=-1)


class Trigger(VectorEnv):
    """Episodes of a trigger, side by side, with the interface of Gymnasium [1]_.

    A detector sees 50 signal pulses a second with heights of 8.0 ± 1.5 mV, and background pulses
    whose heights fall as exp(-h / 1 mV). The logarithm of the background rate drifts around that
    of 10,000/s, with a standard deviation of 1.2 and a memory of 30 s. Each step moves the
    thresholds and takes data for one second.

    Parameters
    ----------
    n_episodes : int
        How many episodes are played side by side.
    n_seconds : int, default 100
        How long each lasts.

    Attributes
    ----------
    threshold : numpy.ndarray, shape (n_episodes,)
        The thresholds now, in mV.
    kept, recorded : numpy.ndarray of int, shape (n_episodes,)
        How many signal pulses, and pulses of both kinds, were recorded in the last second.
    log_rates : numpy.ndarray, shape (n_seconds + 1, n_episodes)
        The logarithms of the background rates, which a controller does not see.

    References
    ----------
    .. [1] M. Towers et al., "Gymnasium: A standard interface for reinforcement learning
       environments" (2024), arXiv:2407.17032.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.trigger import Trigger
    >>> world = Trigger(n_episodes=2)
    >>> seen, _ = world.reset(seed=1)
    >>> seen, rewards, fell, over, _ = world.step(np.array([0, 4]))
    >>> seen.shape, world.threshold.tolist()
    ((2, 2), [5.6, 6.4])
    """

    single_action_space = spaces.Discrete(len(MOVES))
    single_observation_space = spaces.Box(-20, 20, (2,), np.float32)

    def __init__(self, n_episodes: int, n_seconds: int = 100):
        self.num_envs = whole_number("n_episodes", n_episodes, least=1)
        self.n_seconds = whole_number("n_seconds", n_seconds, least=1)

    def reset(self, *, seed=None, options=None):
        """Start all episodes anew at 6 mV; return what is seen, and an empty dict."""
        super().reset(seed=seed)
        self.threshold, self.second = np.full(self.num_envs, _START), 0
        self.log_rates = self._drift()
        return self.take_data(), {}

    def step(self, actions):
        """Move the thresholds and take data; return what is seen, and the rewards."""
        self.threshold = np.clip(self.threshold + MOVES[actions], 0, _HIGHEST)
        self.second += 1
        seen = self.take_data()
        fell, over = np.zeros((2, self.num_envs), bool)
        return seen, self.reward(), fell, over | (self.second == self.n_seconds), {}

    def take_data(self):
        """Draw the counts of one second; return thresholds minus 6 mV and log (counts / 100)."""
        noise = np.exp(self.log_rates[self.second] - self.threshold)
        self.kept = self.np_random.poisson(SIGNAL * efficiency(self.threshold))
        self.recorded = self.kept + self.np_random.poisson(noise)
        seen = self.threshold - _START, np.log((self.recorded + 1) / 100)
        return np.stack(seen, axis=1).astype("float32")

    def reward(self):
        """Return the rewards of the last second: what a class of your own may replace."""
        return (self.kept - COST * self.recorded) / SIGNAL

    def _drift(self):
        keep = math.exp(-1 / _MEMORY)
        drift = _SPREAD * self.np_random.normal(size=(self.n_seconds + 1, self.num_envs))
        for before, now in itertools.pairwise(drift):
            now[:] = keep * before + math.sqrt(1 - keep**2) * now
        return math.log(_RATE) + drift


def _numbers(name, values):
    return moderate(name, real_array(name, values).astype(float))
