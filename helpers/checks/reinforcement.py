"""Checks of the exercises of the chapter "Learn from a reward"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import Hint, array, function, number

ONE_SET_POINT = 0.5884
"""What the best controller with one set-point gets on the episodes of the check."""


@exercise("rl-ex-baseline", number)
def check_best_baseline(best_baseline):
    """The rare action moves the parameter most, so it counts most."""
    baseline = best_baseline
    if np.isclose(baseline, 0.53, atol=0.004):
        return None
    if np.isclose(baseline, 0.77, atol=0.004):
        return "This is the mean reward: weight both rewards by the squared score of their action."
    if np.isclose(baseline, 0.65, atol=0.004):
        return "Both actions count equally here, as they do at π = 0.5: they do not at π = 0.9."
    if np.isclose(baseline, 0.068, atol=0.004):
        return "This is the mean of R (a − π)²: divide it by the mean of (a − π)²."
    if np.isclose(baseline, 0.5, atol=0.004) or np.isclose(baseline, 0.8, atol=0.004):
        return "This is the reward of one arm: the other is drawn as well, and has a weight."
    if not 0.5 < baseline < 0.8:
        return "A mean of the two chances lies between 0.5 and 0.8, whatever the weights."
    return "Set the derivative of the mean of (R − b)² (a − π)² with respect to b to zero."


@exercise("rl-ex-classification", function(array))
def check_weighted_loss(weighted_loss):
    """The agent imitates itself, the better actions more."""
    rng = np.random.default_rng(7)
    values = rng.normal(size=(6, 3)).astype("float32")
    actions = np.array([0, 2, 1, 1, 0, 2])
    advantages = np.array([1.0, -2.0, 0.5, 3.0, -1.0, 0.25], dtype="float32")
    loss = weighted_loss(values, actions, advantages)
    losses = _cross_entropies(values, actions)
    if loss.shape != ():
        return f"The loss is one number, and yours has the shape {loss.shape}: keep the reduction."
    if np.isclose(loss, np.mean(advantages * losses), rtol=1e-4):
        return None
    if np.isclose(loss, -np.mean(advantages * losses), rtol=1e-4):
        return "The sign is reversed: a cross-entropy is minus a log-probability already."
    if np.isclose(loss, np.sum(advantages * losses), rtol=1e-4):
        return "This is the sum over the samples; tf.reduce_mean divides by their number."
    if np.isclose(loss, np.mean(losses), rtol=1e-4):
        return "The advantages are not used: hand them over as sample_weight."
    if np.isclose(loss, np.mean(advantages * _cross_entropies(values, actions, True)), rtol=0.02):
        return "The scores are not probabilities: tell the loss so with from_logits=True."
    return "The value is wrong: labels are the actions, weights the advantages, values the logits."


def _cross_entropies(values, actions, as_probabilities=False):
    if as_probabilities:
        clipped = np.clip(values, 1e-7, 1 - 1e-7)
        probabilities = clipped / clipped.sum(axis=1, keepdims=True)
    else:
        probabilities = np.exp(values) / np.exp(values).sum(axis=1, keepdims=True)
    return -np.log(probabilities[np.arange(len(actions)), actions])


@exercise("rl-ex-rule", function(array))
def check_rule(rule):
    """Solved by a few numbers that nobody had to train."""
    first = rule(np.zeros((3, 4), "float32"))
    if first.shape != (3,):
        return f"There must be one action for each of 3 carts, not the shape {first.shape}."
    if not np.isin(first, (0, 1)).all():
        return "An action is 0 (left) or 1 (right): turn the sign of the sum into one of the two."
    steps, states = _balance(rule)
    if steps.mean() >= 475:
        return None
    opposite, _ = _balance(lambda observations: 1 - rule(observations))
    score = f"The mean over 100 episodes is {steps.mean():.0f} steps of 500."
    if opposite.mean() > 2 * steps.mean():
        return f"{score} The opposite actions do better: push to the side to which the pole leans."
    if np.mean(np.abs(states[:, 0]) > 2.4) > 0.5:
        return f"{score} Most carts leave the rail: give the angle a larger weight."
    return f"{score} Most poles fall: weigh the angle and the angular velocity."


def _balance(rule, n_carts=100):
    """Return the length of one episode a cart and the state in which it ended."""
    import gymnasium

    carts = gymnasium.make_vec(
        "CartPole-v1", num_envs=n_carts, vectorization_mode="vector_entry_point"
    )
    observations, _ = carts.reset(seed=5)
    steps, running = np.zeros(n_carts), np.ones(n_carts, bool)
    last = observations.copy()
    while running.any():
        actions = rule(observations).astype(int)
        observations, _, terminated, truncated, _ = carts.step(actions)
        steps += running
        last[running] = observations[running]
        running = running & ~(terminated | truncated)
    return steps, last


@exercise("rl-ex-reward", function(number))
def check_mended_reward(mended_reward):
    """Neither the closed nor the open detector earns anything by it."""
    reward = mended_reward
    try:
        nothing = reward(0, 0)
    except Hint as error:
        if not isinstance(error.__cause__, ZeroDivisionError):
            raise
        return "A second without any record divides by zero: say what it earns."
    if nothing > 0 or reward(0, 50) > 0:
        return "A second without signal still earns something: the closed detector is back."
    if not reward(40, 70) > reward(30, 60):
        return "Ten more signal pulses at equal background must earn more."
    if not reward(30, 600) < reward(30, 60):
        return "More background at equal signal must earn less."
    if reward(1, 1) >= reward(40, 50):
        return "One single pure pulse earns as much as 40 with a little background: that is purity."
    if reward(50, 50_000) >= reward(40, 50):
        return "The open detector earns most: the background must cost more."
    few, many = reward(40, 50) - reward(40, 60), reward(40, 150) - reward(40, 160)
    if np.isclose(few, many, rtol=1e-3):
        return (
            "Each further background pulse costs the same, however many there are: that is a price "
            "of bandwidth, as c is."
        )
    if many > few:
        return "A further background pulse must cost less, the more there are already."
    if reward(0, 50) < 0:
        return "A second without signal loses something, and should earn just nothing."
    return None


@exercise("rl-ex-model", function(array))
def check_use_the_physics(use_the_physics):
    """A model of the detector is worth thousands of episodes."""
    sample = np.array([[0.0, -0.5], [0.5, 2.0], [-1.0, -3.0], [3.0, -4.7]], dtype="float32")
    moves = use_the_physics(sample)
    if moves.shape != (4,):
        return f"There must be one move for each of 4 episodes; the shape is {moves.shape}."
    if not np.isin(moves, range(5)).all():
        return "A move is a number from 0 to 4: nearest_move turns a change in mV into one."
    reward = _steer(use_the_physics)
    if reward > ONE_SET_POINT:
        return None
    if _steer(lambda seen: 4 - use_the_physics(seen)) > reward + 0.05:
        return "The moves go the wrong way: the wanted change is best threshold minus threshold."
    score = f"The mean reward is {reward:.4f}, and one set-point gets {ONE_SET_POINT:.4f}"
    if reward > ONE_SET_POINT - 0.012:
        return f"{score}: a rule of that kind is not enough; compute the background rate."
    return (
        f"{score}: is the threshold shifted back by 6 mV, the count by its factor 100, and the "
        "expected signal subtracted?"
    )


def _steer(controller, n_episodes=400):
    """Return the mean reward that a controller gets on episodes that the chapter does not use."""
    from helpers.trigger import Trigger

    world = Trigger(n_episodes)
    seen, _ = world.reset(seed=20_000)
    rewards = []
    for _ in range(world.n_seconds):
        seen, reward, *_ = world.step(controller(seen).astype(int))
        rewards.append(reward.mean())
    return float(np.mean(rewards))
