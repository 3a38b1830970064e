"""The results in the cache: pages that show older ones are rendered again."""

from pathlib import Path

from jupyter_cache import get_cache
from sphinx.application import Sphinx

from tools.execute import CACHE, is_notebook, read, record


def executed_since_last_read(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Return the pages whose results in the cache are newer than the page that shows them."""
    cache = get_cache(CACHE)
    return [name for name, read in env.all_docs.items() if results_at(cache, app, name) > read]


def results_at(cache, app: Sphinx, name: str) -> float:
    """Return when a page's results were computed, in microseconds, 0 without results."""
    path = Path(app.env.doc2path(name))
    if not path.exists() or not is_notebook(path):
        return 0
    return record(cache, read(path)).get("executed_at", 0) * 1e6


def setup(app: Sphinx) -> None:
    app.connect("env-get-outdated", executed_since_last_read)
