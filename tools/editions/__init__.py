"""Which edition of the book is made: for self-study, for students, or for who teaches.

All of them are written once, in the chapters. The students' has no solution, unless its date
has come; the instructor's has all solutions, the notes beside the passages, plans and slides.
``edition:`` in `_config.yml` names the one that stands in ``_build/html`` and is published;
another is made on demand, ``make book EDITION=student``, in a folder of its own.
"""

import datetime
import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from tools import book

SELF_STUDY, STUDENT, INSTRUCTOR = EDITIONS = ("self-study", "student", "instructor")
EXERCISE = re.compile(r"^`{3,}\{exercise\}[^\n]*\n(?::[^\n]*\n)*?:label: *(\S+)", re.MULTILINE)
# What stands for all exercises that `solutions_from` does not name.
OTHERS = "all"


def configured() -> str:
    """Return the edition that `_config.yml` names; hide_solutions: true means the students'."""
    hidden = book.setting("sphinx.config.hide_solutions") is True
    return str(book.setting("edition", STUDENT if hidden else SELF_STUDY))


def current() -> str:
    """Return the edition that is being made: that of the variable EDITION, else the configured."""
    return os.environ.get("EDITION") or configured()


def is_instructors() -> bool:
    return current() == INSTRUCTOR


def output() -> Path:
    """Return the folder in which Jupyter Book makes its folder _build."""
    return book.ROOT if current() == configured() else book.ROOT / "_build" / current()


def site() -> Path:
    """Return the folder of the site of the edition that is being made."""
    return output() / "_build" / "html"


def chosen_page() -> str:
    """Return the page of the contents that the variable PAGE names; none, if it is not set.

    Raises
    ------
    ValueError
        If the contents have no such page.
    """
    wanted = os.environ.get("PAGE", "")
    names = {page.split("/")[-1]: page for page in book.pages()}
    if wanted and wanted not in {*names, *names.values()}:
        meant = difflib.get_close_matches(wanted, names, 1)
        cure = f"is {meant[0]} meant?" if meant else f"write one of {', '.join(names)}."
        raise ValueError(f"PAGE={wanted} is no page of the contents; {cure}")
    return names.get(wanted, wanted)


def shows_solution(exercise: str, today: datetime.date | None = None) -> bool:
    """Tell whether readers of this edition see the solution of an exercise, given by its label."""
    if current() != STUDENT:
        return True
    dates = _dates()
    day = dates.get(exercise, dates.get(OTHERS))
    return day is not None and (today or datetime.date.today()) >= day


def shown_solutions(*pages: str) -> list[str]:
    """Return the labels of the exercises of pages whose solutions this edition shows."""
    return [label for label in exercises(*pages) if shows_solution(label)]


def exercises(*pages: str) -> list[str]:
    """Return the labels of the exercises of pages, of all if none is named, in their order."""
    texts = (book.source(page).read_text("utf-8", "replace") for page in pages or book.pages())
    return [label for text in texts for label in EXERCISE.findall(text)]


def problems() -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with the edition or the dates."""
    choices = ", ".join(EDITIONS)
    if book.setting("sphinx.config.hide_solutions") is True and configured() != STUDENT:
        yield (
            f"In _config.yml, hide_solutions: true contradicts edition: {configured()}; leave it "
            f"out, and write edition: {STUDENT} if solutions are to be kept back."
        )
    if configured() == INSTRUCTOR:
        yield (
            f"In _config.yml, edition cannot be {INSTRUCTOR!r}, or solutions would be published in "
            f"notebooks: make it by the side, with make book EDITION={INSTRUCTOR}."
        )
        return
    for place, found in (("In _config.yml, edition", configured()), ("EDITION", current())):
        if found not in EDITIONS:
            yield f"{place} cannot be {found!r}: write one of {choices}."
            return
    try:
        unknown = _dates().keys() - {OTHERS, *exercises()}
    except ValueError as error:
        yield str(error)
        return
    for label in sorted(unknown):
        yield (
            f"In _config.yml, solutions_from names {label}, which is no exercise of the book; "
            f"write the label of one, or {OTHERS} for all that are not named."
        )


def _dates() -> dict[str, datetime.date]:
    """Return from when on each exercise's solution is shown, by label."""
    given = book.setting("solutions_from", {})
    named = given if isinstance(given, dict) else {OTHERS: given}
    dates = {}
    for label, day in named.items():
        try:
            dates[str(label)] = datetime.date.fromisoformat(str(day))
        except ValueError:
            raise ValueError(
                f"In _config.yml, solutions_from cannot be {str(day)!r}: write a day, such as "
                "2027-02-01, or one for each exercise, as `tr-ex-loss: 2027-02-01`."
            ) from None
    return dates
