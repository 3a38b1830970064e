"""Checks of the exercises of the chapter "Learn from a reward"."""

import numpy as np

from helpers.checks import exercise


@exercise("rl-ex-baseline", praise="The rare action moves the parameter most, so it counts most.")
def best_baseline(baseline):
    baseline = float(baseline)
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


@exercise("rl-ex-classification", praise="The agent imitates itself, the better actions more.")
def weighted_loss(function):
    if not callable(function):
        return "The answer is a function: pass weighted_loss itself, without calling it."
    rng = np.random.default_rng(7)
    values = rng.normal(size=(6, 3)).astype("float32")
    actions = np.array([0, 2, 1, 1, 0, 2])
    advantages = np.array([1.0, -2.0, 0.5, 3.0, -1.0, 0.25], dtype="float32")
    loss = function(values, actions, advantages)
    if loss is ...:
        return ...
    if loss is None:
        return "The function returns nothing: end it with return and the loss."
    loss = np.asarray(loss, dtype=float)
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


@exercise("rl-ex-rule", praise="Solved by a few numbers that nobody had to train.")
def rule(function):
    if not callable(function):
        return "The answer is a function: pass rule itself, without calling it."
    first = function(np.zeros((3, 4), "float32"))
    if first is ...:
        return ...
    if first is None:
        return "The function returns nothing: end it with return and the actions."
    if np.shape(first) != (3,):
        return f"There must be one action for each of 3 carts, and got the shape {np.shape(first)}."
    if not np.isin(np.asarray(first), (0, 1)).all():
        return "An action is 0 (left) or 1 (right): turn the sign of the sum into one of the two."
    steps, states = _balance(function)
    if steps.mean() >= 475:
        return None
    opposite = _balance(lambda observations: 1 - np.asarray(function(observations)).astype(int))[0]
    score = f"The mean over 100 episodes is {steps.mean():.0f} steps of 500."
    if opposite.mean() > 2 * steps.mean():
        return f"{score} The opposite actions do better: push to the side to which the pole leans."
    if np.mean(np.abs(states[:, 0]) > 2.4) > 0.5:
        return f"{score} Most carts leave the rail: give the angle a larger weight."
    return f"{score} Most poles fall: weigh the angle and the angular velocity."


def _balance(function, n_carts=100):
    """Return the length of one episode a cart and the state in which it ended."""
    import gymnasium

    carts = gymnasium.make_vec(
        "CartPole-v1", num_envs=n_carts, vectorization_mode="vector_entry_point"
    )
    observations, _ = carts.reset(seed=5)
    steps, running = np.zeros(n_carts), np.ones(n_carts, bool)
    last = observations.copy()
    while running.any():
        actions = np.asarray(function(observations)).astype(int)
        observations, _, terminated, truncated, _ = carts.step(actions)
        steps += running
        last[running] = observations[running]
        running = running & ~(terminated | truncated)
    return steps, last


@exercise("rl-ex-reward", praise="Neither the closed nor the open detector earns anything by it.")
def mended_reward(function):
    if not callable(function):
        return "The answer is a function: pass mended_reward itself, without calling it."
    ordinary = function(30, 60)
    if ordinary is ...:
        return ...
    if ordinary is None:
        return "The function returns nothing: end it with return and the reward."
    try:
        nothing = float(function(0, 0))
    except ZeroDivisionError:
        nothing = np.nan
    if not np.isfinite(nothing):
        return "A second without any record divides by zero: say what it earns."
    if nothing > 0 or function(0, 50) > 0:
        return "A second without signal still earns something: the closed detector is back."
    if not function(40, 70) > ordinary:
        return "Ten more signal pulses at equal background must earn more."
    if not function(30, 600) < ordinary:
        return "More background at equal signal must earn less."
    if function(1, 1) >= function(40, 50):
        return "One single pure pulse earns as much as 40 with a little background: that is purity."
    if function(50, 50_000) >= function(40, 50):
        return "The open detector earns most: the background must cost more."
    return None


@exercise("rl-ex-model", praise="A model of the detector is worth two thousand episodes.")
def use_the_physics(function, mean_reward):
    if not callable(function):
        return "The answer is a function: pass use_the_physics itself, without calling it."
    sample = np.array([[0.0, -0.5], [0.5, 2.0], [-1.0, -3.0], [3.0, -4.7]], dtype="float32")
    moves = function(sample)
    if moves is ...:
        return ...
    if moves is None:
        return "The function returns nothing: end it with return and the moves."
    if np.shape(moves) != (4,):
        return f"There must be one move for each of 4 episodes; the shape is {np.shape(moves)}."
    if not np.isin(np.asarray(moves), range(5)).all():
        return "A move is a number from 0 to 4: nearest_move turns a change in mV into one."
    reward = mean_reward(function)
    if reward >= 0.573:
        return None
    opposite = mean_reward(lambda observations: 4 - np.asarray(function(observations)))
    if opposite > reward + 0.05:
        return "The moves go the wrong way: the wanted change is best threshold minus threshold."
    return (
        f"The mean reward is {reward:.3f}, and 0.573 is within reach: is the threshold shifted "
        "back by 6 mV, the count by its factor 100, and the expected signal subtracted?"
    )
