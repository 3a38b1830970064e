"""Say whether one trained model is better than another, and how well that is known.

Train each of two models from at least five seeds, and compare the scores: a difference of less
than two of its standard errors is none.
"""

from helpers.statistics.calibration import calibration_error, calibration_floor
from helpers.statistics.estimates import (
    Estimate,
    difference,
    mean,
    median_interval,
    paired_difference,
    share_interval,
)

__all__ = [
    "Estimate",
    "calibration_error",
    "calibration_floor",
    "difference",
    "mean",
    "median_interval",
    "paired_difference",
    "share_interval",
]
