"""Structure, names and shapes of data are checked before Keras sees them."""

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from helpers.estimator import DNNClassifier, Estimator, RunConfig, numeric_inputs, numpy_input_fn
from tests.helpers.estimator.examples import (
    LABELS,
    POINTS,
    assert_same_variables,
    classifier,
    line,
    one_pass,
)

SLICES = tf.data.Dataset.from_tensor_slices((dict(POINTS), LABELS))
TRACES = np.ones((8, 3, 5), np.float32)
BINS = np.arange(8) % 2


def unknown(features, labels):
    """Forget the shapes of a batch, as a function of Python does."""

    def forget(values):
        return tf.py_function(lambda same: same, [values], values.dtype)

    return {name: forget(values) for name, values in features.items()}, forget(labels)


def generated():
    types = {"x0": tf.float64, "x1": tf.float64}, tf.int64
    return tf.data.Dataset.from_generator(one_pass().__iter__, output_types=types)


def with_features(function):
    return one_pass().map(lambda features, labels: (function(features), labels))


def with_labels(function):
    return one_pass().map(lambda features, labels: (features, function(labels)))


BAD_STRUCTURE = [
    (SLICES, r"feature 'x0' has the shape \(\), .* not batched: add \.batch"),
    (SLICES.batch(10).batch(2), r"shape \(None, None\) .* batched twice: leave out one batch\(\)"),
    (SLICES.batch(10).map(unknown), r"'x0' has an unknown shape, .* tf\.ensure_shape in map\(\)"),
    (generated(), "unknown shape, as after tf.py_function or from a generator: .* output_signat"),
    (SLICES.window(5), r"'x0' is a Dataset, .* batch\(\) what window\(\) gives"),
    (with_features(lambda x: tuple(x.values())), r"misses \['x0', 'x1'\]: make the features a"),
    (with_features(lambda x: x | {"x1": tf.as_string(x["x1"])}), "'x1' holds string, .* encode it"),
    (with_features(lambda x: x | {"x1": tf.cast(x["x1"], "complex64")}), "'x1' holds complex64"),
    (with_features(lambda x: x | {"x1": x["x0"][:, None] * [1.0, 2]}), r"shape \(None, 2\) and"),
    (with_labels(lambda y: {"y": y}), r"labels are a dict of \['y'\], .* take one out with .*map"),
    (with_labels(lambda y: (y, y)), "labels are several arrays, but the model has one output"),
    (one_pass().map(lambda x, y: (x, y, y, y)), "has 4 parts, but it must have .features, labels"),
]


@pytest.mark.parametrize(("dataset", "sentence"), BAD_STRUCTURE)
def test_bad_structure_is_refused_with_its_cure(trained, tmp_path, dataset, sentence):
    model = classifier(tmp_path)
    for use in (model.train, trained.evaluate):
        with pytest.raises(ValueError, match=sentence) as refused:
            use(lambda: dataset, steps=1)
        assert "\n" not in str(refused.value)
    assert model.latest_checkpoint() is None


def images(params):
    """A custom model of one input without a name."""
    inputs = keras.Input((3, 5))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Flatten()(inputs)))
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize(
    ("dataset", "sentence"),
    [
        (tf.data.Dataset.from_tensor_slices((TRACES, BINS)), "not batched"),
        (tf.data.Dataset.from_tensor_slices((TRACES, BINS)).batch(4).batch(2), "batched twice"),
        (tf.data.Dataset.from_tensor_slices((TRACES[:, 0], BINS)).batch(4), "the same shape"),
        (tf.data.Dataset.from_tensor_slices((TRACES[:, :2], BINS)).batch(4), r"\(None, 2, 5\) and"),
        (tf.data.Dataset.from_tensor_slices((TRACES, {"y": BINS})).batch(4), "labels are a dict"),
        (tf.data.Dataset.from_tensor_slices(((TRACES, TRACES), BINS)).batch(4), "misses"),
    ],
)
def test_a_model_of_one_s_own_is_told_what_does_not_fit(tmp_path, dataset, sentence):
    model = Estimator(images, config=RunConfig(tmp_path))
    with pytest.raises(ValueError, match=sentence):
        model.train(lambda: dataset, steps=1)
    assert model.latest_checkpoint() is None


def two_outputs(params):
    inputs = {"x": keras.Input((1,), name="x")}
    outputs = {name: keras.layers.Dense(1, name=name)(inputs["x"]) for name in ("low", "high")}
    model = keras.Model(inputs, outputs)
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("labels", [{"low": BINS}, {"low": BINS, "other": BINS}, BINS])
def test_labels_are_those_of_all_outputs(tmp_path, labels):
    dataset = tf.data.Dataset.from_tensor_slices(({"x": np.ones(8)}, labels)).batch(4)
    with pytest.raises(ValueError, match=r"has the outputs \['high', 'low'\]: give a dict"):
        Estimator(two_outputs, config=RunConfig(tmp_path)).train(lambda: dataset)


@pytest.mark.parametrize("path", ["s3://bucket/model.keras", None, "nowhere/model.keras"])
def test_a_model_is_exported_to_this_machine(trained, path):
    with pytest.raises((TypeError, ValueError, OSError), match=r"path is|cannot be written"):
        trained.export(path)


def test_a_missing_file_is_told_in_one_sentence(trained):
    def lines():
        return tf.data.TextLineDataset("nowhere").batch(2).map(lambda _: next(iter(one_pass())))

    for use in (trained.train, trained.evaluate):
        with pytest.raises(
            OSError, match=r"cannot be read \(.*No such file.*\): check its files\.$"
        ):
            use(lines)


def two_inputs(params):
    inputs = [keras.Input((3, 5)), keras.Input((1,))]
    flat = [keras.layers.Flatten()(each) for each in inputs]
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Concatenate()(flat)))
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize(
    ("model_fn", "features"),
    [
        (images, TRACES),
        (images, TRACES[..., None]),
        (line, {"x": np.ones(8)}),
        (line, np.ones((8, 1))),
        (two_inputs, (TRACES, np.ones(8))),
    ],
)
def test_what_keras_takes_is_taken(tmp_path, model_fn, features):
    def batches():
        return tf.data.Dataset.from_tensor_slices((features, BINS)).batch(4)

    model = Estimator(model_fn, config=RunConfig(tmp_path)).train(batches)
    assert len(list(model.predict(batches))) == 8


def test_predictions_need_batches_too(trained):
    with pytest.raises(ValueError, match="not batched"):
        trained.predict(lambda: SLICES)


# Names of columns

PHYSICS = ["E/p", "E_p", "dE/dx", "chi2/ndf", "p_T [GeV]", "η", "2nd hit", "_x", "a b", ":0", "x"]
TABLE = pd.DataFrame({name: np.arange(20.0) + k for k, name in enumerate(PHYSICS)})


def by_list(params):
    """A model that takes its inputs in a list, so that Keras finds features by their names."""
    inputs = list(numeric_inputs(TABLE).values())
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.ops.stack(inputs, axis=1)))
    model.compile("adam", "mse")
    return model


@pytest.mark.filterwarnings("error:When providing")
@pytest.mark.parametrize("own", [False, True])
def test_columns_have_the_names_that_physicists_give_them(tmp_path, own):
    def estimator(folder):
        config = RunConfig(tmp_path / folder, seed=1)
        if own:
            return Estimator(by_list, config=config)
        return DNNClassifier([4], numeric_inputs(TABLE), config=config)

    def dataset():
        return tf.data.Dataset.from_tensor_slices((dict(TABLE), np.arange(20) % 2)).batch(5)

    arrays = numpy_input_fn(TABLE, np.arange(20) % 2, 5, shuffle=False)
    for steps in (1, 3):
        estimator("parts").train(dataset, steps=steps)
    estimator("whole").train(arrays)
    assert_same_variables(estimator("parts"), estimator("whole"))
    assert estimator("whole").evaluate(dataset) == estimator("parts").evaluate(arrays)
    assert len(list(estimator("whole").predict(arrays))) == 20


@pytest.mark.filterwarnings("ignore:When providing")
def test_an_exported_model_keeps_the_names(tmp_path):
    config = RunConfig(tmp_path / "model", seed=1)
    model = DNNClassifier([4], numeric_inputs(TABLE), config=config)
    model.train(numpy_input_fn(TABLE, np.arange(20) % 2, 5, shuffle=False))
    loaded = keras.models.load_model(model.export(tmp_path / "model.keras"))
    assert loaded.predict({name: TABLE[name].to_numpy() for name in TABLE}, verbose=0).shape == (
        20,
        1,
    )


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame(np.ones((2, 2)), columns=["x", "x"]),
        {1: np.ones(2), "1": np.ones(2)},
        {"E/p": np.ones(2), "E∕p": np.ones(2)},
    ],
)
def test_two_columns_of_one_name_are_refused(table):
    for use in (numeric_inputs, lambda table: numpy_input_fn(table, shuffle=False)):
        with pytest.raises(
            ValueError, match=r"Two columns are called '(x|1|E∕p)': give each a name of"
        ):
            use(table)


@pytest.mark.parametrize("table", [np.ones((2, 2)), [1.0, 2.0], None])
def test_inputs_need_names(table):
    with pytest.raises(TypeError, match="must be a DataFrame or a dict of columns: give"):
        numeric_inputs(table)
