"""Checks of the exercises of the chapter "Go deeper, and find out what it buys"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, function, number, parts, shaped

STACKS = (
    ([3, 3, 3], [1, 1, 1], [1, 1, 1]),
    ([3, 3, 3], [1, 2, 4], [1, 1, 1]),
    ([5, 3], [1, 1], [2, 1]),
    ([7, 3, 5], [1, 1, 2], [2, 2, 1]),
)


@exercise("dn-ex-field", function(number))
def check_receptive_field(receptive_field):
    """Dilation adds to the field, and strides multiply what comes after them."""
    for stack in STACKS:
        hint = _field_hint(receptive_field(*map(list, stack)), stack)
        if hint:
            widths, dilations, strides = stack
            return f"Widths {widths}, dilations {dilations}, strides {strides}: {hint}"
    return None


def _field(widths, dilations, strides, own_stride=False):
    steps = np.cumprod([1, *strides])
    steps = steps[1:] if own_stride else steps[:-1]
    return 1 + sum((np.array(widths) - 1) * dilations * steps)


def _field_hint(answer, stack):
    widths, dilations, strides = stack
    ones = [1] * len(widths)
    if answer == _field(*stack):
        return None
    for wrong, hint in (
        (_field(*stack) - 1, "the middle bin itself is missing; begin with 1."),
        (sum(widths), "a layer of three bins adds two, not three."),
        (max(widths), "the layers add up; it is not the largest of them."),
        (np.prod(widths), "the widths are multiplied; each layer adds to the field."),
        (_field(widths, ones, strides), "it leaves the dilations out."),
        (_field(widths, dilations, ones), "it leaves the strides out."),
        (_field(widths, ones, ones), "it leaves dilations and strides out."),
        (_field(*stack, own_stride=True), "a layer's own stride acts on the layers above it only."),
        (1 + sum(np.multiply(widths, dilations)), "a kernel of K bins has K - 1 gaps."),
    ):
        if answer == wrong:
            return hint
    return f"{answer:g} bins are not right; draw which bins each layer sees."


@exercise("dn-ex-turn", function(array))
def check_all_ways(all_ways):
    """With all eight, a network cannot learn a direction that does not exist."""
    image = np.random.default_rng(3).integers(0, 9, (4, 4)).astype(float)
    ways = all_ways(image.copy())
    if ways.shape != (8, 4, 4):
        return f"For a 4 × 4 image it must have the shape (8, 4, 4), and has {ways.shape}."
    seen = {way.tobytes() for way in ways}
    both = image, image[:, ::-1]
    wanted = {np.rot90(one, k).tobytes(): one is image for one in both for k in range(4)}
    if not seen <= wanted.keys():
        return "One of the images is no turned or mirrored copy: each cell has to move to a cell."
    if seen == wanted.keys():
        return None
    if image.tobytes() not in seen:
        return "The image itself is one of the eight."
    if all(wanted[way] for way in seen):
        return "The mirror image is missing: turning alone gives four."
    return f"Only {len(seen)} of the eight differ: two operations lead to the same image."


@exercise("dn-ex-fold", function(parts(new_kernel=array, new_bias=shaped(4))))
def check_fold(fold):
    """At run time, the normalisation then costs nothing."""
    random = np.random.default_rng(4)
    kernel, bias = random.normal(size=(3, 3, 2, 4)), random.normal(size=4)
    gamma, beta, mean = random.normal(1, 0.3, 4), random.normal(size=4), random.normal(size=4)
    variance = random.uniform(0.002, 0.5, 4)
    new_kernel, new_bias = fold(kernel, bias, gamma, beta, mean, variance)
    if new_kernel.shape != kernel.shape:
        return f"The kernel must keep its shape {kernel.shape}, and has {new_kernel.shape}."
    scale = gamma / np.sqrt(variance + 0.001)
    return _kernel_hint(new_kernel / kernel, gamma, variance) or _bias_hint(
        new_bias, bias, scale, beta, mean
    )


def _kernel_hint(factor, gamma, variance):
    scale = gamma / np.sqrt(variance + 0.001)
    for wrong, hint in (
        (scale, None),
        (gamma / np.sqrt(variance), "The ε under the root is missing."),
        (gamma / (variance + 0.001), "Divide by the root of the variance."),
        (gamma / variance, "Divide by the root of the variance plus ε."),
        (gamma / (np.sqrt(variance) + 0.001), "ε is added to the variance, under the root."),
        (1 / np.sqrt(variance + 0.001), "γ is missing in the kernel."),
        (np.ones(4), "The kernel has to be scaled, too."),
    ):
        if np.allclose(factor, wrong):
            return hint
    return "The kernel is not right: each of the f filters is multiplied with one number."


def _bias_hint(answer, bias, scale, beta, mean):
    for wrong, hint in (
        ((bias - mean) * scale + beta, None),
        (bias * scale + beta, "The mean is missing in the bias."),
        (beta - mean * scale, "The old bias is missing in the new one."),
        (bias - mean * scale + beta, "The old bias has to be scaled, too."),
        ((bias - mean) * scale, "β is missing in the bias."),
        ((bias + mean) * scale + beta, "The mean is subtracted, not added."),
        ((bias - mean + beta) * scale, "β is added after the scaling."),
    ):
        if np.allclose(answer, wrong):
            return hint
    return "The kernel is right, the bias is not: put the convolution's output into the formula."
