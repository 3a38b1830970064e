"""Make a lecture of each page of the instructor's edition: slides of reveal.js, with the notes.

A slide says one idea and names what of the page shows it: figures, equations, cells. Its parts
are copied from the finished page, so that each number and each picture is the page's own.
"""

import shutil
from collections.abc import Iterator
from copy import copy
from html import escape
from importlib.resources import as_file, files
from pathlib import Path
from posixpath import relpath
from typing import ClassVar

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging

from tools import book, editions
from tools.editions.notes import OPENING
from tools.site import notes
from tools.site.pages import Page, changed_by, is_site
from tools.site.titled import Titled

LOGGER = logging.getLogger(__name__)
CLASS = "slide"
FOLDER = "slides"
STYLE = Path(__file__).with_suffix(".css")
# What of reveal.js a lecture loads, below the folder of its package.
SHEET, SCRIPTS = "dist/reveal.css", ("dist/reveal.js", "plugin/notes/notes.js")
# A figure that is wider than this, in its heights, has no other beside it.
WIDE = 1.8
# A table with more rows is set smaller.
MANY_ROWS = 8
# What is of use on a page alone.
OF_PAGES = ".headerlink, .interactive, button, figcaption, script"
FRAME = """<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title} — slides</title>
<script>{{
  const {{dataset}} = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  dataset.theme = localStorage.getItem("theme") ?? (dark.matches ? "dark" : "light");
  if (dataset.theme === "auto") dataset.theme = dark.matches ? "dark" : "light";
}}</script>
<link rel="stylesheet" href="{root}/_static/site.css">
<link rel="stylesheet" href="{root}/_static/reveal/slides.css">
</head>
<body><main><div class="reveal"><div class="slides">
{slides}
</div></div></main>
<script defer src="{root}/_static/reveal/reveal.js"></script>
<script defer src="{root}/_static/reveal/notes.js"></script>
<script>addEventListener("DOMContentLoaded", () => Reveal.initialize({{
  width: 1280, height: 720, margin: 0.03, center: false, hash: true, slideNumber: "c/t",
  transition: "none", scrollActivationWidth: null, plugins: [RevealNotes],
  keyboard: {{68: () => {{
    const {{dataset}} = document.documentElement;
    dataset.theme = dataset.theme === "dark" ? "light" : "dark";
  }}}},
}}))</script>
</body></html>
"""
SLIDE = """<section{classes}><div class="sheet"><{level}>{title}</{level}>
<div class="said">{said}</div>{shown}</div>
<aside class="notes">{notes}</aside></section>"""


class Slide(Titled):
    """Say one idea of a lecture, and name what of the page shows it."""

    option_spec: ClassVar = {"show": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        if not editions.is_instructors():
            return []
        names = [f"show-{name}" for name in self.options.get("show", "").split()]
        note = self.env.temp_data.get(notes.CLASS, "")
        slide = nodes.container("", classes=[CLASS, *names, *[f"in-{note}"] * bool(note)])
        slide += self.parse_text_to_nodes(f"{self.title}\n")
        slide += self.parse_content_to_nodes()
        return [slide]


def make_lecture(page: Page) -> None:
    """Write the slides of a page beside it, and leave a link to them in their place."""
    slides = page.soup.select(f"div.{CLASS}")
    if not slides:
        return
    heading, file = page.soup.select_one("article h1"), path_of(page.name)
    root = relpath(".", Path(file).parent.as_posix())
    title = heading.get_text().rstrip("#")
    text = FRAME.format(title=title, root=root, slides=lecture(page, slides, root))
    for slide in slides:
        slide.extract()
    target = Path(page.app.outdir, file)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    link = f'<p class="to-slides"><a href="{page.link(file)}">Slides of this lecture</a></p>'
    heading.insert_after(page.fragment(link))


def lecture(page: Page, slides: list[Tag], root: str) -> BeautifulSoup:
    """Return all slides of a page, with links that hold below `root`, the way to the site."""
    written = (slide_of(page.soup, one, page.name) for one in slides)
    shown = "\n".join([title_slide(page), *written, *homework(page)])
    soup = BeautifulSoup(shown, "html.parser")
    for link in soup.select("[href], [src]"):
        kind = "href" if link.has_attr("href") else "src"
        link[kind] = moved(page, link[kind], root)
    for element in soup(id=True):
        del element["id"]
    # reveal.js loads the pictures of the slides that are near.
    for image in soup("img"):
        image["data-src"] = image.attrs.pop("src")
    return soup


def path_of(page: str) -> str:
    """Return the path of a page's slides below the site's root."""
    return f"{FOLDER}/{page.removeprefix('chapters/')}.html"


def moved(page: Page, link: str, root: str) -> str:
    """Return a link of a page as it reads in the page's slides."""
    if ":" in link.split("/")[0]:
        return link
    path, mark, anchor = link.partition("#")
    return f"{root}/{page.target(path) if path else page.file}{mark}{anchor}"


def title_slide(page: Page) -> str:
    title = plain(page.soup.select_one("article h1")).decode_contents()
    opening = " ".join(page.soup.select_one("article section > p").get_text().split())
    question = opening[: opening.find("?") + 1] or opening
    whose = f"{book.setting('title')} · {book.byline()}"
    return SLIDE.format(
        classes=' class="title"',
        level="h1",
        title=title,
        said=f"<p>{escape(question)}</p><p class='byline'>{escape(whose)}</p>",
        shown="",
        notes=note_of(page.soup, nodes.make_id(f"note-{OPENING}")),
    )


def slide_of(soup: BeautifulSoup, slide: Tag, page: str) -> str:
    """Return one slide as reveal.js takes it."""
    title, *said = slide.find_all(recursive=False)
    names = [name.removeprefix("show-") for name in slide["class"] if name.startswith("show-")]
    shown = [found for name in names if (found := list(parts(soup, name)))]
    if len(shown) < len(names):
        LOGGER.warning(
            "the slide %r shows %s, but its page has not all of them: name figures, equations or "
            "tags of cells that it has, under :show:",
            *(title.get_text(), " ".join(names)),
            location=page,
        )
    [note] = [name.removeprefix("in-") for name in slide["class"] if name.startswith("in-")] or [""]
    return SLIDE.format(
        classes="",
        level="h2",
        title=title.decode_contents(),
        said="".join(map(str, said)),
        shown=together(shown),
        notes=note_of(soup, note),
    )


def together(shown: list[list[Tag]]) -> str:
    """Return what a slide shows: two high figures beside each other, all else one below another."""
    images = [part for of_one in shown for part in of_one if part.name == "img"]
    wide = any(float(image["width"]) > WIDE * float(image["height"]) for image in images)
    row = "" if wide or len(images) != len(shown) else " beside"
    rows = sum(len(part.select("tr")) for of_one in shown for part in of_one)
    row += " long" * (rows > MANY_ROWS)
    inside = "".join(
        f"<div class='of-{of_one[0].name}'>{''.join(map(str, of_one))}</div>" for of_one in shown
    )
    return f'<div class="shown{row}">{inside}</div>' if shown else ""


def parts(soup: BeautifulSoup, name: str) -> Iterator[Tag]:
    """Yield what a name of a slide means: a figure's picture, an equation, a cell or half of it."""
    name, _, half = name.partition("/")
    choices = {"": ".cell_input, .cell_output", "code": ".cell_input", "output": ".cell_output"}
    cells = soup.select(f".tag_{name}") if half in choices else []
    # Sphinx makes identifiers of names.
    figure = nodes.make_id(name)
    found = [
        *soup.select(f"figure[id='{figure}'] img, [id='equation-{name}'] > math"),
        *(part for cell in cells for part in cell.select(choices[half])),
    ]
    yield from map(plain, found)


def plain(element: Tag) -> Tag:
    """Return a copy of a part of a page without what is of use on the page alone."""
    element = copy(element)
    for useless in element.select(OF_PAGES):
        useless.decompose()
    for image in [element, *element.find_all("img")]:
        image.attrs.pop("loading", None)
    for part in element.select("details"):
        part["open"] = ""
    return element


def note_of(soup: BeautifulSoup, name: str) -> str:
    note = soup.find(id=name) if name else None
    return note.decode_contents() if note else ""


def homework(page: Page) -> Iterator[str]:
    """Yield the last slide, with the exercises that the notes give home."""
    for paragraph in page.soup.select(f".{notes.CLASS} p"):
        if paragraph.strong and paragraph.strong.get_text() == "Home.":
            said = copy(paragraph)
            said.strong.decompose()
            titles = "".join(f"<li>{one.get_text()}</li>" for one in said.select("em"))
            text = f'<ul>{titles}</ul><p><a href="{page.file.split("/")[-1]}">The page</a></p>'
            yield SLIDE.format(
                classes="", level="h2", title="At home", said=text, shown="", notes=""
            )


def copy_reveal(app: Sphinx, exception: Exception | None) -> None:
    """Put what the slides load beside the site's own files, before its one sheet is written."""
    if exception or not is_site(app) or not editions.is_instructors():
        return
    static = Path(app.outdir, "_static")
    (static / "reveal").mkdir(exist_ok=True)
    with as_file(files("sphinx_revealjs") / "_static" / "revealjs") as package:
        for name in SCRIPTS:
            shutil.copyfile(package / name, static / "reveal" / Path(name).name)
        sheet = (package / SHEET).read_text("utf-8") + STYLE.read_text("utf-8")
    (static / "reveal" / STYLE.name).write_text(sheet, "utf-8")


def setup(app: Sphinx) -> None:
    app.add_directive(CLASS, Slide)
    changed_by(app, make_lecture)
    app.connect("build-finished", copy_reveal)
