"""Code without the marks that change nothing: half of the elements of a chapter.

Pygments marks each name, comma and space, in the colour of plain code. A phone lays
out every mark, and a screen reader walks through it.
"""

from bs4 import NavigableString, Tag

from tools.site.pages import Page, changed_by

# Names, punctuation and spaces; a test holds that both themes colour them as plain code.
PLAIN = {"n", "nn", "p", "pm", "w"}


def drop_marks(page: Page) -> None:
    for code in page.soup.select("div.highlight pre"):
        simplify(code)


def simplify(code: Tag) -> None:
    for mark in code("span"):
        if set(mark.attrs) <= {"class"} and set(mark.get("class", [])) <= PLAIN:
            mark.unwrap()
    code.smooth()
    for mark in code("span"):
        join_with_next(mark)


def join_with_next(mark: Tag) -> None:
    """Let one mark cover a run of equal ones, such as the two quotes of a string and its text."""
    following = mark.next_sibling
    while is_text(mark) and is_text(following) and mark.attrs == following.attrs:
        mark.string = mark.get_text() + following.extract().get_text()
        following = mark.next_sibling


def is_text(node) -> bool:
    return isinstance(node, Tag) and all(isinstance(child, NavigableString) for child in node)


def setup(app) -> None:
    changed_by(app, drop_marks)
