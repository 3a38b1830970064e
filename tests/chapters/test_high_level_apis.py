"""What the chapter on high-level APIs says of its data, its graphs and its pipelines holds."""

import numpy as np
import pytest
import tensorflow as tf


@pytest.mark.claim("held the table three times")
def test_each_dataset_of_a_graph_holds_the_array_once_more(chapter):
    sizes = [
        chapter["bytes_then"](n_datasets) / chapter["table"].nbytes for n_datasets in (1, 2, 3)
    ]
    assert sizes == pytest.approx([1, 2, 3], rel=0.01)


@pytest.mark.claim("hl-unseen-expected")
def test_the_share_of_unseen_samples_is_the_expected_one(chapter):
    rows = tf.data.Dataset.range(400).repeat()
    orders = (rows.shuffle(400, seed=seed).batch(60) for seed in range(12))
    shares = [chapter["describe"](order)[0] / 400 for order in orders]
    assert np.mean(shares) == pytest.approx((1 - np.exp(-1)) / np.e, abs=0.02)


def test_only_one_order_makes_no_mistake(chapter):
    described = {name: chapter["describe"](order) for name, order in chapter["orders"].items()}
    assert described["shuffle repeat batch"][:2] == (0, 60)
    assert described["shuffle batch repeat"][:2] == (0, 40)
    assert described["batch shuffle repeat"][2] == 59


@pytest.mark.parametrize(("pipeline", "expected"), [("prefetch", (1, 24)), ("cache", (0, 8))])
def test_prefetch_reads_ahead_and_cache_reads_once(chapter, pipeline, expected):
    dataset = getattr(chapter["slow_dataset"](), pipeline)(*[1] * (pipeline == "prefetch"))
    n_ahead, n_reads = chapter["count_reads"](dataset)
    assert (n_ahead > 0, n_reads) == (expected[0] > 0, expected[1])


@pytest.mark.claim("First the network finds where the classes are")
def test_the_classifier_separates_the_circles_with_most_seeds(chapter):
    right = []
    for seed in range(5):
        logits = chapter["plain_keras"](seed).predict(dict(chapter["X_test"]), verbose=0)
        right.append(np.mean((logits > 0) == chapter["y_test"].to_numpy()))
    assert np.median(right) > 0.98
