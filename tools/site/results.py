"""What a page's results rest on: when it was executed, with what, and how long it took."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape

from sphinx.application import Sphinx

from tools.execute import executions
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
<p>{versions}.</p>
"""
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


@cache
def executed_pages() -> dict[str, Execution]:
    """Return the executions whose results the pages show, in the order of the contents."""
    return {
        name: Execution(
            datetime.fromtimestamp(kept["executed_at"], UTC),
            kept["execution_seconds"],
            kept["cells"],
            {"Python": kept["python"]} | kept["packages"],
        )
        for name, kept in executions().items()
    }


def listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{escape(name)} {number}" for name, number in versions.items())


def date(when: datetime) -> str:
    return f'<time datetime="{when:%Y-%m-%dT%H:%MZ}">{when.day} {when:%B %Y}</time>'


def say_how_it_was_executed(page: Page) -> None:
    done = executed_pages().get(page.name)
    article = page.soup.select_one("article")
    if done is None or article is None:
        return
    note = page.add(article, "p", **{"class": "execution"})
    note.append(
        page.fragment(
            f"Executed on {date(done.when)} in {done.seconds:.0f} s, with "
            f'{listed(done.packages)}. <a href="{page.link(STATUS + ".html")}">All pages</a>'
        )
    )


def status_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Yield the page that sums up the executions of all pages, in the order of the contents."""
    done = {name: each for name, each in executed_pages().items() if name in app.env.found_docs}
    rows = "".join(row(app, name, each) for name, each in done.items())
    versions = {name: number for each in done.values() for name, number in each.packages.items()}
    body = ABOUT.format(rows=rows, versions=listed(dict(sorted(versions.items()))))
    yield STATUS, {"title": "Execution status", "body": body}, "page.html"


def row(app: Sphinx, name: str, done: Execution) -> str:
    title = escape(app.env.titles[name].astext())
    values = {"when": date(done.when), "seconds": done.seconds, "cells": done.cells}
    return ROW.format(name=name, title=title, **values)


def executed_since_last_read(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Return the pages whose results in the cache are newer than the page that shows them."""
    return [
        name
        for name, done in executed_pages().items()
        if done.when.timestamp() * 1e6 > env.all_docs.get(name, float("inf"))
    ]


def setup(app: Sphinx) -> None:
    app.connect("env-get-outdated", executed_since_last_read)
    app.connect("html-collect-pages", status_page)
    name_page(app, STATUS)
    changed_by(app, say_how_it_was_executed)
