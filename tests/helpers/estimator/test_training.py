"""An estimator trains in steps, and goes on as if it had never stopped."""

import json
import os
import random
import re
import tempfile

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from helpers.estimator import Estimator, RunConfig, numpy_input_fn
from helpers.estimator.network import MOST_STEPS_AT_ONCE, steps_at_once
from tests.helpers.estimator import examples
from tests.helpers.estimator.examples import classifier, endless, noisy, one_pass, unknown_length

# Steps


@given(save_every=st.integers(1, 2000))
def test_groups_of_steps_end_where_checkpoints_are_due(save_every):
    group = steps_at_once(save_every)
    spacing = save_every // group * group
    assert group <= MOST_STEPS_AT_ONCE
    assert 0.95 * save_every < spacing <= save_every
    assert group > min(save_every, MOST_STEPS_AT_ONCE) / 2.1


@pytest.mark.parametrize("group", [3, 100])
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


def test_max_steps_is_where_training_stops(tmp_path):
    model = classifier(tmp_path)
    assert model.train(endless, max_steps=30) is model
    model.train(endless, max_steps=50).train(endless, max_steps=40)
    assert model.get_variable_value("global_step") == 50


@pytest.mark.parametrize("input_fn", [one_pass, unknown_length])
def test_training_without_steps_takes_what_is_left_of_a_pass(tmp_path, input_fn):
    model = classifier(tmp_path).train(input_fn, steps=3)
    for passes in (1, 2, 3):
        assert model.train(input_fn).get_variable_value("global_step") == 7 * passes


def test_other_data_begin_at_their_start(tmp_path):
    model = classifier(tmp_path).train(endless, steps=3).train(one_pass)
    assert model.get_variable_value("global_step") == 3 + 7


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


def test_a_loss_that_explodes_is_told_and_never_saved(tmp_path):
    data = numpy_input_fn({"x": np.full(50, 1e4)}, np.full(50, 1e4), 10, None, shuffle=False)
    model = Estimator(examples.line, config=RunConfig(tmp_path, save_every_steps=20))
    with pytest.raises(ValueError, match=r"not finite any more after .* lower the learning rate"):
        model.train(data, steps=100)
    assert all(np.isfinite(value).all() for value in examples.variables(model).values())
    assert model.get_variable_value("global_step") < 100


def test_a_strategy_trains_to_the_same_numbers(tmp_path):
    def unshuffled():
        return one_pass().repeat()

    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    for steps in (15, 25):
        spread = classifier(tmp_path / "spread", strategy=strategy).train(unshuffled, steps=steps)
    plain = classifier(tmp_path / "plain").train(unshuffled, steps=40)
    for name, value in examples.variables(plain).items():
        np.testing.assert_allclose(spread.get_variable_value(name), value, rtol=1e-5)
    assert spread.evaluate(one_pass) == pytest.approx(plain.evaluate(one_pass), rel=1e-5)


# Memory

SHUFFLED = numpy_input_fn(examples.POINTS.to_numpy(), examples.LABELS, 16, None, shuffle=True)


@pytest.mark.parametrize("input_fn", [SHUFFLED, examples.generated, noisy])
def test_any_model_goes_on_as_if_it_had_not_stopped(tmp_path, input_fn):
    def network(name):
        return Estimator(examples.noisy_network, config=RunConfig(tmp_path / name, seed=3))

    whole = network("whole").train(input_fn, steps=70)
    for steps in (1, 24, 45):
        parts = network("parts").train(input_fn, steps=steps)
    examples.assert_same_variables(parts, whole)


def test_without_a_seed_one_is_drawn_and_remembered(tmp_path):
    first = classifier(tmp_path / "first", seed=None).train(endless, steps=20)
    other = classifier(tmp_path / "other", seed=None).train(endless, steps=20)
    kernel = "dnn/logits/kernel"
    assert not np.array_equal(first.get_variable_value(kernel), other.get_variable_value(kernel))
    seed = json.loads(str(np.load(first.latest_checkpoint())["estimator state"]))["seed"]
    whole = classifier(tmp_path / "whole", seed=seed).train(endless, steps=40)
    again = classifier(tmp_path / "first", seed=None).train(endless, steps=20)
    examples.assert_same_variables(again, whole)


def test_random_numbers_of_the_reader_go_on_as_if_nothing_had_been(trained):
    before = random.getstate(), np.random.get_state()[1].tolist()
    trained.evaluate(one_pass)
    next(trained.predict(one_pass))
    trained.train(endless, max_steps=1)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


def test_small_floats_survive_a_checkpoint(tmp_path):
    def half_precision(params):
        inputs = keras.Input((2,), dtype="bfloat16")
        model = keras.Sequential([inputs, keras.layers.Dense(3, dtype="bfloat16")])
        model.compile("adam", "mse")
        return model

    for steps in (3, 4):
        model = Estimator(half_precision, config=RunConfig(tmp_path)).train(noisy, steps=steps)
    assert model.get_variable_value("dense/kernel").dtype == np.float32
    assert model.get_variable_value("global_step") == 7


def test_weights_start_afresh_in_a_folder_that_was_emptied(tmp_path):
    def empty_by_hand():
        for path in sorted(tmp_path.glob("model/**/*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    first = classifier(tmp_path / "first").train(endless, steps=20)
    model = classifier(tmp_path / "model").train(endless, steps=20)
    for empty in (empty_by_hand, model.reset):
        empty()
        assert model.latest_checkpoint() is None
        examples.assert_same_variables(model.train(endless, steps=20), first)


# What it leaves behind


def test_checkpoints_are_written_on_the_way_and_at_the_end(trained):
    assert examples.steps_of(trained.model_dir) == [0, 100, 200, 300]
    assert trained.latest_checkpoint().endswith("model.ckpt-300.npz")


def test_only_the_newest_checkpoints_are_kept(tmp_path):
    classifier(tmp_path, save_every_steps=10, keep_checkpoints=2).train(endless, steps=45)
    assert examples.steps_of(tmp_path) == [40, 45]


def event_scalars(folder):
    """Return {(step, tag): value} of TensorBoard event files."""
    records = tf.data.TFRecordDataset(sorted(map(str, folder.glob("events.out.tfevents.*"))))
    return {
        (event.step, value.tag): float(tf.make_ndarray(value.tensor))
        for event in map(tf.compat.v1.Event.FromString, records.as_numpy_iterator())
        for value in event.summary.value
    }


def test_tensorboard_events_hold_the_mean_of_each_group_by_global_step(tmp_path):
    scalars = []
    for save_every in (1, 5):
        folder = tmp_path / str(save_every)
        config = RunConfig(folder, seed=1, save_every_steps=save_every)
        model = Estimator(examples.line, config=config)
        model.train(examples.LINE_DATA, steps=5).train(examples.LINE_DATA, steps=5)
        scalars.append(event_scalars(folder / "train"))
    steps, groups = scalars
    assert {step for step, _ in groups} == {5, 10}
    assert groups[5, "epoch_learning_rate"] == pytest.approx(0.1)
    for last, tag in ((5, "epoch_loss"), (10, "epoch_loss"), (10, "epoch_mae")):
        mean = np.mean([steps[step, tag] for step in range(last - 4, last + 1)])
        assert groups[last, tag] == pytest.approx(mean, rel=1e-5)


def test_tensorboard_events_hold_what_evaluation_returned(tmp_path):
    results = classifier(tmp_path).train(endless, steps=30).evaluate(one_pass)
    assert event_scalars(tmp_path / "validation") == {
        (30, f"evaluation_{name}_vs_iterations"): pytest.approx(value)
        for name, value in results.items()
        if name != "global_step"
    }


def test_a_progress_bar_on_stderr_counts_steps_and_shows_the_loss(tmp_path, capsys):
    classifier(tmp_path).train(endless, steps=20)
    streams = capsys.readouterr()
    assert streams.out == ""
    assert re.search(r"20/20 .*loss=\d", streams.err)


@pytest.mark.parametrize("model_dir", [None, "new"])
def test_nothing_is_there_before_training(tmp_path, monkeypatch, model_dir):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    model = classifier(model_dir)
    model.reset()
    assert model.latest_checkpoint() is None
    for ask in (
        lambda: model.evaluate(one_pass),
        lambda: model.predict(one_pass),
        model.get_variable_names,
        lambda: model.export("model.keras"),
    ):
        with pytest.raises(ValueError, match=r"no trained model in .*; call train\(\) first"):
            ask()
    assert os.listdir(tmp_path) == []
    model.train(endless, steps=1)
    assert os.listdir(tmp_path) == [os.path.basename(model.model_dir)]


def test_models_without_model_dir_have_folders_of_their_own():
    assert classifier(None).model_dir != classifier(None).model_dir
