"""What "Find the causes behind unlabelled spectra" claims, with the code that it shows."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def directions(chapter):
    return chapter["principal_components"](chapter["pulls"])[1][:2]


@pytest.fixture(scope="module")
def pca_noise(chapter, directions):
    rebuilt = chapter["project"](chapter["X_test"], chapter["mean"], directions)
    return chapter["noise_out"](rebuilt, chapter["truth"])


@pytest.fixture(scope="module")
def autoencoder(chapter, seed):
    """Return networks and their mean squared pulls of training and validation.

    Of twenty seeds one got stuck with a noise of 0.92; so the better of two is kept, as the
    chapter advises, and both get stuck once in four hundred trials.
    """
    scaling = chapter["scalings"]["pulls"]
    unseen = (chapter["X_validation"] - scaling[0]) / scaling[1]
    runs = []
    for start in (2 * seed, 2 * seed + 1):
        networks, history = chapter["train_autoencoder"](
            chapter["X_train"], scaling, start, validation_data=(unseen, unseen)
        )
        losses = (chapter["spread"] ** 2 * history[name][-1] for name in ("loss", "val_loss"))
        runs.append((networks, *losses))
    return min(runs, key=lambda run: run[2])


def autoencoder_noise(chapter, networks):
    rebuilt = chapter["reconstruct"](networks, chapter["X_test"], chapter["scalings"]["pulls"])
    return chapter["noise_out"](rebuilt, chapter["truth"])


# The spectra and their principal components


def test_standardising_hushes_the_peaks_and_pulls_treat_bins_alike(chapter):
    scalings = chapter["scalings"].items()
    noise = {name: np.sqrt(chapter["mean"]) / width for name, (_, width) in scalings}
    assert np.ptp(noise["pulls"]) < 1e-4
    assert noise["standardised"][150] < 0.1 * noise["standardised"][-1]
    assert 1.5 < noise["counts"].max() / noise["counts"].min() < 2.5


def test_the_second_component_mixes_the_peaks_and_goes_below_zero(directions):
    assert directions[0].min() > -0.01
    assert directions[1, 275] > 0.05
    assert directions[1, 150] < -0.01


def test_the_laws_of_the_noise_left(chapter, pca_noise):
    fluxes = chapter["fit_fluxes"](chapter["X_test"])
    by_fit = chapter["noise_out"](chapter["expected_counts"](fluxes), chapter["truth"])
    assert by_fit == pytest.approx(np.sqrt(2 / 500), rel=0.04)
    assert pca_noise == pytest.approx(np.sqrt(2 / 500 + 3 / 150), rel=0.04)
    assert chapter["noise_out"](chapter["X_test"], chapter["truth"]) == pytest.approx(1, abs=0.01)


# Autoencoders


@pytest.mark.claim("ul-loss-train", "ul-out-network")
def test_on_flat_data_the_autoencoder_learns_noise_and_loses_to_pca(
    chapter, autoencoder, pca_noise, band
):
    networks, loss, validation_loss = autoencoder
    assert band("training loss", loss) < 1 < band("validation loss", validation_loss)
    assert band("autoencoder, noise left", autoencoder_noise(chapter, networks)) > pca_noise


@pytest.mark.claim("ul-out-linear")
def test_without_activations_it_comes_closer_to_pca(chapter, autoencoder, pca_noise, seed, band):
    networks, _ = chapter["train_autoencoder"](
        chapter["X_train"], chapter["scalings"]["pulls"], seed, activation="linear"
    )
    linear = band("linear autoencoder, noise left", autoencoder_noise(chapter, networks))
    assert pca_noise < linear < autoencoder_noise(chapter, autoencoder[0])


@pytest.mark.claim("ul-flux-degree-1", "ul-correlation")
def test_the_codes_hold_the_fluxes_but_need_a_bent_ruler(chapter, autoencoder, band):
    networks = autoencoder[0]
    codes = [
        chapter["encode"](networks, counts, chapter["scalings"]["pulls"])
        for counts in (chapter["X_train"], chapter["X_test"])
    ]
    straight, bent = (chapter["read_fluxes"](*codes, degree) for degree in (1, 3))
    errors = chapter["flux_errors"](bent)
    assert (errors < chapter["flux_errors"](straight)).all()
    for peak in (0, 1):
        band(f"error of flux {peak + 1} by codes", errors[peak])
        assert np.corrcoef(bent[:, peak], chapter["fluxes_test"][:, peak])[0, 1] > 0.999


@pytest.mark.claim("ul-scaled-counts", "ul-scaled-standardised")
def test_standardising_costs_pca_accuracy_and_counts_do_not(chapter):
    left = {name: chapter["noise_out_in"](each) for name, each in chapter["scalings"].items()}
    assert left["counts"] == pytest.approx(left["pulls"], rel=0.01)
    assert left["standardised"] > 1.3 * left["pulls"]


@pytest.mark.claim("ul-flux-sparse")
def test_knowing_that_fluxes_are_zero_or_large_beats_the_plain_fit(chapter):
    found = chapter["fit_fluxes"](chapter["X_test"])
    threshold = chapter["best_threshold"](
        chapter["fit_fluxes"](chapter["X_choice"]), chapter["fluxes_choice"]
    )
    plain, sparse = (
        chapter["flux_errors"](each) for each in (found, chapter["sparse"](found, threshold))
    )
    assert (sparse < 0.9 * plain).all()


@pytest.mark.claim("ul-drift-network", "ul-drift-needed", "ul-position-scores")
def test_only_the_network_rebuilds_a_drifting_peak_but_two_scores_tell_the_causes(
    chapter, seed, band
):
    spectra = chapter["drifting"], chapter["drifting_test"]
    truth, scaling = chapter["drifting_truth"], chapter["drift_scaling"]
    _, directions = chapter["principal_components"](chapter["drift_pulls"])
    by_pca = [
        chapter["noise_out"](chapter["project"](spectra[1], scaling[0], directions[:n]), truth)
        for n in (2, 6, 10, 15)
    ]
    scores = [chapter["to_pulls"](counts, scaling[0]) @ directions[:2].T for counts in spectra]
    networks = chapter["train_on_drift"](seed)
    codes = [chapter["encode"](networks, counts, scaling) for counts in spectra]
    by_network = chapter["noise_out"](chapter["reconstruct"](networks, spectra[1], scaling), truth)
    assert by_pca[0] > 4
    assert by_pca[2] < by_pca[3] < by_pca[1] < 1
    assert band("drift, noise left by the network", by_network) < 1
    assert (chapter["errors_of_causes"](*scores) < (4, 2)).all()
    for cause, error in zip(("flux", "position"), chapter["errors_of_causes"](*codes), strict=True):
        band(f"drift, error of the {cause} by codes", error)


# Anomalies


@pytest.mark.claim("ul-auc-autoencoder", "ul-places-mean", "ul-places-blind")
def test_autoencoder_and_pca_tie_and_are_blind_at_the_same_place(
    chapter, autoencoder, directions, band
):
    scaling = chapter["scalings"]["pulls"]

    def by_pca(counts):
        return chapter["misfit"](counts, chapter["project"](counts, chapter["mean"], directions))

    def by_network(counts):
        return chapter["misfit"](counts, chapter["reconstruct"](autoencoder[0], counts, scaling))

    pca, network = (chapter["auc_by_place"](method) for method in (by_pca, by_network))
    assert pca[7] == pytest.approx(0.95, abs=0.015)
    assert max(pca[2], network[2]) < 0.65
    band("autoencoder before PCA, mean", (network - pca).mean())
    band("autoencoder before PCA, largest", np.abs(network - pca).max())


def test_the_total_count_is_no_detector_and_the_fit_that_knows_nearly_perfect(chapter):
    ordinary = chapter["X_test"]
    odd, third_peak = chapter["hide_peak"](ordinary, 0.8)
    shapes = np.vstack([chapter["templates"], third_peak])
    assert chapter["auc"](ordinary.sum(axis=1), odd.sum(axis=1)) < 0.6
    known = [chapter["fit_fluxes"](counts, shapes=shapes)[:, 2] for counts in (ordinary, odd)]
    assert chapter["auc"](*known) > 0.99
    assert (third_peak / np.sqrt(chapter["background"])).max() < 2
