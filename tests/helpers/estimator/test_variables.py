"""Variables are named as TensorFlow 1 named them, and models are told apart by them."""

import keras
import pytest

from helpers.estimator import Estimator, RunConfig
from tests.helpers.estimator import examples
from tests.helpers.estimator.examples import endless, noisy, one_pass


def test_variables_have_the_lecture_s_names_and_shapes(trained):
    shapes = {
        "dnn/hiddenlayer_0/kernel": (2, 4),
        "dnn/hiddenlayer_0/bias": (4,),
        "dnn/logits/kernel": (4, 1),
        "dnn/logits/bias": (1,),
    }
    slots = {f"{name}/Adagrad": shape for name, shape in shapes.items()}
    expected = shapes | slots | {"global_step": ()}
    assert {name: value.shape for name, value in examples.variables(trained).items()} == expected
    assert trained.get_variable_names() == sorted(expected)


def test_a_variable_that_is_not_there_is_answered_with_those_that_are(trained):
    with pytest.raises(ValueError, match=r"no variable 'kernel'; choose from .*dnn/logits/bias"):
        trained.get_variable_value("kernel")


def test_what_has_no_name_is_numbered_the_same_in_each_model(tmp_path):
    names = {"dense/kernel", "dense/kernel/Adam_1", "dense_1/bias", "batch_normalization/gamma"}
    for run in ("first", "second"):
        model = Estimator(examples.noisy_network, config=RunConfig(tmp_path / run))
        assert names <= set(model.train(noisy, steps=1).get_variable_names())
        results = model.evaluate(noisy, steps=1)
        assert list(results) == ["loss", "mean_absolute_error", "global_step"]


def test_the_reader_s_own_layers_are_numbered_on(tmp_path):
    model = Estimator(examples.noisy_network, config=RunConfig(tmp_path))
    _, before = keras.layers.Dense(1), keras.layers.Dense(1)
    model.train(noisy, steps=1)
    after = keras.layers.Dense(1)
    number, following = (int(layer.name.removeprefix("dense_")) for layer in (before, after))
    assert following == number + 1


@pytest.mark.parametrize(
    ("optimizer", "slots"),
    [
        ("sgd", []),
        (keras.optimizers.SGD(momentum=0.9), ["/SGD"]),
        ("rmsprop", ["/RMSprop"]),
        ("nadam", ["/Nadam", "/Nadam_1"]),
    ],
)
def test_what_an_optimizer_keeps_is_named_after_its_weight(tmp_path, optimizer, slots):
    def sequential(params):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="only")])
        model.compile(optimizer, "mse")
        return model

    model = Estimator(sequential, config=RunConfig(tmp_path)).train(noisy, steps=1)
    names = [name for name in model.get_variable_names() if name.startswith("only/")]
    assert names == sorted(
        f"only/{part}{slot}" for part in ("kernel", "bias") for slot in ["", *slots]
    )


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        ({"units": [5]}, r"hiddenlayer_0/kernel' is \(2, 4\) there and \(2, 5\) in this model"),
        ({"units": [4, 3]}, r"hiddenlayer_1/kernel' is absent there and \(4, 3\) in this model"),
        ({"units": []}, r"logits/kernel' is \(4, 1\) there and \(2, 1\) in this model"),
        ({"optimizer": "adam"}, r"hiddenlayer_0/kernel/Adam' is absent there and \(2, 4\) in thi"),
    ],
)
def test_another_architecture_is_refused_with_the_first_difference(trained, other, difference):
    model = examples.classifier(trained.model_dir, **other)
    for use in (lambda: model.train(endless, steps=1), lambda: model.evaluate(one_pass)):
        with pytest.raises(ValueError, match=f"architecture: the shape of 'dnn/{difference}"):
            use()
    assert trained.latest_checkpoint().endswith("model.ckpt-300.npz")
