"""Print the whole book as one PDF and link it from the site, ``make pdf``, or one page of it.

The articles of the built pages are joined into one document, in the order of the
contents, with a title page and a table of contents before them and the solutions of the
exercises behind. Chromium prints it, without scripts and without a network.

``PAGE=pulse_cnn`` prints that page alone. An exercise whose solution the edition keeps back has
room for an answer, and so ``make handout PAGE=pulse_cnn`` is what students are given.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from posixpath import dirname, normpath
from tempfile import TemporaryDirectory

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from tools import book, browser, editions
from tools.site import footer
from tools.site.lists import LISTS
from tools.site.search_engines import site_address
from tools.site.status import STATUS

SITE = editions.site()
STYLE = Path(__file__).with_suffix(".css")
# What an A4 page has room for beside the margins of the style sheet, in CSS pixels.
WIDTH, HEIGHT = (round(millimetres * 96 / 25.4) for millimetres in (174, 257))
ON_THE_COVER = ("title", "subtitle", "author", "term")
# Folded code draws, or imports: the figure is on the paper.
ON_SCREEN_ONLY = "script, button, .headerlink, .d-print-none, .invitation, details.hide"

FRAME = """<!DOCTYPE html>
<html lang="en-GB" data-theme="light" data-mode="light">
<head><meta charset="utf-8"><base href="{base}/"><title>{title}</title>
{sheets}<style>{style}</style></head>
<body><main>
{front}
{chapters}
</main></body></html>
"""
COVER = """<section class="cover"><p class="book-title">{title}</p>
<p>{subtitle}</p>
<p>{author}</p><p>{term}</p><p>{address}</p><p>Printed on {today}</p><div>{licence}</div></section>
<section class="contents"><h1>Contents</h1>{contents}</section>"""
HEAD = """<p class="whose"><span>{name} · {author}</span><span>Name:</span></p>"""
ROOM = '<div class="room"><p>Your answer:</p></div>'
RUNNING_HEAD = "@page {name} {{ @top-left {{ content: {title} }} }} #{name} {{ page: {name} }}\n"
FILL_PAGE_NUMBERS = """pages => document.querySelectorAll('[data-page-of]').forEach(
    place => place.textContent = pages[place.dataset.pageOf] ?? '000')"""
# A formula or a table that is wider than the page is set smaller, as a typesetter would.
SHRINK = """() => document.querySelectorAll('div.math, table').forEach(part => {
    const inner = part.querySelector('math') ?? part;
    const outer = part.matches('table') ? part.parentElement : part;
    for (let size = 0.95; inner.scrollWidth > outer.clientWidth && size > 0.4; size -= 0.05)
        part.style.fontSize = `${size}em`;
})"""
WAIT_UNTIL_LOADED = """() => Promise.all([document.fonts.ready,
    ...[...document.images].map(image => image.decode())])"""


@dataclass
class Chapter:
    """A page of the site, or what is made for the book alone, and the part it belongs to."""

    name: str
    part: str
    content: Tag

    @property
    def identifier(self) -> str:
        """Return what stands for the page in the book, and before each of its identifiers."""
        return re.sub(r"\W", "-", self.name.removeprefix("chapters/"))

    @property
    def title(self) -> str:
        return text_of(self.content.h1)

    @property
    def section(self) -> str:
        """Return the page as the section of the book that begins on a new sheet."""
        inside = f'<article class="bd-article">{self.content.decode_contents()}</article>'
        return f'<section class="page" id="{self.identifier}">{inside}</section>'


def text_of(element: Tag) -> str:
    return " ".join(element.get_text().split())


def read_chapters(site: Path) -> list[Chapter]:
    """Return the pages of the contents, and then the lists that the site makes of them."""
    pages = [(name, part.caption) for part in book.parts() for name in part.pages]
    last = pages[-1][1]
    pages = [(book.first_page(), ""), *pages, (LISTS, last), (STATUS, last)]
    return [Chapter(name, part, article(site / f"{name}.html")) for name, part in pages]


def article(path: Path) -> Tag:
    """Return the text of a page, without what is of use on a screen alone."""
    content = parsed(path.read_text("utf-8")).article
    for element in content.select(ON_SCREEN_ONLY):
        element.decompose()
    for image in content.select("img[loading]"):
        del image["loading"]
    # On paper a question is asked, and not answered.
    for details in content.select(".question details"):
        answer = details.summary.extract()
        answer.name = "p"
        details.replace_with(answer)
    for details in content("details"):
        details["open"] = ""
    return content


def parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def join(chapters: list[Chapter]) -> None:
    """Let identifiers, links and sources of all chapters hold in one document."""
    names = {f"{chapter.name}.html": chapter.identifier for chapter in chapters}
    for chapter in chapters:
        make_identifiers_unique(chapter)
    known = {element["id"] for chapter in chapters for element in chapter.content(id=True)}
    for chapter in chapters:
        folder = dirname(chapter.name)
        for image in chapter.content.select("img[src]"):
            image["src"] = normpath(f"{folder}/{image['src']}").lstrip("/")
        for link in chapter.content.select("a[href]"):
            lead_to_the_book(link, chapter, names, known)


def make_identifiers_unique(chapter: Chapter) -> None:
    """Prefix a page's identifiers with its name, and keep the first of equal ones."""
    seen = set()
    for element in chapter.content(id=True):
        identifier = f"{chapter.identifier}--{element.attrs.pop('id')}"
        if identifier not in seen:
            element["id"] = identifier
        seen.add(identifier)


def lead_to_the_book(link: Tag, chapter: Chapter, names: dict[str, str], known: set[str]) -> None:
    """Turn a link to another page into one inside the book, or to the published site."""
    href = link["href"]
    if re.match(r"[a-z]+:", href):
        return
    path, _, anchor = href.partition("#")
    page = normpath(f"{dirname(chapter.name)}/{path}").lstrip("/") if path else ""
    identifier = names.get(page or f"{chapter.name}.html")
    if identifier:
        inside = f"{identifier}--{anchor}"
        link["href"] = f"#{inside if inside in known else identifier}"
    elif site_address():
        link["href"] = site_address() + page
    else:
        link.unwrap()


def take_out_solutions(chapters: list[Chapter]) -> Iterator[Chapter]:
    """Move the solutions behind the last chapter, and say in the exercise where they are."""
    soup = parsed("<div><h1>Solutions to the exercises</h1></div>")
    for chapter in chapters:
        solutions = chapter.content.select(".solution[id]")
        if solutions:
            soup.div.append(parsed(f"<h2>{escape(chapter.title)}</h2>"))
        for solution in solutions:
            exercise = chapter.content.find(id=solution.a["href"].removeprefix("#"))
            link = f'<a href="#{solution["id"]}">Solution: page {number_of(solution["id"])}</a>'
            exercise.append(parsed(f'<p class="see">{link}</p>'))
            soup.div.append(solution.extract())
    if soup.select(".solution"):
        yield Chapter("solutions", chapters[-1].part, soup.div)


def number_of(identifier: str) -> str:
    """Return the place for the number of the page on which an element stands."""
    return f'<span data-page-of="{identifier}"></span>'


def table_of_contents(chapters: list[Chapter]) -> str:
    lines, part = [], ""
    for chapter in chapters:
        if chapter.part != part:
            part = chapter.part
            lines.append(f'<p class="part">{escape(part)}</p>')
        lines.append(line("chapter", chapter.identifier, chapter.title))
        for section in chapter.content.select("section[id] > h2"):
            lines.append(line("section", section.parent["id"], text_of(section)))
    return "\n".join(lines)


def line(kind: str, identifier: str, title: str) -> str:
    link = f'<a href="#{identifier}">{escape(title)}</a>'
    return f'<p class="{kind}">{link}<span class="dots"></span>{number_of(identifier)}</p>'


def number_entries(lists: Tag) -> None:
    """Say in the lists of figures and exercises on which page each of them stands."""
    for link in lists.select("li > a:first-child"):
        link.parent.append(parsed(f", page {number_of(link['href'].removeprefix('#'))}"))


def document(site: Path, page: str = "") -> str:
    """Return the book, or one page, as HTML, its numbers of pages still to be filled in."""
    chapters = [Chapter(page, "", article(site / f"{page}.html"))] if page else read_chapters(site)
    join(chapters)
    for chapter in chapters:
        give_room(chapter)
    chapters += take_out_solutions(chapters)
    for chapter in chapters:
        if chapter.name == LISTS:
            number_entries(chapter.content)
    if page:
        chapters[0].content.insert(0, parsed(head()))
    return frame(site, chapters, "" if page else cover(chapters))


def give_room(chapter: Chapter) -> None:
    """Leave room for an answer below each exercise whose solution is kept back."""
    for exercise in chapter.content.select(".exercise[id]"):
        if not editions.shows_solution(exercise["id"].rpartition("--")[2]):
            exercise.append(parsed(ROOM))


def head() -> str:
    author = escape(str(book.setting("author", "")))
    return HEAD.format(name=escape(book.name()), author=author)


def cover(chapters: list[Chapter]) -> str:
    return COVER.format(
        **{key: escape(str(book.setting(key, ""))) for key in ON_THE_COVER},
        address=site_address(),
        today=f"{date.today():%-d %B %Y}",
        licence=book.setting("html.extra_footer", ""),
        contents=table_of_contents(chapters),
    )


def frame(site: Path, chapters: list[Chapter], front: str) -> str:
    """Return what is printed: chapters behind what stands in front, with the site's sheets."""
    first = parsed((site / "index.html").read_text("utf-8"))
    style = STYLE.read_text("utf-8") + "".join(
        RUNNING_HEAD.format(name=chapter.identifier, title=json.dumps(chapter.title))
        for chapter in chapters
    )
    return FRAME.format(
        base=site.resolve().as_uri(),
        title=escape(book.name()),
        sheets="".join(map(str, first.select("link[rel=stylesheet]"))),
        style=style,
        front=front,
        chapters="\n".join(chapter.section for chapter in chapters),
    )


def lay_out(tab: Tab, path: Path, numbers: dict[str, int]) -> None:
    """Open the book as it will be printed, with the numbers of pages that are known."""
    tab.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    tab.emulate_media(media="print", color_scheme="light")
    tab.goto(path.as_uri())
    tab.evaluate(FILL_PAGE_NUMBERS, numbers)
    tab.evaluate(WAIT_UNTIL_LOADED)
    tab.evaluate(SHRINK)


def page_numbers(reader: PdfReader) -> dict[str, int]:
    """Return the page of each element of the book that a link leads to."""
    return {
        name.removeprefix("/"): reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }


def write(site: Path, target: Path, chromium, page: str = "") -> int:
    """Print the book, or one page of it, to a file and return how many sheets it has.

    The first print tells the numbers of the pages. It cannot be printed again as it is:
    Chromium breaks some pages elsewhere when it prints a document for the second time.
    """
    with TemporaryDirectory() as folder, chromium.new_context() as context:
        tab, path, draft = context.new_page(), Path(folder, "book.html"), Path(folder, "draft.pdf")
        path.write_text(document(site, page), "utf-8")
        options = {"prefer_css_page_size": True, "print_background": True}
        lay_out(tab, path, {})
        tab.pdf(path=draft, **options)
        lay_out(tab, path, page_numbers(PdfReader(draft)))
        # The tags let a screen reader read the book.
        tab.pdf(path=target, outline=True, tagged=True, **options)
        return len(PdfReader(target).pages)


def main() -> None:
    browser.ensure_chromium()
    path, page = browser.chromium(), editions.chosen_page()
    file = SITE / f"{page}.pdf" if page else target()
    print(f"Printing {page or 'the book'} …")
    with sync_playwright() as playwright, browser.launch(playwright.chromium, path) as chromium:
        sheets = write(SITE, file, chromium, page)
    if page:
        print(f"The PDF of {sheets} sheets is ready: {os.path.relpath(file)}")
        return
    footer.show_pdf(SITE)
    # The pages, which link to it only now, are no newer than it.
    file.touch()
    print(f"The PDF of {sheets} pages is ready; the site links to it: {os.path.relpath(file)}")


def target() -> Path:
    """Return where the printed book stands in the site."""
    return footer.pdf(SITE, str(book.setting("title")))


if __name__ == "__main__":
    main()
