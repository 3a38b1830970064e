"""The checks of "Go deeper, and find out what it buys": right and wrong answers."""

import itertools

import numpy as np

from tests.helpers.checks.exercises import ExerciseChecks


def field(widths, dilations, strides):
    seen, step = 1, 1
    for width, dilation, stride in zip(widths, dilations, strides, strict=True):
        seen += (width - 1) * dilation * step
        step *= stride
    return seen


def field_from_above(widths, dilations, strides):
    """Ask from the last layer down how many bins it takes to fill one output."""
    seen = 1
    for width, dilation, stride in list(zip(widths, dilations, strides, strict=True))[::-1]:
        seen = (seen - 1) * stride + (width - 1) * dilation + 1
    return seen


def field_by_sets(widths, dilations, strides):
    bins = {0}
    for width, dilation, stride in list(zip(widths, dilations, strides, strict=True))[::-1]:
        bins = {stride * b + k * dilation for b in bins for k in range(width)}
    return max(bins) - min(bins) + 1


def own_stride(widths, dilations, strides):
    steps = np.cumprod(strides)
    return 1 + sum((np.array(widths) - 1) * dilations * steps)


def turned(image):
    both = image, image[:, ::-1]
    return np.array([np.rot90(one, k) for one in both for k in range(4)])


def flipped(image):
    ways = []
    for transpose, down, across in itertools.product((False, True), repeat=3):
        way = image.T if transpose else image
        way = way[::-1] if down else way
        ways.append(way[:, ::-1] if across else way)
    return ways


def in_steps(image):
    ways = [image]
    for step in range(7):
        ways.append(np.flipud(ways[-1]) if step % 2 else ways[-1].T)
    return np.stack(ways)


def fold(kernel, bias, gamma, beta, mean, variance):
    scale = gamma / np.sqrt(variance + 0.001)
    return kernel * scale, (bias - mean) * scale + beta


def fold_by_filter(kernel, bias, gamma, beta, mean, variance):
    new_kernel, new_bias = np.empty(kernel.shape), []
    for f in range(len(bias)):
        scale = gamma[f] * (variance[f] + 1e-3) ** -0.5
        new_kernel[..., f] = scale * kernel[..., f]
        new_bias.append(scale * bias[f] + beta[f] - scale * mean[f])
    return new_kernel, new_bias


def fold_by_trial(kernel, bias, gamma, beta, mean, variance):
    """Ask the normalisation itself what it makes of 0 and of 1."""

    def normalise(x):
        return gamma * (x - mean) / np.sqrt(variance + 0.001) + beta

    slope = normalise(1) - normalise(0)
    return np.einsum("abcf,f->abcf", kernel, slope), normalise(bias)


def wrong_fold(kernel=None, bias=None):
    """Return a function that folds rightly but for one part."""

    def folded(*case):
        good = fold(*case)
        k, b, gamma, beta, mean, variance = case
        scale = gamma / np.sqrt(variance + 0.001)
        parts = {"g": gamma, "v": variance, "s": scale, "b": b, "m": mean, "t": beta, "k": k}
        return (kernel or (lambda p: good[0]))(parts), (bias or (lambda p: good[1]))(parts)

    return folded


RIGHT = [
    ("dn-ex-field", field),
    ("dn-ex-field", field_from_above),
    ("dn-ex-field", field_by_sets),
    ("dn-ex-turn", turned),
    ("dn-ex-turn", flipped),
    ("dn-ex-turn", in_steps),
    ("dn-ex-fold", fold),
    ("dn-ex-fold", fold_by_filter),
    ("dn-ex-fold", fold_by_trial),
]

WRONG = [
    ("dn-ex-field", lambda w, d, s: field(w, d, s) - 1, "middle bin"),
    ("dn-ex-field", lambda w, d, s: sum(w), "adds two"),
    ("dn-ex-field", lambda w, d, s: max(w), "largest"),
    ("dn-ex-field", lambda w, d, s: int(np.prod(w)), "multiplied"),
    ("dn-ex-field", lambda w, d, s: field(w, d, [1] * len(w)), "strides out"),
    ("dn-ex-field", lambda w, d, s: field(w, [1] * len(w), s), "dilations out"),
    ("dn-ex-field", own_stride, "own stride"),
    ("dn-ex-turn", lambda image: turned(image)[:4], "must have the shape"),
    ("dn-ex-turn", lambda image: np.concatenate([turned(image)[:4]] * 2), "turning alone"),
    ("dn-ex-turn", lambda image: np.array([image, image.T] * 4), "Only 2"),
    ("dn-ex-turn", lambda image: turned(image + 1), "no turned or mirrored"),
    ("dn-ex-turn", lambda image: turned(image)[[1, 1, 2, 3, 4, 5, 6, 7]], "itself"),
    ("dn-ex-fold", wrong_fold(kernel=lambda p: p["k"]), "scaled, too"),
    ("dn-ex-fold", wrong_fold(kernel=lambda p: p["k"] * p["g"] / np.sqrt(p["v"])), "ε"),
    ("dn-ex-fold", wrong_fold(kernel=lambda p: p["k"] * p["g"] / p["v"]), "root"),
    ("dn-ex-fold", wrong_fold(kernel=lambda p: p["k"] * p["s"] / p["g"]), "γ"),
    ("dn-ex-fold", wrong_fold(bias=lambda p: p["b"] * p["s"] + p["t"]), "mean is missing"),
    ("dn-ex-fold", wrong_fold(bias=lambda p: p["b"] - p["m"] * p["s"] + p["t"]), "old bias"),
    ("dn-ex-fold", wrong_fold(bias=lambda p: (p["b"] - p["m"]) * p["s"]), "β is missing"),
]


class TestChecks(ExerciseChecks):
    prefix = "dn"
    right, wrong = RIGHT, WRONG
