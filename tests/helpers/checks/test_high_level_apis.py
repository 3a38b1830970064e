"""The checks of "Train a network with a high-level API": right answers and plausible wrong ones."""

import functools
import itertools

import keras
import numpy as np
import tensorflow as tf
from sklearn.metrics import precision_score, recall_score

from tests.helpers.checks.exercises import ExerciseChecks


def n_parameters(n_inputs, hidden_units, n_classes, bias=1, two=1):
    sizes = [n_inputs, *hidden_units, two if n_classes == 2 else n_classes]
    return sum((n_in + bias) * n_out for n_in, n_out in itertools.pairwise(sizes))


def without_last_bias(n_inputs, hidden_units, n_classes):
    n_logits = 1 if n_classes == 2 else n_classes
    return n_parameters(n_inputs, hidden_units, n_classes) - n_logits


def steps_needed(n_samples, batch_size, n_epochs):
    return -(-n_samples * n_epochs // batch_size), n_epochs * -(-n_samples // batch_size)


def input_fn_of(*operations, labels=True, as_dict=True):
    """Make a training_input_fn that applies the operations, by name, in order."""

    def training_input_fn(table, targets, batch_size):
        def input_fn():
            features = dict(table) if as_dict else table
            slices = (features, targets) if labels else features
            dataset = tf.data.Dataset.from_tensor_slices(slices)
            steps = {
                "shuffle": lambda data: data.shuffle(len(table)),
                "shuffle batches": lambda data: data.shuffle(20),
                "shuffle once": lambda data: data.shuffle(
                    len(table), reshuffle_each_iteration=False
                ),
                "repeat": lambda data: data.repeat(),
                "batch": lambda data: data.batch(batch_size),
                "full batches": lambda data: data.batch(batch_size, drop_remainder=True),
                "shuffle 65 %": lambda data: data.shuffle(int(0.65 * len(table))),
            }
            for operation in operations:
                dataset = steps[operation](dataset)
            return dataset

        return input_fn

    return training_input_fn


def made_outside(table, targets, batch_size):
    dataset = right_input_fn(table, targets, batch_size)()
    return lambda: dataset


right_input_fn = input_fn_of("shuffle", "repeat", "batch")


def read(table, targets, batch_size):
    arrays = {name: table[name].to_numpy() for name in table}, targets["y"].to_numpy()
    dataset = tf.data.Dataset.from_tensor_slices(arrays)
    return dataset.shuffle(10_000).repeat().batch(batch_size).prefetch(1)


def unmatched(table, targets, batch_size):
    def input_fn():
        features = tf.data.Dataset.from_tensor_slices(dict(table)).shuffle(len(table)).repeat()
        labels = tf.data.Dataset.from_tensor_slices(targets).shuffle(len(table)).repeat()
        return tf.data.Dataset.zip(features, labels).batch(batch_size)

    return input_fn


def counted_by_keras(n_inputs, hidden_units, n_classes):
    sizes = [*hidden_units, 1 if n_classes == 2 else n_classes]
    layers = [keras.Input((n_inputs,)), *map(keras.layers.Dense, sizes)]
    return keras.Sequential(layers).count_params()


def rates_of_scikit_learn(label, p, threshold):
    selected = p > threshold
    return precision_score(label, selected, zero_division=0), recall_score(label, selected)


def rates(label, p, threshold):
    selected = p > threshold
    hits = np.sum(label[selected])
    return hits / max(selected.sum(), 1), hits / label.sum()


def ring_model(
    params,
    names=("x0", "x1"),
    activation="tanh",
    output=None,
    loss=None,
    optimizer=keras.optimizers.Adam,
    learning_rate=None,
    threshold=0.0,
    metric="accuracy",
    units=None,
    prediction="p",
    then=lambda hidden: hidden,
):
    inputs = {name: keras.Input(shape=(), name=name) for name in names}
    points = keras.ops.stack(list(inputs.values()), axis=1)
    hidden = keras.layers.Dense(units or params["units"], activation=activation)(points)
    hidden = then(hidden)
    logits = keras.layers.Dense(1, activation=output)(hidden)
    model = keras.Model(inputs, logits)
    model.compile(
        optimizer(learning_rate or params["learning_rate"]),
        loss or keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(metric, threshold=threshold)],
    )
    return model, keras.Model(inputs, {prediction: keras.ops.sigmoid(logits)})


def ring_model_with(**changes):
    return lambda params: ring_model(params, **changes)


def uncompiled(params):
    model, predictor = ring_model(params)
    return keras.Model(model.inputs, model.outputs), predictor


RIGHT = [
    ("hl-ex-parameters", n_parameters),
    ("hl-ex-parameters", counted_by_keras),
    ("hl-ex-parameters", lambda *case: float(n_parameters(*case))),
    ("hl-ex-steps", steps_needed),
    ("hl-ex-steps", lambda n, b, e: [np.ceil(n * e / b), e * np.ceil(n / b)]),
    ("hl-ex-steps", lambda n, b, e: (len(range(0, n * e, b)), e * len(range(0, n, b)))),
    ("hl-ex-input-fn", right_input_fn),
    ("hl-ex-input-fn", lambda *data: functools.partial(read, *data)),
    ("hl-ex-input-fn", input_fn_of("shuffle", "repeat", "full batches")),
    ("hl-ex-selection", rates),
    ("hl-ex-selection", rates_of_scikit_learn),
    (
        "hl-ex-selection",
        lambda y, p, t: [y @ (p > t) / n for n in (max((p > t).sum(), 1), y.sum())],
    ),
    ("hl-ex-port", ring_model),
    ("hl-ex-port", ring_model_with(activation=None, then=keras.layers.Activation("tanh"))),
    ("hl-ex-port", ring_model_with(activation=tf.tanh)),
    ("hl-ex-port", ring_model_with(activation=None, then=keras.ops.tanh)),
]

WRONG = [
    ("hl-ex-parameters", lambda *case: n_parameters(*case, bias=0), "weights alone"),
    ("hl-ex-parameters", lambda *case: n_parameters(*case, two=2), "one logit only"),
    ("hl-ex-parameters", without_last_bias, "logits have biases"),
    ("hl-ex-parameters", lambda i, h, c: n_parameters(i, h, 2), "need one logit each"),
    ("hl-ex-parameters", lambda *case: 17.5, "add up"),
    ("hl-ex-steps", lambda *case: steps_needed(*case)[::-1], "interchanged"),
    ("hl-ex-steps", lambda n, b, e: (n * e // b, e * (n // b)), "round up"),
    ("hl-ex-steps", lambda n, b, e: (n * e / b, e * n / b), "whole number"),
    ("hl-ex-steps", lambda *case: steps_needed(*case)[:1] * 2, "round up each"),
    ("hl-ex-steps", lambda *case: steps_needed(*case)[1:] * 2, "in a row"),
    ("hl-ex-input-fn", lambda *data: right_input_fn(*data)(), "returns a dataset"),
    ("hl-ex-input-fn", lambda *data: lambda size: right_input_fn(*data)(), "without arguments"),
    ("hl-ex-input-fn", lambda *data: lambda: data, "tf.data.Dataset, not tuple"),
    ("hl-ex-input-fn", input_fn_of("shuffle", "repeat", "batch", labels=False), "pairs"),
    ("hl-ex-input-fn", input_fn_of("shuffle", "repeat", "batch", as_dict=False), "dict of columns"),
    ("hl-ex-input-fn", input_fn_of("shuffle", "repeat"), "single samples"),
    ("hl-ex-input-fn", unmatched, "no longer belong together"),
    ("hl-ex-input-fn", input_fn_of("shuffle", "batch"), "dataset ends"),
    ("hl-ex-input-fn", input_fn_of("repeat", "shuffle", "batch"), "some samples come twice"),
    ("hl-ex-input-fn", input_fn_of("repeat", "batch"), "order of the table"),
    ("hl-ex-input-fn", input_fn_of("shuffle once", "repeat", "batch"), "same order"),
    ("hl-ex-input-fn", input_fn_of("batch", "shuffle batches", "repeat"), "share a batch"),
    ("hl-ex-input-fn", input_fn_of("shuffle 65 %", "repeat", "batch"), "Late rows never come"),
    ("hl-ex-input-fn", input_fn_of("shuffle", "full batches", "repeat"), "loses its last 10"),
    ("hl-ex-input-fn", made_outside, "one and the same dataset"),
    ("hl-ex-input-fn", input_fn_of("shuffle", "batch", "repeat"), r"sizes \[40, 10, 40, 10, 40\]"),
    ("hl-ex-selection", lambda *case: rates(*case)[::-1], "interchanged"),
    ("hl-ex-selection", lambda y, p, t: (np.mean((p > t) == y), rates(y, p, t)[1]), "accuracy"),
    ("hl-ex-selection", lambda y, p, t: rates(y, p, t - 1e-12), "0.4: a sample with p equal"),
    ("hl-ex-selection", lambda y, p, t: rates(y, p, 0.5), "0.75: the threshold is not used"),
    ("hl-ex-selection", lambda y, p, t: (rates(y, p, t)[0], np.mean(y * (p > t))), "not by all"),
    ("hl-ex-selection", lambda y, p, t: rates(y, p, t) if t < 0.9 else (1, 0), "contains nothing"),
    ("hl-ex-selection", lambda y, p, t: (2.0, rates(y, p, t)[1]), "precision is"),
    ("hl-ex-port", lambda params: ("model", "predictor"), "have to be Keras models"),
    ("hl-ex-port", ring_model_with(names=("a", "b")), "inputs are called"),
    ("hl-ex-port", ring_model_with(units=4), "17 parameters instead of 25"),
    ("hl-ex-port", ring_model_with(activation="relu"), "activation is relu"),
    ("hl-ex-port", ring_model_with(activation=None), "activation is linear"),
    ("hl-ex-port", ring_model_with(activation="gelu"), "of the tanh of weighted sums"),
    ("hl-ex-port", ring_model_with(output="sigmoid"), "give the last layer no activation"),
    ("hl-ex-port", uncompiled, "not compiled"),
    ("hl-ex-port", ring_model_with(optimizer=keras.optimizers.SGD), "SGD"),
    ("hl-ex-port", ring_model_with(learning_rate=0.001), "learning rate"),
    ("hl-ex-port", ring_model_with(loss="binary_crossentropy"), "from_logits=True"),
    (
        "hl-ex-port",
        ring_model_with(loss=keras.losses.BinaryCrossentropy(from_logits=True, reduction="sum")),
        "mean over the batch",
    ),
    ("hl-ex-port", ring_model_with(metric="acc"), "with the name 'accuracy'"),
    ("hl-ex-port", ring_model_with(threshold=0.5), "one half for the threshold"),
    ("hl-ex-port", ring_model_with(prediction="probability"), "the one entry 'p'"),
    (
        "hl-ex-port",
        lambda params: (ring_model(params)[0], ring_model(params)[1]),
        "from the same layers",
    ),
]


class TestChecks(ExerciseChecks):
    prefix = "hl"
    right, wrong = RIGHT, WRONG
