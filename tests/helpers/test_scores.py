"""Scores of probabilities over bins: exact bins, mean labels, neighbours."""

import numpy as np
import pytest

from helpers.scores import bins_of, scores


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
