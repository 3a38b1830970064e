"""What the chapter "Let every bin look at every other" claims, with the code it shows."""

import numpy as np
import pytest

from helpers.generate import generate_pulses


@pytest.fixture(scope="module")
def nets(seed, chapter):
    return {name: chapter["trained"](name, seed=seed) for name in ("pulse", "ordered", "unordered")}


@pytest.fixture(scope="module")
def few(seed, chapter):
    return {name: chapter["trained"](name, 600, seed) for name in ("pulse", "wide", "ordered")}


@pytest.fixture(scope="module")
def accuracies(chapter, nets):
    return accuracies_of(nets, chapter)


def accuracies_of(models, chapter):
    test = chapter["X_test"], chapter["y_test"]
    return {name: chapter["accuracy"](model, *test) for name, model in models.items()}


@pytest.mark.claim("at-received-designed")
@pytest.mark.parametrize("sample", range(3))
def test_the_designed_map_looks_at_the_coincidence(chapter, sample):
    X, y = generate_pulses(300, amplitude=1, seed=sample)
    tokens = chapter["as_tokens"](chapter["sharpness"](X))
    _, maps = chapter["attention"](12 * tokens, tokens, tokens)
    shares = shares_by_group(chapter, maps, X, y)
    assert shares["coincident"] > 1.6 > 1.3 > shares["accidental"] > shares["empty"]


def shares_by_group(chapter, maps, X, y):
    received = chapter["received"](maps)
    groups = chapter["groups_of_bins"](X, y)
    return {name: chapter["mean_and_error"](received, group)[0] for name, group in groups.items()}


def test_products_of_encodings_depend_on_the_distance_alone(chapter):
    products = chapter["positional_encoding"]() @ chapter["positional_encoding"]().T
    for distance in range(100):
        assert np.ptp(np.diagonal(products, distance)) < 1e-4
    assert products.max() == pytest.approx(8)


@pytest.mark.claim("In order, positions lift the transformer", "at-highest-sum")
def test_positions_pay_and_convolution_wins(chapter, accuracies, band):
    X, y = chapter["X_test"], chapter["y_test"]
    highest_sum = np.mean(X.sum(axis=1).argmax(axis=1) == y)
    for name, accuracy in accuracies.items():
        band(f"{name}, accuracy", accuracy)
    gain = band("gain by positions", accuracies["ordered"] - accuracies["unordered"])
    band("convolution before transformer", accuracies["pulse"] - accuracies["ordered"])
    assert gain > 0
    assert accuracies["unordered"] > highest_sum


@pytest.mark.claim("with 600 triplets it is as good as with 6,000")
def test_only_the_transformer_suffers_from_few_triplets(chapter, few, accuracies, band):
    after_few = accuracies_of(few, chapter)
    seen = chapter["X_train"][:600], chapter["y_train"][:600]
    band("pulse, loss by few triplets", accuracies["pulse"] - after_few["pulse"])
    band("ordered, loss by few triplets", accuracies["ordered"] - after_few["ordered"])
    band("wide before ordered, few triplets", after_few["wide"] - after_few["ordered"])
    band("pulse before wide, few triplets", after_few["pulse"] - after_few["wide"])
    by_heart = chapter["accuracy"](few["ordered"], *seen) - after_few["ordered"]
    assert after_few["pulse"] > after_few["ordered"]
    assert band("ordered, learned by heart", by_heart) > 0


@pytest.mark.claim("it never knew that there was an order")
def test_only_the_transformer_without_positions_survives_a_shuffle(chapter, nets, accuracies, band):
    shuffled = np.random.default_rng(5).permutation(100)
    X, y = chapter["X_test"][..., shuffled], np.argsort(shuffled)[chapter["y_test"]]
    after = {name: chapter["accuracy"](net, X, y) for name, net in nets.items()}
    band("ordered, loss by shuffling", accuracies["ordered"] - after["ordered"])
    band("pulse, shuffled", after["pulse"])
    assert after["unordered"] == pytest.approx(accuracies["unordered"], abs=0.003)
    assert max(after["ordered"], after["pulse"]) < after["unordered"]


@pytest.mark.claim("with tens of bins a large part of the coincidences is lost")
def test_a_later_clock_harms_the_transformer(chapter, nets, accuracies, band):
    test = chapter["X_test"][:1000], chapter["y_test"][:1000]
    later = chapter["with_later_clock"](nets["ordered"], 50)
    loss = accuracies["ordered"] - chapter["accuracy"](later, *test)
    assert band("ordered, loss by a clock 50 bins late", loss) > 0


@pytest.mark.claim("In the learned maps they get about one share or less")
def test_the_learned_maps_do_not_single_out_the_coincidence(chapter, nets, band):
    X, y = chapter["X_test"][:500], chapter["y_test"][:500]
    maps = chapter["attention_maps"](nets["ordered"], X)
    shares = shares_by_group(chapter, maps.mean(axis=1), X, y)
    for group, share in shares.items():
        band(f"share of {group} bins", share)
    # The map that was designed to look there gives the coincidence 1.6 shares and more.
    assert shares["coincident"] < 1.6


@pytest.mark.claim("Nothing happens", "Cut to the same reach")
def test_the_transformer_needs_its_surroundings_and_not_the_coincidence(chapter, nets, band):
    X, y = chapter["X_test"][:1000], chapter["y_test"][:1000]
    masked = chapter["transformer"](chapter["positional_encoding"](), masked=True)
    masked.set_weights(nets["ordered"].get_weights())

    def accuracy(visible):
        return chapter["accuracy_if_visible"](masked, X, y, visible)

    full = accuracy(np.ones((1, 1, 100), dtype=bool))
    distance = np.abs(chapter["bins"] - chapter["bins"][:, np.newaxis])[np.newaxis]
    near, far, farther = (accuracy(distance <= reach) for reach in (4, 10, 30))
    band("loss by hiding the coincidence", full - accuracy(chapter["five_bins_hidden"](y)))
    band("accuracy with a reach of 4 bins", near)
    assert full == pytest.approx(chapter["accuracy"](nets["ordered"], X, y), abs=0.003)
    assert near < far < farther


# What is said of cost is counted


class Counted(np.ndarray):
    """An array that counts the multiplications of its matrix products."""

    total = 0

    def __matmul__(self, other):
        Counted.total += self.size * other.shape[-1]
        return super().__matmul__(other)


@pytest.mark.claim("eq-at-cost")
@pytest.mark.parametrize("n_bins", [16, 100, 256])
def test_multiplications_are_those_of_the_formula(chapter, n_bins):
    attention, convolution = (
        chapter["one_layer"](kind, n_bins) for kind in ("attention", "convolution")
    )
    Counted.total = 0
    tokens = np.ones((n_bins, 32), "float32").view(Counted)
    chapter["multi_head_attention"](tokens, attention.layers[1].get_weights())
    assert Counted.total == 4 * n_bins * 32**2 + 2 * n_bins**2 * 32
    assert chapter["multiplications"](attention) == Counted.total
    assert chapter["multiplications"](convolution) == n_bins * 7 * 32**2
