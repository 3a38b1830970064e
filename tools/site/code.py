"""Code as readers need it: folded under a name, and without the marks that change nothing.

Pygments marks each name, comma and space, in the colour of plain code: half of the
elements of a chapter, which a phone lays out and a screen reader walks through.
"""

from bs4 import NavigableString, Tag

from tools.site.pages import Page, changed_by

# Names, punctuation and spaces; a test holds that both themes colour them as plain code.
PLAIN = {"n", "nn", "p", "pm", "w"}


def name_folds(page: Page) -> None:
    """Say on the line of folded code what it is: of which figure, or the imports."""
    for cell in page.soup.select("div.cell:has(> details.hide)"):
        number = cell.select_one(".caption-number")
        imports = cell.pre.get_text().startswith(("import ", "from "))
        other = "the imports" if imports else "how it is drawn"
        content = f"the code of {number.get_text(strip=True)}" if number else other
        for line, verb in zip(cell.summary("p"), ("Show", "Hide"), strict=True):
            line.string = f"{verb} {content}"


def drop_empty_cells(page: Page) -> None:
    """Leave out what is left of a cell that only stores numbers for the prose."""
    for part in reversed(page.soup.select("div.cell_output, div.cell")):
        if not part.find(True) and not part.get_text(strip=True):
            part.decompose()


def drop_unanswered(page: Page) -> None:
    """Leave out that nobody has answered an exercise, which is said where one can answer."""
    for output in page.soup.select(".tag_answer .cell_output"):
        if output.get_text(strip=True).startswith("○"):
            output.decompose()


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
    for step in (name_folds, drop_unanswered, drop_empty_cells, drop_marks):
        changed_by(app, step)
