"""Checks of the exercises of "Find the causes behind unlabelled spectra"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, function, number, whole
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


@exercise("ul-ex-law", function(number))
def check_noise_of_pca(noise_of_pca):
    """Most of the noise is that of the training, until there are many spectra."""
    for bins, components, spectra in ((500, 2, 150), (800, 5, 90), (64, 1, 1000)):
        hint = _law_hint(noise_of_pca(bins, components, spectra), bins, components, spectra)
        if hint:
            return f"For {bins} bins, {components} components and {spectra} spectra: {hint}"
    return None


def _law_hint(found, bins, k, spectra):
    right = k / bins + (k + 1) / spectra
    if np.isclose(found, np.sqrt(right)):
        return None
    for wrong, hint in (
        (right, "the law is about squares, so that its root is missing."),
        (np.sqrt(k / bins + k / spectra), "the mean has been learned from noisy spectra, too."),
        (np.sqrt(2 / bins + 3 / spectra), "this is the law for two components."),
        (np.sqrt(k / bins + 3 / spectra), "the number 3 belongs to two components."),
        (np.sqrt(k / bins), "the components have been learned from noisy spectra."),
        (np.sqrt(k / spectra + (k + 1) / bins), "bins and spectra are interchanged."),
        (np.sqrt(k / bins) + np.sqrt((k + 1) / spectra), "independent noises add up in squares."),
    ):
        if np.isclose(found, wrong):
            return hint
    return f"it gives {found:.4g} where PCA leaves {np.sqrt(right):.4g}."


@exercise("ul-ex-parts", function(array))
def check_deal_out(deal_out):
    """Parts of Poisson counts are independent Poisson counts."""
    counts = np.random.default_rng(35).poisson(20, size=(400, 50))
    found = deal_out(counts.copy(), 3, np.random.default_rng(36))
    if found.shape != (3, *counts.shape):
        return f"The shape must be (3, 400, 50), and is {found.shape}."
    if not np.array_equal(found.sum(axis=0), counts):
        return "The parts do not add up to the counts: each event belongs to one of them."
    if (found < 0).any() or (found != np.rint(found)).any():
        return "Events are whole: parts of a count are whole numbers and not negative."
    if (found == 0).any(axis=0).mean() > 0.9:
        return "Whole bins or spectra went to one part: deal out the single events."
    if np.abs(found.mean(axis=(1, 2)) - 20 / 3).max() > 0.3:
        means = ", ".join(f"{one:.1f}" for one in found.mean(axis=(1, 2)))
        return f"The parts have the means {means}: an event goes to each with the same probability."
    largest = np.abs(np.corrcoef(found.reshape(3, -1)) - np.eye(3)).max()
    if largest > 0.05:
        return (
            f"Two parts are correlated, by {largest:.2f}, so that one tells about the noise of the "
            "other: deal out each event at random."
        )
    return None


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
