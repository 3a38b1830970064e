"""helpers.estimator trains, remembers, evaluates and predicts as its docstrings say."""

import doctest
import itertools
import json
import random
import re
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import estimator
from helpers.estimator import DNNClassifier, Estimator, RunConfig, numeric_inputs, numpy_input_fn
from helpers.estimator.steps import MOST_STEPS_AT_ONCE, steps_at_once
from helpers.generate import generate_circles

POINTS, SIDES = generate_circles(200)
UNITS = [4]


def circles_data():
    """Shuffled batches of 20 that never end."""
    dataset = tf.data.Dataset.from_tensor_slices((dict(POINTS), SIDES))
    return dataset.shuffle(200).repeat().batch(20)


def one_pass():
    return tf.data.Dataset.from_tensor_slices((dict(POINTS), SIDES)).batch(30)


def classifier(model_dir, seed=1, units=UNITS, **settings):
    config = RunConfig(model_dir, seed=seed, **settings)
    return DNNClassifier(units, numeric_inputs(POINTS), activation_fn=tf.sigmoid, config=config)


def variables(model):
    return {name: model.get_variable_value(name) for name in model.get_variable_names()}


def assert_same_variables(model, other):
    mine, others = variables(model), variables(other)
    assert mine.keys() == others.keys()
    for name, value in mine.items():
        np.testing.assert_array_equal(value, others[name], err_msg=name)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A classifier after 300 steps; tests only look at it."""
    return classifier(tmp_path_factory.mktemp("trained"), save_every_steps=100).train(
        circles_data, steps=300
    )


def test_module_is_small_enough_to_read():
    assert len(Path(estimator.__file__).read_text(encoding="utf-8").splitlines()) < 400


@pytest.mark.parametrize("module", [estimator, estimator.inputs, estimator.model_dir])
def test_examples_run(module):
    tests = doctest.testmod(module)
    assert tests.attempted
    assert not tests.failed


# What training leaves behind


def test_variables_have_the_lecture_s_names_and_shapes(trained):
    shapes = {
        "dnn/hiddenlayer_0/kernel": (2, 4),
        "dnn/hiddenlayer_0/bias": (4,),
        "dnn/logits/kernel": (4, 1),
        "dnn/logits/bias": (1,),
    }
    slots = {f"{name}/Adagrad": shape for name, shape in shapes.items()}
    expected = shapes | slots | {"global_step": ()}
    assert {name: value.shape for name, value in variables(trained).items()} == expected
    assert trained.get_variable_names() == sorted(expected)


def test_a_variable_that_is_not_there_is_answered_with_those_that_are(trained):
    with pytest.raises(ValueError, match=r"no variable 'kernel'; choose from .*dnn/logits/bias"):
        trained.get_variable_value("kernel")


def test_checkpoints_are_written_on_the_way_and_at_the_end(trained):
    steps = [0, 100, 200, 300]
    names = sorted(path.name for path in Path(trained.model_dir).glob("model.ckpt*"))
    assert names == [f"model.ckpt-{step}.npz" for step in steps]
    assert trained.latest_checkpoint().endswith("model.ckpt-300.npz")


def test_only_the_newest_checkpoints_are_kept(tmp_path):
    model = classifier(tmp_path, save_every_steps=10, keep_checkpoints=2)
    model.train(circles_data, steps=45)
    assert sorted(path.name for path in tmp_path.glob("model.ckpt*")) == [
        "model.ckpt-40.npz",
        "model.ckpt-45.npz",
    ]


def event_scalars(folder):
    """Read (step, tag, value) from TensorBoard event files."""
    for path in sorted(folder.glob("events.out.tfevents.*")):
        for record in tf.data.TFRecordDataset(str(path)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                yield event.step, value.tag, float(tf.make_ndarray(value.tensor))


def test_tensorboard_events_hold_the_loss_by_global_step(tmp_path):
    model = classifier(tmp_path, save_every_steps=10)
    model.train(circles_data, steps=20).train(circles_data, steps=10)
    results = model.evaluate(one_pass)
    losses = {s: v for s, tag, v in event_scalars(tmp_path / "train") if tag == "epoch_loss"}
    assert list(losses) == [10, 20, 30]
    assert all(5 < loss < 30 for loss in losses.values())
    evaluated = [
        (step, value)
        for step, tag, value in event_scalars(tmp_path / "validation")
        if tag == "evaluation_accuracy_vs_iterations"
    ]
    assert evaluated == [(30, pytest.approx(results["accuracy"]))]


def test_a_progress_bar_on_stderr_counts_steps_and_shows_the_loss(tmp_path, capsys):
    classifier(tmp_path).train(circles_data, steps=20)
    streams = capsys.readouterr()
    assert streams.out == ""
    assert re.search(r"20/20 .*loss=\d", streams.err)


def test_nothing_is_trained_before_training(tmp_path):
    model = classifier(tmp_path / "new")
    assert model.latest_checkpoint() is None
    for ask in (
        lambda: model.evaluate(one_pass),
        lambda: model.predict(one_pass),
        model.get_variable_names,
        lambda: model.export(tmp_path / "model.keras"),
    ):
        with pytest.raises(ValueError, match=r"no trained model in .*; call train\(\) first"):
            ask()
    assert not (tmp_path / "new").exists()


def test_a_model_without_model_dir_trains_in_a_folder_of_its_own():
    models = [classifier(None), classifier(None)]
    models[0].train(circles_data, steps=10)
    assert models[0].latest_checkpoint()
    assert models[1].latest_checkpoint() is None


# Memory of training


def test_training_in_parts_equals_training_at_once(tmp_path):
    whole = classifier(tmp_path / "whole").train(circles_data, steps=100)
    for steps in (1, 33, 66):
        model = classifier(tmp_path / "parts").train(circles_data, steps=steps)
    assert_same_variables(model, whole)


@given(save_every=st.integers(1, 2000))
def test_groups_of_steps_end_where_checkpoints_are_due(save_every):
    group = steps_at_once(save_every)
    spacing = save_every // group * group
    assert group <= MOST_STEPS_AT_ONCE
    assert 0.95 * save_every < spacing <= save_every
    assert group > min(save_every, MOST_STEPS_AT_ONCE) / 2.1


def noisy_network(params):
    """A network with all that must be remembered: dropout, moving averages, Adam's slots."""
    keras_layers = keras.layers
    inputs = keras.Input((2,))
    hidden = keras_layers.Dense(8, activation="relu")(keras_layers.Dropout(0.3)(inputs))
    hidden = keras_layers.Dropout(0.2)(keras_layers.BatchNormalization()(hidden))
    model = keras.Model(inputs, keras_layers.Dense(1)(hidden))
    rate = keras.optimizers.schedules.CosineDecay(0.01, 100)
    model.compile(keras.optimizers.Adam(rate), "mse", metrics=["mae"])
    return model


X = POINTS.to_numpy(np.float32)
Y = SIDES.to_numpy(np.float32)


def generated():
    """Batches of a Python generator, whose number is not known."""

    def batches():
        rng = np.random.default_rng(5)
        while True:
            rows = rng.integers(200, size=16)
            yield X[rows], Y[rows]

    signature = tuple(tf.TensorSpec((None, width), tf.float32) for width in (2, 1))
    return tf.data.Dataset.from_generator(batches, output_signature=signature)


def mapped():
    """Batches that are shuffled, and to which each step adds random noise."""
    dataset = tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(200).repeat().batch(16)
    return dataset.map(lambda x, y: (x + tf.random.normal(tf.shape(x)), y))


@pytest.mark.parametrize(
    "input_fn",
    [
        numpy_input_fn(X, Y, 16, None, shuffle=True),
        generated,
        mapped,
    ],
    ids=["repeated", "generated", "mapped"],
)
def test_any_model_goes_on_as_if_it_had_not_stopped(tmp_path, input_fn):
    whole, parts = (
        Estimator(noisy_network, config=RunConfig(tmp_path / name, seed=3))
        for name in ("whole", "parts")
    )
    whole.train(input_fn, steps=70)
    parts.train(input_fn, steps=25)
    again = Estimator(noisy_network, config=RunConfig(tmp_path / "parts", seed=3))
    again.train(input_fn, steps=45)
    assert_same_variables(again, whole)


def test_without_a_seed_one_is_drawn_and_remembered(tmp_path):
    first = classifier(tmp_path / "first", seed=None).train(circles_data, steps=20)
    other = classifier(tmp_path / "other", seed=None).train(circles_data, steps=20)
    kernel = "dnn/logits/kernel"
    assert not np.array_equal(first.get_variable_value(kernel), other.get_variable_value(kernel))
    seed = json.loads(str(np.load(first.latest_checkpoint())["estimator state"]))["seed"]
    whole = classifier(tmp_path / "whole", seed=seed).train(circles_data, steps=40)
    again = classifier(tmp_path / "first", seed=None).train(circles_data, steps=20)
    assert_same_variables(again, whole)


def test_training_is_what_plain_keras_does_to_the_last_digit(tmp_path):
    model = classifier(tmp_path, seed=7).train(circles_data, steps=60)
    keras.utils.set_random_seed(7)
    inputs = {name: keras.Input((1,), name=name) for name in POINTS}
    hidden = keras.layers.Concatenate()(list(inputs.values()))
    hidden = keras.layers.Dense(4, activation="sigmoid")(hidden)
    plain = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    plain.compile(
        keras.optimizers.Adagrad(0.05, initial_accumulator_value=0.1, epsilon=0),
        keras.losses.BinaryCrossentropy(from_logits=True, reduction="sum"),
    )
    plain.fit(circles_data(), steps_per_epoch=60, verbose=0)
    names = [
        f"dnn/{layer}/{part}"
        for layer in ("hiddenlayer_0", "logits")
        for part in ("kernel", "bias")
    ]
    for name, weight in zip(names, plain.get_weights(), strict=True):
        np.testing.assert_array_equal(model.get_variable_value(name), weight)


def half_precision(params):
    inputs = keras.Input((2,), dtype="bfloat16")
    model = keras.Sequential([inputs, keras.layers.Dense(3, dtype="bfloat16")])
    model.compile("adam", "mse")
    return model


def test_small_floats_survive_a_checkpoint(tmp_path):
    for steps in (3, 4):
        config = RunConfig(tmp_path, seed=1)
        model = Estimator(half_precision, config=config).train(mapped, steps=steps)
    assert model.get_variable_value("dense/kernel").dtype == np.float32
    assert model.get_variable_value("global_step") == 7


def test_random_numbers_of_the_reader_go_on_as_if_nothing_had_been(trained):
    random.seed(5)
    np.random.seed(5)
    expected = random.random(), np.random.random()
    random.seed(5)
    np.random.seed(5)
    trained.evaluate(one_pass)
    next(trained.predict(one_pass))
    trained.train(circles_data, max_steps=1)
    assert (random.random(), np.random.random()) == expected


def test_max_steps_is_where_training_stops(tmp_path):
    model = classifier(tmp_path)
    assert model.train(circles_data, max_steps=30) is model
    model.train(circles_data, max_steps=50).train(circles_data, max_steps=40)
    assert model.get_variable_value("global_step") == 50


def test_training_without_steps_takes_one_pass_each_time(tmp_path):
    model = classifier(tmp_path)
    for passes in (1, 2, 3):
        model.train(one_pass)
        assert model.get_variable_value("global_step") == 7 * passes


def test_a_pass_that_was_broken_off_is_finished(tmp_path):
    model = classifier(tmp_path).train(one_pass, steps=3)
    assert model.train(one_pass).get_variable_value("global_step") == 7


def test_other_data_begin_at_their_start(tmp_path):
    small = numpy_input_fn(dict(POINTS), SIDES, 10, shuffle=False)
    model = classifier(tmp_path).train(circles_data, steps=3).train(small)
    assert model.get_variable_value("global_step") == 3 + 20


def unknown_length():
    return one_pass().filter(lambda features, labels: True)


@pytest.mark.parametrize(
    ("input_fn", "save_every"),
    [(one_pass, 7), (one_pass, 100), (unknown_length, 1), (unknown_length, 7), (unknown_length, 9)],
)
def test_data_that_end_early_are_told_with_the_steps_done_which_are_kept(
    tmp_path, input_fn, save_every
):
    model = classifier(tmp_path, save_every_steps=save_every)
    with pytest.raises(ValueError, match="ended after 7 of 50 steps, which are kept"):
        model.train(input_fn, steps=50)
    assert model.get_variable_value("global_step") == 7
    model.train(input_fn, steps=7)
    assert model.train(input_fn).get_variable_value("global_step") == 21


@pytest.mark.parametrize("group", [2, 3, 100])
def test_training_learns_from_each_batch_once_and_in_order(tmp_path, group):
    """Each weight moves by the feature of one sample, so their sum tells what was seen."""

    def one_step_per_weight(params):
        inputs = keras.Input((12,))
        weights = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros", name="seen")
        model = keras.Model(inputs, weights(inputs))
        model.compile(keras.optimizers.SGD(1.0), lambda y_true, y_pred: -y_pred)
        return model

    samples = numpy_input_fn(np.eye(12), np.zeros(12), 1, 2, shuffle=False)
    config = RunConfig(tmp_path, save_every_steps=group)
    for steps, seen in ((5, [1] * 5 + [0] * 7), (9, [2] * 2 + [1] * 10), (10, [2] * 12)):
        model = Estimator(one_step_per_weight, config=config).train(samples, steps=steps)
        assert model.get_variable_value("seen/kernel")[:, 0].tolist() == seen


# Starting afresh


def test_reset_forgets_training_and_nothing_else(tmp_path):
    model = classifier(tmp_path / "model").train(circles_data, steps=20)
    first = variables(model)
    model.evaluate(one_pass)
    (tmp_path / "model" / "notes.txt").write_text("mine")
    model.reset()
    assert model.latest_checkpoint() is None
    files = [path.name for path in (tmp_path / "model").rglob("*") if path.is_file()]
    assert sorted(files) == ["estimator.lock", "notes.txt"]
    model.train(circles_data, steps=20)
    assert variables(model).keys() == first.keys()
    for name, value in variables(model).items():
        np.testing.assert_array_equal(value, first[name])


def test_reset_before_any_training_does_nothing(tmp_path):
    classifier(tmp_path / "new").reset()
    assert not (tmp_path / "new").exists()


def test_reset_refuses_a_folder_that_no_estimator_wrote(tmp_path):
    (tmp_path / "model.ckpt-1.npz").write_text("mine")
    with pytest.raises(ValueError, match=r"deletes nothing in .*: no estimator wrote this folder"):
        classifier(tmp_path).reset()
    assert (tmp_path / "model.ckpt-1.npz").read_text() == "mine"


def test_a_folder_with_files_of_others_is_not_trained_in(tmp_path):
    (tmp_path / "checkpoint").write_text("of TensorFlow 1")
    with pytest.raises(
        ValueError, match="holds files that no estimator wrote, such as 'checkpoint'"
    ):
        classifier(tmp_path).train(circles_data, steps=1)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]


def test_weights_start_afresh_when_the_folder_was_emptied_by_hand(tmp_path):
    model = classifier(tmp_path).train(circles_data, steps=20)
    first = variables(model)
    for path in sorted(tmp_path.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    model.train(circles_data, steps=20)
    for name, value in variables(model).items():
        np.testing.assert_array_equal(value, first[name])


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (
            {"units": [5]},
            r"'dnn/hiddenlayer_0/kernel' is \(2, 4\) there and \(2, 5\) in this model",
        ),
        ({"units": [4, 3]}, r"'dnn/hiddenlayer_1/kernel' is absent there and \(4, 3\) in this"),
        ({"units": []}, r"'dnn/logits/kernel' is \(4, 1\) there and \(2, 1\) in this model"),
    ],
    ids=["wider", "deeper", "without hidden layers"],
)
def test_another_architecture_is_refused_with_the_first_difference(trained, other, difference):
    model = classifier(trained.model_dir, **other)
    before = sorted(Path(trained.model_dir).iterdir())
    for use in (lambda: model.train(circles_data, steps=1), lambda: model.evaluate(one_pass)):
        with pytest.raises(ValueError, match=f"another architecture: the shape of {difference}"):
            use()
    assert sorted(Path(trained.model_dir).iterdir()) == before


def test_another_optimizer_is_refused(trained):
    config = RunConfig(trained.model_dir)
    model = DNNClassifier(UNITS, numeric_inputs(POINTS), optimizer="adam", config=config)
    with pytest.raises(ValueError, match="'dnn/hiddenlayer_0/kernel/Adam' is absent there"):
        model.train(circles_data, steps=1)


# Evaluation, prediction, export


def test_evaluation_agrees_with_predictions(trained):
    results = trained.evaluate(one_pass)
    predictions = list(trained.predict(one_pass))
    logits = np.array([p["logits"][0] for p in predictions], np.float64)
    labels = SIDES["y"].to_numpy()
    losses = np.logaddexp(0, np.where(labels == 1, -logits, logits))
    batches = [losses[start : start + 30].sum() for start in range(0, 200, 30)]
    positive = logits > 0
    expected = {
        "accuracy": np.mean(positive == labels),
        "accuracy_baseline": 0.5,
        "average_loss": losses.mean(),
        "loss": np.mean(batches),
        "precision": labels[positive].mean(),
        "recall": positive[labels == 1].mean(),
        "label/mean": labels.mean(),
        "prediction/mean": np.mean(1 / (1 + np.exp(-logits))),
        "global_step": 300,
    }
    assert list(results) == [*sorted(set(results) - {"global_step"}), "global_step"]
    assert {name: results[name] for name in expected} == pytest.approx(expected, rel=1e-5)
    assert results.keys() - expected.keys() == {"auc", "auc_precision_recall"}


def test_predictions_have_the_names_and_shapes_of_tf_estimator(trained):
    for prediction in itertools.islice(trained.predict(circles_data), 30):
        logit = prediction["logits"]
        assert list(prediction) == ["logits", "logistic", "probabilities", "class_ids", "classes"]
        assert logit.shape == (1,)
        assert prediction["logistic"] == pytest.approx(1 / (1 + np.exp(-logit)))
        assert prediction["probabilities"][1:] == pytest.approx(prediction["logistic"])
        assert prediction["probabilities"].sum() == pytest.approx(1)
        assert prediction["class_ids"] == (logit > 0)
        assert prediction["classes"].tolist() == [str(int(prediction["class_ids"][0])).encode()]


def test_evaluation_of_some_batches_only(trained):
    some = numpy_input_fn(dict(POINTS[:60]), SIDES[:60], 30, shuffle=False)
    whole, part = trained.evaluate(some), trained.evaluate(one_pass, steps=2)
    assert part == pytest.approx(whole)


def test_exported_model_is_read_by_keras_and_predicts_the_same(trained, tmp_path):
    path = trained.export(tmp_path / "model.keras")
    loaded = keras.models.load_model(path)
    logits = loaded.predict({name: POINTS[name].to_numpy() for name in POINTS}, verbose=0)
    predictions = [prediction["logits"] for prediction in trained.predict(one_pass)]
    np.testing.assert_allclose(logits, predictions, rtol=1e-6)
    assert loaded.optimizer.iterations == 300


def test_export_says_what_the_file_must_be_called(trained, tmp_path):
    with pytest.raises(ValueError, match=r"end '.*model' in '\.keras'"):
        trained.export(tmp_path / "model")


def test_three_classes(tmp_path):
    labels = SIDES["y"].to_numpy() * (1 + (POINTS["x0"] > 0))
    config = RunConfig(tmp_path, seed=2)
    model = DNNClassifier([8], numeric_inputs(POINTS), 3, "tanh", "adam", config)
    model.train(numpy_input_fn(dict(POINTS), labels, 50, None, shuffle=True), steps=1500)
    input_fn = numpy_input_fn(POINTS, labels, shuffle=False)
    results = model.evaluate(input_fn)
    assert list(results) == ["accuracy", "average_loss", "loss", "global_step"]
    assert results["accuracy"] > 0.85
    classes = [prediction["class_ids"][0] for prediction in model.predict(input_fn)]
    assert np.mean(classes == labels) == pytest.approx(results["accuracy"])


# Models of one's own


def line(params):
    inputs = {"x": keras.Input((1,), name="x")}
    heights = keras.layers.Dense(1, name="line")(inputs["x"])
    model = keras.Model(inputs, heights)
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    above = keras.ops.cast(heights > 0, "int64")
    return model, keras.Model(inputs, {"label": above, "height": heights})


LINE_DATA = numpy_input_fn(
    {"x": np.linspace(-1, 1, 50)}, np.linspace(-2, 2, 50), 10, None, shuffle=True
)
LINE_TEST = numpy_input_fn({"x": np.array([-1.0, 2.0])}, np.array([-2.0, 5.0]), shuffle=False)


def test_a_second_model_on_the_same_layers_says_what_is_predicted(tmp_path):
    model = Estimator(line, {"unused": 1}, RunConfig(tmp_path)).train(LINE_DATA, steps=300)
    assert model.params == {"unused": 1}
    predictions = list(model.predict(LINE_TEST))
    assert [int(p["label"][0]) for p in predictions] == [0, 1]
    assert [float(p["height"][0]) for p in predictions] == pytest.approx([-2, 4], abs=1e-3)
    results = model.evaluate(LINE_TEST)
    assert results == pytest.approx({"loss": 0.5, "mae": 0.5, "global_step": 300}, abs=2e-3)


def test_outputs_without_names_are_called_output(tmp_path):
    model = Estimator(lambda params: line(params)[0], config=RunConfig(tmp_path))
    predictions = list(model.train(LINE_DATA, steps=10).predict(LINE_TEST))
    assert [list(prediction) for prediction in predictions] == [["output"], ["output"]]


def test_a_third_model_is_the_one_that_is_evaluated(tmp_path):
    def measured(params):
        model, predictor = line(params)
        evaluated = keras.Model(model.input, model.output)
        evaluated.compile(loss="mae", metrics=["mape"])
        return model, predictor, evaluated

    results = Estimator(measured, config=RunConfig(tmp_path)).train(LINE_DATA, steps=300)
    assert results.evaluate(LINE_TEST) == pytest.approx(
        {"loss": 0.5, "mape": 10, "global_step": 300}, abs=0.1
    )


def test_layers_without_names_are_numbered_the_same_in_each_model(tmp_path):
    names = [
        "dense/kernel",
        "dense/kernel/Adam",
        "dense/kernel/Adam_1",
        "dense_1/bias",
        "batch_normalization/moving_mean",
        "global_step",
    ]
    for run in ("first", "second"):
        model = Estimator(noisy_network, config=RunConfig(tmp_path / run))
        model.train(mapped, steps=1)
        assert set(names) <= set(model.get_variable_names())


def test_a_sequential_model_is_named_by_its_layers(tmp_path):
    def sequential(params):
        layers = [keras.Input((2,)), keras.layers.Dense(1, name="only")]
        model = keras.Sequential(layers)
        model.compile("sgd", "mse")
        return model

    model = Estimator(sequential, config=RunConfig(tmp_path))
    model.train(mapped, steps=1)
    assert model.get_variable_names() == ["global_step", "only/bias", "only/kernel"]


def compiled(**settings):
    def model_fn(params):
        inputs = keras.Input((2,))
        model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
        model.compile(keras.optimizers.SGD(0.1, **settings), "mse")
        return model

    return model_fn


def not_compiled(params):
    inputs = keras.Input((2,))
    return keras.Model(inputs, keras.layers.Dense(1)(inputs))


def without_input(params):
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("model_fn", [not_compiled, without_input, lambda params: None])
def test_a_model_that_cannot_be_trained_is_refused(tmp_path, model_fn):
    with pytest.raises(TypeError, match="must return a compiled Keras model that knows its inputs"):
        Estimator(model_fn, config=RunConfig(tmp_path)).train(mapped, steps=1)


@pytest.mark.parametrize("setting", [{"gradient_accumulation_steps": 2}, {"use_ema": True}])
def test_an_optimizer_whose_steps_are_not_batches_is_refused(tmp_path, setting):
    with pytest.raises(ValueError, match="updates the weights with every batch"):
        Estimator(compiled(**setting), config=RunConfig(tmp_path)).train(mapped, steps=1)


def test_a_strategy_trains_to_the_same_numbers(tmp_path):
    def unshuffled():
        return one_pass().repeat()

    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    for steps in (15, 25):
        spread = classifier(tmp_path / "spread", strategy=strategy).train(unshuffled, steps=steps)
    plain = classifier(tmp_path / "plain").train(unshuffled, steps=40)
    for name, value in variables(plain).items():
        np.testing.assert_allclose(spread.get_variable_value(name), value, rtol=1e-5)
    assert spread.evaluate(one_pass) == pytest.approx(plain.evaluate(one_pass), rel=1e-5)


# Bad input


def test_steps_must_be_positive_integers(tmp_path):
    model = classifier(tmp_path / "model")
    for number in (0, -5, 2.5, "10"):
        for use in (
            lambda n=number: model.train(circles_data, steps=n),
            lambda n=number: model.train(circles_data, max_steps=n),
            lambda n=number: model.evaluate(circles_data, steps=n),
            lambda n=number: RunConfig(save_every_steps=n),
            lambda n=number: RunConfig(keep_checkpoints=n),
            lambda n=number: classifier(tmp_path, units=[4, n]),
        ):
            with pytest.raises(ValueError, match=f"must be a positive integer, and is {number!r}"):
                use()
    assert not (tmp_path / "model").exists()


def test_steps_and_max_steps_exclude_each_other(tmp_path):
    with pytest.raises(ValueError, match="steps or max_steps, and got both"):
        classifier(tmp_path).train(circles_data, steps=1, max_steps=2)


@pytest.mark.parametrize("use", ["train", "evaluate", "predict"])
def test_a_dataset_in_place_of_a_function_is_refused(trained, use):
    for wrong, name in ((one_pass(), "_BatchDataset"), (POINTS, "DataFrame")):
        with pytest.raises(
            TypeError, match=f"must be a function that makes a dataset, and is {name}"
        ):
            getattr(trained, use)(wrong)


def batches_of(features, labels=None):
    return lambda: tf.data.Dataset.from_tensor_slices(
        features if labels is None else (features, labels)
    ).batch(10)


FEATURES = {name: POINTS[name].to_numpy() for name in POINTS}
LABELS = SIDES["y"].to_numpy()
WITH_NAN = FEATURES | {"x1": np.where(np.arange(200) == 150, np.nan, FEATURES["x1"])}
ALL_NAN = FEATURES | {"x1": np.full(200, np.nan)}
BAD_DATA = {
    "no dataset": (
        lambda: (FEATURES, LABELS),
        "input_fn must return a tf.data.Dataset, and returned tuple",
    ),
    "empty": (lambda: one_pass().take(0), "The dataset of input_fn is empty"),
    "empty after all": (
        lambda: one_pass().filter(lambda features, labels: False),
        "The dataset of input_fn (is empty|ended after 0 of 20 steps)",
    ),
    "no labels": (batches_of(FEATURES), "has no labels; make it of .features, labels."),
    "missing feature": (
        batches_of({"x0": FEATURES["x0"]}, LABELS),
        r"takes the features \['x0', 'x1'\]; the dataset of input_fn misses \['x1'\]: give",
    ),
    "additional feature": (
        batches_of(FEATURES | {"x2": LABELS}, LABELS),
        r"the dataset of input_fn has \['x2'\] besides: give it the same names",
    ),
    "other feature": (
        batches_of({"x0": FEATURES["x0"], "x2": LABELS}, LABELS),
        r"misses \['x1'\] and has \['x2'\] besides",
    ),
    "features without names": (batches_of(X, LABELS), r"misses \['x0', 'x1'\]"),
    "NaN": (batches_of(ALL_NAN, LABELS), "feature 'x1' is NaN or infinite; remove or replace it"),
    "infinite": (
        batches_of(FEATURES | {"x0": np.full(200, np.inf)}, LABELS),
        "feature 'x0' is NaN or infinite",
    ),
    "label above": (batches_of(FEATURES, LABELS + 1), "has labels other than 0 to 1; relabel"),
    "label below": (batches_of(FEATURES, LABELS - 1), "has labels other than 0 to 1; relabel"),
    "label of NaN": (batches_of(FEATURES, LABELS * np.nan), "has labels other than 0 to 1"),
    "label of text": (
        batches_of(FEATURES, LABELS.astype(str)),
        "must be one number for each sample, from 0 to 1, and are string",
    ),
    "one-hot labels": (
        batches_of(FEATURES, np.eye(2)[LABELS]),
        r"must be one number for each sample, from 0 to 1, and are float64 of shape \(None, 2\)",
    ),
}


@pytest.mark.parametrize("case", BAD_DATA)
def test_bad_data_are_refused_in_one_sentence(trained, case):
    input_fn, sentence = BAD_DATA[case]
    with pytest.raises((TypeError, ValueError), match=sentence) as refused:
        trained.evaluate(input_fn)
    assert "\n" not in str(refused.value)


def test_training_starts_with_none_of_the_bad_data(tmp_path):
    model = classifier(tmp_path)
    for input_fn, sentence in BAD_DATA.values():
        with pytest.raises((TypeError, ValueError), match=sentence):
            model.train(input_fn, max_steps=20)
    assert model.get_variable_value("global_step") == 0


@pytest.mark.parametrize("case", ["no dataset", "empty", "missing feature", "NaN"])
def test_bad_data_are_not_predicted(trained, case):
    input_fn, sentence = BAD_DATA[case]
    with pytest.raises((TypeError, ValueError), match=sentence):
        list(trained.predict(input_fn))


def test_labels_of_three_classes_must_be_whole(tmp_path):
    model = DNNClassifier([2], numeric_inputs(POINTS), 3, config=RunConfig(tmp_path))
    with pytest.raises(ValueError, match="has labels other than 0 to 2"):
        model.train(batches_of(FEATURES, LABELS + 0.5), steps=1)


def test_steps_before_a_bad_batch_are_kept_up_to_the_last_checkpoint(tmp_path):
    model = classifier(tmp_path, save_every_steps=5)
    with pytest.raises(ValueError, match="'x1' is NaN"):
        model.train(batches_of(WITH_NAN, LABELS), steps=20)
    assert model.get_variable_value("global_step") == 15
    assert model.train(batches_of(FEATURES, LABELS)).get_variable_value("global_step") == 20


def test_data_without_end_are_not_read_to_the_end(trained, tmp_path):
    with pytest.raises(ValueError, match=r"train\(\) would never end: .* say how many steps"):
        classifier(tmp_path).train(circles_data)
    with pytest.raises(ValueError, match=r"evaluate\(\) would never end"):
        trained.evaluate(circles_data)


def test_a_loss_that_explodes_is_told_and_never_saved(tmp_path):
    data = numpy_input_fn({"x": np.full(50, 1e4)}, np.full(50, 1e4), 10, None, shuffle=False)
    model = Estimator(line, config=RunConfig(tmp_path, save_every_steps=20))
    with pytest.raises(ValueError, match=r"not finite any more after .* lower the learning rate"):
        model.train(data, steps=100)
    assert all(np.isfinite(value).all() for value in variables(model).values())
    assert model.get_variable_value("global_step") < 100


def test_one_class_is_no_classification():
    with pytest.raises(ValueError, match="n_classes must be 2 or more, and is 1"):
        DNNClassifier([4], numeric_inputs(POINTS), n_classes=1)


def test_inputs_must_have_names(tmp_path):
    model = DNNClassifier([4], list(numeric_inputs(POINTS).values()), config=RunConfig(tmp_path))
    with pytest.raises(TypeError, match=r"must be a dict of keras.Input by name.* and is list"):
        model.train(circles_data, steps=1)


# Inputs


def test_numeric_inputs_carry_names_and_types_and_no_values():
    inputs = numeric_inputs(POINTS)
    assert {name: (tensor.name, tensor.dtype) for name, tensor in inputs.items()} == {
        "x0": ("x0", "float32"),
        "x1": ("x1", "float32"),
    }
    assert [tensor.shape for tensor in inputs.values()] == [(None,), (None,)]


def test_numeric_inputs_refuse_text():
    with pytest.raises(TypeError, match=r"Column 'side' holds .* where numbers are needed"):
        numeric_inputs(pd.DataFrame({"x0": [0.0], "side": ["inner"]}))


def test_columns_named_by_numbers_and_columns_of_arrays(tmp_path):
    spectra = pd.DataFrame(np.random.default_rng(1).normal(size=(40, 3)))
    labels = (spectra[0] > 0).to_numpy()
    model = DNNClassifier([4], numeric_inputs(spectra), config=RunConfig(tmp_path / "numbers"))
    model.train(lambda: tf.data.Dataset.from_tensor_slices((dict(spectra), labels)).batch(40))
    assert model.get_variable_value("dnn/hiddenlayer_0/kernel").shape == (3, 4)
    table = {"traces": np.ones((40, 3, 5)), "height": np.ones(40)}
    model = DNNClassifier([4], numeric_inputs(table), config=RunConfig(tmp_path / "arrays"))
    model.train(numpy_input_fn(table, labels, shuffle=False))
    assert model.get_variable_value("dnn/hiddenlayer_0/kernel").shape == (3 * 5 + 1, 4)


@settings(max_examples=30, deadline=None)
@given(
    n_samples=st.integers(1, 30),
    batch_size=st.integers(1, 12),
    num_epochs=st.integers(1, 3),
    shuffle=st.booleans(),
)
def test_numpy_input_fn_gives_each_sample_once_in_each_pass(
    n_samples, batch_size, num_epochs, shuffle
):
    x, y = {"x": np.arange(n_samples), "square": np.arange(n_samples) ** 2}, np.arange(n_samples)
    batches = list(numpy_input_fn(x, y, batch_size, num_epochs, shuffle=shuffle, seed=1)())
    labels = np.concatenate([labels.numpy() for _, labels in batches])
    sizes = [len(labels) for _, labels in batches]
    assert sizes[:-1] == [batch_size] * (len(sizes) - 1)
    assert 1 <= sizes[-1] <= batch_size
    passes = labels.reshape(num_epochs, n_samples)
    assert (np.sort(passes) == np.arange(n_samples)).all()
    assert shuffle or (passes == np.arange(n_samples)).all()
    for features, labels in batches:
        np.testing.assert_array_equal(features["x"], labels)
        np.testing.assert_array_equal(features["square"], labels.numpy() ** 2)


def orders(input_fn, count=2):
    return [np.concatenate(list(input_fn().as_numpy_iterator())).tolist() for _ in range(count)]


def test_numpy_input_fn_shuffles_each_pass_anew_and_by_its_seed():
    one, two, free = (
        numpy_input_fn(np.arange(50), None, 10, 2, shuffle=True, seed=seed) for seed in (1, 2, None)
    )
    first, again = orders(one)
    assert first == again != orders(two)[0]
    assert first[:50] != first[50:]
    tf.random.set_seed(1)
    first, again = orders(free)
    tf.random.set_seed(1)
    assert first == orders(free)[0] != again


def test_numpy_input_fn_refuses_data_that_do_not_fit_together():
    for x, y in ((np.ones((3, 2)), np.ones(4)), ({"a": np.ones(3), "b": np.ones(2)}, None)):
        with pytest.raises(ValueError, match="features and labels of the same number of samples"):
            numpy_input_fn(x, y, shuffle=False)
    with pytest.raises(ValueError, match="at least one"):
        numpy_input_fn(np.ones((0, 2)), shuffle=False)
    with pytest.raises(ValueError, match="batch_size must be a positive integer, and is 0"):
        numpy_input_fn(np.ones(3), batch_size=0, shuffle=False)
    with pytest.raises(TypeError, match="shuffle"):
        numpy_input_fn(np.ones(3))
