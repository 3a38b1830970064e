"""What an answer to an exercise may be, and the one place where a reader's code runs.

A kind turns an answer into what a check computes with: ``number`` into a float,
``array`` into an array of floats, ``function(number)`` into a function whose results
are floats. What is of another kind raises a `Hint` that says so.
"""

import numbers
import reprlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np


class Hint(Exception):
    """The sentence that helps whose answer is not right."""


class Unanswered(Exception):
    """Dots stand where an answer belongs."""


@dataclass(frozen=True)
class Kind:
    """A kind of answers.

    Attributes
    ----------
    noun : str
        What such an answer is, for a sentence.
    convert : callable
        Function of the answer and its name that returns what a check computes with;
        it raises a TypeError or ValueError for an answer of another kind.
    """

    noun: str
    convert: Callable[[object, str], object]

    def take(self, answer: object, name: str) -> object:
        """Return the answer as a check takes it; raise `Hint` or `Unanswered` otherwise."""
        if holds_dots(answer):
            raise Unanswered
        seen = _seen(answer)
        if answer is None:
            raise Hint(f"{name} must be {self.noun}, and is {seen}.")
        try:
            return self.convert(answer, name)
        except (TypeError, ValueError):
            raise Hint(f"{name} must be {self.noun}, and is {seen}.") from None


def run(name: str, function: Callable, *arguments: object) -> object:
    """Run a reader's code; what it raises is the reader's, not the check's."""
    try:
        return function(*arguments)
    except (Hint, Unanswered):
        raise
    except Exception as error:
        what = str(error).strip().partition("\n")[0]
        raise Hint(f"{name} raised {type(error).__name__}: {what}") from error


def holds_dots(answer: object) -> bool:
    """Return whether the answer is the dots, or has them in a part of it."""
    if isinstance(answer, dict):
        answer = list(answer.values())
    if isinstance(answer, np.ndarray):
        answer = answer.ravel().tolist() if answer.dtype.kind == "O" else []
    if isinstance(answer, list | tuple):
        return any(map(holds_dots, answer))
    return answer is ...


def shaped(*shape: int) -> Kind:
    """Return the kind of arrays of this shape."""

    def convert(answer, name):
        values = array.convert(answer, name)
        if values.shape != shape:
            raise Hint(f"{name} must have the shape {shape}, and has {values.shape}.")
        return values

    return Kind(f"an array of the shape {shape}", convert)


def parts(**kinds: Kind) -> Kind:
    """Return the kind of tuples and lists whose parts are of these kinds, in this order."""

    def convert(answer, name):
        if not isinstance(answer, tuple | list) and np.ndim(answer) != 1:
            raise TypeError
        pairs = zip(kinds.items(), answer, strict=True)
        return [kind.take(part, key) for (key, kind), part in pairs]

    return Kind(f"a tuple of {listed(kinds)}, in this order", convert)


def function(returns: Kind | None = None) -> Kind:
    """Return the kind of functions whose results are of the kind `returns`, or anything."""

    def convert(answer, name):
        if not callable(answer):
            raise TypeError

        def call(*arguments):
            return (returns or anything).take(run(name, answer, *arguments), f"What {name} returns")

        return call

    return Kind("a function, given by its name without brackets", convert)


def listed(names) -> str:
    """Return the names as a sentence lists them."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _seen(answer: object) -> str:
    if answer is None:
        return "None: print shows a value, return hands it over"
    if isinstance(answer, str):
        return f"the text {reprlib.repr(answer)}: leave out the quotation marks"
    if isinstance(answer, list | tuple | dict | set):
        return f"the {type(answer).__name__} {reprlib.repr(answer)}"
    if isinstance(answer, numbers.Number | np.bool_):
        return str(answer)
    if callable(answer) and hasattr(answer, "__name__"):
        return f"the function {answer.__name__}: give what it returns"
    kind = f", of the dtype {answer.dtype}" if hasattr(answer, "dtype") else ""
    shape = f" and the shape {answer.shape}" if hasattr(answer, "shape") else ""
    return f"of the type {type(answer).__name__}{kind}{shape}"


def _array(answer, name):
    values = np.asarray(np.ma.filled(answer, np.nan) if np.ma.is_masked(answer) else answer)
    if values.dtype.kind not in "biuf":
        raise TypeError
    return values.astype(float)


def _finite_array(answer, name):
    values = _array(answer, name)
    if not np.isfinite(values).all():
        odd = values[~np.isfinite(values)][0]
        raise Hint(f"{name} must be an array of finite numbers, and holds {odd}.")
    return values


def _number(answer, name):
    if not isinstance(answer, numbers.Real | Decimal):
        values = np.asarray(answer)
        if values.shape != () or values.dtype.kind not in "iuf":
            raise TypeError
    if isinstance(answer, bool) or np.isnan(float(answer)):
        raise TypeError
    return float(answer)


def _finite_number(answer, name):
    value = _number(answer, name)
    if np.isinf(value):
        raise ValueError
    return value


def _whole(answer, name):
    value = _finite_number(answer, name)
    if not value.is_integer():
        raise ValueError
    return int(value)


def _text(answer, name):
    if not isinstance(answer, str):
        raise TypeError
    return answer.strip()


anything = Kind("an answer", lambda answer, name: answer)
array = Kind("an array of numbers", _finite_array)
array_with_gaps = Kind("an array of numbers", _array)
"""An array that may hold nan and inf, of which the check says where they come from."""
number = Kind("one number", _finite_number)
number_or_infinity = Kind("one number", _number)
"""A number that may be inf, of which the check says where it comes from."""
whole = Kind("one whole number", _whole)
text = Kind("a text in quotation marks", _text)
