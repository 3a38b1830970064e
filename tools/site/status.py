"""What a page's results rest on: when it was executed, with what, and how long it took."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from sphinx.application import Sphinx

from tools.execute import executions
from tools.site.pages import Page, changed_by

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
<td>{execution_seconds:.0f} s</td><td>{cells}</td><td>passed</td></tr>
"""


def date(seconds: float) -> str:
    when = datetime.fromtimestamp(seconds, UTC)
    return f'<time datetime="{when:%Y-%m-%dT%H:%MZ}">{when.day} {when:%B %Y}</time>'


def versions(done: dict) -> dict[str, str]:
    return {"Python": done["python"]} | done["packages"]


def listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{escape(name)} {number}" for name, number in versions.items())


def say_how_it_was_executed(page: Page) -> None:
    done = executions().get(page.name)
    if done and page.soup.article:
        when, seconds = date(done["executed_at"]), f"{done['execution_seconds']:.0f}\xa0s"
        note = f"Executed on {when} in {seconds}, with {listed(versions(done))}. "
        note += f'<a href="{page.link(STATUS)}.html">All pages</a>'
        page.soup.article.append(page.fragment(f'<p class="execution">{note}</p>'))


def status_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Yield the page that sums up the executions of all pages, in the order of the contents."""
    rows, used = "", {}
    for name, done in executions().items():
        if name in app.env.found_docs:
            title, when = escape(app.env.titles[name].astext()), date(done["executed_at"])
            rows += ROW.format(name=name, title=title, when=when, **done)
            used |= versions(done)
    body = ABOUT.format(rows=rows, versions=listed(dict(sorted(used.items()))))
    yield STATUS, {"title": "Execution status", "body": body}, "page.html"


def executed_since_last_read(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Return the pages whose results in the cache are newer than the page that shows them."""
    return [
        name
        for name, done in executions().items()
        if done["executed_at"] * 1e6 > env.all_docs.get(name, float("inf"))
    ]


def setup(app: Sphinx) -> None:
    app.connect("env-get-outdated", executed_since_last_read)
    app.connect("html-collect-pages", status_page)
    changed_by(app, say_how_it_was_executed)
