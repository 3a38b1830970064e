"""Check what a function is given: the wrong type is a TypeError, a wrong value a ValueError.

Each check returns the value, or raises one sentence that names the argument, what it
is, and what it must be.
"""

import math
import numbers
import re
import reprlib
from collections.abc import Callable, Sequence

import numpy as np

LARGEST = 2**31 - 1
"""The largest number that counts anything here: an array of more would fit into no memory."""


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
    if most is None and value > LARGEST:
        most = LARGEST
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
    if not any(isinstance(value, type(one) | np.generic) and value == one for one in choices):
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
        If it is empty, or holds what no file can hold.

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
    if re.search("[\ud800-\udfff]", value):
        raise ValueError(
            f"{name} is {_short(value)}, but it must be text: leave out what is no letter."
        )
    return value


def names(label: str, values: Sequence[str], count: int) -> list[str]:
    """Return a list of as many texts as are needed.

    Raises
    ------
    TypeError
        If it is not a sequence of texts.
    ValueError
        If there are more or fewer of them.

    Examples
    --------
    >>> names("labels", ("even", "odd"), count=2)
    ['even', 'odd']
    """
    listed = unmasked(label, values).ravel().tolist()
    if not all(isinstance(name, str) for name in listed):
        raise TypeError(f"{label} is {_short(values)}, but it must be a list of {count} texts.")
    if len(listed) != count:
        raise ValueError(f"{label} has {len(listed)} texts, but it must have {count}: give each.")
    return listed


def unmasked(name: str, values: object) -> np.ndarray:
    """Return values of any type as an array of NumPy, which knows no masks and no units.

    Raises
    ------
    TypeError
        If they are no array, or carry a unit.
    ValueError
        If a value is masked or missing, or the values do not form an array.

    Examples
    --------
    >>> unmasked("X", [[1, 2], [3, 4]]).shape
    (2, 2)
    """
    if values is None:
        raise TypeError(f"{name} is None, but it must be an array: give its values.")
    if _is_any(_has_unit, values):
        raise TypeError(
            f"{name} carries a unit, but it must be bare numbers: convert it to the unit you mean "
            "and take its .magnitude (pint) or .value (astropy)."
        )
    if _is_any(_has_missing, values):  # Their columns have masks, and are filled in another way.
        raise ValueError(f"{name} has missing values, but it must have none: {_FILL}.")
    if _is_any(_is_masked, values):
        raise ValueError(
            f"{name} has masked values, but it must have none: fill them with .filled(…), or drop "
            "their samples."
        )
    try:
        return np.asarray(values)
    except Exception as error:  # What is no array may fail in a way of its own.
        if not isinstance(values, list | tuple):
            raise TypeError(f"{name} is {_short(values)}, but it must be an array.") from error
        raise ValueError(
            f"{name} has rows of different lengths, but it must be an array: give every sample the "
            "same shape."
        ) from None


def real_array(name: str, values: object, gaps: bool = False) -> np.ndarray:
    """Return values as an array of real numbers, which are finite unless gaps are allowed.

    Parameters
    ----------
    name : str
        What the values are called, for the errors.
    values : array_like
        Numbers of Python, NumPy, pandas or TensorFlow, in any order of bytes.
    gaps : bool, default False
        Whether values may be masked, missing, NaN or infinite; all of these become NaN.

    Raises
    ------
    TypeError
        If they are not real numbers.
    ValueError
        If one is masked, missing, NaN or infinite, or they do not form an array.

    Examples
    --------
    >>> real_array("scores", [1, 2.5])
    array([1. , 2.5])
    """
    array = real_numbers(name, values, gaps)
    if array.dtype.kind == "b":
        raise TypeError(f"{name} holds truths, but it must hold numbers: write .astype(float).")
    finite = np.isfinite(array)
    if finite.all():
        return array
    if not gaps:
        raise ValueError(f"{name} holds NaN or infinite values: remove or replace them first.")
    return np.where(finite, array, np.nan)


def moderate(name: str, array: np.ndarray) -> np.ndarray:
    """Return an array whose squares and differences are finite.

    Raises
    ------
    ValueError
        If a number is above 1e100 or below -1e100.

    Examples
    --------
    >>> moderate("scores", np.array([1.0, 2.5]))
    array([1. , 2.5])
    """
    sizes = abs(array.astype(float))
    if (sizes > 1e100).any():
        raise ValueError(
            f"{name} goes up to {np.nanmax(sizes):g}, but 1e100 is enough: take larger units."
        )
    return array


def real_numbers(name: str, values: object, gaps: bool = False) -> np.ndarray:
    """Return real numbers or truths as an array of NumPy, in the machine's order of bytes.

    Objects that are numbers, as in pandas' nullable columns, become numbers of NumPy.

    Parameters
    ----------
    name : str
        What the values are called, for the errors.
    values : array_like
        The numbers. NaN and infinity are numbers here.
    gaps : bool, default False
        Whether values may be masked or missing, and become NaN.

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
    array = unmasked(name, _with_none(values) if gaps else values)
    if array.dtype.kind == "O":
        array = _from_objects(name, array, gaps)
    if array.dtype.names is None and array.dtype.kind == "V" and np.can_cast(array.dtype, "f4"):
        array = array.astype(np.float32)  # TensorFlow's bfloat16, which NumPy does not know.
    _refuse_kind(name, array.dtype.kind)
    if array.dtype.itemsize > 8:  # TensorFlow has no longer floats.
        with np.errstate(over="ignore"):
            return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


_FILL = "drop their samples, or fill them in"
_DATES = ("dates", "write seconds since a start, (t - t[0]) / np.timedelta64(1, 's')")
_DURATIONS = ("durations", "write seconds, t / np.timedelta64(1, 's')")
_TEXT = (
    "text",
    "read numbers by .astype(float), or encode it, as np.unique(…, return_inverse=True)[1] does",
)
_NO_NUMBERS = {
    "c": ("complex numbers", "give .real and .imag as two columns"),
    "M": _DATES,
    "m": _DURATIONS,
    "U": _TEXT,
    "S": _TEXT,
    "V": ("records", "give a dict of its fields, {key: table[key] for key in table.dtype.names}"),
}
_NO_PLAIN_OBJECTS = {"isoformat": "M", "total_seconds": "m"}


def _refuse_kind(name: str, kind: str) -> None:
    if kind in _NO_NUMBERS:
        what, cure = _NO_NUMBERS[kind]
        raise TypeError(f"{name} holds {what}, but it must hold numbers: {cure}.")


def _with_none(values: object) -> object:
    """Return values with None, as in a list, where they are masked or missing."""
    if isinstance(values, list | tuple):
        return list(map(_with_none, values))
    if _has_missing(values):
        return np.where(values.isna(), None, np.asarray(values, dtype=object))
    if not _is_masked(values):
        return values
    masked = np.ma.asarray(values)
    return np.where(masked.mask, None, masked.data)[()]


def _from_objects(name: str, objects: np.ndarray, gaps: bool) -> np.ndarray:
    """Return what NumPy makes of objects if they are numbers or text, each and all."""
    plain = [_plain(name, value, gaps) for value in objects.flat]
    return np.array(plain).reshape(objects.shape)


def _plain(name: str, value: object, gaps: bool) -> object:
    if value is None or type(value).__name__ in ("NAType", "NaTType", "MaskedConstant"):
        if gaps:
            return np.nan
        raise ValueError(f"{name} has missing values, but it must have none: {_FILL}.")
    for method, kind in _NO_PLAIN_OBJECTS.items():
        _refuse_kind(name, kind if hasattr(value, method) else "O")
    is_plain = isinstance(value, numbers.Number | np.generic | str | bytes)
    if not is_plain or np.array(value).dtype.kind == "O":
        raise TypeError(
            f"{name} holds objects of type {type(value).__name__}, but it must hold numbers: "
            "convert each, as with np.array([float(value) for value in values])."
        )
    return value


def _is_a(kind: type, value: object) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool | np.timedelta64)


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


def _is_masked(values: object) -> bool:
    mask = np.ma.getmask(values)
    return mask.dtype.names is None and bool(mask.any())


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
