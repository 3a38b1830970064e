"""What the chapter "Let every bin look at every other" claims, with the code it shows."""

import json

import numpy as np
import pytest

from helpers.data import BOOK_FOLDERS
from helpers.generate import generate_pulses
from helpers.rules import pulse_responses
from helpers.statistics import paired_difference
from tools.bench.attention_runs import SEEDS

RUNS = json.loads((BOOK_FOLDERS[0] / "attention_runs.json").read_text())


def paired(study, *names):
    """Return the scores of networks from the seeds that all of them have."""
    runs = [RUNS[study][name] for name in names]
    seeds = [seed for seed in runs[0] if all(seed in each for each in runs)]
    return [[each[seed]["test"] for seed in seeds] for each in runs]


def shares(study, name):
    return paired(study, name)[0]


@pytest.mark.claim("at-received-designed")
def test_the_designed_map_looks_at_the_coincidence(chapter):
    X, y = generate_pulses(300, amplitude=1, seed=5)
    tokens = np.swapaxes(pulse_responses(X, amplitude=1), 1, 2)
    _, maps = chapter["attention"](12 * tokens, tokens, tokens)
    at_the_coincidence, elsewhere = chapter["received"](maps, y)
    assert at_the_coincidence > 1.6 > 1.3 > elsewhere


def test_products_of_encodings_depend_on_the_distance_alone(chapter):
    products = chapter["positional_encoding"]() @ chapter["positional_encoding"]().T
    for distance in range(100):
        assert np.ptp(np.diagonal(products, distance)) < 1e-4
    assert products.max() == pytest.approx(8)


@pytest.mark.claim("every score depends on a distance")
def test_products_of_turned_vectors_depend_on_the_distance_alone(chapter):
    query, key = np.random.default_rng(1).normal(size=(2, 1, 1, 8))
    places = np.arange(30)
    queries, keys = (
        np.array(chapter["rotate"](np.repeat(each, 30, axis=0), places))[:, 0]
        for each in (query, key)
    )
    products = queries @ keys.T
    for distance in range(-29, 30):
        assert np.ptp(np.diagonal(products, distance)) < 1e-5
    assert np.ptp(products) > 1


def test_a_letter_does_not_see_those_after_it(chapter):
    decoder = chapter["decoder"]()
    letters = np.random.default_rng(2).integers(1, 27, size=(2, 5, decoder.input_shape[1]))
    letters[1, :, :7] = letters[0, :, :7]
    before, after = (np.array(decoder(each)) for each in letters)
    np.testing.assert_allclose(before[:, :7], after[:, :7], atol=1e-5)
    assert np.abs(before[:, 7:] - after[:, 7:]).max() > 0.01


# What the page says of the long trainings


def test_every_comparison_has_five_seeds():
    for study in ("6000", "600", "clock", "names"):
        for name, runs in RUNS[study].items():
            assert list(map(int, runs)) == list(SEEDS), (study, name)


@pytest.mark.claim("at-places", "at-rotary-added", "at-wide-rotary", "at-pulse-added-few")
@pytest.mark.parametrize(
    ("study", "better", "worse"),
    [
        ("6000", "added", "no positions"),
        ("6000", "rotary", "added"),
        ("6000", "wide", "rotary"),
        ("600", "51 weights", "added"),
    ],
)
def test_what_the_page_calls_better_is_so_by_two_standard_errors(study, better, worse):
    assert paired_difference(*paired(study, better, worse)).standard_errors > 2


@pytest.mark.claim("at-median", "has learned nothing, beats them all")
def test_the_median_beats_every_network(chapter):
    responses = pulse_responses(chapter["X_test"], amplitude=1)
    right = np.mean(np.median(responses, axis=1).argmax(axis=1) == chapter["y_test"])
    assert right > max(max(shares("6000", name)) for name in RUNS["6000"]) + 0.02


@pytest.mark.claim("at-late")
def test_a_later_clock_harms_only_added_positions():
    added, rotary = (np.array(list(RUNS["clock"][name].values())) for name in ("added", "rotary"))
    assert np.ptp(rotary, axis=1).max() < 0.003
    assert (added[:, 0] - added[:, -2] > 0.05).all()


@pytest.mark.claim("at-rotary-hidden", "at-added-hidden", "at-rotary-4", "at-added-4")
def test_the_two_transformers_need_opposite_things(chapter):
    chapter["weights"] = np.load(BOOK_FOLDERS[0] / "attention_weights.npz")
    X, y = generate_pulses(300, amplitude=1, seed=9)
    for name, is_local in (("added", False), ("rotary", True)):
        views = chapter["views"](y)
        found = {view: chapter["found_if_visible"](name, 1, X, y, views[view]) for view in views}
        lost = found["everything"] - found["not the coincidence"]
        assert (lost > 0.2) == is_local
        assert (found["4 bins each way"] > 0.75) == is_local


@pytest.mark.claim("at-bits")
def test_the_decoder_needs_fewer_bits_than_its_rivals_and_more_than_the_rule():
    for rival in ("GRU", "n-gram"):
        assert paired_difference(*paired("names", rival, "decoder")).standard_errors > 2
    assert min(shares("names", "decoder")) > np.log2(24 * 27)


# What is said of cost is counted


@pytest.mark.claim("eq-at-cost")
@pytest.mark.parametrize("n_bins", [16, 100, 256])
def test_multiplications_are_those_of_the_formula(chapter, n_bins):
    attention, convolution = (
        chapter["multiplications"](chapter["one_layer"](kind, n_bins))
        for kind in ("attention", "convolution")
    )
    assert attention == 4 * n_bins * 32**2 + 2 * n_bins**2 * 32
    assert convolution == n_bins * 7 * 32**2
