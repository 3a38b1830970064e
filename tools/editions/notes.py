"""The notes for who teaches a page: minutes, questions with answers, misconceptions with cures.

They stand at the end of the page's source, one directive ``teaching-note`` for each section
that it names, and the instructor's edition shows each at the head of its section.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools import book

LECTURES = (75, 90, 120)
FIELDS = ("Aim", "Ask", "Answer", "Misconception", "Cure", "Live", "Board", "Skip", "Home")
# What stands only with the other.
PAIRS = {"Ask": "Answer", "Misconception": "Cure"}
OPENING = "Opening"
FIELD = re.compile(r"^:(\w+): *(.*?)(?=^:\w+:|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Note:
    """What is said of one section: its minutes in each of the lectures, and the fields."""

    section: str
    minutes: tuple[int, ...]
    measured: str
    fields: tuple[tuple[str, str], ...]

    def all(self, field: str) -> list[str]:
        """Return the texts of a field, such as all questions."""
        return [text for name, text in self.fields if name == field]


def notes(source: str) -> list[Note]:
    """Return the notes of a page, in their order.

    Raises
    ------
    ValueError
        If one of them is not written as the guide says.
    """
    return [note(*parts) for parts in book.directives(source, "teaching-note")]


def note(section: str, options: dict[str, str], body: str) -> Note:
    """Return a note from what its directive says, if it is written as the guide says."""
    numbers = tuple(int(number) for number in re.findall(r"\d+", options.get("minutes", "")))
    if not section or len(numbers) != len(LECTURES):
        lectures = ", ".join(map(str, LECTURES))
        raise ValueError(
            f"The note on {section or 'no section'!r} needs the title of its section, and "
            f":minutes: with its minutes in a lecture of {lectures}, such as `:minutes: 8, 10, 15`."
        )
    measured = str(options.get("measured") or "").strip()
    if measured and not measured.isdecimal():
        raise ValueError(
            f"The note on {section!r}: :measured: cannot be {measured!r}; write whole minutes."
        )
    fields = tuple((name, " ".join(text.split())) for name, text in FIELD.findall(body))
    for problem in problems(body, fields):
        raise ValueError(f"The note on {section!r} {problem}.")
    return Note(section, numbers, measured, fields)


def problems(body: str, fields: tuple[tuple[str, str], ...]) -> Iterator[str]:
    names = [name for name, _ in fields]
    unknown = [name for name in names if name not in FIELDS]
    if unknown or not body.lstrip().startswith(":"):
        said = f"has {unknown[0]!r}" if unknown else "has text without a field"
        yield f"{said}; write each thing as a field, one of {', '.join(FIELDS)}"
    for first, second in PAIRS.items():
        followed = [following == second for following in [*names[1:], ""]]
        if [name == first for name in names] != followed or names[:1] == [second]:
            yield f"has {first} without {second}, or the other way round; write both, in order"
