"""Formulas by MathJax in the browser, from the site itself: what replaces the step formulas."""

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from tools.site.pages import is_site
from tools.site.typeset import mathjax_folder

SCRIPT = "tex-mml-chtml.js"
FOLDER = "mathjax"
FONTS = "output/chtml/fonts"


def set_path(app: Sphinx, config) -> None:
    config.mathjax_path = f"{FOLDER}/{SCRIPT}"


def copy_mathjax(app: Sphinx, exception: Exception | None) -> None:
    """Copy it last, or Jupyter Book would add it to every page."""
    if exception or not is_site(app):
        return
    target = Path(app.outdir, "_static", FOLDER)
    shutil.copytree(mathjax_folder() / FONTS, target / FONTS, dirs_exist_ok=True)
    shutil.copy(mathjax_folder() / SCRIPT, target)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", set_path)
    app.connect("build-finished", copy_mathjax)
