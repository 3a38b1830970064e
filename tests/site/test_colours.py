"""The colours of lines: seen on both grounds, and by people who mix up some of them."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib import rc_context, rcParams

from helpers import plot
from tools.site.colours import DARK, LIGHT, contrast, linear, oklab, on_dark

# How people without one kind of cone see linear red, green and blue: G. M. Machado, M. M. Oliveira
# and L. A. F. Fernandes, IEEE Trans. Vis. Comput. Graph. 15 (2009) 1291, severity 1.
SEEN_BY = {
    "most people": np.eye(3),
    "protanopes": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopes": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopes": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# In OKLab, where black and white are 1 apart.
LEAST_DISTANCE = 0.055
TEXT_CONTRAST, LINE_CONTRAST = 4.5, 3


def cycle():
    with rc_context():
        plot.use_style()
        return rcParams["axes.prop_cycle"].by_key()["color"]


GROUNDS = {"light": str, "dark": on_dark}


@pytest.mark.parametrize(("ground", "shown"), zip([LIGHT, DARK], GROUNDS.values(), strict=True))
def test_lines_stand_out_from_the_ground(ground, shown):
    assert all(contrast(shown(colour), ground) >= LINE_CONTRAST for colour in cycle())
    assert contrast(shown(plot.GREY), ground) >= TEXT_CONTRAST


@pytest.mark.parametrize("shown", GROUNDS.values(), ids=GROUNDS)
@pytest.mark.parametrize("seen", SEEN_BY.values(), ids=SEEN_BY)
def test_nobody_mixes_up_the_colours_of_lines(shown, seen):
    found = [oklab(np.clip(seen @ linear(shown(colour)), 0, 1)) for colour in cycle()]
    for one, other in combinations(found, 2):
        assert np.linalg.norm(one - other) >= LEAST_DISTANCE
