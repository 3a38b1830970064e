"""Rules without learning find what the generator put in."""

import numpy as np
import pytest

from helpers.generate import generate_pulses
from helpers.rules import find_coincidences, matched_scores, pulse_responses


@pytest.fixture(scope="module")
def triplets():
    return generate_pulses(10_000, seed=11)


def test_nearly_every_coincidence_is_found_and_none_far_away(triplets):
    X, y = triplets
    errors = find_coincidences(X) - y
    assert np.mean(errors == 0) > 0.997
    assert np.mean(np.abs(errors) > 1) < 5e-4


def test_finer_steps_help_as_far_as_the_default(triplets):
    X, y = triplets
    coarse, default, fine = (
        np.mean(find_coincidences(X, n_phases=n_phases) == y) for n_phases in (10, 100, 300)
    )
    assert coarse + 0.001 < default
    assert abs(fine - default) < 0.0005


@pytest.mark.parametrize(("amplitude", "n_times"), [(2.0, 100), (5.0, 150)])
def test_pulses_of_another_height_or_width_are_found(amplitude, n_times):
    X, y = generate_pulses(2000, amplitude=amplitude, n_times=n_times, seed=12)
    assert np.mean(find_coincidences(X, amplitude) == y) > 0.95


def test_a_single_pulse_gives_one(triplets):
    X, y = generate_pulses(200, mean_background=0, seed=13)
    # A pulse that peaks half a bin away from the middle gives a little less.
    np.testing.assert_allclose(pulse_responses(X)[range(200), :, y], 0.98, atol=0.08)


def test_traces_have_three_axes():
    with pytest.raises(ValueError, match="three axes"):
        pulse_responses(np.zeros((3, 100)))


def test_the_matched_filter_is_causal_and_counts_the_traces_with_a_pulse():
    X, y = generate_pulses(300, mean_background=0, seed=12)
    scores = matched_scores(X, latency=4, noise=0.5)
    assert np.mean(scores.argmax(axis=1) - 4 == y) > 0.6
    assert np.median(scores.max(axis=1)) == pytest.approx(3, abs=0.1)
    changed = np.where(np.arange(100) > 60, 0, X)
    np.testing.assert_allclose(matched_scores(changed, 4, 0.5)[:, :61], scores[:, :61])
