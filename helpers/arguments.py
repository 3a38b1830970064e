"""Check what a function is given: the wrong type is a TypeError, a wrong value a ValueError.

Each check returns the value, or raises one sentence that names the argument, what it
is, and what it must be.
"""

import math
import numbers
import reprlib
from collections.abc import Callable, Sequence

import numpy as np


def whole_number(
    name: str, value: object, least: int | None = None, most: int | None = None
) -> int:
    """Return a whole number, Python's or NumPy's, as an int; True and 2.0 are none.

    Parameters
    ----------
    name : str
        The argument's name.
    value : object
        What was given for it.
    least, most : int, optional
        The range that the value must lie in, both ends included.

    Raises
    ------
    TypeError
        If it is not a whole number.
    ValueError
        If it lies outside its range.

    Examples
    --------
    >>> whole_number("steps", np.int64(3), least=1)
    3
    """
    if not _is_a(numbers.Integral, value):
        raise TypeError(
            f"{name} is {_short(value)}, but it must be a whole number{_range(least, most)}: "
            f"write it as an int, such as {1 if least is None else least}."
        )
    return int(_within(name, value, "a whole number", least, most))


def real_number(
    name: str, value: object, least: float | None = None, most: float | None = None
) -> float:
    """Return a finite number, Python's or NumPy's, as a float; True is none.

    Parameters
    ----------
    name : str
        The argument's name.
    value : object
        What was given for it.
    least, most : float, optional
        The range that the value must lie in, both ends included.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is NaN or infinite, or lies outside its range.

    Examples
    --------
    >>> real_number("duration", 2, least=0)
    2.0
    """
    if not _is_a(numbers.Real, value):
        raise TypeError(
            f"{name} is {_short(value)}, but it must be a number{_range(least, most)}: "
            "write it as a float, such as 1.0."
        )
    return float(_within(name, value, "a finite number", least, most))


def choice(name: str, value: object, choices: Sequence) -> object:
    """Return a value that is one of some.

    Raises
    ------
    ValueError
        If it is none of them.

    Examples
    --------
    >>> choice("compression", "GZIP", (None, "GZIP"))
    'GZIP'
    """
    if value not in choices:
        listed = ", ".join(map(repr, choices))
        raise ValueError(f"{name} is {_short(value)}, but it must be one of {listed}: choose one.")
    return value


def text(name: str, value: object) -> str:
    """Return text, as a name must be.

    Raises
    ------
    TypeError
        If it is not text.
    ValueError
        If it is empty.

    Examples
    --------
    >>> text("unit", "µs")
    'µs'
    """
    if not isinstance(value, str):
        raise TypeError(
            f"{name} is {_short(value)}, but it must be text: write it in quotation marks."
        )
    if not value:
        raise ValueError(f"{name} is '', but it must be text: write at least one letter.")
    return value


def unmasked(name: str, values: object) -> np.ndarray:
    """Return values as an array of NumPy, which knows no masks.

    Raises
    ------
    ValueError
        If a value is masked, or the values do not form an array.

    Examples
    --------
    >>> unmasked("X", [[1, 2], [3, 4]]).shape
    (2, 2)
    """
    if _is_any(np.ma.is_masked, values):
        raise ValueError(
            f"{name} has masked values, but it must have none: fill them with .filled(…), or drop "
            "their samples."
        )
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(
            f"{name} has rows of different lengths, but it must be an array: give every sample the "
            "same shape."
        ) from None


def real_array(name: str, values: object) -> np.ndarray:
    """Return values as an array of finite real numbers.

    Raises
    ------
    TypeError
        If they are not real numbers.
    ValueError
        If one is masked, NaN or infinite, or they do not form an array.

    Examples
    --------
    >>> real_array("scores", [1, 2.5])
    array([1. , 2.5])
    """
    array = unmasked(name, values)
    if array.size and array.dtype.kind not in "fiu":
        raise TypeError(
            f"{name} holds values of type {array.dtype}, but it must hold real numbers: convert "
            "them with .astype(float)."
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinite values: remove or replace them first.")
    return array


def real_numbers(name: str, values: object) -> np.ndarray:
    """Return real numbers or truths as an array of NumPy, in the machine's order of bytes.

    Objects that are numbers, as in pandas' nullable columns, become numbers of NumPy.

    Raises
    ------
    TypeError
        If they are text, times, complex numbers, records, objects, or carry a unit.
    ValueError
        If a value is masked or missing, or the values do not form an array.

    Examples
    --------
    >>> real_numbers("x", np.array([1, 2], object)).dtype.kind
    'i'
    """
    if _is_any(_has_unit, values):
        raise TypeError(
            f"{name} carries a unit, but it must be bare numbers: convert it to the unit you mean "
            "and take its .magnitude (pint) or .value (astropy)."
        )
    array = unmasked(name, values)
    if _has_missing(values):
        raise ValueError(f"{name} has missing values, but it must have none: {_FILL}.")
    if array.dtype.kind == "O":
        array = _from_objects(name, array)
    _refuse_kind(name, array.dtype.kind)
    if array.dtype.itemsize > 8:  # TensorFlow has no longer floats.
        return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


_FILL = "drop their samples, or fill them in"
_NO_NUMBERS = {
    "c": ("complex numbers", "give .real and .imag as two columns"),
    "M": ("dates", "write seconds since a start, (t - t[0]) / np.timedelta64(1, 's')"),
    "m": ("durations", "write seconds, t / np.timedelta64(1, 's')"),
    "U": ("text", "encode it, as np.unique(…, return_inverse=True)[1] does, or drop it"),
    "S": ("text", "encode it, as np.unique(…, return_inverse=True)[1] does, or drop it"),
    "V": ("records", "give a dict of its fields, {key: table[key] for key in table.dtype.names}"),
}


def _refuse_kind(name: str, kind: str) -> None:
    if kind in _NO_NUMBERS:
        what, cure = _NO_NUMBERS[kind]
        raise TypeError(f"{name} holds {what}, but it must hold numbers: {cure}.")


def _from_objects(name: str, objects: np.ndarray) -> np.ndarray:
    """Return what NumPy makes of objects if they are numbers or text, each and all."""
    plain = (numbers.Number, np.generic, str, bytes)
    for value in objects.flat:
        if value is None or type(value).__name__ in ("NAType", "NaTType"):
            raise ValueError(f"{name} has missing values, but it must have none: {_FILL}.")
        _refuse_kind(name, "M" if hasattr(value, "timestamp") else "O")
        if not isinstance(value, plain) or np.array(value).dtype.kind == "O":
            raise TypeError(
                f"{name} holds objects of type {type(value).__name__}, but it must hold numbers: "
                "convert each, as with np.array([float(value) for value in values])."
            )
    return np.array(objects.tolist())


def _is_a(kind: type, value: object) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _within(name: str, value, what: str, least: float | None, most: float | None):
    low, high = (-math.inf if least is None else least), (math.inf if most is None else most)
    if not (low <= value <= high and math.isfinite(value)):
        wanted = f"{what}{_range(least, most)}"
        raise ValueError(f"{name} is {_short(value)}, but it must be {wanted}: choose another.")
    return value


def _range(least: float | None, most: float | None) -> str:
    if most is None:
        return "" if least is None else f" from {least} on"
    return f" up to {most}" if least is None else f" from {least} to {most}"


def _short(value: object) -> str:
    """Return the value as Python writes it, on one line and not too long."""
    return " ".join(reprlib.repr(value).split())


def _is_any(test: Callable[[object], bool], values: object) -> bool:
    """Tell whether a test is true of values or, if they are a list or a tuple, of any of them."""
    if isinstance(values, list | tuple):
        return any(_is_any(test, value) for value in values)
    return bool(test(values))


def _has_unit(values: object) -> bool:
    """Tell whether values carry a unit; pandas has other things of that name."""
    of_pandas = type(values).__module__.startswith("pandas.")
    return not of_pandas and (hasattr(values, "units") or hasattr(values, "unit"))


def _has_missing(values: object) -> bool:
    """Tell whether a column of pandas says that values are missing, which NaN need not mean."""
    if hasattr(values, "dtypes") and hasattr(values, "columns"):
        return any(_has_missing(column) for _, column in values.items())
    nullable = hasattr(values, "isna") and not isinstance(values.dtype, np.dtype)
    return nullable and bool(values.isna().any())
