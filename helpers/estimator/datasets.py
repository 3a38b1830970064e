"""What is checked of an input function and of its data, and how its failures are told."""

import contextlib
import functools
import random
import re
from collections.abc import Callable, Iterator, Mapping

import keras
import numpy as np
import tensorflow as tf

from helpers.estimator.network import required_arguments
from helpers.estimator.structure import (
    check_features,
    check_labels,
    check_weights,
    inputs_of,
    losses_rank,
    name_taken,
    only_name,
    parts_of,
)

BAD_INPUT = re.compile(r"<input_fn>(.*?)</input_fn>", re.DOTALL)
# In samples of so few values, each operation costs more than what it does to a value.
FEW_VALUES = 16
# Squares of losses with larger weights would be beyond float32.
LARGEST_WEIGHT = 1e15
UNREADABLE = tf.errors.NotFoundError, tf.errors.PermissionDeniedError, tf.errors.DataLossError
# Converting what needs no conversion would take longer than many a training.
as_it_is = tf.autograph.experimental.do_not_convert


def check_input_fn(input_fn: Callable) -> None:
    """Raise TypeError unless `input_fn` is a function that can be called without arguments."""
    if isinstance(input_fn, tf.data.Dataset) or not callable(input_fn):
        raise TypeError(
            "input_fn must be a function that makes a dataset, and is "
            f"{type(input_fn).__name__}; put the lines that make the dataset into a function "
            "and hand over that function, without calling it."
        )
    asked = required_arguments(input_fn)
    if asked:
        raise TypeError(
            f"input_fn is called without arguments, and asks for {', '.join(asked)}: hand over "
            "lambda: input_fn(…) with what it needs."
        )


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


def check_some_weight(dataset: tf.data.Dataset) -> None:
    """Raise ValueError if the samples have weights, and all are zero.

    Only the batches before the first weight above zero are read.
    """
    if len(dataset.element_spec) < 3:
        return
    with teaching_errors():
        zeros = 0
        for _, _, weights in dataset:
            if any(tf.reduce_any(weight > 0) for weight in tf.nest.flatten(weights)):
                return
            zeros += 1
    if zeros:
        raise ValueError(
            "All weights in the dataset of input_fn are zero, so that no sample counts; check "
            "where they come from."
        )


def checked_dataset(
    input_fn: Callable,
    seed: int,
    model: keras.Model,
    labelled: bool = True,
    n_classes: int | None = None,
) -> tf.data.Dataset:
    """Call an input function under a seed, and check what it gives.

    Structure, names and shapes are checked now. Values are checked batch by batch, inside the
    dataset: read it within `teaching_errors`.

    Parameters
    ----------
    input_fn : callable
        Returns a ``tf.data.Dataset`` of batches.
    seed : int
        Set before the call, so that the order of the data follows from it.
    model : keras.Model
        The model that takes the data.
    labelled : bool, default True
        Whether labels are needed; otherwise they are dropped, and weights, too.
    n_classes : int, optional
        Labels must lie in 0 … n_classes - 1, one for each sample.

    Raises
    ------
    TypeError
        If `input_fn` does not return a dataset.
    ValueError
        If the dataset is empty, labels are missing, or anything does not fit `model`.
    """
    keras.utils.set_random_seed(seed)
    dataset = input_fn()
    if not isinstance(dataset, tf.data.Dataset):
        raise TypeError(
            f"input_fn must return a tf.data.Dataset, and returned {type(dataset).__name__}."
        )
    if dataset.cardinality() == 0:
        check_not_empty(dataset)
    parts = parts_of(dataset.element_spec, labelled)
    check_features(parts, model)
    if labelled:
        check_labels(parts[1], model, n_classes)
        for weights in parts[2:]:
            check_weights(weights, parts[1])
    features = functools.partial(
        _finite_features, taken=set(inputs_of(model)), only=only_name(model)
    )
    if not labelled:
        return dataset.map(as_it_is(functools.partial(_without_labels, features)))
    checked = functools.partial(_checked, features, rank=losses_rank(model), n_classes=n_classes)
    return dataset.map(as_it_is(checked))


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
    """Turn the failure of a check, or of a file, inside a dataset into one sentence."""
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        sentence = BAD_INPUT.search(str(error))
        if sentence is None:
            raise
        raise ValueError(sentence[1]) from None
    except UNREADABLE as error:
        told = re.search(r"([^\s;]+); (\w[^\[\n]*\w)", error.message)
        reason = told[0] if told else "a file is damaged or missing"
        raise OSError(
            f"The dataset of input_fn cannot be read ({reason}): check its files."
        ) from error


def _checked(
    finite_features: Callable, features, labels, *weights, rank: int, n_classes: int | None
):
    weights = [each for each in weights if each is not None]
    with tf.control_dependencies([_require_equal_numbers(features, labels, *weights)]):
        checked = finite_features(features), _checked_labels(labels, n_classes)
    weigh = functools.partial(_checked_weights, rank=rank)
    return *checked, *(tf.nest.map_structure(weigh, each) for each in weights)


def _without_labels(finite_features: Callable, features, *_):
    return (finite_features(features),)


def _finite_features(features, taken: set[str], only: str | None):
    """Return features by the names that the model takes, after a check of their values."""
    if isinstance(features, Mapping):
        return {
            name_taken(name, taken): _finite(f"feature {str(name)!r}", values)
            for name, values in features.items()
        }
    checked = tf.nest.map_structure(lambda feature: _finite("a feature", feature), features)
    return {only: tf.nest.flatten(checked)[0]} if only else checked


def _checked_labels(labels, n_classes: int | None):
    if n_classes is None:
        return tf.nest.map_structure(lambda label: _finite("a label", label), labels)
    numbers = tf.cast(labels, "float32")
    fit = tf.equal(tf.clip_by_value(numbers, 0.0, n_classes - 1.0), numbers)
    if n_classes > 2:
        fit &= numbers == tf.round(numbers)
    sentence = (
        f"The dataset of input_fn has labels other than 0 to {n_classes - 1}; relabel the "
        "classes, or set n_classes."
    )
    with tf.control_dependencies([_require(tf.reduce_all(fit), sentence)]):
        return tf.reshape(numbers, [-1, 1])


def _checked_weights(weights: tf.Tensor, rank: int) -> tf.Tensor:
    """Return weights as they are multiplied with losses of a rank."""
    weights = _finite("a weight", tf.cast(weights, "float32"))
    sentence = (
        f"In the dataset of input_fn, a weight is negative or above {LARGEST_WEIGHT:g}; give 0 to "
        "what shall not count, and about 1 to what shall."
    )
    fit = tf.reduce_all((weights >= 0) & (weights <= LARGEST_WEIGHT))
    with tf.control_dependencies([_require(fit, sentence)]):
        if weights.shape.rank == 1 or weights.shape[1:] == (1,):
            return tf.reshape(weights, [-1] + [1] * (rank - 1))
        if weights.shape.rank == rank + 1 and weights.shape[-1] == 1:
            return tf.squeeze(weights, -1)
        return tf.identity(weights)


def _require_equal_numbers(*parts) -> tf.Operation:
    firsts = [tf.nest.flatten(part)[0] for part in parts]
    numbers = [tf.shape(tensor)[0] for tensor in firsts if isinstance(tensor, tf.Tensor)]
    sentence = (
        "In the dataset of input_fn, features, labels and weights of a batch differ in number; "
        "batch them together."
    )
    return _require(tf.reduce_all(tf.equal(numbers, numbers[:1])), sentence)


def _finite(what: str, values):
    if not isinstance(values, tf.Tensor) or not values.dtype.is_floating:
        return values
    sentence = f"In the dataset of input_fn, {what} is NaN or infinite; remove or replace it."
    few = values.shape[1:].num_elements()
    if few is not None and few <= FEW_VALUES:
        return tf.debugging.check_numerics(values, _marked(sentence))
    # Nought times a number is nought, unless the number is not finite; sums are quick to check.
    finite = tf.debugging.assert_all_finite(tf.reduce_sum(values * 0), _marked(sentence))
    with tf.control_dependencies([finite]):
        return tf.identity(values)


def _require(condition: tf.Tensor, sentence: str) -> tf.Operation:
    return tf.Assert(condition, [_marked(sentence)])


def _marked(sentence: str) -> str:
    return f"<input_fn>{sentence}</input_fn>"
