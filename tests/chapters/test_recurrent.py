"""What the chapter "Give a network a memory" claims, with the code it shows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


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
    taken[:, 0] = True
    expected = pd.DataFrame(messages[..., 0]).where(taken).ffill(axis=1)
    np.testing.assert_array_equal(held[..., 0], expected)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_sums_are_those_of_integers(chapter, n_bits, seed):
    addends, total, carry = chapter["draw_additions"](2, n_bits, np.random.default_rng(seed))
    places = 2 ** np.arange(n_bits + 1)
    pairs, sums = (places @ bits.astype(int) for bits in (addends, total))
    np.testing.assert_array_equal(pairs.sum(axis=1), sums[:, 0])
    assert not carry[:, -1].any()


@pytest.mark.claim("rn-holder-error", "rn-left-30", "rn-left-200")
def test_one_lstm_unit_learns_to_sample_and_to_hold(chapter, seed, band):
    holder = chapter["train_holder"](seed)
    messages, held = chapter["draw_voltages"](500, 30, 0.12, np.random.default_rng(99))
    error = np.sqrt(np.mean((chapter["outputs"](holder, messages) - held) ** 2))
    gates = chapter["lstm_gates"](messages[0], *holder.layers[0].get_weights())
    strobe = messages[0, :, 1] > 0
    forget, write = gates["forget gate"], gates["input gate"]
    left_over = chapter["stored_difference"](holder)
    predicted = np.exp(-np.arange(200) / chapter["time_constant"](holder))
    assert band("holder, error / spread", error / held.std()) < 0.2
    assert band("holder, kept between strobes", forget[~strobe].mean()) > 0.95
    assert band("holder, kept at strobes", forget[strobe].mean()) < 0.5
    assert band("holder, written at strobes", write[strobe].mean() - write[~strobe].mean()) > 0
    assert band("holder, left of prediction", np.abs(left_over - predicted).max()) < 0.15
    assert band("holder, left after 30", left_over[30]) > 0.6
    assert band("holder, left after 200", left_over[-1]) < left_over[30]


@pytest.mark.claim("rn-sums-1000")
def test_the_adder_carries_on_beyond_its_training(chapter, seed):
    adder = chapter["train_adder"](seed)
    addends, _, carry = chapter["draw_additions"](1, 200, np.random.default_rng(seed))
    states = chapter["outputs"](adder.layers[0], addends)[0]
    read = chapter["share_of_carries_read"](states, carry[0])
    assert chapter["share_of_right_sums"](adder, 8) == 1
    assert min(read, chapter["share_of_right_sums"](adder, 300)) > 0.95
