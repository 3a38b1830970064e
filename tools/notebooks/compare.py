"""Compare what a cell printed with what it is known to print, number by number."""

import math
import re

from nbformat import NotebookNode

from tools.notebooks.cells import text_outputs

# What stands around each glued result in a notebook that is made to be compared: two signs
# of Unicode's private use area, which no text contains.
MARKS = ("\ue000", "\ue001")
# Single precision agrees to seven digits; another processor sums in another order.
RELATIVE, ABSOLUTE = 1e-5, 1e-8
# What is glued is rounded, and there another training may end a little elsewhere.
GLUED_RELATIVE, GLUED_STEPS = 0.1, 1.01
NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
TOLERANCE_TAG = re.compile(r"tolerance-(\d+(?:\.\d+)?)%")


def tolerance(cell: NotebookNode) -> float:
    """Return the relative tolerance of a cell's numbers: 1e-5, or of its tag, such as
    ``tolerance-5%`` for what a trained network gives."""
    matches = map(TOLERANCE_TAG.fullmatch, cell.metadata.get("tags", []))
    return next((float(match[1]) / 100 for match in matches if match), RELATIVE)


def difference(
    expected: list[NotebookNode], found: list[NotebookNode], relative: float = RELATIVE
) -> str | None:
    """Return what differs between the outputs of a cell, or None.

    Only text counts: figures, what is glued and what goes to stderr are left out.
    Whole numbers must be equal, others agree within the tolerance.
    """
    texts = [[text(output) for output in text_outputs(outputs)] for outputs in (expected, found)]
    if len(texts[0]) != len(texts[1]):
        return report(*("\n".join(part) or "(nothing)" for part in texts))
    for pair in zip(*texts, strict=True):
        if not agree(*pair, relative):
            return report(*pair)
    return None


def text(output: NotebookNode) -> str:
    return output.text if output.output_type == "stream" else output.data["text/plain"]


def report(expected: str, found: str) -> str:
    return f"expected:\n{expected.rstrip()}\nfound:\n{found.rstrip()}"


def agree(expected: str, found: str, relative: float = RELATIVE) -> bool:
    """Tell whether two texts have the same words, and numbers that agree."""
    numbers = zip(NUMBER.findall(expected), NUMBER.findall(found), strict=False)
    return words(expected) == words(found) and all(
        close(one, other, relative) for one, other in numbers
    )


def words(text: str) -> str:
    """Return a text with its numbers masked; the space around them depends on their length."""
    return re.sub(r"\s*#\s*", "#", " ".join(NUMBER.sub("#", text).split()))


def close(one: str, other: str, relative: float) -> bool:
    if is_whole(one) or is_whole(other):
        return one == other
    values = [float(number.replace("−", "-")) for number in (one, other)]
    return math.isclose(*values, rel_tol=relative, abs_tol=ABSOLUTE)


def is_whole(number: str) -> bool:
    return re.search(r"[.eE]", number) is None


def prose_agrees(stored: str, marked: str) -> bool:
    """Tell whether a stored text is the new one, but for small changes of what is glued.

    A glued number may differ by a tenth, or by one step of its last digit.
    """
    parts = re.split(f"{MARKS[0]}(.*?){MARKS[1]}", marked, flags=re.DOTALL)
    pattern = "(.*?)".join(map(re.escape, parts[::2]))
    match = re.fullmatch(pattern, stored, flags=re.DOTALL)
    return match is not None and all(map(glued_agrees, match.groups(), parts[1::2]))


def glued_agrees(one: str, other: str) -> bool:
    if words(one) != words(other):
        return False
    return all(map(nearly, NUMBER.findall(one), NUMBER.findall(other)))


def nearly(one: str, other: str) -> bool:
    values = [float(number.replace("−", "-")) for number in (one, other)]
    step = max(last_digit(one), last_digit(other))
    return math.isclose(*values, rel_tol=GLUED_RELATIVE, abs_tol=GLUED_STEPS * step)


def last_digit(number: str) -> float:
    """Return what one step of a number's last digit is worth: 0.01 for 3.14."""
    mantissa, _, exponent = number.lower().partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
