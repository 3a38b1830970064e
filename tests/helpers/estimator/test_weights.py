"""Weights of samples count in training and in every metric, as often as they say."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.estimator import DNNClassifier, Estimator, RunConfig, numeric_inputs, numpy_input_fn
from tests.helpers.estimator.examples import (
    LABELS,
    POINTS,
    assert_same_variables,
    classifier,
    endless,
    line,
)

SIGNS = {"x": np.array([-1.0, 1.0, -1.0, 1.0])}


def dataset_of(features, labels, weights, batch_size=4):
    parts = features, labels, weights
    return lambda: tf.data.Dataset.from_tensor_slices(parts).batch(batch_size)


def arrays_of(features, labels, weights, batch_size=4):
    return numpy_input_fn(features, labels, batch_size, weights=weights, shuffle=False)


@pytest.mark.parametrize(("made", "shape"), [(dataset_of, (4,)), (arrays_of, (4, 1))])
@pytest.mark.parametrize(("n_classes", "labels"), [(2, [0, 1, 1, 0]), (3, [0, 2, 2, 0])])
def test_what_weighs_nothing_is_neither_learned_nor_measured(
    tmp_path, made, shape, n_classes, labels
):
    config = RunConfig(tmp_path, seed=1)
    model = DNNClassifier([4], numeric_inputs(SIGNS), n_classes, config=config)
    weighted = made(SIGNS, np.array(labels), np.array([1, 1, 0, 0]).reshape(shape))
    model.train(lambda: weighted().repeat(), steps=200)
    assert model.evaluate(weighted)["accuracy"] == 1
    assert model.evaluate(made(SIGNS, labels, np.ones(4)))["accuracy"] == 0.5
    assert len(list(model.predict(weighted))) == 4


NUMBERS = {"x": np.arange(6.0)}
HEIGHTS = np.array([1.0, -1.0, 2.0, 0.0, 5.0, 3.0])
WEIGHTS = np.array([2, 0, 1, 3, 0, 2])


def line_with(**metrics):
    def model_fn(params):
        model = line(params)
        model.compile(model.optimizer, "mse", **metrics)
        return model

    return model_fn


@pytest.fixture
def of_a_line(tmp_path):
    """A function that trains a line for a step, which is compiled with given metrics."""

    def trained(**metrics):
        model = Estimator(line_with(**metrics), config=RunConfig(tmp_path, seed=1))
        return model.train(arrays_of(NUMBERS, HEIGHTS, None, 6), max_steps=1)

    return trained


@pytest.mark.parametrize("batch_size", [2, 6])
def test_a_sample_counts_in_each_metric_as_often_as_its_weight_says(of_a_line, batch_size):
    metrics = ["mae", keras.metrics.RootMeanSquaredError("rmse"), keras.losses.log_cosh]
    model = of_a_line(metrics=metrics)
    repeated = np.repeat(np.arange(6), WEIGHTS)
    often = arrays_of({"x": NUMBERS["x"][repeated]}, HEIGHTS[repeated], None)
    expected = model.evaluate(often)
    results = model.evaluate(arrays_of(NUMBERS, HEIGHTS, WEIGHTS, batch_size))
    assert results.pop("loss") == pytest.approx(expected.pop("loss") * WEIGHTS.sum() / 6)
    assert results == pytest.approx(expected)
    assert {"mae", "rmse", "log_cosh"} < results.keys()


def test_whoever_gives_weighted_metrics_beside_metrics_means_both(of_a_line):
    model = of_a_line(metrics=["mae"], weighted_metrics=["mape"])
    results = [model.evaluate(arrays_of(NUMBERS, HEIGHTS, w)) for w in (np.ones(6), WEIGHTS)]
    assert results[0]["mae"] == results[1]["mae"]
    assert results[0]["mape"] != results[1]["mape"]


def test_weights_of_one_change_nothing(tmp_path):
    for name, weights in (("without", None), ("ones", np.ones(200))):
        model = classifier(tmp_path / name)
        model.train(numpy_input_fn(dict(POINTS), LABELS, 20, shuffle=True, weights=weights))
    assert_same_variables(classifier(tmp_path / "without"), classifier(tmp_path / "ones"))


def several_outputs(params):
    inputs = keras.Input((1,), name="x")
    outputs = {name: keras.layers.Dense(1, name=name)(inputs) for name in ("low", "high")}
    model = keras.Model({"x": inputs}, outputs)
    mse = dict.fromkeys(outputs, "mse")
    model.compile("sgd", mse, metrics={"low": ["mae"], "high": ["mae"]})
    return model


@pytest.mark.parametrize("by_label", [False, True])
def test_weights_count_for_each_of_several_outputs(tmp_path, by_label):
    model = Estimator(several_outputs, config=RunConfig(tmp_path, seed=1))
    labels = {"low": HEIGHTS, "high": HEIGHTS}
    weights = dict.fromkeys(labels, WEIGHTS) if by_label else WEIGHTS
    model.train(dataset_of(NUMBERS, labels, weights), steps=1)
    kept = WEIGHTS > 0
    some = dataset_of({"x": NUMBERS["x"][kept]}, {k: HEIGHTS[kept] for k in labels}, WEIGHTS[kept])
    everything = model.evaluate(dataset_of(NUMBERS, labels, weights))
    for name in ("low_mae", "high_mae"):
        assert everything[name] == pytest.approx(model.evaluate(some)[name])


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 3, 1)])
def test_a_weight_counts_for_each_step_of_its_sequence(tmp_path, shape):
    def sequence(params):
        inputs = {"x": keras.Input((3, 2), name="x")}
        model = keras.Model(inputs, keras.layers.Dense(1)(inputs["x"]))
        model.compile("sgd", "mse", metrics=["mae"])
        return model

    x, y, weights = np.arange(24.0).reshape(4, 3, 2), np.ones((4, 3, 1)), np.array([1, 0, 0, 2])
    model = Estimator(sequence, config=RunConfig(tmp_path, seed=1))
    weighted = dataset_of(
        {"x": x}, y, np.resize(weights, shape[:1] + (1,) * (len(shape) - 1)) * np.ones(shape)
    )
    often = dataset_of({"x": x[[0, 3, 3]]}, y[[0, 3, 3]], np.ones(3))
    model.train(weighted)
    assert model.evaluate(weighted)["mae"] == pytest.approx(model.evaluate(often)["mae"])


BAD_WEIGHTS = [
    (np.where(np.arange(200) == 3, np.inf, 1), "(a weight is NaN or inf|weights must be finite)"),
    (np.where(np.arange(200) == 3, -1, 1), "(a weight is negative|weights must be .* 0 or more)"),
    (np.full(200, 1e30), r"(negative or above 1e\+15|weights must be .* up to 1e\+15)"),
    (np.zeros(200), "(All weights .* are zero|weights must be .* not all 0)"),
    (np.full(200, "heavy"), "weights? holds (string|text)"),
    (np.ones((200, 2)), "weights have the shape .*one for each sample"),
]


@pytest.mark.parametrize(("weights", "sentence"), BAD_WEIGHTS)
def test_bad_weights_are_refused_before_any_step(trained, tmp_path, weights, sentence):
    model = classifier(tmp_path)
    weighted = dataset_of(dict(POINTS), LABELS, weights, 200)
    for use in (
        lambda: model.train(weighted),
        lambda: trained.evaluate(weighted),
        lambda: arrays_of(dict(POINTS), LABELS, weights),
    ):
        with pytest.raises((TypeError, ValueError), match=sentence) as refused:
            use()
        assert "\n" not in str(refused.value)
        assert "learning rate" not in str(refused.value)
    assert model.latest_checkpoint() is None
    assert len(list(trained.predict(weighted))) == 200


@pytest.mark.parametrize(
    ("labels", "weights", "sentence"),
    [
        (LABELS, np.ones(100), r"same number of samples, .* got \[100, 200\]"),
        (LABELS, 1.0, "weights is a single number"),
        (None, np.ones(200), "there are none: give y, too"),
    ],
)
def test_weights_go_with_labels(labels, weights, sentence):
    with pytest.raises(ValueError, match=sentence):
        arrays_of(dict(POINTS), labels, weights)


def test_the_unit_of_weights_changes_no_metric_but_the_loss(trained):
    weights = np.arange(200) % 3
    expected, small = (
        trained.evaluate(arrays_of(dict(POINTS), LABELS, weights * unit)) for unit in (1, 1e-9)
    )
    assert small.pop("loss") < 1e-6 * expected.pop("loss")
    assert small == pytest.approx(expected, rel=1e-3)


def test_none_stands_for_no_weights_and_no_labels(trained):
    def without(*parts):
        return lambda: tf.data.Dataset.from_tensor_slices((dict(POINTS), *parts)).batch(30)

    assert trained.evaluate(without(LABELS, None)) == trained.evaluate(without(LABELS))
    assert len(list(trained.predict(without(None)))) == 200
    with pytest.raises(ValueError, match="has no labels"):
        trained.evaluate(without(None))


def test_batches_of_different_lengths_are_refused(trained):
    def unequal(made):
        longer = tf.data.Dataset.from_tensors(np.ones(30)).repeat()
        return tf.data.Dataset.zip(endless(), longer).map(lambda data, ones: made(*data, ones))

    for input_fn in (
        lambda: unequal(lambda x, y, ones: (x, y, ones)),
        lambda: unequal(lambda x, y, ones: (x, ones)),
    ):
        with pytest.raises(ValueError, match="labels and weights of a batch differ in number"):
            trained.evaluate(input_fn, steps=1)
