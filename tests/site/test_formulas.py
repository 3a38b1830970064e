"""What MathJax says in MathML 3 reaches the browser in MathML Core, nothing lost."""

import re
from xml.etree import ElementTree

import pytest

from tools.site import mathml
from tools.site.formulas import as_one
from tools.site.typeset import NotTypeset, Typesetter

OPERATOR = "mo"


@pytest.fixture(scope="module")
def typesetter():
    typesetter = Typesetter()
    yield typesetter
    typesetter.close()


@pytest.fixture
def core(typesetter):
    return lambda tex: mathml.to_core(typesetter.mathml(tex, display=True))


def spaces(tree, text):
    operator = next(element for element in tree.iter("mo") if element.text == text)
    return operator.get("lspace"), operator.get("rspace")


def test_columns_are_aligned_by_style(core):
    cells = list(core(r"\begin{aligned} a &= b \\ c &= d \end{aligned}").iter("mtd"))
    alignments = [re.match(r"text-align:(\w+)", cell.get("style"))[1] for cell in cells]
    assert alignments == ["right", "left", "right", "left"]


def test_styles_become_letters(core):
    tree = core(r"\mathbf{x} + \mathbb{R} + \mathcal{L} + \boldsymbol{\theta} + \mathbf{12}")
    assert [leaf.text for leaf in tree if leaf.tag != OPERATOR] == ["𝐱", "ℝ", "ℒ", "𝜽", "𝟏𝟐"]


def test_a_single_upright_letter_stays_upright(core):
    assert core(r"\mathrm{d}x")[0].get("mathvariant") == "normal"


def test_a_function_is_set_apart_from_its_factor_and_argument(core):
    assert [child.tag for child in core(r"2\log x")][:3] == ["mn", "mspace", "mi"]
    assert spaces(core(r"\log x"), "\u2061") == ("0", mathml.THIN)
    assert spaces(core(r"\log(x)"), "\u2061") == ("0", "0")


def test_a_sign_is_no_difference(core):
    signs = [element.get("form") for element in core("a = -b - c").iter("mo")]
    assert signs == [None, "prefix", None]


def test_a_slash_and_a_bar_take_no_space(core):
    assert spaces(core("a/b"), "/") == ("0", "0")
    assert spaces(core("a|x|b"), "|") == ("0", "0")


def test_operators_in_scripts_take_no_space(core):
    assert spaces(core(r"\sum_{i=1}^n"), "=") == ("0", "0")


def test_primes_stand_beside_their_letter(core):
    assert core("f'")[0].tag == "mrow"
    assert [child.tag for child in core("f'_n")[0]] == ["msub", "mo"]


def test_braces_keep_their_label(core):
    tree = core(r"\underbrace{a + b}_{\text{sum}}")
    assert tree[0].tag == "munder"
    assert tree[0][0].get("class") == "underbrace"
    assert tree[0][1].text == "sum"


@pytest.mark.parametrize(
    "tex",
    [r"\undefined", r"\frac{1", r"\boxed{x}", r"x \tag{2}", r"\begin{array}{|c|} a \end{array}"],
)
def test_what_no_browser_draws_is_refused(core, tex):
    with pytest.raises(NotTypeset):
        core(tex)


def test_no_letter_is_lost(typesetter):
    """The characters of MathJax's own MathML come out again, but for styles and accents."""
    tex = r"f(x) = \frac{a_1 + \sqrt{b}}{\sum_{i=0}^{n} c_i} \begin{pmatrix} 1 & 2 \end{pmatrix}"
    before = typesetter.mathml(tex, display=True)
    after = mathml.to_core(before)
    assert letters(ElementTree.fromstring(before)) == letters(after)


def letters(tree):
    return "".join("".join(tree.itertext()).split())


def test_equations_between_empty_lines_become_one(core):
    assert as_one("a = b") == "a = b"
    assert as_one(r"a \\ b") == r"\begin{split}a \\ b\end{split}"
    assert core(as_one("a = b\n\nc = d"))[0].tag == "mtable"
