"""Whatever is brought to a helper: the right result or one sentence, and nothing is changed."""

import importlib
import inspect
import pkgutil
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from scipy import stats

import helpers
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
from tests.helpers.any_input import KINDS, SCALARS, Quantity, anything, cast, numbers_of
from tools.bench.loops import loop_convolutions

X = np.array([[[0, 1, 4, 1, 0, 0], [2, 2, 3, 5, 3, 2]], [[0, 0, 1, 2, 1, 0], [1, 1, 1, 1, 0, 0]]])
KERNEL, LINE, TIME = np.array([1, -2, 1]), X[0, 1], np.arange(6)
SCORES = np.array([0.25, 0.5, 1.0])
FIRST, SECOND = np.ones((1, 3, 1, 2)), np.ones((2, 5, 2, 1))
NAMES = np.array(["slope", "curvature"])


class Case(NamedTuple):
    """A public function, good arguments of it, and what its result has to agree with."""

    function: Callable
    arguments: dict
    agree: Callable | None = None


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


PULSES = {"n_traces": 2, "n_times": 9, "mean_background": 1.0, "amplitude": 5.0, "n_smooth": 1}
PULSES |= {"duration": 1.0, "seed": 3}
DRAWN = {"time": TIME, "unit": "ns"}
CASES = [
    Case(
        lambda X, kernel: convolve.apply_convolutions(X, kernel),
        {"X": X, "kernel": KERNEL},
        agree_with_convolutions,
    ),
    Case(
        convolve.product_of_traces,
        {"X": X, "kernel": KERNEL},
        agree_with(product, rtol=1e-6, atol=1e-9),
    ),
    Case(convolve.zero_sum_kernels, {"shape": (1, 3, 2), "dtype": "float32"}),
    Case(
        generate.shaper,
        {"trace": LINE},
        agree_with(lambda trace: np.convolve(trace, generate.SHAPER_KERNEL, "valid")),
    ),
    Case(
        generate.spectrum_shapes,
        {"n_bins": 5, "centres": np.array([0.2, 0.5]), "widths": np.array([0.1, 0.2])},
        agree_with_peaks,
    ),
    Case(generate.generate_pulses, {"n_samples": 2, **PULSES}),
    Case(generate.stream_pulses, {"batch_size": 2, **PULSES}),
    Case(generate.generate_circles, {"n_samples": 2, "seed": 3}),
    Case(generate.generate_spectra, {"n_samples": 2, "n_bins": 5, "seed": 3}),
    Case(generate.stream_spectra, {"batch_size": 2, "seed": 3, "n_bins": 5}),
    Case(generate.detector_planes, {"n_particles": 2, "seed": 3}),
    Case(generate.split_names, {"seed": 3}),
    Case(generate.encode_names, {"names": NAMES}),
    Case(generate.generate_showers, {"n_samples": 2, "seed": 3}),
    Case(generate.shower_library, {"label": 1, "n_templates": 2, "seed": 3}),
    Case(generate.generate_digits, {"n_samples": 2, "seed": 3}),
    Case(showers.shower_moments, {"X": np.ones((2, 10, 10))}),
    Case(showers.pair_odds, {"X": np.ones((2, 10, 10)), "n_templates": 5}),
    Case(generate.write_data, {"folder": "nowhere"}),
    Case(plot.plot_traces, {"X": X, "y": np.array([1, 2]), **DRAWN}, agree_with_curves),
    Case(plot.plot_convolved, {"x": LINE, "kernel": KERNEL, **DRAWN}, agree_with_markers),
    Case(
        plot.plot_synthetic,
        {"Z": np.tanh(X), "y": np.array([1, 2]), **DRAWN, "row_labels": NAMES},
        agree_with_images,
    ),
    Case(
        plot.plot_kernels,
        {"kernels_first": FIRST, "kernels_second": SECOND, "labels": NAMES}
        | {"time_step": 10.0, "unit": "ns"},
        can_be_drawn,
    ),
    Case(
        plot.plot_predictions,
        {"X": X, "y": np.array([1, 2]), "probabilities": np.full((2, 4), 0.25), **DRAWN},
        agree_with_curves,
    ),
    Case(
        plot.draw_seeds,
        {"axes": Figure().subplots(), "x": np.arange(3), "runs": np.arange(6.0).reshape(2, 3)},
        agree_with_mean,
    ),
    Case(plot.legend_above, {"axes": Figure().subplots()}),
    Case(
        records.write_records,
        {"path": "set", "X": X, "y": np.array([1, 2]), "shards": 1, "compression": None},
        agree_with_what_is_read,
    ),
    Case(records.read_records, {"path": "nowhere", "batch_size": 2, "shuffle": 2, "seed": 3}),
    Case(tables.show_table, {"rows": {"dense": (11600, 0.5)}, "columns": list("abc"), "digits": 3}),
    Case(
        estimator.numpy_input_fn,
        {"x": X, "y": np.array([1, 2]), "batch_size": 2, "shuffle": False}
        | {"seed": 3, "weights": None},
        agree_with_batches,
    ),
    Case(estimator.numeric_inputs, {"table": {"x": LINE}}),
    Case(
        statistics.mean,
        {"scores": SCORES},
        lambda result, scores: agree_with(np.mean, rtol=1e-6)(result.value, a=scores),
    ),
    Case(statistics.paired_difference, {"scores": SCORES, "others": SCORES[::-1]}),
    Case(statistics.difference, {"scores": SCORES, "others": SCORES[::-1]}),
    Case(statistics.share_interval, {"count": 2, "total": 3, "confidence": 0.9}),
    Case(
        statistics.median_interval,
        {"values": SCORES, "confidence": 0.9, "n_resamples": 100, "seed": 3},
    ),
    Case(
        statistics.calibration_floor,
        {"confidence": SCORES, "n_groups": 2, "level": 0.9, "n_samples": 100, "seed": 3},
    ),
    Case(
        statistics.calibration_error,
        {"confidence": SCORES, "right": np.array([True, False, True]), "n_groups": 2},
    ),
    Case(fit.take_apart, {"X": np.zeros((1, 1, 20)), "amplitude": 5.0}),
    Case(
        fit.find_pulses,
        {"X": np.zeros((1, 20)), "noise": 0.5, "gain": 16.0, "amplitude": 5.0},
    ),
    Case(fit.shared_times, {"times": np.array([[[1.0, 2.0], [2.0, 3.0]]])}),
    Case(
        rules.pulse_responses,
        {"X": X, "amplitude": 5.0},
    ),
    Case(
        rules.find_coincidences,
        {"X": X, "amplitude": 5.0, "ceiling": 1.0, "scale": 1e-7, "n_phases": 10},
    ),
    Case(
        rules.matched_scores,
        {"X": X, "latency": 2, "noise": 0.5, "ceiling": 1.0, "amplitude": 5.0},
    ),
    Case(ngrams.ngram_bits, {"seen": NAMES, "names": NAMES, "n": 2}),
    Case(scores.bins_of, {"n_bins": 4, "n_times": 6}),
    Case(
        scores.scores,
        {"probabilities": np.full((2, 4), 0.25), "labels": np.array([1, 2]), "n_times": 6},
    ),
    Case(
        scores.lead_per_sample,
        {"right": np.array([[1, 0, 1.0], [1, 1, 0]]), "others": np.array([1.0, 0, 0])},
    ),
    Case(scores.bits_per_name, {"logits": np.zeros((2, LONGEST + 1, 27)), "names": NAMES}),
    Case(
        scores.match_times,
        {"found": np.array([[1.0, 2.0]]), "true": np.array([[1.5, 9.0]]), "window": 2.0},
    ),
    Case(
        laboratory.draw_triplets,
        {"n": 3, "seed": 1, "width": SCORES, "height": SCORES, "noise": SCORES, "rate": SCORES},
    ),
    Case(trigger.efficiency, {"threshold": SCORES}),
    Case(trigger.best_threshold, {"log_rate": SCORES}),
    Case(trigger.nearest_move, {"wanted": SCORES}),
    Case(trigger.expected_reward, {"threshold": SCORES, "log_rate": SCORES}),
    Case(gluing.glue, {"name": "dk-x", "text": "0.93"}),
    Case(data.wget_data, {"url": "", "known_hash": None, "directory": None}),
    Case(data.locate_data, {"name": "nothing"}),
]
NOTHING_TO_BRING = {"forged_spectra", "monitor_spectra", "use_style"}
ELSEWHERE = {"arguments", "blocks", "checks", "files", "runtime"}
ARGUMENTS = [
    pytest.param(case, name, id=f"{case.function.__name__}-{name}")
    for case in CASES
    for name in case.arguments
]


def holds_array(case, name):
    return isinstance(case.arguments[name], np.ndarray)


# What is no whole number, and no number, and what is none of those that are meant.
MISTAKES = {int: ([2.5, 2.0, True, "3", float("nan")], [-1, 10**40])}
MISTAKES |= {float: ([True, "3", 1j, [1.0]], [float("nan"), float("inf"), -1])}
NUMBERS = [
    pytest.param(case, name, kind, id=f"{case.function.__name__}-{name}")
    for case in CASES
    for name, parameter in inspect.signature(case.function).parameters.items()
    for kind in MISTAKES
    if parameter.annotation in (kind, kind | None)
]


def exported(room):
    module = importlib.import_module(f"helpers.{room}")
    for name in getattr(module, "__all__", vars(module)):
        value = getattr(module, name)
        if inspect.isfunction(value) and value.__module__.startswith(module.__name__):
            yield name


def test_no_public_function_is_forgotten():
    rooms = {module.name for module in pkgutil.iter_modules(helpers.__path__)} - ELSEWHERE
    functions = {name for room in rooms for name in exported(room) if not name.startswith("_")}
    tried = {case.function.__name__ for case in CASES} - {"<lambda>"}
    assert functions == tried | NOTHING_TO_BRING | {"apply_convolutions"}


def is_our_sentence(error):
    """Tell whether an error is one sentence, and raised by the helpers themselves."""
    raised = traceback.extract_tb(error.__traceback__)[-1]
    is_ours = Path(helpers.__file__).parent in Path(raised.filename).parents
    is_one = str(error).endswith(".") and str(error).isprintable()
    return is_ours and is_one and raised.line.startswith("raise ")


def contents(value):
    """Return what a value holds, to be compared."""
    if isinstance(value, dict):
        return {key: contents(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return list(map(contents, value))
    if isinstance(value, np.ndarray):
        held = repr(np.ma.getdata(value).tolist()), repr(np.ma.getmask(value))
        return value.dtype, value.shape, value.flags.writeable, held
    return repr(value)


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path_factory.mktemp("elsewhere"))
        patched.setenv("DEEP_LEARNING_DATA", "cache")
        yield


def try_it(case, arguments):
    """Call a function; the result has to be right, or the error ours."""
    brought = contents(arguments)
    try:
        result = case.function(**arguments)
        if case.agree:
            case.agree(result, **arguments)
    except (ValueError, TypeError, OSError) as error:
        if not is_our_sentence(error):
            raise
    assert contents(arguments) == brought


@pytest.mark.filterwarnings("ignore:Glyph", "ignore:overflow:RuntimeWarning:pandas")
@pytest.mark.parametrize(("case", "name"), ARGUMENTS)
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_whatever_is_brought_gives_the_right_result_or_one_sentence(case, name, data):
    good = case.arguments[name]
    values = anything(good) if holds_array(case, name) else st.sampled_from(SCALARS)
    try_it(case, case.arguments | {name: data.draw(values)})


@pytest.mark.parametrize(
    ("case", "name"), [case for case in ARGUMENTS if holds_array(*case.values)]
)
def test_good_values_of_every_type_give_the_right_result_or_one_sentence(case, name):
    good = case.arguments[name]
    for kind in KINDS:
        try_it(case, case.arguments | {name: cast(good, kind)})
    with pytest.raises(TypeError, match=r"carries a unit, .*\.$"):
        case.function(**case.arguments | {name: Quantity(good)})


@pytest.mark.parametrize(("case", "name", "kind"), NUMBERS)
def test_one_mistake_is_one_kind_of_error(case, name, kind):
    wrong_types, wrong_values = MISTAKES[kind]
    if inspect.signature(case.function).parameters[name].annotation is kind:
        wrong_types = [*wrong_types, None]
    for error, values in ((TypeError, wrong_types), (ValueError, wrong_values)):
        for value in values:
            with pytest.raises(error, match=rf"^{name} is .*, but it must be a .*number"):
                case.function(**case.arguments | {name: value})
