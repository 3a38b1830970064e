"""The training to scrub through and the threshold: equal to NumPy and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import log_loss

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


def test_without_scripts_the_picture_stays_where_a_figure_takes_its_place(open_page):
    page = open_page(TRAINING, java_script_enabled=False)
    assert page.locator("#fig-tr-opening img").first.is_visible()
    assert not page.locator("#fig-tr-opening .fallback").is_visible()
