"""What tf.estimator had works as it did, or says in one sentence what takes its place."""

import dataclasses
import importlib
import inspect

import keras
import pytest

import helpers.estimator
from helpers.estimator import DNNClassifier, Estimator, RunConfig, numpy_input_fn
from tests.helpers.estimator.examples import LABELS, POINTS, endless, line, one_pass

INPUTS = {"x0": keras.Input((), name="x0"), "x1": keras.Input((), name="x1")}
# The arguments of tf.estimator 2.15 that have another name here or none, and their defaults.
OLD_ARGUMENTS = {
    "DNNClassifier": """feature_columns=None model_dir=None weight_column=None dropout=None
    label_vocabulary=None input_layer_partitioner=None warm_start_from=None batch_norm=False
    loss_reduction='weighted_sum'""",
    "Estimator": "model_dir=None warm_start_from=None",
    "RunConfig": """tf_random_seed=None save_summary_steps=100 save_checkpoints_steps=None
    save_checkpoints_secs=None session_config=None keep_checkpoint_max=None protocol=None
    keep_checkpoint_every_n_hours=10000 log_step_count_steps=100 train_distribute=None
    device_fn=None eval_distribute=None experimental_distribute=None
    experimental_max_worker_delay_secs=None session_creation_timeout_secs=7200
    checkpoint_save_graph_def=True""",
    "train": "hooks=None saving_listeners=()",
    "evaluate": "hooks=[] checkpoint_path=None name=None",
    "predict": "predict_keys=None hooks=None checkpoint_path=None yield_single_examples=True",
    "numpy_input_fn": "queue_capacity=1000 num_threads=1",
}
GONE = """DNNRegressor LinearClassifier DNNLinearCombinedClassifier BaselineEstimator TrainSpec
EvalSpec EstimatorSpec ModeKeys train_and_evaluate CheckpointSaverHook BestExporter VocabInfo
WarmStartSettings MultiClassHead CheckpointSaverListener add_metrics"""
METHODS = """export_saved_model export_savedmodel experimental_export_all_saved_models eval_dir
model_fn"""


@pytest.fixture
def functions(trained):
    """The functions that had these arguments, each ready to be called."""
    return {
        "DNNClassifier": lambda **old: DNNClassifier([4], INPUTS, **old),
        "Estimator": lambda **old: Estimator(line, **old),
        "RunConfig": RunConfig,
        "train": lambda **old: trained.train(endless, max_steps=1, **old),
        "evaluate": lambda **old: trained.evaluate(one_pass, **old),
        "predict": lambda **old: next(trained.predict(one_pass, **old)),
        "numpy_input_fn": lambda **old: numpy_input_fn(LABELS, shuffle=False, **old),
    }


def old_defaults(name):
    return eval(f"dict({', '.join(OLD_ARGUMENTS[name].split())})")


@pytest.mark.parametrize("name", OLD_ARGUMENTS)
def test_an_old_argument_is_answered_with_one_sentence(functions, name):
    for argument in old_defaults(name):
        with pytest.raises(TypeError, match=rf"^{name}\(\) takes no {argument}: \w") as refused:
            functions[name](**{argument: "old"})
        assert str(refused.value).count(". ") == str(refused.value).count("\n") == 0


@pytest.mark.parametrize("name", OLD_ARGUMENTS)
def test_an_old_default_changes_nothing(functions, name):
    assert functions[name](**old_defaults(name))


@pytest.mark.parametrize("name", OLD_ARGUMENTS)
def test_an_argument_that_nobody_had_is_answered_with_those_there_are(functions, name):
    with pytest.raises(TypeError, match=rf"^{name}\(\) takes no argument stepps: write one of \w"):
        functions[name](stepps=3)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda it: it.train(endless, None, 3), r"^train\(\) .* got 3 values: write steps=…, ma"),
        (lambda it: it.evaluate(one_pass, 3), r"^evaluate\(\) takes only .* write steps=… with"),
        (lambda it: it.predict(one_pass, ["logits"]), r"^predict\(\) takes only input_fn "),
        (lambda it: RunConfig("folder", 1, 100), r"^RunConfig\(\) takes .* save_every_steps=…"),
        (lambda it: Estimator(line, "folder"), "^params is 'folder', but it must be a dict"),
        (lambda it: Estimator(line, None, {"rate": 1}), "^config is .* must be a RunConfig"),
        (lambda it: Estimator(line, "folder", None, {}), r"^Estimator\(\) takes only model_fn, p"),
        (lambda it: DNNClassifier([4], INPUTS, "folder"), "^n_classes is 'folder'"),
        (lambda it: DNNClassifier(4, INPUTS), r"^hidden_units is 4, .* list"),
        (lambda it: DNNClassifier([4], POINTS), r"^inputs must be .* and is DataFrame\.$"),
        (lambda it: DNNClassifier([4], dict(POINTS)), r"^inputs .* and is a dict of Series\.$"),
        (lambda it: DNNClassifier([4], INPUTS, optimizer=None), "^optimizer is None, .* write one"),
        (lambda it: DNNClassifier([4], INPUTS, activation_fn=keras.layers.ReLU), "^activation_fn"),
        (lambda it: numpy_input_fn(LABELS, None, 1, 1, True), r"write shuffle=…, seed=…, weights"),
        (lambda it: it.train(lambda mode, params: one_pass()), "asks for mode, params: hand over"),
        (
            lambda it: Estimator(lambda features, labels, mode, params: None),
            "asks for features, labels, mode, params: return one compiled Keras model",
        ),
        (lambda it: Estimator(keras.Sequential()), "^model_fn is a Sequential, but .* function"),
    ],
)
def test_an_old_order_of_arguments_is_told(trained, call, sentence):
    with pytest.raises(TypeError, match=sentence):
        call(trained)


@pytest.mark.parametrize("name", GONE.split())
def test_what_cannot_be_imported_any_more_is_told(name):
    with pytest.raises(ImportError, match=rf"^helpers.estimator has no {name}: \w.*\.$"):
        exec(f"from helpers.estimator import {name}")


@pytest.mark.parametrize("name", METHODS.split())
def test_a_method_that_is_gone_is_told(trained, name):
    with pytest.raises(AttributeError, match=rf"^DNNClassifier has no {name}: \w.*\.$"):
        getattr(trained, name)


def test_other_names_are_missing_as_ever(trained):
    for thing in (helpers.estimator, trained, RunConfig()):
        assert not hasattr(thing, "colour")
    with pytest.raises(AttributeError, match=r"RunConfig has no tf_random_seed: write seed=…\."):
        _ = RunConfig().tf_random_seed


def test_signatures_and_docstrings_are_seen_through_the_answers():
    assert list(inspect.signature(Estimator.train).parameters)[2:] == ["steps", "max_steps"]
    assert "weights" in inspect.signature(numpy_input_fn).parameters
    assert Estimator.evaluate.__doc__
    assert dataclasses.replace(RunConfig("a"), seed=2).seed == 2


def test_functions_of_the_old_submodule_inputs_are_there():
    inputs = importlib.import_module("helpers.estimator.inputs")
    assert inputs.numpy_input_fn is numpy_input_fn
