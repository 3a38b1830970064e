"""Code is folded under a name, and keeps its colours with half of the marks."""

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import ImageColor
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES

from tests.site.conftest import CHAPTER
from tools.book import ROOT
from tools.site import code
from tools.site.pages import Page

CELL = """<div class="cell"><details class="hide"><summary><p>Show</p><p>Hide</p></summary>
<pre>{code}</pre></details>{output}</div>"""
FIGURE = '<div class="cell_output"><span class="caption-number">Fig. 1.2 </span></div>'


@pytest.mark.parametrize(
    ("cell", "shown", "hidden"),
    [
        (("plt.plot(x)", FIGURE), "Show the code of Fig. 1.2", "Hide the code of Fig. 1.2"),
        (("import numpy", ""), "Show the imports", "Hide the imports"),
        (("def draw(axes):", ""), "Show how it is drawn", "Hide how it is drawn"),
    ],
)
def test_folded_code_has_a_name(cell, shown, hidden):
    soup = BeautifulSoup(CELL.format(code=cell[0], output=cell[1]), "html.parser")
    code.name_folds(Page(None, "chapters/page", soup))
    assert [line.get_text() for line in soup("p")] == [shown, hidden]


def test_nothing_is_left_of_a_cell_that_only_stores():
    html = '<div class="cell"><div class="cell_output"> </div></div>'
    soup = BeautifulSoup(f"<p>{html}</p><div class='cell'><pre>x</pre></div>", "html.parser")
    code.drop_empty_cells(Page(None, "chapters/page", soup))
    assert [part.name for part in soup(True)] == ["p", "div", "pre"]


def test_a_page_does_not_say_that_nobody_has_answered():
    html = '<div class="tag_answer"><div class="cell_output">{}</div></div>'
    texts = ("○ Not answered yet: replace the dots.", "✗ Not yet. Look again.")
    soup = BeautifulSoup("".join(map(html.format, texts)), "html.parser")
    code.drop_unanswered(Page(None, "chapters/page", soup))
    assert soup.get_text() == texts[1]


@pytest.mark.parametrize(
    ("marked", "simple"),
    [
        ('<span></span><span class="n">a</span><span class="p">,</span>', "a,"),
        ('<span class="o">=</span> <span class="o">=</span>', None),
        (
            '<span class="s2">"</span><span class="s2">a</span><span class="s2">"</span>',
            '<span class="s2">"a"</span>',
        ),
        ('<span class="s2">"</span><span class="si">{</span><span class="n">a</span>', None),
        ('<span class="hll"><span class="k">def</span></span><span class="hll">x</span>', None),
        ('<span class="n" id="line-1">a</span>', None),
    ],
)
def test_code_keeps_the_marks_that_change_something(marked, simple):
    tag = BeautifulSoup(f"<pre>{marked}</pre>", "html.parser").pre
    before = tag.get_text()
    code.simplify(tag)
    expected = simple or marked.replace('<span class="n">a</span>', "a")
    assert tag.decode_contents() == expected
    assert tag.get_text() == before


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_code_without_marks_has_the_colour_that_its_marks_had(chromium, site_address, theme):
    configuration = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    options = configuration["sphinx"]["config"]["html_theme_options"]
    style = get_style_by_name(options[f"pygments_{theme}_style"])
    classes = {short: kind for kind, short in STANDARD_TYPES.items()}
    colours = {style.style_for_token(classes[name])["color"] for name in code.PLAIN}
    with chromium.new_context(color_scheme=theme) as context:
        page = context.new_page()
        page.goto(f"{site_address}{CHAPTER}.html")
        shown = page.eval_on_selector(".cell_input pre", "code => getComputedStyle(code).color")
    assert [ImageColor.getrgb(f"#{colour}") for colour in colours] == [ImageColor.getrgb(shown)]
