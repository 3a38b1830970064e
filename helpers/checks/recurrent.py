"""Checks of the exercises of the chapter "Give a network a memory"."""

import warnings

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, array_with_gaps, function, number, parts, shaped
from helpers.generate import generate_pulses


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


@exercise("rn-ex-last", function(array))
def check_last_states(last_states):
    """What a causal layer does in the padding, it does too late."""
    states = np.random.default_rng(2).normal(size=(5, 7, 3))
    cases = np.array([[6, 1, 4, 5, 2], [7, 3, 1, 7, 6]])
    hints = (_last_states_hint(last_states(states, lengths), states, lengths) for lengths in cases)
    return next(filter(None, hints), None)


def _last_states_hint(picked, states, lengths):
    messages = np.arange(len(states))
    if picked.shape != (5, 3):
        return (
            "For 5 messages of 7 steps and 3 units the result must have the shape (5, 3), and "
            f"has {picked.shape}."
        )
    if np.allclose(picked, states[messages, lengths - 1]):
        return None
    if np.allclose(picked, states[:, -1]):
        return "These are the states after the padding, in the last step of all."
    if lengths.max() < states.shape[1] and np.allclose(picked, states[messages, lengths]):
        return "These are the states one step too late: a message of n steps ends with step n - 1."
    if np.allclose(picked, states[messages, lengths - 2]):
        return "These are the states one step too early: a message of n steps ends with step n - 1."
    return "These are not the states after the last real steps, n - 1 for a message of n steps."


@exercise("rn-ex-causal", function(array_with_gaps))
def check_causal_scores(causal_scores):
    """Its latency is one bin, and nothing was learned."""
    X, y = generate_pulses(n_samples=1000, amplitude=1.0, seed=21)
    scores = causal_scores(X.copy())
    if scores.shape != (len(y), X.shape[2]):
        return (
            f"There must be one score for each triplet and bin, ({len(y)}, {X.shape[2]}), and "
            f"the shape is {scores.shape}."
        )
    if np.isnan(scores).any():
        return (
            "Some scores are not a number (nan), which argmax takes for the highest: where there "
            "is no score yet, write -np.inf."
        )
    return _causality_hint(causal_scores, X, scores) or _scores_hint(scores, y)


def _causality_hint(causal_scores, X, scores):
    for now in (30, 60, 90):
        changed = X.copy()
        changed[:, :, now + 1 :] = 0
        if not np.allclose(causal_scores(changed)[:, : now + 1], scores[:, : now + 1]):
            return (
                f"It is not causal: scores up to bin {now} change when the samples after bin "
                f"{now} do."
            )
    return None


def _scores_hint(scores, y):
    def share(late, sign=1):
        return np.mean((sign * scores).argmax(axis=1) - late == y)

    if share(1) >= 0.9:
        return None
    if share(1, sign=-1) >= 0.9:
        return "The score is lowest at the right place: turn its sign round."
    if share(0) >= 0.5:
        return "The highest score stands at the coincidence itself, and should be one bin later."
    if share(2) >= 0.5:
        return "The highest score comes two bins after the coincidence; one bin is enough."
    right = f"{100 * share(1):.0f} %"
    if share(1) >= 0.5:
        return f"{right} are right; do you use all three traces, and the curvature of each?"
    return f"Only {right} are right; at the top of a pulse the curvature is most negative."


@exercise("rn-ex-temperature", function(array_with_gaps))
def check_at_temperature(at_temperature):
    """Cold sharpens, hot flattens, and T = 1 changes nothing."""
    probabilities = np.array([0.5, 0.3, 0.2])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warm, cold = (at_temperature(probabilities.copy(), value) for value in (0.5, 1e-4))
    return _temperature_hint(probabilities, warm, cold)


def _temperature_hint(probabilities, warm, cold):
    right = probabilities**2 / np.sum(probabilities**2)
    if warm.shape != right.shape:
        return f"Three probabilities went in, and the shape {warm.shape} came out."
    if np.allclose(warm, probabilities**2):
        return "The ratios are right; divide by the sum, so that the probabilities sum to one."
    if np.allclose(warm, probabilities**0.5 / np.sum(probabilities**0.5)):
        return "A temperature below 1 has to sharpen: divide the logits by T, do not multiply."
    if np.allclose(warm, np.exp(2 * probabilities) / np.exp(2 * probabilities).sum()):
        return "Probabilities are no logits: take their logarithm first."
    if not np.allclose(warm, right):
        return "At T = 0.5 the probabilities should go as their squares, p², divided by their sum."
    if not np.allclose(cold, [1, 0, 0]):
        return "At T = 0.0001 it overflows or underflows: take off the largest logit first."
    return None
