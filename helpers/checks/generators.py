"""Checks of the exercises of "Make new spectra, and find out whether they could be measured"."""

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import array, function, text

_BATCHES = {"a": "smoothed", "b": "normal", "c": "measured"}


@exercise("gn-ex-kl", function(array))
def check_divergence(divergence):
    """Zero if the code says nothing: mean 0 and variance 1."""
    means, log_variances = np.random.default_rng(33).normal(size=(2, 5, 3))
    found = divergence(means.copy(), log_variances.copy())
    return _divergence_hint(found, means**2 + np.exp(log_variances) - log_variances - 1)


def _divergence_hint(found, terms):
    if found.shape == ():
        return "There is one divergence for each spectrum: sum over the latent variables only."
    if found.shape == (3,):
        return "This sums over the spectra: sum over the latent variables, axis=1."
    if found.shape == (5, 3):
        return "There is one divergence for each spectrum: sum over the latent variables."
    if found.shape != (5,):
        return f"There must be one divergence for each of 5 spectra, not the shape {found.shape}."
    right = terms.sum(axis=1) / 2
    if np.allclose(found, right):
        return None
    if np.allclose(found, 2 * right):
        return "All values are twice too large: the factor 1/2 is missing."
    if np.allclose(found, -right):
        return "The sign is reversed: a divergence is never negative."
    if np.allclose(found, terms.mean(axis=1) / 2):
        return "This is the mean over the latent variables: independent variables add up."
    if (found < 0).any():
        return "A divergence is never negative, and some of yours are."
    return "The values are wrong: log_variances holds log σ², so that σ² is its exponential."


@exercise("gn-ex-forgery", text, text, text)
def check_forgery(measured, smoothed_batch, normal_batch):
    """Poisson noise is right at every level of counts."""
    answers = [letter.lower() for letter in (measured, smoothed_batch, normal_batch)]
    if sorted(answers) != ["a", "b", "c"]:
        return 'The answers are the letters "a", "b" and "c", each of them once.'
    found = dict(zip(answers, ("measured", "smoothed", "normal"), strict=True))
    if found == _BATCHES:
        return None
    if found["a"] == "measured":
        return "Batch a has far too little noise between neighbouring bins for counts."
    if found["b"] == "measured":
        return "Batch b has the right noise on average: look at low and at high counts apart."
    return "The measured batch is right; which of the other two is too smooth?"


@exercise("gn-ex-critic", function(array))
def check_best_discriminator(best_discriminator):
    """One half where the generator is right."""
    p, q = np.array([0.3, 1.0, 0.2, 2.0]), np.array([0.3, 0.5, 0.8, 1e-9])
    found = best_discriminator(p, q)
    if found.shape != p.shape:
        return f"There is one value for each point: the shape must be (4,) and is {found.shape}."
    if np.allclose(found, p / (p + q)):
        return None
    if np.allclose(found, q / (p + q)):
        return "This is the probability that a sample was made: D is that it was measured."
    if np.allclose(found, p / q) or np.allclose(found, np.log(p / q)):
        return "D is a probability, between 0 and 1; the ratio p/q is on the way to it."
    if ((found < 0) | (found > 1)).any():
        return "D is a probability and must lie between 0 and 1."
    if np.allclose(found, 0.5):
        return "One half is right only where p and q are equal."
    return "Set the derivative of -p log D - q log(1 - D) with respect to D to zero."
