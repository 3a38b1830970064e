"""What the newer figures to play with compute: equal to NumPy and Keras to 1e-5."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.special import erf
from sklearn.metrics import log_loss

from helpers.trigger import expected_reward
from tests.site.conftest import go_to, sentence
from tools.site import figure_data

TRAINING = "chapters/training"


def sigmoid(score):
    return 1 / (1 + np.exp(-score))


def test_the_scrubber_computes_the_loss_of_each_epoch(open_page):
    figure = go_to(open_page(TRAINING), "training-scrubber")
    run = figure_data.training_scrubber(TRAINING)
    script = "run => run.weights.map(each => book.crossEntropy(each, run.hits))"
    losses = figure.page.evaluate(script, run)
    X, y = (np.array(run["hits"][name]) for name in "Xy")
    for loss, (W, b, w, c) in zip(losses, run["weights"], strict=True):
        p = sigmoid(sigmoid(X @ np.array(W) + b) @ np.array(w) + c[0])
        assert loss == pytest.approx(log_loss(y, p), abs=1e-5)
    assert losses[-1] < 0.3 < losses[0]


def test_the_scrubber_finds_when_the_boundary_closes(open_page):
    figure = go_to(open_page(TRAINING), "training-scrubber")
    assert "not closed" in sentence(figure)
    epoch = figure.get_by_role("slider", name="Epoch")
    epoch.press("End")
    assert "closed around" in sentence(figure)
    while "not closed" not in sentence(figure):
        epoch.press("ArrowLeft")
    epoch.press("ArrowRight")
    assert "Found" in figure.locator(".challenge").inner_text()


def test_the_threshold_selects_as_numpy_does(open_page):
    figure = go_to(open_page(TRAINING), "threshold")
    counts = figure_data.threshold(TRAINING)
    inner, outer = (np.array(counts[name]) for name in ("inner", "outer"))
    script = "([counts, edge, weight]) => book.selection(counts, edge, weight)"
    for edge in (0, 20, 100, 180, 190):
        for weight in (1, 10):
            found = figure.page.evaluate(script, [counts, edge, weight])
            hits, wrong = inner[edge:].sum(), weight * outer[edge:].sum()
            assert found["purity"] == pytest.approx(hits / (hits + wrong), abs=1e-5)
            assert found["efficiency"] == pytest.approx(hits / inner.sum(), abs=1e-5)
            right = hits + weight * outer[:edge].sum()
            total = inner.sum() + weight * outer.sum()
            assert found["accuracy"] == pytest.approx(right / total, abs=1e-5)
    assert f"{inner[100:].sum():,} hits of the inner ring" in sentence(figure)


@pytest.mark.parametrize("kind", ["linear", "tanh"])
@pytest.mark.parametrize("weight", [-0.9, 0.5, 0.9, 1.05])
def test_the_feedback_is_that_of_keras(open_page, kind, weight):
    page = open_page("chapters/recurrent")
    go_to(page, "feedback")
    found = page.evaluate("([kind, weight]) => book.feedback(kind, weight, 1, 20)", [kind, weight])
    layer = keras.layers.SimpleRNN(1, activation=kind, return_sequences=True)
    layer.build((1, 20, 1))
    layer.set_weights([np.ones((1, 1)), np.full((1, 1), weight), np.zeros(1)])
    x = tf.constant(np.eye(20)[0].reshape(1, 20, 1), "float32")
    with tf.GradientTape() as tape:
        tape.watch(x)
        states = layer(x)
        last = states[0, -1, 0]
    np.testing.assert_allclose(found["states"], states[0, :, 0], atol=1e-5)
    by_lag = tape.gradient(last, x).numpy().ravel()[::-1]
    # The gradient with respect to an input has the slope of its own step as well.
    slopes = 1 - np.array(found["states"])[::-1] ** 2 if kind == "tanh" else 1
    np.testing.assert_allclose(np.array(found["gradient"]) * slopes, by_lag, atol=1e-5)


def test_attention_is_that_of_keras(open_page):
    page = open_page("chapters/attention")
    go_to(page, "attention")
    data = figure_data.attention("")
    keys = np.array(data["keys"], "float32")
    layer = keras.layers.Attention()
    for query, beta in (([1, 1, 1], 2.0), ([1, -1, -0.5], 7.5)):
        script = "([query, keys, beta]) => book.attend(query, keys, beta)"
        found = page.evaluate(script, [query, data["keys"], beta])
        asked = beta * np.array([[query]], "float32")
        _, expected = layer([asked, keys[None], keys[None]], return_attention_scores=True)
        np.testing.assert_allclose(found, np.ravel(expected), atol=1e-5)


def test_the_decoder_is_the_pages(open_page):
    page = open_page("chapters/unsupervised")
    figure = go_to(page, "latent-plane")
    data = figure_data.latent_plane("chapters/unsupervised")
    (W, b), (V, c) = ([np.array(part) for part in data[name]] for name in ("hidden", "output"))
    for code in ([0, 0], [1.3, -2.1]):
        unit = code @ W + b
        pull = unit * (1 + erf(unit / np.sqrt(2))) / 2 @ V + c
        rate = np.logaddexp(0, data["mean"] + np.sqrt(data["mean"]) * pull)
        found = page.evaluate("([data, code]) => book.decode(data, code)", [data, code])
        np.testing.assert_allclose(found, rate, atol=1e-5)
    assert "Found" not in figure.locator(".challenge").inner_text()


def test_the_dice_are_poissons(open_page):
    page = open_page("chapters/unsupervised")
    go_to(page, "latent-plane")
    script = """mean => {
        const uniform = book.random(1);
        return Array.from({length: 20000}, () => book.poisson(uniform, mean));
    }"""
    for mean in (0.5, 8, 120):
        counts = np.array(page.evaluate(script, mean))
        assert counts.mean() == pytest.approx(mean, rel=0.03)
        assert counts.var() == pytest.approx(mean, rel=0.05)


def test_the_reward_is_that_of_the_helpers(open_page):
    page = open_page("chapters/reinforcement")
    figure = go_to(page, "trigger")
    data = figure_data.trigger("chapters/reinforcement")
    rates, rule = np.array(data["log_rates"]), np.array(data["others"]["rule"])
    script = "([world, x, rates]) => x.map((at, t) => book.rewardOf(world, at, rates[t]))"
    found = page.evaluate(script, [data["world"], rule.tolist(), rates.tolist()])
    np.testing.assert_allclose(found, expected_reward(rule, rates), atol=1e-5)
    step = figure.get_by_role("button", name="Next second")
    step.evaluate("one => { for (let t = 0; t < 100; t++) one.click(); }")
    assert "Second 100 of 100" in sentence(figure)
    assert f"rule {np.mean(found):.3f}" in figure.locator(".products").inner_text()


def test_shuffled_bins_keep_their_weights(open_page):
    figure = go_to(open_page("chapters/attention"), "attention")
    before = sentence(figure)
    figure.get_by_role("button", name="Shuffle").click()
    assert sentence(figure).startswith(before)


def test_the_data_of_the_figures_are_small():
    pages = {"attention": "", "threshold": TRAINING, "training-scrubber": TRAINING}
    for name, page in {**pages, "latent-plane": "chapters/unsupervised"}.items():
        assert len(json.dumps(figure_data.FIGURES[name](page))) < 50_000
