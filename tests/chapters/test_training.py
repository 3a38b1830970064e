"""What the chapter "Train a network, and compare two of them honestly" claims holds."""

import keras
import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from helpers import statistics


@pytest.mark.claim("No method can do better than a cut")
def test_no_rule_on_fresh_hits_beats_the_best_cut_on_the_radius(chapter, seed, band):
    """Nearest neighbours among very many hits know all that there is to know, but for noise."""
    hits, rings = chapter["measured_circles"](40_000, seed + 50)
    fresh = chapter["measured_circles"](20_000, seed + 5000)
    judge = KNeighborsClassifier(300).fit(hits, rings)
    cut = chapter["best_cut"](hits, rings)
    at_best = np.mean((chapter["radius"](fresh[0]) < cut) == fresh[1])
    assert band("limit", at_best) == pytest.approx(0.904, abs=0.01)
    assert judge.score(*fresh) < at_best + 0.004


def test_the_optimisers_arrive_where_maximum_likelihood_is(chapter):
    lengths = {}
    for rule in ("descent", "momentum", "adam"):
        path = chapter["walk"](chapter[rule])
        lengths[rule] = np.linalg.norm(chapter["gradient"](*path[-1]))
    assert lengths["momentum"] < lengths["descent"]
    assert lengths["adam"] < lengths["descent"]


@pytest.mark.claim("training loss goes to")
def test_a_large_network_learns_sixty_hits_by_heart(chapter, seed, band):
    keras.utils.set_random_seed(seed)
    hits, fresh = (chapter["measured_circles"](n, seed + n) for n in (60, 2000))
    fit = chapter["make_large"]().fit(
        *hits, 60, 100, verbose=0, validation_data=fresh, validation_batch_size=2000
    )
    training, validation = fit.history["loss"], fit.history["val_loss"]
    assert band("sixty hits, training loss", training[-1]) < 0.3
    assert band("sixty hits, rise", validation[-1] / min(validation)) > 1.1
    assert np.argmin(validation) < 80


@pytest.fixture(scope="module")
def accuracies(chapter, seed):
    """Return the accuracies of sixty networks of three and of four units that nobody chose."""
    seeds = range(1000 + 60 * seed, 1060 + 60 * seed)
    return {n_units: chapter["accuracies_of"](n_units, seeds) for n_units in (3, 4)}


@pytest.mark.claim("tr-paired", "tr-hundred")
def test_four_units_are_better_than_three(accuracies, band):
    gain = statistics.paired_difference(accuracies[4], accuracies[3])
    assert 0 < band("four minus three", gain.value) < 0.02
    loose = statistics.difference(accuracies[4], accuracies[3])
    assert gain.error < loose.error


@pytest.mark.claim("tr-rule-gain")
def test_the_simple_rule_wins(chapter, accuracies, seed, band):
    rule = [chapter["accuracy_of_rule"](1000 + 60 * seed + k) for k in range(60)]
    gain = statistics.paired_difference(rule, accuracies[4])
    assert band("rule minus four units", gain.value) > 0
    assert gain.standard_errors > 2


@pytest.mark.claim("tr-stuck", "tr-weak-stuck")
def test_some_starts_end_with_a_unit_that_does_little(chapter, seed, band):
    sample = chapter["X_train"], chapter["y_train"]
    starts = range(500 + 60 * seed, 560 + 60 * seed)
    trained = chapter["train_many"]([sample] * 60, starts, 4, n_steps=1500)
    losses = np.array([chapter["training_loss"](one) for one in trained])
    shares = np.array([chapter["weakest_unit"](one) for one in trained])
    stuck = losses > np.median(losses) + 0.007
    assert 0.01 < band("share of stuck networks", stuck.mean()) < 0.5
    assert np.median(shares[stuck]) < np.median(shares[~stuck])


@pytest.mark.claim("Four times as many steps free hardly any")
def test_networks_that_are_stuck_stay_so(chapter):
    samples, stuck = [(chapter["X_train"], chapter["y_train"])] * 60, []
    for n_steps in (1500, 6000):
        trained = chapter["train_many"](samples, range(60), 4, n_steps=n_steps)
        losses = np.array([chapter["training_loss"](one) for one in trained])
        stuck.append(losses > np.median(losses) + 0.007)
    assert np.mean(stuck[1][stuck[0]]) > 0.7
