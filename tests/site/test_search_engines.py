"""Search engines and chats learn a page's address and what it is; a small book shows both."""

import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.site.conftest import SITE, parsed
from tests.site.test_pages import PAGES
from tools import book
from tools.book import ROOT

CONFIGURATION = f"""
extensions = [
    "myst_parser", "sphinxext.opengraph", "tools.site.pages", "tools.site.search_engines"
]
root_doc = "intro"
html_title = "A Book"
ogp_social_cards = {{"image_mini": "{ROOT}/chapters/figures/favicon.png"}}
"""
PAGE = """---
myst:
  html_meta:
    description: What {name} says.
---
# {name}
"""
CONTENTS = """
```{toctree}
chapters/one
```
"""


def small_book(folder, address):
    """Build a book of two pages that somebody publishes at an address; return its site."""
    (folder / "chapters").mkdir()
    (folder / "conf.py").write_text(CONFIGURATION)
    for name, below in (("intro", CONTENTS), ("chapters/one", "")):
        (folder / f"{name}.md").write_text(PAGE.format(name=name) + below)
    environment = os.environ | {"GITHUB_REPOSITORY": address, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "sphinx", "-q", "-W", folder, folder / "site"]
    subprocess.run(command, env=environment, check=True)
    return folder / "site"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return small_book(tmp_path_factory.mktemp("published"), "Someone/book")


ADDRESS = book.site_url("https://github.com/Someone/book")


def head(site, name):
    return BeautifulSoup((site / f"{name}.html").read_text(), "html.parser").head


@pytest.mark.parametrize(
    ("name", "address"),
    [("intro", ADDRESS), ("index", ADDRESS), ("chapters/one", f"{ADDRESS}chapters/one.html")],
)
def test_a_published_page_names_its_one_address_and_shows_what_it_is(published, name, address):
    of_page = head(published, name)
    properties = {meta["property"]: meta["content"] for meta in of_page("meta", property=True)}
    assert [link["href"] for link in of_page("link", rel="canonical")] == [address]
    assert properties["og:url"] == address
    assert properties["og:description"] == f"What {name.replace('index', 'intro')} says."
    with Image.open(published / properties["og:image"].removeprefix(ADDRESS)) as picture:
        assert picture.width > 1000


def test_a_missing_page_of_any_depth_finds_the_others(published, chromium):
    """It has no address of its own, and its links start at the site's root."""
    assert not head(published, "404")("link", rel="canonical")
    html = (published / "404.html").read_text()
    with chromium.new_context() as context:
        context.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page = context.new_page()
        for address, base in (
            (f"{ADDRESS}deep/down/gone.html", ADDRESS),
            ("http://127.0.0.1/404.html", "http://127.0.0.1/"),
        ):
            page.goto(address)
            link = page.get_by_role("link", name="first page")
            assert link.evaluate("link => link.href") == f"{base}index.html"


def test_the_map_lists_each_page_once_under_its_one_address(published):
    root = ElementTree.parse(published / "sitemap.xml").getroot()
    listed = [entry.text.removeprefix(ADDRESS) for entry in root.findall(".//{*}loc")]
    assert listed == ["", "chapters/one.html", "lists.html", "status.html"]
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (published / "robots.txt").read_text()


def test_while_nobody_has_made_the_book_theirs_no_page_claims_to_live_anywhere(tmp_path):
    unpublished = small_book(tmp_path, "your--name/deep-learning")
    assert not head(unpublished, "intro").select("link[rel=canonical], meta[property^=og]")
    assert not (unpublished / "sitemap.xml").exists()
    assert (unpublished / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"


def test_titles_and_descriptions_differ():
    heads = [parsed(name).head for name in PAGES]
    descriptions = {head.select_one("meta[name=description]")["content"] for head in heads}
    assert all(30 <= len(description) <= 200 for description in descriptions)
    assert len({head.title.string for head in heads}) == len(descriptions) == len(PAGES)


def test_the_first_page_s_title_is_that_of_the_book():
    assert parsed("index.html").title.string == book.configuration()["title"]
    assert (SITE / "index.html").read_text() == (SITE / f"{book.first_page()}.html").read_text()
