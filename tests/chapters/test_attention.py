"""What the chapter "Let every bin look at every other" claims, with the code it shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.convolve import SECOND_DERIVATIVE
from helpers.generate import generate_pulses
from tools.cells import run_cells

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def chapter():
    return run_cells("attention", "define")


@pytest.fixture(scope="module", params=SEEDS)
def nets(request, chapter):
    train = chapter["trained"]
    nets = {name: train(name, seed=request.param) for name in ("pulse", "ordered", "unordered")}
    return {
        "models": {name: model for name, (model, _) in nets.items()},
        "seconds": {name: seconds for name, (_, seconds) in nets.items()},
    }


@pytest.fixture(scope="module", params=SEEDS[:2])
def few(request, chapter):
    train = chapter["trained"]
    return {name: train(name, 600, request.param)[0] for name in ("pulse", "wide", "ordered")}


@pytest.fixture(scope="module")
def accuracies(chapter, nets):
    return accuracies_of(nets["models"], chapter)


def accuracies_of(models, chapter):
    test = chapter["X_test"], chapter["y_test"]
    return {name: chapter["accuracy"](model, *test) for name, model in models.items()}


def random_tokens(seed, n_tokens=20, width=6):
    return np.random.default_rng(seed).normal(size=(3, n_tokens, width))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 40))
def test_attention_is_permutation_equivariant(chapter, seed, n_tokens):
    queries, keys, values = random_tokens(seed, n_tokens)
    order = np.random.default_rng(seed).permutation(n_tokens)
    output, weights = chapter["attention"](queries, keys, values)
    shuffled, _ = chapter["attention"](queries[order], keys[order], values[order])
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    np.testing.assert_allclose(shuffled, output[order], atol=1e-12)


def test_attention_is_that_of_keras(chapter):
    import keras

    queries, keys, values = random_tokens(1)[:, np.newaxis].astype("float32")
    ours, _ = chapter["attention"](queries, keys, values)
    theirs = keras.layers.Attention()([queries / np.sqrt(6), values, keys])
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize(("n_heads", "key_dim"), [(1, 6), (2, 3), (3, 5)])
def test_multi_head_attention_is_that_of_keras(chapter, n_heads, key_dim):
    import keras

    tokens = random_tokens(2).astype("float32")
    layer = keras.layers.MultiHeadAttention(n_heads, key_dim)
    layer.build(tokens.shape, tokens.shape)
    rng = np.random.default_rng(3)
    layer.set_weights([rng.normal(size=weight.shape) for weight in layer.get_weights()])
    ours = chapter["multi_head_attention"](tokens, layer.get_weights())
    np.testing.assert_allclose(ours, layer(tokens, tokens), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cold_lookup_finds_the_time_and_a_hot_one_the_middle(chapter, seed):
    X, y = generate_pulses(2000, amplitude=1, seed=seed)
    scores = chapter["as_tokens"](chapter["sharpness"](X)).sum(axis=-1)

    def median_error(beta):
        found = chapter["softmax"](beta * scores) @ chapter["bins"]
        return np.median(np.abs(found - y))

    assert median_error(8) < 0.1
    assert median_error(0) == pytest.approx(22, abs=2)
    assert median_error(0) > median_error(1) > median_error(4) > median_error(8)


def test_a_lone_pulse_has_the_sharpness_one(chapter):
    X, y = generate_pulses(50, mean_background=0, n_smooth=0, amplitude=1)
    tops = chapter["sharpness"](X)[np.arange(50), :, y]
    assert tops.min() > 0.85
    assert tops.max() < 1.01


@pytest.mark.parametrize("seed", SEEDS)
def test_the_designed_map_looks_at_the_coincidence(chapter, seed):
    X, y = generate_pulses(300, amplitude=1, seed=seed)
    tokens = chapter["as_tokens"](chapter["sharpness"](X))
    _, maps = chapter["attention"](12 * tokens, tokens, tokens)
    shares = shares_by_group(chapter, maps, X, y)
    assert shares["coincident"] > 1.6 > 1.3 > shares["accidental"] > shares["empty"]


def shares_by_group(chapter, maps, X, y):
    received = chapter["received"](maps)
    groups = chapter["groups_of_bins"](X, y)
    return {name: chapter["mean_and_error"](received, group)[0] for name, group in groups.items()}


def test_the_groups_of_bins_are_what_their_names_say(chapter):
    X, y = generate_pulses(500, mean_background=0, amplitude=1)
    groups = chapter["groups_of_bins"](X, y)
    assert not groups["accidental"].any()
    assert np.all(groups["coincident"].sum(axis=1) == 5)
    X, y = generate_pulses(2000, amplitude=1)
    # Three accidental pulses a triplet on average, five bins each, less overlaps and edges.
    assert 9 < chapter["groups_of_bins"](X, y)["accidental"].sum(axis=1).mean() < 15


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 60), st.integers(0, 39), st.integers(0, 39))
def test_products_of_encodings_depend_on_the_distance_alone(chapter, shift, one, other):
    encoding = chapter["positional_encoding"]()
    product = encoding[one] @ encoding[other]
    moved = encoding[one + shift] @ encoding[other + shift]
    assert moved == pytest.approx(product, abs=1e-4)
    assert product <= 8 + 1e-4


def test_the_clocks_go_from_fast_to_slow(chapter):
    sines = chapter["positional_encoding"]()[:, :8]
    np.testing.assert_allclose(sines[:, 0], np.sin(np.arange(100)), atol=1e-5)
    speeds = np.abs(np.diff(sines, axis=0)).max(axis=0)
    assert np.all(np.diff(speeds) < 0)
    assert speeds[-1] < 0.01


@pytest.mark.parametrize("kernel", [SECOND_DERIVATIVE, (0.5, 0, -0.5), (1, 2, 4)])
def test_heads_with_positions_are_a_convolution(chapter, kernel):
    trace = np.random.default_rng(4).normal(size=100)
    heads = [chapter["shifted_head"](shift) for shift in (1, 0, -1)]
    by_heads = sum(weight * head @ trace for weight, head in zip(kernel, heads, strict=True))
    by_kernel = np.convolve(trace, kernel, mode="valid")
    np.testing.assert_allclose(by_heads[1:-1], by_kernel, atol=1e-4)


def test_the_networks_have_the_parameters_of_the_table(chapter):
    counts = {name: build().count_params() for name, build in chapter["builders"].items()}
    assert counts["pulse"] == 51
    assert counts["ordered"] == counts["unordered"] == 2337
    assert counts["wide"] == pytest.approx(counts["ordered"], rel=0.05)


def test_positions_pay_and_convolution_wins(accuracies):
    highest_sum = 0.57
    assert accuracies["pulse"] == pytest.approx(0.91, abs=0.025)
    assert accuracies["ordered"] == pytest.approx(0.885, abs=0.03)
    assert accuracies["unordered"] == pytest.approx(0.75, abs=0.05)
    assert accuracies["pulse"] > accuracies["ordered"]
    assert accuracies["ordered"] > accuracies["unordered"] + 0.07
    assert accuracies["unordered"] > highest_sum + 0.07


def test_only_the_transformer_suffers_from_few_triplets(chapter, few):
    accuracies = accuracies_of(few, chapter)
    seen = chapter["X_train"][:600], chapter["y_train"][:600]
    # With all triplets the pulse network reaches 0.91 and the transformer 0.885.
    assert accuracies["pulse"] == pytest.approx(0.91, abs=0.025)
    assert accuracies["ordered"] == pytest.approx(0.85, abs=0.03)
    assert accuracies["pulse"] > accuracies["wide"] > accuracies["ordered"]
    assert accuracies["pulse"] > accuracies["ordered"] + 0.03
    assert chapter["accuracy"](few["ordered"], *seen) > accuracies["ordered"] + 0.03


def test_the_transformer_takes_more_time(nets):
    assert nets["seconds"]["ordered"] > 2 * nets["seconds"]["pulse"]


def test_only_the_transformer_without_positions_survives_a_shuffle(chapter, nets, accuracies):
    shuffled = np.random.default_rng(5).permutation(100)
    X, y = chapter["X_test"][..., shuffled], np.argsort(shuffled)[chapter["y_test"]]
    after = {name: chapter["accuracy"](net, X, y) for name, net in nets["models"].items()}
    assert after["unordered"] == pytest.approx(accuracies["unordered"], abs=0.003)
    assert after["ordered"] < accuracies["ordered"] - 0.2
    assert after["pulse"] < 0.4


def test_a_later_clock_harms_the_transformer(chapter, nets, accuracies):
    test = chapter["X_test"][:1000], chapter["y_test"][:1000]
    later = chapter["with_later_clock"](nets["models"]["ordered"], 50)
    assert chapter["accuracy"](later, *test) < accuracies["ordered"] - 0.12


def test_the_learned_maps_do_not_single_out_the_coincidence(chapter, nets):
    X, y = chapter["X_test"][:500], chapter["y_test"][:500]
    maps = chapter["attention_maps"](nets["models"]["ordered"], X)
    shares = shares_by_group(chapter, maps.mean(axis=1), X, y)
    assert 0.5 < shares["coincident"] < 1.3
    assert shares["accidental"] == pytest.approx(1, abs=0.2)
    assert shares["empty"] == pytest.approx(1, abs=0.1)


def test_the_transformer_needs_its_surroundings_and_not_the_coincidence(chapter, nets):
    X, y = chapter["X_test"][:1000], chapter["y_test"][:1000]
    masked = chapter["transformer"](chapter["positional_encoding"](), masked=True)
    masked.set_weights(nets["models"]["ordered"].get_weights())

    def accuracy(visible):
        return chapter["accuracy_if_visible"](masked, X, y, visible)

    full = accuracy(np.ones((1, 1, 100), dtype=bool))
    distance = np.abs(chapter["bins"] - chapter["bins"][:, np.newaxis])[np.newaxis]
    assert full == pytest.approx(chapter["accuracy"](nets["models"]["ordered"], X, y), abs=0.003)
    assert accuracy(chapter["five_bins_hidden"](y)) == pytest.approx(full, abs=0.03)
    assert accuracy(distance <= 4) < 0.35
    assert accuracy(distance <= 4) < accuracy(distance <= 10) < accuracy(distance <= 30)


def test_the_cost_of_attention_is_quadratic_and_of_convolution_linear(chapter):
    import keras
    import tensorflow as tf

    layer = keras.layers.MultiHeadAttention(num_heads=1, key_dim=32)
    attend = tf.function(lambda record: layer(record, record), reduce_retracing=True)
    convolve = tf.function(keras.layers.Conv1D(32, 7, padding="same"), reduce_retracing=True)
    long, longer = [2048, 4096, 8192], [32768, 65536, 131072]
    quadratic = [chapter["core_seconds"](attend, length) for length in long]
    linear = [chapter["core_seconds"](convolve, length) for length in longer]
    assert chapter["exponent"](long, quadratic) == pytest.approx(1.9, abs=0.35)
    assert chapter["exponent"](longer, linear) == pytest.approx(1, abs=0.35)
    assert quadratic[-1] > 10 * chapter["core_seconds"](convolve, 8192)
