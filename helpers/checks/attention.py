"""Checks of the exercises of the chapter "Let every bin look at every other with attention"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import (
    array,
    array_with_gaps,
    function,
    number,
    parts,
    shaped,
    whole,
)
from helpers.generate import detector_planes

_FREQUENCIES = 1000 ** (-np.arange(0, 16, 2) / 16)


@exercise("at-ex-veto", shaped(3))
def check_veto_query(veto_query):
    """A negative component counts against a bin."""
    first, second, third = veto_query
    if np.isclose(third, 0):
        return "A triple coincidence scores as much as the pair: trace 3 must count against it."
    if third > 0:
        return "A triple coincidence scores more than the pair: what sign must trace 3 have?"
    if np.isclose(first, 0) or np.isclose(second, 0):
        return "A pulse in one trace alone scores as much as the pair: both traces must count."
    if not (first > 0 and second > 0):
        return "A pair scores less than a pulse in one trace alone: both traces must count for it."
    return None


@exercise("at-ex-shift", function(shaped(16, 16)))
def check_shift_matrix(shift_matrix):
    """One matrix turns all clocks on, wherever they stand."""
    hints = (_shift_hint(shift_matrix(shift), shift) for shift in (1, 5, -3))
    return next(filter(None, hints), None)


def _shift_hint(matrix, shift):
    place, target, back = (_clocks(20 + moved) for moved in (0, shift, -shift))
    if np.allclose(place @ matrix, target, atol=1e-4):
        return None
    if np.allclose(place @ matrix, back, atol=1e-4):
        return "The clocks turn the wrong way: look where the minus sign stands."
    if np.allclose(np.abs(matrix), np.abs(_rotation(1)), atol=1e-4) and shift != 1:
        return "The matrix does not change with the shift: multiply the angles by it."
    interleaved = np.arange(16).reshape(2, 8).T.ravel()
    if np.allclose(matrix, _rotation(shift)[np.ix_(interleaved, interleaved)], atol=1e-4):
        return "Your sines and cosines alternate: here the eight sines come first."
    if np.allclose(np.abs(matrix), np.abs(_rotation(shift)), atol=1e-4):
        return "The numbers are right and some signs are not: only one block has a minus."
    return f"For a shift of {shift}, p[20] @ matrix is not p[{20 + shift}]."


def _clocks(place):
    return np.concatenate([np.sin(_FREQUENCIES * place), np.cos(_FREQUENCIES * place)])


def _rotation(shift):
    cosines, sines = np.diag(np.cos(_FREQUENCIES * shift)), np.diag(np.sin(_FREQUENCIES * shift))
    return np.block([[cosines, -sines], [sines, cosines]])


@exercise("at-ex-causal", function(parts(output=array_with_gaps, weights=array_with_gaps)))
def check_causal_attention(causal_attention):
    """No bin looks ahead, and every row sums to one."""
    queries, keys, values = np.random.default_rng(3).normal(size=(3, 2, 7, 4))
    output, weights = causal_attention(queries, keys, values)
    hint = _weights_hint(weights, queries, keys)
    if hint:
        return hint
    if output.shape != values.shape or not np.allclose(output, weights @ values, atol=1e-5):
        return "The weights are right; the output is their product with the values."
    return None


def _weights_hint(weights, queries, keys):
    if weights.shape != (2, 7, 7):
        return (
            "The weights must have one row and one column a bin, (2, 7, 7) for two records of "
            f"7 bins, and have the shape {weights.shape}."
        )
    if np.isnan(weights[:, 0]).any():
        return "The first bin, whose weights are nan, does not even see itself: keep the diagonal."
    if np.allclose(np.tril(weights, k=-1), 0):
        return "Each bin sees only later bins: the mask is the wrong way round."
    if not np.allclose(np.triu(weights, k=1), 0):
        return "Some bin still looks at a later one: the weights above the diagonal must be zero."
    if not np.allclose(weights.sum(axis=-1), 1):
        return "The rows no longer sum to one: mask the scores before the softmax, not the weights."
    right = np.exp(queries @ np.swapaxes(keys, -1, -2) / 2) * np.tri(7)
    if not np.allclose(weights, right / right.sum(axis=-1, keepdims=True), atol=1e-5):
        return "The mask is right and the weights are not: are the scores divided by the root of d?"
    return None


@exercise("at-ex-count", whole, number, number)
def check_count(n_parameters, megabytes, factor):
    """A gigabyte of maps for four thousand parameters."""
    hints = {
        4096: "These are the weights alone: queries, keys, values and output have biases too.",
        3168: "The output matrix is missing: it leads from the heads back to 32 features.",
        1056: "This is one of the four matrices, with its biases.",
        16896: "The four heads share the 32 components: each has 8, not 32.",
    }
    if n_parameters != 4224:
        return hints.get(n_parameters, "The parameters are not right: add up four matrices.")
    if np.isclose(megabytes, 256):
        return "Every head has a map of its own."
    if np.isclose(megabytes, 16):
        return "This is the size for one record; a batch has 64."
    if np.isclose(megabytes, 1.024) or np.isclose(megabytes, 1024e6):
        return "The number is right and the unit is not: a megabyte is a million bytes."
    if not np.isclose(megabytes, 1024, rtol=1e-3):
        return "The size is not right: records times heads times bins squared times 4 bytes."
    if factor == 3:
        return "The maps have a row and a column a bin: the length enters twice."
    return None if factor == 9 else "The factor is not right: how does the map grow with n?"


@exercise("at-ex-hits", function(array))
def check_find_partners(find_partners):
    """No order and no fixed number of particles: this is a set."""
    shares, swapped_shares = [], []
    for seed in range(20, 60):
        *planes, partners = detector_planes(12 + seed % 5, seed, return_partners=True)
        weights = find_partners(*planes)
        hint = _partners_hint(weights, len(partners))
        if hint:
            return hint
        shares.append(np.mean(weights.argmax(axis=1) == partners))
        swapped_shares.append(np.mean(weights.argmax(axis=1) == np.argsort(partners)))
    if np.mean(shares) >= 0.9:
        return None
    if np.mean(swapped_shares) >= 0.9:
        return "Rows and columns are swapped: each row belongs to a hit of the first plane."
    return (
        f"{100 * np.mean(shares):.0f} % of the largest weights are at the partner; long keys "
        "attract too many queries, so let the distance decide."
    )


def _partners_hint(weights, n_particles):
    if weights.shape != (n_particles, n_particles):
        return (
            f"{n_particles} hits of each plane make a matrix of weights with as many rows and "
            f"columns, and yours has the shape {weights.shape}."
        )
    if not (weights >= 0).all() or not np.allclose(weights.sum(axis=1), 1):
        return "These are not weights: a softmax makes each row of scores positive and sum to one."
    if np.isin(weights, (0, 1)).all():
        return "Each row holds a single 1, a decision; attention gives every hit a share."
    return None
