"""Repeat the trainings of the chapter on coincidences from ten seeds: ``make bench-pulse``.

Trains the network of 51 parameters from each seed in the chapter's four ways, and then, from
the setting that does best on the validation sample, minimises the cross-entropy of 10,000
triplets directly; trains it with the three losses of the page on limits from five seeds. Prints
accuracies on the validation sample, and keeps all weights in ``data/pulse_runs.json``; six minutes
of processor time.
"""

import itertools

import numpy as np
import tensorflow as tf
from scipy.optimize import minimize

from helpers.generate import stream_pulses
from helpers.scores import scores
from tools.bench.kept import Kept, functions_of, made_on

KEPT = Kept("pulse_runs.json", "python -m tools.bench.pulse_runs")
SEEDS = range(10)
STREAM_SEED, N_FRESH = 77, 200_000


def fresh_triplets():
    """Return the simulated triplets that all long trainings share."""
    stream = stream_pulses(N_FRESH // 40, seed=STREAM_SEED)
    return [np.concatenate(part) for part in zip(*itertools.islice(stream, 40), strict=True)]


def flat(network):
    return np.concatenate([weights.ravel() for weights in network.get_weights()])


def set_flat(network, values):
    shapes = [weights.shape for weights in network.get_weights()]
    ends = np.cumsum([np.prod(shape) for shape in shapes])[:-1]
    parts = zip(np.split(values, ends), shapes, strict=True)
    network.set_weights([part.reshape(shape) for part, shape in parts])


def trainings(book, seed, fresh):
    """Yield the name and the trained network of each of the chapter's ways."""
    plain = book["pulse_network"](seed)
    book["train"](plain, book["X_train"], book["y_train"], epochs=42)
    yield "plain", plain
    starts = {"random": book["pulse_network"], **book["STARTS"]}
    for name, start in starts.items():
        network = start(seed)
        book["train"](network, *fresh, epochs=3, batch_size=200)
        yield name, network


def losses():
    """Return the weights of five trainings with each loss of the page on limits."""
    book = functions_of("pulse_limits")
    return {
        loss: [flat(book["train_pulse"](seed, loss)).tolist() for seed in range(5)]
        for loss in book["LOSSES"]
    }


def polished(book, values, X, y):
    """Minimise the cross-entropy of all triplets at once, from given weights."""
    network = book["pulse_network"](0)

    @tf.function
    def loss_and_gradients():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(book["entropy"](y - 3, network(X)))
        return loss, tape.gradient(loss, network.trainable_variables)

    def objective(theta):
        set_flat(network, theta)
        loss, gradients = loss_and_gradients()
        return float(loss), np.concatenate([np.ravel(part) for part in gradients]).astype(float)

    return minimize(objective, values, jac=True, method="L-BFGS-B", options={"maxiter": 40}).x


def accuracy(book, values):
    network = book["pulse_network"](0)
    set_flat(network, np.asarray(values))
    answer = book["probabilities"](network, book["X_validation"])
    return scores(answer, book["y_validation"])[0]


def results():
    """Return the weights of all trainings, rounded to what single precision holds."""
    book, fresh, runs = functions_of("pulse_cnn"), fresh_triplets(), {}
    for seed in SEEDS:
        for name, network in trainings(book, seed, fresh):
            runs.setdefault(name, []).append(flat(network).tolist())
            print(name, seed, f"{accuracy(book, runs[name][-1]):.4f}", flush=True)
    everything = [values for each in runs.values() for values in each]
    best = max(everything, key=lambda values: accuracy(book, values))
    direct = polished(book, np.array(best), fresh[0][:10_000], fresh[1][:10_000]).tolist()
    print("direct", f"{accuracy(book, direct):.4f}")
    best = max([*everything, direct], key=lambda values: accuracy(book, values))
    runs = {"made on": made_on(), "weights": runs, "direct": direct, "best": best}
    return runs | {"losses": losses()}


if __name__ == "__main__":
    KEPT.write(**results())
