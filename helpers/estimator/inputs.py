"""Input functions: how to make them, and what is checked when they are called."""

import contextlib
import functools
import random
import re
from collections.abc import Callable, Iterator, Mapping

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import ArrayLike

from helpers.arguments import unmasked, whole_number

BAD_INPUT = re.compile(r"<input_fn>(.*?)</input_fn>", re.DOTALL)
# Converting what needs no conversion would take longer than many a training.
_as_it_is = tf.autograph.experimental.do_not_convert


def numeric_inputs(table: pd.DataFrame | Mapping[str, ArrayLike]) -> dict[str, keras.KerasTensor]:
    """Make named symbolic inputs, without values, from the columns of a table.

    Parameters
    ----------
    table : DataFrame or dict of arrays
        Columns of numbers, the samples along their first axis.

    Returns
    -------
    dict
        A ``keras.Input`` of dtype float32 for each column, under the column's name;
        its shape is that of one sample, ``()`` for a column of a DataFrame.

    Raises
    ------
    TypeError
        If a column does not hold numbers.

    Examples
    --------
    >>> numeric_inputs({"x0": np.ones(500), "traces": np.ones((500, 3, 100))})["traces"].shape
    (None, 3, 100)
    """
    inputs = {}
    for key in table:
        column = np.asarray(table[key])
        if column.dtype.kind not in "biuf":
            raise TypeError(
                f"Column {key!r} holds {column.dtype} where numbers are needed; leave it out."
            )
        inputs[str(key)] = keras.Input(column.shape[1:], name=str(key), dtype="float32")
    return inputs


def numpy_input_fn(
    x: ArrayLike | pd.DataFrame | Mapping[str, ArrayLike],
    y: ArrayLike | pd.DataFrame | None = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    *,
    shuffle: bool,
    seed: int | None = None,
) -> Callable[[], tf.data.Dataset]:
    """Make an input function from arrays in memory.

    Parameters
    ----------
    x : array, DataFrame or dict of arrays
        The features, the samples along the first axis.
    y : array or DataFrame, optional
        The labels. Without them, the dataset has features only.
    batch_size : int, default 128
        Samples in a batch; the last batch may be smaller.
    num_epochs : int or None, default 1
        How often the samples pass by; None repeats them for ever.
    shuffle : bool
        Whether each pass has a new random order.
    seed : int, optional
        Seed of the order. Default: it follows from the seed of the estimator.

    Returns
    -------
    callable
        A function without arguments that returns a ``tf.data.Dataset``.

    Raises
    ------
    TypeError
        If `batch_size` or `num_epochs` is no whole number.
    ValueError
        If there are no samples, features and labels differ in number, values are masked, or a
        number is not positive.

    Examples
    --------
    >>> input_fn = numpy_input_fn({"x": np.arange(5)}, batch_size=3, shuffle=False)
    >>> [batch["x"].numpy().tolist() for batch in input_fn()]
    [[0, 1, 2], [3, 4]]
    """
    check_positive(batch_size=batch_size, num_epochs=num_epochs)
    data = _arrays(x) if y is None else (_arrays(x), unmasked("y", y))
    n_samples = _common_length(data)
    infinite = tf.data.INFINITE_CARDINALITY
    n_batches = infinite if num_epochs is None else -(-n_samples * num_epochs // batch_size)

    def input_fn() -> tf.data.Dataset:
        tensors = tf.nest.map_structure(tf.constant, data)
        drawn = tf.random.uniform([], maxval=2**31, dtype=tf.int64) if seed is None else seed
        epochs = tf.data.Dataset.counter().take(-1 if num_epochs is None else num_epochs)
        orders = epochs.map(_as_it_is(lambda epoch: _order(n_samples, shuffle, drawn, epoch)))
        batches = orders.rebatch(batch_size).map(_as_it_is(lambda rows: _rows_of(tensors, rows)))
        return batches.apply(tf.data.experimental.assert_cardinality(n_batches))

    return input_fn


def check_input_fn(input_fn: Callable) -> None:
    """Raise TypeError unless `input_fn` is a function."""
    if isinstance(input_fn, tf.data.Dataset) or not callable(input_fn):
        raise TypeError(
            "input_fn must be a function that makes a dataset, and is "
            f"{type(input_fn).__name__}; put the lines that make the dataset into a function "
            "and hand over that function, without calling it."
        )


def check_positive(**numbers: int | None) -> None:
    """Raise TypeError or ValueError unless each number is a whole and positive one, or None."""
    for name, number in numbers.items():
        if number is not None:
            whole_number(name, number, least=1)


def check_end(dataset: tf.data.Dataset, verb: str, steps: int | None) -> None:
    """Raise ValueError if all of a dataset is asked for that has no end."""
    if steps is None and dataset.cardinality() == tf.data.INFINITE_CARDINALITY:
        raise ValueError(
            f"{verb}() would never end: the dataset of input_fn repeats for ever; say how many "
            "steps, or leave out repeat()."
        )


def check_not_empty(dataset: tf.data.Dataset) -> None:
    """Raise ValueError if a dataset has no batch at all, by reading the first."""
    with teaching_errors():
        if not list(dataset.take(1)):
            raise ValueError("The dataset of input_fn is empty; check what it reads.")


def checked_dataset(
    input_fn: Callable,
    seed: int,
    names: set[str],
    labelled: bool = True,
    n_classes: int | None = None,
) -> tf.data.Dataset:
    """Call an input function under a seed, and check what it gives.

    Names and labels are checked now. Values are checked batch by batch, inside the
    dataset: read it within `teaching_errors`.

    Parameters
    ----------
    input_fn : callable
        Returns a ``tf.data.Dataset`` of batches.
    seed : int
        Set before the call, so that the order of the data follows from it.
    names : set of str
        The features that the model takes; empty if they have no names.
    labelled : bool, default True
        Whether labels are needed; otherwise they are dropped.
    n_classes : int, optional
        Labels must lie in 0 … n_classes - 1, one for each sample.

    Raises
    ------
    TypeError
        If `input_fn` does not return a dataset.
    ValueError
        If the dataset is empty, labels are missing, or features do not fit `names`.
    """
    keras.utils.set_random_seed(seed)
    dataset = input_fn()
    if not isinstance(dataset, tf.data.Dataset):
        raise TypeError(
            f"input_fn must return a tf.data.Dataset, and returned {type(dataset).__name__}."
        )
    if dataset.cardinality() == 0:
        check_not_empty(dataset)
    spec = dataset.element_spec
    if labelled and not (isinstance(spec, tuple) and len(spec) >= 2):
        raise ValueError("The dataset of input_fn has no labels; make it of (features, labels).")
    _check_names(spec[0] if isinstance(spec, tuple) else spec, names)
    if labelled and n_classes:
        _check_label_type(spec[1], n_classes)

    checked = _checked if labelled else _without_labels
    return dataset.map(_as_it_is(functools.partial(checked, n_classes=n_classes)))


@contextlib.contextmanager
def keeping_random_state() -> Iterator[None]:
    """Let the random numbers of Python and NumPy go on afterwards as if nothing had been."""
    python, numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


@contextlib.contextmanager
def teaching_errors() -> Iterator[None]:
    """Turn the failure of a check inside a dataset into a ValueError of one sentence."""
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        sentence = BAD_INPUT.search(str(error))
        if sentence is None:
            raise
        raise ValueError(sentence[1]) from None


def _arrays(x) -> np.ndarray | dict[str, np.ndarray]:
    if isinstance(x, Mapping) or hasattr(x, "columns"):
        return {str(key): unmasked(f"x[{key!r}]", x[key]) for key in x}
    return unmasked("x", x)


def _common_length(data) -> int:
    lengths = {len(array) for array in tf.nest.flatten(data)}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(
            "numpy_input_fn takes features and labels of the same number of samples, at least "
            f"one, and got {sorted(lengths)}."
        )
    return lengths.pop()


def _order(n_samples: int, shuffle: bool, seed, epoch) -> tf.Tensor:
    rows = tf.range(n_samples)
    if shuffle:
        rows = tf.random.experimental.stateless_shuffle(rows, tf.stack([seed, epoch]))
    return rows


def _rows_of(tensors, rows: tf.Tensor):
    return tf.nest.map_structure(lambda tensor: tf.gather(tensor, rows), tensors)


def _check_names(features, names: set[str]) -> None:
    given = {str(name) for name in features} if isinstance(features, Mapping) else set()
    missing, unknown = sorted(names - given), sorted(given - names)
    problems = [f"misses {missing}"] if missing else []
    problems += [f"has {unknown} besides"] if unknown else []
    if problems and names and (given or len(names) > 1):
        raise ValueError(
            f"The model takes the features {sorted(names)}; the dataset of input_fn "
            f"{' and '.join(problems)}: give it the same names."
        )


def _check_label_type(labels: tf.TensorSpec, n_classes: int) -> None:
    is_column = (labels.shape.rank or 1) == 1 or labels.shape[-1] == 1
    if labels.dtype == tf.string or not is_column:
        raise ValueError(
            f"Labels must be one number for each sample, from 0 to {n_classes - 1}, and are "
            f"{labels.dtype.name} of shape {labels.shape}; encode them as class numbers."
        )


def _checked(features, labels, *weights, n_classes: int | None):
    return _finite_features(features), _checked_labels(labels, n_classes), *weights


def _without_labels(features, *_, **__):
    return (_finite_features(features),)


def _finite_features(features):
    if isinstance(features, Mapping):
        return {str(name): _finite(f"feature {name!r}", features[name]) for name in features}
    return tf.nest.map_structure(lambda feature: _finite("a feature", feature), features)


def _checked_labels(labels, n_classes: int | None):
    if n_classes is None:
        return tf.nest.map_structure(lambda label: _finite("a label", label), labels)
    numbers = tf.cast(labels, "float32")
    fit = (numbers >= 0) & (numbers <= n_classes - 1)
    if n_classes > 2:
        fit &= numbers == tf.round(numbers)
    sentence = _marked(
        f"The dataset of input_fn has labels other than 0 to {n_classes - 1}; relabel the "
        "classes, or set n_classes."
    )
    with tf.control_dependencies([tf.Assert(tf.reduce_all(fit), [sentence])]):
        return tf.reshape(tf.identity(numbers), [-1, 1])


def _finite(what: str, values):
    if not isinstance(values, tf.Tensor) or not values.dtype.is_floating:
        return values
    sentence = f"In the dataset of input_fn, {what} is NaN or infinite; remove or replace it."
    # Nought times a number is nought, unless the number is not finite; sums are quick to check.
    finite = tf.debugging.assert_all_finite(tf.reduce_sum(values * 0), _marked(sentence))
    with tf.control_dependencies([finite]):
        return tf.identity(values)


def _marked(sentence: str) -> str:
    return f"<input_fn>{sentence}</input_fn>"
