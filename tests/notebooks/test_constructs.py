"""Each construct that chapters use becomes Markdown that Colab renders."""

import re

import nbformat
import pytest
from nbformat import v4

from tests.notebooks import prose
from tests.notebooks.running import BOOK, build, build_notebooks, read
from tools.book import ROOT
from tools.build import synchronise
from tools.notebooks import cells, checker, compare
from tools.notebooks.markdown import Heading
from tools.notebooks.origin import Origin, committed

COMMITTED = committed()
SITE = COMMITTED.site.rstrip("/")
FORK = {"GITHUB_REPOSITORY": "Someone/fork", "GITHUB_SHA": "0123abc"}


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """Build the site and the notebooks of the book in small."""
    folder = tmp_path_factory.mktemp("constructs")
    build(BOOK, folder)
    build_notebooks(BOOK, folder)
    return folder / "_build"


@pytest.fixture(scope="module")
def notebook(output):
    return read(output / "notebook" / "repository" / "constructs.ipynb")


@pytest.fixture(scope="module")
def text(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.fixture(scope="module")
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


EXPECTED = {
    "numbered title": "# 1. Use every *construct*\n\n[Read this chapter on the site]"
    f"({SITE}/chapters/constructs.html)",
    "numbered section": "## 1.1. Quote results & numbers",
    "admonition": '> **What you will do, learn and need**\n>\n> - do: run `print("|")`',
    "note": "> **Note**\n>\n> A note has the title of its kind.",
    "escapes": r"3 \* 4 = 12, *twice*",
    "dollars": r"It costs \$5 or 6\$, says a_b and \_c, x < y, AT&T and "
    "[brackets](https://example.org/a_b).",
    "footnote": "has a footnote,<sup>[1]</sup> a citation",
    "footnote's text": "<sup>[1]</sup> The footnote, with **bold** text and a formula $n_i$.",
    "citation in a sentence": "LeCun *et al.* [[LBBH98](https://doi.org/10.1109/5.726791)]",
    "citation in brackets": "brackets [[KB14](https://arxiv.org/abs/1412.6980)]",
    "glued result": "The accuracy is 0.94, as said in Quote results & numbers, in Section 1.1,",
    "link to a page": f"[Stand beside it]({SITE}/chapters/neighbour.html)",
    "link to a section": f"[the neighbour]({SITE}/chapters/neighbour.html#nb-sec-target)",
    "list in a list": "2. whose second item has a list:\n   - inner *item* one,\n   - inner",
    "definition": "- **Cauchy**\n\n  A mathematician, who met $x^2$.",
    "code block": "```python\ndef shown(only):\n    return only\n```",
    "drawing": "![A white box, 80 by 20.](data:image/png;base64,",
    "caption of a drawing": ")\n\n**Fig. 1.1** The caption of the drawing, with $x_1$ and LeCun",
    "figure to play with": "[On the site a figure stands here]"
    f"({SITE}/chapters/constructs.html#draw-figures). It answers.",
    "computed figure": "**Fig. 1.2** The caption of the computed figure, compare Fig. 1.1.",
    "formula": r"The mean of $\boldsymbol{x} \in \mathbb{R}^n$ is",
    "numbered formula": "$$\n\\bar x = \\frac{1}{n} \\sum_{i=1}^{n} x_i\n\\tag{1.1}\n$$",
    "reference to a formula": "and by (1.1)",
    "aligned formula": "$$\n\\begin{aligned}\na &= b + c \\\\\n  &= d\n\\end{aligned}\n\\tag{1.2}",
    "align environment": "x &= 1 \\lt 2 \\\\\ny &= |z|\n\\end{aligned}\n\\tag{1.3}",
    "equation environment": "$$\nE = m c^2\n$$",
    "formula in a quotation": "> The formula\n>\n> $$ p \\le 1 = 1 $$\n>\n> stands",
    "formula in a list": "> - an item with\n>\n>   $$ x = 2 $$",
    "alignment of a table": "| Kernel | Weights | Note |\n| --- | ---: | :---: |",
    "bars in a table": r"| first | $\vert w\vert = 1$ | a \| b |",
    "code in a table": r"| second | `1 \| 2` | *c* |",
    "caption of a table": "**Table 1.1** Shapes of the *outputs*\n\n| Mode | Length |",
    "paragraphs in a table": "| `same` | first paragraph<br>second paragraph |",
    "exercise": "> **Exercise 1.1 (Add *two* numbers)**\n>\n> Add one and two.",
    "closed box": "> <details>\n> <summary>Hint</summary>\n>\n> Use `+` and $1 \\lt 2$.\n>\n"
    "> </details>",
    "reference to an exercise": "See Exercise 1.1 again.",
}


@pytest.mark.parametrize("expected", EXPECTED.values(), ids=EXPECTED.keys())
def test_construct_is_written_as_markdown(text, expected):
    assert expected in text


def test_prose_is_that_of_the_page(output, notebook):
    page = (output / "html" / "chapters" / "constructs.html").read_text("utf-8")
    site_only = "Thissentencestandsonthesiteonly."
    assert site_only in prose.of_page(page)
    assert "Play with the weights:" in page
    assert prose.of_notebook(notebook) == prose.of_page(page).replace(site_only, "")


def test_no_syntax_is_left(notebook):
    assert list(checker.problems(notebook)) == []


def test_dead_links_are_found_and_no_others(output, notebook):
    dead = [
        COMMITTED.page("chapters/nowhere"),
        COMMITTED.page("chapters/neighbour") + "#nowhere",
        COMMITTED.site + "_images/nothing.svg",
        COMMITTED.file("nothing.md"),
    ]
    links = v4.new_markdown_cell(" ".join(f"[text]({address})" for address in dead))
    extended = v4.new_notebook(cells=[*notebook.cells, links])
    assert checker.dead_ends(extended, COMMITTED, output / "html", ROOT) == dead


def test_only_pages_with_code_have_notebooks(output):
    names = {path.name for path in (output / "notebook" / "repository").iterdir()}
    assert names == {"constructs.ipynb", "neighbour.ipynb"}


def test_run_time_is_told(output, text):
    neighbour = read(output / "notebook" / "repository" / "neighbour.ipynb")
    assert "It runs in 3 seconds on two CPU cores" in neighbour.cells[0].source
    assert "It runs in less than a minute on two CPU cores" in text


def test_set_up_comes_first_and_is_folded(code):
    assert code[0].metadata == {"cellView": "form", "jupyter": {"source_hidden": True}}
    assert code[0].source.startswith("# @title ")
    assert f'HELPERS = "{COMMITTED.helpers}"' in code[0].source
    assert code[0].execution_count is None


def test_code_keeps_its_order_its_tags_and_what_the_page_hides(code):
    sources = [cell.source.splitlines()[0] for cell in code[1:]]
    assert sources == [
        "# @title Imports",
        "hidden = 3",
        "accuracy = 0.93712",
        "np.linspace(0, 1, 3)",
        "# @title Fig. 1.2: The caption of the computed figure",
        "total = ...",
    ]
    assert code[-1].metadata.tags == ["answer"]


def test_what_the_page_folds_is_a_form(code):
    forms = [cell.source.startswith("# @title ") for cell in code]
    assert forms == [cell.metadata.get("cellView") == "form" for cell in code]
    assert forms == [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in code]
    assert forms == [True, True, False, False, False, True, False]


def test_outputs_are_stored_as_text_and_counted(code):
    assert [cell.execution_count for cell in code[1:]] == [1, 2, 3, 4, 5, 6]
    assert [compare.text(output) for cell in code for output in cell.outputs] == [
        "accuracy 0.93712\nhidden 3\n",
        "array([0. , 0.5, 1. ])",
        "○ Not answered yet\n",
    ]


def test_notebook_is_valid(notebook):
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[0-9a-f]{12}", cell_id) for cell_id in ids)


def test_same_sources_give_the_same_bytes_in_a_fork_too(output, tmp_path):
    """Only the site's copies know where they are built."""
    again = build_notebooks(BOOK, tmp_path, **FORK)
    for path in (output / "notebook" / "repository").iterdir():
        assert (again / "repository" / path.name).read_bytes() == path.read_bytes()
    published = read(again / "site" / "constructs.ipynb")
    assert "(https://someone.github.io/fork/chapters/neighbour.html)" in str(published)
    assert '"git+https://github.com/Someone/fork@0123abc"' in published.cells[1].source
    assert COMMITTED.repository not in str(published)


def test_origins_differ_in_addresses_alone():
    origin = Origin("any", "https://github.com/me/book", "v1")
    assert origin.page("chapters/one") == "https://me.github.io/book/chapters/one.html"
    assert origin.file("LICENSE") == "https://github.com/me/book/blob/v1/LICENSE"
    assert origin.helpers == "git+https://github.com/me/book@v1"


def test_a_folder_is_made_to_hold_the_built_notebooks_and_no_other(tmp_path):
    built = folder(tmp_path / "built", {"new.ipynb": "1", "same.ipynb": "2", "changed.ipynb": "3"})
    target = folder(
        tmp_path / "target", {"old.ipynb": "0", "same.ipynb": "2", "changed.ipynb": "2"}
    )
    (target / "README.md").write_text("stays")
    assert synchronise(built, target) == ["changed.ipynb", "new.ipynb", "old.ipynb"]
    kept = {path.name: path.read_text() for path in target.iterdir()}
    assert kept.pop("README.md") == "stays"
    assert kept == {path.name: path.read_text() for path in built.iterdir()}


def folder(path, texts):
    path.mkdir()
    for name, text in texts.items():
        (path / name).write_text(text)
    return path


@pytest.mark.parametrize(
    ("foot", "sentence"),
    [
        (
            'Text <a href="https://a.org/sa">CC BY-SA</a>, code <a href="b">MIT</a>.',
            "Text under [CC BY-SA](https://a.org/sa), code under [BSD-3-Clause](",
        ),
        ("All rights reserved.", "All rights reserved. Code under [BSD-3-Clause]("),
        ("", "Code under [BSD-3-Clause]("),
    ],
)
def test_a_notebook_names_the_licence_that_stands_at_the_foot_of_the_pages(
    monkeypatch, foot, sentence
):
    monkeypatch.setattr(cells.book, "setting", lambda *_: foot)
    assert cells.licence(COMMITTED).startswith(sentence)


def test_signs_of_markdown_in_title_and_author_are_text(monkeypatch):
    said = {"title": "A *b* & <C>", "author": "J <j@a.org>"}
    monkeypatch.setattr(cells.book, "setting", lambda key, *_: said.get(key, ""))
    title = cells.notebook("a", [Heading("# A")], v4.new_notebook(), COMMITTED, "a second").cells[0]
    assert list(checker.problems(v4.new_notebook(cells=[title]))) == []
    assert r"From *A \*b\* & &lt;C>* by J &lt;j@a.org>." in title.source
