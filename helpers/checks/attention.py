"""Checks of the exercises of the chapter "Let every bin look at every other with attention"."""

import numpy as np

from helpers.checks import exercise
from helpers.generate import detector_planes

_FREQUENCIES = 1000 ** (-np.arange(0, 16, 2) / 16)


@exercise("at-ex-veto", praise="A negative component counts against a bin.")
def veto_query(query):
    query = np.asarray(query, dtype=float)
    if query.shape != (3,):
        return (
            f"A query has one component a trace, three in all, and yours the shape {query.shape}."
        )
    if np.isclose(query[2], 0):
        return "A triple coincidence scores as much as the pair: trace 3 must count against it."
    if query[2] > 0:
        return "A triple coincidence scores more than the pair: what sign must trace 3 have?"
    if np.isclose(query[0], 0) or np.isclose(query[1], 0):
        return "A pulse in one trace alone scores as much as the pair: both traces must count."
    if query[0] < 0 or query[1] < 0:
        return "A pair scores less than a pulse in one trace alone: both traces must count for it."
    return None


@exercise("at-ex-shift", praise="One matrix turns all clocks on, wherever they stand.")
def shift_matrix(function):
    if not callable(function):
        return "The answer is a function: pass shift_matrix itself, without calling it."
    for shift in (1, 5, -3):
        matrix = function(shift)
        if matrix is ...:
            return ...
        if matrix is None:
            return "The function returns nothing: end it with return and the matrix."
        hint = _shift_hint(np.asarray(matrix, dtype=float), shift)
        if hint:
            return hint
    return None


def _shift_hint(matrix, shift):
    if matrix.shape != (16, 16):
        return f"The matrix must have the shape (16, 16), and yours has {matrix.shape}."
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


@exercise("at-ex-causal", praise="No bin looks ahead, and every row sums to one.")
def causal_attention(function):
    if not callable(function):
        return "The answer is a function: pass causal_attention itself, without calling it."
    queries, keys, values = np.random.default_rng(3).normal(size=(3, 2, 7, 4))
    answer = function(queries, keys, values)
    if answer is ...:
        return ...
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return "The function has to return two things, the output and the weights."
    output, weights = (np.asarray(part) for part in answer)
    return _weights_hint(weights, queries, keys) or _output_hint(output, weights, values)


def _weights_hint(weights, queries, keys):
    if weights.shape != (2, 7, 7):
        return (
            "The weights must have one row and one column a bin, (2, 7, 7) for two records of "
            f"7 bins, and have the shape {weights.shape}."
        )
    if np.isnan(weights[:, 0]).any():
        return "The first bin sees nothing at all, not even itself: keep the diagonal."
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


def _output_hint(output, weights, values):
    if output.shape != values.shape or not np.allclose(output, weights @ values, atol=1e-5):
        return "The weights are right; the output is their product with the values."
    return None


@exercise("at-ex-count", praise="A gigabyte of maps for four thousand parameters.")
def count(n_parameters, megabytes, factor):
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


@exercise("at-ex-hits", praise="No order and no fixed number of particles: this is a set.")
def find_partners(function):
    if not callable(function):
        return "The answer is a function: pass find_partners itself, without calling it."
    shares, dots_shares = [], []
    for seed in range(20, 60):
        first_plane, second_plane, partners = detector_planes(
            12 + seed % 5, seed, return_partners=True
        )
        found = function(first_plane, second_plane)
        if found is ...:
            return ...
        hint = _partners_hint(found, partners)
        if hint:
            return hint
        shares.append(np.mean(np.asarray(found) == partners))
        dots_shares.append(np.mean(np.asarray(found) == np.argsort(partners)))
    if np.mean(shares) >= 0.9:
        return None
    if np.mean(dots_shares) >= 0.9:
        return "Rows and columns are swapped: each row belongs to a hit of the first plane."
    return (
        f"{100 * np.mean(shares):.0f} % are right; long keys attract too many queries, so let "
        "the distance decide."
    )


def _partners_hint(found, partners):
    if found is None:
        return "The function returns nothing: end it with return and the indices."
    found = np.asarray(found)
    if found.shape != partners.shape:
        return f"There must be one index a hit, {partners.shape}, and got the shape {found.shape}."
    if not np.issubdtype(found.dtype, np.integer):
        return "The indices must be whole numbers: take the argmax of each row of weights."
    return None
