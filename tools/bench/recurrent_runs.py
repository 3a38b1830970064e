"""Train what the page on recurrent networks compares: ``make bench-recurrent``.

Each kind of network is trained from five seeds and judged by test messages. The results stand in
``data/recurrent_runs.json``; they take five minutes on one core that has nothing else to do.
Studies may be named, and then replace what stands there, as in
``python -m tools.bench.recurrent_runs echo``. With ``--rates`` the file gets what each rate gives
on validation messages instead; `RATES` was chosen from that.
"""

import argparse
from functools import partial

import keras
import numpy as np
from keras import layers

from tools.bench.kept import Kept, functions_of

KEPT = Kept("recurrent_runs.json", "make bench-recurrent")
TUNING_SEEDS, SEEDS = (10, 11), range(1, 6)
VALIDATION, TEST = 98, 99
LENGTHS = (8, 64, 256, 1000)
WINDOWS = (8, 12, 16, 20)
GRID = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.1, 0.3)
RATES = {
    "echo": {"5": 0.003, "10": 0.003, "20": 0.05, "40": 0.05},
    "hold": {"LSTM, 1 unit": 0.1, "plain, 16 units": 0.03, "LSTM, 16 units": 0.1},
    "add": {"plain": 0.05, "convolution": 0.02, "linear": 0.1},
    "top": {"forwards": 0.01, "both": 0.02},
    "parity": {"plain": 0.1, "from 0": 0.02, "from −1": 0.05},
}


def convolution(n_inputs=2):
    """Return a network that looks at eight steps, the last of them now."""
    window = layers.Conv1D(32, 8, padding="causal", activation="tanh")
    hidden = layers.Conv1D(16, 1, activation="tanh")
    return keras.Sequential([keras.Input((None, n_inputs)), window, hidden, layers.Dense(1)])


def carried(book, model, n_bits=LENGTHS[-1]):
    """Say whether a network adds 1 and 0 to the largest number: a carry in all bits, or none."""
    bits, total = np.zeros((2, n_bits + 1, 2), "float32"), np.zeros((2, n_bits + 1, 1))
    bits[:, :-1, 0] = bits[0, 0, 1] = total[0, -1] = total[1, :-1] = 1
    return float(np.all((book["outputs"](model, bits) > 0) == total))


class Bits:
    """A task on bits: the networks, what is drawn, and what counts as right."""

    def __init__(self, book, networks, draw, whole=False):
        self.book, self.networks, self.draw, self.whole = book, networks, draw, whole

    def train(self, name, seed, rate):
        return self.book["train_on_bits"](self.networks[name], self.draw, seed, rate)

    def judge(self, model, seed):
        right = {n: self.book["right_bits"](model, self.draw, n, seed, 1000) for n in LENGTHS}
        shares = {str(n): self.share(bits) for n, bits in right.items()}
        return shares | ({"carry": carried(self.book, model)} if self.whole else {})

    def share(self, right):
        return float(np.mean(right.all(axis=(1, 2)) if self.whole else right))

    def loss(self, model):
        bits, answers = self.draw(200, 64, np.random.default_rng(VALIDATION))
        entropy = keras.losses.BinaryCrossentropy(from_logits=True)
        return float(entropy(answers, self.book["outputs"](model, bits)))


class Messages:
    """A task on numbers, whose error is to be small."""

    def __init__(self, networks, measure, **lengths):
        self.networks, self.measure, self.lengths = networks, measure, lengths

    def train(self, name, seed, rate):
        return self.networks[name](seed=seed, rate=rate)

    def judge(self, model, seed):
        return {name: float(self.measure(model, seed, n)) for name, n in self.lengths.items()}

    def loss(self, model):
        return self.judge(model, VALIDATION)["error"]


def tasks(book):
    """Return the five comparisons of the page."""
    hold, top, plain = book["train_holder"], book["draw_from_the_top"], book["adder"]
    linear = book["LinearRecurrence"]
    pieces = {str(n): partial(book["train_in_pieces"], n) for n in (5, 10, 20, 40)}
    holders = {
        "LSTM, 1 unit": partial(hold, **book["NO_FEEDBACK"]),
        "plain, 16 units": partial(hold, layer=layers.SimpleRNN, n_units=16),
        "LSTM, 16 units": partial(hold, n_units=16),
    }
    adders = {"plain": plain, "convolution": convolution, "linear": linear}
    readers = {"forwards": plain, "both": book["both_ways"]}
    counters = {
        "plain": partial(plain, n_inputs=1),
        "from 0": linear,
        "from −1": partial(linear, -1.0),
    }
    return {
        "echo": Messages(pieces, book["echo_error"], error=200),
        "hold": Messages(holders, book["hold_error"], error=30, long=200),
        "add": Bits(book, adders, book["draw_additions"], whole=True),
        "top": Bits(book, readers, top),
        "parity": Bits(book, counters, book["draw_parities"]),
    }


def losses(task, name):
    """Return what each rate gives on validation messages, from seeds that are used for no other."""
    return {
        rate: float(np.mean([task.loss(task.train(name, seed, rate)) for seed in TUNING_SEEDS]))
        for rate in GRID
    }


def run(task, name, rate):
    """Train one kind of network from five seeds, and judge each."""
    trained = {seed: task.train(name, seed, rate) for seed in SEEDS}
    return {str(seed): {"rate": rate} | task.judge(model, TEST) for seed, model in trained.items()}


def add_by_rule(book):
    """Score the rule with windows of several lengths, for which nothing is learned."""
    sums = [book["draw_additions"](1000, n, np.random.default_rng(TEST)) for n in LENGTHS]

    def share(bits, total, window):
        return float((book["add_within"](bits, window) == total).all(axis=(1, 2)).mean())

    return {str(window): [share(*each, window) for each in sums] for window in WINDOWS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("studies", nargs="*", default=RATES, help="all by default")
    parser.add_argument("--rates", action="store_true", help="keep what each rate gives")
    chosen = parser.parse_args()
    book = functions_of("recurrent")
    for study in chosen.studies:
        task, rates = tasks(book)[study], RATES[study]
        if chosen.rates:
            KEPT.write(**{f"{study}, rates": {name: losses(task, name) for name in rates}})
        else:
            KEPT.write(**{study: {name: run(task, name, rate) for name, rate in rates.items()}})
    if not chosen.rates:
        KEPT.write(rule=add_by_rule(book))


if __name__ == "__main__":
    main()
