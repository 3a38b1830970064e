"""The checks of "Let every bin look at every other": right answers and plausible wrong ones."""

import numpy as np
from scipy.linalg import expm

from helpers.generate import detector_planes
from tests.helpers.checks.exercises import ExerciseChecks

ANGLES = 1000 ** (-np.arange(0, 16, 2) / 16)


def rotation(shift, sign=1):
    cosines, sines = np.diag(np.cos(shift * ANGLES)), sign * np.diag(np.sin(shift * ANGLES))
    return np.block([[cosines, -sines], [sines, cosines]])


def interleaved(shift):
    order = np.arange(16).reshape(2, 8).T.ravel()
    return rotation(shift)[np.ix_(order, order)]


def softmax(scores):
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def causal(queries, keys, values, mask=np.tri, root=True, late=False, never=-np.inf):
    scores = queries @ np.swapaxes(keys, -1, -2) / (np.sqrt(keys.shape[-1]) if root else 1)
    seen = mask(scores.shape[-1]).astype(bool)
    with np.errstate(invalid="ignore"):
        weights = softmax(scores) * seen if late else softmax(np.where(seen, scores, never))
    return weights @ values, weights


def causal_by_products(queries, keys, values):
    weights = np.exp(np.einsum("bik,bjk->bij", queries, keys) / 2) * np.tri(queries.shape[1])
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.einsum("bij,bjk->bik", weights, values), weights


def distances(first_plane, second_plane):
    return np.linalg.norm(first_plane[:, np.newaxis] - second_plane, axis=2)


def nearest(first_plane, second_plane):
    return distances(first_plane, second_plane).argmin(axis=1)


def by_distance(first_plane, second_plane):
    return softmax(-10 * distances(first_plane, second_plane))


def products(first_plane, second_plane, scale=20):
    return scale * (first_plane @ second_plane.T - np.sum(second_plane**2, axis=1) / 2)


RIGHT = [
    ("at-ex-veto", [1, 1, -1]),
    ("at-ex-veto", np.array([0.5, 2, -0.1])),
    ("at-ex-veto", (2, 3, -1)),
    ("at-ex-shift", rotation),
    ("at-ex-shift", lambda shift: np.linalg.matrix_power(rotation(1), shift)),
    ("at-ex-shift", lambda shift: expm(shift * np.kron([[0, -1], [1, 0]], np.diag(ANGLES)))),
    ("at-ex-causal", causal),
    ("at-ex-causal", lambda *qkv: causal(*qkv, never=-1e9)),
    ("at-ex-causal", causal_by_products),
    ("at-ex-count", 4224, 1024, 9),
    ("at-ex-count", 4 * 32 * 33, 64 * 4 * 1000**2 * 4 / 1e6, 3**2),
    ("at-ex-count", np.int64(4224), np.float32(1024), 9.0),
    ("at-ex-hits", by_distance),
    ("at-ex-hits", lambda *planes: softmax(products(*planes))),
    ("at-ex-hits", lambda *planes: softmax(products(*planes, scale=1))),
]

WRONG = [
    ("at-ex-veto", [1, 1], r"has \(2,\)"),
    ("at-ex-veto", [1, 1, 0], "as much as the pair: trace 3"),
    ("at-ex-veto", [1, 1, 1], "what sign"),
    ("at-ex-veto", [1, 0, -1], "both traces must count"),
    ("at-ex-veto", [2, -1, -1], "count for it"),
    ("at-ex-shift", lambda shift: rotation(-shift), "wrong way"),
    ("at-ex-shift", lambda shift: rotation(1), "does not change with the shift"),
    ("at-ex-shift", interleaved, "alternate"),
    ("at-ex-shift", lambda shift: np.abs(rotation(shift)), "some signs are not"),
    ("at-ex-shift", lambda shift: np.eye(16), r"p\[20\] @ matrix is not"),
    ("at-ex-causal", lambda q, k, v: causal(q, k, v)[::-1], r"\(2, 7, 7\)"),
    ("at-ex-causal", lambda q, k, v: causal(q, k, v, lambda n: np.tri(n, k=-1)), "the diagonal"),
    ("at-ex-causal", lambda q, k, v: causal(q, k, v, lambda n: np.tri(n).T), "wrong way round"),
    ("at-ex-causal", lambda q, k, v: causal(q, k, v, lambda n: np.ones((n, n))), "later one"),
    ("at-ex-causal", lambda q, k, v: causal(q, k, v, late=True), "before the softmax"),
    ("at-ex-causal", lambda q, k, v: causal(q, k, v, root=False), "root of d"),
    ("at-ex-causal", lambda q, k, v: (v, causal(q, k, v)[1]), "product with the values"),
    ("at-ex-count", 4096, 1024, 9, "biases too"),
    ("at-ex-count", 3168, 1024, 9, "output matrix"),
    ("at-ex-count", 1056, 1024, 9, "one of the four"),
    ("at-ex-count", 16896, 1024, 9, "each has 8"),
    ("at-ex-count", 1, 1024, 9, "add up four"),
    ("at-ex-count", 4224, 256, 9, "map of its own"),
    ("at-ex-count", 4224, 16, 9, "batch has 64"),
    ("at-ex-count", 4224, 1.024, 9, "unit is not"),
    ("at-ex-count", 4224, 977, 9, "bins squared"),
    ("at-ex-count", 4224, 1024, 3, "length enters twice"),
    ("at-ex-count", 4224, 1024, 27, "grow with n"),
    ("at-ex-hits", nearest, "a matrix of weights"),
    ("at-ex-hits", products, "not weights"),
    ("at-ex-hits", lambda *planes: np.eye(len(planes[0]))[nearest(*planes)], "a decision"),
    ("at-ex-hits", lambda first, second: by_distance(second, first), "swapped"),
    ("at-ex-hits", lambda first, second: softmax(first @ second.T), "long keys"),
]


class TestChecks(ExerciseChecks):
    prefix = "at"
    right, wrong = RIGHT, WRONG


def test_hits_are_the_same_particles_in_another_order():
    first_plane, second_plane = detector_planes(n_particles=50, seed=2)
    partners = nearest(first_plane, second_plane)
    assert not np.array_equal(partners, np.arange(50))
    errors = second_plane[partners] - first_plane
    assert 0.05 < errors.std() < 0.2
