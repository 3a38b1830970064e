"""What the chapter "Learn from a reward" claims, with the code it shows."""

import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

N_ENVIRONMENTS = 32


@pytest.fixture(scope="module")
def carts(chapter):
    return chapter["carts"](N_ENVIRONMENTS)


@pytest.fixture(scope="module")
def cart_run(chapter, carts, seed):
    """Return a trained policy and its learning curve."""
    return chapter["train"](carts, seed)


@pytest.fixture(scope="module")
def trigger_policy(chapter, seed):
    return chapter["train_trigger"](seed)[0]


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


def test_a_training_that_never_gets_there_counts_with_all_its_episodes(chapter):
    assert chapter["episodes_to"](400, np.array([20.0, 401.0, 390.0])) == 2 * N_ENVIRONMENTS
    assert chapter["episodes_to"](400, np.full(50, 399.0)) == 50 * N_ENVIRONMENTS


@pytest.mark.claim("rl-solved", "rl-episodes")
def test_the_pole_is_balanced_and_later_without_a_baseline(chapter, carts, cart_run, seed, band):
    policy, curve = cart_run
    _, plain_curve = chapter["train"](carts, seed, use_baseline=False)
    late, early = (chapter["episodes_to"](400, each) for each in (plain_curve, curve))
    band("episodes to 400, plain", late)
    band("episodes to 400", early)
    band("episodes saved by the baseline", late - early)
    band("return", chapter["mean_return"](policy))


@pytest.mark.claim("rl-noise-to-go", "rl-noise-minus")
def test_return_to_go_and_baseline_both_reduce_the_noise(chapter, carts, seed, band):
    early, _ = chapter["train"](carts, seed, n_batches=15)
    whole, to_go, with_baseline, _ = chapter["signal_to_noise"](early)
    assert band("signal / noise, by the return to go", to_go / whole) > 1
    band("signal / noise, by the baseline", with_baseline / to_go)


def test_the_animation_is_small_well_formed_and_can_stand_still(chapter, cart_run):
    beginner = chapter["sampled"](chapter["build_policy"](4, 2), np.random.default_rng(2))
    before = chapter["trajectory"](beginner)
    after = chapter["trajectory"](chapter["greedy"](cart_run[0]))
    page = chapter["animation"](before, after).data
    assert before.shape == after.shape == (120, 4)
    assert len(page) < 100_000
    ElementTree.fromstring(page[page.index("<svg") :])
    # The names of the animations stand in style attributes, which only !important overrides.
    assert "(prefers-reduced-motion:reduce){.rl-moves{animation:none!important}}" in page
    assert 'type="checkbox"' in page
    assert "http" not in page
    assert abs(before[:, 2]).max() > math.radians(10) > abs(after[:, 2]).max()


@pytest.fixture(scope="module")
def rules(chapter):
    return {name: chapter["Controller"](*one) for name, one in chapter["tuned_rules"]().items()}


@pytest.mark.claim("rl-lead-one", "rl-lead-sliding")
def test_the_agent_beats_one_set_point_and_loses_to_a_sliding_one(
    chapter, rules, trigger_policy, band
):
    learned = chapter["mean_reward"](chapter["greedy"](trigger_policy))
    rewards = {name: chapter["mean_reward"](rule) for name, rule in rules.items()}
    band("agent before one set-point", learned - rewards["one set-point"])
    band("agent behind sliding set-point", rewards["sliding set-point"] - learned)
    fixed = chapter["mean_reward"](chapter["fixed"](6.5))
    assert fixed + 0.02 < learned < chapter["reward_of_oracle"]()
    assert fixed + 0.02 < rewards["one set-point"] < rewards["sliding set-point"]


@pytest.mark.claim("A table has no idea that neighbouring cells are alike")
def test_the_table_learns_to_steer_but_not_as_well(chapter, trigger_policy, seed, band):
    table = chapter["mean_reward"](chapter["by_table"](chapter["learn_table"](seed)))
    learned = chapter["mean_reward"](chapter["greedy"](trigger_policy))
    band("agent before table", learned - table)


@pytest.mark.claim("rl-hack-kept", "rl-good-kept")
def test_purity_is_hacked(chapter, trigger_policy, seed, band):
    pure, curve = chapter["train_trigger"](seed, chapter["PurityTrigger"], 40)
    _, hacked = chapter["follow"](chapter["greedy"](pure))
    _, honest = chapter["follow"](chapter["greedy"](trigger_policy))
    assert band("purity, rise of the reward", curve[-1] / curve[0]) > 1
    assert band("purity, kept of honest", hacked[:, 1].mean() / honest[:, 1].mean()) < 1
