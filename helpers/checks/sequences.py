"""Checks of the exercises of the chapter "Read and write messages of any length"."""

import warnings

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, array_with_gaps, function
from helpers.generate import generate_pulses


@exercise("sq-ex-last", function(array))
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


@exercise("sq-ex-causal", function(array_with_gaps))
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


@exercise("sq-ex-temperature", function(array_with_gaps))
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
