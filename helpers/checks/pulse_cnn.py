"""Checks of the exercises of the chapter "Find coincidences with a convolutional network"."""

import functools

import numpy as np

from helpers.checks import exercise
from helpers.generate import generate_pulses


@exercise("pc-ex-shapes", praise="The number of bins enters the shapes, but not the parameters.")
def shapes(shape_1, shape_2, n_parameters):
    shape_1, shape_2 = tuple(shape_1), tuple(shape_2)
    if len(shape_1) != 3 or len(shape_2) != 3:
        return "Each shape has three numbers: height (traces), width (bins) and depth (filters)."
    if shape_1 == (3, 196, 4):
        return "The first layer pads: with 'same' and a stride of 1 no bin is lost."
    if shape_1 != (3, 200, 4):
        return "The first volume is not right: 'same' keeps height and width; what sets the depth?"
    if shape_2[2] != 8:
        return "The depth of a volume is the number of filters of the layer that makes it."
    if shape_2[0] == 3:
        return "A kernel as high as the volume fits in one place only, so that one row is left."
    if shape_2[1] == 192:
        return "192 is right for a stride of 1; the kernel stops at every other bin."
    if shape_2[1] in (95, 100):
        return "Use the formula for 'valid', Keras's default: round (200 - 9) / 2 down and add 1."
    if shape_2 != (1, 96, 8):
        return "The second volume is not right: apply the formula for 'valid' to each axis."
    if n_parameters == 884:
        return "884 is the number of weights; each filter has a bias as well."
    if n_parameters == 24 + 8 * (3 * 9 + 1):
        return "A filter of the second layer has a kernel for each of the four feature maps."
    if n_parameters in (24, 872):
        return f"{n_parameters} is right for one of the two layers; add the other."
    if n_parameters != 896:
        return "The number of parameters is not right: (weights of one filter + 1) times filters."
    return None


@exercise("pc-ex-start", praise="A layer's weights stand in the order of time.")
def start(kernels):
    kernels = np.asarray(kernels, dtype=float)
    if kernels.shape != (1, 3, 1, 2):
        return f"conv1/kernel has the shape (1, 3, 1, 2), and yours has {kernels.shape}."
    slope, peak = np.array([-0.5, 0, 0.5]), np.array([-1, 2, -1])
    first, second = kernels[0, :, 0].T
    if np.allclose(first, peak) and np.allclose(second, slope):
        return "The filters are exchanged: filter 0 was to be the odd one, +f'."
    if np.allclose(first, -slope):
        return "Filter 0 falls where the trace rises: a layer does not flip its kernels."
    if np.allclose(second, -peak):
        return "Filter 1 measures +f'': at the top of a pulse it must be positive."
    if np.allclose(first, first[0] / slope[0] * slope) and not np.isclose(first[0], slope[0]):
        return "Filter 0 is right up to a factor: f(+1) - f(-1) is the change over two bins."
    if not np.allclose(first, slope):
        return "Filter 0 is not +f': give the central difference, in the order of time."
    if not np.allclose(second, peak):
        return "Filter 1 is not -f'': give the second difference with its sign reversed."
    return None


@exercise("pc-ex-width", praise="Equivariant under shifts is not equivariant under scaling.")
def width(accuracy_with):
    if not callable(accuracy_with):
        return "Give the function itself, without brackets: check(..., accuracy_with)."
    answers = accuracy_with(100), accuracy_with(200)
    if ... in answers:
        return ...
    usual, long = map(float, answers)
    if max(usual, long) > 1:
        return "An accuracy lies between 0 and 1."
    if usual < 0.1:
        return "With 100 bins hardly any answer is right: node 0 stands for bin 3, not for bin 0."
    if usual < 0.9:
        return f"With 100 bins the network should be as good as before, and yours has {usual:.2f}."
    if long > usual - 0.02:
        return "200 bins should be harder than 100: do you generate records of that many bins?"
    return None


@exercise("pc-ex-rate", praise="Each further trace costs a factor of about λw/T.")
def rate(expected):
    if not callable(expected):
        return "Give the function itself, without brackets: check(..., expected)."
    if expected(2, 1.0, 1.0) is ...:
        return ...

    def right(n_traces, window, mean_background):
        u = window / 99
        within = n_traces * u ** (n_traces - 1) - (n_traces - 1) * u**n_traces
        return mean_background**n_traces * within

    cases = [(2, 1.0, 1.0), (3, 2.0, 1.0), (4, 5.0, 1.0)]
    values = np.array([float(expected(*case)) for case in cases])
    truths = np.array([right(*case) for case in cases])
    if np.allclose(values, [right(3, window, 1.0) for _, window, _ in cases]):
        return "This is the answer for three traces, whatever their number."
    if np.allclose(values, [right(n, 99 / 100 * window, 1.0) for n, window, _ in cases]):
        return "From the first bin to the last, 100 bins span 99 bin widths."
    if np.any(values > 10 * truths):
        return "Far too many: the window has to be divided by the length of the record."
    if not np.allclose(values, truths):
        return "With one accidental per trace the formula itself is the answer; look at its powers."
    twice = float(expected(3, 2.0, 2.0)) / truths[1]
    if np.isclose(twice, 1):
        return "With twice the background there should be more coincidences."
    if np.isclose(twice, 2):
        return "Twice the background in every trace makes 2 × 2 × 2 times as many combinations."
    if not np.isclose(twice, 8):
        return "The mean number of combinations is the product of the mean numbers of accidentals."
    return None


@functools.cache
def _fresh_pulses():
    return generate_pulses(4000, seed=71)


@exercise("pc-ex-ceiling", praise="No trace can outvote the others any more.")
def ceiling(bins_with_ceiling):
    if not callable(bins_with_ceiling):
        return "Give the function itself, without brackets: check(..., bins_with_ceiling)."
    X, y = _fresh_pulses()
    answer = bins_with_ceiling(X)
    if answer is ...:
        return ...
    bins = np.asarray(answer)
    if bins.shape != y.shape:
        return f"The answer for {len(y)} triplets is one bin each, and yours has {bins.shape}."
    errors = bins - y
    accuracy = np.mean(errors == 0)
    if accuracy < 0.1 and np.mean(np.abs(errors - np.median(errors)) <= 1) > 0.9:
        return f"Most answers are off by {np.median(errors):+.0f} bins: mind the padding."
    if accuracy < 0.93:
        return (
            f"Only {accuracy:.3f} are right: below a single pulse's response, the ceiling makes "
            "several bins equal."
        )
    if accuracy < 0.957:
        return (
            f"{accuracy:.3f} are right, hardly more than without a ceiling: limit each trace's "
            "response before the product, a little above that of a single pulse, which is 1."
        )
    return None


@exercise("pc-ex-soften", praise="The order of the bins stays; only the belief is spread.")
def soften(function):
    if not callable(function):
        return "Give the function itself, without brackets: check(..., soften)."
    probabilities = np.array([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]])
    if function(probabilities, 1.0) is ...:
        return ...
    same, hot = (np.asarray(function(probabilities, t), dtype=float) for t in (1.0, 2.0))
    if same.shape != probabilities.shape:
        return f"The result must have the shape {probabilities.shape}, and yours has {same.shape}."
    if not (np.isfinite(same).all() and np.isfinite(hot).all()):
        return "A probability of zero makes your function infinite: add a tiny number first."
    if not (np.allclose(same.sum(axis=1), 1) and np.allclose(hot.sum(axis=1), 1, atol=1e-3)):
        return "The probabilities of each sample must sum to one again."
    if not np.allclose(same, probabilities, atol=1e-3):
        return "A temperature of 1 must change nothing: are these logits, ln p, or p itself?"
    roots = np.sqrt(probabilities[0]) / np.sqrt(probabilities[0]).sum()
    squares = probabilities[0] ** 2 / np.sum(probabilities[0] ** 2)
    if np.allclose(hot[0], squares, atol=1e-3):
        return "Yours sharpens where it should soften: divide the logits by the temperature."
    if not np.allclose(hot[0], roots, atol=1e-3):
        return "At a temperature of 2, each probability goes with the square root of the old one."
    return None
