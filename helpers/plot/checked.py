"""What the figures are given, as arrays; what cannot be drawn is refused in one sentence."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import moderate, real_array, text

LARGEST_NUMBER_OF_PANELS = 60


def as_samples(
    values: ArrayLike, name: str = "X", axes: str = "n_samples, n_traces, n_times"
) -> np.ndarray:
    """Return samples of digitised traces, with masked values as gaps."""
    samples = moderate(name, real_array(name, values, gaps=True))
    if samples.ndim != 3:
        raise ValueError(
            f"{name} must have the three axes ({axes}) and has the shape {samples.shape}; "
            f"take a single sample as {name}[:1], not as {name}[0], and traces of one kind as "
            f"{name}[:, np.newaxis]."
        )
    if 0 in samples.shape:
        raise ValueError(f"{name} has the shape {samples.shape}: there is nothing to draw.")
    if len(samples) > LARGEST_NUMBER_OF_PANELS:
        raise ValueError(
            f"{name} has {len(samples)} samples, but a figure has room for "
            f"{LARGEST_NUMBER_OF_PANELS}: draw some of them, such as {name}[:5]."
        )
    return samples


def as_line(values: ArrayLike, name: str, gaps: bool = False) -> np.ndarray:
    """Return a single line of numbers, with NaN where values are masked if there may be gaps."""
    line = moderate(name, real_array(name, values, gaps).astype(float))
    if line.ndim != 1 or not line.size:
        raise ValueError(
            f"{name} must be a single line of numbers and has the shape {line.shape}; "
            "take one waveform as X[sample, trace]."
        )
    return line


def as_labels(y: ArrayLike | None, n_samples: int, n_bins: int) -> Sequence:
    """Return the bin of each sample, or None for each."""
    if y is None:
        return [None] * n_samples
    labels = real_array("y", y)
    if labels.shape != (n_samples,):
        raise ValueError(
            f"y must hold one label for each of the {n_samples} samples and has "
            f"the shape {labels.shape}."
        )
    if not np.issubdtype(labels.dtype, np.integer) or labels.min() < 0 or labels.max() >= n_bins:
        raise ValueError(f"y must hold whole bin numbers from 0 to {n_bins - 1}.")
    return labels


def as_probabilities(values: ArrayLike, n_samples: int, n_times: int) -> np.ndarray:
    """Return the probabilities of the bins of each sample."""
    probabilities = real_array("probabilities", values)
    if probabilities.ndim != 2 or len(probabilities) != n_samples:
        raise ValueError(
            f"probabilities must have the shape (n_samples, n_bins) with {n_samples} samples "
            f"and has the shape {probabilities.shape}."
        )
    if not 1 <= probabilities.shape[1] <= n_times:
        raise ValueError(
            f"probabilities has {probabilities.shape[1]} bins and the waveforms have "
            f"{n_times}; give at least one bin and no more than the waveforms have."
        )
    if probabilities.min() < 0 or not np.allclose(probabilities.sum(axis=1), 1, atol=1e-3):
        raise ValueError(
            "The probabilities of a sample must be positive and sum to one; "
            "apply a softmax if these are logits."
        )
    return probabilities


def as_kernels(first: ArrayLike, second: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return the kernels of two layers of convolution that follow one another."""
    first, second = (
        moderate(name, real_array(name, kernels, gaps=True).astype(float))
        for name, kernels in {"kernels_first": first, "kernels_second": second}.items()
    )
    if first.ndim != 4 or first.shape[0] != 1 or first.shape[2] != 1:
        raise ValueError(
            "kernels_first must have the shape (1, n1, 1, n_filters) and has "
            f"the shape {first.shape}."
        )
    if second.ndim != 4 or second.shape[2:] != (first.shape[3], 1):
        raise ValueError(
            f"kernels_second must have the shape (n_traces, n2, {first.shape[3]}, 1), as the "
            f"first layer has {first.shape[3]} filters, and has the shape {second.shape}."
        )
    if 0 in first.shape + second.shape:
        raise ValueError("The kernels are empty: there is nothing to draw.")
    return first, second


def time_axis(
    time: ArrayLike | None, unit: str | None, n_times: int, axis: str = "Time bin"
) -> tuple[np.ndarray, str]:
    """Return the times of `n_times` bins and the label of their axis."""
    if time is None:
        if unit is not None:
            raise ValueError("A unit needs the times of the bins as well: give time=… too.")
        return np.arange(n_times), axis
    times = real_array("time", time).astype(float)
    if times.shape != (n_times,):
        raise ValueError(
            f"time must hold one value for each of the {n_times} bins and has "
            f"the shape {times.shape}."
        )
    with np.errstate(all="ignore"):
        is_even = n_times == 1 or _is_even(times)
    if not is_even and _steps_are_lost(times):
        raise ValueError(
            "time is so far from zero that its steps are lost in rounding: subtract its start, "
            "time - time[0], before it becomes a float, or give step * np.arange(n_times)."
        )
    if not is_even:
        raise ValueError(
            "time must increase in even steps, as a digitiser samples: draw uneven times with "
            "matplotlib, or give the digitiser's own clock, start + step * np.arange(n_times)."
        )
    return times, with_unit("Time", unit)


def _is_even(times: np.ndarray) -> bool:
    """Tell whether times form a straight grid, but for what rounding explains."""
    step = (times[-1] - times[0]) / (len(times) - 1)
    uneven = abs(times - times[0] - step * np.arange(len(times))).max()
    return bool(step > 0 and uneven <= min(_rounding(times, step), step / 5))


def _steps_are_lost(times: np.ndarray) -> bool:
    """Tell whether times increase by no more than what rounding explains, or not at all."""
    step = (times[-1] - times[0]) / (len(times) - 1)
    single = (times == times.astype(np.float32)).all()
    spacing = np.finfo(np.float32 if single else float).eps * abs(times).max()
    return bool((np.diff(times) >= 0).all() and 0 < step < 8 * spacing)


def _rounding(times: np.ndarray, step: float) -> float:
    """Return how far from a straight grid times may lie that were rounded, its ends as well."""
    kinds = (np.float16, np.float32, np.float64)
    kept = next(kind for kind in kinds if (times == times.astype(kind)).all())
    digits = 10.0 ** (np.floor(np.log10(step)) - np.arange(6))
    written = next((digit for digit in digits if _end_in(times, digit)), 0.0)
    # Steps that were added up one by one have the errors of all of them.
    return max(len(times) * np.finfo(kept).eps * abs(times).max(), written)


def _end_in(times: np.ndarray, digit: float) -> bool:
    """Tell whether times are multiples of a decimal digit, as numbers are that were written."""
    error = 1e-6 * digit + 2 * np.finfo(float).eps * abs(times).max()
    return bool((abs(times - digit * np.rint(times / digit)) < error).all())


def with_unit(quantity: str, unit: str | None) -> str:
    """Return what an axis shows, with its unit in brackets."""
    return quantity if unit is None else f"{quantity} ({text('unit', unit)})"


def edges_of(time: np.ndarray) -> np.ndarray:
    """Return the edges of the bins whose middles are `time`."""
    step = (time[-1] - time[0]) / (len(time) - 1) if len(time) > 1 else 1
    return time[0] + step * (np.arange(len(time) + 1) - 0.5)
