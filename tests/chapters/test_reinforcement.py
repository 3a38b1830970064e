"""What the chapter "Learn from a reward" claims, with the code it shows."""

import math
import time
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.cells import run_cells


@pytest.fixture(scope="module")
def chapter():
    return run_cells("reinforcement", "define")


@pytest.fixture(scope="module")
def cart_runs(chapter):
    """Return policy, learning curve and processor time of ten seeds."""
    runs = []
    for seed in range(10):
        start = time.process_time()
        policy, curve = chapter["train"](chapter["carts"](32), seed)
        runs.append((policy, curve, time.process_time() - start))
    return runs


@pytest.fixture(scope="module")
def trigger_policies(chapter):
    return [chapter["train_trigger"](seed)[0] for seed in range(3)]


def episodes_until(curve, level=400):
    """Return after how many episodes a batch first reaches `level`."""
    return 32 * (1 + int(np.argmax(curve >= level))) if curve.max() >= level else math.inf


@pytest.mark.parametrize("theta", [-2, 0, 1])
@pytest.mark.parametrize("baseline", [0, 0.65, 5])
def test_score_and_finite_difference_agree_with_the_exact_gradient(chapter, theta, baseline):
    rng = np.random.default_rng(3)
    score, error = chapter["score_gradient"](theta, 200_000, rng, baseline)
    slope, slope_error = chapter["difference_gradient"](theta, 200_000, rng)
    exact = chapter["exact_gradient"](theta)
    assert abs(score - exact) < 4 * error
    assert abs(slope - exact) < 4 * slope_error + 0.002
    assert abs(score - slope) < 4 * math.hypot(error, slope_error) + 0.002


def test_a_baseline_halves_the_error_and_differences_are_far_worse(chapter):
    rng = np.random.default_rng(4)
    _, plain = chapter["score_gradient"](0, 100_000, rng)
    _, with_baseline = chapter["score_gradient"](0, 100_000, rng, 0.65)
    _, difference = chapter["difference_gradient"](0, 100_000, rng)
    assert 2.5 < (plain / with_baseline) ** 2 < 3.3
    assert difference > 6 * with_baseline


def test_the_policy_gradient_is_the_mean_of_the_score(chapter):
    rng = np.random.default_rng(5)
    policy = chapter["build_policy"](4, 3)
    kernel = rng.normal(size=(32, 3)).astype("float32")
    policy.set_weights([*policy.get_weights()[:2], kernel, np.zeros(3, "float32")])
    observations = rng.normal(size=(50, 4)).astype("float32")
    actions = rng.integers(3, size=50)
    advantages = rng.normal(size=50).astype("float32")
    values = chapter["scores"](policy.get_weights(), observations)
    probabilities = np.exp(values) / np.exp(values).sum(axis=1, keepdims=True)
    expected = -np.mean(advantages[:, None] * (np.eye(3)[actions] - probabilities), axis=0)
    gradient = chapter["policy_gradient"](policy, observations, actions, advantages)
    np.testing.assert_allclose(gradient[-1], expected, atol=1e-6)
    np.testing.assert_allclose(values, policy(observations), atol=1e-5)


def test_sampled_actions_follow_the_softmax(chapter):
    policy = chapter["build_policy"](2, 3)
    bias = np.log(np.array([0.2, 0.5, 0.3], "float32"))
    policy.set_weights([*policy.get_weights()[:3], bias])
    act = chapter["sampled"](policy, np.random.default_rng(6))
    shares = np.bincount(act(np.zeros((100_000, 2)))) / 100_000
    np.testing.assert_allclose(shares, [0.2, 0.5, 0.3], atol=0.006)
    assert chapter["greedy"](policy)(np.zeros((1, 2))) == 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=20), st.floats(0, 1), st.integers(0, 19))
def test_returns_are_discounted_sums_of_what_follows(chapter, rewards, discount, start):
    start = min(start, len(rewards) - 1)
    expected = sum(discount**k * reward for k, reward in enumerate(rewards[start:]))
    result = chapter["returns"](np.array(rewards), discount)
    assert result[start] == pytest.approx(expected, abs=1e-9)


def test_each_environment_is_played_for_one_episode(chapter):
    observations, actions, rewards, running = chapter["play"](
        chapter["carts"](5), lambda observations: np.zeros(len(observations), int), seed=0
    )
    assert observations.shape == (*actions.shape, 4)
    np.testing.assert_array_equal(rewards.sum(axis=0), running.sum(axis=0))
    assert (np.diff(running.astype(int), axis=0) <= 0).all()
    assert running.sum(axis=0).max() < 15


def test_the_pole_is_balanced_with_ten_of_ten_seeds(chapter, cart_runs):
    assert all(chapter["mean_return"](policy) >= 475 for policy, _, _ in cart_runs)


def test_a_seed_takes_less_than_twenty_seconds(cart_runs):
    assert max(seconds for *_, seconds in cart_runs) < 20


def test_without_a_baseline_it_takes_longer(chapter, cart_runs):
    with_baseline = [episodes_until(curve) for _, curve, _ in cart_runs[:4]]
    without = [
        episodes_until(chapter["train"](chapter["carts"](32), seed, use_baseline=False)[1])
        for seed in range(4)
    ]
    assert np.median(with_baseline) < 1000
    assert np.median(without) > 1.15 * np.median(with_baseline)


def test_return_to_go_and_baseline_both_reduce_the_noise(chapter):
    early, _ = chapter["train"](chapter["carts"](32), seed=0, n_batches=15)
    ratios = chapter["signal_to_noise"](early, n_batches=30)
    assert ratios["minus baseline"] > 1.2 * ratios["return to go"]
    assert ratios["return to go"] > 1.2 * ratios["whole return"]


def test_the_animation_is_small_well_formed_and_can_stand_still(chapter, cart_runs):
    beginner = chapter["sampled"](chapter["build_policy"](4, 2), np.random.default_rng(2))
    before = chapter["trajectory"](beginner)
    after = chapter["trajectory"](chapter["greedy"](cart_runs[0][0]))
    page = chapter["animation"](before, after).data
    assert before.shape == after.shape == (120, 4)
    assert len(page) < 100_000
    ElementTree.fromstring(page[page.index("<svg") :])
    # The names of the animations stand in style attributes, which only !important overrides.
    assert "(prefers-reduced-motion:reduce){.rl-moves{animation:none!important}}" in page
    assert 'type="checkbox"' in page
    assert "http" not in page
    assert abs(before[-1, 2]) > math.radians(6) > abs(after[-1, 2])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["TriggerEnv", "PurityEnv"])
def test_the_environments_keep_the_rules_of_gymnasium(chapter, name):
    check_env(chapter[name](), skip_render_check=True)


def test_check_env_would_notice_a_broken_environment(chapter):
    class Broken(chapter["TriggerEnv"]):
        def observation(self):
            return super().observation() + 100

    with pytest.raises(AssertionError):
        check_env(Broken(), skip_render_check=True)


def test_counts_and_rewards_have_the_expected_means(chapter):
    rng = np.random.default_rng(8)
    environment = chapter["TriggerEnv"](n_seconds=3000)
    environment.reset(seed=9)
    rewards, expected = [], []
    for action in rng.integers(5, size=3000):
        rewards.append(environment.step(action)[1])
        rate = environment.log_rates[environment.second]
        expected.append(chapter["expected_reward"](environment.threshold, rate))
    difference = np.array(rewards) - expected
    assert abs(difference.mean()) < 4 * difference.std() / math.sqrt(len(difference))


def test_the_background_drifts_as_the_text_says(chapter):
    rng = np.random.default_rng(10)
    drifts = np.array([chapter["log_background"](rng, 200) for _ in range(500)])
    drifts -= math.log(chapter["BACKGROUND"])
    assert drifts.std() == pytest.approx(chapter["SPREAD"], rel=0.05)
    correlation = np.corrcoef(drifts[:, 50], drifts[:, 80])[0, 1]
    assert correlation == pytest.approx(math.exp(-1), abs=0.12)


def test_the_order_of_the_trigger_controllers(chapter, trigger_policies):
    fixed = chapter["reward_of_fixed"](chapter["tune_fixed"]())
    proportional = chapter["mean_reward"](chapter["PIController"](*chapter["tune_pi"]()))
    learned = [chapter["mean_reward"](chapter["greedy"](policy)) for policy in trigger_policies]
    oracle = chapter["reward_of_oracle"]()
    assert fixed + 0.02 < proportional < oracle
    assert all(fixed + 0.02 < reward < oracle for reward in learned)
    assert 0 < np.mean(learned) - proportional < 0.015


def test_purity_is_hacked(chapter, trigger_policies):
    pure, curve = chapter["train_trigger"](0, chapter["PurityEnv"], 40)
    _, hacked = chapter["follow"](chapter["greedy"](pure))
    _, honest = chapter["follow"](chapter["greedy"](trigger_policies[0]))
    assert curve[-1] > 1.3 * curve[0]
    assert hacked[:, 1].mean() < 0.35 * honest[:, 1].mean()
