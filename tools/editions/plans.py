"""Write what a lecturer plans with, from the notes in the chapters: ``instructors/plans.md``.

``make notebooks`` does so. For each page there are its minutes in lectures of 75, 90 and 120
minutes, for the term one page a week, and for a workshop one day of four pages.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from tools import book
from tools.editions.notes import LECTURES, OPENING, Note, notes
from tools.site.cards import described

NAME = "plans"
FILE = f"instructors/{NAME}.md"
# Pages of the workshop of a day, and when each begins; a page that a fork dropped leaves a gap.
WORKSHOP = {
    "09:00": "training",
    "10:30": "derivative_kernels",
    "13:00": "pulse_cnn",
    "14:30": "reinforcement",
}
HEAD = """\
# Plans

Written by `make notebooks` from the notes at the end of each chapter, which the instructor's
edition (`make book EDITION=instructor`) shows beside the passage; change them there. The minutes
are estimates until somebody has taught: write what you measured as `:measured:` of the note.
"""


def pages_with_notes() -> dict[str, list[Note]]:
    """Return the notes of each page of the contents that has some.

    Raises
    ------
    ValueError
        If a note is not written as the guide says, or a page has more minutes than its lecture.
    """
    found = {}
    for page in book.pages():
        try:
            source = book.source(page).read_text("utf-8", "replace")
            if of_page := notes(source):
                check_minutes(of_page)
                check_names(of_page, source)
                found[page] = of_page
        except ValueError as error:
            raise ValueError(f"{page}.md: {error}") from None
    return found


def problems() -> Iterator[str]:
    """Yield the sentence on the first note that cannot be planned with."""
    try:
        pages_with_notes()
    except ValueError as error:
        yield str(error)


def check_minutes(of_page: list[Note]) -> None:
    for minutes, lecture in zip(totals(of_page), LECTURES, strict=True):
        if minutes > lecture:
            raise ValueError(
                f"The notes plan {minutes} minutes for a lecture of {lecture}; make their "
                ":minutes: fewer."
            )


def check_names(of_page: list[Note], source: str) -> None:
    """Find a note on no section of its page, and homework that the page does not have."""
    headings = [OPENING, *re.findall(r"^#+ +(.+?) *$", source, re.MULTILINE)]
    exercises = re.findall(r"^`{3,}\{exercise\} (.+)$", source, re.MULTILINE)
    for one in of_page:
        if one.section not in headings:
            raise ValueError(f"There is no section {one.section!r}; write the title of one.")
        for named in re.findall(r"\*(.+?)\*", " ".join(one.all("Home"))):
            if named not in exercises:
                raise ValueError(f"There is no exercise {named!r}; write the title of one.")


def totals(of_page: list[Note]) -> list[int]:
    """Return the minutes that notes plan for each of the lectures."""
    return [sum(each) for each in zip(*(one.minutes for one in of_page), strict=True)]


def title(page: str) -> str:
    return described(book.source(page))[0]


def row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) or ' ' for cell in cells)} |"


def table(head: tuple[str, ...], rows: list[tuple]) -> str:
    return "\n".join([row(*head), row(*["---"] * len(head)), *(row(*one) for one in rows)])


def texts(of_page: list[Note], field: str) -> list[str]:
    return [text for one in of_page for text in one.all(field)]


def term(pages: dict[str, list[Note]]) -> str:
    """Return the term: a page a week, and the exercises that its notes give home."""
    rows = [
        (week, f"[{title(page)}](../{page}.md)", "; ".join(texts(of_page, "Home")))
        for week, (page, of_page) in enumerate(pages.items(), start=1)
    ]
    return table(("Week", "Page", "At home"), rows)


def workshop(pages: dict[str, list[Note]]) -> str:
    rows = []
    for start, name in WORKSHOP.items():
        page = next((page for page in pages if page.split("/")[-1] == name), None)
        if page:
            minutes = totals(pages[page])[0]
            end = datetime.strptime(start, "%H:%M") + timedelta(minutes=minutes)
            rows.append((f"{start}–{end:%H:%M}", title(page), minutes))
    rows.append(("", "together", sum(minutes for *_, minutes in rows)))
    return table(("Time", "Page, in its plan of 75 minutes", "Minutes"), rows)


def lecture(page: str, of_page: list[Note]) -> str:
    """Return the plan of one page: its aim, the minutes of its sections, what goes wrong."""
    opening = title(page)
    rows = [
        (opening if one.section == OPENING else one.section, *one.minutes, one.measured)
        for one in of_page
    ]
    rows.append(("**together**", *totals(of_page), ""))
    head = ("Section", *(f"of {minutes}" for minutes in LECTURES), "measured")
    aims = [f"**Aim.** {aim}" for aim in texts(of_page, "Aim")]
    wrong = " · ".join(f"*{text}*" for text in texts(of_page, "Misconception"))
    return "\n\n".join([f"### {opening}", *aims, table(head, rows), f"**Misconceptions.** {wrong}"])


def text() -> str:
    """Return the plans of all pages that have notes."""
    pages = pages_with_notes()
    parts = [HEAD, f"## A term of {len(pages)} weeks, a page a week", term(pages)]
    parts += ["## A workshop of a day", workshop(pages), "## Page by page"]
    return "\n\n".join([*parts, *(lecture(*one) for one in pages.items())]) + "\n"


def write() -> None:
    """Write the plans, unless a fork has no use for its folder."""
    file = book.ROOT / FILE
    if file.parent.exists():
        file.write_text(text(), "utf-8", newline="\n")
