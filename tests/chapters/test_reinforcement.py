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


def episodes_until(curve, level=400):
    """Return after how many episodes a batch first reaches `level`."""
    reached = curve >= level
    return N_ENVIRONMENTS * (1 + int(np.argmax(reached)) if reached.any() else len(curve) + 1)


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


@pytest.mark.claim("rl-solved", "rl-episodes")
def test_the_pole_is_balanced_and_later_without_a_baseline(chapter, carts, cart_run, seed, band):
    policy, curve = cart_run
    _, plain_curve = chapter["train"](carts, seed, use_baseline=False)
    late = band("episodes to 400, plain", episodes_until(plain_curve))
    band("episodes saved by the baseline", late - band("episodes to 400", episodes_until(curve)))
    band("return", chapter["mean_return"](policy))


@pytest.mark.claim("each of the two changes that led to")
def test_return_to_go_and_baseline_both_reduce_the_noise(chapter, carts, seed, band):
    early, _ = chapter["train"](carts, seed, n_batches=15)
    ratios = chapter["signal_to_noise"](early, n_batches=30)
    whole, to_go, with_baseline = (
        ratios[name] for name in ("whole return", "return to go", "minus baseline")
    )
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
    assert abs(before[-1, 2]) > math.radians(6) > abs(after[-1, 2])


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


@pytest.fixture(scope="module")
def rivals(chapter):
    """Return the mean rewards of the controllers that need no training."""
    return {
        "fixed": chapter["reward_of_fixed"](chapter["tune_fixed"]()),
        "PI": chapter["mean_reward"](chapter["PIController"](*chapter["tune_pi"]())),
        "oracle": chapter["reward_of_oracle"](),
    }


@pytest.mark.claim("rl-pi-share", "rl-lead")
def test_the_order_of_the_trigger_controllers(chapter, rivals, trigger_policy, band):
    learned = chapter["mean_reward"](chapter["greedy"](trigger_policy))
    band("agent before PI", learned - rivals["PI"])
    assert rivals["fixed"] + 0.02 < rivals["PI"] < rivals["oracle"]
    assert rivals["fixed"] + 0.02 < learned < rivals["oracle"]


@pytest.mark.claim("rl-hack-kept", "rl-good-kept")
def test_purity_is_hacked(chapter, trigger_policy, seed, band):
    pure, curve = chapter["train_trigger"](seed, chapter["PurityEnv"], 40)
    _, hacked = chapter["follow"](chapter["greedy"](pure))
    _, honest = chapter["follow"](chapter["greedy"](trigger_policy))
    assert band("purity, rise of the reward", curve[-1] / curve[0]) > 1
    assert band("purity, kept of honest", hacked[:, 1].mean() / honest[:, 1].mean()) < 1
