"""The book's plotting style, and the figures that more than one chapter draws.

Every figure is white and opaque, so that it reads on a light and on a dark page,
and tells its curves apart by line style or marker as well as by colour. The
functions return the figure without registering it with pyplot: a cell that ends
with one shows it once.
"""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from IPython import get_ipython
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import set_matplotlib_formats

BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, ORANGE, SKY_BLUE, BLACK = "#CC79A7", "#E69F00", "#56B4E9", "#000000"
GREY = "#767676"

_LINE_STYLES = ["-", "--", "-.", ":", (0, (6, 2, 1, 2, 1, 2)), (0, (8, 3)), (0, (1, 1))]
_STYLE = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.labelsize": 13,
    "axes.prop_cycle": cycler(color=[BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY_BLUE, BLACK])
    + cycler(linestyle=_LINE_STYLES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 13,
    "figure.constrained_layout.use": True,
    "figure.dpi": 144,
    "figure.facecolor": "white",
    "figure.figsize": (7.2, 4.0),
    "font.size": 13,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.8,
    "image.cmap": "viridis",
    "image.interpolation": "nearest",
    "legend.framealpha": 0.9,
    "lines.linewidth": 1.8,
    "savefig.facecolor": "white",
    "svg.hashsalt": "deep-learning",
}
_LARGEST_VECTOR_DRAWING = 2000
_LARGEST_LEGEND = 8
_LARGEST_LIST_OF_ROWS = 20


def use_style() -> None:
    """Set the book's matplotlib style; in a notebook, make figures SVG as well.

    The colours are those of Okabe and Ito [1]_, which people with any of the
    common kinds of colour blindness can tell apart, and each goes with a line
    style of its own. Call it once, after the imports.

    References
    ----------
    .. [1] M. Okabe and K. Ito, Color Universal Design, 2002,
       https://jfly.uni-koeln.de/color/

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from helpers import plot
    >>> plot.use_style()
    >>> plt.rcParams["figure.facecolor"]
    'white'
    """
    plt.rcParams.update(_STYLE)
    if get_ipython() is not None:
        set_matplotlib_formats("svg", metadata={"Date": None})


def plot_traces(X, y=None, time=None, unit=None) -> Figure:
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
    X = _as_samples(X)
    n_samples, _, n_times = X.shape
    time, label = _time_axis(time, unit, n_times)
    labels = _as_labels(y, n_samples, n_times)
    figure, panels = _panels(n_samples, row_height=1.25, axis_height=1.3)
    for axes, traces, bins in zip(panels, X, labels, strict=True):
        _draw_traces(axes, time, traces)
        _draw_truth(axes, time, bins)
    _name_axes(figure, label, "Amplitude")
    _explain(figure, panels[0])
    return figure


def plot_convolved(x, kernel, time=None, unit=None) -> Figure:
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
    x, kernel = _as_line(x, "x"), _as_line(kernel, "kernel")
    if len(kernel) > len(x):
        raise ValueError(
            f"The kernel has {len(kernel)} weights and the waveform only {len(x)} bins; "
            "give a kernel that is no longer than the waveform."
        )
    time, label = _time_axis(time, unit, len(x))
    response = np.convolve(x, kernel, mode="same")
    areas = 110 * np.abs(response) / (np.abs(response).max() or 1)
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.plot(time, x, color=GREY, linestyle="-", linewidth=1)
    for name, marker, colour, chosen in (
        ("positive response", "^", VERMILLION, response > 0),
        ("negative response", "v", BLUE, response < 0),
    ):
        markers = axes.scatter(time[chosen], x[chosen], areas[chosen], colour, marker, linewidth=0)
        markers.set(label=name, rasterized=len(x) > _LARGEST_VECTOR_DRAWING, zorder=3)
    axes.set(xlabel=label, ylabel="Amplitude")
    _explain(figure, axes)
    return figure


def plot_synthetic(Z, y=None, time=None, unit=None, row_labels=None) -> Figure:
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
    Z = _as_samples(Z, name="Z", axes="n_samples, n_rows, n_columns")
    n_samples, n_rows, n_columns = Z.shape
    time, label = _time_axis(time, unit, n_columns, axis="Column")
    labels = _as_labels(y, n_samples, n_columns)
    if row_labels is not None and len(row_labels) != n_rows:
        raise ValueError(f"Z has {n_rows} rows and row_labels {len(row_labels)}; give one a row.")
    row_height = max(0.75, n_rows * (0.08 if row_labels is None else 0.24))
    figure, panels = _panels(n_samples, row_height, axis_height=1.0)
    edges = _edges(time)
    for axes, image, column in zip(panels, Z, labels, strict=True):
        extent = (edges[0], edges[-1], n_rows - 0.5, -0.5)
        axes.imshow(image, cmap="coolwarm", vmin=-1, vmax=1, aspect="auto", extent=extent)
        axes.grid(False)
        axes.set_yticks(range(n_rows) if row_labels is not None else [], row_labels or [])
        axes.tick_params(axis="y", length=0)
        if column is not None:
            axes.axvline(time[column], color=BLACK, linestyle=":", label="coincidence")
    _name_axes(figure, label)
    _explain(figure, panels[0])
    return figure


def plot_kernels(kernels_first, kernels_second, labels=None, time_step=None, unit=None) -> Figure:
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
    first, second = np.asarray(kernels_first), np.asarray(kernels_second)
    _require_kernels_that_fit(first, second)
    n_filters = first.shape[3]
    labels = [f"filter {index}" for index in range(n_filters)] if labels is None else labels
    if len(labels) != n_filters:
        raise ValueError(f"There are {n_filters} filters and {len(labels)} labels; give one each.")
    if unit is not None and time_step is None:
        raise ValueError("A unit needs the width of a bin as well: give time_step=… too.")
    axis = "Offset (bins)" if time_step is None else _with_unit("Offset", unit)
    step = 1 if time_step is None else time_step
    height = min(max(3.4, 1.4 + 0.3 * len(second) * n_filters), 9)
    figure = Figure(figsize=(7.2, height), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.3])
    _draw_first_layer(left, first[0, :, 0, :], labels, step)
    image = _draw_second_layer(right, second[..., 0], labels, step)
    figure.colorbar(image, ax=right, label="Weight", aspect=30)
    left.set(title="First layer", xlabel=axis, ylabel="Weight")
    right.set(title="Second layer", xlabel=axis)
    if n_filters <= _LARGEST_LEGEND:
        _explain(figure, left)
    return figure


def plot_predictions(X, y, probabilities, time=None, unit=None) -> Figure:
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
    X = _as_samples(X)
    n_samples, _, n_times = X.shape
    time, label = _time_axis(time, unit, n_times)
    labels = _as_labels(y, n_samples, n_times)
    probabilities = _as_probabilities(probabilities, n_samples, n_times)
    offset = (n_times - probabilities.shape[1]) // 2
    edges = _edges(time)[offset : offset + probabilities.shape[1] + 1]
    figure, panels = _panels(n_samples, row_height=1.35, axis_height=1.3)
    for axes, traces, bins, heights in zip(panels, X, labels, probabilities, strict=True):
        _draw_traces(axes, time, traces)
        _draw_truth(axes, time, bins)
        _draw_probabilities(axes.twinx(), edges, heights)
    _name_axes(figure, label, "Amplitude")
    _explain(figure, panels[0], figure.axes[n_samples])
    return figure


def _as_samples(values, name="X", axes="n_samples, n_traces, n_times"):
    samples = np.asarray(values)
    if samples.ndim != 3:
        raise ValueError(
            f"{name} must have the three axes ({axes}) and has the shape {samples.shape}; "
            f"take a single sample as {name}[:1], not as {name}[0]."
        )
    if 0 in samples.shape:
        raise ValueError(f"{name} has the shape {samples.shape}: there is nothing to draw.")
    return samples


def _as_line(values, name):
    line = np.asarray(values, dtype=float)
    if line.ndim != 1 or not line.size:
        raise ValueError(
            f"{name} must be a single line of numbers and has the shape {line.shape}; "
            "take one waveform as X[sample, trace]."
        )
    return line


def _as_labels(y, n_samples, n_bins):
    if y is None:
        return [None] * n_samples
    labels = np.asarray(y)
    if labels.shape != (n_samples,):
        raise ValueError(
            f"y must hold one label for each of the {n_samples} samples and has "
            f"the shape {labels.shape}."
        )
    if not np.issubdtype(labels.dtype, np.integer) or labels.min() < 0 or labels.max() >= n_bins:
        raise ValueError(f"y must hold whole bin numbers from 0 to {n_bins - 1}.")
    return labels


def _as_probabilities(values, n_samples, n_times):
    probabilities = np.asarray(values)
    if probabilities.ndim != 2 or len(probabilities) != n_samples:
        raise ValueError(
            f"probabilities must have the shape (n_samples, n_bins) with {n_samples} samples "
            f"and has the shape {probabilities.shape}."
        )
    if not 1 <= probabilities.shape[1] <= n_times:
        raise ValueError(
            f"probabilities has {probabilities.shape[1]} bins and the waveforms have "
            f"{n_times}; give at least one bin and no more than the waveforms have."
        )
    if probabilities.min() < 0 or not np.allclose(probabilities.sum(axis=1), 1, atol=1e-3):
        raise ValueError(
            "The probabilities of a sample must be positive and sum to one; "
            "apply a softmax if these are logits."
        )
    return probabilities


def _require_kernels_that_fit(first, second):
    if first.ndim != 4 or first.shape[0] != 1 or first.shape[2] != 1:
        raise ValueError(
            "kernels_first must have the shape (1, n1, 1, n_filters) and has "
            f"the shape {first.shape}."
        )
    if second.ndim != 4 or second.shape[2:] != (first.shape[3], 1):
        raise ValueError(
            f"kernels_second must have the shape (n_traces, n2, {first.shape[3]}, 1), as the "
            f"first layer has {first.shape[3]} filters, and has the shape {second.shape}."
        )


def _time_axis(time, unit, n_times, axis="Time bin"):
    """Return the times of `n_times` bins and the label of their axis."""
    if time is None:
        if unit is not None:
            raise ValueError("A unit needs the times of the bins as well: give time=… too.")
        return np.arange(n_times), axis
    times = np.asarray(time, dtype=float)
    if times.shape != (n_times,):
        raise ValueError(
            f"time must hold one value for each of the {n_times} bins and has "
            f"the shape {times.shape}."
        )
    steps = np.diff(times)
    if n_times > 1 and not (steps[0] > 0 and np.allclose(steps, steps.mean(), rtol=1e-3)):
        raise ValueError("time must increase in even steps, as a digitiser samples.")
    return times, _with_unit("Time", unit)


def _with_unit(quantity, unit):
    return quantity if unit is None else f"{quantity} ({unit})"


def _edges(time):
    """Return the edges of the bins whose middles are `time`."""
    step = (time[-1] - time[0]) / (len(time) - 1) if len(time) > 1 else 1
    return time[0] + step * (np.arange(len(time) + 1) - 0.5)


def _panels(n_samples, row_height, axis_height):
    """Return a figure and one pair of axes a sample: more columns for many samples."""
    n_columns = min(3, 1 + (n_samples - 1) // 8)
    n_rows = -(-n_samples // n_columns)
    height = max(2.8, axis_height + row_height * n_rows)
    figure = Figure(figsize=(7.2, height), layout="constrained")
    grid = figure.subplots(n_rows, n_columns, squeeze=False, sharex=True, sharey=True)
    for column in range(n_samples - n_columns * (n_rows - 1), n_columns):
        grid[-1, column].remove()
        grid[-2, column].tick_params(labelbottom=True)
    return figure, grid.flat[:n_samples]


def _draw_traces(axes, time, traces):
    marker = "." if len(time) < 20 else None
    rasterized = traces.size > _LARGEST_VECTOR_DRAWING
    lines = axes.plot(time, traces.T, linewidth=1.2, marker=marker, rasterized=rasterized)
    for number, line in enumerate(lines, start=1):
        line.set_label(f"trace {number}" if len(lines) <= _LARGEST_LEGEND else "")
    edges = _edges(time)
    axes.set_xlim(edges[0], edges[-1])


def _draw_truth(axes, time, label):
    if label is not None:
        axes.axvline(time[label], color=BLACK, linestyle=":", label="coincidence")


def _draw_probabilities(axes, edges, heights):
    axes.stairs(heights, edges, fill=True, color=GREY, alpha=0.45, label="prediction")
    axes.set(ylim=(0, 1), yticks=[0, 0.5, 1])
    axes.grid(False)
    axes.spines["right"].set_visible(True)
    if axes.get_subplotspec().is_last_col():
        axes.set_ylabel("Probability", fontsize=11)
    else:
        axes.tick_params(labelright=False)


def _draw_first_layer(axes, weights, labels, step):
    offsets = _offsets(len(weights), step)
    for filter_weights, label, marker in zip(weights.T, labels, cycle("osD^vPX"), strict=False):
        axes.plot(offsets, filter_weights, marker=marker, label=label)
    axes.axhline(0, color=BLACK, linestyle="-", linewidth=0.8)


def _draw_second_layer(axes, weights, labels, step):
    n_traces, width, n_filters = weights.shape
    rows = weights.transpose(0, 2, 1).reshape(n_traces * n_filters, width)
    edges = _edges(_offsets(width, step))
    limit = np.abs(rows).max() or 1
    image = axes.imshow(
        rows,
        cmap="coolwarm",
        vmin=-limit,
        vmax=limit,
        aspect="auto",
        extent=(edges[0], edges[-1], len(rows) - 0.5, -0.5),
    )
    for trace in range(1, n_traces):
        axes.axhline(trace * n_filters - 0.5, color=BLACK, linestyle="-", linewidth=0.8)
    if len(rows) <= _LARGEST_LIST_OF_ROWS:
        names = [f"{trace + 1}, {label}" for trace in range(n_traces) for label in labels]
        axes.set_yticks(range(len(rows)), names, fontsize=11)
    else:
        middles = n_filters * (np.arange(n_traces) + 0.5) - 0.5
        axes.set_yticks(middles, [f"trace {trace + 1}" for trace in range(n_traces)])
    axes.grid(False)
    return image


def _offsets(width, step):
    return step * (np.arange(width) - (width - 1) / 2)


def _name_axes(figure, xlabel, ylabel=None):
    figure.supxlabel(xlabel, fontsize=13)
    if ylabel is not None:
        figure.supylabel(ylabel, fontsize=13)


def _explain(figure, *labelled):
    """Put one legend above the panels for everything that has a label."""
    handles = [handle for axes in labelled for handle in axes.get_legend_handles_labels()[0]]
    if handles:
        columns = min(len(handles), 4 if len(handles) != 5 else 5)
        figure.legend(handles=handles, loc="outside upper center", ncols=columns, frameon=False)
