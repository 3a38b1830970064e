"""Checks of the exercises of "Find the causes behind unlabelled spectra"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, function, whole
from helpers.generate import spectrum_shapes


@exercise("ul-ex-causes", whole)
def check_n_causes(n_causes):
    """Three peaks, and an exposure that varies by a few per cent."""
    if n_causes == 4:
        return None
    if n_causes == 3:
        return "One more variance stands above the edge, less far than the others."
    if n_causes in (1, 2):
        return "More variances than that stand above the edge: plot them on a logarithmic axis."
    if n_causes in (399, 400, 500):
        return "Noise makes every variance positive: count those above the edge."
    if n_causes > 4:
        return "Variances below the edge, or right on it, are noise: did you use pulls?"
    return "There is at least one cause: not all spectra are alike."


@exercise("ul-ex-bump", function(array))
def check_anomaly_score(anomaly_score):
    """Neighbouring bins together see what each of them cannot."""
    ordinary, odd = _pulls_with_and_without_peak()
    found = anomaly_score(np.vstack([ordinary, odd]))
    n_spectra = len(ordinary) + len(odd)
    if found.shape != (n_spectra,):
        return (
            f"There must be one score for each of {n_spectra} spectra, not the shape {found.shape}."
        )
    area = _area_under_curve(found[: len(ordinary)], found[len(ordinary) :])
    if area >= 0.95:
        return None
    if area < 0.2:
        return f"The AUC is {area:.2f}: anomalies must score high, and yours score low."
    if area < 0.75:
        return f"The AUC is {area:.2f}, less than that of the mean squared pull."
    return (
        f"The AUC is {area:.2f}: average neighbouring pulls with a kernel about as wide as a "
        "peak before you look for the largest."
    )


def _pulls_with_and_without_peak(n_spectra=1000, flux=2.0, width=0.03):
    random = np.random.default_rng(34)
    centres = random.uniform(0.1, 0.9, size=(n_spectra, 1))
    background, peaks = spectrum_shapes(centres=centres, widths=width)
    rates = (background, background + flux * peaks)
    counts = [random.poisson(rate, size=(n_spectra, 500)) for rate in rates]
    return [_pulls_from_a_fit(values) for values in counts]


def _pulls_from_a_fit(counts):
    """Return pulls that a fit of background and peaks has left, as a reconstruction does."""
    background, peaks = spectrum_shapes()
    shapes = np.vstack([background, peaks]) / np.sqrt(background)
    directions, _ = np.linalg.qr(shapes.T)
    pulls = (counts - background) / np.sqrt(background)
    return pulls - pulls @ directions @ directions.T


def _area_under_curve(ordinary, odd):
    """Return the probability that an anomaly scores higher, counting ties as half."""
    ordinary = np.sort(ordinary)
    below = np.searchsorted(ordinary, odd, side="left")
    not_above = np.searchsorted(ordinary, odd, side="right")
    return (below + not_above).mean() / (2 * len(ordinary))
