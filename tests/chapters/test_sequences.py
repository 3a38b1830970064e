"""What the chapter "Read and write messages of any length" claims, with the code it shows."""

import keras
import numpy as np
import pytest


@pytest.fixture(scope="module")
def marked_tracks(chapter):
    return chapter["draw_tracks"](2000, np.random.default_rng(99))


def shares_by_padding(chapter, seed, masked, tracks):
    model = chapter["train_identifier"](seed, masked)
    return [chapter["share_identified"](model, *tracks, length) for length in (20, 100)]


@pytest.mark.claim("sq-masked", "sq-limit")
def test_a_mask_makes_the_answer_independent_of_padding(chapter, marked_tracks, seed, band):
    tracks, species = marked_tracks
    limit = np.mean((chapter["log_likelihood_ratio"](tracks) > 0) == species)
    as_in_training, longer = shares_by_padding(chapter, seed, True, marked_tracks)
    band("masked, below the limit", limit - as_in_training)
    assert limit == pytest.approx(0.905, abs=0.02)
    assert as_in_training == longer


@pytest.mark.claim("sq-unmasked-100", "Some seeds fare better")
def test_without_a_mask_more_padding_changes_the_answer(chapter, marked_tracks):
    """Of the seeds 0 to 19, two lose less than a tenth: four in a row once in 10,000 trials."""
    shares = (shares_by_padding(chapter, seed, False, marked_tracks) for seed in range(4))
    assert any(longer < as_in_training - 0.1 for as_in_training, longer in shares)


def scores_by(chapter, kind, X):
    if isinstance(kind, int):
        return chapter["curvature_scores"](X, latency=kind)
    keras.utils.set_random_seed(1)
    prepare = chapter["with_history"] if kind == "convolutional" else np.array
    return chapter["outputs"](chapter[f"{kind}_trigger"](), prepare(X))


@pytest.mark.parametrize("kind", ["recurrent", "convolutional", *range(1, 6)])
def test_triggers_do_not_see_the_future(chapter, kind):
    X, _ = chapter["noisy_pulses"](5, seed=1)
    changed = np.where(np.arange(100) > 60, 0, X)
    now, before = (scores_by(chapter, kind, each)[:, :62] for each in (changed, X))
    np.testing.assert_allclose(now[:, :61], before[:, :61], atol=1e-5)
    assert np.abs(now[:, 61] - before[:, 61]).max() > 1e-3


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


@pytest.mark.claim("sq-recurrent-4", "sq-curvature-1", "sq-curvature-3")
def test_waiting_pays_and_the_convolution_keeps_up(chapter, seed, band):
    X, y = chapter["noisy_pulses"](2000, seed=99)
    triggers = chapter["train_triggers"](seed, n_samples=12_500)
    curves = chapter["all_trigger_curves"](*triggers, X, y)
    for name in ("recurrent", "convolution"):
        right, flagged = (values[[0, 4]] for values in curves[name])
        for bins, share in zip((0, 4), flagged, strict=True):
            band(f"{name}, flagged with {bins} bins", share)
        assert right[0] < right[1]
        assert flagged[0] < flagged[1]
    band("recurrent before convolution", curves["recurrent"][1, 4] - curves["convolution"][1, 4])
    assert curves["curvature"][1, 1] < 0.15
    assert curves["curvature"][1, 3] > 0.9
    assert triggers[0].count_params() > 4 * triggers[1].count_params()


@pytest.mark.claim("sq-bits-network", "sq-never-seen", "sq-invented-1.6")
def test_the_speller_learns_the_grammar_and_temperature_sets_its_courage(chapter, seed, band):
    seen, unseen = chapter["split_names"](seed)
    speller = chapter["train_speller"](seed)
    limit, counted = np.log2(24 * 27 + 118), chapter["ngram_bits"](seen, unseen, 4)
    bits = band("speller, bits", chapter["bits_per_name"](speller, unseen))
    rng = np.random.default_rng(seed)
    kinds = {
        heat: chapter["kinds_of_names"](
            chapter["write_names"](speller, 500, heat, rng), seen, unseen
        )
        for heat in (0.4, 1.0, 1.6)
    }
    cold, learned, hot = (
        band(f"speller, invented at {heat}", shares["invented"]) for heat, shares in kinds.items()
    )
    assert limit < bits < counted
    assert cold < learned < hot
    assert band("speller, never seen", kinds[1.0]["unit, never seen"]) > 0
    assert len(set(chapter["write_names"](speller, 50, 1e-3, rng))) == 1
