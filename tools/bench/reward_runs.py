"""Make the long runs of the page on rewards: ``make bench-reward``.

Twenty seeds balance a pole with the baseline and without. Then a trigger is looked for that an
agent steers better than a rule: in each setting five agents play against a rule that is linear in
what they see, moves only if it wants to by more than a dead zone, and is tuned by differential
evolution on episodes of its own. All stands in ``data/reward_runs.json``; ten minutes on one core.
What stands there is not done again.
"""

from collections import deque

import numpy as np
from gymnasium import spaces
from scipy.optimize import differential_evolution

from helpers.trigger import MOVES, SIGNAL, Trigger, nearest_move
from tools.bench.kept import Kept, functions_of

KEPT = Kept("reward_runs.json", "python -m tools.bench.reward_runs")
SEEDS, POLE_SEEDS = range(5), range(20)
TUNING = {"n_episodes": 320, "seed": 1}
LIMITS = {"threshold": (-1, 1), "count": (-0.2, 2), "rest": (-1, 1), "zone": (0, 0.4)}


def seeing(n):
    return spaces.Box(-20, 20, (n,), np.float32)


class Plain(Trigger):
    """The trigger as it is."""


class Fast(Trigger):
    """The background drifts within five seconds instead of thirty."""

    def _drift(self):
        keep, start = np.exp(-1 / 5), np.log(1e4)
        drift = 1.2 * self.np_random.normal(size=(self.n_seconds + 1, self.num_envs))
        for n in range(self.n_seconds):
            drift[n + 1] = keep * drift[n] + np.sqrt(1 - keep**2) * drift[n + 1]
        return start + drift


class Late(Trigger):
    """Counts come three seconds late; the threshold that they were taken with is seen, too."""

    single_observation_space = seeing(3)

    def reset(self, *, seed=None, options=None):
        self.waiting = deque(maxlen=4)
        return super().reset(seed=seed)

    def take_data(self):
        seen = super().take_data()
        self.waiting.append(seen)
        late = self.waiting[0]
        return np.stack([seen[:, 0], late[:, 1], late[:, 0]], axis=1)


class Dear(Trigger):
    """Each move costs as much as half a signal pulse in fifty, and a large one no more."""

    def step(self, actions):
        seen, rewards, *rest = super().step(actions)
        return seen, rewards - 0.02 * (MOVES[actions] != 0), *rest


class Full(Trigger):
    """The readout takes no more than 90 records a second, and loses others at random."""

    def reward(self):
        return self.kept / SIGNAL * np.minimum(1, 90 / np.maximum(self.recorded, 1))


class Paralysed(Trigger):
    """Each pulse extends the dead time of the readout, so that too many leave few records."""

    def take_data(self):
        super().take_data()
        alive = np.exp(-self.recorded / 150)
        self.kept, noise = self.np_random.binomial(
            [self.kept, self.recorded - self.kept], [alive, alive]
        )
        self.recorded = self.kept + noise
        seen = self.threshold - 6, np.log((self.recorded + 1) / 100)
        return np.stack(seen, axis=1).astype("float32")

    def reward(self):
        return self.kept / SIGNAL


class Pair(Trigger):
    """Two thresholds with backgrounds of their own share a readout of 160 records a second."""

    single_action_space = spaces.Discrete(len(MOVES) ** 2)
    single_observation_space = seeing(4)

    def __init__(self, n_episodes, n_seconds=100):
        super().__init__(2 * n_episodes, n_seconds)
        self.inner, self.num_envs = 2 * n_episodes, n_episodes

    def reset(self, *, seed=None, options=None):
        self.num_envs = self.inner
        seen, more = super().reset(seed=seed)
        self.num_envs = self.inner // 2
        return seen.reshape(-1, 4), more

    def step(self, actions):
        both = np.stack(np.divmod(actions, len(MOVES)), axis=1).ravel()
        seen, rewards, fell, over, more = super().step(both)
        half = self.num_envs
        return seen.reshape(-1, 4), rewards, fell[:half], over[:half], more

    def reward(self):
        kept, recorded = (n.reshape(-1, 2).sum(axis=1) for n in (self.kept, self.recorded))
        return kept / (2 * SIGNAL) * np.minimum(1, 160 / np.maximum(recorded, 1))


def linear(settings):
    """Return the rule with an offset, a weight of each number seen, and a dead zone."""
    offset, *weights, zone = settings

    def act(seen):
        wanted = offset + seen @ np.array(weights)
        return nearest_move(np.where(np.abs(wanted) < zone, 0, wanted))

    return act


def linear_pair(settings):
    """Return the same rule for each threshold of two, which sees its own numbers first."""
    one = linear(settings)

    def act(seen):
        return len(MOVES) * one(seen) + one(seen[:, [2, 3, 0, 1]])

    return act


class Study:
    """One setting: its world, the kind of rule, and the functions of the page."""

    def __init__(self, page, world, make=linear):
        self.page, self.world, self.make = page, world, make

    def rewards(self, controller, n_episodes=1000, seed=10_000):
        return self.page["play"](self.world(n_episodes), controller, seed)[2].mean(axis=0)

    def tuned(self):
        n_rest = self.world.single_observation_space.shape[0] - 2
        names = ["rest", "threshold", "count", *["rest"] * n_rest, "zone"]
        found = differential_evolution(
            lambda settings: -self.rewards(self.make(settings), **TUNING).mean(),
            [LIMITS[name] for name in names],
            maxiter=40,
            popsize=8,
            rng=1,
            polish=False,
        )
        return found.x

    def agent(self, seed, n_batches=150, discount=0.9):
        policy, _ = self.page["train"](self.world(32), seed, n_batches, discount)
        return self.rewards(self.page["greedy"](policy))

    def results(self):
        rule = self.tuned()
        rule_rewards = self.rewards(self.make(rule))
        agents = np.array([self.agent(seed) for seed in SEEDS])
        gain = self.page["lead"](agents, rule_rewards)
        return {
            "settings": rule.round(3).tolist(),
            "rule": float(rule_rewards.mean()),
            "agents": agents.mean(axis=1).tolist(),
            "lead": [gain.value, gain.error],
        }


SETTINGS = {
    "as it is": (Plain,),
    "drift within 5 s": (Fast,),
    "counts 3 s late": (Late,),
    "a price of moving": (Dear,),
    "a readout that is full": (Full,),
    "two share a readout": (Pair, linear_pair),
    "a paralysed readout": (Paralysed,),
}


def poles(page):
    """Return the learning curves of all seeds, with the baseline and without."""
    return {
        name: [
            page["train"](page["carts"](32), seed, use_baseline=use)[1].round(2).tolist()
            for seed in POLE_SEEDS
        ]
        for name, use in (("with baseline", True), ("without", False))
    }


def main() -> None:
    page = functions_of("reinforcement")
    if "pole" not in KEPT.runs:
        KEPT.write(pole=poles(page))
    for name, setting in SETTINGS.items():
        found = KEPT.runs.get("trigger", {})
        if name not in found:
            KEPT.write(trigger=found | {name: Study(page, *setting).results()})


if __name__ == "__main__":
    main()
