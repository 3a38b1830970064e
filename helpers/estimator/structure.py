"""Whether a dataset has the structure, the names and the shapes that a model takes.

All is read from specifications, before any data are; whatever does not fit is a
ValueError of one sentence.
"""

from collections.abc import Mapping

import keras
import tensorflow as tf


def tensor_name(name: object) -> str:
    """Return a column's name as Keras takes it, which wants no ``/``: ``E/p`` becomes ``E∕p``."""
    return str(name).replace("/", "∕")


def inputs_of(model: keras.Model) -> dict[str, keras.KerasTensor]:
    """Return the inputs of a model by the names under which it takes them, if it has any."""
    structure = _structure(model)
    if _is_flat_dict(structure):
        return dict(structure)
    return {tensor.name: tensor for tensor in getattr(model, "inputs", None) or ()}


def only_name(model: keras.Model) -> str | None:
    """Return the name of the one input that a model takes in a dict, None if it takes others."""
    names = list(inputs_of(model))
    return names[0] if len(names) == 1 and isinstance(_structure(model), Mapping) else None


def losses_rank(model: keras.Model) -> int:
    """Return the rank of the losses of a batch: one a sample, or one for each of its steps."""
    ranks = {len(output.shape) for output in getattr(model, "outputs", None) or ()}
    return max(1, ranks.pop() - 1) if len(ranks) == 1 else 1


def name_taken(name: object, taken: Mapping[str, object]) -> str:
    """Return a feature's name as the model knows it."""
    known = str(name) in taken or tensor_name(name) not in taken
    return str(name) if known else tensor_name(name)


def parts_of(spec, labelled: bool) -> tuple:
    """Return features, labels and weights of a dataset's specification.

    Raises
    ------
    ValueError
        If labels are needed and missing, or there are more than three parts.
    """
    parts = spec if isinstance(spec, tuple) else (spec,)
    nothing = tf.data.Dataset.from_tensors((0, None)).element_spec[1]
    parts = tuple(part for part in parts if part != nothing)
    if labelled and len(parts) < 2:
        raise ValueError("The dataset of input_fn has no labels; make it of (features, labels).")
    if len(parts) > 3:
        raise ValueError(
            f"The dataset of input_fn has {len(parts)} parts, but it must have (features, labels) "
            "or (features, labels, weights): put all features into one dict."
        )
    return parts


def check_features(parts: tuple, model: keras.Model) -> None:
    """Raise ValueError unless features have the names, the types and the shapes of inputs."""
    features, taken = parts[0], inputs_of(model)
    label_rank = _rank(parts[1]) if len(parts) > 1 else None
    for what, spec, tensor in _pairs(features, model, taken):
        _check_tensor(what, spec, tensor is None or tensor.sparse or tensor.ragged)
        if isinstance(spec, tf.TensorSpec) and tensor is not None:
            _check_dtype(what, spec, tensor.dtype)
            _check_shape(what, spec.shape, tf.TensorShape(tensor.shape), label_rank)
        elif label_rank == 0 or _rank(spec) == 0:
            raise _not_batched(what, spec.shape)


def check_labels(labels, model: keras.Model, n_classes: int | None) -> None:
    """Raise ValueError unless there are labels for each output, one a sample for classes."""
    if tf.nest.is_nested(labels) and (n_classes or len(getattr(model, "outputs", "..")) == 1):
        found = f"a dict of {sorted(labels)}" if isinstance(labels, Mapping) else "several arrays"
        raise ValueError(
            f"In the dataset of input_fn, labels are {found}, but the model has one output: take "
            "one out with dataset.map(lambda features, labels: (features, labels[…]))."
        )
    _check_outputs(labels, model)
    for label in tf.nest.flatten(labels):
        _check_tensor("a label", label)
        if _rank(label) == 0:
            raise _not_batched("a label", label.shape)
    if n_classes:
        _check_class_numbers(labels, n_classes)


def _check_outputs(labels, model: keras.Model) -> None:
    """Raise ValueError unless each of several outputs that has a loss has labels."""
    outputs = getattr(model, "outputs", None) or ()
    if len(outputs) < 2:
        return
    structure, losses = getattr(model, "output", None), model.loss
    names = set(structure if isinstance(structure, Mapping) else model.output_names)
    wanted = names & set(losses) if isinstance(losses, Mapping) else names
    by_name = isinstance(labels, Mapping) and wanted <= set(labels) <= names
    in_order = isinstance(labels, tuple) and len(labels) == len(outputs)
    if not by_name and not in_order:
        found = f"for {sorted(labels)}" if isinstance(labels, Mapping) else "not in a dict"
        raise ValueError(
            f"In the dataset of input_fn, labels are {found}, but the model has the outputs "
            f"{sorted(names)}: give a dict of labels by these names."
        )


def check_weights(weights, labels) -> None:
    """Raise ValueError unless there is a number for each sample, or for each label."""
    if tf.nest.is_nested(weights) and not _same_structure(weights, labels):
        raise ValueError(
            "In the dataset of input_fn, weights are several arrays and labels are others: give "
            "one array of weights."
        )
    by_label = tf.nest.flatten(labels) if tf.nest.is_nested(weights) else [labels]
    for weight, label in zip(tf.nest.flatten(weights), by_label, strict=True):
        _check_tensor("a weight", weight)
        _check_dtype("a weight", weight)
        shape = weight.shape
        per_label = isinstance(label, tf.TensorSpec) and shape.rank <= (label.shape.rank or 0)
        fits = per_label and shape.is_compatible_with(label.shape[: shape.rank])
        if shape.rank == 0 or not (fits or shape.rank == 1 or shape[1:] == (1,)):
            raise ValueError(
                f"In the dataset of input_fn, the weights have the shape {shape}, but there must "
                "be one for each sample: give them the shape (None,)."
            )


def _structure(model: keras.Model):
    return getattr(model, "input", None)  # A sequential model has none.


def _pairs(features, model: keras.Model, taken: dict):
    """Return what to call each feature, its specification, and the input that takes it."""
    if isinstance(features, Mapping):
        known = {name_taken(name, taken): spec for name, spec in features.items()}
        _check_names(set(known), set(taken))
        return [(f"feature {name!r}", spec, taken.get(name)) for name, spec in known.items()]
    given = tf.nest.flatten(features)
    if not taken:
        return [("a feature", spec, None) for spec in given]
    by_name = isinstance(_structure(model), Mapping) and len(taken) > 1
    if len(given) != len(taken) or by_name:
        _check_names(set(), set(taken))
    return [("a feature", *pair) for pair in zip(given, taken.values(), strict=True)]


def _check_names(given: set[str], names: set[str]) -> None:
    missing, unknown = sorted(names - given), sorted(given - names)
    problems = [f"misses {missing}"] if missing else []
    problems += [f"has {unknown} besides"] if unknown else []
    if problems and names:
        kind = "give it the same names" if given else "make the features a dict of these names"
        raise ValueError(
            f"The model takes the features {sorted(names)}; the dataset of input_fn "
            f"{' and '.join(problems)}: {kind}."
        )


def _check_tensor(what: str, spec, any_kind: bool = False) -> None:
    if not isinstance(spec, tf.TensorSpec) and not any_kind:
        kind = type(spec).__name__.removesuffix("Spec")
        raise ValueError(
            f"In the dataset of input_fn, {what} is a {kind}, but it must be a tensor of one "
            "shape: use padded_batch() for rows of different lengths, tf.sparse.to_dense() for "
            "sparse ones, and batch() what window() gives."
        )
    if isinstance(spec, tf.TensorSpec) and spec.shape.rank is None:
        raise ValueError(
            f"In the dataset of input_fn, {what} has an unknown shape, as after tf.py_function or "
            "from a generator: state it by tf.ensure_shape in map(), or as output_signature of "
            "from_generator()."
        )


def _check_dtype(what: str, spec: tf.TensorSpec, taken: str | None = None) -> None:
    dtype = spec.dtype
    is_number = dtype.is_floating or dtype.is_integer or dtype.is_bool
    if not is_number and dtype.name != taken:
        raise ValueError(
            f"In the dataset of input_fn, {what} holds {dtype.name}, but it must hold numbers: "
            "encode it as numbers, or leave it out."
        )


def _check_shape(what: str, shape, taken, label_rank: int | None) -> None:
    if label_rank != 0 and _fits(shape, taken):
        return
    fixed = shape.rank == 0 or shape[0] is not None
    sample = shape.rank == taken.rank - 1 and fixed and shape.is_compatible_with(taken[1:])
    if label_rank == 0 or sample:
        raise _not_batched(what, shape)
    if label_rank != 1 and shape.rank == taken.rank + 1 and shape[1:].is_compatible_with(taken):
        raise ValueError(
            f"In the dataset of input_fn, {what} has the shape {shape} and the model takes "
            f"{taken}, so the data are batched twice: leave out one batch()."
        )
    raise ValueError(
        f"In the dataset of input_fn, {what} has the shape {shape} and the model takes {taken}, "
        "the samples along the first axis: give both the same shape."
    )


def _fits(shape, taken) -> bool:
    """Tell whether Keras takes a shape for another, as it adds or drops a last axis of one."""
    if shape.rank == taken.rank + 1 and shape[-1] == 1:
        shape = shape[:-1]
    elif shape.rank == taken.rank - 1 and taken[-1] == 1:
        taken = taken[:-1]
    return shape.rank == taken.rank > 0 and shape.is_compatible_with(taken)


def _not_batched(what: str, shape) -> ValueError:
    return ValueError(
        f"In the dataset of input_fn, {what} has the shape {shape}, which is that of a single "
        "sample, so the data are not batched: add .batch(…) to the dataset."
    )


def _check_class_numbers(labels: tf.TensorSpec, n_classes: int) -> None:
    is_column = labels.shape.rank == 1 or (labels.shape.rank == 2 and labels.shape[-1] == 1)
    is_number = labels.dtype.is_floating or labels.dtype.is_integer or labels.dtype.is_bool
    if not (is_number and is_column):
        raise ValueError(
            f"Labels must be one number for each sample, from 0 to {n_classes - 1}, and are "
            f"{labels.dtype.name} of shape {labels.shape}; encode them as class numbers."
        )


def _is_flat_dict(structure) -> bool:
    return isinstance(structure, Mapping) and not any(map(tf.nest.is_nested, structure.values()))


def _rank(spec) -> int | None:
    first = tf.nest.flatten(spec)[0]
    return first.shape.rank if isinstance(first, tf.TensorSpec) else None


def _same_structure(one, other) -> bool:
    flat = [tf.nest.map_structure(lambda _: 0, each) for each in (one, other)]
    return flat[0] == flat[1]
