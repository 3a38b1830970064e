"""Checks of the exercises of the chapter "Give a network a memory"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, function, number, parts, shaped


@exercise("rn-ex-parameters", function(parts(SimpleRNN=number, LSTM=number, GRU=number)))
def check_count_parameters(count_parameters):
    """Gates cost: an LSTM has four sums for each unit."""
    cases = ((3, 16), (1, 5), (7, 2))
    hints = (_parameters_hint(*count_parameters(*case), *case) for case in cases)
    return next(filter(None, hints), None)


def _parameters_hint(plain_found, lstm_found, gru_found, n_inputs, n_units):
    weights = n_units * (n_inputs + n_units)
    plain, lstm, gru = weights + n_units, 4 * (weights + n_units), 3 * (weights + 2 * n_units)
    case = f"for {n_inputs} inputs and {n_units} units"
    if (plain_found, lstm_found, gru_found) == (plain, lstm, gru):
        return None
    if plain_found in (weights, n_units * (n_inputs + 1)):
        return (
            f"A plain layer has two matrices and a bias, {case} {plain} parameters: "
            "is one of the three missing?"
        )
    if plain_found != plain:
        return f"A plain layer has n (inputs + n) weights and n biases, {case} {plain} in all."
    if (lstm_found, gru_found) == (gru, lstm):
        return "LSTM and GRU are interchanged: the LSTM has four sums, the GRU three."
    if lstm_found != lstm:
        return f"An LSTM has four sums for each unit, {case} {lstm} parameters."
    if gru_found == 3 * plain:
        return "The GRU of Keras has two biases for each sum, one more than you count."
    return f"A GRU has three sums for each unit, with two biases each: {case} {gru} parameters."


@exercise("rn-ex-bias", number)
def check_forget_bias(forget_bias):
    """For long times the bias is close to the logarithm of the time."""
    bias = forget_bias
    if np.isclose(bias, 4.6, atol=0.02):
        return None
    if np.isclose(bias, -4.6, atol=0.02):
        return "With this bias the gate is nearly closed: the sign is the wrong one."
    if 0.98 < bias < 0.995:
        return "This is the gate itself, f = exp(-1/100); the bias is what the sigmoid maps to it."
    if bias == 1:
        return "This is what Keras starts with, and it remembers for three steps only."
    if bias == 100:
        return "With a bias of 100 the gate is 1 to the last digit: it would never forget."
    tau = 1 / np.logaddexp(0, -bias)
    return f"This bias remembers for {tau:.3g} steps: set -1/ln σ(b) to 100 and solve for b."


@exercise("rn-ex-filter", parts(kernel=shaped(1, 1), recurrent_kernel=shaped(1, 1), bias=shaped(1)))
def check_filter_weights(filter_weights):
    """It smooths like a resistor and a capacitor."""
    kernel, feedback, bias = (array.item() for array in filter_weights)
    if bias != 0:
        return "With a bias, the output would not settle at zero when the input is zero."
    if np.isclose(feedback, 0.9, atol=1e-3):
        return "1 - 1/10 is close, but only the first term of the series of exp(-1/10)."
    if np.isclose(feedback, 1 - np.exp(-1 / 10), atol=1e-3):
        return "The two kernels are interchanged: the old state counts a, the new input 1 - a."
    if not 0 < feedback < 1:
        return f"With a feedback of {feedback:.4g} nothing decays; it is a, between 0 and 1."
    tau = -1 / np.log(feedback)
    if not np.isclose(tau, 10, atol=0.1):
        return f"A feedback of {feedback:.4g} has a time constant of {tau:.3g} steps, not of 10."
    if np.isclose(kernel, 1):
        return "This filter amplifies ten times; a constant input should come out as it went in."
    if not np.isclose(kernel, 1 - feedback, rtol=0.02):
        return "The feedback is right; the input has to count 1 - a."
    return None


@exercise("rn-ex-adder", shaped(2, 3), shaped(3, 3), shaped(3), shaped(3))
def check_adder(kernel, recurrent_kernel, bias, readout):
    """It adds numbers of any length, and you know why."""
    if _adds(kernel, recurrent_kernel, bias, readout):
        return None
    if _adds(kernel, recurrent_kernel.T, bias, readout):
        return (
            "The recurrent kernel has to be transposed: its rows are the units of the step "
            "before, its columns those of this step."
        )
    if _adds(kernel, recurrent_kernel, bias + 0.5, readout):
        return (
            "A unit is 1 only if its sum is greater than 0: put the thresholds halfway between "
            "whole numbers."
        )
    if _adds(kernel, recurrent_kernel, bias, np.array([1, -1, 1])):
        return "The units are right; the bit of the sum is 1 for one or three ones, not for two."
    if _adds(kernel, recurrent_kernel, bias, readout, with_carries=False):
        return (
            "Sums without a carry are right, those with one are not: which unit of the step "
            "before says that there was a carry, and who must hear of it?"
        )
    return "Even sums without any carry are wrong: let unit m be 1 for at least m ones."


def _adds(kernel, recurrent_kernel, bias, readout, with_carries=True):
    """Return whether the threshold units with these weights add 200 pairs of numbers."""
    bits = np.random.default_rng(1).integers(0, 2, size=(200, 12, 2))
    if not with_carries:
        bits[..., 1] *= 1 - bits[..., 0]
    bits[:, -1] = 0
    places = 2 ** np.arange(bits.shape[1])
    total = np.tensordot(bits.sum(axis=2), places, axes=1)
    state, answer = np.zeros((len(bits), 3)), 0
    for place, now in zip(places, bits.transpose(1, 0, 2), strict=True):
        state = (now @ kernel + state @ recurrent_kernel + bias > 0).astype(float)
        answer = answer + place * (state @ readout)
    return np.allclose(answer, total)


@exercise("rn-ex-parity", function(parts(keep=array, add=array)))
def check_parity(keep_and_add):
    """Each one turns the state round, and a scan needs no loop for it."""
    bits = np.random.default_rng(3).integers(0, 2, 40)
    keep, add = (np.ravel(part) for part in keep_and_add(bits.copy()))
    return _parity_hint(bits, keep, add)


def _parity_hint(bits, keep, add):
    if keep.shape != bits.shape or add.shape != bits.shape:
        return (
            "Both parts must have the shape (40,) for 40 bits, but they hold "
            f"{len(keep)} and {len(add)} numbers."
        )
    if any(np.ptp(part[bits == bit]) > 1e-6 for part in (keep, add) for bit in (0, 1)):
        return "Steps with the same bit have different numbers: each may see its own bit only."
    states = [0.0]
    for weight, new in zip(keep, add, strict=True):
        states.append(weight * states[-1] + new)
    if np.allclose(states[1:], np.cumsum(bits) % 2):
        return None
    kept, added = ({bit: part[bits == bit][0] for bit in (0, 1)} for part in (keep, add))
    if not np.allclose([kept[0], added[0]], [1, 0]):
        return "A zero must leave the state as it is: keep 1, and add nothing."
    if np.isclose(added[1], 0):
        return "The state starts at 0 and stays there: a one must add something, too."
    if np.isclose(kept[1], 1):
        return "This counts the ones; the second one has to take the state back to 0."
    if np.isclose(kept[1], 0):
        return "A one wipes what was before it: the state is 1 after every one, not every other."
    return "A one must take 0 to 1 and 1 to 0: solve both equations for what is kept and added."
