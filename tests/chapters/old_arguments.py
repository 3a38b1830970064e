"""What takes the place of old arguments, and what the names in their table stand for."""

import os
import shutil

import keras
import numpy as np
import tensorflow as tf


def names_of(names, other):
    """What the names in the table of arguments stand for."""
    sides = names["targets"]["y"].to_numpy()
    return {
        "shutil": shutil,
        "folder": os.makedirs("tfs/other") or "tfs/other",
        "weights": np.arange(len(sides)) % 3,
        "words": np.array(["inner", "outer"])[sides],
        "strategy": tf.distribute.MirroredStrategy(["CPU:0"]),
        "other": other,
        "callback": keras.callbacks.TerminateOnNaN(),
    }


def is_right_by_name(found, names):
    words, numbers = found if isinstance(found, tuple) else (np.array(["inner", "outer"]), found)
    return (words[np.asarray(numbers)] == names["words"]).all()


def weighs_all(input_fn, names):
    return sum(weights.numpy().sum() for *_, weights in input_fn()) == names["weights"].sum()


def was_trained(history, names):
    return np.isfinite(history.history["loss"]).all()


def reads(folder, names):
    config = names["RunConfig"](model_dir=folder)
    copied = names["DNNClassifier"]([4], names["inputs"], activation_fn="sigmoid", config=config)
    return copied.evaluate(names["get_test_data"])["global_step"] >= 30


# What a cell gives, for both columns or for each.
CELLS = {
    "model_dir": [
        lambda config, names: config.model_dir == "tfs/circle",
        lambda _, names: keras.models.load_model("circle.keras").count_params() == 17,
    ],
    "weight_column": [weighs_all, was_trained],
    "label_vocabulary": [is_right_by_name],
    "dropout": [lambda layer, names: layer.rate == 0.2],
    "save_checkpoints_steps": [
        lambda config, names: (config.save_every_steps, config.keep_checkpoints) == (500, 3),
        lambda saver, names: isinstance(saver, keras.callbacks.ModelCheckpoint),
    ],
    "train_distribute": [
        lambda config, names: config.strategy is names["strategy"],
        lambda scope, names: hasattr(scope, "__enter__"),
    ],
    "warm_start_from": [
        reads,
        lambda _, names: np.array_equal(
            names["model"].get_weights()[0], names["other"].get_weights()[0]
        ),
    ],
    "hooks": [lambda parts, names: parts == [names["classifier"]] * 2, was_trained],
    "checkpoint_path": [
        lambda path, names: reads(names["folder"], names),
        lambda model, names: model.count_params() == 17,
    ],
    "predict_keys": [lambda found, names: len(found) == len(names["table"])],
    "name=": [lambda results, names: results["test"]["loss"] > 0],
    "tf.estimator.train_and_evaluate": [
        lambda results, names: [each["global_step"] for each in results][-1] >= 400,
        was_trained,
    ],
}
