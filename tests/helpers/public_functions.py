"""Every public function of the helpers, with good arguments, and what its result agrees with."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from scipy import stats

from helpers import (
    convolve,
    data,
    estimator,
    fit,
    generate,
    gluing,
    laboratory,
    ngrams,
    plot,
    records,
    rules,
    scores,
    showers,
    statistics,
    tables,
    trigger,
)
from helpers.generate import LONGEST
from tests.helpers.any_input import numbers_of
from tools.bench.loops import loop_convolutions

X = np.array([[[0, 1, 4, 1, 0, 0], [2, 2, 3, 5, 3, 2]], [[0, 0, 1, 2, 1, 0], [1, 1, 1, 1, 0, 0]]])
KERNEL, LINE, TIME, LABELS = np.array([1, -2, 1]), X[0, 1], np.arange(6), np.array([1, 2])
SCORES = np.array([0.25, 0.5, 1.0])
FIRST, SECOND = np.ones((1, 3, 1, 2)), np.ones((2, 5, 2, 1))
NAMES = np.array(["slope", "curvature"])
PULSES = {"n_traces": 2, "n_times": 9, "mean_background": 1.0, "amplitude": 5.0, "n_smooth": 1}
PULSES |= {"duration": 1.0, "seed": 3}
DRAWN = {"time": TIME, "unit": "ns"}


class Case(NamedTuple):
    """A public function, good arguments of it, and what its result has to agree with."""

    function: Callable
    arguments: dict
    agree: Callable | None


def case(function, agree=None, /, **arguments) -> Case:
    return Case(function, arguments, agree)


def agree_with(reference, **tolerance):
    """Compare a result with that of a slow and plain function of the same numbers."""

    def agree(result, **arguments):
        with np.errstate(all="ignore"):
            expected = reference(**{key: numbers_of(value) for key, value in arguments.items()})
        np.testing.assert_allclose(result, expected, **tolerance)

    return agree


def agree_with_convolutions(images, X, kernel):
    is_single = np.asarray(X).dtype.newbyteorder("=") == np.float32
    assert images.dtype == (np.float32 if is_single else np.float64)
    traces, weights = numbers_of(X), numbers_of(kernel)
    with np.errstate(all="ignore"):
        expected = loop_convolutions(traces, weights)
        # Sums in another order differ in the last digits of their largest term.
        error = 1e-6 + 1e-15 * abs(traces).max(initial=0) * abs(weights).sum()
    np.testing.assert_allclose(images, expected.reshape(images.shape), rtol=0, atol=error)


def product(X, kernel):
    margin = [(0, 0), (0, 0), (len(kernel) // 2,) * 2]
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(X, margin, "edge"), len(kernel), 2)
    return (windows * kernel).sum(-1).clip(min=0).prod(1)


def background_and_peaks(centres, widths):
    u = np.linspace(0, 1, 5)
    pairs = np.broadcast(np.ravel(centres), np.ravel(widths))
    return [stats.norm.pdf(u, centre, width) for centre, width in pairs]


def agree_with_peaks(result, n_bins, centres, widths):
    if n_bins == 5:
        agree_with(background_and_peaks, atol=1e-9)(result[1], centres=centres, widths=widths)


def drawn_numbers(values):
    return np.nan_to_num(numbers_of(values), nan=np.nan, posinf=np.nan, neginf=np.nan)


def agree_with_curves(figure, X, time, **_):
    figure.draw_without_rendering()
    times = range(np.shape(X)[2]) if time is None else numbers_of(time)
    for axes, traces in zip(figure.axes, drawn_numbers(X), strict=False):
        for line, trace in zip(axes.lines, traces, strict=False):
            np.testing.assert_allclose(line.get_ydata(), trace)
            np.testing.assert_allclose(line.get_xdata(), times)


def agree_with_images(figure, Z, **_):
    figure.draw_without_rendering()
    for axes, image in zip(figure.axes, drawn_numbers(Z), strict=True):
        np.testing.assert_allclose(np.ma.filled(axes.images[0].get_array(), np.nan), image)


def agree_with_markers(figure, x, kernel, **_):
    figure.draw_without_rendering()
    (line,) = figure.axes[0].lines
    np.testing.assert_allclose(line.get_ydata(), drawn_numbers(x))


def can_be_drawn(figure, **_):
    figure.draw_without_rendering()


def agree_with_mean(_, axes, x, runs):
    if np.size(x):
        means = numbers_of(runs).mean(0)[np.argsort(numbers_of(x))]
        np.testing.assert_allclose(axes.lines[-1].get_ydata(), means)


def agree_with_mean_score(result, scores):
    agree_with(np.mean, rtol=1e-6)(result.value, a=scores)


def agree_with_what_is_read(paths, path, X, y, **_):
    features, labels = zip(*records.read_records(path), strict=True)
    for values, read in ((X, features), (y, labels)):
        if not isinstance(values, dict) and not hasattr(values, "columns"):
            np.testing.assert_array_equal(np.stack(read), np.asarray(values))


def agree_with_batches(input_fn, x, y, **_):
    features, labels = zip(*input_fn(), strict=True)
    for values, batches in ((x, features), (y, labels)):
        if not isinstance(values, dict) and not hasattr(values, "columns"):
            np.testing.assert_array_equal(np.concatenate(batches), numbers_of(values))


def convolutions(X, kernel):
    return convolve.apply_convolutions(X, kernel)


close = {"rtol": 1e-6, "atol": 1e-9}
shaped = agree_with(lambda trace: np.convolve(trace, generate.SHAPER_KERNEL, "valid"))
CENTRES = {"centres": np.array([0.2, 0.5]), "widths": np.array([0.1, 0.2])}
BATCHES = {"batch_size": 2, "shuffle": False, "seed": 3, "weights": None}
KERNELS = {"kernels_first": FIRST, "kernels_second": SECOND, "labels": NAMES}
UNCERTAIN = np.full((2, 4), 0.25)
CASES = [
    case(convolutions, agree_with_convolutions, X=X, kernel=KERNEL),
    case(convolve.product_of_traces, agree_with(product, **close), X=X, kernel=KERNEL),
    case(convolve.zero_sum_kernels, shape=(1, 3, 2), dtype="float32"),
    case(generate.shaper, shaped, trace=LINE),
    case(generate.spectrum_shapes, agree_with_peaks, n_bins=5, **CENTRES),
    case(generate.generate_pulses, n_samples=2, **PULSES),
    case(generate.stream_pulses, batch_size=2, **PULSES),
    case(generate.generate_circles, n_samples=2, seed=3),
    case(generate.generate_spectra, n_samples=2, n_bins=5, seed=3),
    case(generate.stream_spectra, batch_size=2, seed=3, n_bins=5),
    case(generate.detector_planes, n_particles=2, seed=3),
    case(generate.split_names, seed=3),
    case(generate.encode_names, names=NAMES),
    case(generate.generate_showers, n_samples=2, seed=3),
    case(generate.shower_library, label=1, n_templates=2, seed=3),
    case(generate.generate_digits, n_samples=2, seed=3),
    case(generate.write_data, folder="nowhere"),
    case(showers.shower_moments, X=np.ones((2, 10, 10))),
    case(showers.pair_odds, X=np.ones((2, 10, 10)), n_templates=5),
    case(plot.plot_traces, agree_with_curves, X=X, y=LABELS, **DRAWN),
    case(plot.plot_convolved, agree_with_markers, x=LINE, kernel=KERNEL, **DRAWN),
    case(plot.plot_synthetic, agree_with_images, Z=np.tanh(X), y=LABELS, row_labels=NAMES, **DRAWN),
    case(plot.plot_kernels, can_be_drawn, **KERNELS, time_step=10.0, unit="ns"),
    case(plot.plot_predictions, agree_with_curves, X=X, y=LABELS, probabilities=UNCERTAIN, **DRAWN),
    case(
        plot.draw_seeds,
        agree_with_mean,
        axes=Figure().subplots(),
        x=np.arange(3),
        runs=np.arange(6.0).reshape(2, 3),
    ),
    case(plot.legend_above, axes=Figure().subplots()),
    case(
        records.write_records,
        agree_with_what_is_read,
        **{"path": "set", "X": X, "y": LABELS, "shards": 1, "compression": None},
    ),
    case(records.read_records, path="nowhere", batch_size=2, shuffle=2, seed=3),
    case(tables.show_table, rows={"dense": (11600, 0.5)}, columns=list("abc"), digits=3),
    case(estimator.numpy_input_fn, agree_with_batches, x=X, y=LABELS, **BATCHES),
    case(estimator.numeric_inputs, table={"x": LINE}),
    case(statistics.mean, agree_with_mean_score, scores=SCORES),
    case(statistics.paired_difference, scores=SCORES, others=SCORES[::-1]),
    case(statistics.difference, scores=SCORES, others=SCORES[::-1]),
    case(statistics.share_interval, count=2, total=3, confidence=0.9),
    case(statistics.median_interval, values=SCORES, confidence=0.9, n_resamples=100, seed=3),
    case(
        statistics.calibration_floor,
        **{"confidence": SCORES, "n_groups": 2, "level": 0.9, "n_samples": 100, "seed": 3},
    ),
    case(statistics.calibration_error, confidence=SCORES, right=SCORES > 0.3, n_groups=2),
    case(fit.take_apart, X=np.zeros((1, 1, 20)), amplitude=5.0),
    case(fit.find_pulses, X=np.zeros((1, 20)), noise=0.5, gain=16.0, amplitude=5.0),
    case(fit.shared_times, times=np.array([[[1.0, 2.0], [2.0, 3.0]]])),
    case(rules.pulse_responses, X=X, amplitude=5.0),
    case(rules.find_coincidences, X=X, amplitude=5.0, ceiling=1.0, scale=1e-7, n_phases=10),
    case(rules.matched_scores, X=X, latency=2, noise=0.5, ceiling=1.0, amplitude=5.0),
    case(ngrams.ngram_bits, seen=NAMES, names=NAMES, n=2),
    case(scores.bins_of, n_bins=4, n_times=6),
    case(scores.scores, probabilities=UNCERTAIN, labels=LABELS, n_times=6),
    case(scores.lead_per_sample, right=np.eye(2, 3), others=np.array([1.0, 0, 0])),
    case(scores.bits_per_name, logits=np.zeros((1, LONGEST + 1, 27)), names=NAMES[:1]),
    case(scores.match_times, found=np.array([[1.0]]), true=np.array([[1.5, 9]]), window=2.0),
    case(
        laboratory.draw_triplets,
        **{"n": 3, "seed": 1},
        **dict.fromkeys(("width", "height", "noise", "rate"), SCORES),
    ),
    case(trigger.efficiency, threshold=SCORES),
    case(trigger.best_threshold, log_rate=SCORES),
    case(trigger.nearest_move, wanted=SCORES),
    case(trigger.expected_reward, threshold=SCORES, log_rate=SCORES),
    case(gluing.glue, name="dk-x", text="0.93"),
    case(data.wget_data, url="", known_hash=None, directory=None),
    case(data.locate_data, name="nothing"),
]
