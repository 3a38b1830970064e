"""A laboratory of pulse networks: triplets under any conditions, and many networks side by side."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike
from tqdm import trange

from helpers.arguments import real_array, whole_number
from helpers.convolve import zero_sum_kernels
from helpers.generate import PULSE_WIDTH, generate_pulses

N_TRACES, N_TIMES = 3, 100
SIGMA = PULSE_WIDTH * (N_TIMES - 1)
"""The width of the pulses of `generate_pulses`, in bins."""
FIRST_BIN = 3
"""The bin that the first output of a network stands for."""


def draw_triplets(
    n: int,
    seed: int,
    width: ArrayLike = SIGMA,
    height: ArrayLike = 5.0,
    noise: ArrayLike = 0.0,
    rate: ArrayLike = 1.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw triplets like those of `generate_pulses` under conditions of one's own.

    Parameters
    ----------
    n, seed : int
        How many triplets, and where the random numbers start.
    width, height : array_like, default 2.0 bins and 5.0
        Standard deviation and height of the pulses, each a number or an array of shape (n,).
    noise : array_like, default 0.0
        Standard deviation of white noise on every sample, likewise.
    rate : array_like, default 1.0
        The mean number of accidental pulses in a trace, likewise.

    Returns
    -------
    traces : numpy.ndarray of float32, shape (n, 3, 100)
        The waveforms.
    bins : numpy.ndarray of int, shape (n,)
        The bins of the coincidences.

    Raises
    ------
    TypeError, ValueError
        If a setting is no number or array of n numbers, not from 0 to 1000, or a width is zero.

    Examples
    --------
    >>> from helpers.laboratory import draw_triplets
    >>> X, y = draw_triplets(20, seed=1, noise=0.5)
    >>> X.shape, y.shape
    ((20, 3, 100), (20,))
    """
    n = whole_number("n", n, least=1, most=10**7)
    background, _ = generate_pulses(n, amplitude=0.0, seed=seed)
    settings = {"width": width, "height": height, "noise": noise, "rate": rate}
    width, height, noise, rate = (_for_each(n, *setting) for setting in settings.items())
    if not width.all():
        raise ValueError("width holds a zero, but a pulse has a width: give one above zero.")
    rng = np.random.default_rng(seed)
    shared = rng.uniform(0.05, 0.95, (n, 1)) * (N_TIMES - 1)
    counts = rng.poisson(rate, (n, N_TRACES))
    total = _pulses(shared, width)
    for number in range(counts.max()):
        accidental = _pulses(rng.uniform(0, N_TIMES - 1, counts.shape), width)
        total = total + (counts > number)[..., None] * accidental
    white = noise[..., None] * rng.normal(size=background.shape)
    traces = background + height[..., None] * total + white
    return traces.astype("float32"), np.rint(shared[:, 0]).astype(int)


class PulseNetworks(keras.layers.Layer):
    """Independent copies of the network of 51 parameters, trained side by side.

    So small a network costs more to call than to compute. Here every weight has a leading axis
    that counts the copies: two kernels of three bins with a tanh, then one kernel of seven bins
    across all traces and both maps, and nothing is shared between the copies.

    Parameters
    ----------
    copies : int
        How many networks there are.
    start : callable, default zero_sum_kernels
        The initializer of the first kernels.
    frozen : bool, default False
        Whether these do not learn.
    alike : bool, default False
        Whether all traces share the weights of the second kernel.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.laboratory import PulseNetworks, draw_triplets
    >>> X, y = draw_triplets(64, seed=1)
    >>> networks = PulseNetworks(2)
    >>> networks.probabilities(X).shape
    (2, 64, 94)
    """

    def __init__(
        self,
        copies: int,
        start: Callable = zero_sum_kernels,
        frozen: bool = False,
        alike: bool = False,
    ):
        super().__init__()
        self.copies = copies
        small = keras.initializers.RandomUniform(-0.3, 0.3)
        rows = 1 if alike else N_TRACES
        self.kernel_1 = self.add_weight((copies, 3, 2), start, trainable=not frozen)
        self.bias_1 = self.add_weight((copies, 1, 2), "zeros")
        self.kernel_2 = self.add_weight((copies, rows, 2, 7), small)
        self.bias_2 = self.add_weight((copies, 1, 1), "zeros")

    def call(self, traces):
        """Return scores of shape (copies, n, 94) for traces of shape (copies, n, 3, 100)."""
        windows = _around_each_bin(traces, self.copies)
        maps = ops.tanh(ops.matmul(windows, self.kernel_1) + self.bias_1)
        kernels = ops.broadcast_to(self.kernel_2, (self.copies, N_TRACES, 2, 7))
        return _slide(kernels, maps, self.copies) + self.bias_2

    def fit(
        self,
        X: np.ndarray,
        y: np.ndarray,
        rows: Sequence[np.ndarray],
        steps: int = 250,
        rate: float = 0.1,
        measure: Callable[[int], None] | None = None,
    ) -> "PulseNetworks":
        """Train all copies with batches of 64, each on the triplets in its own `rows`.

        The loss is the sum over the copies, so that each follows its own gradient. `measure` is
        called with the number of each step. Returns the networks themselves.
        """
        rng = np.random.default_rng(1)
        schedule = keras.optimizers.schedules.CosineDecay(rate, steps)
        optimizer = keras.optimizers.Adam(schedule, beta_2=0.99)
        optimizer.build(self.trainable_variables)
        step = self._step(optimizer)
        for number in trange(steps, desc=f"Training {self.copies} networks", leave=False):
            batch = np.stack([rng.choice(own, 64) for own in rows])
            step(tf.constant(X[batch]), tf.constant(y[batch]))
            if measure:
                measure(number + 1)
        return self

    def _step(self, optimizer):
        cross_entropy = keras.losses.sparse_categorical_crossentropy

        @tf.function(jit_compile=True)
        def step(traces, labels):
            with tf.GradientTape() as tape:
                loss = cross_entropy(labels - FIRST_BIN, self(traces), from_logits=True)
                loss = ops.sum(ops.mean(loss, axis=1))
            gradient = tape.gradient(loss, self.trainable_variables)
            optimizer.apply(gradient, self.trainable_variables)

        return step

    def probabilities(self, X: np.ndarray, at_once: int = 500) -> np.ndarray:
        """Return what each copy says of each triplet, in the shape (copies, n, 94)."""
        answers = []
        for first in range(0, len(X), at_once):
            traces = X[first : first + at_once]
            logits = self(np.broadcast_to(traces, (self.copies, *traces.shape)))
            answers.append(ops.convert_to_numpy(ops.softmax(logits)))
        return np.concatenate(answers, axis=1)

    def accuracies(self, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return for each copy the share of the triplets whose bin it names."""
        return np.mean(self.probabilities(X).argmax(axis=-1) + FIRST_BIN == y, axis=1)

    def pick(self, copies: Sequence[int]) -> "PulseNetworks":
        """Return some of the copies, with their weights."""
        picked = PulseNetworks(len(copies))
        picked.set_weights([weight[np.asarray(copies)] for weight in self.get_weights()])
        return picked


def _for_each(n, name, values):
    values = real_array(name, values).astype(float)
    if values.shape not in ((), (n,)) or (values < 0).any() or (values > 1000).any():
        raise ValueError(
            f"{name} must be a number or {n} numbers, one for each triplet, from 0 to 1000, but "
            f"its shape is {values.shape}, and it holds {values.max(initial=0):g}."
        )
    return np.broadcast_to(values, n)[:, None]


def _pulses(times, width):
    distance = (np.arange(N_TIMES) - times[..., None]) / width[..., None]
    return np.exp(-0.5 * distance**2)


def _around_each_bin(traces, copies):
    """Return, for each copy, three bins a row: before, at and after each."""
    columns = ops.swapaxes(traces, 2, 3)
    padded = ops.pad(columns, ((0, 0), (0, 0), (1, 1), (0, 0)))
    windows = ops.stack([padded[:, :, k : k + N_TIMES] for k in range(3)], axis=-1)
    return ops.reshape(windows, (copies, -1, 3))


def _slide(kernels, maps, copies):
    """Return each copy's product of its seven columns with its two maps."""
    rows = ops.reshape(maps, (copies, -1, 2 * N_TRACES))
    columns = ops.reshape(kernels, (copies, 2 * N_TRACES, 7))
    terms = ops.reshape(ops.matmul(rows, columns), (copies, -1, N_TIMES, 7))
    return sum(terms[:, :, k : N_TIMES - 6 + k, k] for k in range(7))
