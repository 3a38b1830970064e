"""Means and differences of scores with their standard errors, intervals of shares and medians."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from helpers.arguments import moderate, real_array, real_number, whole_number


@dataclass(frozen=True)
class Estimate:
    """A mean or a difference of means with its standard error.

    Attributes
    ----------
    value : float
        What was estimated, in the unit of the scores.
    error : float
        Its standard error, in the same unit.
    freedom : float
        The degrees of freedom of the error: how well the error itself is known.

    Examples
    --------
    >>> from helpers.statistics import Estimate
    >>> gain = Estimate(0.012, 0.004, freedom=4)
    >>> print(gain)
    0.012 ± 0.004
    >>> round(gain.standard_errors, 1)
    3.0
    """

    value: float
    error: float
    freedom: float

    @property
    def standard_errors(self) -> float:
        """How many of its standard errors the value is away from zero, with its sign."""
        if self.error == 0:
            return float(np.copysign(np.inf, self.value)) if self.value else 0.0
        return self.value / self.error

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the interval that holds the true value at a confidence, by Student's t.

        Parameters
        ----------
        confidence : float, default 0.95
            How often such an interval holds it, between 0 and 1.

        Returns
        -------
        tuple of float
            Its lower and its upper end.

        Raises
        ------
        TypeError, ValueError
            If the confidence is not a number between 0 and 1.

        Examples
        --------
        Five seeds know their own scatter badly, so the interval is wider than two errors:

        >>> from helpers.statistics import Estimate
        >>> low, high = Estimate(0.012, 0.004, freedom=4).interval()
        >>> round(low, 4), round(high, 4)
        (0.0009, 0.0231)
        """
        reach = self.error * stats.t.ppf(0.5 + between_0_and_1(confidence) / 2, self.freedom)
        return float(self.value - reach), float(self.value + reach)

    def __str__(self) -> str:
        if not 0 < self.error < np.inf:
            return f"{self.value:g} ± {self.error:g}"
        # One digit of the error is enough, two where it begins with a one.
        size = int(np.floor(np.log10(self.error)))
        digits = max(0, -size + (self.error / 10.0**size < 2))
        return f"{self.value:.{digits}f} ± {self.error:.{digits}f}"


def mean(scores: ArrayLike) -> Estimate:
    """Return the mean of scores with its standard error.

    Parameters
    ----------
    scores : array_like of shape (n_seeds,)
        A number for each trained model, such as its accuracy on the validation sample.

    Returns
    -------
    Estimate

    Raises
    ------
    TypeError, ValueError
        If the scores are not finite real numbers, at least two in one row.

    Examples
    --------
    >>> from helpers.statistics import mean
    >>> print(mean([0.95, 0.96, 0.97, 0.96, 0.96]))
    0.960 ± 0.003
    """
    values = row_of_scores("scores", scores)
    return Estimate(float(values.mean()), float(stats.sem(values)), float(len(values) - 1))


def paired_difference(scores: ArrayLike, others: ArrayLike) -> Estimate:
    """Return the mean difference of scores that belong together, seed by seed or split by split.

    What both models of a pair share, such as the seed, the split or the triplets of a test
    sample, drops out of the difference, and with it that part of its error.

    Parameters
    ----------
    scores, others : array_like of shape (n_seeds,)
        The scores of two models, in the same order of seeds.

    Returns
    -------
    Estimate
        The mean of ``scores - others``.

    Raises
    ------
    TypeError, ValueError
        If the scores are not like those of `mean`, or not equally many.

    Examples
    --------
    >>> from helpers.statistics import paired_difference
    >>> gain = paired_difference([0.95, 0.93, 0.96, 0.94], [0.94, 0.91, 0.95, 0.92])
    >>> print(gain)
    0.015 ± 0.003
    """
    values, subtracted = row_of_scores("scores", scores), row_of_scores("others", others)
    if len(values) != len(subtracted):
        raise ValueError(
            f"There are {len(values)} scores and {len(subtracted)} others, but pairs need equally "
            "many: give both models the same seeds, or use difference."
        )
    return mean(values - subtracted)


def difference(scores: ArrayLike, others: ArrayLike) -> Estimate:
    """Return the difference of the means of scores that were made independently.

    Parameters
    ----------
    scores, others : array_like of shape (n_seeds,) and (m_seeds,)
        The scores of two models.

    Returns
    -------
    Estimate
        The mean of the scores minus that of the others. Its error and its degrees of freedom are
        those of Welch's test [1]_, which lets the two scatter differently.

    Raises
    ------
    TypeError, ValueError
        If the scores are not like those of `mean`.

    See Also
    --------
    paired_difference : what to use where both share their seeds or splits.

    References
    ----------
    .. [1] B. L. Welch, "The generalization of 'Student's' problem when several different
       population variances are involved", Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28.

    Examples
    --------
    >>> from helpers.statistics import difference
    >>> print(difference([0.95, 0.93, 0.96, 0.94], [0.94, 0.91, 0.95, 0.92, 0.93]))
    0.015 ± 0.010
    """
    values, subtracted = mean(scores), mean(others)
    # Fourth powers are taken of errors of about 1; a power of two changes nothing else.
    scale = np.exp2(np.frexp(max(values.error, subtracted.error))[1])
    variances = np.square([values.error / scale, subtracted.error / scale])
    freedoms = np.array([values.freedom, subtracted.freedom])
    total = variances.sum()
    # Without any scatter the error is zero, whatever its degrees of freedom.
    freedom = total**2 / np.sum(variances**2 / freedoms) if total else freedoms.sum()
    return Estimate(values.value - subtracted.value, float(np.sqrt(total) * scale), float(freedom))


def share_interval(count: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval [1]_ of a share, such as the accuracy on a test sample.

    Unlike ``p ± sqrt(p (1 - p) / n)`` it stays between 0 and 1, and is not of width zero where
    all or none are right.

    Parameters
    ----------
    count : int
        How many of the sample have the property.
    total : int
        How many there are, at least 1.
    confidence : float, default 0.95
        How often such an interval holds the true share, between 0 and 1.

    Returns
    -------
    tuple of float
        Its lower and its upper end.

    Raises
    ------
    TypeError, ValueError
        If the count is not a whole number from 0 to the total, or the confidence not between 0
        and 1.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
       J. Am. Stat. Assoc. 22, 209 (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> from helpers.statistics import share_interval
    >>> low, high = share_interval(100, 100)
    >>> round(low, 3), round(high, 3)
    (0.963, 1.0)
    """
    total = whole_number("total", total, least=1)
    result = stats.binomtest(whole_number("count", count, least=0, most=total), total)
    interval = result.proportion_ci(between_0_and_1(confidence), method="wilson")
    return float(interval.low), float(interval.high)


def median_interval(
    values: ArrayLike, confidence: float = 0.95, n_resamples: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """Return the interval of a median by the bootstrap [1]_: draw samples from the sample.

    Parameters
    ----------
    values : array_like of shape (n,)
        What the median is taken of, at least two numbers.
    confidence : float, default 0.95
        How often such an interval holds the true median, between 0 and 1.
    n_resamples : int, default 2000
        How many samples are drawn.
    seed : int, default 0
        Where the random numbers start.

    Returns
    -------
    tuple of float
        Its lower and its upper end, in the unit of the values.

    Raises
    ------
    TypeError, ValueError
        If the values are not like the scores of `mean`, or another argument is out of its range.

    References
    ----------
    .. [1] B. Efron, "Bootstrap methods: another look at the jackknife", Ann. Statist. 7, 1
       (1979), doi:10.1214/aos/1176344552.

    Examples
    --------
    >>> from helpers.statistics import median_interval
    >>> median_interval([1.0, 2.0, 3.0, 4.0, 1000.0])
    (1.0, 1000.0)
    """
    interval = stats.bootstrap(
        (row_of_scores("values", values),),
        np.median,
        n_resamples=whole_number("n_resamples", n_resamples, least=100),
        confidence_level=between_0_and_1(confidence),
        method="percentile",
        rng=np.random.default_rng(whole_number("seed", seed, least=0)),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def row_of_scores(name: str, scores: ArrayLike) -> np.ndarray:
    """Return scores as one row of finite numbers, at least two."""
    values = real_array(name, scores)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(
            f"{name} has shape {values.shape}, but it must be one row of at least two numbers: "
            "give one number for each seed."
        )
    return moderate(name, values.astype(float))


def between_0_and_1(value: float, name: str = "confidence") -> float:
    """Return a number that is neither 0 nor 1 and lies between them."""
    number = real_number(name, value, least=0, most=1)
    if number in (0, 1):
        raise ValueError(f"{name} is {value}, but it must be between 0 and 1: choose another.")
    return number
