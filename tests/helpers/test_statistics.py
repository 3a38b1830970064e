"""Differences, intervals and floors say what repeated experiments show."""

import numpy as np
import pytest
from scipy import stats

from helpers.statistics import (
    Estimate,
    calibration_error,
    calibration_floor,
    difference,
    mean,
    median_interval,
    paired_difference,
    share_interval,
)

CHANCES = np.random.default_rng(0).uniform(0.5, 1, 1000)


def holds(interval, truth):
    return interval[0] <= truth <= interval[1]


def share_that_holds(experiment, n_experiments=400):
    """Return how often one of many experiments, each with its own random numbers, is true."""
    return np.mean([experiment(np.random.default_rng(n)) for n in range(n_experiments)])


def test_five_seeds_give_an_interval_that_holds_the_mean_as_often_as_it_says():
    covered = share_that_holds(lambda random: holds(mean(random.normal(3, 2, 5)).interval(), 3))
    assert covered == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 400))


def test_pairs_drop_what_both_share():
    random = np.random.default_rng(0)
    luck, noise = random.normal(0, 1, 20), random.normal(0, 0.01, (2, 20))
    a, b = luck + noise[0] + 0.1, luck + noise[1]
    gain = paired_difference(a, b)
    assert (gain.value, gain.freedom) == (pytest.approx(np.mean(a - b)), 19)
    assert gain.standard_errors > 20 > 2 > difference(a, b).standard_errors


def test_differences_are_those_of_students_and_of_welchs_test():
    random = np.random.default_rng(1)
    a, b = random.normal(0, 1, 7), random.normal(1, 3, 7)
    for ours, theirs in [
        (paired_difference(a, b), stats.ttest_rel(a, b)),
        (difference(a, b), stats.ttest_ind(a, b, equal_var=False)),
    ]:
        assert ours.standard_errors == pytest.approx(theirs.statistic)
        assert ours.interval(0.9) == pytest.approx(tuple(theirs.confidence_interval(0.9)))


@pytest.mark.parametrize(("value", "expected"), [(0.0, 0.0), (-1.0, -np.inf), (2.0, np.inf)])
def test_scores_without_scatter_differ_surely_or_not_at_all(value, expected):
    gain = difference([value] * 3, [0.0, 0.0])
    assert gain.standard_errors == expected
    assert gain.interval() == (value, value)


@pytest.mark.parametrize(
    ("estimate", "written"),
    [
        (Estimate(0.9601, 0.0042, 4), "0.960 ± 0.004"),
        (Estimate(0.9601, 0.0012, 4), "0.9601 ± 0.0012"),
        (Estimate(-1234.5, 20, 4), "-1234 ± 20"),
        (Estimate(0.5, 0.0, 1), "0.5 ± 0"),
    ],
)
def test_an_estimate_is_written_with_as_many_digits_as_its_error_knows(estimate, written):
    assert str(estimate) == written


def test_a_share_stays_between_none_and_all_and_is_held_as_often_as_it_says():
    assert share_interval(0, 20)[0] == 0
    assert share_interval(20, 20)[1] == 1
    covered = share_that_holds(
        lambda random: holds(share_interval(random.binomial(50, 0.9), 50), 0.9)
    )
    assert covered == pytest.approx(0.95, abs=0.05)


def test_a_median_is_held_as_often_as_it_says_whatever_single_values_do():
    def experiment(random):
        return holds(median_interval(random.standard_cauchy(50), n_resamples=300), 0)

    assert share_that_holds(experiment, 200) == pytest.approx(0.95, abs=0.06)


def test_a_calibrated_model_errs_as_much_as_the_floor_says_and_a_boastful_one_more():
    floor, low, high = calibration_floor(CHANCES)
    errors = [
        calibration_error(CHANCES, np.random.default_rng(n).random(1000) < CHANCES)
        for n in range(200)
    ]
    assert np.mean(errors) == pytest.approx(floor, rel=0.1)
    assert np.mean([low <= error <= high for error in errors]) == pytest.approx(0.95, abs=0.06)
    boastful = np.random.default_rng(0).random(1000) < CHANCES - 0.1
    assert calibration_error(CHANCES, boastful) > high


def test_groups_of_equal_size_are_compared():
    sure, right = [0.2, 0.9, 0.4, 0.7], [0, 1, 1, 1]
    assert calibration_error(sure, right, n_groups=2) == pytest.approx((0.2 + 0.2) / 2)
    assert calibration_error(sure, right, n_groups=1) == pytest.approx(0.2)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("unit", [2.0**300, 2.0**-300])
def test_a_difference_is_the_same_in_any_unit(unit):
    scores, others = np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.5])
    expected, found = difference(scores, others), difference(scores * unit, others * unit)
    assert found == Estimate(expected.value * unit, expected.error * unit, expected.freedom)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mean([0.9]), r"scores has shape \(1,\), .* one number for each seed"),
        (lambda: mean([[0.9, 0.8]]), "one row of at least two"),
        (
            lambda: paired_difference([1, 2], [1, 2, 3]),
            "2 scores and 3 others",
        ),
        (lambda: share_interval(5, 4), "count is 5"),
        (lambda: share_interval(1, 4, 1.0), "confidence is 1.0, .* between 0 and 1"),
        (lambda: calibration_error([0.5, 1.2], [1, 0], 1), "from 0.5 to 1.2, .* probabilities"),
        (lambda: calibration_error([0.5, 0.6], [1, 2], 1), "right must say True or False"),
        (lambda: calibration_error([0.5, 0.6], [1], 1), "for each of the 2 confidences"),
        (lambda: calibration_floor([0.5, 0.6], n_groups=3), "n_groups is 3"),
    ],
)
def test_bad_input_is_named_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        call()
    assert str(caught.value).endswith(".")
