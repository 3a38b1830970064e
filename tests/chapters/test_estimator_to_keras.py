"""Every replacement in the appendix runs and, where the old call still exists, agrees with it."""

import logging
import re
from functools import partial
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.records import write_records
from tests.chapters import old_arguments
from tools.book import ROOT

CHAPTER = (ROOT / "chapters" / "estimator_to_keras.md").read_text("utf-8")
# The calls of the lecture, each to be found in the tables.
CALLS_OF_THE_LECTURE = """
tf.__version__ tf.argmax tf.cast tf.data.Dataset.from_tensor_slices tf.data.TFRecordDataset
tf.disable_v2_behavior tf.estimator.DNNClassifier tf.estimator.Estimator
tf.estimator.EstimatorSpec tf.estimator.ModeKeys.EVAL tf.estimator.ModeKeys.PREDICT
tf.estimator.ModeKeys.TRAIN tf.estimator.RunConfig tf.estimator.inputs.numpy_input_fn
tf.feature_column.numeric_column tf.layers.Conv2D tf.layers.conv2d tf.layers.dense
tf.logging.WARN tf.logging.set_verbosity tf.losses.sigmoid_cross_entropy
tf.losses.sparse_softmax_cross_entropy tf.metrics.accuracy
tf.metrics.root_mean_squared_error tf.nn.relu tf.nn.softmax tf.range tf.reduce_sum tf.reshape
tf.sigmoid tf.tanh tf.train.AdagradOptimizer tf.train.AdamOptimizer tf.train.get_global_step
"""
RANDOM = np.random.default_rng(5)
LOGITS = RANDOM.normal(size=(6, 94)).astype("float32")
LABELS = np.array([*LOGITS.argmax(axis=1)[:4], 3, 5])


class Row(NamedTuple):
    """A row of a table: its old call, and the texts of the other two cells."""

    old: str
    helper: str
    keras: str

    def code(self, column: str) -> str:
        """Return what to write in place of the old call, which may be that call itself."""
        text = getattr(self, column)
        return self.old if text == "unchanged" else re.search(r"`([^`]+)`", text)[1]

    def run(self, column: str, names: dict, **more):
        return eval(self.code(column), {**names, **more})


def rows_of_the_tables() -> dict[str, Row]:
    lines = [line for line in CHAPTER.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return {old.strip("`"): Row(old.strip("`"), helper, keras) for old, helper, keras in cells}


ROWS = rows_of_the_tables()


@pytest.fixture(scope="module")
def names(chapter):
    """What the tables' names stand for, in a folder of its own."""
    names = dict(chapter.data)
    names["dataset"] = tf.data.Dataset.from_tensor_slices((dict(names["table"]), names["targets"]))
    names["paths"] = list(map(str, write_records("records", names["table"], names["targets"])))
    names["config"] = names["RunConfig"](model_dir="tfs/circle", seed=123)
    names["inputs"] = names["numeric_inputs"](names["table"])
    names["classifier"] = names["DNNClassifier"](
        config=names["config"], inputs=names["inputs"], hidden_units=[4], activation_fn="sigmoid"
    )
    names["classifier"].train(names["get_train_data"], steps=30)
    names["params"] = {"units": 4}
    names |= old_arguments.names_of(names, circle_model(names["params"]))
    names["model_fn"] = circle_model
    names["model"] = model = circle_model(names["params"])
    model.optimizer.build(model.trainable_variables)  # As training does.
    return names


def circle_model(params):
    inputs = {name: keras.Input(shape=(), name=name) for name in ("x0", "x1")}
    points = keras.ops.stack(list(inputs.values()), axis=1)
    layer = keras.layers.Dense(params["units"], activation="sigmoid", name="hiddenlayer_0")
    model = keras.Model(inputs, keras.layers.Dense(1)(layer(points)))
    model.compile("adagrad", keras.losses.BinaryCrossentropy(from_logits=True))
    return model


@pytest.mark.parametrize("old", ROWS)
def test_the_row_runs(old, names):
    [check] = [check for starts, check in CHECKS.items() if old.startswith(starts)]
    check(ROWS[old], names)


@pytest.mark.parametrize("call", CALLS_OF_THE_LECTURE.split())
def test_every_call_of_the_lecture_is_in_the_tables(call):
    assert any(re.search(rf"(?<![\w.]){re.escape(call)}\b", old) for old in ROWS)


# The old call can still be run: what takes its place computes the same


def run_in_graph(code: str, **arrays) -> np.ndarray:
    """Run code of TensorFlow 1 in a graph and a session; of a metric, give the final value."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        constants = {name: tf.constant(array) for name, array in arrays.items()}
        result = eval(code, {"tf": tf.compat.v1, "np": np, **constants})
        session.run(tf.compat.v1.local_variables_initializer())
        value, update = result if isinstance(result, tuple) else (result, result)
        session.run(update)
        return session.run(value)


def operation_agrees(row, names, **arrays):
    """Compare in a model, whose symbols only Keras's operations take."""
    symbols = {
        name: keras.Input(batch_shape=array.shape, dtype=array.dtype.name)
        for name, array in arrays.items()
    }
    new = row.run("keras", names, **symbols)
    if arrays:
        new = keras.Model(list(symbols.values()), new)(list(arrays.values()))
    old = run_in_graph(row.old, **arrays)
    np.testing.assert_allclose(new, old, rtol=1e-5, atol=1e-6)
    assert "argmax" in row.old or np.asarray(new).dtype == old.dtype


def function_agrees(row, names, **arrays):
    """Compare a loss or a metric, which takes labels first."""
    new = row.run("keras", names)(*arrays.values())
    assert float(new) == pytest.approx(run_in_graph(row.old, **arrays))


BITS = {"bits": np.array([[1], [0], [1]]), "bit_logits": np.float32([[0.3], [-2.0], [-1.0]])}
ESTIMATES = {"values": np.float32([1, 2, 4]), "estimates": np.float32([1.5, 2, 3])}


def optimizer_agrees(row, names, steps=30):
    """Compare on a slope that is steep in one direction and flat in the other."""

    def slope(weights):
        return tf.reduce_sum([3.0, 1e-3] * weights**2)

    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        weights = tf.compat.v1.get_variable("weights", initializer=[1.0, -2.0])
        step = eval(row.old, {"tf": tf.compat.v1}).minimize(slope(weights))
        session.run(tf.compat.v1.global_variables_initializer())
        for _ in range(steps):
            session.run(step)
        expected = session.run(weights)
    weights, optimizer = keras.Variable([1.0, -2.0]), row.run("keras", names)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = slope(weights.value)
        optimizer.apply(tape.gradient(loss, [weights.value]), [weights])
    np.testing.assert_allclose(weights.numpy(), expected, rtol=1e-5)


# The old layers are gone: the new ones do what their arguments say


def layer_agrees(shape, expected, row, names):
    symbol = keras.Input(shape[1:])
    made = row.run("keras", names, images=symbol, points=symbol)
    model = keras.Model(symbol, made(symbol) if isinstance(made, keras.Layer) else made)
    inputs = RANDOM.normal(size=shape).astype("float32")
    np.testing.assert_allclose(model(inputs), expected(inputs, *model.get_weights()), atol=1e-5)


def convolved(activation, strides):
    return lambda x, kernel, bias: activation(tf.nn.conv2d(x, kernel, strides, "SAME") + bias)


# What else a cell of code gives can be told in a line, for both columns or for each


def holds(what, row, names):
    for column, condition in zip(("helper", "keras"), what * 2, strict=False):
        if getattr(row, column).startswith(("`", "unchanged")):
            assert condition(row.run(column, names), names), column


def is_an_epoch(batches, names):
    values = [value for features, _ in batches for value in features["x0"].numpy()]
    return sorted(values) == sorted(names["table"]["x0"])


def has_labels_in_step(dataset, names):
    dataset = dataset() if callable(dataset) else dataset
    features, labels = next(iter(dataset))
    same = (names["X"] == features["X"][0].numpy()).all(axis=(1, 2))
    return features["X"].shape == (500, 3, 100) and int(labels[0]) in names["y"][same]


# The others change something, or end a function


def start_afresh(row, names):
    config = names["RunConfig"]("tfs/afresh")
    classifier = names["DNNClassifier"]([4], names["inputs"], config=config)
    classifier.train(names["get_train_data"], steps=2)
    row.run("helper", names, classifier=classifier)
    assert classifier.latest_checkpoint() is None
    row.run("keras", names)


def mode(row, names):
    assert row.helper == "leave out"
    model = keras.Sequential([keras.layers.Dropout(0.5, seed=1)])
    output = row.run("keras", names, model=model, features=keras.random.normal((1000, 2)))
    assert (np.mean(np.asarray(output) == 0) > 0.4) == row.old.endswith("TRAIN")


def ended(row, names):
    """Train a model function whose last lines are those of the row; return its estimator."""

    def model_fn(params):
        inputs = {"X": keras.Input((4,), name="X")}
        logits = keras.layers.Dense(3)(inputs["X"])
        parts = {
            "inputs": inputs,
            "label": keras.ops.argmax(logits, axis=1),
            "probs": keras.ops.softmax(logits),
            "model": keras.Model(inputs, logits),
            "optimizer": keras.optimizers.Adam(0.01),
            "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "accuracy": keras.metrics.SparseCategoricalAccuracy("accuracy"),
        }
        code = row.code("helper")
        if "return" in code:
            parts["model"].compile(parts["optimizer"], parts["loss"])
        space = {**names, **parts}
        exec(f"def end():\n    {code}\n    return model", space)
        return space["end"]()

    return names["Estimator"](model_fn, config=names["RunConfig"](seed=1))


def end_of_a_model_function(row, names):
    assert row.helper == row.keras
    estimator = ended(row, names)
    data = {"X": np.ones((6, 4), dtype="float32")}
    input_fn = names["numpy_input_fn"](data, np.zeros(6, dtype=int), shuffle=False)
    estimator.train(input_fn)
    assert ("accuracy" in estimator.evaluate(input_fn)) == ("eval_metric_ops" in row.old)
    prediction = next(estimator.predict(input_fn))
    if "predictions" in row.old:
        assert prediction["label"] == np.argmax(prediction["probs"])
        assert prediction["probs"].sum() == pytest.approx(1)


# Which check holds the rows whose old calls start so


CELLS = {
    "tf.__version__": [lambda version, names: version.count(".") == 2],
    "import tensorflow.compat.v1 as tf": [],  # The chapter's first cell runs the others.
    "tf.disable_v2_behavior": [],
    "tf.logging.set_verbosity": [lambda _, names: tf.get_logger().level == logging.WARNING],
    "tf.data.Dataset.from": [lambda data, names: is_an_epoch(data.batch(100), names)],
    "dataset.shuffle": [lambda batches, names: is_an_epoch(batches.take(10), names)],
    "tf.data.TFRecordDataset": [
        is_an_epoch,
        lambda records, names: sum(1 for _ in records) == len(names["table"]),
    ],
    "tf.estimator.inputs.numpy_input_fn": [has_labels_in_step],
    "[tf.feature_column": [lambda inputs, names: inputs.keys() == names["inputs"].keys()],
    "tf.estimator.RunConfig": [
        lambda config, names: (config.model_dir, config.seed) == ("tfs/circle", 123),
        lambda _, names: float(keras.random.normal([])) != float(keras.random.normal([])),
    ],
    "tf.estimator.DNNClassifier": [
        lambda made, names: made.latest_checkpoint() == names["classifier"].latest_checkpoint()
    ],
    "tf.estimator.Estimator(": [
        lambda made, names: made.params == names["params"],
        lambda made, names: made.count_params() == 17,
    ],
    'features["X"]': [lambda symbol, names: (symbol.name, symbol.shape) == ("X", (None, 3, 100))],
    "classifier.train": [
        lambda made, names: made.get_variable_value("global_step") == 30 + 100,
        lambda _, names: int(names["model"].optimizer.iterations) == 100,
    ],
    "classifier.evaluate": [lambda results, names: "loss" in results],
    "classifier.predict": [lambda found, names: len(list(found)) == len(names["table"])],
    "tf.train.get_global_step": [lambda step, names: step >= 0],
    "classifier.get_variable_names": [
        lambda found, names: any(name.endswith("hiddenlayer_0/kernel") for name in found)
    ],
    "classifier.get_variable_value": [lambda kernel, names: kernel.shape == (2, 4)],
    "classifier.latest_checkpoint": [
        lambda path, names: Path(path).exists(),
        lambda saver, names: isinstance(saver, keras.callbacks.ModelCheckpoint),
    ],
    "classifier.export_saved_model": [
        lambda _, names: keras.models.load_model("circle.keras").count_params() == 17
    ],
} | old_arguments.CELLS
CHECKS = {
    "tf.reshape(": partial(operation_agrees, features=LOGITS[:2, :3, None] * np.ones(100, "f4")),
    ("tf.tanh(", "tf.sigmoid(", "tf.nn.", "tf.argmax(", "tf.reduce_sum("): partial(
        operation_agrees, logits=LOGITS
    ),
    "tf.cast(": partial(operation_agrees, labels=LABELS),
    "tf.range(": operation_agrees,
    ("tf.losses.sparse", "tf.metrics.acc"): partial(function_agrees, labels=LABELS, logits=LOGITS),
    "tf.losses.sigmoid": partial(function_agrees, **BITS),
    "tf.metrics.root_mean": partial(function_agrees, **ESTIMATES),
    ("tf.train.AdamOptimizer", "tf.train.AdagradOptimizer"): optimizer_agrees,
    "tf.layers.conv2d(": partial(layer_agrees, (2, 3, 100, 1), convolved(tf.tanh, 1)),
    "tf.layers.Conv2D(": partial(layer_agrees, (2, 12, 10, 1), convolved(tf.nn.relu, [2, 1])),
    "tf.layers.dense(": partial(
        layer_agrees, (5, 2), lambda x, kernel, bias: tf.sigmoid(x @ kernel + bias)
    ),
    "!rm -rf tfs/circle/*": start_afresh,
    "if mode == tf.estimator.ModeKeys.": mode,
    ("optimizer.minimize", "tf.estimator.EstimatorSpec"): end_of_a_model_function,
} | {start: partial(holds, what) for start, what in CELLS.items()}


# The worked example, and an old notebook carried over as a newcomer would


@pytest.mark.claim("ek-accuracy")
def test_the_pulse_finder_of_the_appendix_finds_pulses(names, seed, band):
    finder = names["pulse_estimator"](f"model_dirs/{seed}", seed)
    finder.train(input_fn=names["train_input_fn"], steps=500)
    results = finder.evaluate(input_fn=names["test_input_fn"])
    found = [prediction["bin"] for prediction in finder.predict(names["test_input_fn"])]
    right = np.mean(np.array(found) == names["pulse_bins"][3000:])
    assert results["accuracy"] == pytest.approx(right)
    band("accuracy", right)


NOTEBOOK = (ROOT / "tests" / "chapters" / "old_notebook.diff").read_text("utf-8").splitlines()


@pytest.mark.parametrize(("sign", "listed"), [("- ", "\n".join(ROWS)), ("+ ", CHAPTER)])
def test_a_newcomer_changes_only_what_the_appendix_lists(sign, listed):
    changed = "\n".join(line for line in NOTEBOOK if line.startswith(sign))
    calls = re.findall(r"\b(?:keras|tf)\.[\w.]+", changed)
    assert [call for call in calls if call not in listed] == []


def test_the_old_notebook_runs_after_these_changes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    notebook = {}
    exec("\n".join(line[2:] for line in NOTEBOOK if not line.startswith("- ")), notebook)
    assert notebook["rings_results"]["accuracy"] > 0.95
    assert notebook["rings_results"]["global_step"] == 1500
    assert notebook["rings_kernel"].shape == (2, 6)
    right = np.mean(np.array(notebook["best"]) == notebook["y"][2000:])
    assert notebook["pairs_results"]["accuracy"] == pytest.approx(right)
    assert right > 0.6
    assert notebook["pairs"].get_variable_value("maps/kernel").shape == (1, 5, 1, 4)
