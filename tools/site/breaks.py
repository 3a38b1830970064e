"""Where a line may break, and where it must not.

A phone shows forty letters on a line. There a long name of code has to break, between its
parts; a full stop must not leave its formula, nor a unit its number.
"""

import re

from bs4 import NavigableString, Tag
from sphinx.application import Sphinx

from tools.site.pages import Page, changed_by

PARTS = re.compile(r"(?<=[_.(=/])(?=[A-Za-z\"'({\[])")
AFTER_FORMULA = re.compile(r"[.,;:!?)\]’”]+")
BEFORE_FORMULA = re.compile(r"[(\[‘“]+$")
NUMBER = re.compile(r"(?<=\d) (?=%|(?:ns|µs|ms|s|min|mV|keV|MeV|GeV|kB|MB|GB|px)\b)")
VERBATIM = {"pre", "code", "script", "style", "math", "svg", "title"}


def set_breaks(page: Page) -> None:
    for code in page.soup.select("article code"):
        let_break_between_parts(code, page)
    for formula in page.soup.select("article span.math"):
        keep_punctuation(formula)
    for text in page.soup.find("body").find_all(string=NUMBER):
        if not VERBATIM & {parent.name for parent in text.parents}:
            text.replace_with(NavigableString(NUMBER.sub("\u00a0", text)))


def let_break_between_parts(code: Tag, page: Page) -> None:
    for text in code.find_all(string=PARTS):
        first, *others = PARTS.split(text)
        pieces = [piece for other in others for piece in (page.soup.new_tag("wbr"), other)]
        text.replace_with(first, *pieces)


def keep_punctuation(formula: Tag) -> None:
    """Take the bracket before a formula and the stop after it into its line."""
    before, after = formula.previous_sibling, formula.next_sibling
    if isinstance(before, NavigableString) and (match := BEFORE_FORMULA.search(before)):
        before.replace_with(before[: match.start()])
        formula.insert(0, match[0])
    if isinstance(after, NavigableString) and (match := AFTER_FORMULA.match(after)):
        after.replace_with(after[match.end() :])
        formula.append(match[0])


def setup(app: Sphinx) -> None:
    app.add_css_file("breaks.css")
    changed_by(app, set_breaks)
