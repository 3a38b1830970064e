"""What the chapter "Find coincidences with a convolutional network" claims, with its code."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def pulse(chapter, seed):
    """Return a trained network of 51 parameters."""
    return chapter["train_pulse"](seed)


@pytest.fixture(scope="module")
def weights(chapter, pulse):
    return [pulse.get_variable_value(name) for name in chapter["VARIABLES"]]


def accuracy_of(chapter, probabilities, labels):
    return chapter["scores"](probabilities, labels)[0]


@pytest.mark.parametrize("width", [3, 5, 7, 11])
def test_output_nodes_stand_for_the_middle_of_their_window(chapter, width):
    kernel_2 = np.zeros((3, width, 2, 1))
    kernel_2[:, width // 2] = 1
    weights = [np.array([[0, 1, 0]] * 2).T.reshape(1, 3, 1, 2), np.zeros(2), kernel_2, np.zeros(1)]
    traces = np.zeros((2, 3, 100), "float32")
    traces[0, :, 40] = traces[1, :, 77] = 1
    _, predictor, _ = chapter["pulse_model"](chapter["params"] | {"conv2_width": width})
    predictor.set_weights(weights)
    predictions = predictor.predict({"X": traces}, verbose=0)
    assert predictions["label"].tolist() == [40, 77]
    assert predictions["probs"].shape == (2, 101 - width)


def test_a_template_answers_a_single_pulse_with_one(chapter):
    for width in (3, 7, 13):
        offsets = np.arange(width) - (width - 1) / 2
        pulse = 5 * np.exp(-0.5 * (offsets / chapter["sigma"]) ** 2)
        assert chapter["template"](width) @ (pulse + 3) == pytest.approx(1)


@pytest.mark.claim("pc-ten-accuracy")
def test_51_parameters_find_the_exact_bin(chapter, pulse, band):
    probabilities = chapter["predict"](pulse, chapter["X_test"])[1]
    accuracy, rmse, within_one = chapter["scores"](probabilities, chapter["y_test"])
    band("accuracy", accuracy)
    band("accuracy above the surest answers", accuracy - probabilities.max(axis=1).mean())
    band("logarithm of the RMSE", np.log(rmse))
    assert within_one > 0.99


@pytest.mark.claim("pc-edit-conv1/bias", "pc-edit-conv2/bias", "pc-edit-traces")
def test_weights_are_edited_to_see_what_they_do(chapter, weights, band):
    X, y = chapter["X_test"][:2000], chapter["y_test"][:2000]
    kernel_1, bias_1, kernel_2, bias_2 = weights
    alike = np.broadcast_to(kernel_2.mean(axis=0, keepdims=True), kernel_2.shape)
    plain, shifted, unbiased, like = (
        chapter["edited"](edit)(X)
        for edit in (
            weights,
            [kernel_1, bias_1, kernel_2, bias_2 + 10],
            [kernel_1, 0 * bias_1, kernel_2, bias_2],
            [kernel_1, bias_1, alike, bias_2],
        )
    )
    np.testing.assert_allclose(plain, shifted, atol=1e-4)
    accuracy = accuracy_of(chapter, plain, y)
    lost = band("lost with the first bias", accuracy - accuracy_of(chapter, unbiased, y))
    assert lost > band("lost with traces alike", accuracy - accuracy_of(chapter, like, y))
