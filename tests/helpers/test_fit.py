"""The fit of whole pulses finds what the generator put in."""

import numpy as np
import pytest

from helpers.fit import find_pulses, shared_times, take_apart
from helpers.generate import generate_pulses


@pytest.mark.parametrize("amplitude", [5.0, 0.5])
def test_the_fit_names_no_wrong_bin(amplitude):
    X, y = generate_pulses(400, amplitude=amplitude, n_smooth=3 if amplitude == 5 else 0, seed=99)
    times, residuals = take_apart(X, amplitude)
    explained = residuals < 2e-4 * amplitude
    assert explained.mean() > 0.98
    times[~explained] = np.nan
    shared, spreads = shared_times(times)
    solved = ~np.isnan(shared)
    assert solved.mean() > 0.99
    assert (np.rint(shared[solved]) == y[solved]).all()
    assert np.median(spreads[solved]) < 1e-4


def test_pulses_of_another_height_are_not_explained():
    X, _ = generate_pulses(30, seed=4)
    assert np.mean(take_apart(X, amplitude=5.1)[1] < 1e-3) < 0.1


def test_a_sample_with_one_known_trace_shares_nothing():
    shared, spreads = shared_times([[[3.0, 4.0], [np.nan, np.nan]], [[3.0, 9.0], [9.5, np.nan]]])
    np.testing.assert_array_equal(shared, [np.nan, 9.25])
    np.testing.assert_array_equal(spreads, [np.nan, 0.5])


def test_samples_have_three_axes():
    with pytest.raises(ValueError, match="three axes"):
        take_apart(np.zeros((3, 100)))
    with pytest.raises(ValueError, match="three axes"):
        shared_times(np.zeros((3, 100)))


def test_pulses_are_found_in_noise_as_many_as_there_are():
    X, y = generate_pulses(200, n_traces=1, mean_background=0, seed=5)
    noisy = X[:, 0] + np.random.default_rng(5).normal(0, 0.5, X[:, 0].shape)
    times = find_pulses(noisy, noise=0.5)
    assert (np.isfinite(times).sum(axis=1) == 1).mean() > 0.98
    assert np.median(np.abs(times[:, 0] - y)) < 0.5
    assert not np.isfinite(find_pulses(noisy, noise=0.5, gain=1e5)).any()
    with pytest.raises(ValueError, match="two axes"):
        find_pulses(X, noise=0.5)
