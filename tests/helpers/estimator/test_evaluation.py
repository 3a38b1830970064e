"""A trained estimator evaluates, predicts and exports; a model may say how."""

import errno
import itertools
import os

import keras
import numpy as np
import pytest

from helpers.estimator import Estimator, RunConfig, numpy_input_fn
from tests.helpers.estimator.examples import (
    LABELS,
    LINE_DATA,
    POINTS,
    endless,
    line,
    noisy,
    one_pass,
    unknown_length,
)


def test_predictions_come_one_by_one_even_from_data_without_end(trained):
    several = list(itertools.islice(trained.predict(endless), 30))
    assert len({float(prediction["logits"][0]) for prediction in several}) == 30
    names = ["logits", "logistic", "probabilities", "class_ids", "classes"]
    assert {tuple(prediction) for prediction in several} == {tuple(names)}


def test_evaluation_reads_as_many_batches_as_it_is_told(trained):
    some = numpy_input_fn(dict(POINTS[:60]), LABELS[:60], 30, shuffle=False)
    assert trained.evaluate(one_pass, steps=2) == pytest.approx(trained.evaluate(some))


def test_data_that_do_not_say_their_length_are_evaluated_all_the_same(trained):
    assert trained.evaluate(unknown_length) == pytest.approx(trained.evaluate(one_pass))


def test_evaluation_before_training_changes_nothing_in_evaluation_after_it(tmp_path):
    config = RunConfig(tmp_path)
    model = Estimator(line, config=config).train(LINE_DATA, steps=5)
    again = Estimator(line, config=config)
    again.evaluate(LINE_DATA, steps=5)
    again.train(LINE_DATA, steps=5)
    assert again.evaluate(LINE_DATA, steps=5) == model.evaluate(LINE_DATA, steps=5)


def test_a_folder_that_may_only_be_read_is_evaluated_without_events(trained, monkeypatch):
    expected = trained.evaluate(one_pass)
    before = os.listdir(f"{trained.model_dir}/validation")
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert trained.evaluate(one_pass) == expected
    assert os.listdir(f"{trained.model_dir}/validation") == before


def test_exported_model_is_read_by_keras_and_predicts_the_same(trained, tmp_path):
    loaded = keras.models.load_model(trained.export(tmp_path / "model.keras"))
    logits = loaded.predict({name: POINTS[name].to_numpy() for name in POINTS}, verbose=0)
    predictions = [prediction["logits"] for prediction in trained.predict(one_pass)]
    np.testing.assert_allclose(logits, predictions, rtol=1e-6)
    assert loaded.optimizer.iterations == 300


def test_an_export_that_fails_leaves_the_older_file(trained, tmp_path, monkeypatch):
    file = trained.export(tmp_path / "model.keras")
    before = file.read_bytes()

    def fill_the_disk(self, path):
        path.write_bytes(b"half a mod")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keras.Model, "save", fill_the_disk)
    with pytest.raises(OSError, match="free some space"):
        trained.export(file)
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == [file.name]


def test_export_says_what_the_file_must_be_called(trained, tmp_path):
    with pytest.raises(ValueError, match=r"end '.*model' in '\.keras'"):
        trained.export(tmp_path / "model")


# Models of one's own

LINE_TEST = numpy_input_fn({"x": np.array([-1.0, 2.0])}, np.array([-2.0, 5.0]), shuffle=False)


def test_outputs_without_names_are_called_output(tmp_path):
    model = Estimator(line, {"unused": 1}, RunConfig(tmp_path)).train(LINE_DATA, steps=300)
    assert model.params == {"unused": 1}
    predictions = list(model.predict(LINE_TEST))
    assert [list(prediction) for prediction in predictions] == [["output"], ["output"]]
    assert [p["output"][0] for p in predictions] == pytest.approx([-2, 4], abs=1e-3)
    results = model.evaluate(LINE_TEST)
    assert results == pytest.approx({"loss": 0.5, "mae": 0.5, "global_step": 300}, abs=2e-3)


def test_other_models_on_the_same_layers_say_what_is_predicted_and_evaluated(tmp_path):
    def model_fn(params):
        model = line(params)
        above = keras.ops.cast(model.output > 0, "int64")
        predictor = keras.Model(model.input, {"label": above, "height": model.output})
        evaluated = keras.Model(model.input, model.output)
        evaluated.compile(loss="mae", metrics=["mape"])
        return model, predictor, evaluated

    model = Estimator(model_fn, config=RunConfig(tmp_path)).train(LINE_DATA, steps=300)
    predictions = list(model.predict(LINE_TEST))
    assert [int(p["label"][0]) for p in predictions] == [0, 1]
    assert [p["height"][0] for p in predictions] == pytest.approx([-2, 4], abs=1e-3)
    results = model.evaluate(LINE_TEST)
    assert results == pytest.approx({"loss": 0.5, "mape": 10, "global_step": 300}, abs=0.1)


def compiled(optimizer, *layers):
    def model_fn(params):
        model = keras.Sequential([*layers, keras.layers.Dense(1)])
        model.compile(optimizer, "mse")
        return model

    return model_fn


INPUT, SGD = keras.Input((2,)), keras.optimizers.SGD


@pytest.mark.parametrize(
    ("model_fn", "error", "sentence"),
    [
        (lambda params: None, TypeError, "must return a compiled .* and returned NoneType"),
        (lambda params: keras.Sequential([INPUT]), TypeError, "must return a compiled Keras model"),
        (compiled("sgd"), TypeError, "that knows its inputs.*begin it with keras.Input"),
        (compiled(SGD(use_ema=True), INPUT), ValueError, "updates the weights with every batch"),
        (compiled(SGD(gradient_accumulation_steps=2), INPUT), ValueError, "leave out loss scaling"),
    ],
)
def test_a_model_that_cannot_be_trained_is_refused(tmp_path, model_fn, error, sentence):
    with pytest.raises(error, match=sentence):
        Estimator(model_fn, config=RunConfig(tmp_path)).train(noisy, steps=1)
