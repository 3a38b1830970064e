"""Checks of the exercises of the chapter "Find coincidences with a convolutional network"."""

import functools
import inspect
import sys

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, function, number, parts, shaped, whole
from helpers.generate import PULSE_WIDTH, generate_pulses


@exercise("pc-ex-shapes", *[parts(height=whole, width=whole, depth=whole)] * 2, whole)
def check_shapes(shape_1, shape_2, n_parameters):
    """The number of bins enters the shapes, but not the parameters."""
    if shape_1 == [3, 196, 4]:
        return "The first layer pads: with 'same' and a stride of 1 no bin is lost."
    if shape_1 != [3, 200, 4]:
        return "The first volume is not right: 'same' keeps height and width; what sets the depth?"
    height, width, depth = shape_2
    if depth != 8:
        return "The depth of a volume is the number of filters of the layer that makes it."
    if height == 3:
        return "A kernel as high as the volume fits in one place only, so that one row is left."
    if width == 192:
        return "192 is right for a stride of 1; the kernel stops at every other bin."
    if width in (95, 100):
        return "Use the formula for 'valid', Keras's default: round (200 - 9) / 2 down and add 1."
    if shape_2 != [1, 96, 8]:
        return "The second volume is not right: apply the formula for 'valid' to each axis."
    return None if n_parameters == 896 else _n_parameters_hint(n_parameters)


def _n_parameters_hint(n_parameters):
    if n_parameters == 884:
        return "884 is the number of weights; each filter has a bias as well."
    if n_parameters == 24 + 8 * (3 * 9 + 1):
        return "A filter of the second layer has a kernel for each of the four feature maps."
    if n_parameters in (24, 872):
        return f"{n_parameters} is right for one of the two layers; add the other."
    return "The number of parameters is not right: (weights of one filter + 1) times filters."


@exercise("pc-ex-start", shaped(1, 3, 1, 2))
def check_start(start):
    """A layer's weights stand in the order of time."""
    slope, peak = np.array([-0.5, 0, 0.5]), np.array([-1, 2, -1])
    first, second = start[0, :, 0].T
    if np.allclose(first, peak) and np.allclose(second, slope):
        return "The filters are exchanged: filter 0 was to be the odd one, +f'."
    if np.allclose(first, -slope):
        return "Filter 0 falls where the trace rises: a layer does not flip its kernels."
    if np.allclose(second, -peak):
        return "Filter 1 measures +f'': at the top of a pulse it must be positive."
    if np.allclose(first, first[0] / slope[0] * slope) and first[0] < 0 and first[0] != slope[0]:
        return "Filter 0 is right up to a factor: f(+1) - f(-1) is the change over two bins."
    if not np.allclose(first, slope):
        return "Filter 0 is not +f': give the central difference, in the order of time."
    if not np.allclose(second, peak):
        return "Filter 1 is not -f'': give the second difference with its sign reversed."
    return None


@exercise("pc-ex-width", function(number))
def check_accuracy_with(accuracy_with):
    """Equivariant under shifts is not equivariant under scaling."""
    (usual, longer, longest), lengths = _observed(accuracy_with, (100, 130, 200))
    if max(usual, longer, longest) > 1:
        return "An accuracy lies between 0 and 1."
    if usual < 0.1:
        return "With 100 bins hardly any answer is right: node 0 stands for bin 3, not for bin 0."
    if usual < 0.9:
        return f"With 100 bins the network should be as good as before, and yours has {usual:.2f}."
    if lengths != {100, 130, 200}:
        return "Generate new triplets for every length: generate_pulses(2000, n_times=n_times)."
    if longest > usual - 0.02:
        return "200 bins should be harder than 100: do you generate records of that many bins?"
    if not longest < longer <= usual:
        return (
            f"The accuracies with 100, 130 and 200 bins are {usual:.3g}, {longer:.3g} and "
            f"{longest:.3g}, which does not fall step by step: generate triplets for every length."
        )
    return None


def _observed(function, lengths):
    """Return what a function gives for each length, and of which lengths it makes triplets."""
    seen, others = set(), sys.getprofile()

    def watch(frame, event, argument):
        if event == "call" and frame.f_code is inspect.unwrap(generate_pulses).__code__:
            seen.add(frame.f_locals["n_times"])

    sys.setprofile(watch)
    try:
        return [function(length) for length in lengths], seen
    finally:
        sys.setprofile(others)


@functools.cache
def _fresh_pulses():
    return generate_pulses(4000, seed=71)


@exercise("pc-ex-ceiling", function(array))
def check_bins_with_ceiling(bins_with_ceiling):
    """No trace can outvote the others any more."""
    X, y = _fresh_pulses()
    bins = bins_with_ceiling(X)
    if bins.shape != y.shape:
        return (
            f"There must be one bin for each of the {len(y)} triplets, not the shape {bins.shape}."
        )
    errors = bins - y
    accuracy = np.mean(errors == 0)
    if accuracy < 0.1 and np.mean(np.abs(errors - np.median(errors)) <= 1) > 0.9:
        return f"Most answers are off by {np.median(errors):+.0f} bins: mind the padding."
    if accuracy < 0.93:
        return (
            f"Only {accuracy:.3f} are right: below a single pulse's response, the ceiling makes "
            "several bins equal."
        )
    return _ceiling_hint(bins_with_ceiling, accuracy)


def _ceiling_hint(bins_with_ceiling, accuracy):
    two_of_three, _ = bins_with_ceiling(np.stack([_triplet((5, 5, 0))] * 2))
    if two_of_three == 30:
        return (
            "Two pulses outvote a trace that shows none at all: where one of three responses is "
            "zero, their product is zero, too."
        )
    outvoting, _ = bins_with_ceiling(np.stack([_triplet((30, 30, 0.3))] * 2))
    if outvoting == 30 or accuracy < 0.95:
        return (
            f"{accuracy:.3f} are right, hardly more than without a ceiling: limit each trace's "
            "response before the product, a little above that of a single pulse, which is 1."
        )
    return None


def _triplet(amplitudes):
    """Return traces with pulses of these heights at bin 30, and weak ones at bin 70."""
    bins = np.arange(100)
    at_30, at_70 = (np.exp(-(((bins - at) / (99 * PULSE_WIDTH)) ** 2) / 2) for at in (30, 70))
    return (np.outer(amplitudes, at_30) + 3 * at_70).astype("float32")
