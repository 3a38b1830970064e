"""Checks of the exercises of the chapter "Find pulses with derivative kernels"."""

import numpy as np

from helpers.checks import exercise
from helpers.convolve import FIRST_DERIVATIVE, SECOND_DERIVATIVE
from helpers.generate import SHAPER_KERNEL, generate_pulses


@exercise("dk-ex-third", praise="Its weights sum to zero: a constant has no third derivative.")
def third_derivative(kernel):
    right = np.convolve(FIRST_DERIVATIVE, SECOND_DERIVATIVE)
    kernel = np.asarray(kernel, dtype=float)
    if kernel.shape != right.shape:
        return f"The answer is a list of five weights, and yours has the shape {kernel.shape}."
    if np.allclose(kernel, right):
        return None
    if np.allclose(kernel, -right):
        return "All signs are reversed: np.convolve turns the kernel round before it slides."
    if np.allclose(kernel, np.convolve(SECOND_DERIVATIVE, SECOND_DERIVATIVE)):
        return "This is the fourth derivative: one of the two kernels must be the first derivative."
    if np.allclose(kernel, np.convolve(FIRST_DERIVATIVE, FIRST_DERIVATIVE)):
        return "This is a second derivative: the derivatives of the two kernels add up to two."
    if not np.isclose(kernel.sum(), 0):
        return "The weights do not sum to zero, so a constant would have a third derivative."
    if not np.allclose(kernel, -kernel[::-1]):
        return "A third derivative is odd: turned round, the kernel must change all its signs."
    if np.allclose(kernel, kernel[0] / right[0] * right):
        return f"The shape is right, but all weights are {kernel[0] / right[0]:g} times as large."
    return "Try np.convolve on the two derivative kernels of this chapter, in mode 'full'."


@exercise("dk-ex-lengths", praise="Offsets add up, and the stride sets the spacing.")
def lengths(n_outputs, first_bin, spacing):
    if n_outputs == 994:
        return "994 values come out of the first convolution; the second has yet to act on them."
    if n_outputs == 990:
        return (
            "990 would come out with a stride of 1; the second kernel stops at every other value."
        )
    if n_outputs == 497:
        return "497 is half of 994: the second convolution loses values at its ends as well."
    if n_outputs == 496 or n_outputs == 494:
        return "Count the stops of the second kernel: round (994 - 5) / 2 down, then add the first."
    if n_outputs != 495:
        return "The number of outputs is not right: apply the formula for 'valid' twice."
    if first_bin in (2, 3):
        return f"{first_bin} is the offset of one of the two convolutions: their offsets add up."
    if first_bin in (6, 10):
        return "Each kernel is centred (K - 1) / 2 bins after the bin where it starts."
    if first_bin != 5:
        return "The first bin is not right: a 'valid' convolution has the offset (K - 1) / 2."
    if spacing != 2:
        return "The spacing is not right: how far does a stride of 2 carry the second kernel?"
    return None


@exercise("dk-ex-step", praise="It is close to the fourth root of the machine's epsilon.")
def best_step_for_curvature(step):
    if np.ndim(step) != 0:
        return "The answer is one number, the step with the smallest error."
    if not step > 0:
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


@exercise("dk-ex-layer", praise="A layer with these weights agrees with np.convolve.")
def layer_weights(function):
    if not callable(function):
        return "The answer is a function: pass layer_weights itself, without calling it."
    kernel = np.array([1.0, 2.0, 4.0, 0.0, 3.0])
    weights = function(kernel)
    if weights is ...:
        return ...
    if weights is None:
        return "The function returns nothing: end it with return and the weights."
    weights = np.asarray(weights, dtype=float)
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


@exercise("dk-ex-shaper", praise="You have trained a convolution, in one step.")
def shaper_kernel(kernel):
    kernel = np.asarray(kernel, dtype=float)
    if kernel.size == len(SHAPER_KERNEL):
        kernel = kernel.ravel()
    if kernel.shape != (5,):
        return f"The kernel has five weights, and your answer has the shape {kernel.shape}."
    if np.allclose(kernel, SHAPER_KERNEL, atol=1e-3):
        return None
    if np.allclose(kernel, SHAPER_KERNEL[::-1], atol=1e-3):
        return (
            "These are the weights in the order of the bins: np.convolve takes them turned round."
        )
    if np.allclose(kernel, SHAPER_KERNEL, atol=0.05):
        return "The weights are close, but not exact: there is no noise, so they can be."
    return (
        "The weights do not reproduce the output: output n is a weighted sum of the input bins "
        "n to n + 4."
    )


@exercise("dk-ex-trigger", praise="Nine in ten weak coincidences, and nothing was learned.")
def find_coincidence(function):
    if not callable(function):
        return "The answer is a function: pass find_coincidence itself, without calling it."
    X, y = generate_pulses(n_samples=2000, amplitude=1.0, seed=20)
    found = function(X)
    if found is ...:
        return ...
    if found is None:
        return "The function returns nothing: end it with return and the bins."
    found = np.asarray(found)
    if found.shape != y.shape:
        return f"There must be one bin for each of the {len(y)} triplets, and got {found.shape}."
    if np.mean(found == y) >= 0.9:
        return None
    if np.mean(found + 1 == y) >= 0.5:
        return "Most answers are one bin too low: add the offset of mode 'valid'."
    if np.mean(found - 1 == y) >= 0.5:
        return "Most answers are one bin too high: the offset of 'valid' must be added only once."
    share = f"{100 * np.mean(found == y):.0f} %"
    if np.mean(found == y) >= 0.5:
        return f"{share} are right; do you use all three traces, and the curvature of each?"
    return f"Only {share} are right; at the top of a pulse the curvature is most negative."
