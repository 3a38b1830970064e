"""Run the lecture's two networks with tf.estimator, with a Python that still has it."""

import tempfile

import numpy as np
import tensorflow.compat.v1 as tf

from tools.bench import runs

estimator = tf.estimator


def classifier(seed, n_classes=2, weight_column=None):
    columns = [tf.feature_column.numeric_column(key=key) for key in ("x0", "x1")]
    config = estimator.RunConfig(model_dir=tempfile.mkdtemp(), tf_random_seed=seed)
    return estimator.DNNClassifier(
        hidden_units=[4],
        feature_columns=columns,
        n_classes=n_classes,
        weight_column=weight_column,
        activation_fn=tf.sigmoid,
        config=config,
    )


def circles(data, seed):
    return runs.circles(classifier(seed), data)


def pulse_model(features, labels, mode, params):
    bins = params["shape"][1] - 2 * runs.OFFSET
    traces = tf.expand_dims(features["X"], -1)
    hidden = tf.layers.conv2d(
        traces, 2, [1, runs.CONV1_WIDTH], padding="same", activation=tf.tanh, name="conv1"
    )
    shape = [params["shape"][0], runs.CONV2_WIDTH]
    logits = tf.reshape(tf.layers.conv2d(hidden, 1, shape, name="conv2"), [-1, bins])
    label = tf.argmax(logits, axis=1) + runs.OFFSET
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels - runs.OFFSET, logits=logits)
    times = tf.range(runs.OFFSET, runs.OFFSET + bins, dtype=tf.float32)
    mean = tf.reduce_sum(times * tf.nn.softmax(logits), axis=-1)
    metrics = {
        "accuracy": tf.metrics.accuracy(labels, label),
        "rmse": tf.metrics.root_mean_squared_error(tf.cast(labels, tf.float32), mean),
    }
    step = tf.train.AdamOptimizer(0.01).minimize(loss, tf.train.get_global_step())
    return estimator.EstimatorSpec(mode, loss=loss, train_op=step, eval_metric_ops=metrics)


def pulses(data, seed):
    params = {"shape": data["pulses_x"].shape[1:]}
    config = estimator.RunConfig(model_dir=tempfile.mkdtemp(), tf_random_seed=seed)
    model = estimator.Estimator(pulse_model, params=params, config=config)
    return runs.pulses(model, data, estimator.inputs.numpy_input_fn)


def steps(data, seed):
    """Follow every weight through 200 steps on unshuffled data, for two classes and three."""
    found = {}
    for n_classes in (2, 3):
        x, y = data["steps_x"], data[f"steps_y{n_classes}"]
        model = classifier(seed, n_classes)
        found[n_classes] = followed(model, x, y)
        predictions = model.predict(runs.batches(x[:3], y[:3], 30, repeat=1))
        found[n_classes]["predictions"] = [
            {name: np.asarray(value).astype(str).tolist() for name, value in sample.items()}
            for sample in predictions
        ]
        weighted, y = classifier(seed, n_classes, "weight"), data[f"steps_noisy{n_classes}"]
        found[f"{n_classes} weighted"] = followed(weighted, x, y, weight=data["steps_weights"])
    return found


def followed(model, x, y, **more):
    """Train for 200 steps; return the variables before and after, and results on 100 points."""
    some = {name: values[:100] for name, values in more.items()}
    test = runs.batches(x[:100], y[:100], 30, repeat=1, **some)
    run = runs.trained(model, runs.batches(x, y, 50, **more), 200, test)
    first = tf.train.load_checkpoint(f"{model.model_dir}/model.ckpt-0")
    names = model.get_variable_names()
    return {
        "first": {name: first.get_tensor(name).tolist() for name in names},
        "last": {name: model.get_variable_value(name).tolist() for name in names},
        "results": run["results"],
    }


if __name__ == "__main__":
    tf.disable_v2_behavior()
    tf.logging.set_verbosity(tf.logging.ERROR)
    runs.main(circles=circles, pulses=pulses, steps=steps)
