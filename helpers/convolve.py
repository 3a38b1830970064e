"""Derivative kernels, and the representation of traces that they make.

A kernel of weights k slides along a trace x. As in :func:`numpy.convolve`, it
slides *flipped*: ``z[n] = k[0] x[n + K - 1] + … + k[K - 1] x[n]``. The first
weight therefore meets the latest sample, and ``[0.5, 0, -0.5]`` measures a
rising slope as a positive number. A convolutional layer of a network does not
flip: there the same slope is found by ``[-0.5, 0, 0.5]``.
"""

import numpy as np

FIRST_DERIVATIVE = (0.5, 0.0, -0.5)
"""Central first difference for :func:`apply_convolutions`: slope per time step, error h²."""

SECOND_DERIVATIVE = (1.0, -2.0, 1.0)
"""Central second difference: curvature per time step squared, error h²; it is symmetric."""


def apply_convolutions(X, *kernels):
    """Turn traces into synthetic images: convolve with each kernel, then apply tanh.

    Row ``j * n_kernels + k`` of an image is trace ``j`` convolved with kernel
    ``k``, so that the rows of one trace stay together. Only positions at which
    the kernel lies wholly on the trace are kept (``mode="valid"``).

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, n_traces, n_times)
        The traces, in any unit.
    *kernels : array_like of float, shape (K,)
        At least one kernel; all of the same length K ≤ n_times. They are
        flipped, as :func:`numpy.convolve` does.

    Returns
    -------
    ndarray of shape (n_samples, n_traces * n_kernels, n_times - K + 1)
        Values in [-1, 1]. float32 if `X` is float32, otherwise float64.

    Raises
    ------
    TypeError
        If `X` or a kernel does not hold real numbers.
    ValueError
        If `X` is not three-dimensional or holds a value that is not finite, or
        if the kernels are missing, empty, not one-dimensional, not finite, of
        different lengths or longer than the traces.

    Notes
    -----
    Equal to a loop over ``np.tanh(np.convolve(trace, kernel, mode="valid"))``,
    with which the course *Machine Learning for Physics* introduces these images.

    Examples
    --------
    The slope of a ramp is constant and its curvature zero:

    >>> import numpy as np
    >>> from helpers.convolve import FIRST_DERIVATIVE, SECOND_DERIVATIVE, apply_convolutions
    >>> ramp = 0.1 * np.arange(5.0).reshape(1, 1, 5)
    >>> images = apply_convolutions(ramp, FIRST_DERIVATIVE, SECOND_DERIVATIVE)
    >>> images.shape
    (1, 2, 3)
    >>> bool(np.allclose(images, [[[np.tanh(0.1)] * 3, [0.0] * 3]]))
    True
    """
    traces = _check_traces(X)
    weights = _check_kernels(kernels, traces.shape[-1]).astype(traces.dtype)
    n_samples, n_traces, n_times = traces.shape
    n_kernels, width = weights.shape
    n_positions = n_times - width + 1
    images = np.zeros((n_samples, n_traces, n_kernels, n_positions), traces.dtype)
    for k, kernel in enumerate(weights):
        for shift, weight in enumerate(kernel[::-1]):
            images[:, :, k] += weight * traces[:, :, shift : shift + n_positions]
    np.tanh(images, out=images)
    return images.reshape(n_samples, n_traces * n_kernels, n_positions)


def _check_traces(X):
    traces = _check_real("X", X)
    if traces.ndim != 3:
        raise ValueError(
            f"X has shape {traces.shape}, but traces need three axes (samples, traces, times): "
            "give one sample as X[:1]."
        )
    return traces


def _check_kernels(kernels, n_times):
    if not kernels:
        raise ValueError("No kernel was given: pass at least one, such as FIRST_DERIVATIVE.")
    weights = [_check_real("a kernel", kernel) for kernel in kernels]
    for kernel in weights:
        if kernel.ndim != 1 or kernel.size == 0:
            raise ValueError(
                f"A kernel has shape {kernel.shape}, but it must be a non-empty list of weights."
            )
    widths = [kernel.size for kernel in weights]
    if len(set(widths)) > 1:
        raise ValueError(
            f"The kernels have the lengths {widths}, but a kernel of length K leaves "
            "n_times - K + 1 values and the rows of one image must be equally long: "
            "pad the shorter kernels with zeros on both sides."
        )
    if widths[0] > n_times:
        raise ValueError(
            f"The kernels have {widths[0]} weights but the traces only {n_times} time steps: "
            "a kernel must fit on the trace."
        )
    return np.stack(weights)


def _check_real(name, values):
    array = np.asarray(values)
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name} has dtype {array.dtype}, but it must hold real numbers.")
    if array.dtype != np.float32:
        array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinite values: remove or replace them first.")
    return array
