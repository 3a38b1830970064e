"""Data and models that the tests of the estimator share."""

import keras
import numpy as np
import tensorflow as tf

from helpers.estimator import DNNClassifier, RunConfig, numeric_inputs, numpy_input_fn
from helpers.estimator.model_dir import ModelDir
from helpers.generate import generate_circles

POINTS, SIDES = generate_circles(200)
LABELS = SIDES["y"].to_numpy()


def one_pass():
    """Seven batches in order."""
    return tf.data.Dataset.from_tensor_slices((dict(POINTS), SIDES)).batch(30)


def unknown_length():
    """The same seven batches, which do not say that they are seven."""
    return one_pass().filter(lambda features, labels: True)


def endless():
    """Shuffled batches of 20 that never end."""
    dataset = tf.data.Dataset.from_tensor_slices((dict(POINTS), SIDES))
    return dataset.shuffle(200).repeat().batch(20)


def noisy():
    """Batches without names, to which each step adds random noise."""

    def add_noise(features, labels):
        x = tf.stack([features["x0"], features["x1"]], axis=-1)
        return x + tf.random.normal(tf.shape(x), dtype=x.dtype), labels

    return endless().map(add_noise)


def generated():
    """Batches of a Python generator, whose number is not known."""

    def batches():
        rng = np.random.default_rng(5)
        while True:
            x = rng.normal(size=(16, 2))
            yield x, x.sum(axis=1) > 0

    signature = tf.TensorSpec((None, 2)), tf.TensorSpec((None,))
    return tf.data.Dataset.from_generator(batches, output_signature=signature)


def classifier(model_dir, seed=1, units=(4,), optimizer="Adagrad", **settings):
    config = RunConfig(model_dir, seed=seed, **settings)
    return DNNClassifier(units, numeric_inputs(POINTS), 2, tf.sigmoid, optimizer, config)


def noisy_network(params):
    """A network with all that must be remembered: dropout, moving averages, Adam's slots."""
    layers = keras.layers
    inputs = keras.Input((2,))
    hidden = layers.Dense(8, activation="relu")(layers.Dropout(0.3)(inputs))
    hidden = layers.Dropout(0.2)(layers.BatchNormalization()(hidden))
    model = keras.Model(inputs, layers.Dense(1)(hidden))
    rate = keras.optimizers.schedules.CosineDecay(0.01, 100)
    model.compile(keras.optimizers.Adam(rate), "mse", metrics=[keras.metrics.MeanAbsoluteError()])
    return model


def line(params):
    """A straight line."""
    inputs = {"x": keras.Input((1,), name="x")}
    model = keras.Model(inputs, keras.layers.Dense(1, name="line")(inputs["x"]))
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


LINE_DATA = numpy_input_fn(
    {"x": np.linspace(-1, 1, 50)}, np.linspace(-2, 2, 50), 10, None, shuffle=True
)


def variables(model):
    return {name: model.get_variable_value(name) for name in model.get_variable_names()}


def assert_same_variables(model, other):
    """Hold that two estimators have the same variables, to the last digit."""
    mine, others = variables(model), variables(other)
    assert mine.keys() == others.keys()
    for name, value in mine.items():
        np.testing.assert_array_equal(value, others[name], err_msg=name)


def steps_of(folder):
    """Return the steps of the checkpoints in a folder."""
    return [int(path.stem.rpartition("-")[2]) for path in ModelDir(folder).checkpoints()]
