"""What the chapter "Give a network a memory" claims, with the code it shows."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers, ops

from tests.chapters.running import run_cells

SEEDS = (1, 2, 3)
FEWER_SEEDS = (1, 2)


@pytest.fixture(scope="module")
def chapter():
    return run_cells("recurrent", "define")


@pytest.mark.parametrize("weight", [0.5, 0.9, 0.99])
def test_one_unit_forgets_with_its_time_constant(chapter, weight):
    impulse = np.eye(200)[0]
    expected = np.exp(np.arange(200) * np.log(weight))
    np.testing.assert_allclose(chapter["feedback"](impulse, weight), expected)


def random_layer(kind, n_units, seed):
    keras.utils.set_random_seed(seed)
    options = {"bias_initializer": "random_normal", "dtype": "float64"}
    return kind(n_units, return_sequences=True, **options)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n_units", [1, 5])
def test_cells_by_hand_equal_those_of_keras(chapter, seed, n_units):
    message = np.random.default_rng(seed).normal(size=(30, 2))
    plain, lstm = (random_layer(kind, n_units, seed) for kind in (layers.SimpleRNN, layers.LSTM))
    of_plain, of_lstm = (ops.convert_to_numpy(layer(message[None]))[0] for layer in (plain, lstm))
    by_hand = chapter["unroll"](message, *plain.get_weights())
    np.testing.assert_allclose(by_hand, of_plain, rtol=0, atol=1e-14)
    by_hand = chapter["lstm_gates"](message, *lstm.get_weights())["state"]
    np.testing.assert_allclose(by_hand, of_lstm, rtol=0, atol=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("radius", [0.8, 1.0, 1.25])
def test_gradients_grow_with_the_spectral_radius(chapter, seed, radius):
    rng = np.random.default_rng(seed)
    growth = chapter["growth_per_step"](chapter["measure_gradients"]("linear", radius, rng))
    assert growth == pytest.approx(np.log(radius), abs=0.05)


@pytest.mark.parametrize("seed", FEWER_SEEDS)
def test_saturation_tames_the_explosion_and_not_the_vanishing(chapter, seed):
    rng = np.random.default_rng(seed)
    vanishing = chapter["growth_per_step"](chapter["measure_gradients"]("tanh", 0.8, rng))
    exploding = chapter["growth_per_step"](chapter["measure_gradients"]("tanh", 1.25, rng))
    assert vanishing == pytest.approx(np.log(0.8), abs=0.05)
    assert exploding < 0.6 * np.log(1.25)


def held_in_a_loop(voltage, strobe):
    held, now = [], None
    for value, take in zip(voltage, strobe, strict=True):
        now = value if take or now is None else now
        held.append(now)
    return held


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_sample_and_hold_is_the_loop_one_would_write(chapter, n_steps, seed):
    messages, held = chapter["draw_voltages"](3, n_steps, 0.3, np.random.default_rng(seed))
    for message, expected in zip(messages, held[..., 0], strict=True):
        np.testing.assert_array_equal(held_in_a_loop(*message.T), expected)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200), st.integers(0, 2**32 - 1))
def test_sums_are_those_of_integers(chapter, n_bits, seed):
    addends, total, carry = chapter["draw_additions"](2, n_bits, np.random.default_rng(seed))
    for bits, right, carries in zip(addends, total, carry, strict=True):
        first, second, expected = (as_integer(row) for row in (*bits.T, right[:, 0]))
        assert first + second == expected
        assert carries[-1] == 0


def as_integer(bits):
    return sum(int(bit) << place for place, bit in enumerate(bits))


@pytest.mark.parametrize("seed", FEWER_SEEDS)
def test_one_lstm_unit_learns_to_sample_and_to_hold(chapter, seed):
    holder = chapter["train_holder"](seed)
    messages, held = chapter["draw_voltages"](500, 30, 0.12, np.random.default_rng(99))
    error = np.sqrt(np.mean((chapter["outputs"](holder, messages) - held) ** 2))
    assert error < 0.1 * held.std()
    gates = chapter["lstm_gates"](messages[0], *holder.layers[0].get_weights())
    strobe = messages[0, :, 1] > 0
    assert gates["forget gate"][~strobe].mean() > 0.98
    assert gates["forget gate"][strobe].mean() < 0.2
    assert gates["input gate"][strobe].mean() > gates["input gate"][~strobe].mean() + 0.1
    left_over = chapter["stored_difference"](holder)
    predicted = np.exp(-np.arange(200) / chapter["time_constant"](holder))
    np.testing.assert_allclose(left_over, predicted, atol=0.06)
    assert left_over[30] > 0.75
    assert left_over[-1] < 0.65


@pytest.mark.parametrize("seed", SEEDS)
def test_the_adder_carries_on_beyond_its_training(chapter, seed):
    adder = chapter["train_adder"](seed)
    assert chapter["share_of_right_sums"](adder, 8) == 1
    assert chapter["share_of_right_sums"](adder, 300) >= 0.95
    addends, _, carry = chapter["draw_additions"](1, 200, np.random.default_rng(seed))
    states = chapter["outputs"](adder.layers[0], addends)[0]
    assert chapter["share_of_carries_read"](states, carry[0]) == 1


def test_tracks_have_the_lengths_and_padding_they_say(chapter):
    tracks, _ = chapter["draw_tracks"](200, np.random.default_rng(1))
    lengths = tracks.row_lengths().numpy()
    assert lengths.min() == 2
    assert lengths.max() == chapter["MOST_HITS"]
    assert tracks.values.numpy().min() > 0
    padded = chapter["padded"](tracks, 50)
    np.testing.assert_array_equal((padded != chapter["PADDING"]).sum(axis=(1, 2)), lengths)


@pytest.fixture(scope="module")
def marked_tracks(chapter):
    return chapter["draw_tracks"](2000, np.random.default_rng(99))


def shares_by_padding(chapter, seed, masked, tracks):
    model = chapter["train_identifier"](seed, masked)
    return [chapter["share_identified"](model, *tracks, length) for length in (20, 100)]


def test_a_mask_makes_the_answer_independent_of_padding(chapter, marked_tracks):
    tracks, species = marked_tracks
    limit = np.mean((chapter["log_likelihood_ratio"](tracks) > 0) == species)
    assert limit == pytest.approx(0.905, abs=0.02)
    for seed in FEWER_SEEDS:
        as_in_training, longer = shares_by_padding(chapter, seed, True, marked_tracks)
        assert as_in_training == longer
        assert as_in_training == pytest.approx(limit, abs=0.025)


def test_without_a_mask_more_padding_changes_the_answer(chapter, marked_tracks):
    """Not for every seed: of the seeds 1 to 4, the last gets away with it."""
    for seed in FEWER_SEEDS:
        as_in_training, longer = shares_by_padding(chapter, seed, False, marked_tracks)
        assert as_in_training > 0.84
        assert longer < as_in_training - 0.1


@pytest.mark.parametrize("kind", ["recurrent", "convolutional"])
def test_triggers_do_not_see_the_future(chapter, kind):
    keras.utils.set_random_seed(1)
    model = chapter[f"{kind}_trigger"]()
    X, _ = chapter["noisy_pulses"](5, seed=1)
    prepare = chapter["with_history"] if kind == "convolutional" else np.array
    scores = chapter["outputs"](model, prepare(X))
    for now in (0, 60):
        changed = X.copy()
        changed[:, :, now + 1 :] = 0
        after = chapter["outputs"](model, prepare(changed))
        np.testing.assert_allclose(after[:, : now + 1], scores[:, : now + 1], atol=1e-5)
        assert np.abs(after[:, now + 1] - scores[:, now + 1]).max() > 1e-3


@pytest.mark.parametrize("latency", range(1, 6))
def test_the_curvature_does_not_see_the_future(chapter, latency):
    X, _ = chapter["noisy_pulses"](5, seed=1)
    scores = chapter["curvature_scores"](X, latency)
    changed = X.copy()
    changed[:, :, 61:] = 0
    after = chapter["curvature_scores"](changed, latency)
    np.testing.assert_array_equal(after[:, :61], scores[:, :61])


def test_flags_are_counted_as_the_text_says(chapter):
    scores, y, latency = np.zeros((4, 100)), np.array([50, 50, 50, 50]), 2
    scores[0, 53] = 1  # One bin late, which counts.
    scores[1, [20, 52]] = 1  # A false flag comes first.
    scores[2, 54] = 1  # Two bins late.
    assert list(chapter["first_flags"](scores, 0.5)) == [53, 20, 54, -100]
    assert chapter["efficiency"](scores, y, latency, 0.5) == 0.25
    assert chapter["flags_due"](y)[0].argmax(axis=0).tolist() == [50, 51, 52, 53, 54, 55]


def test_one_record_in_a_hundred_has_a_false_flag(chapter):
    scores = np.random.default_rng(1).normal(size=(5000, 100))
    y = np.full(5000, 50)
    threshold = chapter["flag_threshold"](scores, y, latency=0)
    flags = chapter["first_flags"](scores, threshold)
    assert np.mean((flags >= 0) & (flags < 49)) == pytest.approx(0.01, abs=1e-3)


@pytest.mark.parametrize("seed", FEWER_SEEDS)
def test_waiting_pays_and_the_convolution_keeps_up(chapter, seed):
    X, y = chapter["noisy_pulses"](2000, seed=99)
    triggers = chapter["train_triggers"](seed, n_samples=12_500)
    curves = chapter["all_trigger_curves"](*triggers, X, y)
    for name in ("recurrent", "convolution"):
        accuracy, flagged = curves[name]
        assert 0.7 < accuracy[0] < accuracy[4] < 0.92
        assert 0.6 < flagged[0] < 0.94 < flagged[4]
    assert abs(curves["recurrent"][1, 4] - curves["convolution"][1, 4]) < 0.04
    assert curves["curvature"][1, 1] < 0.15
    assert curves["curvature"][1, 3] > 0.9
    assert triggers[0].count_params() > 4 * triggers[1].count_params()


def test_names_are_encoded_letter_by_letter(chapter):
    previous, codes, is_part = chapter["encode"](["tin", "kilogram"])
    spelled = ["".join(chapter["ALPHABET"][code] for code in row).strip() for row in codes]
    assert spelled == ["tin", "kilogram"]
    np.testing.assert_array_equal(previous[:, 1:], codes[:, :-1])
    assert is_part.sum(axis=1).tolist() == [4, 9]


def test_the_lists_of_names_are_complete(chapter):
    assert len(set(chapter["SI_NAMES"])) == 24 * 27
    assert len(set(chapter["ELEMENTS"])) == 118
    seen, unseen = chapter["split_names"](1)
    assert sorted([*seen, *unseen]) == sorted([*chapter["SI_NAMES"], *chapter["ELEMENTS"]])


def test_an_ngram_model_that_knows_everything_is_not_surprised(chapter):
    assert chapter["ngram_bits"](["tin"], ["tin"], 2, 1e-9) == pytest.approx(0, abs=1e-6)
    assert chapter["ngram_bits"]([], ["tin"], 2, 1.0) == pytest.approx(4 * np.log2(27))


@pytest.mark.parametrize("seed", FEWER_SEEDS)
def test_the_speller_learns_the_grammar_and_temperature_sets_its_courage(chapter, seed):
    seen, unseen = chapter["split_names"](seed)
    speller = chapter["train_speller"](seed)
    limit, counted = np.log2(24 * 27 + 118), chapter["best_ngram_bits"](seen, unseen)
    assert limit < chapter["bits_per_name"](speller, unseen) < limit + 0.6 * (counted - limit)
    rng = np.random.default_rng(seed)
    shares = [
        chapter["kinds_of_names"](chapter["write_names"](speller, 500, heat, rng), seen, unseen)
        for heat in (0.4, 1.0, 1.6)
    ]
    cold, learned, hot = (share["invented"] for share in shares)
    assert cold < 0.1 < learned < 0.5 < hot
    assert shares[1]["unit, never seen"] > 0.03
    frozen = chapter["write_names"](speller, 50, 1e-3, rng)
    assert len(set(frozen)) == 1
