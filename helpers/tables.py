"""A table of results, for the eye and for a screen reader alike."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from numbers import Integral, Real

import numpy as np

from helpers.arguments import unmasked, whole_number

_HYPHEN = re.compile(r"^-(?=\d)")
_NUMBER = re.compile(r"[-+−±]?(\d[\d.,]*|nan|inf)|")


@dataclass(frozen=True, repr=False)
class Table:
    """The texts of a table, line by line, its headers first; a notebook marks them as such."""

    lines: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        padded = [_padded(column) for column in zip(*self.lines, strict=True)]
        return "\n".join("  ".join(line).rstrip() for line in zip(*padded, strict=True))

    def _repr_html_(self) -> str:
        columns = enumerate(zip(*self.lines, strict=True))
        head, *body = zip(*(_marked(*column) for column in columns), strict=True)
        rows = "".join(f"<tr>{''.join(row)}</tr>" for row in body)
        head = f"<thead><tr>{''.join(head)}</tr></thead>"
        # The class by which themes and notebooks know the tables of pandas.
        return f'<table class="dataframe">{head}<tbody>{rows}</tbody></table>'


def show_table(rows: Mapping[object, object], columns: Sequence[str], digits: int = 3) -> Table:
    """Make a table of results, which a notebook shows with its numbers aligned.

    Parameters
    ----------
    rows : mapping
        What each row holds, under its name: one value or several. Whole numbers get commas
        between the thousands, other numbers are rounded, and text stays as it is; a hyphen before a
        number becomes a minus.
    columns : sequence of str
        What stands above the names of the rows, and above each of their values.
    digits : int, default 3
        How many digits other numbers get after the point.

    Returns
    -------
    Table
        The table, as text where it is printed.

    Raises
    ------
    TypeError
        If the rows are no mapping, a column is no text, or `digits` no whole number.
    ValueError
        If a row has not one value for each column but the first.

    Examples
    --------
    >>> from helpers.tables import show_table
    >>> layers = {"dense": (11600, 0.5), "convolution": (51, 0.938)}
    >>> show_table(layers, ["layer", "weights", "right"])
    layer        weights  right
    dense         11,600  0.500
    convolution       51  0.938
    """
    whole_number("digits", digits, least=0, most=17)
    columns = unmasked("columns", columns).ravel().tolist()
    if not isinstance(rows, Mapping) or not all(isinstance(name, str) for name in columns):
        raise TypeError(
            "The rows must be a dict, such as {'dense': (11600, 0.5)}, and the columns a list of "
            f"texts, but they are a {type(rows).__name__} and {columns}: give both."
        )
    if not columns:
        raise ValueError("There are no columns: give one at least, for the names of the rows.")
    lines = [tuple(columns)]
    for name, values in rows.items():
        if isinstance(values, Mapping):
            raise TypeError(
                f"The row {name!r} is a dict, but it must be a list of values: give them in the "
                "order of the columns."
            )
        several = isinstance(values, Iterable) and not isinstance(values, str | bytes)
        several &= getattr(values, "shape", None) != ()
        texts = [_as_text(value, digits) for value in (values if several else [values])]
        if len(texts) != len(columns) - 1:
            raise ValueError(
                f"The row {name!r} has {len(texts)} values, but below {list(columns)} there must "
                f"be {len(columns) - 1}; the first of these stands above the names of the rows."
            )
        lines.append((str(name), *texts))
    return Table(tuple(lines))


def _as_text(value: object, digits: int) -> str:
    if not isinstance(value, str) and getattr(value, "shape", None) == ():
        value = unmasked("A value", value)[()]  # A number in an array or a tensor is that number.
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, Real):
        return _HYPHEN.sub("−", str(value))
    shown = f"{value:,}" if isinstance(value, Integral) else f"{float(value):.{digits}f}"
    return _HYPHEN.sub("−", shown)


def _holds_numbers(column: tuple[str, ...]) -> bool:
    return all(_NUMBER.fullmatch(text) for text in column[1:])


def _padded(column: tuple[str, ...]) -> list[str]:
    width = max(map(len, column))
    side = ">" if _holds_numbers(column) else "<"
    return [f"{text:{side}{width}}" for text in column]


def _marked(number: int, column: tuple[str, ...]) -> list[str]:
    """Return the cells of a column; the first column names the rows."""
    side = "right" if number and _holds_numbers(column) else "left"
    kinds = ['th scope="col"', *["td" if number else 'th scope="row"'] * (len(column) - 1)]
    return [
        f'<{kind} style="text-align: {side}">{escape(text)}</{kind[:2]}>'
        for kind, text in zip(kinds, column, strict=True)
    ]
