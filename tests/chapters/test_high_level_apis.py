"""What the chapter on high-level APIs says of its data, its pipelines and its networks holds."""

import time

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from helpers.generate import generate_circles, generate_pulses
from helpers.records import write_records

N_NETWORKS = 60


@pytest.fixture(scope="module")
def networks(chapter):
    """Return sixty networks of four units, with the seeds 0 to 59, trained side by side."""
    return chapter["train_side_by_side"](range(N_NETWORKS))


def sample_orders(seed):
    rows = tf.data.Dataset.range(400)
    return {
        "shuffle repeat batch": rows.shuffle(400, seed=seed).repeat().batch(60),
        "repeat shuffle batch": rows.repeat().shuffle(400, seed=seed).batch(60),
        "shuffle batch repeat": rows.shuffle(400, seed=seed).batch(60).repeat(),
        "batch shuffle repeat": rows.batch(60).shuffle(7, seed=seed).repeat(),
    }


# Data


def test_the_split_is_400_and_100_with_both_classes(chapter):
    for labels, size in ((chapter["y_train"], 400), (chapter["y_test"], 100)):
        assert len(labels) == size
        assert 0.4 < labels["y"].mean() < 0.6


def test_the_input_functions_give_what_their_modes_need(chapter):
    train, test = chapter["get_train_data"](), chapter["get_test_data"]()
    assert train.cardinality() == tf.data.INFINITE_CARDINALITY
    rows = np.concatenate([features["x0"] for features, _ in test])
    np.testing.assert_array_equal(rows, chapter["X_test"]["x0"])
    epoch = np.concatenate([features["x0"] for features, _ in train.take(8)])
    np.testing.assert_array_equal(np.sort(epoch), np.sort(chapter["X_train"]["x0"]))


# The order of shuffle, repeat and batch


def test_only_shuffle_repeat_batch_makes_no_mistake(chapter, seed):
    orders = sample_orders(seed)
    assert list(orders) == list(chapter["orders"])
    results = [chapter["describe"](order) for order in orders.values()]
    unseen, smallest, companions = zip(*results, strict=True)
    assert unseen[0] == unseen[2] == unseen[3] == 0
    assert smallest == (60, 60, 40, 40)
    assert companions[3] == 59
    assert min(companions[:3]) > 250


@pytest.mark.claim("hl-unseen-expected")
def test_the_share_of_unseen_samples_is_the_expected_one(chapter):
    shares = [
        chapter["describe"](sample_orders(seed)["repeat shuffle batch"])[0] / 400
        for seed in range(12)
    ]
    expected = (1 - np.exp(-1)) / np.e
    assert np.mean(shares) == pytest.approx(expected, abs=0.02)


def test_a_small_buffer_leaves_a_sorted_table_sorted(chapter):
    full, small = (np.array(chapter["inner_shares"](size)) for size in (400, 100))
    assert np.all(np.abs(full - 0.5) < 0.3)
    assert small.min() == 0
    assert small.max() > 0.8


# Cache and prefetch


def wait_for_another_read(chapter):
    """Wait until the pipeline reads ahead; a reader who waits in vain has a minute's patience."""
    for _ in range(6000):
        if len(chapter["reads"]) > 1:
            return
        time.sleep(0.01)


@pytest.mark.claim("With `cache` every batch is read once")
def test_prefetch_reads_ahead_and_cache_reads_once(chapter):
    counts = {
        name: chapter["count_reads"](
            pipeline, lambda name=name: "prefetch" in name and wait_for_another_read(chapter)
        )
        for name, pipeline in chapter["pipelines"].items()
    }
    epochs, once = 3 * chapter["N_BATCHES"], chapter["N_BATCHES"]
    assert counts == {
        "neither": (0, epochs),
        "prefetch": (1, epochs),
        "cache": (0, once),
        "cache and prefetch": (1, once),
    }


# Records


@pytest.mark.claim("hl-overhead", "hl-packed")
def test_records_add_a_few_percent_and_give_back_every_bit(chapter, tmp_path, seed):
    traces, bins = generate_pulses(n_samples=500, seed=seed)
    paths = write_records(tmp_path / "plain", traces, bins, shards=4)
    packed = write_records(tmp_path / "packed", traces, bins, shards=4, compression="GZIP")
    size, packed_size = (sum(path.stat().st_size for path in each) for each in (paths, packed))
    assert 1.01 < size / (traces.nbytes + bins.nbytes) < 1.08
    assert 0.8 < packed_size / size < 0.95
    restored = chapter["read_back"](tmp_path / "plain")
    np.testing.assert_array_equal(restored[0], traces)
    np.testing.assert_array_equal(restored[1], bins)


# The network


def test_the_network_computes_what_its_equation_says(chapter):
    classifier = chapter["circle_classifier"]("model_dirs/equation", 5)
    classifier.train(chapter["get_train_data"], steps=50)
    _, _, weights, constant = chapter["network_values"](classifier)
    hidden = chapter["hidden_units"](classifier, chapter["X_test"])
    expected = 1 / (1 + np.exp(-(hidden @ weights + constant)))
    np.testing.assert_allclose(
        chapter["probabilities"](classifier, chapter["X_test"]), expected.ravel(), atol=1e-6
    )


@pytest.mark.parametrize(("hidden_units", "n_parameters"), [([4], 17), ([7, 3], 49), ([], 3)])
def test_parameters_are_counted_as_the_estimator_has_them(chapter, hidden_units, n_parameters):
    classifier = chapter["DNNClassifier"](hidden_units, chapter["inputs"])
    classifier.train(chapter["get_train_data"], steps=1)
    names = [name for name in classifier.get_variable_names() if name.endswith(("kernel", "bias"))]
    assert chapter["count_parameters"]([2, *hidden_units, 1]) == n_parameters
    assert sum(classifier.get_variable_value(name).size for name in names) == n_parameters


def test_the_estimator_stopped_twice_equals_plain_keras_to_the_last_digit(chapter, seed):
    classifier = chapter["circle_classifier"](f"model_dirs/{seed}", seed)
    classifier.train(chapter["get_train_data"], max_steps=100)
    classifier.evaluate(chapter["get_test_data"])
    successor = chapter["circle_classifier"](f"model_dirs/{seed}", seed)
    successor.train(chapter["get_train_data"], max_steps=350)
    successor.train(chapter["get_train_data"], max_steps=600)
    model = chapter["plain_keras"](seed, steps=600)
    for ours, theirs in zip(chapter["network_values"](successor), model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_networks_side_by_side_know_nothing_of_each_other(chapter):
    """Compare with seed 123, whose batches all of them see."""
    together = chapter["train_side_by_side"]([0, 123, 2], steps=1000)
    alone = chapter["plain_keras"](123, steps=1000)
    for ours, theirs in zip(together.get_weights(), alone.get_weights(), strict=True):
        np.testing.assert_allclose(ours[1].ravel(), theirs.ravel(), atol=1e-4)


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


def test_metrics_are_those_of_the_table_at_every_stage(chapter):
    classifier = chapter["circle_classifier"]("model_dirs/metrics", 11)
    label = chapter["y_test"]["y"].to_numpy()
    for stop in (50, 400):
        classifier.train(chapter["get_train_data"], max_steps=stop)
        results = pd.Series(classifier.evaluate(chapter["get_test_data"]))
        p = chapter["probabilities"](classifier, chapter["X_test"])
        average_loss = -np.mean(np.log(np.where(label == 1, p, 1 - p)))
        expected = {
            "accuracy": np.mean((p > 0.5) == label),
            "accuracy_baseline": max(label.mean(), 1 - label.mean()),
            "average_loss": average_loss,
            "loss": 50 * average_loss,
            "label/mean": label.mean(),
            "prediction/mean": p.mean(),
            "global_step": stop,
        }
        np.testing.assert_allclose(results[list(expected)], list(expected.values()), rtol=1e-5)
        assert results["auc"] == pytest.approx(
            np.mean(p[label == 1, None] > p[label == 0]), abs=0.01
        )
