"""The spelling of Markdown and of formulas, and what the checker finds in them."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import v4

from tools.notebooks import checker, maths, spelling

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(dollarmath_plugin)
PROSE = st.text(st.sampled_from("ab1 .)*_`$<>&;#+-=[](){}|\\~!^:/é"), max_size=30)


def shown(markdown: str) -> list[str]:
    return BeautifulSoup(PARSER.render(markdown), "html.parser").get_text().split()


@settings(deadline=None)
@given(PROSE)
def test_escaped_text_is_shown_as_it_was(text):
    row = f"| {spelling.escape(text, in_table=True)} | end |"
    assert shown(spelling.paragraph(spelling.escape(text))) == text.split()
    assert shown(f"| a | b |\n| --- | --- |\n{row}") == ["a", "b", *text.split(), "end"]


@settings(deadline=None)
@given(st.text(st.sampled_from("a `|\\*"), min_size=1, max_size=12).filter(str.strip))
def test_code_is_shown_as_it_was(text):
    assert shown(spelling.code(text)) == text.split()


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("a<b", r"a \lt b"), ("x % comment", "x"), (r"5\%", r"5\%"), ("a\n= b", "a = b")],
)
def test_formula_in_a_sentence(formula, expected):
    assert maths.inline(formula) == expected


@pytest.mark.parametrize(
    ("formula", "number", "expected"),
    [
        ("-x\n= 1", "", "$$ -x = 1\n$$"),
        ("x\n\ny", "", "$$\n\\begin{aligned}\nx \\\\\ny\n\\end{aligned}\n$$"),
        (r"\begin{equation}\label{a}x\end{equation}", "1", "$$\nx\n\\tag{1}\n$$"),
        (r"\begin{cases}x & y\end{cases}", "", "$$\n\\begin{cases}x & y\\end{cases}\n$$"),
    ],
)
def test_formula_on_lines_of_its_own(formula, number, expected):
    assert maths.display(formula, number) == expected
    assert list(checker.text_problems(expected)) == []


STUMBLES = {
    "directive": "```{note}\ntext\n```",
    "colons": ":::{note}\ntext\n:::",
    "role": "see {ref}`there`",
    "option": ":label: eq-one",
    "label": "(sec-one)=\n# Title",
    "comment": "% a comment",
    "block break": "+++",
    "substitution": "a {{ name }}",
    "footnote": "text[^1]",
    "HTML": "a <div>box</div>",
    "lone dollar": "costs 5$",
    "empty address": "[text]()",
    "relative link": "[text](other.md)",
    "anchor": "[text](#section)",
    "no text": "[](https://example.org)",
    "no alt text": "![](https://example.org/a.svg)",
    "relative image": "![text](figures/a.svg)",
    "attachment": "![text](attachment:a.png)",
    "drawing that Colab does not show": "![text](data:image/svg+xml;base64,AAAA)",
    "label of a formula": "$$\nx \\label{a}\n$$",
    "definition in a formula": r"$\newcommand{\R}{R}$",
    "unknown command": r"$\vect{x}$",
    "environment": "$$\\begin{align}x\\end{align}$$",
    "ampersand": "$$x &= 1$$",
    "line break": r"$$x \\ y$$",
    "less than": "$a<b$",
    "less than in text": r"$\text{if a \lt b}$",
    "braces": r"$\frac{1}{2$",
    "line that is a lone =": "$$\nx\n=\ny\n$$",
    "line like an item": "$$\nx\n+ y\n$$",
}


@pytest.mark.parametrize("text", STUMBLES.values(), ids=STUMBLES.keys())
def test_checker_finds_what_would_be_shown_raw(text):
    assert list(checker.text_problems(text))


FINE = {
    "code": "`{ref}` and ``a ` $ {{ b`` and\n\n```python\nx = {'a': {}}  # +++ (a)=\n```",
    "formula": r"$x_{a_{b}} \in \{1, 2\}$ and $$\begin{pmatrix}a & b \\ c & d\end{pmatrix}$$",
    "escaped dollar": r"costs \$5",
    "link": "[text *with* [brackets]](https://example.org/a_(b)) and <sup>[1]</sup>",
    "image": "![text](https://example.org/a.svg)",
    "box": "<details>\n<summary>title</summary>\n\ntext<br>text\n\n</details>",
    "times": "10:30 (a) = b, 5 % of it: ok",
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE.keys())
def test_checker_leaves_good_markdown_alone(text):
    assert list(checker.text_problems(text)) == []


def test_checker_finds_outputs_that_differ_in_every_run():
    output = v4.new_output("execute_result", data={"text/plain": "<History at 0x7f1c2d3e4f50>"})
    notebook = v4.new_notebook(cells=[v4.new_code_cell("history", outputs=[output])])
    assert "address in memory" in next(iter(checker.problems(notebook)))
