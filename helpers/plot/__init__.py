"""The book's plotting style, and the figures that more than one chapter draws.

Every figure is white and opaque, so that it reads in a notebook on a light and on
a dark ground, and tells its curves apart by line style or marker as well as by
colour. Some colours stand for the same in the whole book: ``TRACES``, ``NETWORK``,
``RIVAL``, the method without learning, and ``TRUTH``. The functions return the
figure without registering it with pyplot: a cell that ends with one shows it once.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from helpers.arguments import names, real_number
from helpers.plot.checked import (
    as_kernels,
    as_labels,
    as_line,
    as_probabilities,
    as_samples,
    edges_of,
    time_axis,
    with_unit,
)
from helpers.plot.drawing import (
    LARGEST_LEGEND,
    LARGEST_VECTOR_DRAWING,
    draw_first_layer,
    draw_legend,
    draw_probabilities,
    draw_second_layer,
    draw_traces,
    draw_truth,
    make_panels,
    name_axes,
)
from helpers.plot.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    LARGE,
    NAVY,
    NETWORK,
    OCHRE,
    ORANGE,
    PURPLE,
    RIVAL,
    SKY_BLUE,
    SMALL,
    TRACES,
    TRUTH,
    VERMILLION,
    draw_seeds,
    legend_above,
    use_style,
)

__all__ = [
    "BLACK",
    "BLUE",
    "GREEN",
    "GREY",
    "LARGE",
    "NAVY",
    "NETWORK",
    "OCHRE",
    "ORANGE",
    "PURPLE",
    "RIVAL",
    "SKY_BLUE",
    "SMALL",
    "TRACES",
    "TRUTH",
    "VERMILLION",
    "draw_seeds",
    "legend_above",
    "plot_convolved",
    "plot_kernels",
    "plot_predictions",
    "plot_synthetic",
    "plot_traces",
    "use_style",
]


def plot_traces(
    X: ArrayLike,
    y: ArrayLike | None = None,
    time: ArrayLike | None = None,
    unit: str | None = None,
) -> Figure:
    """Draw samples of digitised waveforms, one panel a sample.

    More than 8 samples stand in two columns, more than 16 in three. With more than
    8 traces a legend would hide more than it explains and is left out.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_traces, n_times)
        The waveforms, in any unit of amplitude.
    y : array_like of int, shape (n_samples,), optional
        The time bin of each sample's coincident pulse, drawn as a dotted line.
    time : array_like, shape (n_times,), optional
        The times of the bins, evenly spaced and increasing. Without them the
        axis counts bins from zero.
    unit : str, optional
        The unit of `time`, such as ``"µs"``.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, which a notebook shows if the call ends its cell.

    Raises
    ------
    ValueError
        If an array has the wrong shape, a label names no bin, the times are not
        evenly spaced, or a unit comes without times.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.plot import plot_traces
    >>> figure = plot_traces(np.zeros((2, 3, 50)), [10, 20], np.arange(50) * 0.02, "µs")
    >>> len(figure.axes)
    2
    """
    X = as_samples(X)
    n_samples, _, n_times = X.shape
    time, label = time_axis(time, unit, n_times)
    labels = as_labels(y, n_samples, n_times)
    figure, panels = make_panels(n_samples, row_height=1.25, axis_height=1.3)
    for axes, traces, bins in zip(panels, X, labels, strict=True):
        draw_traces(axes, time, traces)
        draw_truth(axes, time, bins)
    name_axes(figure, label, "Amplitude")
    draw_legend(figure, panels[0])
    return figure


def plot_convolved(
    x: ArrayLike, kernel: ArrayLike, time: ArrayLike | None = None, unit: str | None = None
) -> Figure:
    """Mark where a kernel responds to a waveform, and with which sign.

    The response is ``np.convolve(x, kernel, mode="same")``, so the zeros that are
    padded to both ends show as artefacts there. The area of a marker is
    proportional to the size of the response.

    Parameters
    ----------
    x : array_like, shape (n_times,)
        One waveform.
    kernel : array_like, shape (width,)
        The kernel in the order that `numpy.convolve` takes, no longer than `x`.
    time : array_like, shape (n_times,), optional
        The times of the bins, evenly spaced and increasing. Without them the
        axis counts bins from zero.
    unit : str, optional
        The unit of `time`, such as ``"µs"``.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, which a notebook shows if the call ends its cell.

    Raises
    ------
    ValueError
        If `x` or `kernel` is not one-dimensional or is empty, the kernel is
        longer than the waveform, the times are not evenly spaced, or a unit
        comes without times.

    Examples
    --------
    >>> from helpers.plot import plot_convolved
    >>> figure = plot_convolved([0, 0, 1, 3, 1, 0, 0], [0.5, 0, -0.5])
    >>> figure.axes[0].get_xlabel()
    'Time bin'
    """
    x, kernel = as_line(x, "x", gaps=True), as_line(kernel, "kernel")
    if len(kernel) > len(x):
        raise ValueError(
            f"The kernel has {len(kernel)} weights and the waveform only {len(x)} bins; "
            "give a kernel that is no longer than the waveform."
        )
    time, label = time_axis(time, unit, len(x))
    response = np.nan_to_num(np.convolve(x, kernel, mode="same"))
    areas = 110 * np.abs(response) / (np.abs(response).max() or 1)
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.plot(time, x, color=GREY, linestyle="-", linewidth=1)
    for name, marker, colour, chosen in (
        ("positive response", "^", VERMILLION, response > 0),
        ("negative response", "v", BLUE, response < 0),
    ):
        look = {"s": areas[chosen], "c": colour, "marker": marker, "linewidth": 0}
        markers = axes.scatter(time[chosen], x[chosen], **look)
        markers.set(label=name, rasterized=len(x) > LARGEST_VECTOR_DRAWING, zorder=3)
    axes.set(xlabel=label, ylabel="Amplitude")
    draw_legend(figure, axes)
    return figure


def plot_synthetic(
    Z: ArrayLike,
    y: ArrayLike | None = None,
    time: ArrayLike | None = None,
    unit: str | None = None,
    row_labels: Sequence[str] | None = None,
) -> Figure:
    """Draw transformed waveforms as images, one panel a sample.

    Parameters
    ----------
    Z : array_like, shape (n_samples, n_rows, n_columns)
        Values between -1 and +1, as `helpers.convolve.apply_convolutions` gives;
        blue is negative and red positive.
    y : array_like of int, shape (n_samples,), optional
        The column of each sample's coincident pulse, drawn as a dotted line.
        A convolution in mode ``valid`` moves labels: with a kernel of K weights,
        time bin ``n`` stands in column ``n - (K - 1) // 2``.
    time : array_like, shape (n_columns,), optional
        The times of the columns, evenly spaced and increasing. Without them the
        axis counts columns from zero.
    unit : str, optional
        The unit of `time`, such as ``"µs"``.
    row_labels : sequence of str, length n_rows, optional
        What the rows are, written beside the first panel of each row of panels.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, which a notebook shows if the call ends its cell.

    Raises
    ------
    ValueError
        If an array has the wrong shape, a label names no column, the times are
        not evenly spaced, or a unit comes without times.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.plot import plot_synthetic
    >>> figure = plot_synthetic(np.zeros((4, 6, 98)))
    >>> len(figure.axes)
    4
    """
    Z = as_samples(Z, name="Z", axes="n_samples, n_rows, n_columns")
    n_samples, n_rows, n_columns = Z.shape
    time, label = time_axis(time, unit, n_columns, axis="Column")
    labels = as_labels(y, n_samples, n_columns)
    row_labels = [] if row_labels is None else names("row_labels", row_labels, n_rows)
    row_height = max(0.75, n_rows * (0.24 if row_labels else 0.08))
    figure, panels = make_panels(n_samples, row_height, axis_height=1.0)
    edges = edges_of(time)
    for axes, image, column in zip(panels, Z, labels, strict=True):
        extent = (edges[0], edges[-1], n_rows - 0.5, -0.5)
        axes.imshow(image, cmap="coolwarm", vmin=-1, vmax=1, aspect="auto", extent=extent)
        axes.grid(False)
        axes.set_yticks(range(len(row_labels)), row_labels)
        axes.tick_params(axis="y", length=0)
        if column is not None:
            axes.axvline(time[column], color=TRUTH, linestyle=":", label="coincidence")
    name_axes(figure, label)
    draw_legend(figure, panels[0])
    return figure


def plot_kernels(
    kernels_first: ArrayLike,
    kernels_second: ArrayLike,
    labels: Sequence[str] | None = None,
    time_step: float | None = None,
    unit: str | None = None,
) -> Figure:
    """Draw the kernels of a network of two convolutional layers.

    On the left are the weights of each filter of the first layer, on the right
    the second layer as an image in the layout of `plot_synthetic`: one row a
    trace and filter, one column a bin of the kernel.

    Parameters
    ----------
    kernels_first : array_like, shape (1, n1, 1, n_filters)
        The kernel of the first layer, which slides along time only.
    kernels_second : array_like, shape (n_traces, n2, n_filters, 1)
        The kernel of the second layer, which spans all traces.
    labels : sequence of str, length n_filters, optional
        What to call the filters. Default: ``"filter 0"``, ``"filter 1"``, …
    time_step : float, optional
        The width of a time bin. Without it the axes count bins.
    unit : str, optional
        The unit of `time_step`, such as ``"µs"``.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, which a notebook shows if the call ends its cell.

    Raises
    ------
    ValueError
        If the kernels have other shapes or do not fit together, there is not one
        label a filter, or a unit comes without a time step.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.plot import plot_kernels
    >>> figure = plot_kernels(np.ones((1, 3, 1, 2)), np.ones((3, 7, 2, 1)), ["even", "odd"])
    >>> figure.axes[0].get_xlabel()
    'Offset (bins)'
    """
    first, second = as_kernels(kernels_first, kernels_second)
    n_filters = first.shape[3]
    default = [f"filter {index}" for index in range(n_filters)]
    labels = default if labels is None else names("labels", labels, n_filters)
    if unit is not None and time_step is None:
        raise ValueError("A unit needs the width of a bin as well: give time_step=… too.")
    axis = "Offset (bins)" if time_step is None else with_unit("Offset", unit)
    step = 1 if time_step is None else real_number("time_step", time_step, least=1e-30, most=1e30)
    height = min(max(3.4, 1.4 + 0.3 * len(second) * n_filters), 9)
    figure = Figure(figsize=(7.2, height), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.3])
    draw_first_layer(left, first[0, :, 0, :], labels, step)
    image = draw_second_layer(right, second[..., 0], labels, step)
    figure.colorbar(image, ax=right, label="Weight", aspect=30)
    left.set(title="First layer", xlabel=axis, ylabel="Weight")
    right.set(title="Second layer", xlabel=axis)
    if n_filters <= LARGEST_LEGEND:
        draw_legend(figure, left)
    return figure


def plot_predictions(
    X: ArrayLike,
    y: ArrayLike | None,
    probabilities: ArrayLike,
    time: ArrayLike | None = None,
    unit: str | None = None,
) -> Figure:
    """Draw predicted probabilities over time bins behind the waveforms.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_traces, n_times)
        The waveforms, in any unit of amplitude.
    y : array_like of int, shape (n_samples,), or None
        The true time bin of each sample, drawn as a dotted line.
    probabilities : array_like, shape (n_samples, n_bins)
        The probability of each bin, drawn as grey bars on an axis from 0 to 1.
        With fewer bins than time steps they stand in the middle: the first on
        time step ``(n_times - n_bins) // 2``, as after convolutions in mode
        ``valid``.
    time : array_like, shape (n_times,), optional
        The times of the bins, evenly spaced and increasing. Without them the
        axis counts bins from zero.
    unit : str, optional
        The unit of `time`, such as ``"µs"``.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, which a notebook shows if the call ends its cell.

    Raises
    ------
    ValueError
        If an array has the wrong shape, the probabilities of a sample do not sum
        to one, a label names no bin, the times are not evenly spaced, or a unit
        comes without times.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.plot import plot_predictions
    >>> figure = plot_predictions(np.zeros((2, 3, 50)), [10, 20], np.full((2, 44), 1 / 44))
    >>> figure.axes[-1].get_ylabel()
    'Probability'
    """
    X = as_samples(X)
    n_samples, _, n_times = X.shape
    time, label = time_axis(time, unit, n_times)
    labels = as_labels(y, n_samples, n_times)
    probabilities = as_probabilities(probabilities, n_samples, n_times)
    offset = (n_times - probabilities.shape[1]) // 2
    edges = edges_of(time)[offset : offset + probabilities.shape[1] + 1]
    figure, panels = make_panels(n_samples, row_height=1.35, axis_height=1.3)
    for axes, traces, bins, heights in zip(panels, X, labels, probabilities, strict=True):
        draw_traces(axes, time, traces)
        draw_truth(axes, time, bins)
        draw_probabilities(axes.twinx(), edges, heights)
    name_axes(figure, label, "Amplitude")
    draw_legend(figure, panels[0], figure.axes[n_samples])
    return figure
