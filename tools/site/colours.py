"""Colours on the ground of a dark page: of the same hue, and as far from it as from white.

Lightness and hue are those of OKLab [1]_, contrast that of WCAG 2.

References
----------
.. [1] B. Ottosson, A perceptual color space for image processing, 2020,
   https://bottosson.github.io/posts/oklab/
"""

from functools import cache

import numpy as np
from PIL import ImageColor

# The grounds of the theme's pages; a test compares.
LIGHT, DARK = "#FFFFFF", "#121212"
# What stands out from white as a line does stands out as text does from the dark ground, and
# no letters are so bright there that they dazzle.
LINE, TEXT, BRIGHTEST = 3, 4.5, 14.5

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> np.ndarray:
    """Return red, green and blue of a colour such as ``#D55E00``, in proportion to light."""
    value = np.array(ImageColor.getrgb(colour)[:3]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def written(light: np.ndarray) -> str:
    """Return the colour of linear red, green and blue, the inverse of `linear`."""
    light = np.clip(light, 0, 1)
    value = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{number:02x}" for number in np.round(255 * value).astype(int))


def contrast(colour: str, ground: str = LIGHT) -> float:
    """Return the contrast ratio of WCAG 2 between two colours, from 1 to 21."""
    one, other = (linear(each) @ [0.2126, 0.7152, 0.0722] + 0.05 for each in (colour, ground))
    return max(one / other, other / one)


def oklab(light: np.ndarray) -> np.ndarray:
    """Return lightness from 0 to 1, and how far linear red, green, blue are from grey."""
    return _TO_LAB @ np.cbrt(_TO_CONES @ light)


@cache
def on_dark(colour: str) -> str:
    """Return what a colour on white becomes on the dark ground; white becomes the ground."""
    wanted = contrast(colour)
    if wanted >= LINE:
        wanted = min(max(wanted, TEXT + 0.05), BRIGHTEST)
    _, *hue = oklab(linear(colour))
    below, above = oklab(linear(DARK))[0], 1.0
    for _ in range(20):
        middle = (below + above) / 2
        found = _in_reach(middle, np.array(hue))
        below, above = (middle, above) if contrast(found, DARK) < wanted else (below, middle)
    return found if wanted > 1 else DARK


def _in_reach(lightness: float, hue: np.ndarray) -> str:
    """Return the most colourful that a screen can show of a lightness and a hue."""
    for share in np.linspace(1, 0, 21):
        cones = (np.linalg.inv(_TO_LAB) @ [lightness, *(share * hue)]) ** 3
        light = np.linalg.inv(_TO_CONES) @ cones
        if light.min() >= -1e-3 and light.max() <= 1.001:
            break
    return written(light)
