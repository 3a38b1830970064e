"""The generators: equal to the literal loop, true to their settings, and reproducible."""

from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers import blocks, files, generate
from helpers.generate import (
    generate_circles,
    generate_pulses,
    generate_spectra,
    pulses,
    stream_pulses,
    stream_spectra,
    tables,
    write_data,
)
from helpers.generate.__main__ import main
from tests.helpers.system import file_size_limited, peak_memory
from tools.bench.loops import loop_pulses

DATA = Path(__file__).resolve().parents[2] / "data"

# Facts about the files of the course that the lecture comes from: a name's key, shape,
# type of the values, type of the column labels, and columns.
UPSTREAM = {
    "circles_data.hf5": ("/data", (500, 2), "float64", "object", ["x0", "x1"]),
    "circles_targets.hf5": ("/data", (500, 1), "int64", "object", ["y"]),
    "spectra_data.hf5": ("/data", (200, 500), "float32", "int64", list(range(500))),
    "spectra_targets.hf5": ("/targets", (200, 2), "float64", "object", ["flux1", "flux2"]),
}

pulse_arguments = st.fixed_dictionaries(
    {
        "n_samples": st.integers(1, 40),
        "n_traces": st.integers(1, 4),
        "n_times": st.integers(2, 130),
        # Above 8 pulses in a trace, a sum in pairs differs from one in order.
        "mean_background": st.sampled_from([0, 0.3, 1.0, 12.0, 60.0]),
        "amplitude": st.floats(0, 50),
        "n_smooth": st.integers(0, 12),
        "duration": st.sampled_from([1.0, 2, 0.3, 7.7, 1e3]),
        "seed": st.integers(0, 2**32 - 1),
    }
)


def assert_same_samples(actual, expected):
    for one, other in zip(actual, expected, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


@settings(max_examples=150, deadline=None)
@given(pulse_arguments)
def test_pulses_equal_the_loop_bit_by_bit(arguments):
    assert_same_samples(generate_pulses(**arguments), loop_pulses(**arguments))


@settings(max_examples=100, deadline=None)
@given(pulse_arguments)
def test_sums_are_taken_in_the_order_of_the_loop(arguments):
    # Rounding to float32 hides nearly every difference in the last digits of float64.
    arguments = dict(arguments)
    expected = loop_pulses(**arguments, dtype=np.float64)
    n_samples, seed = arguments.pop("n_samples"), arguments.pop("seed")
    model = pulses._pulse_model(**arguments)
    samples = model.draw(n_samples, np.random.RandomState(seed), dtype=np.float64)
    assert_same_samples(samples, expected)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"n_samples": 3_000, "mean_background": 0},
        {"n_samples": 1_500, "mean_background": 15.0, "seed": 7},
        {"n_samples": 200, "n_traces": 8, "n_times": 1_000, "duration": 20.0, "seed": 2**32 - 1},
        {"n_samples": 2, "n_traces": 2, "n_times": 100_000, "n_smooth": 1},
    ],
)
def test_large_data_sets_equal_the_loop_bit_by_bit(arguments):
    assert_same_samples(generate_pulses(**arguments), loop_pulses(**arguments))


@pytest.mark.parametrize("block_values", [1, 700, 1 << 30])
def test_blocks_change_nothing(monkeypatch, block_values):
    expected = generate_pulses(n_samples=50), generate_spectra(n_samples=5)
    monkeypatch.setattr(blocks, "BLOCK_VALUES", block_values)
    assert_same_samples(generate_pulses(n_samples=50), expected[0])
    for frame, other in zip(generate_spectra(n_samples=5), expected[1], strict=True):
        pd.testing.assert_frame_equal(frame, other, check_exact=True)


@settings(max_examples=30, deadline=None)
@given(pulse_arguments)
def test_label_is_the_time_step_nearest_to_the_common_pulse(arguments):
    arguments |= {"mean_background": 0, "n_smooth": 0, "amplitude": 5.0}
    X, y = generate_pulses(**arguments)
    assert X.shape == tuple(arguments[name] for name in ("n_samples", "n_traces", "n_times"))
    assert (X[:, :1] == X).all()
    np.testing.assert_array_equal(
        np.take_along_axis(X[:, 0], y[:, None], axis=1)[:, 0], X.max((1, 2))
    )
    first, last = np.array(generate.SIGNAL_RANGE) * (arguments["n_times"] - 1)
    assert (np.floor(first) <= y).all()
    assert (y <= np.ceil(last)).all()


@pytest.mark.parametrize("mean_background", [0.0, 1.0, 60.0])
def test_peak_memory_is_below_four_times_the_result(mean_background):
    arrays, peak = peak_memory(generate_pulses, 10_000, mean_background=mean_background)
    assert peak < 4 * sum(array.nbytes for array in arrays)


def test_stream_of_pulses_draws_each_batch_from_a_child_of_the_seed():
    third = np.random.MT19937(np.random.SeedSequence(7, spawn_key=(2,)))
    batches = list(islice(stream_pulses(20, seed=7, n_times=40, mean_background=2.0), 3))
    assert_same_samples(batches[2], loop_pulses(20, n_times=40, mean_background=2.0, seed=third))


def test_streams_never_repeat_and_never_meet_the_data_set_of_the_same_seed():
    pulses = np.concatenate([X for X, _ in islice(stream_pulses(50, seed=123), 20)])
    pulses = np.concatenate([pulses, generate_pulses(1_000, seed=123)[0]])
    assert len(np.unique(pulses[:, 0, 0])) == len(pulses)
    spectra = [X for X, _ in islice(stream_spectra(10, seed=123), 5)]
    spectra = pd.concat([*spectra, generate_spectra(50, seed=123)[0]])
    assert not spectra.duplicated().any()


def test_streams_of_spectra_of_equal_seeds_are_equal():
    for one, other in zip(islice(stream_spectra(5, 9), 3), stream_spectra(5, 9), strict=False):
        assert one[0].equals(other[0])
        assert one[1].equals(other[1])


@pytest.mark.parametrize("seed", range(2))
def test_circles_follow_their_settings(seed):
    X, y = generate_circles(n_samples=4_000, seed=seed)
    radius, angle = np.hypot(X.x0, X.x1), np.arctan2(X.x1, X.x0)
    assert stats.kstest(angle, stats.uniform(-np.pi, 2 * np.pi).cdf).pvalue > 1e-4
    for label, mean in enumerate(generate.CIRCLE_RADII):
        chosen = radius[y.y == label]
        assert len(chosen) == 2_000
        assert stats.kstest(chosen, stats.norm(mean, generate.CIRCLE_SCATTER).cdf).pvalue > 1e-4


@pytest.mark.parametrize(("n_samples", "n_outer"), [(1, 1), (2, 1), (7, 4), (500, 250)])
def test_circles_are_balanced_and_shuffled(n_samples, n_outer):
    _, y = generate_circles(n_samples)
    assert (y.y == 0).sum() == n_outer
    assert n_samples < 500 or 200 < (np.diff(y.y) == 0).sum() < 300


def test_spectra_follow_their_settings():
    X, fluxes = generate_spectra(n_samples=2_000, seed=0)
    counts = X.to_numpy(float)
    assert (counts == counts.round()).all()
    flux1, flux2 = fluxes.flux1.to_numpy(), fluxes.flux2.to_numpy()

    present = np.array([flux1 > 0, flux2 > 0])
    assert present.mean(axis=1) == pytest.approx(0.5, abs=0.05)
    assert present.all(axis=0).mean() == pytest.approx(0.25, abs=0.05)
    assert flux1[present[0]].mean() == pytest.approx(110, abs=4)
    assert flux2[present[1]].mean() == pytest.approx(80, abs=4)
    assert flux1[present[0]].std() == pytest.approx(30, abs=3)

    # The background of the upstream files, counted in their 32 spectra without a peak.
    empty = counts[~present.any(axis=0)].mean(axis=0)
    assert empty[[0, 100, 450]] == pytest.approx([500.6, 403.6, 214.3], rel=0.03)
    assert counts[~present.any(axis=0)].var(axis=0).mean() == pytest.approx(empty.mean(), rel=0.05)

    bins = np.arange(500)
    for flux, other, centre, width in ((flux1, flux2, 149.7, 24.95), (flux2, flux1, 274.4, 59.9)):
        alone = (flux > 0) & (other == 0)
        peak = (counts[alone].mean(axis=0) - empty) / flux[alone].mean()
        window = abs(bins - centre) < 3 * width
        mean = np.average(bins[window], weights=peak[window])
        spread = np.sqrt(np.average((bins[window] - mean) ** 2, weights=peak[window]))
        assert peak.sum() == pytest.approx(499, rel=0.02)
        assert mean == pytest.approx(centre, abs=2)
        # A normal distribution cut off at three standard deviations is 1.4 % narrower.
        assert spread == pytest.approx(0.986 * width, rel=0.05)


def test_more_bins_show_the_same_spectrum_at_more_points():
    background, peaks = generate.spectrum_shapes(500)
    finer_background, finer_peaks = generate.spectrum_shapes(999)
    np.testing.assert_allclose(finer_background[::2], background)
    np.testing.assert_allclose(finer_peaks[:, ::2], peaks, atol=1e-12)


@pytest.mark.parametrize("name", UPSTREAM)
def test_data_files_have_the_upstream_layout_and_hold_what_the_generators_give(name):
    key, shape, values, labels, columns = UPSTREAM[name]
    with pd.HDFStore(DATA / name, mode="r") as store:
        assert store.keys() == [key]
        assert store.get_storer(key).format_type == "fixed"
        frame = store[key]
    assert frame.shape == shape
    assert {str(dtype) for dtype in frame.dtypes} == {values}
    assert str(frame.columns.dtype) == labels
    assert list(frame.columns) == columns
    assert list(frame.index) == list(range(shape[0]))
    # Cosines may differ in the last digit between mathematical libraries.
    generated = tables._data_tables()[name][1]
    pd.testing.assert_frame_equal(frame, generated, rtol=1e-12, atol=0, check_column_type=False)


def test_writing_the_data_keeps_what_the_registry_says_of_other_files(tmp_path):
    (tmp_path / "registry.txt").write_text(f"weights.h5 abc\n{next(iter(UPSTREAM))} old\n")
    write_data(tmp_path)
    lines = (tmp_path / "registry.txt").read_text().splitlines()
    assert sorted(line.split()[0] for line in lines) == sorted([*UPSTREAM, "weights.h5"])
    assert "weights.h5 abc" in lines


def test_writing_the_data_again_changes_nothing(tmp_path):
    assert write_data(tmp_path) == list(UPSTREAM)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(before) == {*UPSTREAM, "registry.txt"}
    assert write_data(tmp_path) == []
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_damaged_files_and_wrong_frames_are_written_anew(tmp_path):
    write_data(tmp_path)
    damaged, moved, other = (
        tmp_path / name
        for name in ("circles_data.hf5", "spectra_targets.hf5", "circles_targets.hf5")
    )
    damaged.write_bytes(damaged.read_bytes()[:1000])
    pd.read_hdf(moved).to_hdf(moved, key="data", mode="w")
    (1 - pd.read_hdf(other)).to_hdf(other, key="data", mode="w")
    assert sorted(write_data(tmp_path)) == sorted([damaged.name, moved.name, other.name])
    assert pd.read_hdf(damaged).equals(generate_circles()[0])
    assert pd.read_hdf(other).equals(generate_circles()[1])
    assert f"{damaged.name} {files.file_hash(damaged)}" in (tmp_path / "registry.txt").read_text()


@pytest.mark.only_on("posix", reason="limits the size of files")
def test_a_full_disk_is_told_and_leaves_the_old_files(tmp_path, capsys):
    (tmp_path / "circles_data.hf5").write_bytes(b"old")
    with file_size_limited(1_200_000), pytest.raises(SystemExit) as ending:
        main([str(tmp_path)])
    assert ending.value.code == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(f"The data files in {str(tmp_path)!r} stay as they were, and new ones")
    assert "free some space" in said
    assert [path.name for path in tmp_path.iterdir()] == ["circles_data.hf5"]
    assert (tmp_path / "circles_data.hf5").read_bytes() == b"old"


def test_the_command_says_what_it_wrote(tmp_path, capsys):
    main([str(tmp_path)])
    assert "wrote circles_data.hf5, circles_targets.hf5" in capsys.readouterr().out
    main([str(tmp_path)])
    assert capsys.readouterr().out == f"{tmp_path}: up to date.\n"
