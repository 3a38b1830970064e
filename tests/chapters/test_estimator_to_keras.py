"""Every replacement in the appendix runs and, where the old call still exists, agrees with it."""

import dataclasses
import difflib
import logging
import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.records import write_records
from tests.chapters.running import run_cells
from tools.book import ROOT

CHAPTER = ROOT / "chapters" / "estimator_to_keras.md"
CODE = re.compile(r"`([^`]+)`")

# The calls of the lecture, and some that go with them, each to be found in the tables.
CALLS_OF_THE_LECTURE = re.findall(
    r"\S+",
    """
tf.__version__ tf.argmax tf.cast tf.data.Dataset.from_tensor_slices tf.data.TFRecordDataset
tf.disable_v2_behavior tf.estimator.DNNClassifier tf.estimator.Estimator
tf.estimator.EstimatorSpec tf.estimator.ModeKeys.EVAL tf.estimator.ModeKeys.PREDICT
tf.estimator.ModeKeys.TRAIN tf.estimator.RunConfig tf.estimator.inputs.numpy_input_fn
tf.feature_column.numeric_column tf.layers.Conv2D tf.layers.conv2d tf.layers.dense
tf.logging.WARN tf.logging.set_verbosity tf.losses.sigmoid_cross_entropy
tf.losses.sparse_softmax_cross_entropy tf.metrics.accuracy
tf.metrics.root_mean_squared_error tf.nn.relu tf.nn.softmax tf.range tf.reduce_sum tf.reshape
tf.sigmoid tf.tanh tf.train.AdagradOptimizer tf.train.AdamOptimizer tf.train.get_global_step
""",
)


@dataclasses.dataclass
class Row:
    """A row of a table: its old call, and the texts of the other two cells."""

    old: str
    helper: str
    keras: str

    def code(self, column: str) -> list[str]:
        return CODE.findall(getattr(self, column))


def rows_of_the_tables() -> dict[str, Row]:
    lines = CHAPTER.read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    rows = [row for line, row in zip(lines, cells, strict=True) if line.startswith("| `")]
    assert all(len(row) == 3 for row in rows)
    return {old.strip("`"): Row(old.strip("`"), *others) for old, *others in rows}


ROWS = rows_of_the_tables()
checks = {}


def check_of(old: str):
    """Register the decorated function as the check of the row of an old call."""

    def register(function):
        assert old not in checks
        checks[old] = function
        return function

    return register


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """What the tables' names stand for, in a folder of its own."""
    folder = tmp_path_factory.mktemp("appendix")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        names = run_cells("estimator_to_keras", "define")
        names["dataset"] = tf.data.Dataset.from_tensor_slices(
            (dict(names["table"]), names["targets"])
        )
        names["paths"] = write_records("records", names["table"], names["targets"])
        names["paths"] = [str(path) for path in names["paths"]]
        names["config"] = names["RunConfig"](model_dir="tfs/circle", seed=123)
        names["inputs"] = names["numeric_inputs"](names["table"])
        names["classifier"] = names["DNNClassifier"](
            config=names["config"],
            inputs=names["inputs"],
            hidden_units=[4],
            activation_fn="sigmoid",
        )
        names["classifier"].train(names["get_train_data"], steps=30)
        names["model"] = circle_model()
        yield names


def circle_model():
    inputs = {name: keras.Input(shape=(), name=name) for name in ("x0", "x1")}
    points = keras.ops.stack(list(inputs.values()), axis=1)
    hidden = keras.layers.Dense(4, activation="sigmoid", name="hiddenlayer_0")(points)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.compile("adagrad", keras.losses.BinaryCrossentropy(from_logits=True))
    return model


def run(code: str, names: dict, **more):
    return eval(code, {**names, **more})


def run_in_graph(code: str, **arrays) -> np.ndarray:
    """Run code of TensorFlow 1 in a graph and a session; of a metric, give the final value."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        constants = {name: tf.constant(array) for name, array in arrays.items()}
        result = eval(code, {"tf": tf.compat.v1, "np": np, **constants})
        session.run(tf.compat.v1.local_variables_initializer())
        if isinstance(result, tuple):
            value, update = result
            session.run(update)
            return session.run(value)
        return session.run(result)


@pytest.mark.parametrize("old", ROWS)
def test_the_row_runs(old, names):
    assert old in checks, "Write a check of this row."
    checks[old](ROWS[old], names)


def test_every_check_has_its_row():
    assert set(checks) == set(ROWS)


@pytest.mark.parametrize("call", CALLS_OF_THE_LECTURE)
def test_every_call_of_the_lecture_is_in_the_tables(call):
    assert any(re.search(rf"(?<![\w.]){re.escape(call)}\b", old) for old in ROWS)


# Start the program


@check_of("import tensorflow.compat.v1 as tf")
def imports(row, names):
    for column in ("helper", "keras"):
        exec(row.code(column)[0], {})


@check_of("tf.disable_v2_behavior()")
def eager_behaviour(row, names):
    assert row.helper == row.keras == "leave out"
    assert tf.executing_eagerly()


@check_of("tf.__version__")
def versions(row, names):
    assert row.helper == "unchanged"
    assert run(row.old, names).count(".") == run(row.code("keras")[0], names).count(".") == 2


@check_of("tf.logging.set_verbosity(tf.logging.WARN)")
def verbosity(row, names):
    before = tf.get_logger().level
    eval(row.old, {"tf": tf.compat.v1})
    expected = tf.get_logger().level
    for column in ("helper", "keras"):
        tf.get_logger().setLevel(logging.DEBUG)
        run(row.code(column)[0], names)
        assert tf.get_logger().level == expected == logging.WARNING
    tf.get_logger().setLevel(before)


# Read data


@check_of("tf.data.Dataset.from_tensor_slices((dict(table), targets))")
def slices(row, names):
    assert row.helper == row.keras == "unchanged"
    features, label = next(iter(run(row.old, names)))
    assert features["x0"] == names["table"]["x0"][0]
    assert label.numpy() == names["targets"]["y"][:1].to_numpy()


@check_of("dataset.shuffle(500).repeat().batch(50)")
def pipeline(row, names):
    assert row.helper == row.keras == "unchanged"
    epoch = [features["x0"] for features, _ in run(row.old, names).take(10)]
    np.testing.assert_array_equal(np.sort(np.concatenate(epoch)), np.sort(names["table"]["x0"]))


@check_of("tf.data.TFRecordDataset(paths)")
def tfrecords(row, names):
    assert row.keras == "unchanged"
    assert sum(1 for _ in run(row.old, names)) == len(names["table"])
    read = [features["x0"] for features, _ in run(row.code("helper")[0], names)]
    np.testing.assert_array_equal(np.concatenate(read), names["table"]["x0"])


@check_of(
    'tf.estimator.inputs.numpy_input_fn(x={"X": X}, y=y, batch_size=500, num_epochs=None, '
    "shuffle=True)"
)
def numpy_input(row, names):
    assert row.old.removeprefix("tf.estimator.inputs.") == row.code("helper")[0]
    datasets = run(row.code("helper")[0], names)(), run(row.code("keras")[0], names)
    for dataset in datasets:
        assert dataset.cardinality() == tf.data.INFINITE_CARDINALITY
        features, labels = next(iter(dataset))
        assert features["X"].shape == (500, 3, 100)
        assert labels.shape == (500,)
        row_of_first = np.flatnonzero((names["X"] == features["X"][0].numpy()).all(axis=(1, 2)))
        assert int(labels[0]) in names["y"][row_of_first]


# Build an estimator


@check_of("[tf.feature_column.numeric_column(key=key) for key in table]")
def feature_columns(row, names):
    old = eval(row.old, {"tf": tf.compat.v1, "table": names["table"]})
    for column in ("helper", "keras"):
        inputs = run(row.code(column)[0], names)
        assert list(inputs) == [feature.key for feature in old]
        assert all(
            tensor.dtype == feature.dtype
            for tensor, feature in zip(inputs.values(), old, strict=True)
        )
        assert [tensor.name for tensor in inputs.values()] == list(inputs)


@check_of('tf.estimator.RunConfig(model_dir="tfs/circle", tf_random_seed=123)')
def run_config(row, names):
    config = run(row.code("helper")[0], names)
    assert (config.model_dir, config.seed) == ("tfs/circle", 123)
    draws = []
    for _ in range(2):
        run(row.code("keras")[0], names)
        draws.append(float(keras.random.normal([])))
    assert draws[0] == draws[1]


@check_of(
    "tf.estimator.DNNClassifier(config=config, feature_columns=inputs, hidden_units=[4], "
    "activation_fn=tf.sigmoid, n_classes=2)"
)
def dnn_classifier(row, names):
    old = row.old.removeprefix("tf.estimator.").replace("feature_columns", "inputs")
    assert old == row.code("helper")[0]
    assert "hl-sec-keras" in row.keras
    config = names["RunConfig"](seed=123)
    classifier = run(row.code("helper")[0], names, config=config)
    classifier.train(names["get_train_data"], steps=1)
    assert classifier.get_variable_value("dnn/hiddenlayer_0/kernel").shape == (2, 4)


@check_of("tf.estimator.Estimator(config=config, model_fn=model_fn, params=params)")
def custom_estimator(row, names):
    assert row.old.removeprefix("tf.estimator.") == row.code("helper")[0]
    local = {
        "config": names["RunConfig"](seed=1),
        "params": {"units": 3},
        "model_fn": lambda params: circle_model(),
    }
    estimator = run(row.code("helper")[0], names, **local)
    estimator.train(names["get_train_data"], steps=1)
    assert estimator.params == {"units": 3}
    assert isinstance(run(row.code("keras")[0], names, **local), keras.Model)


# Build layers


@check_of('features["X"]')
def feature_by_name(row, names):
    tensor = run(row.code("keras")[0], names)
    assert (tensor.name, tensor.shape) == ("X", (None, 3, 100))


def symbolic_and_numeric(code, names, **arrays):
    """Run code on symbols, as in a model, and on the numbers: return the model's answer."""
    symbols = {
        name: keras.Input(batch_shape=array.shape, dtype=array.dtype.name)
        for name, array in arrays.items()
    }
    model = keras.Model(list(symbols.values()), run(code, names, **symbols))
    return np.asarray(model(list(arrays.values())))


RANDOM = np.random.default_rng(5)
LOGITS = RANDOM.normal(size=(6, 94)).astype("float32")
LABELS = RANDOM.integers(0, 94, 6)
IMAGES = RANDOM.normal(size=(2, 3, 100, 1)).astype("float32")
POINTS = RANDOM.normal(size=(5, 2)).astype("float32")


@check_of("tf.reshape(features, [-1, 3, 100, 1])")
def reshape(row, names):
    features = RANDOM.normal(size=(2, 3, 100)).astype("float32")
    new = symbolic_and_numeric(row.code("keras")[0], names, features=features)
    np.testing.assert_array_equal(new, run_in_graph(row.old, features=features))


def arguments(call):
    return dict(re.findall(r"(\w+)=(\[[^]]*\]|\"[^\"]*\"|[^,)]+)", call))


def assert_same_arguments(row, ignore):
    old, new = arguments(row.old), arguments(row.code("keras")[0])
    old["activation"] = f'"{old["activation"].rpartition(".")[2]}"'
    assert {key: value for key, value in old.items() if key != ignore} == new


@check_of(
    'tf.layers.conv2d(inputs=images, filters=2, kernel_size=[1, 3], padding="same", '
    'activation=tf.tanh, name="conv1")'
)
def first_convolution(row, names):
    assert_same_arguments(row, ignore="inputs")
    images = keras.Input(IMAGES.shape[1:])
    model = keras.Model(images, run(row.code("keras")[0], names, images=images))
    kernel, bias = model.get_layer("conv1").get_weights()
    assert kernel.shape == (1, 3, 1, 2)
    old = tf.tanh(tf.nn.conv2d(IMAGES, kernel, strides=1, padding="SAME") + bias)
    np.testing.assert_allclose(model(IMAGES), old, atol=1e-6)


@check_of(
    'tf.layers.Conv2D(filters=3, kernel_size=[4, 5], strides=[2, 1], padding="same", '
    "activation=tf.nn.relu)"
)
def convolution_layer(row, names):
    assert_same_arguments(row, ignore=None)
    layer = run(row.code("keras")[0], names)
    images = RANDOM.normal(size=(2, 12, 10, 1)).astype("float32")
    new = layer(images)
    kernel, bias = layer.get_weights()
    assert kernel.shape == (4, 5, 1, 3)
    old = tf.nn.relu(tf.nn.conv2d(images, kernel, strides=[2, 1], padding="SAME") + bias)
    np.testing.assert_allclose(new, old, atol=1e-5)


@check_of("tf.layers.dense(points, 4, activation=tf.sigmoid)")
def dense(row, names):
    points = keras.Input((2,))
    model = keras.Model(points, run(row.code("keras")[0], names, points=points))
    kernel, bias = model.get_weights()
    assert kernel.shape == (2, 4)
    np.testing.assert_allclose(model(POINTS), tf.sigmoid(POINTS @ kernel + bias), atol=1e-6)


def agrees_in_graph_and_model(row, names):
    new = symbolic_and_numeric(row.code("keras")[0], names, logits=LOGITS)
    np.testing.assert_allclose(new, run_in_graph(row.old, logits=LOGITS), rtol=1e-5, atol=1e-6)


for call in (
    "tf.tanh(logits)",
    "tf.sigmoid(logits)",
    "tf.nn.relu(logits)",
    "tf.nn.softmax(logits)",
    "tf.argmax(logits, axis=1)",
    "tf.reduce_sum(logits, axis=-1)",
):
    check_of(call)(agrees_in_graph_and_model)


@check_of("tf.range(0.0, 94.0, dtype=np.float32)")
def number_range(row, names):
    old, new = run_in_graph(row.old), np.asarray(run(row.code("keras")[0], names))
    np.testing.assert_array_equal(old, new)
    assert old.dtype == new.dtype


@check_of("tf.cast(labels, np.float32)")
def cast(row, names):
    new = symbolic_and_numeric(row.code("keras")[0], names, labels=LABELS)
    old = run_in_graph(row.old, labels=LABELS)
    np.testing.assert_array_equal(old, new)
    assert old.dtype == new.dtype


# Losses, metrics and optimizers


@check_of("tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)")
def cross_entropy(row, names):
    new = run(row.code("keras")[0], names)(LABELS, LOGITS)
    assert float(new) == pytest.approx(run_in_graph(row.old, labels=LABELS, logits=LOGITS))


@check_of("tf.losses.sigmoid_cross_entropy(bits, bit_logits)")
def binary_cross_entropy(row, names):
    bits, bit_logits = np.array([[1], [0], [1]]), np.float32([[0.3], [-2.0], [-1.0]])
    new = run(row.code("keras")[0], names)(bits, bit_logits)
    assert float(new) == pytest.approx(run_in_graph(row.old, bits=bits, bit_logits=bit_logits))


@check_of("tf.metrics.accuracy(labels=labels, predictions=tf.argmax(logits, axis=1))")
def accuracy(row, names):
    labels = np.where(np.arange(6) < 4, LOGITS.argmax(axis=1), LABELS)
    metric = run(row.code("keras")[0], names)
    assert metric.name == "accuracy"
    new = metric(labels, LOGITS)
    old = run_in_graph(row.old, labels=labels, logits=LOGITS)
    assert float(new) == pytest.approx(old)
    assert 0.5 < old < 1


@check_of("tf.metrics.root_mean_squared_error(labels=values, predictions=estimates)")
def root_mean_squared_error(row, names):
    values, estimates = np.float32([1, 2, 4]), np.float32([1.5, 2, 3])
    new = run(row.code("keras")[0], names)(values, estimates)
    assert float(new) == pytest.approx(run_in_graph(row.old, values=values, estimates=estimates))


def minimise_in_graph(code, steps):
    """Take steps down a slope that is steep in one direction and flat in the other."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        weights = tf.compat.v1.get_variable("weights", initializer=[1.0, -2.0])
        step = eval(code, {"tf": tf.compat.v1}).minimize(slope(weights))
        session.run(tf.compat.v1.global_variables_initializer())
        for _ in range(steps):
            session.run(step)
        return session.run(weights)


def slope(weights):
    return tf.reduce_sum([3.0, 1e-3] * weights**2)


def minimise_with_keras(optimizer, steps):
    weights = keras.Variable([1.0, -2.0])
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = slope(weights.value)
        optimizer.apply(tape.gradient(loss, [weights.value]), [weights])
    return weights.numpy()


@check_of("tf.train.AdamOptimizer(learning_rate=0.01)")
def adam(row, names):
    new = minimise_with_keras(run(row.code("keras")[0], names), steps=30)
    np.testing.assert_allclose(new, minimise_in_graph(row.old, steps=30), rtol=1e-5)


@check_of("tf.train.AdagradOptimizer(0.05)")
def adagrad(row, names):
    assert "default" in row.helper
    new = run(row.code("keras")[0], names)
    names["classifier"].train(names["get_train_data"], steps=1)
    used = names["classifier"]._model.optimizer
    assert {**used.get_config(), "name": ""} == {**new.get_config(), "name": ""}
    expected = minimise_in_graph(row.old, steps=30)
    np.testing.assert_allclose(minimise_with_keras(new, steps=30), expected, rtol=1e-5)


# The end of a model function


def parts_of_a_model():
    inputs = {"X": keras.Input((4,), name="X")}
    logits = keras.layers.Dense(3)(inputs["X"])
    return {
        "inputs": inputs,
        "features": {"X": np.ones((2, 4))},
        "label": keras.ops.argmax(logits, axis=1),
        "probs": keras.ops.softmax(logits),
        "model": keras.Model(inputs, logits),
        "optimizer": keras.optimizers.Adam(0.01),
        "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        "accuracy": keras.metrics.SparseCategoricalAccuracy("accuracy"),
    }


@check_of("optimizer.minimize(loss, global_step=tf.train.get_global_step())")
def minimise(row, names):
    assert row.helper == row.keras
    parts = parts_of_a_model()
    run(row.code("keras")[0], names, **parts)
    parts["model"].fit(parts["features"], np.array([0, 1]), epochs=3, verbose=0)
    assert parts["optimizer"].iterations == 3


def mode(row, names):
    assert row.helper == "leave out"
    features = keras.random.normal((1000, 2))
    model = keras.Sequential([keras.layers.Dropout(0.5, seed=1)])
    dropped = np.mean(
        np.asarray(run(row.code("keras")[0], names, model=model, features=features)) == 0
    )
    assert (dropped > 0.4) == row.old.endswith("TRAIN")


for key in ("TRAIN", "EVAL", "PREDICT"):
    check_of(f"if mode == tf.estimator.ModeKeys.{key}")(mode)


def run_as_function(code, names, **parts):
    space = {**names, **parts}
    exec(f"def end():\n    {code}", space)
    return space["end"]()


@check_of("tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)")
def returned_model(row, names):
    parts = parts_of_a_model()
    assert run_as_function(row.code("helper")[0], names, **parts) is parts["model"]
    assert row.helper == row.keras


@check_of('tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={"accuracy": accuracy})')
def compiled_metrics(row, names):
    assert row.helper == row.keras
    parts = parts_of_a_model()
    run(row.code("keras")[0], names, **parts)
    results = parts["model"].evaluate(
        parts["features"], np.array([0, 1]), verbose=0, return_dict=True
    )
    assert sorted(results) == ["accuracy", "loss"]


@check_of('tf.estimator.EstimatorSpec(mode, predictions={"label": label, "probs": probs})')
def predictor(row, names):
    assert row.helper == row.keras

    def model_fn(params):
        parts = parts_of_a_model()
        parts["model"].compile(parts["optimizer"], parts["loss"])
        return run_as_function(row.code("helper")[0], names, **parts)

    estimator = names["Estimator"](model_fn, config=names["RunConfig"](seed=1))
    data = {"X": np.ones((6, 4), dtype="float32")}
    input_fn = names["numpy_input_fn"](data, np.zeros(6, dtype=int), shuffle=False)
    estimator.train(input_fn)
    prediction = next(estimator.predict(input_fn))
    assert prediction["label"] == np.argmax(prediction["probs"])
    assert prediction["probs"].sum() == pytest.approx(1)


# Train, test, look inside


@check_of("!rm -rf tfs/circle/*")
def start_afresh(row, names):
    classifier = names["DNNClassifier"](
        [4], names["inputs"], config=names["RunConfig"]("tfs/afresh")
    )
    classifier.train(names["get_train_data"], steps=2)
    run(row.code("helper")[0], names, classifier=classifier)
    assert classifier.latest_checkpoint() is None
    run(row.code("keras")[0], names)


@check_of("classifier.train(input_fn=get_train_data, steps=100)")
def train(row, names):
    assert row.helper == "unchanged"
    before = names["classifier"].get_variable_value("global_step")
    run(row.old, names)
    assert names["classifier"].get_variable_value("global_step") == before + 100
    before = int(names["model"].optimizer.iterations)
    run(row.code("keras")[0], names)
    assert names["model"].optimizer.iterations == before + 100


@check_of("classifier.evaluate(input_fn=get_test_data)")
def evaluate(row, names):
    assert row.helper == "unchanged"
    assert {"accuracy", "average_loss", "auc", "global_step"} <= set(run(row.old, names))
    assert list(run(row.code("keras")[0], names)) == ["loss"]


@check_of("classifier.predict(input_fn=get_test_data)")
def predict(row, names):
    assert row.helper == "unchanged"
    predictions = list(run(row.old, names))
    assert len(predictions) == len(run(row.code("keras")[0], names)) == len(names["table"])
    assert predictions[0]["probabilities"].shape == (2,)


@check_of("tf.train.get_global_step()")
def global_step(row, names):
    assert run(row.code("helper")[0], names) >= 30
    assert run(row.code("keras")[0], names) >= 0


@check_of("classifier.get_variable_names()")
def variable_names(row, names):
    assert row.helper == "unchanged"
    assert "dnn/logits/bias" in run(row.old, names)
    assert "hiddenlayer_0/kernel" in run(row.code("keras")[0], names)


@check_of('classifier.get_variable_value("dnn/hiddenlayer_0/kernel")')
def variable_value(row, names):
    assert row.helper == "unchanged"
    assert run(row.old, names).shape == run(row.code("keras")[0], names).shape == (2, 4)


@check_of("classifier.latest_checkpoint()")
def latest_checkpoint(row, names):
    assert row.helper == "unchanged"
    assert Path(run(row.old, names)).exists()
    callback = run(row.code("keras")[0], names)
    names["model"].fit(names["get_test_data"](), verbose=0, callbacks=[callback])
    assert Path("circle.keras").exists()


@check_of('classifier.export_saved_model("circle", receiver_fn)')
def export(row, names):
    for column in ("helper", "keras"):
        Path("circle.keras").unlink(missing_ok=True)
        run(row.code(column)[0], names)
        assert keras.models.load_model("circle.keras").count_params() == 17


# The worked example


@pytest.mark.parametrize("seed", [123, 4, 5])
def test_the_pulse_finder_of_the_appendix_finds_pulses(names, seed):
    finder = names["pulse_estimator"](f"model_dirs/{seed}", seed)
    finder.train(input_fn=names["train_input_fn"], steps=500)
    results = finder.evaluate(input_fn=names["test_input_fn"])
    found = [prediction["bin"] for prediction in finder.predict(names["test_input_fn"])]
    right = np.mean(found == names["pulse_bins"][3000:])
    assert results["accuracy"] == pytest.approx(right)
    distance = np.array(found) - names["pulse_bins"][3000:]
    assert results["rmse"] == pytest.approx(np.sqrt(np.mean(distance**2.0)), rel=1e-5)
    assert right > 0.85
    assert finder.get_variable_value("shapes/kernel").shape == (5, 1, 4)


# An old notebook, carried over as a newcomer would


OLD_NOTEBOOK = """
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
import numpy as np
import pandas as pd
from helpers.data import locate_data
from helpers.generate import generate_pulses

table = pd.read_hdf(locate_data("circles_data.hf5"))
targets = pd.read_hdf(locate_data("circles_targets.hf5"))
def all_rows():
    rows = tf.data.Dataset.from_tensor_slices((dict(table), targets))
    return rows.shuffle(500).repeat().batch(25)
def each_row_once():
    return tf.data.Dataset.from_tensor_slices((dict(table), targets)).batch(100)
tf.logging.set_verbosity(tf.logging.WARN)
columns = [tf.feature_column.numeric_column(key=name) for name in table]
rings = tf.estimator.DNNClassifier(
    config=tf.estimator.RunConfig(model_dir="old/rings", tf_random_seed=11),
    feature_columns=columns, hidden_units=[6],
    activation_fn=tf.tanh, n_classes=2)
!rm -rf old/rings/*
rings.train(input_fn=all_rows, steps=1500);
rings_results = rings.evaluate(input_fn=each_row_once)
rings_kernel = rings.get_variable_value("dnn/hiddenlayer_0/kernel")

def coincidence(features, labels, mode, params):
    width, offset = params["width"], (params["width"] - 1) // 2
    images = tf.reshape(features["X"], [-1, 2, 60, 1])
    maps = tf.layers.conv2d(
        inputs=images, filters=4, kernel_size=[1, width],
        padding="same", activation=tf.tanh, name="maps")
    logits = tf.layers.conv2d(
        inputs=maps, filters=1, kernel_size=[2, width],
        padding="valid", activation=None, name="logits")
    logits = tf.reshape(logits, [-1, 61 - width])
    best = tf.argmax(logits, axis=1) + offset
    chances = tf.nn.softmax(logits)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"best": best, "chances": chances})
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels - offset, logits=logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        accuracy = tf.metrics.accuracy(labels=labels, predictions=best)
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={"accuracy": accuracy})
    assert mode == tf.estimator.ModeKeys.TRAIN
    optimizer = tf.train.AdamOptimizer(learning_rate=params["rate"])
    step = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)

X, y = generate_pulses(n_samples=3000, n_traces=2, n_times=60)
pairs = tf.estimator.Estimator(
    config=tf.estimator.RunConfig(model_dir="old/pairs", tf_random_seed=11),
    model_fn=coincidence,
    params=dict(width=5, rate=0.01))
pairs.train(
    input_fn=tf.estimator.inputs.numpy_input_fn(
        x={"X": X[:2000]}, y=y[:2000], batch_size=200, num_epochs=None, shuffle=True),
    steps=400);
pairs_results = pairs.evaluate(
    input_fn=tf.estimator.inputs.numpy_input_fn(
        x={"X": X[2000:]}, y=y[2000:], num_epochs=1, shuffle=False))
best = [prediction["best"] for prediction in pairs.predict(
    input_fn=tf.estimator.inputs.numpy_input_fn(
        x={"X": X[2000:]}, y=None, num_epochs=1, shuffle=False))]
"""

NEW_NOTEBOOK = """
import tensorflow as tf
import keras
from helpers.estimator import DNNClassifier, Estimator, RunConfig, numeric_inputs, numpy_input_fn
import numpy as np
import pandas as pd
from helpers.data import locate_data
from helpers.generate import generate_pulses

table = pd.read_hdf(locate_data("circles_data.hf5"))
targets = pd.read_hdf(locate_data("circles_targets.hf5"))
def all_rows():
    rows = tf.data.Dataset.from_tensor_slices((dict(table), targets))
    return rows.shuffle(500).repeat().batch(25)
def each_row_once():
    return tf.data.Dataset.from_tensor_slices((dict(table), targets)).batch(100)
tf.get_logger().setLevel("WARNING")
columns = numeric_inputs(table)
rings = DNNClassifier(
    config=RunConfig(model_dir="old/rings", seed=11),
    inputs=columns, hidden_units=[6],
    activation_fn=tf.tanh, n_classes=2)
rings.reset()
rings.train(input_fn=all_rows, steps=1500);
rings_results = rings.evaluate(input_fn=each_row_once)
rings_kernel = rings.get_variable_value("dnn/hiddenlayer_0/kernel")

def coincidence(params):
    width, offset = params["width"], (params["width"] - 1) // 2
    inputs = {"X": keras.Input(shape=(2, 60), name="X")}
    images = keras.ops.reshape(inputs["X"], [-1, 2, 60, 1])
    maps = keras.layers.Conv2D(
        filters=4, kernel_size=[1, width],
        padding="same", activation="tanh", name="maps")(images)
    logits = keras.layers.Conv2D(
        filters=1, kernel_size=[2, width],
        padding="valid", activation=None, name="logits")(maps)
    logits = keras.ops.reshape(logits, [-1, 61 - width])
    best = keras.ops.argmax(logits, axis=1) + offset
    chances = keras.ops.softmax(logits)
    def loss(labels, logits):
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels - offset, logits)
    def accuracy(labels, logits):
        return keras.metrics.sparse_categorical_accuracy(labels - offset, logits)
    optimizer = keras.optimizers.Adam(learning_rate=params["rate"], epsilon=1e-8)
    model = keras.Model(inputs, logits)
    model.compile(optimizer=optimizer, loss=loss, metrics=[accuracy])
    return model, keras.Model(inputs, {"best": best, "chances": chances})

X, y = generate_pulses(n_samples=3000, n_traces=2, n_times=60)
pairs = Estimator(
    config=RunConfig(model_dir="old/pairs", seed=11),
    model_fn=coincidence,
    params=dict(width=5, rate=0.01))
pairs.train(
    input_fn=numpy_input_fn(
        x={"X": X[:2000]}, y=y[:2000], batch_size=200, num_epochs=None, shuffle=True),
    steps=400);
pairs_results = pairs.evaluate(
    input_fn=numpy_input_fn(
        x={"X": X[2000:]}, y=y[2000:], num_epochs=1, shuffle=False))
best = [prediction["best"] for prediction in pairs.predict(
    input_fn=numpy_input_fn(
        x={"X": X[2000:]}, y=None, num_epochs=1, shuffle=False))]
"""

# What the text of the appendix says beside its tables.
SAID_IN_THE_TEXT = {
    "from helpers.estimator import",
    "keras.metrics.sparse_categorical_accuracy",
    "keras.Model(inputs, logits)",
}


def changed_lines(sign):
    lines = difflib.ndiff(OLD_NOTEBOOK.splitlines(), NEW_NOTEBOOK.splitlines())
    return [line[2:] for line in lines if line.startswith(sign)]


def test_a_newcomer_changes_only_what_the_tables_list():
    dotted = re.compile(r"\btf\.[\w.]+")
    for line in changed_lines("- "):
        assert all(any(call in old for old in ROWS) for call in dotted.findall(line)), line


def test_a_newcomer_writes_only_what_the_appendix_gives():
    given = CHAPTER.read_text("utf-8")
    dotted = re.compile(r"\b(?:keras|tf)\.[\w.]+")
    for line in changed_lines("+ "):
        assert all(call in given for call in dotted.findall(line)), line


def test_the_old_notebook_runs_after_these_changes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    notebook = {}
    exec(NEW_NOTEBOOK, notebook)
    assert notebook["rings_results"]["accuracy"] > 0.95
    assert notebook["rings_results"]["global_step"] == 1500
    assert notebook["rings_kernel"].shape == (2, 6)
    right = np.mean(np.array(notebook["best"]) == notebook["y"][2000:])
    assert notebook["pairs_results"]["accuracy"] == pytest.approx(right)
    assert right > 0.6
    assert notebook["pairs"].params["width"] == 5
    assert notebook["pairs"].get_variable_value("maps/kernel").shape == (1, 5, 1, 4)
