"""What the chapter "Go deeper, and find out what it buys" claims, with its code."""

import json

import keras
import numpy as np
import pytest

from helpers import statistics
from helpers.data import BOOK_FOLDERS
from helpers.generate import generate_pulses, stream_pulses
from tools.bench.deeper_runs import RUNGS, SEEDS, SHOWERS


@pytest.fixture(scope="module")
def runs():
    return json.loads((BOOK_FOLDERS[0] / "deeper_runs.json").read_text())


@pytest.fixture(scope="module")
def fresh():
    return generate_pulses(10_000, seed=321)


def accuracies(runs, study, name):
    return np.array([run["accuracy"] for run in runs[study][name].values()])


def answers(model, X):
    return model.predict(X, 2000, verbose=0).argmax(axis=1)


def test_every_comparison_has_five_seeds(runs):
    for study, names in {"ladder": RUNGS, "showers": SHOWERS}.items():
        for name in names:
            assert list(map(int, sorted(runs[study][name]))) == list(SEEDS)


def test_differences_of_a_smooth_trace_vanish(chapter):
    """A polynomial of degree 3 has no fourth difference, and a single pulse gives 1."""
    bins = np.arange(100.0)
    pulse = 5 * np.exp(-0.5 * ((bins - 50) / chapter["sigma"]) ** 2)
    for order in (4, 6, 8):
        kernel = chapter["difference_kernel"](order)
        smooth = np.convolve(1 + bins + bins**2 + 1e-3 * bins**3, kernel, "valid")
        assert np.abs(smooth).max() < 1e-3
        assert np.convolve(pulse, kernel, "same")[50] == pytest.approx(1)


def test_the_layer_computes_the_differences(chapter):
    traces = np.random.default_rng(1).normal(size=(2, 3, 100, 1)).astype("float32")
    layer = chapter["Differences"]((2, 8))
    found = keras.ops.convert_to_numpy(layer(traces))
    for channel, order in enumerate((2, 8)):
        kernel = chapter["difference_kernel"](order)
        expected = np.convolve(traces[1, 2, :, 0], kernel, "same")[8:-8]
        np.testing.assert_allclose(found[1, 2, 8:-8, channel], expected, rtol=1e-3, atol=1e-3)


def test_beliefs_about_times_are_a_distribution_over_bins(chapter):
    features = np.random.default_rng(2).normal(size=(4, 100, 3)).astype("float32")
    features[:, [0, 1, -2, -1], 0] = -9
    logits = chapter["PulseTimes"]()(features)
    total = keras.ops.logsumexp(logits, axis=1)
    belief = keras.ops.logsumexp(4 * keras.ops.convert_to_tensor(features[:, :, 0]), axis=1)
    assert (keras.ops.convert_to_numpy(total - belief) < 1e-3).all()


def test_a_small_network_with_differences_learns_within_200_steps(chapter, fresh, seed, band):
    keras.utils.set_random_seed(seed)
    model = chapter["pulse_network"]((8, 3), (16, 5, 3), orders=(2, 4, 6, 8))
    assert model.count_params() == 2875
    chapter["train_network"](model, stream_pulses(128, seed), 200)
    X, y = fresh[0][:4000], fresh[1][:4000]
    accuracy = np.mean(answers(model, X) == y)
    assert band("small + differences, 200 steps", accuracy) > 0.8


@pytest.mark.claim("dn-long")
def test_the_shipped_weights_meet_their_targets(chapter, fresh):
    model = chapter["pulse_network"](**{k: v for k, v in RUNGS["long"].items() if k != "steps"})
    model.load_weights(BOOK_FOLDERS[0] / "pulse_best.weights.h5")
    errors = np.abs(answers(model, fresh[0]) - fresh[1])
    assert np.mean(errors == 0) >= 0.9985
    assert np.mean(errors <= 1) >= 0.9997


@pytest.mark.claim("dn-long-gain", "dn-small-gain")
def test_only_the_longest_rung_beats_the_strongest_rule(runs):
    rule = runs["rules"]["strongest"]["0"]
    over = {
        name: statistics.mean(accuracies(runs, "ladder", name) - rule["accuracy"]) for name in RUNGS
    }
    assert over.pop("long").standard_errors > 2
    assert abs(over.pop("small, long").standard_errors) < 2
    assert all(each.standard_errors < -2 for each in over.values())
    for name in ("long", "small, long"):
        assert np.median([run["rmse"] for run in runs["ladder"][name].values()]) < rule["rmse"]
    assert (accuracies(runs, "ladder", "long") >= 0.9985).all()


@pytest.mark.claim("dn-gain-answer", "dn-shower-residual")
@pytest.mark.parametrize(
    ("study", "one", "other"),
    [("ladder", "times", "deep"), ("showers", "6, residual", "6 layers")],
)
def test_what_the_page_calls_no_difference_is_none(runs, study, one, other):
    pair = accuracies(runs, study, one), accuracies(runs, study, other)
    assert abs(statistics.paired_difference(*pair).standard_errors) < 2


@pytest.mark.claim("dn-shower-stack", "dn-shower-depth", "dn-shower-best")
def test_more_layers_pay_and_no_network_passes_the_rival(runs):
    rival = accuracies(runs, "showers", "moments")
    assert rival.mean() < runs["limit"]["showers"]["0"]["accuracy"]
    ahead = {
        name: statistics.paired_difference(accuracies(runs, "showers", name), rival)
        for name in SHOWERS
    }
    assert max(each.standard_errors for each in ahead.values()) < 2
    assert ahead["stack"].standard_errors < -2
    deep, shallow = (accuracies(runs, "showers", name) for name in ("6 layers", "4 layers"))
    assert statistics.paired_difference(deep, shallow).standard_errors > 2


@pytest.mark.claim("dn-shower-failed")
def test_one_normalised_network_never_learned(runs):
    assert sorted(accuracies(runs, "showers", "6, residual, normalised") > 0.6) == [0, 1, 1, 1, 1]


def test_turned_showers_are_among_the_eight(chapter):
    X = np.random.default_rng(3).random((200, 10, 10))
    found = set()
    for image, turned in zip(X, chapter["turned"](X, np.random.default_rng(4)), strict=True):
        both = image, image[:, ::-1]
        ways = [np.rot90(one, k) for one in both for k in range(4)]
        found |= {number for number, way in enumerate(ways) if (way == turned).all()}
    assert found == set(range(8))


@pytest.mark.claim("Nothing in the first number warns you")
def test_drawn_digits_do_not_replace_written_ones(runs):
    drawn = runs["digits"]["drawn"].values()
    assert min(run["on drawn"] for run in drawn) > 0.99
    assert max(run["on measured"] for run in drawn) < 0.8
    alone = [run["alone"] for run in drawn]
    for key in ("tuned", "features", "vector machine"):
        gain = statistics.paired_difference([run[key] for run in drawn], alone)
        assert abs(gain.standard_errors) < 2, key
