"""The checks of "Give a network a memory": right answers and plausible wrong ones."""

import keras
import numpy as np

from tests.helpers.checks.exercises import ExerciseChecks

DECAY = np.exp(-1 / 10)
CARRY = np.array([[0, 0, 0], [1, 1, 1], [0, 0, 0]])


def counts(n_inputs, n_units):
    weights = n_units * (n_inputs + n_units)
    return weights + n_units, 4 * (weights + n_units), 3 * (weights + 2 * n_units)


def counts_with(change):
    return lambda n_inputs, n_units: change(*counts(n_inputs, n_units), n_inputs, n_units)


def counted_by_keras(n_inputs, n_units):
    kinds = keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU
    inputs = keras.Input((None, n_inputs))
    return tuple(keras.Sequential([inputs, kind(n_units)]).count_params() for kind in kinds)


def low_pass(kernel=1 - DECAY, feedback=DECAY, bias=0.0):
    return [np.array([[kernel]]), np.array([[feedback]]), np.array([bias])]


def adder(**changes):
    parts = {
        "kernel": np.ones((2, 3)),
        "recurrent_kernel": CARRY,
        "bias": np.array([-0.5, -1.5, -2.5]),
        "readout": np.array([1, -1, 1]),
    }
    return tuple((parts | changes).values())


RIGHT = [
    ("rn-ex-parameters", counts),
    ("rn-ex-parameters", counted_by_keras),
    ("rn-ex-parameters", lambda i, n: [n * (i + n + 1), 4 * n * (i + n + 1), 3 * n * (i + n + 2)]),
    ("rn-ex-bias", np.log(DECAY**0.1 / (1 - DECAY**0.1))),
    ("rn-ex-bias", np.log(100)),
    ("rn-ex-bias", -np.log(np.expm1(1 / 100))),
    ("rn-ex-filter", low_pass()),
    ("rn-ex-filter", [[[0.095]], [[0.905]], [0]]),
    ("rn-ex-filter", tuple(low_pass(0.0952, 0.9048))),
    ("rn-ex-adder", *adder()),
    (
        "rn-ex-adder",
        *adder(kernel=2 * np.ones((2, 3)), recurrent_kernel=2 * CARRY, bias=[-1, -3, -5]),
    ),
    ("rn-ex-adder", *adder(bias=np.array([-0.1, -1.9, -2.2]))),
    ("rn-ex-parity", lambda bits: (1 - 2 * bits, bits)),
    ("rn-ex-parity", lambda bits: (np.where(bits == 1, -1.0, 1.0), bits.astype(float))),
    ("rn-ex-parity", lambda bits: ([-1 if bit else 1 for bit in bits], list(bits))),
]

WRONG = [
    ("rn-ex-parameters", counts_with(lambda p, a, g, i, n: (p - n, a, g)), "one of the three"),
    ("rn-ex-parameters", counts_with(lambda p, a, g, i, n: (p + 1, a, g)), "n biases"),
    ("rn-ex-parameters", counts_with(lambda p, a, g, i, n: (p, g, a)), "interchanged"),
    ("rn-ex-parameters", counts_with(lambda p, a, g, i, n: (p, 3 * p, g)), "four sums"),
    ("rn-ex-parameters", counts_with(lambda p, a, g, i, n: (p, a, 3 * p)), "two biases for each"),
    ("rn-ex-parameters", counts_with(lambda p, a, g, i, n: (p, a, a)), "three sums for each"),
    ("rn-ex-bias", -4.6, "sign"),
    ("rn-ex-bias", 0.99, "gate itself"),
    ("rn-ex-bias", 1, "three steps only"),
    ("rn-ex-bias", 100, "never forget"),
    ("rn-ex-bias", 3, r"remembers for 20\.\d steps"),
    ("rn-ex-filter", low_pass(bias=1.0), "settle at zero"),
    ("rn-ex-filter", low_pass(DECAY, 1 - DECAY), "interchanged"),
    ("rn-ex-filter", low_pass(0.1, 0.9), "first term"),
    ("rn-ex-filter", low_pass(feedback=0.5), "time constant"),
    ("rn-ex-filter", low_pass(0.09, 0.91), "10.6 steps"),
    ("rn-ex-filter", low_pass(0.1, 0.905), "has to count"),
    ("rn-ex-filter", low_pass(feedback=-DECAY), "nothing decays"),
    ("rn-ex-filter", low_pass(kernel=1.0), "amplifies ten times"),
    ("rn-ex-adder", *adder(recurrent_kernel=CARRY.T), "transposed"),
    ("rn-ex-adder", *adder(bias=np.array([-1, -2, -3])), "halfway"),
    ("rn-ex-adder", *adder(readout=np.array([1, 1, 1])), "not for two"),
    ("rn-ex-adder", *adder(recurrent_kernel=np.zeros((3, 3))), "Sums without a carry are right"),
    ("rn-ex-adder", *adder(kernel=np.zeros((2, 3))), "Even sums without any carry"),
    ("rn-ex-parity", lambda bits: (0 * bits, np.cumsum(bits) % 2), "own bit only"),
    ("rn-ex-parity", lambda bits: (-np.ones(len(bits)), bits), "leave the state"),
    ("rn-ex-parity", lambda bits: (1 - 2 * bits, 0 * bits), "stays there"),
    ("rn-ex-parity", lambda bits: (np.ones(len(bits)), bits), "counts the ones"),
    ("rn-ex-parity", lambda bits: (1 - bits, bits), "wipes"),
    ("rn-ex-parity", lambda bits: (1 - 2 * bits, 2 * bits), "both equations"),
]


class TestChecks(ExerciseChecks):
    prefix = "rn"
    right, wrong = RIGHT, WRONG
