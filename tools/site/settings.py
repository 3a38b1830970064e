"""The settings that the book takes from elsewhere: its address, the cache of its results."""

from pathlib import Path

from sphinx.application import Sphinx

from tools import book
from tools.execute import CACHE

STATIC = Path(__file__).parent / "static"


def set_configuration(app: Sphinx, config) -> None:
    config.html_static_path.append(str(STATIC))
    config.nb_execution_cache_path = str(CACHE)
    config.html_theme_options["repository_url"] = book.repository_url()
    config.html_theme_options["repository_branch"] = book.branch()


def setup(app: Sphinx) -> None:
    app.add_css_file("book.css")
    app.connect("config-inited", set_configuration)
