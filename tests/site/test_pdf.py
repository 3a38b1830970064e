"""The book as PDF: complete, with page numbers and links that lead somewhere, and not cut off."""

import re
from functools import cache
from unicodedata import normalize

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from tests.site.conftest import SITE
from tools import editions
from tools.site import pdf

SHOWN = editions.shown_solutions()
SOLUTIONS = ["Solutions to the exercises"] if SHOWN else []


class Book:
    """The printed book; its text is read a page at a time, since that is slow."""

    def __init__(self, path):
        self.reader = PdfReader(path)
        self.length = len(self.reader.pages)
        self.numbers = pdf.page_numbers(self.reader)

    @cache  # noqa: B019
    def text(self, number):
        """Return the text of a page without its ligatures, on one line."""
        text = self.reader.pages[number - 1].extract_text()
        return " ".join(normalize("NFKC", text).split())


@pytest.fixture(scope="session")
def book(chromium, tmp_path_factory):
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    pdf.write(SITE, target, chromium)
    return Book(target)


@pytest.fixture(scope="module")
def source():
    return BeautifulSoup(pdf.document(SITE), "html.parser")


def test_the_contents_name_every_page_of_the_book(source):
    titles = [pdf.text_of(line.a) for line in source.select(".contents .chapter")]
    assert titles == [chapter.title for chapter in pdf.read_chapters(SITE)] + SOLUTIONS


def test_the_contents_give_each_title_the_page_on_which_it_stands(book, source):
    contents = " ".join(map(book.text, range(1, book.numbers[source.select_one(".page")["id"]])))
    for line in source.select(".contents p:is(.chapter, .section)"):
        number = book.numbers[line.a["href"].removeprefix("#")]
        assert f"{pdf.text_of(line.a)} {number}" in contents
    for link in source.select(".contents .chapter a"):
        assert pdf.text_of(link) in book.text(book.numbers[link["href"].removeprefix("#")])


def test_the_cover_gives_the_address_of_the_site_as_it_is_written(book):
    assert pdf.site_address() in book.text(1)


def test_every_page_but_the_title_has_its_number(book):
    """Each tenth page stands for all."""
    assert not re.search(r"\b1$|^1\b", book.text(1))
    for number in [*range(2, book.length, 10), book.length]:
        assert re.search(rf"(^|\D){number}(\D|$)", book.text(number)), f"page {number}"


def test_every_link_leads_to_a_place_in_the_book_or_to_the_web(book):
    links = [note.get_object() for page in book.reader.pages for note in page.get("/Annots", [])]
    inside = [link["/Dest"] for link in links if "/Dest" in link]
    outside = [link["/A"]["/URI"] for link in links if "/A" in link]
    assert len(inside) + len(outside) == len(links)
    assert {name.removeprefix("/") for name in inside} <= set(book.numbers)
    assert all(re.match(r"https?://|mailto:", address) for address in outside)


def titles(outline):
    for entry in outline:
        yield from titles(entry) if isinstance(entry, list) else [" ".join(entry.title.split())]


def test_the_outline_lists_every_heading_once(book, source):
    headings = [pdf.text_of(heading) for heading in source.select("h1, h2, h3, h4, h5, h6")]
    assert list(titles(book.reader.outline)) == headings


def test_each_exercise_says_where_its_solution_is(book, source):
    """The first of each chapter stands for its others, in the text of the pages."""
    solutions = {solution["id"] for solution in source.select("#solutions .solution")}
    assert len(solutions) == len(source.select(".solution")) == len(SHOWN)
    for chapter in source.select(".page:has(.see)"):
        exercises = [one for one in chapter.select(".exercise") if one.select_one(".see")]
        targets = [one.select_one(".see a")["href"].removeprefix("#") for one in exercises]
        assert set(targets) <= solutions
        says = f"Solution: page {book.numbers[targets[0]]}"
        page = book.numbers[exercises[0]["id"]]
        assert says in book.text(page) + book.text(page + 1)


def test_the_book_is_light_and_shows_all_of_it(chromium, tmp_path):
    path = tmp_path / "book.html"
    path.write_text(pdf.document(SITE))
    with chromium.new_context() as context:
        tab = context.new_page()
        pdf.lay_out(tab, path, {})
        ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        wrong = tab.evaluate(
            """() => {
                const found = (where, is_wrong) => [...document.querySelectorAll(where)]
                    .filter(is_wrong).map(one => one.outerHTML.slice(0, 200));
                return {
                    missing: found('img', one => one.naturalWidth == 0),
                    hidden: found('article :is(div > p, pre, img:not(.only-dark), math)',
                                  one => !one.checkVisibility()),
                    wide: found('pre, table, img, math, p', one =>
                        one.getBoundingClientRect().right > innerWidth + 1
                        || one.matches('pre') && one.scrollWidth > one.clientWidth),
                    useless: found('article :is(script, button)', one => true),
                };
            }"""
        )
    assert not any(wrong.values()), wrong
    assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


def chapter(name, html):
    return pdf.Chapter(name, "Part", BeautifulSoup(f"<article>{html}</article>", "html.parser"))


def test_links_lead_inside_the_book_identifiers_become_unique_and_pictures_are_found():
    one = chapter(
        "chapters/one",
        '<h1 id="top">One</h1><a href="#top">a</a><a href="two.html#top">b</a>'
        '<a href="../status.html">c</a><a href="two.html#gone">d</a><p id="x"></p><p id="x"></p>'
        '<a href="https://example.org/">e</a><img src="../_images/f.svg">',
    )
    two, status = chapter("chapters/two", '<h1 id="top">Two</h1>'), chapter("status", "<h1>S</h1>")
    pdf.join([one, two, status])
    links = ["#one--top", "#two--top", "#status", "#two", "https://example.org/"]
    assert [link["href"] for link in one.content("a")] == links
    assert [element["id"] for element in one.content(id=True)] == ["one--top", "one--x"]
    assert one.content.img["src"] == "_images/f.svg"


def test_a_link_to_what_is_not_in_the_book_leads_to_the_site_or_is_text(monkeypatch):
    for address, expected in ("https://someone.github.io/book/", ["search.html"]), ("", []):
        monkeypatch.setattr(pdf, "site_address", lambda address=address: address)
        page = chapter("chapters/one", '<h1>One</h1><a href="../search.html">search</a>')
        pdf.join([page])
        assert [link["href"].removeprefix(address) for link in page.content("a")] == expected
        assert "search" in page.content.get_text()
