"""The typeface of plots for drawings by hand, so that both look alike in every browser.

An ``<img>`` finds no font of its page: a drawing carries the letters that it needs, some KB.
"""

import re
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import matplotlib
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FOLDER = Path(matplotlib.get_data_path(), "fonts", "ttf")
# The file of each face, the mark by which a drawing asks for it, and its name in CSS.
FACES = {
    "DejaVuSans": ("font-family", "font-family:DejaVu Sans"),
    "DejaVuSans-Bold": ('font-weight="bold"', "font-family:DejaVu Sans;font-weight:bold"),
    "DejaVuSans-Oblique": ('font-style="italic"', "font-family:DejaVu Sans;font-style:italic"),
    "DejaVuSansMono": ('"monospace"', "font-family:DejaVu Sans Mono"),
}
USE = 'svg{font-family:DejaVu Sans}[font-family="monospace"]{font-family:DejaVu Sans Mono}'


def faces(svg: str) -> str:
    """Return the rules of CSS that give a drawing its letters, none if it has no text."""
    letters = set("".join(re.findall(r">([^<]+)<", svg)))
    if "<text" not in svg:
        return ""
    rules = (
        f"@font-face{{{name};src:url(data:font/woff2;base64,{cut(file, letters)})}}"
        for file, (mark, name) in FACES.items()
        if mark in svg
    )
    return "".join(rules) + USE


def cut(file: str, letters: set[str]) -> str:
    """Return a font with these letters alone, in base64."""
    with TTFont(FOLDER / f"{file}.ttf") as font, BytesIO() as small:
        subsetter = Subsetter(Options(hinting=False, layout_features=["kern"]))
        subsetter.options.drop_tables += ["FFTM"]
        subsetter.populate(text="".join(letters))
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(small)
        return b64encode(small.getvalue()).decode()
