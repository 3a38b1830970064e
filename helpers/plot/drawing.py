"""The parts that the figures share: panels, curves, images and legends."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from helpers.plot.checked import edges_of
from helpers.plot.style import BLACK, GREY, LARGE, SMALL, TRUTH

LARGEST_VECTOR_DRAWING = 2000
LARGEST_LEGEND = 8
LARGEST_LIST_OF_ROWS = 20


def make_panels(
    n_samples: int, row_height: float, axis_height: float
) -> tuple[Figure, Sequence[Axes]]:
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


def draw_traces(axes: Axes, time: np.ndarray, traces: np.ndarray) -> None:
    """Draw the traces of one sample."""
    marker = "." if len(time) < 20 else None
    rasterized = traces.size > LARGEST_VECTOR_DRAWING
    lines = axes.plot(time, traces.T, linewidth=1.2, marker=marker, rasterized=rasterized)
    for number, line in enumerate(lines, start=1):
        line.set_label(f"trace {number}" if len(lines) <= LARGEST_LEGEND else "")
    edges = edges_of(time)
    axes.set_xlim(edges[0], edges[-1])


def draw_truth(axes: Axes, time: np.ndarray, label: int | None) -> None:
    """Mark the bin of the coincident pulse, if it is known."""
    if label is not None:
        axes.axvline(time[label], color=TRUTH, linestyle=":", label="coincidence")


def draw_probabilities(axes: Axes, edges: np.ndarray, heights: np.ndarray) -> None:
    """Draw probabilities as grey bars on an axis from 0 to 1."""
    axes.stairs(heights, edges, fill=True, color=GREY, alpha=0.45, label="prediction")
    axes.set(ylim=(0, 1), yticks=[0, 0.5, 1])
    axes.grid(False)
    axes.spines["right"].set_visible(True)
    if axes.get_subplotspec().is_last_col():
        axes.set_ylabel("Probability")
    else:
        axes.tick_params(labelright=False)


def draw_first_layer(axes: Axes, weights: np.ndarray, labels: Sequence[str], step: float) -> None:
    """Draw the weights of each filter as a curve."""
    offsets = _offsets(len(weights), step)
    for filter_weights, label, marker in zip(weights.T, labels, cycle("osD^vPX"), strict=False):
        axes.plot(offsets, filter_weights, marker=marker, label=label)
    axes.axhline(0, color=BLACK, linestyle="-", linewidth=0.8)


def draw_second_layer(
    axes: Axes, weights: np.ndarray, labels: Sequence[str], step: float
) -> AxesImage:
    """Draw the weights as an image of one row a trace and filter."""
    n_traces, width, n_filters = weights.shape
    rows = weights.transpose(0, 2, 1).reshape(n_traces * n_filters, width)
    edges = edges_of(_offsets(width, step))
    limit = np.nanmax(np.abs(rows), initial=0) or 1
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
    if len(rows) <= LARGEST_LIST_OF_ROWS:
        names = [f"{trace + 1}, {label}" for trace in range(n_traces) for label in labels]
        axes.set_yticks(range(len(rows)), names, fontsize=SMALL)
    else:
        middles = n_filters * (np.arange(n_traces) + 0.5) - 0.5
        axes.set_yticks(middles, [f"trace {trace + 1}" for trace in range(n_traces)])
    axes.grid(False)
    return image


def _offsets(width, step):
    return step * (np.arange(width) - (width - 1) / 2)


def name_axes(figure: Figure, xlabel: str, ylabel: str | None = None) -> None:
    """Name the axes that all panels share."""
    figure.supxlabel(xlabel, fontsize=LARGE)
    if ylabel is not None:
        figure.supylabel(ylabel, fontsize=LARGE)


def draw_legend(figure: Figure, *labelled: Axes) -> None:
    """Put one legend above the panels for everything that has a label."""
    handles = [handle for axes in labelled for handle in axes.get_legend_handles_labels()[0]]
    if handles:
        columns = min(len(handles), 4 if len(handles) != 5 else 5)
        figure.legend(handles=handles, loc="outside upper center", ncols=columns)
