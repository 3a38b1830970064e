"""Derivative kernels, and the representation of traces that they make.

A kernel k of K weights slides along a trace x. As in :func:`numpy.convolve` it
slides *flipped*: ``z[n] = k[0] x[n + K - 1] + … + k[K - 1] x[n]``, so that the
first weight meets the latest of the K values. That is why `FIRST_DERIVATIVE`
begins with its positive weight, and why its result is positive where the trace
rises. A convolutional layer of a network does not flip: with the same weights it
would measure minus the slope.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.ndimage import correlate1d

from helpers.arguments import choice, real_array, unmasked, whole_number
from helpers.blocks import blocks

FIRST_DERIVATIVE = np.array([0.5, 0.0, -0.5])
"""Central first difference, for convolution: the change of the trace per time step."""

SECOND_DERIVATIVE = np.array([1.0, -2.0, 1.0])
"""Central second difference, the curvature per time step squared; flipped it is the same."""

for _kernel in (FIRST_DERIVATIVE, SECOND_DERIVATIVE):
    _kernel.setflags(write=False)


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
    traces are laid end to end, shifted and added up; the positions at which a
    kernel straddles two traces are then dropped.

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
    for block in blocks(len(rows), n_times):
        # A sum beyond the range of the type becomes infinite, and its tanh is still right.
        with np.errstate(over="ignore", invalid="ignore"):
            _convolve_rows(rows[block], weights, out=images[block])
    return images.reshape(n_samples, n_traces * n_kernels, images.shape[-1])


def product_of_traces(X: ArrayLike, kernel: ArrayLike) -> np.ndarray:
    """Multiply the responses of all traces to a kernel: large where every trace has a pulse.

    The kernel is not flipped, so that it looks like what it finds, and a response below
    zero counts as none.

    Parameters
    ----------
    X : array_like of real numbers, shape (n_samples, n_traces, n_times)
        The traces, continued beyond their ends by their first and last values.
    kernel : array_like of real numbers, shape (K,)
        The template, of an odd number of weights, so that it has a middle.

    Returns
    -------
    ndarray of float64, shape (n_samples, n_times)
        The products, never negative, each at the time step under the kernel's middle.

    Raises
    ------
    TypeError
        If `X` or the kernel does not hold real numbers.
    ValueError
        If `X` has not three axes, or the kernel not one; if it is empty, even or longer than
        a trace; or if a value is NaN or infinite.

    See Also
    --------
    apply_convolutions : the responses themselves, flipped and tamed by tanh.

    Examples
    --------
    Two traces have a peak each at step 2, and only one of them at step 5:

    >>> from helpers.convolve import SECOND_DERIVATIVE, product_of_traces
    >>> X = [[[0, 0, 3, 0, 0, 0, 0], [0, 0, 1, 0, 0, 4, 0]]]
    >>> product_of_traces(X, -SECOND_DERIVATIVE)
    array([[ 0.,  0., 12.,  0.,  0.,  0.,  0.]])
    """
    traces = _checked_traces(X)
    (weights,) = _checked_kernels([kernel], traces.shape[-1])
    if len(weights) % 2 == 0:
        raise ValueError(
            f"The kernel has {len(weights)} weights and therefore no middle: give an odd number."
        )
    responses = correlate1d(traces, weights, axis=-1, output=np.float64, mode="nearest")
    with np.errstate(over="ignore", invalid="ignore"):
        return responses.clip(min=0).prod(axis=1)


def zero_sum_kernels(shape: Sequence[int], dtype: str | None = None):
    """Draw kernels that are blind to a constant, and orthonormal: an initialiser for Keras.

    A convolutional layer that starts with them ignores the level of its input, and no two
    of its kernels do the same.

    Parameters
    ----------
    shape : sequence of int
        The last axis counts the kernels. The first counts independent sets of them (copies of
        a layer; 1 in a ``Conv2D`` whose kernels are one row high), and what is between them
        are a kernel's weights, which have to be more than there are kernels in a set.
    dtype : str, optional
        The type of the weights, that of Keras by default.

    Returns
    -------
    tensor of the backend, of the given shape

    Raises
    ------
    TypeError, ValueError
        If the shape has not three whole numbers or more, or not more weights than kernels; or if
        the type is neither float32 nor float64.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.convolve import zero_sum_kernels
    >>> kernels = np.reshape(zero_sum_kernels((1, 3, 1, 2)), (3, 2))
    >>> bool(np.allclose(kernels.sum(axis=0), 0, atol=1e-6))
    True
    """
    sizes = unmasked("The shape", shape).ravel()
    shape = tuple(whole_number("A size in the shape", size, least=1) for size in sizes)
    if len(shape) < 3 or math.prod(shape[1:-1]) <= shape[-1]:
        raise ValueError(
            f"The shape is {shape}, but a set of kernels needs more weights than kernels: "
            "give (sets, weights, kernels), such as (1, 3, 2)."
        )
    choice("dtype", dtype, (None, "float32", "float64"))
    import keras

    weights = keras.ops.reshape(keras.random.normal(shape, dtype=dtype), (shape[0], -1, shape[-1]))
    blind = weights - keras.ops.mean(weights, axis=1, keepdims=True)
    kernels = keras.ops.qr(blind)[0]
    # Kernels that were drawn nearly parallel come out of QR with a sum above rounding.
    kernels = kernels - keras.ops.mean(kernels, axis=1, keepdims=True)
    return keras.ops.reshape(kernels, shape)


def _convolve_rows(rows, weights, out):
    """Add the rows up, shifted and weighted; what straddles two rows is dropped."""
    values = rows.astype(np.float64).ravel()
    n_sums = values.size - weights.shape[1] + 1
    sums, products = np.empty((2, values.size))
    for k, kernel in enumerate(weights[:, ::-1]):
        np.multiply(values[:n_sums], kernel[0], out=sums[:n_sums])
        for shift in 1 + np.flatnonzero(kernel[1:]):
            term = values[shift:][:n_sums]
            if kernel[shift] != 1:
                term = np.multiply(term, kernel[shift], out=products[:n_sums])
            sums[:n_sums] += term
        out[:, k] = sums.reshape(rows.shape)[:, : out.shape[-1]]
    np.tanh(out, out=out)


def _checked_traces(X):
    traces = real_array("X", X)
    if traces.ndim != 3:
        raise ValueError(
            f"X has shape {traces.shape}, but it must have three axes (samples, traces, time "
            "steps): give one sample as X[:1], and samples of one trace as X[:, np.newaxis]."
        )
    return traces if traces.dtype == np.float32 else traces.astype(np.float64, copy=False)


def _checked_kernels(kernels, n_times):
    if not kernels:
        raise ValueError("There is no kernel: give at least one, such as FIRST_DERIVATIVE.")
    kernels = [real_array("A kernel", kernel) for kernel in kernels]
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
