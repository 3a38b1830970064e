"""Every link leads to something, old addresses too, and what is looked for is found."""

import posixpath
import re
from pathlib import Path

import pytest

from tests.published import CHAPTERS, MOVED
from tests.site.conftest import SITE, parsed
from tests.site.test_pages import ALL_PAGES
from tools import book

# What was published and may be linked to: a page that moves leaves a redirect.
ADDRESSES = ["404", "index", "lists", "search", "status"]


@pytest.mark.parametrize("name", ALL_PAGES)
def test_every_link_inside_the_site_leads_to_something(name):
    """To a page or a file that is there, and to a part of it that has the name."""
    for link in parsed(name).select("a[href], link[href], img[src], script[src]"):
        href = link.get("href", link.get("src"))
        if not re.match(r"[a-z]+:", href) and not link.find_parent(hidden=True):
            path, _, anchor = href.partition("#")
            path = posixpath.normpath(Path(name).parent / path.split("?")[0]) if path else name
            assert (SITE / path).exists(), href
            if anchor and path.endswith(".html"):
                assert parsed(path).find(id=anchor), href


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_that_the_book_makes_itself_keeps_its_address(name):
    assert (SITE / f"{name}.html").exists()


@pytest.mark.ours
@pytest.mark.parametrize("name", ["intro", *(f"chapters/{name}" for name in CHAPTERS)])
def test_a_chapter_that_was_published_keeps_its_address(name):
    """A chapter may leave the contents, but is not renamed without a redirect."""
    redirects = book.setting("sphinx.config.redirects", {})
    assert book.source(name).exists() or name in redirects, (
        f"{name}.md is gone: say under `redirects` in _config.yml where readers find it now"
    )
    assert (SITE / f"{name}.html").exists() or name not in {*book.pages(), *redirects}


@pytest.mark.ours
@pytest.mark.parametrize("name", MOVED)
def test_a_section_that_moved_keeps_its_address(name):
    page = parsed(f"chapters/{name}.html")
    assert [anchor for anchor in MOVED[name] if not page.find(id=anchor)] == []


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_search_works_without_a_network(chromium, site_address, scheme):
    name = book.pages()[0]
    word = max(parsed(f"{name}.html").h1.find(string=True, recursive=False).split(), key=len)
    start = f"{SITE.as_uri()}/" if scheme == "file" else site_address
    with chromium.new_context() as context:
        page, problems = context.new_page(), []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{start}search.html?q={word}")
        page.wait_for_selector(f"#search-results li a[href*='{name}']")
        assert problems == []
