"""What the chapter "Read and write messages of any length" claims, with the code it shows."""

import inspect
import json

import keras
import numpy as np
import pytest

from helpers import statistics
from helpers.data import locate_data


@pytest.fixture(scope="module")
def runs():
    return json.loads(locate_data("sequence_runs.json").read_text())


@pytest.mark.claim("sq-masked-20", "sq-limit")
def test_a_mask_makes_the_answer_independent_of_padding(chapter, seed, band):
    tracks, species = chapter["draw_tracks"](2000, np.random.default_rng(99))
    limit = np.mean((chapter["log_likelihood_ratio"](tracks).numpy() > 0) == species)
    model = chapter["train_identifier"](seed, True)
    shares = [chapter["identified"](model, tracks, species, length) for length in (20, 100)]
    band("masked, below the limit", limit - shares[0])
    assert limit == pytest.approx(0.905, abs=0.02)
    assert shares[0] == shares[1]


@pytest.mark.claim("sq-mask-gain", "sq-unmasked-100-seeds")
def test_the_mask_gains_where_messages_are_padded_further_than_in_training(runs):
    masked, unmasked = (np.transpose(runs["masks"][name]) for name in ("masked", "unmasked"))
    assert abs(statistics.paired_difference(masked[0], unmasked[0]).standard_errors) < 2
    assert statistics.paired_difference(masked[-1], unmasked[-1]).standard_errors > 2


def test_the_decoder_is_forced_with_the_shifted_list(chapter):
    shifted, tokens, weights = chapter["as_tokens"](np.array([[20.4, 60.6] + [np.nan] * 3]))
    stop, start = chapter["STOP"], chapter["START"]
    assert tokens[0].tolist() == [20, 61, *[stop] * 4]
    assert shifted[0].tolist() == [start, 20, 61, *[stop] * 3]
    assert weights[0].tolist() == [1, 1, 1, 0, 0, 0]


@pytest.mark.claim("sq-missed", "sq-invented", "sq-timing")
def test_the_weights_that_are_kept_write_lists_as_the_page_says(chapter, runs):
    reader = chapter["make_reader"](seed=0)
    reader.load_weights(locate_data("sequence_reader.weights.h5"))
    X, times = chapter["draw_traces"](500, seed=3)
    found, kept = chapter["score_lists"](chapter["read_times"](reader, X), times), runs["reader"]
    assert found["missed"] == pytest.approx(kept["seeds"][0]["missed"], abs=0.02)
    assert found["timing"] == pytest.approx(kept["seeds"][0]["timing"], abs=0.1)
    for name in ("missed", "invented", "wrong lists", "timing"):
        assert kept["rule"][name] < min(each[name] for each in kept["seeds"])
    by_count = np.mean([each["by count"] for each in kept["seeds"]], axis=0)
    assert by_count[0] > by_count[2] > by_count[4]


@pytest.mark.parametrize("recurrent", [True, False])
def test_triggers_do_not_see_the_future(chapter, recurrent):
    keras.utils.set_random_seed(1)
    trigger = chapter["causal_trigger"](recurrent)
    X, _ = chapter["noisy_triplets"](5, seed=1)
    changed = np.where(np.arange(100) > 60, 0, X)
    now, before = (keras.ops.convert_to_numpy(trigger(each)) for each in (changed, X))
    np.testing.assert_allclose(now[:, :61], before[:, :61], atol=1e-5)
    assert np.abs(now[:, 61] - before[:, 61]).max() > 1e-3


@pytest.mark.claim("sq-trigger-verdict-0", "sq-lead-0")
def test_the_recurrent_trigger_is_ahead_of_rule_and_convolution_at_once(chapter, runs):
    rule = chapter["shares_in_time"](*(chapter["matched"](X) for X, _ in chapter["samples"]))
    recurrent, convolution = (np.array(runs["trigger"][name]) for name in runs["trigger"])
    assert (recurrent.mean(axis=0) > rule).all()
    assert statistics.paired_difference(recurrent[:, 0], convolution[:, 0]).standard_errors > 2


@pytest.mark.parametrize(
    ("name", "function"),
    [("masked", "train_identifier"), ("reader", "train_reader"), ("names", "train_speller")],
)
def test_rate_and_epochs_are_those_that_validation_chose(chapter, runs, name, function):
    given, tried = inspect.signature(chapter[function]).parameters, runs["tuned"][name]
    chosen = f"{given['rate'].default:g}, {given['epochs'].default}"
    assert chosen == min(tried, key=tried.get)


def test_flags_are_counted_as_the_text_says(chapter):
    scores, y, latency = np.zeros((4, 100)), np.array([50, 50, 50, 50]), 2
    scores[0, 53] = 1  # One bin late, which counts.
    scores[1, [20, 52]] = 1  # A false flag comes first.
    scores[2, 54] = 1  # Two bins late.
    assert chapter["in_time"](scores, y, latency, 0.5) == 0.25
    assert chapter["flags_due"](y)[0].argmax(axis=0).tolist() == [50, 51, 52, 53, 54, 55]


def test_one_record_in_a_hundred_has_a_false_flag(chapter):
    scores = np.random.default_rng(1).normal(size=(5000, 100))
    threshold = chapter["flag_threshold"](scores, np.full(5000, 50), latency=0)
    assert np.mean((scores[:, :49] > threshold).any(axis=1)) == pytest.approx(0.01, abs=1e-3)


@pytest.mark.claim("sq-bits-network", "sq-never-seen", "sq-invented-1.6")
def test_the_speller_learns_the_grammar_and_temperature_sets_its_courage(chapter, seed, band):
    seen, unseen = chapter["split_names"](seed)
    speller = chapter["train_speller"](seen, seed)
    limit, counted = np.log2(24 * 27 + 118), chapter["ngram_bits"](seen, unseen, 4)
    known = {*chapter["SI_NAMES"], *chapter["ELEMENTS"]}
    rng = np.random.default_rng(seed)
    written = {heat: chapter["write_names"](speller, 500, heat, rng) for heat in (0.4, 1.0, 1.6)}
    invented = [
        band(f"speller, invented at {heat}", np.mean([name not in known for name in names]))
        for heat, names in written.items()
    ]
    logits = speller(chapter["encode_names"](unseen)[0])
    assert limit < band("speller, bits", chapter["bits_per_name"](logits, unseen)) < counted
    assert invented == sorted(invented)
    assert band("speller, never seen", np.mean([name in unseen for name in written[1.0]])) > 0
    assert len(set(chapter["write_names"](speller, 50, 1e-3, rng))) == 1


def test_forecasts_of_the_test_use_no_later_month(chapter):
    seen, target, last = chapter["windows_of"](12)
    values = chapter["values"]
    np.testing.assert_allclose(seen[7, -1], 0)
    np.testing.assert_allclose(values[last] + target, values[last + chapter["AHEAD"]])
    parts = np.array(chapter["which"](last))
    assert (parts.sum(axis=0) == 1).all()
    assert parts[2].sum() == 132


@pytest.mark.claim("sq-carbon-lead")
def test_the_autoregression_is_ahead_of_the_seasonal_rule(chapter):
    errors, last = chapter["autoregression"](42)
    others = chapter["seasonal"](5, last) - chapter["windows_of"](42)[1]
    ours, theirs = (chapter["rms_of"](each, last, 2) for each in (errors, others))
    assert ours < 0.8 * theirs
