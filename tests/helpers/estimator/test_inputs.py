"""Input functions give what they say; what does not fit is refused in one sentence."""

import re

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.estimator import DNNClassifier, RunConfig, numeric_inputs, numpy_input_fn
from tests.helpers.estimator.examples import LABELS, POINTS, classifier, endless, one_pass

# Arguments


@pytest.mark.parametrize(
    ("number", "error"),
    [(0, ValueError), (-5, ValueError)]
    + [(number, TypeError) for number in (2.5, True, float("nan"), np.float64(3), "3")],
)
def test_steps_must_be_positive_whole_numbers(tmp_path, number, error):
    model = classifier(tmp_path / "model")
    for use in (
        lambda: model.train(endless, steps=number),
        lambda: model.train(endless, max_steps=number),
        lambda: model.evaluate(endless, steps=number),
        lambda: RunConfig(save_every_steps=number),
        lambda: RunConfig(keep_checkpoints=number),
        lambda: classifier(tmp_path, units=[4, number]),
        lambda: numpy_input_fn(LABELS, batch_size=number, shuffle=False),
    ):
        sentence = f"is {re.escape(repr(number))}, but it must be a whole number from 1 on"
        with pytest.raises(error, match=sentence):
            use()
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(("seed", "error"), [(2.5, TypeError), (True, TypeError), (-1, ValueError)])
def test_seeds_must_be_whole_numbers(seed, error):
    for use in (RunConfig, lambda seed: numpy_input_fn(LABELS, shuffle=True, seed=seed)):
        with pytest.raises(error, match=f"^seed is {seed!r}, but it must be a whole number from 0"):
            use(seed=seed)


@pytest.mark.parametrize("use", ["train", "evaluate", "predict"])
@pytest.mark.parametrize("wrong", [one_pass(), POINTS])
def test_a_dataset_in_place_of_a_function_is_refused(trained, use, wrong):
    sentence = f"must be a function that makes a dataset, and is {type(wrong).__name__}"
    with pytest.raises(TypeError, match=sentence):
        getattr(trained, use)(wrong)


@pytest.mark.parametrize(
    ("use", "error", "sentence"),
    [
        (lambda it: it.train(endless, steps=1, max_steps=2), ValueError, "steps or max_steps, and"),
        (lambda it: it.train(endless), ValueError, r"train\(\) would never end: .* say how many"),
        (lambda it: it.evaluate(endless), ValueError, r"evaluate\(\) would never end"),
        (lambda it: DNNClassifier([4], {}, 1), ValueError, "n_classes is 1, but .* from 2 on"),
    ],
)
def test_what_makes_no_sense_is_refused(trained, use, error, sentence):
    with pytest.raises(error, match=sentence):
        use(trained)


# Data


def batches_of(features, labels=None):
    data = features if labels is None else (features, labels)
    return lambda: tf.data.Dataset.from_tensor_slices(data).batch(10)


def features(**columns):
    return {name: POINTS[name].to_numpy() for name in POINTS} | columns


def full_of(value):
    return np.full(200, value)


BAD_DATA = [
    (lambda: (POINTS, LABELS), r"input_fn must return a tf.data.Dataset, and returned tuple\."),
    (lambda: one_pass().take(0), "The dataset of input_fn is empty; check what it reads"),
    (
        lambda: one_pass().filter(lambda features, labels: False),
        "The dataset of input_fn (is empty|ended after 0 of 20 steps)",
    ),
    (batches_of(features()), "has no labels; make it of .features, labels."),
    (
        batches_of({"x0": LABELS}, LABELS),
        r"takes the features \['x0', 'x1'\]; the dataset of input_fn misses \['x1'\]: give",
    ),
    (batches_of(features(x2=LABELS), LABELS), r"input_fn has \['x2'\] besides: give it the same"),
    (batches_of({"x0": LABELS, "x2": LABELS}, LABELS), r"misses \['x1'\] and has \['x2'\] besides"),
    (batches_of(POINTS.to_numpy(), LABELS), r"misses \['x0', 'x1'\]"),
    (batches_of(features(x1=full_of(np.nan)), LABELS), "'x1' is NaN or infinite; remove or repl"),
    (batches_of(features(x0=full_of(np.inf)), LABELS), "feature 'x0' is NaN or infinite"),
    (batches_of(features(), LABELS + 1), "has labels other than 0 to 1; relabel the classes"),
    (batches_of(features(), LABELS - 1), "has labels other than 0 to 1; relabel the classes"),
    (batches_of(features(), full_of(np.nan)), "has labels other than 0 to 1"),
    (batches_of(features(), full_of("inner")), "number for each sample, from 0 to 1, and are stri"),
    (
        batches_of(features(), np.eye(2)[LABELS]),
        r"must be one number for each sample, from 0 to 1, and are float64 of shape \(None, 2\)",
    ),
]


@pytest.mark.parametrize(("input_fn", "sentence"), BAD_DATA)
def test_bad_data_are_refused_in_one_sentence(trained, tmp_path_factory, input_fn, sentence):
    model = classifier(tmp_path_factory.getbasetemp() / "bad_data")
    for use in (lambda: model.train(input_fn, max_steps=20), lambda: trained.evaluate(input_fn)):
        with pytest.raises((TypeError, ValueError), match=sentence) as refused:
            use()
        assert "\n" not in str(refused.value)
    assert not model.latest_checkpoint() or model.get_variable_value("global_step") == 0


@pytest.mark.parametrize(("input_fn", "sentence"), [BAD_DATA[case] for case in (0, 1, 4, 8)])
def test_bad_data_are_not_predicted(trained, input_fn, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        list(trained.predict(input_fn))


def test_labels_of_three_classes_must_be_whole(tmp_path):
    model = DNNClassifier([2], numeric_inputs(POINTS), 3, config=RunConfig(tmp_path))
    with pytest.raises(ValueError, match="has labels other than 0 to 2"):
        model.train(batches_of(features(), LABELS + 0.5), steps=1)


def test_steps_before_a_bad_batch_are_kept_up_to_the_last_checkpoint(tmp_path):
    model = classifier(tmp_path, save_every_steps=5)
    bad = features(x1=np.where(np.arange(200) == 150, np.nan, POINTS["x1"]))
    with pytest.raises(ValueError, match="'x1' is NaN"):
        model.train(batches_of(bad, LABELS), steps=20)
    assert model.get_variable_value("global_step") == 15
    assert model.train(batches_of(features(), LABELS)).get_variable_value("global_step") == 20


# numeric_inputs


def test_numeric_inputs_carry_names_and_types_and_no_values():
    inputs = numeric_inputs(POINTS)
    assert [(name, each.name, each.dtype, each.shape) for name, each in inputs.items()] == [
        ("x0", "x0", "float32", (None,)),
        ("x1", "x1", "float32", (None,)),
    ]


def test_numeric_inputs_refuse_text():
    with pytest.raises(TypeError, match=r"Column 'side' holds .* but it must hold numbers"):
        numeric_inputs(pd.DataFrame({"x0": [0.0], "side": ["inner"]}))


@pytest.mark.parametrize(
    ("table", "width"),
    [
        (pd.DataFrame(np.ones((200, 3))), 3),
        ({"traces": np.ones((200, 3, 5)), "height": np.ones(200)}, 3 * 5 + 1),
    ],
    ids=["columns named by numbers", "columns of arrays"],
)
def test_any_table_of_numbers_is_an_input(tmp_path, table, width):
    for input_fn in (batches_of(dict(table), LABELS), numpy_input_fn(table, LABELS, shuffle=False)):
        model = DNNClassifier([4], numeric_inputs(table), config=RunConfig(tmp_path))
        model.train(input_fn, steps=1)
        assert model.get_variable_value("dnn/hiddenlayer_0/kernel").shape == (width, 4)


# numpy_input_fn


@settings(max_examples=30, deadline=None)
@given(
    n_samples=st.integers(1, 30),
    batch_size=st.integers(1, 12),
    num_epochs=st.integers(1, 3),
    shuffle=st.booleans(),
)
def test_numpy_input_fn_gives_each_sample_once_in_each_pass(
    n_samples, batch_size, num_epochs, shuffle
):
    y = np.arange(n_samples)
    x = {"x": y, "square": y**2}
    batches = list(numpy_input_fn(x, y, batch_size, num_epochs, shuffle=shuffle, seed=1)())
    labels = np.concatenate([labels.numpy() for _, labels in batches])
    sizes = [len(labels) for _, labels in batches]
    assert sizes[:-1] == [batch_size] * (len(sizes) - 1)
    assert 1 <= sizes[-1] <= batch_size
    passes = labels.reshape(num_epochs, n_samples)
    assert (np.sort(passes) == y).all()
    assert shuffle or (passes == y).all()
    for features, labels in batches:
        np.testing.assert_array_equal(features["x"], labels)
        np.testing.assert_array_equal(features["square"], labels.numpy() ** 2)


def orders(input_fn, count=2):
    return [np.concatenate(list(input_fn().as_numpy_iterator())).tolist() for _ in range(count)]


def test_numpy_input_fn_shuffles_each_pass_anew_and_by_its_seed():
    one, two, free = (
        numpy_input_fn(np.arange(50), None, 10, 2, shuffle=True, seed=seed) for seed in (1, 2, None)
    )
    first, again = orders(one)
    assert first == again != orders(two)[0]
    assert first[:50] != first[50:]
    tf.random.set_seed(1)
    first, again = orders(free)
    tf.random.set_seed(1)
    assert first == orders(free)[0] != again


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        (np.ones((3, 2)), np.ones(4), "features and labels of the same number of samples"),
        ({"a": np.ones(3), "b": np.ones(2)}, None, r"same number of samples, .* got \[2, 3\]"),
        (np.ones((0, 2)), None, "at least one"),
        (np.ma.masked_equal([1.0, -999.0], -999), None, "x has masked values"),
        ({"a": [1, None]}, None, "x 'a' has missing values, .* drop their samples"),
        (np.ones(2), ["in", "out"], r"^y holds text, .* encode it, as np.unique"),
        ({"a": 1.0}, None, "x 'a' is a single number"),
        (3, None, "x is a single number"),
    ],
)
def test_numpy_input_fn_refuses_what_are_no_samples(x, y, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        numpy_input_fn(x, y, shuffle=False)


def test_numpy_input_fn_asks_whether_to_shuffle():
    with pytest.raises(ValueError, match="shuffle is None, but it must be one of True, False"):
        numpy_input_fn(np.ones(3))
