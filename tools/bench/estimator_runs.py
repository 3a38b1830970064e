"""Run the lecture's two networks with helpers.estimator.

The counterpart of ``tools/bench/tf_estimator_runs.py``: `tools.bench.estimator` runs it with the
same job, file of arrays and seed as arguments, and reads one line of JSON.
"""

import json
import sys
import tempfile
import time

import keras
import numpy as np
import tensorflow as tf

from helpers.estimator import DNNClassifier, Estimator, RunConfig, numeric_inputs, numpy_input_fn


def batches(x, y, batch_size, shuffle=False, repeat=None):
    def input_fn():
        dataset = tf.data.Dataset.from_tensor_slices(({"x0": x[:, 0], "x1": x[:, 1]}, y))
        if shuffle:
            dataset = dataset.shuffle(len(x))
        return dataset.repeat(repeat).batch(batch_size)

    return input_fn


def classifier(seed, n_classes=2):
    inputs = numeric_inputs({"x0": np.zeros(1), "x1": np.zeros(1)})
    config = RunConfig(tempfile.mkdtemp(), seed=seed)
    return DNNClassifier([4], inputs, n_classes, activation_fn="sigmoid", config=config)


def trained(model, input_fn, steps, test_fn):
    begun, worked = time.perf_counter(), time.process_time()
    model.train(input_fn, steps=steps)
    middle, worked = time.perf_counter(), time.process_time() - worked
    results = model.evaluate(test_fn)
    ended = time.perf_counter()
    times = {"train": middle - begun, "work": worked, "evaluate": ended - middle}
    return times | {"results": results}


def circles(data, seed):
    train = batches(data["circles_x"], data["circles_y"], 50, shuffle=True)
    test = batches(data["circles_x_test"], data["circles_y_test"], 50, repeat=1)
    return trained(classifier(seed), train, 5000, test)


class MeanLabelError(keras.metrics.RootMeanSquaredError):
    """Root mean square of the mean label's error, in bins."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        bins = keras.ops.arange(y_pred.shape[-1], dtype="float32")
        mean = keras.ops.sum(bins * keras.ops.softmax(y_pred), axis=-1)
        return super().update_state(y_true, mean, sample_weight)


def pulse_model(params):
    inputs = {"X": keras.Input((3, params["time_steps"]), name="X")}
    hidden = keras.layers.Conv2D(
        2, (1, params["conv1_width"]), padding="same", activation="tanh", name="conv1"
    )(keras.ops.expand_dims(inputs["X"], -1))
    shape = (params["number_of_traces"], params["conv2_width"])
    logits = keras.layers.Flatten()(keras.layers.Conv2D(1, shape, name="conv2")(hidden))
    model = keras.Model(inputs, logits)
    evaluated = keras.Model(inputs, logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(params["learning_rate"], epsilon=1e-8), loss)
    metrics = [keras.metrics.SparseCategoricalAccuracy("accuracy"), MeanLabelError("rmse")]
    evaluated.compile(loss=loss, metrics=metrics)
    return model, model, evaluated


def pulses(data, seed):
    params = {
        "time_steps": data["pulses_x"].shape[2],
        "number_of_traces": data["pulses_x"].shape[1],
        "conv1_width": 3,
        "conv2_width": 7,
        "learning_rate": 0.01,
    }
    model = Estimator(pulse_model, params, RunConfig(tempfile.mkdtemp(), seed=seed))
    offset = (params["conv2_width"] - 1) // 2
    train = numpy_input_fn(
        {"X": data["pulses_x"]},
        data["pulses_y"] - offset,
        batch_size=500,
        num_epochs=None,
        shuffle=True,
    )
    test = numpy_input_fn(
        {"X": data["pulses_x_test"]}, data["pulses_y_test"] - offset, shuffle=False
    )
    return trained(model, train, 500, test)


if __name__ == "__main__":
    job, path, seed = sys.argv[1:]
    print(json.dumps(globals()[job](dict(np.load(path)), int(seed))))
