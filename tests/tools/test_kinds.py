"""Each kind of cell is folded as readers need it, and a cell that breaks a rule is named."""

import pytest
from nbformat import v4

from tools.kinds import names, problems


def cell(source, *tags, **metadata):
    return v4.new_code_cell(source, metadata={"tags": list(tags), **metadata})


FINE = [
    cell("import numpy as np\nfrom helpers import plot\n\nplot.use_style()", "hide-input"),
    cell("import keras\n\nlayer = keras.layers.Dense(1)\nlayer.name"),
    cell("x = np.arange(3)\nx"),
    cell("edges = 0.5 * x\naxes.hist(x, edges)", "hide-input"),
    cell("draw_maps(x)", "hide-input", mystnb={"figure": {"name": "fig-x"}}),
    cell("for value in x:\n    glue(f'x-{value}', f'{value:.1f}')", "remove-input"),
    cell("def square(edges):\n    return edges**2\n\n\nsquare(np.pi)"),
    cell("plt.plot(x)", "solution"),
]


def test_what_each_kind_wants_is_fine():
    assert list(problems(FINE)) == []


def test_what_a_comprehension_binds_is_no_name_of_the_cell():
    assert names("[x for x in y if (lambda: x)()]") == (set(), {"y"})
    assert names("x = [x for x in y]") == ({"x"}, {"y"})


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (cell("import numpy as np"), "imports, so it has hide-input"),
        (cell("plt.plot(x)"), "draws, so it has hide-input"),
        (cell("plt.plot(x)", "remove-input"), "draws, so it has hide-input"),
        (cell("glue('x', '1')"), "stores, so it has remove-input"),
        (cell("glue('x', '1')", "solution"), "stores, so it has remove-input"),
        (cell("y = 2", "hide-input"), "teaches, so it has no tag that folds it"),
        (cell("print(x)\nglue('x', '1')", "remove-input"), "shows and stores"),
        (cell("glue('x', '1')\nx", "remove-input"), "shows and stores"),
        (cell("plt.plot(x)\nglue('x', '1')", "hide-input"), "draws and stores"),
        (cell("edges + 1"), "uses edges, which only a folded cell defines"),
        (cell("def f():\n    return edges"), "uses edges, which only a folded cell defines"),
        (cell("x = 1\n" * 26), "has 26 lines; a cell that is seen has 25 at the most"),
    ],
)
def test_a_cell_that_breaks_a_rule_is_named(wrong, fault):
    ((place, found),) = problems([*FINE, wrong])
    assert place == len(FINE)
    assert found.startswith(fault)
