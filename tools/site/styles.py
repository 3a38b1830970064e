"""One style sheet for the site, with the rules that some page or script can use.

The theme's sheets are 600 KB, of which the book uses a tenth. A rule stays if one of its
selectors names no class or identifier that is nowhere a word of a page or of a script.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from posixpath import relpath

import tinycss2
from sphinx.application import Sphinx
from tinycss2.ast import Node

from tools.site.pages import LATE, Page, changed_by, is_site, written

SHEET = "_static/site.css"
GROUPS = {"media", "supports", "layer", "container"}
# Of a selector the part that is no condition in brackets, such as `:not(.later)`.
PLAIN = {"ident", "hash", "literal", "whitespace"}
NAMES = re.compile(r"[.#]((?:\\.|[\w-])+)")
WORD = re.compile(r"[\w-]+")
LINK = re.compile(r"url\([\"']?((?!data:|#|\w+://)[^\"')]+)[\"']?\)")
SCRIPT = re.compile(r'<script[^>]*\ssrc="([^"?]*)')


def link_one_sheet(names: list[str], page: Page) -> None:
    """Replace the links to a page's sheets by one, and note the names of the sheets."""
    links = page.soup.select("link[rel=stylesheet]")
    found = [page.target(link["href"]) for link in links]
    names += [name for name in found if name not in names]
    links[0].attrs = {"rel": "stylesheet", "href": page.link(SHEET)}
    for link in links[1:]:
        link.decompose()


def write_sheet(names: list[str], app: Sphinx, exception: Exception | None) -> None:
    """Write the one sheet, unless no page was written and so nothing changed."""
    if exception or not names or not is_site(app):
        return
    root = Path(app.outdir)
    words = words_of(root)
    rules = (rule for name in names for rule in used(rules_of(root / name, root), words))
    (root / SHEET).write_text("\n".join(rules), "utf-8")


def words_of(site: Path) -> set[str]:
    """Return the words of all pages and of the scripts that they load."""
    pages = {path: path.read_text("utf-8") for path in written(site)}
    links = ((path.parent, link) for path, text in pages.items() for link in SCRIPT.findall(text))
    scripts = {(folder / link).resolve() for folder, link in links}
    texts = [*pages.values(), *(path.read_text("utf-8") for path in scripts)]
    return {word for text in texts for word in WORD.findall(text)}


def rules_of(sheet: Path, root: Path) -> Iterator[Node]:
    """Yield the rules of a sheet and of those that it imports, each with links from `SHEET`."""

    def link(match: re.Match) -> str:
        return f"url({relpath((sheet.parent / match[1]).as_posix(), (root / SHEET).parent)})"

    css = LINK.sub(link, sheet.read_text("utf-8"))
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            imported = next(token.value for token in rule.prelude if token.type == "string")
            yield from rules_of(sheet.parent / imported, root)
        else:
            yield rule


def used(rules: list[Node], words: set[str]) -> Iterator[str]:
    """Yield the text of the rules that can apply to a page in which these words occur."""
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword in GROUPS and rule.content:
            inside = tinycss2.parse_blocks_contents(rule.content, True, True)
            body = "".join(used(inside, words))
            if body:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}"
        elif rule.type != "qualified-rule" or can_match(rule.prelude, words):
            yield " ".join(rule.serialize().split())


def can_match(prelude: list[Node], words: set[str]) -> bool:
    """Tell whether each name in one of several selectors occurs."""
    selectors = tinycss2.serialize([token for token in prelude if token.type in PLAIN])
    return any(
        words.issuperset(name.replace("\\", "") for name in NAMES.findall(selector))
        for selector in selectors.split(",")
    )


def setup(app: Sphinx) -> None:
    names: list[str] = []
    changed_by(app, partial(link_one_sheet, names))
    app.connect("build-finished", partial(write_sheet, names), priority=LATE)
