"""What the chapter "Give a network a memory" claims, with the code it shows."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import statistics
from helpers.data import BOOK_FOLDERS
from tools.bench.recurrent_runs import LENGTHS, SEEDS, tasks


@pytest.fixture(scope="module")
def runs():
    return json.loads((BOOK_FOLDERS[0] / "recurrent_runs.json").read_text())


def of_seeds(runs, study, name, what):
    return [run[what] for run in runs[study][name].values()]


def test_every_comparison_has_five_seeds(chapter, runs):
    for study, task in tasks(chapter).items():
        for name in task.networks:
            assert sorted(map(int, runs[study][name])) == list(SEEDS)


@pytest.mark.claim("rn-echo-gain", "rn-top-gain", "rn-parity-gain")
@pytest.mark.parametrize(
    ("study", "what", "more", "less"),
    [
        ("echo", "error", "10", "20"),
        ("hold", "error", "LSTM, 1 unit", "LSTM, 16 units"),
        ("add", "1000", "plain", "convolution"),
        ("top", "8", "both", "forwards"),
        ("parity", "1000", "from −1", "from 0"),
    ],
)
def test_differences_that_are_claimed_are_more_than_two_of_their_errors(
    runs, study, what, more, less
):
    scores = (of_seeds(runs, study, name, what) for name in (more, less))
    assert statistics.paired_difference(*scores).standard_errors > 2


@pytest.mark.claim("rn-plain-gain", "rn-plain-log")
def test_one_plain_network_hardly_learned_to_hold(runs):
    plain, gated = (
        np.array(of_seeds(runs, "hold", name, "error"))
        for name in ("plain, 16 units", "LSTM, 1 unit")
    )
    assert (plain > 0.3).sum() == 1
    assert statistics.paired_difference(plain, gated).standard_errors < 2
    assert statistics.paired_difference(np.log(plain), np.log(gated)).standard_errors > 2


@pytest.mark.claim("rn-rule-8", "rn-rule-20")
def test_no_window_adds_better_than_its_rule_and_a_long_one_suffices(chapter, runs):
    for length, right in zip(map(str, LENGTHS), runs["rule"]["8"], strict=True):
        assert max(of_seeds(runs, "add", "convolution", length)) <= right + 0.03
    assert runs["rule"]["8"][-1] < 0.2 < runs["rule"]["12"][-1] < runs["rule"]["20"][-1]
    assert all(of_seeds(runs, "add", "plain", "carry"))
    assert not any(of_seeds(runs, "add", "linear", "carry"))
    plain, linear = (of_seeds(runs, "add", name, "1000") for name in ("plain", "linear"))
    assert abs(np.subtract(plain, runs["rule"]["20"][-1])).max() < 0.002
    assert statistics.paired_difference(plain, linear).standard_errors < 2
    bits, total = chapter["draw_additions"](20, 12, np.random.default_rng(1))
    np.testing.assert_array_equal(chapter["add_within"](bits, window=13), total)


@pytest.mark.claim("rn-top-limit")
def test_nobody_who_reads_from_the_top_can_know_the_carry(chapter, runs):
    bits, total = chapter["draw_from_the_top"](20_000, 8, np.random.default_rng(1))
    without_carry = (bits.sum(axis=-1, keepdims=True) % 2 == total).mean()
    assert without_carry == pytest.approx(np.mean((1 + 0.5 ** np.arange(9)) / 2), abs=0.01)
    assert max(of_seeds(runs, "top", "forwards", "8")) < without_carry + 0.02


@pytest.mark.claim("rn-slope-deviation")
@pytest.mark.parametrize(
    ("activation", "radius"),
    [("linear", 0.8), ("linear", 1.0), ("linear", 1.25), ("tanh", 0.8), ("tanh", 1.25)],
)
def test_gradients_grow_with_the_spectral_radius_unless_units_saturate(
    chapter, seed, band, activation, radius
):
    rng = np.random.default_rng(seed)
    growth = chapter["growth_per_step"](chapter["measure_gradients"](activation, radius, rng))
    band(f"growth, {activation}, {radius}", growth)
    if (activation, radius) == ("tanh", 1.25):
        assert growth < 0.6 * np.log(radius)
    else:
        assert growth == pytest.approx(np.log(radius), abs=0.05)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_sample_and_hold_keeps_what_was_last_taken(chapter, n_steps, seed):
    messages, held = chapter["draw_voltages"](3, n_steps, 0.3, np.random.default_rng(seed))
    taken = messages[..., 1] > 0
    expected = pd.DataFrame(messages[..., 0]).where(taken).ffill(axis=1)
    np.testing.assert_array_equal(held[..., 0], expected)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_sums_are_those_of_integers(chapter, n_bits, seed):
    bits, total = chapter["draw_additions"](2, n_bits, np.random.default_rng(seed))
    places = 2 ** np.arange(n_bits + 1)
    pairs, sums = (places @ each.astype(int) for each in (bits, total))
    np.testing.assert_array_equal(pairs.sum(axis=1), sums[:, 0])


@pytest.mark.claim("rn-holder-error", "rn-left-30", "rn-left-200")
def test_one_lstm_unit_learns_to_sample_and_to_hold(chapter, seed, band):
    holder = chapter["train_holder"](seed, **chapter["NO_FEEDBACK"])
    messages, held = chapter["draw_voltages"](500, 30, 0.12, np.random.default_rng(99))
    error = np.sqrt(np.mean((chapter["outputs"](holder, messages) - held) ** 2))
    gates = chapter["lstm_gates"](messages[0], *holder.layers[0].get_weights())
    strobe = messages[0, :, 1] > 0
    left_over = chapter["stored_difference"](holder)
    predicted = np.exp(-np.arange(200) / chapter["time_constant"](holder))
    assert band("holder, error / spread", error / held.std()) < 0.2
    assert band("holder, kept between strobes", gates["f"][~strobe].mean()) > 0.95
    assert band("holder, kept at strobes", gates["f"][strobe].mean()) < 0.5
    assert band("holder, left of prediction", np.abs(left_over - predicted).max()) < 0.15
    assert band("holder, left after 200", left_over[-1]) < left_over[30]


@pytest.mark.claim("rn-sums-1000")
def test_the_adder_carries_on_beyond_its_training(chapter, seed):
    adder = chapter["train_on_bits"](chapter["adder"], chapter["draw_additions"], seed)
    for n_bits in (8, 300):
        right = chapter["right_bits"](adder, chapter["draw_additions"], n_bits)
        assert right.all(axis=(1, 2)).mean() > 0.95


def test_a_linear_recurrence_does_not_see_the_future(chapter):
    bits, _ = chapter["draw_additions"](3, 20, np.random.default_rng(1))
    changed = np.where(np.arange(21)[:, np.newaxis] > 10, 1 - bits, bits)
    model = chapter["LinearRecurrence"](-1.0)
    before, now = (chapter["outputs"](model, each) for each in (bits, changed))
    np.testing.assert_allclose(before[:, :11], now[:, :11], atol=1e-5)
    assert np.abs(before[:, 11:] - now[:, 11:]).max() > 1e-3
