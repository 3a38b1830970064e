"""Run the lecture's two networks with helpers.estimator, beside `tf_estimator_runs`."""

import tempfile

import keras
import numpy as np

from helpers.estimator import DNNClassifier, Estimator, RunConfig, numeric_inputs, numpy_input_fn
from tools.bench import runs


def circles(data, seed):
    inputs = numeric_inputs({"x0": np.zeros(1), "x1": np.zeros(1)})
    config = RunConfig(tempfile.mkdtemp(), seed=seed)
    model = DNNClassifier([4], inputs, 2, activation_fn="sigmoid", config=config)
    return runs.circles(model, data)


class MeanLabelError(keras.metrics.RootMeanSquaredError):
    """Root mean square of the mean label's error, in bins."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        bins = keras.ops.arange(y_pred.shape[-1], dtype="float32")
        mean = keras.ops.sum(bins * keras.ops.softmax(y_pred), axis=-1)
        return super().update_state(y_true, mean, sample_weight)


def pulse_model(params):
    inputs = {"X": keras.Input(params["shape"], name="X")}
    hidden = keras.layers.Conv2D(
        2, (1, runs.CONV1_WIDTH), padding="same", activation="tanh", name="conv1"
    )(keras.ops.expand_dims(inputs["X"], -1))
    shape = (params["shape"][0], runs.CONV2_WIDTH)
    logits = keras.layers.Flatten()(keras.layers.Conv2D(1, shape, name="conv2")(hidden))
    model = keras.Model(inputs, logits)
    evaluated = keras.Model(inputs, logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01, epsilon=1e-8), loss)
    metrics = [keras.metrics.SparseCategoricalAccuracy("accuracy"), MeanLabelError("rmse")]
    evaluated.compile(loss=loss, metrics=metrics)
    return model, model, evaluated


def pulses(data, seed):
    params = {"shape": data["pulses_x"].shape[1:]}
    model = Estimator(pulse_model, params, RunConfig(tempfile.mkdtemp(), seed=seed))
    return runs.pulses(model, data, numpy_input_fn, runs.OFFSET)


if __name__ == "__main__":
    runs.main(circles=circles, pulses=pulses)
