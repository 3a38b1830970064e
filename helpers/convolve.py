"""Derivative kernels, and the representation of traces that they make.

A kernel k of K weights slides along a trace x. As in :func:`numpy.convolve` it
slides *flipped*: ``z[n] = k[0] x[n + K - 1] + … + k[K - 1] x[n]``, so that the
first weight meets the latest of the K values. That is why `FIRST_DERIVATIVE`
begins with its positive weight, and why its result is positive where the trace
rises. A convolutional layer of a network does not flip: with the same weights it
would measure minus the slope.
"""

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import unmasked

FIRST_DERIVATIVE = np.array([0.5, 0.0, -0.5])
"""Central first difference, for convolution: the change of the trace per time step."""

SECOND_DERIVATIVE = np.array([1.0, -2.0, 1.0])
"""Central second difference, the curvature per time step squared; flipped it is the same."""

for _kernel in (FIRST_DERIVATIVE, SECOND_DERIVATIVE):
    _kernel.setflags(write=False)

# About what fits into the second-level cache of one core.
_BLOCK_VALUES = 1 << 16


def apply_convolutions(X: ArrayLike, *kernels: ArrayLike) -> np.ndarray:
    """Turn traces into synthetic images: convolve with every kernel, then take tanh.

    Row ``trace * n_kernels + kernel`` of an image is that trace convolved with
    that kernel, so that the rows of one trace lie together. Only positions where
    the kernel overlaps the trace completely are kept (mode ``"valid"``): column
    0 belongs to time step (K - 1) / 2.

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, n_traces, n_times)
        The traces, in any unit.
    *kernels : array_like of real numbers, shape (K,)
        At least one kernel, all of the same length K with 1 ≤ K ≤ n_times. They
        are flipped, as in :func:`numpy.convolve`.

    Returns
    -------
    ndarray, shape (n_samples, n_traces * n_kernels, n_times - K + 1)
        Values from -1 to 1; float32 if `X` is float32, otherwise float64. Sums
        are taken in float64 in both cases.

    Raises
    ------
    TypeError
        If `X` or a kernel does not hold real numbers.
    ValueError
        If `X` has not three axes; if there is no kernel, or one is empty or has
        not one axis; if kernels differ in length or are longer than a trace; or
        if a value is masked, NaN or infinite.

    Notes
    -----
    The result is that of a loop over ``np.tanh(np.convolve(trace, kernel,
    mode="valid"))``, with which the course *Machine Learning for Physics*
    (PHYS 503, University of Illinois) introduces the representation. Here many
    traces are laid end to end and convolved by one call; the positions at which
    a kernel straddles two traces are then dropped.

    Examples
    --------
    A ramp has a constant slope and no curvature:

    >>> import numpy as np
    >>> from helpers.convolve import FIRST_DERIVATIVE, SECOND_DERIVATIVE, apply_convolutions
    >>> ramp = 0.5 * np.arange(5.0).reshape(1, 1, 5)
    >>> images = apply_convolutions(ramp, FIRST_DERIVATIVE, SECOND_DERIVATIVE)
    >>> images.shape
    (1, 2, 3)
    >>> np.arctanh(images[0]).round(6)
    array([[0.5, 0.5, 0.5],
           [0. , 0. , 0. ]])
    """
    traces = _checked_traces(X)
    weights = _checked_kernels(kernels, traces.shape[-1])
    n_samples, n_traces, n_times = traces.shape
    n_kernels, width = weights.shape
    rows = traces.reshape(-1, n_times)
    images = np.empty((len(rows), n_kernels, n_times - width + 1), traces.dtype)
    step = max(1, _BLOCK_VALUES // n_times)
    for start in range(0, len(rows), step):
        _convolve_rows(rows[start : start + step], weights, out=images[start : start + step])
    return images.reshape(n_samples, n_traces * n_kernels, images.shape[-1])


def _convolve_rows(rows, weights, out):
    for k, kernel in enumerate(weights):
        full = np.convolve(rows.ravel(), kernel)[: rows.size].reshape(rows.shape)
        # A sum beyond the range of float32 becomes infinite, and its tanh is still right.
        with np.errstate(over="ignore"):
            out[:, k] = full[:, kernel.size - 1 :]
    np.tanh(out, out=out)


def _checked_traces(X):
    traces = _real_array("X", X)
    if traces.ndim != 3:
        raise ValueError(
            f"X has shape {traces.shape}, but it must have three axes (samples, traces, time "
            "steps): give one sample as X[:1], and samples of one trace as X[:, np.newaxis]."
        )
    return traces if traces.dtype == np.float32 else traces.astype(np.float64, copy=False)


def _checked_kernels(kernels, n_times):
    if not kernels:
        raise ValueError("There is no kernel: give at least one, such as FIRST_DERIVATIVE.")
    kernels = [_real_array("A kernel", kernel) for kernel in kernels]
    for kernel in kernels:
        if kernel.ndim != 1:
            raise ValueError(
                f"A kernel has shape {kernel.shape}, but it must have one axis: give each kernel "
                "as an argument of its own, apply_convolutions(X, *kernels)."
            )
    widths = [kernel.size for kernel in kernels]
    if len(set(widths)) > 1:
        raise ValueError(
            f"The kernels have the lengths {', '.join(map(str, widths))}, but a kernel of length "
            "K leaves n_times - K + 1 values and the rows of one image must be equally long: pad "
            "the shorter kernels with zeros."
        )
    width = widths[0]
    if width == 0:
        raise ValueError("The kernels are empty, but a kernel must have at least one weight.")
    if width > n_times:
        raise ValueError(
            f"The kernels have {width} weights and the traces only {n_times} time steps, but a "
            "kernel must fit on a trace: give shorter kernels or longer traces."
        )
    return np.array(kernels, dtype=np.float64)


def _real_array(name, values):
    array = unmasked(name, values)
    if array.size and array.dtype.kind not in "fiu":
        raise TypeError(
            f"{name} holds values of type {array.dtype}, but convolution needs real numbers."
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinite values: remove or replace them first.")
    return array
