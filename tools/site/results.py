"""What a page's results rest on: when it was executed, with what, and how long it took."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib.metadata import version
from pathlib import Path

from jupyter_cache import get_cache
from sphinx.application import Sphinx

from tools.execute import CACHE, code_cells, is_notebook, read, record, without_magics
from tools.site.pages import Page, changed_by, name_page

STATUS = "status"
ABOUT = """
<h1>Execution status</h1>
<p>Every page below was executed from top to bottom by a fresh kernel, and its figures and
numbers are the results. A cell that fails, fails the build: this site cannot be published
with an error in it. The code is executed again when it changes, or a helper, a data file or
a package that it uses.</p>
<div class="pst-scrollable-table-container"><table class="table">
<thead><tr><th scope="col">Page</th><th scope="col">Executed</th><th scope="col">Time</th>
<th scope="col">Code cells</th><th scope="col">Result</th></tr></thead><tbody>
{rows}</tbody></table></div>
<p>Python {python}; {versions}.</p>
"""
# Packages whose module has another name.
OTHER_NAMES = {"sklearn": "scikit-learn"}
ROW = """<tr><td><a href="{name}.html">{title}</a></td><td>{when}</td>
<td>{seconds:.0f} s</td><td>{cells}</td><td>passed</td></tr>
"""


@dataclass
class Execution:
    """An execution of a page that succeeded."""

    when: datetime
    seconds: float
    cells: int
    packages: dict[str, str]


def execution(app: Sphinx, name: str) -> Execution | None:
    """Return the execution whose results a page shows, None if it has no code."""
    return execution_of(Path(app.env.doc2path(name)))


@cache
def execution_of(path: Path) -> Execution | None:
    if not path.exists() or not is_notebook(path):
        return None
    notebook = read(path)
    data = record(get_cache(CACHE), notebook)
    if "executed_at" not in data:
        return None
    sources = [cell.source for cell in code_cells(notebook)]
    when = datetime.fromtimestamp(data["executed_at"], UTC)
    return Execution(when, data["execution_seconds"], len(sources), packages("\n".join(sources)))


def packages(source: str) -> dict[str, str]:
    """Return the packages that a page's code imports, and their versions."""
    found = {}
    for module in sorted(set(imported(source)) - sys.stdlib_module_names - {"helpers"}):
        name = OTHER_NAMES.get(module, module)
        found[name] = version(name)
    return found


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(without_magics(source))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0]


def listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{escape(name)} {number}" for name, number in versions.items())


def python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def date(when: datetime) -> str:
    return f'<time datetime="{when:%Y-%m-%dT%H:%MZ}">{when.day} {when:%B %Y}</time>'


def say_how_it_was_executed(page: Page) -> None:
    done = execution(page.app, page.name) if page.name in page.app.env.found_docs else None
    article = page.soup.select_one("article")
    if done is None or article is None:
        return
    note = page.add(article, "p", **{"class": "execution"})
    note.append(
        page.fragment(
            f"Executed on {date(done.when)} in {done.seconds:.0f} s, with Python {python()}, "
            f'{listed(done.packages)}. <a href="{page.link(STATUS + ".html")}">All pages</a>'
        )
    )


def status_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Yield the page that sums up the executions of all pages, in the order of the contents."""
    done = {name: execution(app, name) for name in app.env.collect_relations()}
    done = {name: each for name, each in done.items() if each}
    rows = "".join(row(app, name, each) for name, each in done.items())
    versions = {name: number for each in done.values() for name, number in each.packages.items()}
    body = ABOUT.format(rows=rows, python=python(), versions=listed(dict(sorted(versions.items()))))
    yield STATUS, {"title": "Execution status", "body": body}, "page.html"


def row(app: Sphinx, name: str, done: Execution) -> str:
    title = escape(app.env.titles[name].astext())
    values = {"when": date(done.when), "seconds": done.seconds, "cells": done.cells}
    return ROW.format(name=name, title=title, **values)


def executed_since_last_read(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Return the pages whose results in the cache are newer than the page that shows them."""
    done = {name: execution(app, name) for name in env.all_docs}
    return [
        name
        for name, read_at in env.all_docs.items()
        if done[name] and done[name].when.timestamp() * 1e6 > read_at
    ]


def setup(app: Sphinx) -> None:
    app.connect("env-get-outdated", executed_since_last_read)
    app.connect("html-collect-pages", status_page)
    name_page(app, STATUS)
    changed_by(app, say_how_it_was_executed)
