"""A reader, a search engine and an old link find what they look for."""

import json
import posixpath
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.site.conftest import SITE
from tests.site.test_pages import ALL_PAGES, PAGES
from tools import book
from tools.site import findable
from tools.site.pages import Page

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SLUGS = json.loads(Path(__file__).with_name("slugs.json").read_text("utf-8"))
CHAPTERS = [name for name in PAGES if "Executed on" in (SITE / name).read_text("utf-8")]


@cache
def parsed(name):
    return BeautifulSoup((SITE / name).read_text("utf-8"), "html.parser")


@dataclass
class Builder:
    name: str = "html"


class App:
    """As much of Sphinx's application as the step needs, with a site of three pages."""

    def __init__(self, folder):
        self.outdir = self.doctreedir = folder
        self.builder = Builder()
        redirects = {"chapters/old": "chapters/one"}
        self.config = SimpleNamespace(
            root_doc="intro", html_title="A Book", site_redirects=redirects
        )
        for name in ("intro", "chapters/one", "404", "search", "genindex"):
            (folder / f"{name}.html").parent.mkdir(exist_ok=True)
            (folder / f"{name}.html").write_text(f"<html><body>{name}</body></html>")


@pytest.fixture
def app(tmp_path):
    return App(tmp_path)


@pytest.fixture
def published(monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "Someone/book")
    return "https://someone.github.io/book/"


def described(app, name):
    html = "<html><head></head><body><article><h1>A title</h1></article></body></html>"
    page = Page(app, name, BeautifulSoup(html, "html.parser"))
    findable.describe_page(page)
    return page.soup.head


@pytest.mark.parametrize(
    ("name", "address"), [("intro", ""), ("chapters/one", "chapters/one.html")]
)
def test_a_published_page_names_its_one_address(app, published, name, address):
    head = described(app, name)
    assert [link["href"] for link in head("link", rel="canonical")] == [published + address]
    assert head.find("meta", property="og:url")["content"] == published + address
    picture = head.find("meta", property="og:image")["content"]
    assert (app.outdir / picture.removeprefix(published)).exists()


def test_the_page_for_what_is_missing_has_no_address_of_its_own(app, published):
    head = described(app, findable.MISSING)
    assert not head("link", rel="canonical")
    assert not head("meta", property="og:url")


def test_a_missing_page_of_any_depth_finds_its_sheets(app, published, chromium):
    html = f"<html>{described(app, '404')}<body><a href='index.html'>first page</a></body></html>"
    with chromium.new_context() as context:
        context.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page = context.new_page()
        for address, base in (
            (f"{published}deep/down/gone.html", published),
            ("http://127.0.0.1/404.html", "http://127.0.0.1/"),
        ):
            page.goto(address)
            assert page.locator("a").evaluate("link => link.href") == f"{base}index.html"


def test_the_map_lists_each_page_once_under_its_one_address(app, published):
    findable.write_for_engines(app, None)
    root = ElementTree.parse(app.outdir / "sitemap.xml").getroot()
    assert [entry.text for entry in root.iter(f"{SITEMAP}loc")] == [
        f"{published}chapters/one.html",
        published,
    ]
    assert f"Sitemap: {published}sitemap.xml" in (app.outdir / "robots.txt").read_text()


def test_an_address_that_nobody_has_is_named_nowhere(app, published, monkeypatch):
    findable.write_for_engines(app, None)
    monkeypatch.setenv("GITHUB_REPOSITORY", "your--name/deep-learning")
    findable.write_for_engines(app, None)
    assert not (app.outdir / "sitemap.xml").exists()
    assert (app.outdir / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    assert not described(app, "chapters/one")("link", rel="canonical")


def test_a_page_that_moved_leads_to_its_new_address(app):
    findable.write_for_engines(app, None)
    moved = BeautifulSoup((app.outdir / "chapters/old.html").read_text(), "html.parser")
    assert moved.body.a["href"] == "one.html"
    assert moved.find("meta", attrs={"http-equiv": "refresh"})["content"] == "0; url=one.html"


@pytest.mark.parametrize("name", ALL_PAGES)
def test_every_link_inside_the_site_leads_to_something(name):
    """To a page or a file that is there, and to a part of it that has the name."""
    for link in parsed(name).select("a[href], link[href], img[src], script[src]"):
        href = link.get("href", link.get("src"))
        if not re.match(r"[a-z]+:", href):
            path, _, anchor = href.partition("#")
            path = posixpath.normpath(Path(name).parent / path.split("?")[0]) if path else name
            assert (SITE / path).exists(), href
            if anchor and path.endswith(".html"):
                assert parsed(path).find(id=anchor), href


def test_the_first_page_leads_to_the_lists_and_to_the_status():
    links = {link["href"] for link in parsed("intro.html").select("article a[href]")}
    assert {"lists.html", "status.html"} <= links


@pytest.mark.parametrize("slug", SLUGS)
def test_an_address_that_was_published_stays(slug):
    """A page that moves leaves a redirect, ``site_redirects`` in _config.yml."""
    assert (SITE / f"{slug}.html").exists()


def test_every_page_is_in_the_list_of_addresses():
    assert {name.removesuffix(".html") for name in ALL_PAGES} - {"genindex"} <= set(SLUGS)


@pytest.mark.parametrize("name", ALL_PAGES)
def test_a_link_to_a_page_shows_what_it_is(name):
    head = parsed(name).head
    content = {
        meta.get("name") or meta.get("property"): meta.get("content") for meta in head("meta")
    }
    assert 30 <= len(content["description"]) <= 200
    assert content["og:title"]
    assert content["og:description"] == content["description"][: findable.LONGEST_DESCRIPTION]
    picture = content["og:image"]
    published = findable.site_address()
    if published:
        assert picture.startswith(published)
        picture = SITE / picture.removeprefix(published)
    with Image.open((SITE / name).parent / picture) as picture:
        assert picture.size == findable.PICTURE_SIZE


def test_titles_and_descriptions_differ():
    heads = [parsed(name).head for name in PAGES]
    for values in (
        [head.title.string for head in heads],
        [head.find("meta", attrs={"name": "description"})["content"] for head in heads],
    ):
        assert len(set(values)) == len(values)


def test_a_placeholder_is_no_address():
    """While nobody has made the book theirs, no page claims to live anywhere."""
    if book.is_placeholder():
        assert not parsed("intro.html").select("link[rel=canonical]")
        assert not (SITE / "sitemap.xml").exists()
    else:
        canonical = parsed("intro.html").select_one("link[rel=canonical]")["href"]
        assert canonical == book.site_url()
    assert (SITE / "robots.txt").read_text().startswith("User-agent: *\nAllow: /")


def test_a_missing_page_says_where_to_go(chromium, site_address):
    with chromium.new_context() as context:
        page = context.new_page()
        assert page.goto(site_address + "no-such-page.html").status == 404
        page.get_by_role("link", name="first page").click()
        assert "Deep Learning" in page.locator("h1").first.inner_text()


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_search_works_without_a_network(chromium, site_address, scheme):
    start = (SITE / "intro.html").as_uri() if scheme == "file" else site_address + "intro.html"
    with chromium.new_context() as context:
        page, problems = context.new_page(), []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(start.replace("intro.html", "search.html") + "?q=waveform")
        page.wait_for_selector("#search-results li")
        found = page.locator("#search-results li a").first
        assert "derivative_kernels" in found.get_attribute("href")
        assert problems == []


def test_first_uses_lead_to_the_glossary():
    page = parsed("chapters/derivative_kernels.html")
    links = [link["href"] for link in page.select("article a.term")]
    assert links
    assert len(set(links)) == len(links), "a term is linked twice"
    terms = {term["id"] for term in parsed("chapters/glossary.html").select("dl.glossary dt[id]")}
    assert {link.split("#")[1] for link in links} <= terms


def test_a_card_is_one_link():
    cards = parsed("index.html").select(".sd-card")
    assert cards
    assert all(len(card("a")) == 1 for card in cards)


def test_figures_and_exercises_are_listed():
    """Each link of the index leads to what it names."""
    links = parsed("lists.html").select("article li > a:first-child")
    assert {link.get_text().split()[0] for link in links} == {"Fig.", "Exercise"}
    for link in links:
        name, identifier = link["href"].split("#")
        assert parsed(name).find(id=identifier), link["href"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_tells_how_it_was_executed(name):
    note = parsed(name).select_one(".execution").get_text()
    assert re.search(r"Executed on \d+ \w+ 20\d\d in \d+\ss, with Python 3\.\d+\.\d+, .*\d", note)


def test_the_status_page_lists_every_execution():
    rows = parsed("status.html").select("tbody tr")
    assert [row.a["href"] for row in rows]
    assert {row.a["href"] for row in rows} == set(CHAPTERS)
