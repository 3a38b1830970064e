"""Images of showers and of drawn digits, and what tells showers apart without a network."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from helpers.generate import N_CELLS, N_SPOTS, generate_digits, generate_showers, shower_library
from helpers.showers import pair_odds, shower_moments


@pytest.mark.parametrize("generate", [generate_showers, generate_digits])
def test_images_depend_on_the_seed_alone(generate):
    one, again, other = generate(50, 1), generate(50, 1), generate(50, 2)
    np.testing.assert_array_equal(one[0], again[0])
    np.testing.assert_array_equal(one[1], again[1])
    assert (one[0] != other[0]).any()


def test_showers_keep_nearly_all_spots_and_both_kinds_alike():
    X, y = generate_showers(4000, 1)
    assert X.shape[1:] == (N_CELLS, N_CELLS)
    assert X.sum(axis=(1, 2)).max() <= N_SPOTS
    kept = X.sum(axis=(1, 2)) / N_SPOTS
    assert kept.mean() > 0.95
    assert abs(kept[y == 0].mean() - kept[y == 1].mean()) < 0.005
    assert abs(y.mean() - 0.5) < 0.03


@pytest.mark.parametrize("label", [0, 1])
def test_the_library_expects_what_is_generated(label):
    X, y = generate_showers(20_000, 3)
    expected = shower_library(label, 4000, 3).mean(axis=0)
    measured = X[y == label].mean(axis=0) / N_SPOTS
    np.testing.assert_allclose(measured, expected, atol=0.003)


def test_moments_turn_with_the_image():
    X, _ = generate_showers(20, 4)
    expected = shower_moments(X)
    for turned in (X[:, ::-1], X.transpose(0, 2, 1)):
        np.testing.assert_allclose(shower_moments(turned), expected, atol=1e-9)


def test_the_odds_are_those_of_their_definition():
    """Against the plain formula, all templates and one image at a time."""
    X, _ = generate_showers(20, 5)
    evidence = []
    for label in (0, 1):
        share = shower_library(label, 3000).reshape(3000, -1)
        lost = N_SPOTS - X.sum(axis=(1, 2))
        logs = X.reshape(20, -1) @ np.log(share).T + lost[:, None] * np.log(1 - share.sum(axis=1))
        evidence.append(np.logaddexp.reduce(logs, axis=1))
    np.testing.assert_allclose(pair_odds(X, 3000), evidence[1] - evidence[0], atol=0.05)


def test_odds_beat_moments_on_average():
    X, y = generate_showers(600, 6)
    width = shower_moments(X)[:, 0]
    by_width = max(np.mean((width > cut) == y) for cut in np.quantile(width, np.linspace(0, 1, 99)))
    assert np.mean((pair_odds(X, 10_000) > 0) == y) > by_width


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.ones((3, 4, 4)), "give one image as"),
        (-np.ones((1, N_CELLS, N_CELLS)), "must be from 0"),
        (np.zeros((1, N_CELLS, N_CELLS)), "must not be empty"),
    ],
)
def test_other_images_are_refused(images, words):
    for function in (shower_moments, pair_odds):
        with pytest.raises(ValueError, match=words):
            function(images)


def test_drawn_digits_have_the_format_of_measured_ones():
    X, y = generate_digits(500, 1)
    measured = load_digits().images
    assert X.shape[1:] == measured.shape[1:]
    assert (X.round() == X).all()
    assert (X.min(), X.max()) == (measured.min(), measured.max())
    assert set(y) == set(range(10))
    assert (X[:, 0].sum(axis=1) > 0).all()


def test_a_drawn_zero_is_hollow_and_a_seven_has_its_bar_on_top():
    X, y = generate_digits(2000, 2)
    zero, seven = X[y == 0].mean(axis=0), X[y == 7].mean(axis=0)
    assert zero[3:5, 3:5].mean() < zero[3:5, 1:3].mean()
    assert seven[0].sum() > 1.5 * seven[-1].sum()
