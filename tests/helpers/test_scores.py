"""Scores of probabilities over bins, of names and of lists of times, and leads between models."""

import numpy as np
import pytest

from helpers.generate import encode_names
from helpers.scores import bins_of, bits_per_name, lead_per_sample, match_times, scores


@pytest.mark.parametrize(("n_bins", "first"), [(100, 0), (94, 3), (98, 1)])
def test_fewer_outputs_than_times_stand_in_the_middle(n_bins, first):
    assert bins_of(n_bins).tolist() == list(range(first, first + n_bins))


def test_certain_answers_score_like_bins():
    labels = np.array([3, 50, 96, 60])
    answers = np.array([3, 51, 96, 20])
    accuracy, rmse, within_one = scores(np.eye(94)[answers - 3], labels)
    assert (accuracy, within_one) == (0.5, 0.75)
    assert rmse == pytest.approx(np.sqrt((1 + 40**2) / 4))


def test_each_label_needs_its_row():
    with pytest.raises(ValueError, match="one row of probabilities"):
        scores(np.ones((3, 94)), [1, 2])


def test_bits_count_the_letters_and_the_end_of_a_name_only():
    names = ["neon", "protactinium"]
    _, codes, is_part = encode_names(names)
    sure = 50.0 * np.eye(27)[codes]
    assert bits_per_name(sure, names) == pytest.approx(0, abs=1e-6)
    sure[is_part == 0] = np.random.default_rng(1).normal(size=(int((is_part == 0).sum()), 27))
    assert bits_per_name(sure, names) == pytest.approx(0, abs=1e-6)
    with pytest.raises(ValueError, match="encode_names returns first"):
        bits_per_name(sure[:, :-1], names)


def test_each_time_has_one_partner_within_the_window():
    found = np.array([[10.0, 11.0, np.nan], [np.nan, np.nan, 50.0], [1.0, 2.0, 3.0]])
    true = np.array([[10.5, 40.0], [np.nan, 52.0], [3.5, 1.5]])
    missed, invented, errors = match_times(found, true)
    assert missed.tolist() == [1, 1, 0]
    assert invented.tolist() == [1, 1, 1]
    assert sorted(np.abs(errors)) == [0.5, 0.5, 0.5]
    with pytest.raises(ValueError, match="one row of times"):
        match_times(found, true[:2])


def test_a_lead_counts_the_errors_of_samples_and_of_seeds():
    random = np.random.default_rng(1)
    right = random.random((5, 4000)) < [[0.80], [0.81], [0.79], [0.82], [0.78]]
    others = random.random(4000) < 0.8
    lead = lead_per_sample(right, others)
    each = right.mean(axis=0) - others
    of_samples, of_seeds = each.std(ddof=1) / 4000**0.5, right.mean(axis=1).std(ddof=1) / 5**0.5
    assert lead.value == pytest.approx(right.mean() - others.mean())
    assert lead.error == pytest.approx(np.hypot(of_samples, of_seeds))
    assert lead_per_sample(right, right).value == 0


@pytest.mark.parametrize("others", [[1, 0], [[1, 0, 1]], [1, 0, 1, 1]])
def test_a_lead_needs_the_same_samples(others):
    with pytest.raises(ValueError, match="as many samples in both"):
        lead_per_sample([[1, 0, 1], [0, 0, 1]], others)
