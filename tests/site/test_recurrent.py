"""The feedback to drag: states and gradients equal to those of Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.site.conftest import go_to


@pytest.mark.parametrize("kind", ["linear", "tanh"])
@pytest.mark.parametrize("weight", [-0.9, 0.5, 0.9, 1.05])
def test_the_feedback_is_that_of_keras(open_page, kind, weight):
    page = open_page("chapters/recurrent")
    go_to(page, "feedback")
    found = page.evaluate("([kind, weight]) => book.feedback(kind, weight, 1, 20)", [kind, weight])
    layer = keras.layers.SimpleRNN(1, activation=kind, return_sequences=True)
    layer.build((1, 20, 1))
    layer.set_weights([np.ones((1, 1)), np.full((1, 1), weight), np.zeros(1)])
    x = tf.constant(np.eye(20)[0].reshape(1, 20, 1), "float32")
    with tf.GradientTape() as tape:
        tape.watch(x)
        states = layer(x)
        last = states[0, -1, 0]
    np.testing.assert_allclose(found["states"], states[0, :, 0], atol=1e-5)
    by_lag = tape.gradient(last, x).numpy().ravel()[::-1]
    # The gradient with respect to an input has the slope of its own step as well.
    slopes = 1 - np.array(found["states"])[::-1] ** 2 if kind == "tanh" else 1
    np.testing.assert_allclose(np.array(found["gradient"]) * slopes, by_lag, atol=1e-5)
