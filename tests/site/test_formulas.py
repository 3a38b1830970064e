"""Formulas are MathML that browsers draw as TeX means it, with the letters of the book's font."""

import re

import pytest
from fontTools.ttLib import TTFont
from sphinx.testing.util import SphinxTestApp

from tests.site.conftest import SITE, parsed
from tests.site.test_pages import PAGES
from tools.site.formulas import FONT, converted

CHAPTERS = [name.removesuffix(".html") for name in PAGES if name.startswith("chapters/")]
LEAF = re.compile(r"<(?:mi|mn|mo|mtext)\b[^>]*>[^<]*</\w+>")


def test_each_letter_of_each_formula_is_in_the_font(open_page):
    leaves = {leaf for page in PAGES for leaf in LEAF.findall((SITE / page).read_text("utf-8"))}
    page = open_page("index")
    page.eval_on_selector(
        "article", "(one, html) => { one.innerHTML = html }", f"<math>{''.join(leaves)}</math>"
    )
    page.evaluate("document.fonts.ready")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    drawn = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "article math > *"})
    assert len(drawn["nodeIds"]) == len(leaves) > 100
    fonts = [
        (font["familyName"], font["isCustomFont"])
        for node in drawn["nodeIds"]
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    ]
    assert set(fonts) == {("STIX Two Math", True)}


def test_the_font_says_who_made_it_and_under_which_licence():
    with TTFont(SITE / FONT) as font:
        assert "STIX Fonts Project Authors" in font["name"].getDebugName(0)
        assert "SIL Open Font License" in font["name"].getDebugName(13)


@pytest.mark.parametrize("name", CHAPTERS)
def test_equations_are_numbered_and_linked(name):
    soup = parsed(f"{name}.html")
    numbers = soup.select("article .eqno")
    chapter = soup.title.get_text().split(".")[0]
    texts = [number.get_text().split(")")[0] for number in numbers]
    assert texts == [f"({chapter}.{count}" for count in range(1, len(numbers) + 1)]
    for number in numbers:
        assert number.a["href"] == f"#{number.parent['id']}"


@pytest.mark.parametrize(
    ("tex", "complaint"),
    [
        (r"\undefined", r"\\undefined"),
        (r"\frac{1", "end of input"),
        (r"\boxed{x}", "frame"),
        (r"a \\ b", "aligned"),
        ("a\n\nb", "aligned"),
    ],
)
def test_what_would_be_drawn_wrong_is_refused(tex, complaint):
    with pytest.raises(ValueError, match=complaint):
        converted(tex, display=True)


def test_only_sphinx_numbers_equations():
    assert "(1)" not in converted(r"\begin{align} a &= b \end{align}", display=True)


def test_a_formula_that_is_refused_is_named_by_file_and_line(tmp_path):
    (tmp_path / "conf.py").touch()
    (tmp_path / "index.rst").write_text("Title\n=====\n\nText.\n\n:math:`\\undefined` is none.\n")
    extensions = ["tools.site.pages", "tools.site.formulas"]
    app = SphinxTestApp("html", tmp_path, confoverrides={"extensions": extensions})
    app.build()
    app.cleanup()
    assert re.search(r"index\.rst:6: WARNING: .*undefined", app.warning.getvalue())
