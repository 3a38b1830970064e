"""The rival draws what it has seen, with the noise of counts, and the referee knows chance."""

import numpy as np
import pytest

from helpers.generative import PlaneMixture, Referee


def counts(seed):
    random = np.random.default_rng(seed)
    heights = random.choice([0, 20], (4000, 1))
    return random.poisson(5 + heights * np.array([0, 1, 0, 0, 1, 0]))


def test_the_mixture_takes_the_noise_out_before_it_adds_it():
    measured, made = counts(1), PlaneMixture(counts(2), n_parts=2).draw(4000, seed=3)
    np.testing.assert_allclose(made.mean(axis=0), measured.mean(axis=0), rtol=0.05)
    np.testing.assert_allclose(made.var(axis=0), measured.var(axis=0), rtol=0.1)


def test_the_referee_guesses_where_there_is_no_difference():
    assert Referee(counts(1)).told_apart(counts(2)) == pytest.approx(0.5, abs=0.03)
    assert Referee(counts(1)).told_apart(counts(2) + 3) > 0.9
