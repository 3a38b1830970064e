"""What the page "See what has changed since, to the end of 2026" claims holds."""

import keras
import numpy as np
import pytest

from helpers import statistics


@pytest.fixture(scope="module")
def pool(chapter):
    return chapter["draw"](30_000, 21), chapter["draw"](1000, 22)


@pytest.fixture(scope="module")
def fresh(chapter):
    X, y = chapter["draw"](2000, 23)
    return X, y, chapter["exact_probabilities"](X.astype(float))


@pytest.fixture(scope="module")
def finders(chapter, pool, seed):
    """Return five trained networks of 32 units that see all triplets."""
    keras.utils.set_random_seed(seed)
    rows = [np.arange(30_000)] * 5
    return chapter["train"](chapter["Finders"](5, 32), *pool[0], rows, pool[1])


@pytest.fixture(scope="module")
def excesses(chapter, pool, fresh, seed):
    """Return the excess of two networks of 16 units for each of four samples' sizes."""
    rows = [np.arange(size * k, size * (k + 1)) for size in (100, 1000, 7000) for k in range(2)]
    rows += [np.arange(30_000)] * 2
    keras.utils.set_random_seed(seed)
    networks = chapter["train"](chapter["Finders"](8, 16), *pool[0], rows, pool[1])
    return chapter["excess"](networks, fresh[0], fresh[2]).reshape(4, 2)


def test_the_formula_is_calibrated_and_better_than_matched_filters(chapter, fresh):
    X, y, exact = fresh
    template = chapter["shape"](4 + np.arange(42)[:, None])
    filters = (X @ template.T).sum(axis=1).argmax(axis=1)
    assert np.mean(filters == y) < np.mean(exact.argmax(axis=1) == y)
    np.testing.assert_allclose(exact.sum(axis=1), 1)
    sure, right = exact.max(axis=1), exact.argmax(axis=1) == y
    error = statistics.calibration_error(sure, right)
    assert error < statistics.calibration_floor(sure)[2]
    assert -np.mean(np.log(exact[np.arange(len(y)), y])) == pytest.approx(
        -np.mean(np.sum(exact * np.log(exact + 1e-300), axis=1)), abs=0.05
    )


@pytest.mark.claim("no method can do better on average", "and saw none")
def test_no_network_is_better_than_the_formula(chapter, finders, fresh, band):
    X, y, exact = fresh
    limit = -np.log(exact[np.arange(len(y)), y])
    above = chapter["losses"](finders, X, y).mean() - limit.mean()
    assert band("loss above the limit, 32 units", above) > 0
    band("excess, 32 units", chapter["excess"](finders, X, exact).mean())


@pytest.mark.claim("td-exponent", "The forecast was too good")
def test_the_excess_falls_as_a_power_until_another_limit_takes_over(chapter, excesses, band):
    sizes = np.array([100, 1000, 7000, 30_000])
    slopes, intercepts = chapter["fit_power_law"](sizes[:3], excesses[:3])
    band("exponent", -slopes.mean())
    expected = chapter["forecast"](30_000, slopes, intercepts).mean()
    assert band("excess at 30,000 / forecast", excesses[3].mean() / expected) > 1
    assert excesses[3].mean() < excesses[0].mean() / 2


@pytest.mark.claim("td-weight-first", "td-weight-last")
def test_more_weights_pay_less_and_less(chapter, pool, fresh, finders, seed, band):
    keras.utils.set_random_seed(seed)
    rows = [np.arange(30_000)] * 2
    paid = {32: chapter["excess"](finders, fresh[0], fresh[2]).mean()}
    for n_units in (2, 4):
        networks = chapter["train"](chapter["Finders"](2, n_units), *pool[0], rows, pool[1])
        paid[n_units] = chapter["excess"](networks, fresh[0], fresh[2]).mean()
    # From 4 to 32 units are three doublings.
    halved, later = paid[2] / paid[4], (paid[4] / paid[32]) ** (1 / 3)
    assert band("excess, 2 units / 4", halved) > band("excess, a later doubling", later)


@pytest.mark.claim("is not beaten", "td-lora-gain")
def test_lora_gains_much_and_does_not_beat_all_weights(chapter, finders, band):
    draw, adapt = chapter["draw"], chapter["adapt"]
    aged = *draw(1000, 31, width=2.0), draw(200, 32, width=2.0)
    X, _ = draw(2000, 33, width=2.0)
    exact = chapter["exact_probabilities"](X.astype(float), width=2.0)
    ways = {
        "as it was": finders,
        "all": adapt(lambda: chapter["fully_tuned"](finders), *aged),
        "LoRA": adapt(lambda: chapter["Adapted"](finders, 4), *aged),
    }
    paid = {name: chapter["excess"](one, X, exact).mean() for name, one in ways.items()}
    assert band("LoRA / as it was", paid["LoRA"] / paid["as it was"]) < 0.8
    band("LoRA minus all weights", paid["LoRA"] - paid["all"])


@pytest.mark.claim("td-covered", "The promise holds for triplets")
def test_conformal_sets_keep_their_promise_until_the_pulses_change(chapter, finders, fresh, band):
    def covered(X, y, threshold):
        return np.mean(chapter["improbability"](finders, X)[np.arange(len(y)), y] <= threshold)

    X, y = chapter["draw"](4000, 24)
    own = chapter["improbability"](finders, X)[np.arange(len(y)), y]
    threshold = chapter["conformal_threshold"](own)
    assert band("covered", covered(*fresh[:2], threshold)) == pytest.approx(0.9, abs=0.035)
    wide = chapter["draw"](2000, 25, width=3.0)
    assert band("covered, three times as wide", covered(*wide, threshold)) < 0.8
