"""The plane of codes: decoder and dice equal to those of the page."""

import numpy as np
import pytest
from scipy.special import erf

from tests.site.conftest import go_to
from tools.site import figure_data


def test_the_decoder_is_the_pages(open_page):
    page = open_page("chapters/generators")
    figure = go_to(page, "latent-plane")
    data = figure_data.latent_plane("chapters/generators")
    (W, b), (V, c) = ([np.array(part) for part in data[name]] for name in ("hidden", "output"))
    for code in ([0, 0], [1.3, -2.1]):
        unit = code @ W + b
        pull = unit * (1 + erf(unit / np.sqrt(2))) / 2 @ V + c
        rate = np.logaddexp(0, data["mean"] + np.sqrt(data["mean"]) * pull)
        found = page.evaluate("([data, code]) => book.decode(data, code)", [data, code])
        np.testing.assert_allclose(found, rate, atol=1e-5)
    assert "Found" not in figure.locator(".challenge").inner_text()


def test_the_dice_are_poissons(open_page):
    page = open_page("chapters/generators")
    go_to(page, "latent-plane")
    script = """mean => {
        const uniform = book.random(1);
        return Array.from({length: 20000}, () => book.poisson(uniform, mean));
    }"""
    for mean in (0.5, 8, 120):
        counts = np.array(page.evaluate(script, mean))
        assert counts.mean() == pytest.approx(mean, rel=0.03)
        assert counts.var() == pytest.approx(mean, rel=0.05)
