"""What the functions that take traces ask of them."""

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import moderate, real_array

_AXES = {
    2: ("two axes (samples, time steps)", "X[np.newaxis]"),
    3: ("three axes (samples, traces, time steps)", "X[:1]"),
}


def checked_traces(X: ArrayLike, least: int = 1, n_axes: int = 3) -> np.ndarray:
    """Return traces as an array of finite real numbers, the time steps along the last axis.

    Parameters
    ----------
    X : array_like of real numbers
        The traces.
    least : int, default 1
        How many time steps there have to be at least.
    n_axes : int, default 3
        3 for traces of samples, 2 for single ones.

    Raises
    ------
    TypeError, ValueError
        If the traces are no finite real numbers, or not in this shape.

    Examples
    --------
    >>> checked_traces([[[0.0, 1.0]]]).shape
    (1, 1, 2)
    """
    traces = moderate("X", real_array("X", X))
    if traces.ndim != n_axes or traces.size == 0 or traces.shape[-1] < least:
        axes, one = _AXES[n_axes]
        raise ValueError(
            f"X has shape {traces.shape}, but it must have {axes} with at least {least} time "
            f"step{'s' * (least > 1)}: give one sample as {one}."
        )
    return traces
