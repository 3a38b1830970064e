"""Run the lecture's two networks with tf.estimator, in an environment that still has it.

Not imported: `tools.bench.estimator` hands this file to another Python, with a job, a file of
arrays and a seed as arguments, and reads one line of JSON.
"""

import json
import sys
import tempfile
import time

import numpy as np
import tensorflow.compat.v1 as tf

estimator = tf.estimator


def batches(x, y, batch_size, shuffle=False, repeat=None):
    def input_fn():
        dataset = tf.data.Dataset.from_tensor_slices(({"x0": x[:, 0], "x1": x[:, 1]}, y))
        if shuffle:
            dataset = dataset.shuffle(len(x))
        return dataset.repeat(repeat).batch(batch_size)

    return input_fn


def classifier(seed, n_classes=2):
    columns = [tf.feature_column.numeric_column(key=key) for key in ("x0", "x1")]
    config = estimator.RunConfig(model_dir=tempfile.mkdtemp(), tf_random_seed=seed)
    return estimator.DNNClassifier(
        hidden_units=[4],
        feature_columns=columns,
        n_classes=n_classes,
        activation_fn=tf.sigmoid,
        config=config,
    )


def trained(model, input_fn, steps, test_fn):
    begun, worked = time.perf_counter(), time.process_time()
    model.train(input_fn, steps=steps)
    middle, worked = time.perf_counter(), time.process_time() - worked
    results = model.evaluate(test_fn)
    ended = time.perf_counter()
    results = {name: float(value) for name, value in results.items()}
    times = {"train": middle - begun, "work": worked, "evaluate": ended - middle}
    return times | {"results": results}


def circles(data, seed):
    train = batches(data["circles_x"], data["circles_y"], 50, shuffle=True)
    test = batches(data["circles_x_test"], data["circles_y_test"], 50, repeat=1)
    return trained(classifier(seed), train, 5000, test)


def pulse_model(features, labels, mode, params):
    offset = (params["conv2_width"] - 1) // 2
    bins = params["time_steps"] - 2 * offset
    traces = tf.expand_dims(features["X"], -1)
    hidden = tf.layers.conv2d(
        traces, 2, [1, params["conv1_width"]], padding="same", activation=tf.tanh, name="conv1"
    )
    shape = [params["number_of_traces"], params["conv2_width"]]
    logits = tf.reshape(tf.layers.conv2d(hidden, 1, shape, name="conv2"), [-1, bins])
    label = tf.argmax(logits, axis=1) + offset
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels - offset, logits=logits)
    times = tf.range(offset, offset + bins, dtype=tf.float32)
    mean = tf.reduce_sum(times * tf.nn.softmax(logits), axis=-1)
    metrics = {
        "accuracy": tf.metrics.accuracy(labels, label),
        "rmse": tf.metrics.root_mean_squared_error(tf.cast(labels, tf.float32), mean),
    }
    step = tf.train.AdamOptimizer(params["learning_rate"]).minimize(
        loss, global_step=tf.train.get_global_step()
    )
    return estimator.EstimatorSpec(mode, loss=loss, train_op=step, eval_metric_ops=metrics)


def pulses(data, seed):
    params = {
        "time_steps": data["pulses_x"].shape[2],
        "number_of_traces": data["pulses_x"].shape[1],
        "conv1_width": 3,
        "conv2_width": 7,
        "learning_rate": 0.01,
    }
    config = estimator.RunConfig(model_dir=tempfile.mkdtemp(), tf_random_seed=seed)
    model = estimator.Estimator(pulse_model, params=params, config=config)
    numpy_input_fn = estimator.inputs.numpy_input_fn
    train = numpy_input_fn(
        {"X": data["pulses_x"]}, data["pulses_y"], batch_size=500, num_epochs=None, shuffle=True
    )
    test = numpy_input_fn({"X": data["pulses_x_test"]}, data["pulses_y_test"], shuffle=False)
    return trained(model, train, 500, test)


def steps(data, seed):
    """Follow every weight through 200 steps on unshuffled data, for two classes and three."""
    runs = {}
    for n_classes in (2, 3):
        x, y = data["steps_x"], data[f"steps_y{n_classes}"]
        model = classifier(seed, n_classes)
        run = trained(model, batches(x, y, 50), 200, batches(x[:100], y[:100], 30, repeat=1))
        first = tf.train.load_checkpoint(f"{model.model_dir}/model.ckpt-0")
        names = model.get_variable_names()
        predictions = model.predict(batches(x[:3], y[:3], 30, repeat=1))
        runs[n_classes] = {
            "first": {name: first.get_tensor(name).tolist() for name in names},
            "last": {name: model.get_variable_value(name).tolist() for name in names},
            "results": run["results"],
            "predictions": [
                {name: np.asarray(value).astype(str).tolist() for name, value in sample.items()}
                for sample in predictions
            ],
        }
    return runs


if __name__ == "__main__":
    tf.disable_v2_behavior()
    tf.logging.set_verbosity(tf.logging.ERROR)
    job, path, seed = sys.argv[1:]
    print(json.dumps(globals()[job](dict(np.load(path)), int(seed))))
