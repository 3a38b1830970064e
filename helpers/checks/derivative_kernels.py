"""Checks of the exercises of the chapter "Find pulses with derivative kernels"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, function, number, shaped, whole
from helpers.convolve import FIRST_DERIVATIVE, SECOND_DERIVATIVE
from helpers.generate import SHAPER_KERNEL, generate_pulses


@exercise("dk-ex-third", shaped(5))
def check_third_derivative(third_derivative):
    """Its weights sum to zero: a constant has no third derivative."""
    kernel, right = third_derivative, np.convolve(FIRST_DERIVATIVE, SECOND_DERIVATIVE)
    if np.allclose(kernel, right):
        return None
    if np.allclose(kernel, -right):
        return "All signs are reversed: np.convolve turns the kernel round before it slides."
    if np.allclose(kernel, 0):
        return "With all weights zero, everything has the third derivative zero."
    if np.allclose(kernel, np.convolve(SECOND_DERIVATIVE, SECOND_DERIVATIVE)):
        return "This is the fourth derivative: one of the two kernels must be the first derivative."
    if np.allclose(kernel, np.convolve(FIRST_DERIVATIVE, FIRST_DERIVATIVE)):
        return "This is a second derivative: the derivatives of the two kernels add up to two."
    if not np.isclose(kernel.sum(), 0):
        return "The weights do not sum to zero, so a constant would have a third derivative."
    if not np.allclose(kernel, -kernel[::-1]):
        return "A third derivative is odd: turned round, the kernel must change all its signs."
    if np.allclose(kernel, kernel[0] / right[0] * right):
        return f"All weights are {kernel[0] / right[0]:g} times as large as they should be."
    return "Try np.convolve on the two derivative kernels of this chapter, in mode 'full'."


@exercise("dk-ex-lengths", whole, whole, whole)
def check_lengths(n_outputs, first_bin, spacing):
    """Offsets add up, and the stride sets the spacing."""
    count = "Count the stops of the second kernel: round (994 - 5) / 2 down, then add the first."
    hints = {
        994: "994 values come out of the first convolution; the second has yet to act on them.",
        990: "990 would come out with a stride of 1; the second kernel stops at every other value.",
        497: "497 is half of 994: the second convolution loses values at its ends as well.",
        496: count,
        494: count,
    }
    if n_outputs != 495:
        wrong = "The number of outputs is not right: apply the formula for 'valid' twice."
        return hints.get(n_outputs, wrong)
    if first_bin in (2, 3):
        return f"{first_bin} is the offset of one of the two convolutions: their offsets add up."
    if first_bin in (6, 10):
        return "Each kernel is centred (K - 1) / 2 bins after the bin where it starts."
    if first_bin != 5:
        return "The first bin is not right: a 'valid' convolution has the offset (K - 1) / 2."
    if spacing != 2:
        return "The spacing is not right: how far does a stride of 2 carry the second kernel?"
    return None


@exercise("dk-ex-step", number)
def check_best_step(best_step_for_curvature):
    """It is close to the fourth root of the machine's epsilon."""
    step = best_step_for_curvature
    if step <= 0:
        return "A step is a positive number."
    if 2e-5 < step < 1e-3:
        return None
    if 1e-6 < step <= 2e-5:
        return "This is the best step for the first derivative; round-off now grows as 1/step²."
    if 1e-9 < step < 1e-7:
        return "This is the best step for a forward difference; round-off now grows as 1/step²."
    if step <= 1e-6:
        return "Round-off rules at this step: look at the error of a larger one."
    return "Truncation rules at this step: look at the error of a smaller one."


@exercise("dk-ex-layer", function(array))
def check_layer_weights(layer_weights):
    """A layer with these weights agrees with np.convolve."""
    kernel = np.array([1.0, 2.0, 4.0, 0.0, 3.0])
    weights = layer_weights(kernel.copy())
    if weights.size != kernel.size:
        return f"A kernel of {kernel.size} weights came back as {weights.size} numbers."
    if np.array_equal(weights.ravel(), kernel):
        return "A layer does not flip its kernel and np.convolve does: turn the weights round."
    if not np.array_equal(weights.ravel(), kernel[::-1]):
        return "The weights are not those of the kernel, turned round."
    if weights.shape != (kernel.size, 1, 1):
        return (
            "The numbers are right; the shape must be (K, 1, 1), for width, input channels and "
            f"filters, and is {weights.shape}."
        )
    return None


@exercise("dk-ex-shaper", array)
def check_shaper_kernel(shaper_kernel):
    """You have trained a convolution, in one step."""
    if shaper_kernel.size != len(SHAPER_KERNEL):
        return f"The kernel has five weights, and your answer has {shaper_kernel.size}."
    kernel = shaper_kernel.ravel()
    if np.allclose(kernel, SHAPER_KERNEL, atol=1e-3):
        return None
    if np.allclose(kernel, SHAPER_KERNEL[::-1], atol=1e-3):
        return (
            "These are the weights in the order of the bins: np.convolve takes them turned round."
        )
    if np.allclose(kernel, np.negative(SHAPER_KERNEL), atol=1e-3):
        return "All signs are reversed: the output rises where the input does."
    if np.allclose(kernel, SHAPER_KERNEL, atol=0.05):
        return "The weights are close, but not exact: there is no noise, so they can be."
    return (
        "The weights do not reproduce the output: output n is a weighted sum of the input bins "
        "n to n + 4."
    )


@exercise("dk-ex-trigger", function(array))
def check_find_coincidence(find_coincidence):
    """Nine in ten weak coincidences, and nothing was learned."""
    X, y = generate_pulses(n_samples=2000, amplitude=1.0, seed=20)
    found = find_coincidence(X)
    if found.shape != y.shape:
        return (
            f"There must be one bin for each of the {len(y)} triplets, not the shape {found.shape}."
        )
    right, low, high = (np.mean(found - y == late) for late in (0, -1, 1))
    if right >= 0.9:
        return None
    if low >= 0.5:
        return "Most answers are one bin too low: add the offset of mode 'valid'."
    if high >= 0.5:
        return "Most answers are one bin too high: the offset of 'valid' must be added only once."
    if np.mean((found <= 1) | (found >= 98)) >= 0.3:
        return (
            "Many answers lie at an end of the record: mode 'same' pads with zeros and makes a "
            "step there, so take 'valid'."
        )
    if right >= 0.5:
        share = f"{100 * right:.0f} %"
        return f"{share} are right; do you use all three traces, and the curvature of each?"
    return (
        f"Only {100 * right:.0f} % are right; at the top of a pulse the curvature is most negative."
    )
