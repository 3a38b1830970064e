"""Say what of a fork is its lecturer's, what is still ours, and what would fail: ``make mine``.

Nothing is built for that. What would fail at once stops ``make book`` with the same sentence.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sphinx.util.matching import Matcher

from tools import book, citation, editions, switches
from tools.editions import plans
from tools.notebooks.origin import committed
from tools.site.cards import described

# What a fork inherits, and what to do with it: a file, what its line says, a sentence.
INHERITED = [
    ("README.md", r"^# Deep Learning$", "give the repository the name of your course"),
    ("README.md", r"The material grew from", "stays: it says where the material comes from"),
    ("README.md", r"book\.png", "shows our book: take a picture of yours, or take it out"),
    ("LICENSE", r"Copyright \(c\)", "stays: add a line for what is yours below it"),
    ("intro.md", r"This book teaches", "begin with your own words, and keep the acknowledgements"),
    ("intro.md", r"\[CC BY 4\.0\]", "name the licence of your texts, if it is another"),
    ("intro.md", r"description: An executable", "say what search engines show of your first page"),
    ("pyproject.toml", r'name = "deep-learning-helpers"', "may stay: nobody sees it in a notebook"),
]
LINK = re.compile(r"\]\(([\w./-]+)\.md[)#]|\{doc\}`[^`]*?([\w./-]+)>?`")


def problems() -> Iterator[str]:
    """Yield a sentence for each thing that would stop ``make book`` before it begins."""
    pages = book.pages()
    yield from switches.problems()
    yield from editions.problems()
    yield from plans.problems()
    is_excluded = Matcher(list(map(str, book.setting("exclude_patterns", []))))
    for page in pages:
        if is_excluded(f"{page}.md"):
            yield f"In _config.yml, exclude_patterns leaves out {page}.md, which _toc.yml names."
        try:
            described(book.source(page))
        except ValueError as error:
            yield str(error)
    if not book.is_placeholder():
        book.site_url()


def left_out() -> list[str]:
    """Return the pages that somebody wrote and that are not in the contents."""
    folders = {book.ROOT / "chapters", *(book.source(page).parent for page in book.pages())}
    files = [
        file for folder in folders - {book.ROOT} for file in folder.glob("*.md") if is_page(file)
    ]
    written = {file.relative_to(book.ROOT).with_suffix("").as_posix() for file in files}
    return sorted(written - set(book.pages()))


def is_page(path: Path) -> bool:
    """Tell a page, which begins with its front matter, from what pages include."""
    return path.read_text("utf-8", "replace").startswith("---\n")


def outdated() -> Iterator[str]:
    """Yield a sentence for each file that still has another address, title or contents."""
    folder, cell = book.ROOT / "notebooks", json.dumps(f'HELPERS = "{committed().helpers}"')
    expected = {
        book.notebook_path(path.relative_to(book.ROOT).as_posix()[:-3]) for path in book.chapters()
    }
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.ipynb")}
    same = all(cell[1:-1] in path.read_text("utf-8") for path in found.values())
    if set(found) != expected or not same:
        yield "notebooks/ has other pages or another address: run make notebooks, and commit it."
    if (book.ROOT / citation.FILE).read_text("utf-8") != citation.text():
        yield f"{citation.FILE} cites another book or author: run make notebooks, and commit it."
    planned = book.ROOT / plans.FILE
    if planned.exists() and planned.read_text("utf-8") != plans.text():
        yield f"{plans.FILE} plans other pages or notes: run make notebooks, and commit it."


def dead_links() -> Iterator[str]:
    """Yield a sentence for each link from a page of the contents to one that is left out."""
    gone, there = left_out(), {book.first_page(), *book.pages()}
    for path in map(book.source, [book.first_page(), *book.pages()]):
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
            for name in filter(None, (name for match in LINK.findall(line) for name in match)):
                folder = book.ROOT if name.startswith("/") else path.parent
                target = os.path.relpath(folder / name.lstrip("/"), book.ROOT)
                if target in gone or not (target in there or book.source(target).exists()):
                    yield (
                        f"{path.relative_to(book.ROOT)}:{number} links to {name}.md, which is not "
                        "in _toc.yml: take out the link, or put the page back."
                    )


def ours() -> Iterator[str]:
    """Yield the places that still say what the book said when it was forked."""
    for name, pattern, cure in INHERITED:
        path = book.ROOT / name
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        for number, line in enumerate(lines, start=1):
            if re.search(pattern, line):
                yield f"{name}:{number}: {line.strip()[:50]!r}: {cure}."


def yours() -> Iterator[str]:
    """Yield what the settings and the contents say, one line each."""
    address = book.configured_url()
    if book.is_placeholder(address):
        address = "nobody's yet: edit url: under repository:"
    values = {key: book.setting(key) for key in ("title", "subtitle", "author", "term")}
    values |= {"copyright": book.setting("copyright"), "licence": book.setting("html.extra_footer")}
    values |= {"address": address, "branch": book.branch()}
    values |= {"site": "" if book.is_placeholder() else book.site_url()}
    shown, all_of_them = len(editions.shown_solutions()), len(editions.exercises())
    values |= {"edition": editions.current(), "solutions": f"{shown} of {all_of_them} shown"}
    values |= {"pages": len(book.pages())}
    for key, value in values.items():
        yield f"{key:<10} {value or 'not given'}"


def show(heading: str, said: list[str]) -> None:
    print(f"\n{heading}\n" + "\n".join(f"  {line}" for line in said or ["nothing"]))


def lines(check: Callable[[], Iterable[str]]) -> list[str]:
    """Return what a check yields, and the sentence with which it may end."""
    said = []
    try:
        for line in check():
            said.append(line)
    except ValueError as error:
        said.append(str(error))
    return said


def main() -> None:
    show("Yours, from _config.yml and _toc.yml:", lines(yours))
    show("Still ours:", lines(ours))
    show("Written, but not in the contents:", lines(left_out))
    checks = (problems, dead_links, outdated)
    failing = list(dict.fromkeys(line for check in checks for line in lines(check)))
    failing += [] if lines(problems) else switches.warnings_of_sphinx()
    show("Would fail:", failing)
    if failing:
        sys.exit("\nmake: What would fail stands above.")


if __name__ == "__main__":
    main()
