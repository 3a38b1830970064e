"""Code keeps its colours with half of the marks."""

import pytest
import yaml
from bs4 import BeautifulSoup
from PIL import ImageColor
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES

from tests.site.conftest import CHAPTER
from tools.book import ROOT
from tools.site import code


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
