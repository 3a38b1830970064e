"""The laboratory of pulse networks: its triplets, and copies that train side by side."""

import keras
import numpy as np
import pytest

from helpers.convolve import SECOND_DERIVATIVE, product_of_traces
from helpers.generate import generate_pulses
from helpers.laboratory import PulseNetworks, draw_triplets


def test_the_laboratory_draws_what_the_generator_draws():
    own, labels = draw_triplets(4000, seed=1)
    others, other_labels = generate_pulses(4000, seed=2)
    assert own.dtype == others.dtype
    assert own.mean() == pytest.approx(others.mean(), abs=0.03)
    assert own.std() == pytest.approx(others.std(), rel=0.03)
    assert labels.min() >= other_labels.min() - 1
    assert labels.max() <= other_labels.max() + 1
    found = [product_of_traces(X, -SECOND_DERIVATIVE).argmax(axis=1) for X in (own, others)]
    right = [np.mean(found[0] == labels), np.mean(found[1] == other_labels)]
    assert right[0] == pytest.approx(right[1], abs=0.015)


def as_keras_model(networks, copy):
    model = keras.Sequential(
        [
            keras.Input((3, 100, 1)),
            keras.layers.Conv2D(2, (1, 3), padding="same", activation="tanh"),
            keras.layers.Conv2D(1, (3, 7)),
            keras.layers.Flatten(),
        ]
    )
    kernel_1, bias_1, kernel_2, bias_2 = (weight[copy] for weight in networks.get_weights())
    kernels = kernel_1.reshape(1, 3, 1, 2), kernel_2.swapaxes(1, 2)[..., None]
    model.set_weights([kernels[0], bias_1.ravel(), kernels[1], bias_2.ravel()])
    return model


def test_a_copy_is_the_network_of_two_convolutions():
    X, _ = draw_triplets(5, seed=1)
    networks = PulseNetworks(copies=2)
    model = as_keras_model(networks, copy=1)
    np.testing.assert_allclose(model(X[..., None]), networks(np.stack([X] * 2))[1], atol=1e-5)
    assert networks.count_params() == 2 * model.count_params() == 102


def test_copies_do_not_learn_from_each_other():
    X, y = draw_triplets(6000, seed=21)
    keras.utils.set_random_seed(5)
    networks = PulseNetworks(2)
    first = networks.get_weights()[0].copy()
    y_nonsense = np.concatenate([y, np.full(len(y), 50)])
    rows = [np.arange(6000), np.arange(6000, 12_000)]
    networks.fit(np.concatenate([X, X]), y_nonsense, rows, steps=60)
    sane, insane = networks.accuracies(X[:500], y[:500])
    assert sane > 0.85
    assert insane < 0.2
    assert not np.allclose(first, networks.get_weights()[0])
    np.testing.assert_array_equal(networks.pick([1]).accuracies(X[:500], y[:500]), [insane])
