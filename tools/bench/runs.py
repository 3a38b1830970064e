"""What both sides of ``make bench-estimator`` do alike: feed, train, time, and tell in JSON.

Imported by the Python of this book and by an older one that still has tf.estimator.
"""

import json
import sys
import time

import numpy as np
import tensorflow as tf

CONV1_WIDTH, CONV2_WIDTH = 3, 7
OFFSET = (CONV2_WIDTH - 1) // 2


def batches(x, y, batch_size, shuffle=False, repeat=None, **more):
    """Return an input function; more features than the two coordinates go by name."""

    def input_fn():
        features = {"x0": x[:, 0], "x1": x[:, 1]}
        dataset = tf.data.Dataset.from_tensor_slices(({**features, **more}, y))
        if shuffle:
            dataset = dataset.shuffle(len(x))
        return dataset.repeat(repeat).batch(batch_size)

    return input_fn


def trained(model, input_fn, steps, test_fn):
    """Train and evaluate; return how long that took and what came of it."""
    begun, worked = time.perf_counter(), time.process_time()
    model.train(input_fn, steps=steps)
    middle, worked = time.perf_counter(), time.process_time() - worked
    results = {name: float(value) for name, value in model.evaluate(test_fn).items()}
    times = {"train": middle - begun, "work": worked, "evaluate": time.perf_counter() - middle}
    return times | {"results": results}


def circles(model, data):
    train = batches(data["circles_x"], data["circles_y"], 50, shuffle=True)
    test = batches(data["circles_x_test"], data["circles_y_test"], 50, repeat=1)
    return trained(model, train, 5000, test)


def pulses(model, data, numpy_input_fn, offset=0):
    """Train on labels that count from the first bin that the network can name."""
    x, x_test = ({"X": data[name]} for name in ("pulses_x", "pulses_x_test"))
    y, y_test = (data[name] - offset for name in ("pulses_y", "pulses_y_test"))
    train = numpy_input_fn(x, y, batch_size=500, num_epochs=None, shuffle=True)
    return trained(model, train, 500, numpy_input_fn(x_test, y_test, shuffle=False))


def main(**jobs):
    """Run the job that the arguments name, on a file of arrays and from a seed."""
    job, path, seed = sys.argv[1:]
    print(json.dumps(jobs[job](dict(np.load(path)), int(seed))))
