"""Say how much a section holds, so that the browser can lay it out when a reader comes near.

A chapter is forty screens long on a phone, and laying out all of it takes longer than
everything else a page does. ``sections.css`` puts this off, and makes of the numbers written
here a height for what is not laid out yet, so that the scroll bar tells the truth.
"""

import re
from copy import copy

from bs4 import Tag
from sphinx.application import Sphinx

from tools.site.pages import Page, changed_by

# A solution is hidden by a style. Where none is known yet, a screen reader would tell it.
SOLUTION = ".dropdown, .toggle"


def measure(page: Page) -> None:
    for section in page.soup.select("article section section:has(> :is(h2, h3, h4))"):
        if section.select_one(SOLUTION):
            continue
        amounts = amounts_of(section)
        section["class"] = [*section.get("class", []), "later"]
        section["style"] = ";".join(f"--{name}:{amount:g}" for name, amount in amounts.items())


def amounts_of(section: Tag) -> dict[str, float]:
    """Count what a section shows: cells of code and output, and pictures as high as wide."""
    shown = copy(section)
    for folded in shown.select("details"):
        folded.replace_with(folded.summary)
    code = [block.extract().get_text().rstrip("\n") for block in shown.select("pre")]
    pictures = shown.select("img[width][height]")
    for formula in shown.select("math, script"):
        formula.decompose()
    return {
        "characters": len(re.sub(r"\s+", " ", shown.get_text())),
        "cells": len(code),
        "lines": sum(text.count("\n") + 1 for text in code),
        "rows": len(shown.select("tr")),
        "pictures": round(sum(float(one["height"]) / float(one["width"]) for one in pictures), 2),
    }


def setup(app: Sphinx) -> None:
    app.add_css_file("sections.css")
    changed_by(app, measure)
