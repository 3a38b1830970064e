"""What the chapter on high-level APIs says of its data, its pipelines and its networks holds."""

import numpy as np
import pytest
import tensorflow as tf

from helpers.generate import generate_circles


@pytest.fixture(scope="module")
def networks(chapter):
    """Return sixty networks of four units, with the seeds 0 to 59, trained side by side."""
    return chapter["train_side_by_side"](range(60))


@pytest.mark.claim("hl-unseen-expected")
def test_the_share_of_unseen_samples_is_the_expected_one(chapter):
    rows = tf.data.Dataset.range(400).repeat()
    orders = (rows.shuffle(400, seed=seed).batch(60) for seed in range(12))
    shares = [chapter["describe"](order)[0] / 400 for order in orders]
    assert np.mean(shares) == pytest.approx((1 - np.exp(-1)) / np.e, abs=0.02)


def test_a_small_buffer_leaves_a_sorted_table_sorted(chapter):
    full, small = (np.array(chapter["inner_shares"](size)) for size in (400, 100))
    assert np.all(np.abs(full - 0.5) < 0.3)
    assert small.min() == 0
    assert small.max() > 0.8


@pytest.mark.claim("hl-seeds-right", "hl-seeds-spread")
def test_most_networks_separate_the_circles(chapter, networks):
    """Of the chapter's hundred, 82 do; a binomial share of 60 scatters by 0.05."""
    accuracies, losses = chapter["test_results"](networks)
    assert np.mean(accuracies == 1) == pytest.approx(0.82, abs=4 * 0.05)
    assert 0.10 < np.median(losses) < 0.17
    assert losses.max() / losses.min() > 2


def test_three_half_planes_are_enough_and_two_are_not(chapter):
    share = {
        n_units: np.mean(chapter["test_results"](model)[0] > 0.98)
        for n_units in (2, 3)
        for model in [chapter["train_side_by_side"](range(20), n_units)]
    }
    assert share[2] == 0
    assert share[3] >= 0.3


@pytest.mark.claim("Training and test agree")
def test_training_and_test_loss_agree_on_fresh_circles(chapter, networks):
    """Seventeen parameters cannot memorise: on new points the loss is that of the training."""
    samples = (chapter["X_train"], chapter["y_train"]), generate_circles(2000, seed=9)
    losses = []
    for points, labels in samples:
        logits = networks.predict(dict(points), verbose=0)
        losses.append(
            np.median(np.mean(np.logaddexp(0, logits) - labels.to_numpy() * logits, axis=0))
        )
    assert losses[1] == pytest.approx(losses[0], rel=0.25)
