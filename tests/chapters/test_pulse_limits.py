"""What the chapter "Ask how good any method could be" claims, with its code."""

import keras
import numpy as np
import pytest
from scipy.stats import kstest

from helpers.generate import generate_pulses


@pytest.fixture(scope="module")
def pulse(chapter, seed):
    """Return a trained network of 51 parameters."""
    return chapter["train_pulse"](seed)


def test_most_errors_are_at_the_edges_of_bins(chapter, pulse, band):
    # The draws do not depend on the number of bins: the same triplets, sampled finer.
    times = generate_pulses(n_times=991)[1] / 10
    X, y = generate_pulses()
    labels = 3 + chapter["probabilities"](pulse, X).argmax(axis=1)
    wrong = labels != y
    near = 0.5 - np.abs(times - np.rint(times)) < 0.15
    share = band("wrong bins near an edge", near[wrong].mean())
    assert share > band("right bins near an edge", near[~wrong].mean())


def test_honest_predictions_have_a_uniform_transform(chapter):
    rng = np.random.default_rng(4)
    probabilities = rng.dirichlet(np.full(100, 0.1), 4000)
    labels = np.array([rng.choice(100, p=p) for p in probabilities])
    transform = chapter["pit"](probabilities, labels, rng)
    assert kstest(transform, "uniform").pvalue > 0.01
    late = chapter["pit"](probabilities, np.full(4000, 99), rng)
    assert kstest(late, "uniform").pvalue < 1e-6


def test_a_narrow_smear_is_the_exact_label(chapter):
    logits = np.random.default_rng(5).normal(size=(20, 94)).astype("float32")
    labels = np.arange(20)
    exact = keras.ops.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    smeared = chapter["smeared_entropy"](labels, logits, width=0.05)
    np.testing.assert_allclose(smeared, exact, rtol=1e-4)
