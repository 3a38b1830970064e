"""What the page on generators trains and judges with: one training loop, a rival, a referee."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.mixture import GaussianMixture
from tqdm import trange

from helpers.arguments import real_array, whole_number

STEPS_AT_ONCE = 50


class Training:
    """One or more losses, each with the networks that are to make it small.

    Every player takes one step of Adam after the other, with a rate that falls to zero. A running
    average of the weights, which is smoother than the last step, replaces them at the end.

    Parameters
    ----------
    *players : tuple of a callable, a list of keras networks and a float
        The loss, a function without arguments, the networks that learn from it, and their rate
        at the start.
    momentum : float, default 0.9
        How much of the gradients before stays in the mean that a step follows.

    Examples
    --------
    >>> import keras
    >>> from helpers.generative import Training
    >>> line = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> x = keras.ops.ones((4, 1))
    >>> training = Training((lambda: keras.ops.mean((line(x) - 3) ** 2), [line], 0.1))
    >>> training.run(steps=500)
    >>> round(float(line(x)[0, 0]))
    3
    """

    def __init__(self, *players: tuple[Callable, list, float], momentum: float = 0.9):
        self.players = players
        self.momentum = momentum

    def run(self, steps: int, name: str | None = None) -> None:
        """Take as many steps; a bar of progress has the name."""
        moves = [self._move(*player, steps) for player in self.players]

        @tf.function
        def advance():
            for _ in tf.range(STEPS_AT_ONCE):
                for _, _, move in moves:
                    move()

        options = {"desc": name, "unit_scale": STEPS_AT_ONCE, "unit": "step", "disable": not name}
        for _ in trange(steps // STEPS_AT_ONCE, **options):
            advance()
        for adam, weights, _ in moves:
            adam.finalize_variable_values(weights)

    def _move(self, loss, networks, rate, steps):
        weights = [weight for network in networks for weight in network.trainable_variables]
        fall = keras.optimizers.schedules.CosineDecay(rate, steps)
        adam = keras.optimizers.Adam(fall, self.momentum, use_ema=True)
        adam.build(weights)

        def move():
            with tf.GradientTape() as tape:
                value = loss()
            adam.apply(tape.gradient(value, weights), weights)

        return adam, weights, move


class PlaneMixture:
    """Spectra without a network: principal components of their pulls, and a mixture of scores.

    The scores contain the noise of the spectra. What Poisson noise has around the middle of a part
    is taken out of that part of the mixture, before Poisson dice add it again.

    Parameters
    ----------
    counts : array_like of real numbers, shape (n_spectra, n_bins)
        Measured spectra.
    n_parts : int, default 4
        How many normal distributions the mixture has.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.generative import PlaneMixture
    >>> counts = np.random.default_rng(1).poisson(5, (200, 8))
    >>> PlaneMixture(counts, n_parts=1).draw(10, seed=2).shape
    (10, 8)
    """

    def __init__(self, counts: ArrayLike, n_parts: int = 4):
        counts = real_array("counts", counts)
        self.mean = counts.mean(axis=0)
        pulls = (counts - self.mean) / np.sqrt(self.mean)
        self.plane = np.linalg.eigh(np.cov(pulls, rowvar=False))[1][:, :-3:-1].T
        mixture = GaussianMixture(whole_number("n_parts", n_parts, least=1), random_state=0)
        self.mixture = mixture.fit(pulls @ self.plane.T)

    def draw(self, n_spectra: int, seed: int = 0) -> np.ndarray:
        """Return counts of new spectra, of shape (n_spectra, n_bins)."""
        random = np.random.default_rng(seed)
        sizes = random.multinomial(n_spectra, self.mixture.weights_)
        parts = zip(sizes, self.mixture.means_, self.mixture.covariances_, strict=True)
        scores = np.concatenate([self._without_noise(random, *part) for part in parts])
        random.shuffle(scores)
        return random.poisson(self._rates(scores))

    def _rates(self, scores):
        return np.maximum(self.mean + scores @ self.plane * np.sqrt(self.mean), 0)

    def _without_noise(self, random, size, middle, covariance):
        noise = self.plane * self._rates(middle) / self.mean @ self.plane.T
        variances, axes = np.linalg.eigh(covariance - noise)
        spread = np.sqrt(np.maximum(variances, 0))
        return middle + random.normal(size=(size, len(middle))) * spread @ axes.T


class Referee:
    """A classifier two-sample test [1]_: can boosted trees tell two samples apart?

    They learn from half of both samples, and are judged by the other half. Samples of one
    distribution are told apart in one half of the cases.

    Parameters
    ----------
    measured : array_like of real numbers, shape (n_samples, n_features)
        What the trees are shown of the measured samples.

    References
    ----------
    .. [1] D. Lopez-Paz and M. Oquab, "Revisiting classifier two-sample tests" (2016),
       arXiv:1610.06545.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.generative import Referee
    >>> measured = np.random.default_rng(1).normal(size=(400, 2))
    >>> float(Referee(measured).told_apart(measured + 10))
    1.0
    """

    def __init__(self, measured: ArrayLike):
        self.measured = real_array("measured", measured)

    def told_apart(self, made: ArrayLike) -> float:
        """Return the share of right answers on the half that the trees did not learn from."""
        made = real_array("made", made)
        X = np.concatenate([made, self.measured])
        y = np.repeat([1, 0], [len(made), len(self.measured)])
        trees = HistGradientBoostingClassifier(max_iter=50, random_state=0)
        return trees.fit(X[::2], y[::2]).score(X[1::2], y[1::2])
