"""The shared figures: what they draw, how they refuse, and how they look in a notebook."""

import io
import re

import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from helpers import plot

LARGEST_SVG = 150_000


@pytest.fixture(autouse=True)
def book_style():
    with plt.rc_context():
        plot.use_style()
        yield
    assert plt.get_fignums() == [], "a helper must not leave a figure registered with pyplot"


def waves(n_samples, n_traces, n_times):
    phases = np.random.default_rng(1).uniform(size=(n_samples, n_traces, 1))
    return np.sin(2 * np.pi * (np.linspace(0, 3, n_times) + phases))


def uniform_probabilities(n_samples, n_bins):
    return np.full((n_samples, n_bins), 1 / n_bins)


def svg_of(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", dpi=figure.dpi, metadata={"Date": None})
    return buffer.getvalue()


def curves(axes):
    return [line for line in axes.lines if len(line.get_xdata()) > 2]


@pytest.mark.parametrize("n_samples", [1, 5, 9, 30])
@pytest.mark.parametrize(("n_traces", "n_times"), [(1, 1), (3, 2), (3, 100), (12, 37)])
def test_traces_have_one_panel_a_sample(n_samples, n_traces, n_times):
    figure = plot.plot_traces(waves(n_samples, n_traces, n_times), np.zeros(n_samples, int))
    assert len(figure.axes) == n_samples
    for axes in figure.axes:
        assert len(axes.lines) == n_traces + 1


def test_traces_are_drawn_over_their_times_with_the_label_where_it_belongs():
    X, time = waves(2, 3, 50), np.linspace(0, 4.9, 50)
    figure = plot.plot_traces(X, [10, 20], time, "ns")
    for axes, traces, label in zip(figure.axes, X, (10, 20), strict=True):
        for line, trace in zip(curves(axes), traces, strict=True):
            np.testing.assert_array_equal(line.get_xydata(), np.column_stack([time, trace]))
        assert axes.lines[-1].get_xdata() == [time[label], time[label]]
        np.testing.assert_allclose(axes.get_xlim(), [-0.05, 4.95])
    assert figure.get_supxlabel() == "Time (ns)"


def test_traces_differ_in_line_style_and_not_in_colour_alone():
    axes = plot.plot_traces(waves(1, 7, 50)).axes[0]
    styles = [pair["linestyle"] for pair in plt.rcParams["axes.prop_cycle"]]
    assert len({str(style) for style in styles}) == 7
    drawn = svg_of(axes.figure).decode()
    dashes = set(re.findall(r"stroke-dasharray: ([\d., ]+);", drawn))
    assert len(dashes) >= 6


def test_the_legend_explains_traces_and_label():
    figure = plot.plot_traces(waves(2, 3, 50), [10, 20])
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == ["trace 1", "trace 2", "trace 3", "coincidence"]


def test_a_legend_stands_above_its_panel_without_a_frame():
    figure = plot.plot_convolved([1, 2, 3], [1])
    legend = plot.legend_above(figure.axes[0], ncols=2)
    figure.draw_without_rendering()
    assert not legend.get_frame_on()
    assert legend.get_window_extent().y0 >= figure.axes[0].get_window_extent().y1


GRID = np.arange(40)
EVEN_TIMES = {
    "float32 kept as float64": (100 + GRID.astype(np.float32) / 1000).astype(float),
    "float16": (GRID * 0.01).astype(np.float16),
    "added up": np.cumsum(np.full(1000, 0.001, np.float32)),
    "30 Hz in two decimals": np.round(GRID / 30, 2),
    "seconds since 1970": np.round(1.7e9 + GRID / 30, 3),
    "unsigned": GRID.astype(np.uint8),
}
UNEVEN_TIMES = {
    "one late": GRID + 0.05 * (GRID == 10),
    "one late in float32": (GRID + 0.05 * (GRID == 10)).astype(np.float32) / 40,
    "whole, in uneven steps": [0, 1, 3, 4],
    "backwards": GRID[::-1],
    "equal in float16": (100 + GRID / 1000).astype(np.float16),
}


@pytest.mark.parametrize("time", EVEN_TIMES.values(), ids=EVEN_TIMES)
def test_even_times_may_be_rounded(time):
    figure = plot.plot_traces(waves(1, 1, len(time)), time=time)
    np.testing.assert_array_equal(curves(figure.axes[0])[0].get_xdata(), np.asarray(time, float))


@pytest.mark.parametrize("time", UNEVEN_TIMES.values(), ids=UNEVEN_TIMES)
def test_times_that_no_rounding_explains_are_refused(time):
    with pytest.raises(ValueError, match=r"^time must increase in even steps, .*\.$"):
        plot.plot_traces(waves(1, 1, len(time)), time=time)


def test_a_gap_in_a_waveform_hides_no_other_response():
    rising, _ = plot.plot_convolved([0, 1, 0, np.nan, 0, 0, 2, 0], [1]).axes[0].collections
    np.testing.assert_array_equal(rising.get_offsets(), [[1, 1], [6, 2]])
    np.testing.assert_array_equal(rising.get_sizes(), [55, 110])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=40),
    st.lists(st.integers(-2, 2), min_size=1, max_size=5),
)
def test_markers_show_sign_and_size_of_the_response(x, kernel):
    kernel = kernel[: len(x)]
    response = np.convolve(x, kernel, mode="same")
    rising, falling = plot.plot_convolved(x, kernel).axes[0].collections
    assert len(rising.get_offsets()) == np.sum(response > 0)
    assert len(falling.get_offsets()) == np.sum(response < 0)
    for markers, chosen in ((rising, response > 0), (falling, response < 0)):
        np.testing.assert_array_equal(markers.get_offsets()[:, 0], np.flatnonzero(chosen))
        share = markers.get_sizes() * np.abs(response).max()
        np.testing.assert_allclose(share, 110 * np.abs(response[chosen]), rtol=1e-6)


@pytest.mark.parametrize("n_samples", [1, 4, 20])
def test_synthetic_images_hold_the_values_and_stand_on_their_columns(n_samples):
    Z = np.tanh(waves(n_samples, 6, 98))
    time = np.linspace(1, 98, 98)
    figure = plot.plot_synthetic(Z, np.full(n_samples, 40), time, "ns")
    assert len(figure.axes) == n_samples
    for axes, image in zip(figure.axes, Z, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), image)
        np.testing.assert_allclose(axes.images[0].get_extent(), [0.5, 98.5, 5.5, -0.5])
        assert axes.images[0].get_clim() == (-1, 1)
        assert axes.lines[0].get_xdata() == [time[40], time[40]]


def test_synthetic_images_name_their_rows():
    axes = plot.plot_synthetic(np.zeros((2, 2, 9)), row_labels=["slope", "curvature"]).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["slope", "curvature"]


@pytest.mark.parametrize(
    ("n_traces", "n1", "n2", "n_filters"), [(3, 3, 7, 2), (1, 1, 1, 1), (5, 9, 4, 16)]
)
def test_kernels_are_laid_out_like_synthetic_images(n_traces, n1, n2, n_filters):
    rng = np.random.default_rng(3)
    first = rng.normal(size=(1, n1, 1, n_filters))
    second = rng.normal(size=(n_traces, n2, n_filters, 1))
    left, right, _ = plot.plot_kernels(first, second).axes
    assert len(left.lines) == n_filters + 1
    for line, number in zip(left.lines, range(n_filters), strict=False):
        np.testing.assert_array_equal(line.get_ydata(), first[0, :, 0, number])
        assert line.get_xdata().sum() == pytest.approx(0)
    rows = right.images[0].get_array()
    for trace in range(n_traces):
        for number in range(n_filters):
            np.testing.assert_array_equal(
                rows[trace * n_filters + number], second[trace, :, number, 0]
            )
    assert right.images[0].get_clim() == (-np.abs(second).max(), np.abs(second).max())


def test_kernels_use_the_bin_width():
    left, right, _ = plot.plot_kernels(
        np.ones((1, 3, 1, 1)), np.ones((2, 5, 1, 1)), ["even"], time_step=10, unit="ns"
    ).axes
    np.testing.assert_allclose(left.lines[0].get_xdata(), [-10, 0, 10])
    np.testing.assert_allclose(right.images[0].get_extent()[:2], [-25, 25])
    assert left.get_xlabel() == "Offset (ns)"
    assert [label.get_text() for label in right.get_yticklabels()] == ["1, even", "2, even"]


@pytest.mark.parametrize("n_samples", [1, 5, 20])
@pytest.mark.parametrize("n_bins", [1, 94, 95, 100])
def test_probabilities_stand_in_the_middle_of_the_record(n_samples, n_bins):
    probabilities = uniform_probabilities(n_samples, n_bins)
    figure = plot.plot_predictions(waves(n_samples, 2, 100), None, probabilities)
    assert len(figure.axes) == 2 * n_samples
    bars = figure.axes[n_samples].patches[0].get_data()
    np.testing.assert_array_equal(bars.values, probabilities[0])
    assert bars.edges[0] == (100 - n_bins) // 2 - 0.5
    assert bars.edges[-1] - bars.edges[0] == n_bins
    assert figure.axes[n_samples].get_ylim() == (0, 1)


X, Z = waves(2, 3, 20), np.zeros((2, 6, 18))
FIRST, SECOND = np.ones((1, 3, 1, 2)), np.ones((3, 7, 2, 1))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plot.plot_traces(X[0]), r"take a single sample as X\[:1\], .* X\[:, np.newaxis\]"),
        (lambda: plot.plot_traces(X[:0]), "nothing to draw"),
        (lambda: plot.plot_traces(X * 1e200), "take larger units"),
        (lambda: plot.plot_traces(X, time=10**18 + 30 * np.arange(20)), "lost in rounding"),
        (lambda: plot.plot_traces(waves(61, 1, 2)), r"has room for 60: .* X\[:5\]"),
        (lambda: plot.plot_traces(X, [1]), "one label for each of the 2 samples"),
        (lambda: plot.plot_traces(X, [1, 20]), "from 0 to 19"),
        (lambda: plot.plot_traces(X, [-1, 2]), "from 0 to 19"),
        (lambda: plot.plot_traces(X, [0.5, 2]), "whole bin numbers"),
        (lambda: plot.plot_traces(X, time=np.arange(19)), "each of the 20 bins"),
        (lambda: plot.plot_traces(X, unit="µs"), "give time=… too"),
        (lambda: plot.plot_convolved(X[0], [1, 2]), r"X\[sample, trace\]"),
        (lambda: plot.plot_convolved([1, 2], [1, 2, 3]), "no longer than the waveform"),
        (lambda: plot.plot_synthetic(Z[0]), r"take a single sample as Z\[:1\]"),
        (lambda: plot.plot_synthetic(Z, row_labels=["slope"]), "has 1 texts, but it must have 6"),
        (lambda: plot.plot_kernels(SECOND, FIRST), r"\(1, n1, 1, n_filters\)"),
        (lambda: plot.plot_kernels(FIRST, SECOND[:, :, :1]), "the first layer has 2 filters"),
        (lambda: plot.plot_kernels(FIRST, SECOND, unit="µs"), "give time_step=… too"),
        (lambda: plot.plot_predictions(X, None, np.ones((3, 4)) / 4), "with 2 samples"),
        (lambda: plot.plot_predictions(X, None, np.ones((2, 21)) / 21), "has 21 bins"),
        (lambda: plot.plot_predictions(X, None, np.ones((2, 4))), "apply a softmax"),
        (lambda: plot.draw_seeds(Figure().subplots(), [1, 2], [1, 2]), "a row of 2 values"),
        (lambda: plot.draw_seeds(Figure().subplots(), [1, 1], [[1, 2]]), "a point twice"),
    ],
)
def test_bad_input_raises_one_sentence_that_helps(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def five_samples():
    X = waves(5, 3, 100)
    return {
        "traces": plot.plot_traces(X, np.arange(5)),
        "convolved": plot.plot_convolved(X[0, 0], [1, -2, 1]),
        "synthetic": plot.plot_synthetic(np.tanh(waves(5, 6, 98)), row_labels=list("abcdef")),
        "kernels": plot.plot_kernels(FIRST, SECOND),
        "predictions": plot.plot_predictions(X, np.arange(5), uniform_probabilities(5, 94)),
        "long record": plot.plot_traces(waves(1, 3, 5000)),
        "many kernels": plot.plot_kernels(np.ones((1, 5, 1, 32)), np.ones((3, 7, 32, 1))),
    }


def test_figures_are_white_opaque_and_small():
    for name, figure in five_samples().items():
        assert figure.get_facecolor() == (1, 1, 1, 1), name
        assert len(svg_of(figure)) < LARGEST_SVG, name


def test_the_same_figure_is_the_same_file():
    one, other = (plot.plot_kernels(FIRST, SECOND) for _ in range(2))
    assert svg_of(one) == svg_of(other)


def test_a_notebook_shows_each_figure_once_and_as_svg():
    cells = [
        "import matplotlib.pyplot as plt\nfrom helpers import plot\nplot.use_style()",
        "figure, axes = plt.subplots()\n_ = axes.plot([1, 2])",
        "plot.plot_convolved([1, 2, 3], [1])",
        "figure = plot.plot_convolved([1, 2, 3], [1])",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    outputs = [cell.outputs for cell in notebook.cells]
    assert [len(found) for found in outputs] == [0, 1, 1, 0]
    for (output,) in outputs[1:3]:
        assert "image/svg+xml" in output.data
        assert "image/png" not in output.data
        assert "<dc:date>" not in output.data["image/svg+xml"]
