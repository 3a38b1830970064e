"""Write a page from the template that stands beside this: ``make new-page NAME=neutrinos``."""

import keyword
import re
from pathlib import Path

import yaml

from tools import book
from tools.bootstrap import stop

TEMPLATES = {
    "page.md": "chapters/{}.md",
    "checks.py.in": "helpers/checks/{}.py",
    "test_checks.py.in": "tests/helpers/checks/test_{}.py",
}


def write(name: str) -> list[str]:
    """Write the files of a new page and name it in the contents; return their paths.

    Raises
    ------
    ValueError
        If the name cannot be one, if there is such a file, or if the contents have no list
        that a line can be added to; nothing is written then.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,40}", name) or keyword.iskeyword(name):
        raise ValueError(
            f"NAME={name!r} cannot name a page: write a word of small letters, digits and _, "
            "such as: make new-page NAME=neutrinos"
        )
    files = {book.ROOT / path.format(name): template for template, path in TEMPLATES.items()}
    for path in files:
        if path.exists():
            raise ValueError(f"{path.relative_to(book.ROOT)} is there already; take another NAME.")
    contents = with_page(f"chapters/{name}")
    for path, template in files.items():
        text = Path(__file__).with_name(template).read_text("utf-8")
        path.write_text(text.replace("NAME", name), "utf-8")
    (book.ROOT / "_toc.yml").write_text(contents, "utf-8")
    return [path.relative_to(book.ROOT).as_posix() for path in files]


def with_page(page: str) -> str:
    """Return the text of the contents with a line for the page, behind the last that fits.

    That is the end of the last part with numbers, or of the last part if none has them.
    """
    text = (book.ROOT / "_toc.yml").read_text("utf-8")
    book.parts()
    contents = yaml.safe_load(text)
    trees = contents.get("parts") or contents.get("subtrees") or [contents]
    tree = ([one for one in trees if one.get("numbered")] or trees)[-1]
    items = tree.get("chapters") or tree.get("sections") or tree.get("entries") or []
    last = [item["file"] for item in items if "file" in item][-1:]
    lines, start = text.splitlines(), None
    for number, line in enumerate(lines):
        if last and re.fullmatch(rf"\s*- file: *[\"']?{re.escape(last[0])}[\"']?\s*(#.*)?", line):
            start = number
    if start is None:
        raise ValueError(
            "_toc.yml, the table of contents, has no list with a line `- file: …` to add a page "
            f"to; write one, with the line `- file: {page}`, and run the same command again."
        )
    indent = lines[start].index("-")
    end = start + 1
    while end < len(lines) and lines[end].strip() and indented(lines[end]) > indent:
        end += 1
    return "\n".join([*lines[:end], f"{' ' * indent}- file: {page}", *lines[end:], ""])


def indented(line: str) -> int:
    return len(line) - len(line.lstrip())


def main(name: str) -> None:
    try:
        written = write(name)
    except ValueError as error:
        stop(str(error))
    print(f"Written: {', '.join(written)}, and a line in _toc.yml.")
    print("Write your page into the first; then run make book, and make notebooks. Its tests:")
    print(f"  .venv/bin/python -m pytest -k {name}")
