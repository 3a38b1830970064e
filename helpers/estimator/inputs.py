"""How data in memory become the inputs of a model, and an input function."""

from collections.abc import Callable, Mapping

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import ArrayLike

from helpers.arguments import choice, real_numbers, text, whole_number
from helpers.estimator.datasets import LARGEST_WEIGHT, as_it_is
from helpers.estimator.structure import tensor_name
from helpers.estimator.successors import answering_old_calls
from helpers.generate.seeds import checked_seed


def numeric_inputs(table: pd.DataFrame | Mapping[str, ArrayLike]) -> dict[str, keras.KerasTensor]:
    """Make named symbolic inputs, without values, from the columns of a table.

    Parameters
    ----------
    table : DataFrame or dict of arrays
        Columns of numbers, the samples along their first axis, under any names.

    Returns
    -------
    dict
        A ``keras.Input`` of dtype float32 for each column, under the column's name;
        its shape is that of one sample, ``()`` for a column of a DataFrame. In the name of
        the input itself, which Keras wants without a ``/``, a ``∕`` stands for it.

    Raises
    ------
    TypeError
        If `table` is no table, or a column does not hold numbers.
    ValueError
        If two columns have the same name, or values are missing.

    Examples
    --------
    >>> numeric_inputs({"E/p": np.ones(500), "traces": np.ones((500, 3, 100))})["traces"].shape
    (None, 3, 100)
    """
    if not _is_table(table):
        raise TypeError(
            f"table is a {type(table).__name__}, but it must be a DataFrame or a dict of columns: "
            "give the columns names."
        )
    return {
        key: keras.Input(column.shape[1:], name=tensor_name(key), dtype="float32")
        for key, column in _columns("Column", table).items()
    }


@answering_old_calls
def numpy_input_fn(
    x: ArrayLike | pd.DataFrame | Mapping[str, ArrayLike],
    y: ArrayLike | pd.DataFrame | Mapping[str, ArrayLike] | None = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    *,
    shuffle: bool | None = None,
    seed: int | None = None,
    weights: ArrayLike | None = None,
) -> Callable[[], tf.data.Dataset]:
    """Make an input function from arrays in memory.

    Parameters
    ----------
    x : array, DataFrame or dict of arrays
        The features, the samples along the first axis.
    y : array, DataFrame or dict of arrays, optional
        The labels. Without them, the dataset has features only.
    batch_size : int, default 128
        Samples in a batch; the last batch may be smaller.
    num_epochs : int or None, default 1
        How often the samples pass by; None repeats them for ever.
    shuffle : bool
        Whether each pass has a new random order: True for training, False for a test. It has
        to be said.
    seed : int, optional
        Seed of the order. Default: it follows from the seed of the estimator.
    weights : array of shape (n_samples,) or (n_samples, 1), optional
        How much each sample counts in training and in every metric: 0 or more.

    Returns
    -------
    callable
        A function without arguments that returns a ``tf.data.Dataset``.

    Raises
    ------
    TypeError
        If a number is no whole number, or the data are no numbers.
    ValueError
        If there are no samples, features, labels and weights differ in number, values are
        masked or missing, `shuffle` is not said, a number is not positive, or a weight is
        negative, NaN or above 1e15, or all are zero.

    Examples
    --------
    >>> input_fn = numpy_input_fn({"x": np.arange(5)}, batch_size=3, shuffle=False)
    >>> [batch["x"].numpy().tolist() for batch in input_fn()]
    [[0, 1, 2], [3, 4]]
    """
    batch_size = whole_number("batch_size", batch_size, least=1)
    if num_epochs is not None:
        num_epochs = whole_number("num_epochs", num_epochs, least=1)
    if seed is not None:
        seed = checked_seed(seed)
    choice("shuffle", shuffle, (True, False))
    data = _data(x, y, weights)
    n_samples = _common_length(data)
    infinite = tf.data.INFINITE_CARDINALITY
    n_batches = infinite if num_epochs is None else -(-n_samples * num_epochs // batch_size)

    def input_fn() -> tf.data.Dataset:
        tensors = tf.nest.map_structure(tf.constant, data)
        drawn = tf.random.uniform([], maxval=2**31, dtype=tf.int64) if seed is None else seed
        epochs = tf.data.Dataset.counter().take(-1 if num_epochs is None else num_epochs)
        orders = epochs.map(as_it_is(lambda epoch: _order(n_samples, shuffle, drawn, epoch)))
        batches = orders.rebatch(batch_size).map(as_it_is(lambda rows: _rows_of(tensors, rows)))
        return batches.apply(tf.data.experimental.assert_cardinality(n_batches))

    return input_fn


def _data(x, y, weights):
    if y is None and weights is not None:
        raise ValueError("weights say how much labels count, and there are none: give y, too.")
    parts = [_arrays("x", x)]
    if y is not None:
        parts.append(_arrays("y", y))
    if weights is not None:
        parts.append(_checked_weights(weights))
    return tuple(parts) if len(parts) > 1 else parts[0]


def _arrays(name: str, values) -> np.ndarray | dict[str, np.ndarray]:
    if isinstance(values, Mapping) or (name == "x" and _is_table(values)):
        return _columns(name, values)
    return _samples(name, values)


def _is_table(values: object) -> bool:
    return isinstance(values, Mapping | pd.DataFrame)


def _columns(what: str, table) -> dict[str, np.ndarray]:
    names = [tensor_name(text("The name of a column", str(key))) for key in table]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"Two columns are called {twice[0]!r}: give each a name of its own.")
    return {str(key): _samples(f"{what} {key!r}", table[key]) for key in table}


def _samples(name: str, values) -> np.ndarray:
    array = real_numbers(name, values)
    if not array.ndim:
        raise ValueError(
            f"{name} is a single number, but it must have one for each sample: give an array."
        )
    return array


def _checked_weights(weights) -> np.ndarray:
    with np.errstate(over="ignore"):  # What becomes infinite is told below.
        array = _samples("weights", weights).astype(np.float32)
    if array.ndim > 1 and array.shape[1:] != (1,):
        raise ValueError(
            f"weights have the shape {array.shape}, but there must be one for each sample: give "
            "an array of shape (n_samples,)."
        )
    if not (((array >= 0) & (array <= LARGEST_WEIGHT)).all() and (array > 0).any()):
        raise ValueError(
            f"weights must be finite, 0 or more, up to {LARGEST_WEIGHT:g}, and not all 0: find "
            "those that are not, and leave out what shall not count by a weight of 0."
        )
    return array.reshape(-1)


def _common_length(data) -> int:
    lengths = {len(array) for array in tf.nest.flatten(data)}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(
            "numpy_input_fn takes features and labels of the same number of samples, weights as "
            f"many, at least one, and got {sorted(lengths)}."
        )
    return lengths.pop()


def _order(n_samples: int, shuffle: bool, seed, epoch) -> tf.Tensor:
    rows = tf.range(n_samples)
    if shuffle:
        rows = tf.random.experimental.stateless_shuffle(rows, tf.stack([seed, epoch]))
    return rows


def _rows_of(tensors, rows: tf.Tensor):
    return tf.nest.map_structure(lambda tensor: tf.gather(tensor, rows), tensors)
