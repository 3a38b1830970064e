"""The settings that the book takes from elsewhere: its address, the cache of its results."""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx

from tools import book
from tools.execute import CACHE

STATIC = Path(__file__).parent / "static"


def set_configuration(app: Sphinx, config) -> None:
    config.html_static_path.append(str(STATIC))
    config.nb_execution_cache_path = str(CACHE)
    config.site_state = state()
    config.html_theme_options["repository_url"] = book.repository_url()
    config.html_theme_options["repository_branch"] = book.branch()


def state() -> str:
    """Return a digest of the steps and static files, which every page depends on."""
    files = [*STATIC.rglob("*"), *Path(__file__).parent.glob("*.py")]
    result = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        result.update(path.name.encode() + path.read_bytes())
    return result.hexdigest()


def setup(app: Sphinx) -> None:
    app.add_config_value("site_state", "", "html")
    app.add_css_file("book.css")
    app.connect("config-inited", set_configuration)
