"""The trigger whose threshold an agent steers."""

import math

import numpy as np
import pytest

from helpers.trigger import MOVES, SIGNAL, Trigger, best_threshold, expected_reward


def test_rewards_have_the_expected_mean():
    world, rng = Trigger(20, n_seconds=200), np.random.default_rng(8)
    world.reset(seed=9)
    differences = []
    for second in range(1, 201):
        _, rewards, *_ = world.step(rng.integers(len(MOVES), size=20))
        differences.append(rewards - expected_reward(world.threshold, world.log_rates[second]))
    assert abs(np.mean(differences)) < 4 * np.std(differences) / math.sqrt(4000)


def test_the_background_drifts_as_the_docstring_says():
    world = Trigger(500, n_seconds=200)
    world.reset(seed=10)
    drifts = world.log_rates - math.log(10_000)
    assert drifts.std() == pytest.approx(1.2, rel=0.05)
    assert np.corrcoef(drifts[50], drifts[80])[0, 1] == pytest.approx(math.exp(-1), abs=0.12)


def test_equal_seeds_give_equal_episodes_and_all_end_together():
    first, second = (Trigger(3, n_seconds=2) for _ in range(2))
    np.testing.assert_array_equal(first.reset(seed=4)[0], second.reset(seed=4)[0])
    up = np.full(3, 4)
    _, _, fell, over, _ = first.step(up)
    assert not fell.any()
    assert not over.any()
    assert first.step(up)[3].all()
    np.testing.assert_allclose(first.threshold, 6.8)
    assert (first.kept <= first.recorded).all()
    assert first.kept.max() < 3 * SIGNAL


def test_no_threshold_does_better_than_the_best():
    rates = np.log([3000, 10_000, 30_000])
    best = best_threshold(rates)
    for step in (-0.1, 0.1):
        assert (expected_reward(best + step, rates) < expected_reward(best, rates)).all()
