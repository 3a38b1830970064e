"""The soft lookup to ask: weights equal to those of Keras, in any order."""

import re

import keras
import numpy as np

from helpers.generate import generate_pulses
from tests.site.conftest import go_to, sentence
from tools import book
from tools.site import figure_data


def test_attention_is_that_of_keras(open_page):
    page = open_page("chapters/attention")
    go_to(page, "attention")
    data = figure_data.attention("")
    keys = np.array(data["keys"], "float32")
    layer = keras.layers.Attention()
    for query, beta in (([1, 1, 1], 2.0), ([1, -1, -0.5], 7.5)):
        script = "([query, keys, beta]) => book.attend(query, keys, beta)"
        found = page.evaluate(script, [query, data["keys"], beta])
        asked = beta * np.array([[query]], "float32")
        _, expected = layer([asked, keys[None], keys[None]], return_attention_scores=True)
        np.testing.assert_allclose(found, np.ravel(expected), atol=1e-5)


def test_it_shows_the_example_of_the_page():
    text = book.source("chapters/attention").read_text(encoding="utf-8")
    example = int(re.search(r"^example = (\d+)", text, re.M)[1])
    _, y = generate_pulses(amplitude=1)
    assert figure_data.attention("")["truth"] == y[6000 + example]


def test_shuffled_bins_keep_their_weights(open_page):
    figure = go_to(open_page("chapters/attention"), "attention")
    before = sentence(figure)
    figure.get_by_role("button", name="Shuffle").click()
    assert sentence(figure).startswith(before)
