"""Say in MathML Core, which browsers draw, what MathJax says in MathML 3.

MathJax reads attributes and spacing classes that browsers ignore: alignment of
columns, styles of letters, the spacing of TeX. Each function here gives one of them
to the browser in its own terms. https://www.w3.org/TR/mathml-core/
"""

import re
import unicodedata
from xml.etree import ElementTree

from tools.site.typeset import NotTypeset

THIN, MEDIUM, THICK = "0.1667em", "0.2222em", "0.2778em"
SPACE_OF_CLASS = {
    "ORD": ("0", "0"),
    "OPEN": ("0", "0"),
    "CLOSE": ("0", "0"),
    "PUNCT": ("0", THIN),
    "BIN": (MEDIUM, MEDIUM),
    "REL": (THICK, THICK),
}
FUNCTION_APPLICATION = "\u2061"
CLASS = "data-mjx-texclass"
BRACES = {("munder", "⏟"): "underbrace", ("mover", "⏞"): "overbrace"}
PRIMES = set("′″‴⁗")
DOTS = set("…⋯")
BINARY = set("×⋅·∗")
ACCENTS = {letter: letter for letter in "→˙¨ˇ˘´`˚¯"} | {"^": "ˆ", "~": "˜"}
WIDE_ACCENTS = ACCENTS | {"^": "\u0302", "¯": "‾", "―": "‾"}
ACCENTS["―"] = "‾"
SIGNS = set("+-−±∓")
CLOSING = set(")]}⟩⌋⌉|!′")
OPENING = set("([{⟨⌊⌈")
OF_ONE_LINE = {"msqrt", "mrow", "mi", "mn", "mo", "mspace"}
SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}

CORE_ELEMENTS = SCRIPTS | set(
    re.findall(
        r"\w+",
        "math mrow mi mn mo mtext ms mspace mfrac msqrt mroot mstyle mpadded mphantom "
        "mtable mtr mtd mmultiscripts mprescripts none",
    )
)
CORE_ATTRIBUTES = set(
    re.findall(
        r"\w+",
        "display displaystyle scriptlevel dir mathcolor mathbackground mathsize mathvariant "
        "stretchy symmetric largeop movablelimits lspace rspace minsize maxsize form fence "
        "separator accent accentunder linethickness style class width height depth voffset "
        "columnspan rowspan",
    )
)

STYLES = {
    "bold": "BOLD",
    "italic": "ITALIC",
    "bold-italic": "BOLD ITALIC",
    "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT",
    "double-struck": "DOUBLE-STRUCK",
    "fraktur": "FRAKTUR",
    "bold-fraktur": "BOLD FRAKTUR",
    "sans-serif": "SANS-SERIF",
    "bold-sans-serif": "SANS-SERIF BOLD",
    "monospace": "MONOSPACE",
}
# Letters that Unicode had before it encoded the mathematical alphabets.
OLDER_NAMES = {"ITALIC SMALL H": "PLANCK CONSTANT"}
OLDER_STYLES = {"FRAKTUR": "BLACK-LETTER"}


def to_core(mathml: str) -> ElementTree.Element:
    """Return a formula of MathJax as a browser draws it.

    Raises
    ------
    NotTypeset
        If it has something that MathML Core lacks, such as a frame.
    """
    tree = ElementTree.fromstring(mathml.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ""))
    for element in tree.iter():
        drop_indentation(element)
    for element in tree.iter():
        unwrap_children(element)
    for element in list(tree.iter()):
        draw_brace(element)
        raise_primes(element)
        mark_low_root(element)
    for element in tree.iter():
        separate_functions(element)
    for element in tree.iter():
        set_spacing(element)
        set_accent(element)
        set_letters(element)
        set_columns(element)
    for element in tree.iter():
        drop_classes(element)
        check(element)
    return tree


def serialise(tree: ElementTree.Element) -> str:
    return ElementTree.tostring(tree, encoding="unicode", short_empty_elements=False)


def drop_indentation(element: ElementTree.Element) -> None:
    if len(element):
        element.text = None
    element.tail = None


def unwrap_children(element: ElementTree.Element) -> None:
    """Take a lone child out of the row that holds nothing else, and keep its class."""
    for position, child in enumerate(element):
        while child.tag == "mrow" and len(child) == 1:
            inner = child[0]
            if inner.tag == "mo" and child.get(CLASS):
                inner.set(CLASS, child.get(CLASS))
            child = inner
        element[position] = child


def draw_brace(element: ElementTree.Element) -> None:
    """Leave a brace over or under a term to the style sheet: fonts break long ones."""
    name = BRACES.get((element.tag, element[1].text if len(element) == 2 else None))
    if name:
        base = element[0]
        element.tag, element.attrib, element[:] = "mrow", {"class": name}, [base]


def mark_low_root(element: ElementTree.Element) -> None:
    """Mark a root over one line, whose sign need not grow.

    Chromium leaves as much room as the widest sign of the font would take.
    """
    if element.tag == "msqrt" and {part.tag for part in element.iter()} <= OF_ONE_LINE:
        element.set("class", "low")


def raise_primes(element: ElementTree.Element) -> None:
    """Put a prime beside its letter: its glyph is raised and small as it is."""
    if element.tag not in ("msup", "msubsup") or element[-1].text not in PRIMES:
        return
    prime = element[-1]
    set_spaces(prime, "0", "0")
    if element.tag == "msubsup":
        inner = ElementTree.Element("msub")
        inner[:] = element[:2]
        element[:] = [inner, prime]
    element.tag = "mrow"


def set_spacing(element: ElementTree.Element) -> None:
    """Give operators TeX's spaces, where they differ from a browser's own."""
    if element.tag in SCRIPTS:
        for script in element[1:]:
            for operator in script.iter("mo"):
                set_spaces(operator, "0", "0")
    for before, child, after in neighbours(element):
        operator = core(child)
        if operator is not None:
            set_spaces_between(before, operator, after)


def core(element: ElementTree.Element) -> ElementTree.Element | None:
    """Return the operator that an element consists of, its limits aside."""
    while element.tag in SCRIPTS and len(element):
        element = element[0]
    return element if element.tag == "mo" else None


def set_spaces_between(before, operator: ElementTree.Element, after) -> None:
    text, texclass = operator.text or "", operator.get(CLASS)
    if text == FUNCTION_APPLICATION:
        set_spaces(operator, "0", "0" if opens(after) else THIN)
    elif text in DOTS:
        set_spaces(operator, "0", "0" if after is None else THIN)
    elif texclass == "OP" or (text.isalpha() and len(text) > 1):
        space = THIN if before is not None and core(before) is None else "0"
        set_spaces(operator, space, "0" if opens(after) else THIN)
    elif texclass in SPACE_OF_CLASS:
        set_spaces(operator, *SPACE_OF_CLASS[texclass])
    elif text in BINARY:
        between = before is not None and after is not None and not asks_for_operand(before)
        set_spaces(operator, *((MEDIUM, MEDIUM) if between else ("0", "0")))
    if text in SIGNS and asks_for_operand(before):
        operator.set("form", "prefix")


def separate_functions(element: ElementTree.Element) -> None:
    """Put TeX's thin space between a factor and the name of a function, as in 2 log x."""
    for before, child, after in list(neighbours(element)):
        if after is None or after.text != FUNCTION_APPLICATION:
            continue
        if before is not None and (before.tag != "mo" or before.text in CLOSING):
            space = ElementTree.Element("mspace", width=THIN)
            element.insert(list(element).index(child), space)


def neighbours(element: ElementTree.Element):
    children = [None, *element, None]
    return zip(children[:-2], children[1:-1], children[2:], strict=True)


def set_spaces(operator: ElementTree.Element, left: str, right: str) -> None:
    operator.attrib.setdefault("lspace", left)
    operator.attrib.setdefault("rspace", right)


def opens(element: ElementTree.Element | None) -> bool:
    """Tell whether an element begins with an opening parenthesis, or is missing."""
    if element is None:
        return True
    first = next(leaf for leaf in element.iter() if not len(leaf))
    return first.tag == "mo" and (first.text or "") in OPENING


def asks_for_operand(element: ElementTree.Element | None) -> bool:
    """Tell whether a sign after this element belongs to what follows, as in a = -b."""
    return element is not None and element.tag == "mo" and element.text not in CLOSING


def set_accent(element: ElementTree.Element) -> None:
    """Draw hats and bars in full size, close to their letter, with the glyphs made for them."""
    if element.tag != "mover" or element[1].tag != "mo" or element[1].text not in ACCENTS:
        return
    element.set("accent", "true")
    accent = element[1]
    wide = accent.get("stretchy") != "false"
    accent.text = (WIDE_ACCENTS if wide else ACCENTS)[accent.text]
    if wide:
        accent.set("stretchy", "true")
    elif accent.text == "→":
        accent.set("mathsize", "65%")


def set_letters(element: ElementTree.Element) -> None:
    """Replace a style of letters by the letters of that style, which Unicode has."""
    variant = element.attrib.pop("mathvariant", None)
    element.attrib.pop("data-mjx-variant", None)
    if variant == "normal":
        # A name of several letters is upright anyway.
        if element.tag == "mi" and len(element.text or "") == 1:
            element.set("mathvariant", "normal")
    elif variant in STYLES:
        element.text = "".join(styled(letter, STYLES[variant]) for letter in element.text or "")
    elif variant:
        raise NotTypeset(f"a formula has letters in a style that has no alphabet: {variant}")


def styled(letter: str, style: str) -> str:
    """Return a letter or a digit in one of Unicode's mathematical alphabets.

    Examples
    --------
    >>> styled("x", "BOLD"), styled("R", "DOUBLE-STRUCK"), styled("=", "BOLD")
    ('𝐱', 'ℝ', '=')
    """
    name = re.sub(r"^(LATIN|GREEK) | LETTER", "", unicodedata.name(letter))
    older = OLDER_NAMES.get(f"{style} {name}", f"{OLDER_STYLES.get(style, style)} {name}")
    for candidate in (f"MATHEMATICAL {style} {name}", older):
        try:
            return unicodedata.lookup(candidate)
        except KeyError:
            continue
    return letter


def set_columns(element: ElementTree.Element) -> None:
    """Align and space the cells of a table by style, since Core has no attribute for it."""
    if element.tag != "mtable":
        return
    alignments = element.attrib.pop("columnalign", "center").split()
    gaps = element.attrib.pop("columnspacing", "0.8em").split()
    rows = element.attrib.pop("rowspacing", "1ex").split()
    for number, row in enumerate(element):
        above = 0 if number == 0 else half(rows[min(number - 1, len(rows) - 1)])
        below = 0 if number == len(element) - 1 else half(rows[min(number, len(rows) - 1)])
        for column, cell in enumerate(row):
            left = 0 if column == 0 else half(gaps[min(column - 1, len(gaps) - 1)])
            right = 0 if column == len(row) - 1 else half(gaps[min(column, len(gaps) - 1)])
            align = alignments[min(column, len(alignments) - 1)]
            cell.set("style", f"text-align:{align};padding:{above} {right} {below} {left}")


def half(length: str) -> str:
    number, unit = re.fullmatch(r"([\d.]+)(\D*)", length).groups()
    return f"{float(number) / 2:g}{unit}" if float(number) else "0"


def drop_classes(element: ElementTree.Element) -> None:
    for name in [name for name in element.attrib if name.startswith("data-")]:
        del element.attrib[name]


def check(element: ElementTree.Element) -> None:
    unknown = [name for name in element.attrib if name not in CORE_ATTRIBUTES]
    if element.tag not in CORE_ELEMENTS or unknown:
        raise NotTypeset(f"no browser draws this part of a formula: {element.tag} {unknown}")
