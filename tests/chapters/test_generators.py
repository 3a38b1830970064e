"""What "Make new spectra, and find out whether they could be measured" claims."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from sklearn.mixture import GaussianMixture


@pytest.fixture(scope="module")
def vae(chapter, seed):
    return chapter["train_vae"](seed)


# The variational autoencoder


@settings(max_examples=15, deadline=None)
@given(st.floats(-2, 2), st.floats(-3, 1))
def test_the_divergence_is_the_mean_log_ratio(chapter, mean, log_variance):
    sampling = chapter["Sampling"]()
    codes = sampling(np.full((200_000, 1), mean, "f4"), np.full((200_000, 1), log_variance, "f4"))
    codes = codes.numpy().astype(float)
    log_q = -((codes - mean) ** 2) / (2 * np.exp(log_variance)) - log_variance / 2
    log_ratio = log_q + codes**2 / 2
    error = log_ratio.std() / np.sqrt(codes.size)
    assert float(sampling.losses[0]) == pytest.approx(log_ratio.mean(), abs=5 * error + 1e-4)


@pytest.mark.claim("gn-short-vae")
def test_the_vae_leaves_as_little_noise_as_pca_on_short_exposures(chapter, vae, band):
    short, test, truth = (chapter[name] for name in ("short", "short_test", "short_truth"))
    by_pca = chapter["noise_out"](chapter["pca_reconstruction"](short, test), truth)
    encoder, decoder = vae
    by_vae = chapter["noise_out"](decoder(encoder(test)[0]).numpy(), truth)
    assert 0.06 < by_pca < 0.071
    band("VAE, noise left, below PCA", by_pca - by_vae)


@pytest.mark.claim("gn-short-sparse")
def test_knowing_that_fluxes_are_zero_or_large_beats_the_vae(chapter, vae):
    rebuilt = chapter["fit_short"](chapter["short_test"], 12.5)
    short = chapter["noise_out"](rebuilt, chapter["short_truth"])
    assert short < 0.8 * chapter["noise_of_vae"](*vae)


@pytest.mark.claim("gn-gap-prior", "gn-gap-mixture", "gn-gap-pca")
def test_samples_are_as_noisy_as_measured_spectra_but_their_fluxes_fall_in_the_gap(
    chapter, vae, band
):
    rng = np.random.default_rng(5)
    edges = [0.75, 2, 4, 8, 12]
    encoder, decoder = vae
    rates = chapter["decode"](decoder, rng.normal(size=(5000, 2)))
    made = rng.poisson(rates)
    codes = chapter["draw_from_mixture"](encoder.predict(chapter["short"], verbose=0)[0])
    by_mixture = chapter["in_the_gap"](rng.poisson(chapter["decode"](decoder, codes)))
    assert band("in the gap, from the prior", chapter["in_the_gap"](made)) > 0.05
    assert band("in the gap, from a mixture", by_mixture) < 0.05
    np.testing.assert_allclose(chapter["neighbour_ratio"](made, edges), 1, atol=0.03)
    assert (chapter["neighbour_ratio"](rates, edges) < 0.1).all()


@pytest.mark.claim("gn-negative")
def test_a_normal_likelihood_gives_negative_counts_and_noise_of_constant_width(chapter, seed, band):
    options = {"loss": chapter["normal_loss"], "positive": False, "steps": 500}
    decoder = chapter["train_vae"](seed, **options)[1]
    rng = np.random.default_rng(6)
    rates = chapter["decode"](decoder, rng.normal(size=(2000, 2)))
    made = rates + rng.normal(scale=np.sqrt(chapter["short_mean"].mean()), size=rates.shape)
    ratios = chapter["neighbour_ratio"](made, [0.75, 2, 4, 6, 12])
    assert band("normal, noise / Poisson's, low", ratios[0]) > 1.5
    assert band("normal, noise / Poisson's, high", ratios[-1]) < 0.8
    assert (np.diff(ratios) < 0).all()
    assert band("normal, counts below zero", np.mean(made < 0)) > 0.01


@pytest.mark.claim("gn-spread-collapsed", "gn-spread-codes")
def test_averaging_the_loss_over_the_bins_makes_the_codes_collapse(chapter, vae, seed, band):
    collapsed, _ = chapter["train_vae"](seed, loss=chapter["averaged_loss"], steps=500)
    spreads = [network(chapter["short_test"])[0].numpy().std() for network in (collapsed, vae[0])]
    assert band("collapsed, spread of codes", spreads[0]) < 0.5
    assert band("healthy, spread of codes", spreads[1]) > 0.8


@settings(max_examples=20, deadline=None)
@given(st.floats(0.3, 50))
def test_neighbours_of_any_poisson_mean_have_the_ratio_one(chapter, mean):
    counts = np.random.default_rng(7).poisson(mean, size=(500, 500))
    at_least_one_event = [0.25, 1000]
    ratio = chapter["neighbour_ratio"](counts, at_least_one_event)
    assert ratio == pytest.approx(1, abs=0.03)


# A GAN and a diffusion model in one dimension


@pytest.mark.claim("gn-ks-balanced")
def test_a_gan_in_balance_finds_both_lines_and_out_of_balance_mostly_sits_on_one(
    chapter, seed, band
):
    balanced, unbalanced = (
        chapter["train_gan"](chapter[name], seed) for name in ("BALANCED", "UNBALANCED")
    )
    measured = chapter["energies_test"]
    by_balanced, by_unbalanced = (
        ks_2samp(each[-1], measured).statistic for each in (balanced, unbalanced)
    )
    share = np.mean(balanced < 0, axis=1)
    assert band("GAN, share of a line", share[-10:].mean()) == pytest.approx(0.5, abs=0.2)
    band("GAN, distance", by_balanced)
    share = np.mean(unbalanced < 0, axis=1)
    band("GAN out of balance, on one line", np.mean((share < 0.1) | (share > 0.9)))
    band("GAN out of balance, distance", by_unbalanced)


@pytest.mark.claim("gn-ks-mixture", "gn-ks-diffusion")
def test_a_diffusion_model_finds_both_lines_and_a_mixture_is_better_still(chapter, seed, band):
    _, path = chapter["walk_back"](chapter["train_denoiser"](seed), seed=seed)
    measured = chapter["energies_test"]
    mixture = GaussianMixture(2, random_state=seed).fit(chapter["energies"][:, np.newaxis])
    by_mixture = ks_2samp(mixture.sample(5000)[0].ravel(), measured).statistic
    by_diffusion = band("diffusion, distance", ks_2samp(path[-1], measured).statistic)
    assert band("diffusion, share of a line", np.mean(path[-1] < 0)) == pytest.approx(0.5, abs=0.1)
    assert by_mixture < by_diffusion
