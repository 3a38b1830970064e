"""Whatever users bring: values of every type, shape, mask, order of bytes and emptiness."""

import datetime
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import tensorflow as tf
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

KINDS = [
    *(order + kind for order in "<>" for kind in ("i2", "i4", "i8", "u2", "u8", "f2", "f4", "f8")),
    *("i1", "u1", "longdouble", "c8", ">c16", "?", "U5", "S5", "O", "M8[ns]", "m8[s]", "M8[D]"),
    np.dtype([("energy", "f4"), ("bin", ">i2")]),
]
OBJECTS = [None, Decimal("1.5"), Fraction(1, 3), datetime.datetime(2026, 11, 27), pd.NA, pd.NaT]
OBJECTS += [datetime.date(2026, 11, 27), datetime.timedelta(1), "0.5", 1, 0.5, True, 10**400, 1j]
SCALARS = [2.5, 2.0, True, "3", "", b"3", float("nan"), float("inf"), 0, -1, None, 3j, "a\n\0b"]
SCALARS += [np.int64(3), np.uint8(1), np.float32(0.5), np.bool_(True), np.array(2), [3], 10**30]
SCALARS += [Decimal("0.5"), Fraction(1, 2), pd.NA, np.datetime64("NaT"), np.ma.masked, {}, set()]
NULLABLE = ["Int64", "Float64", "boolean", "category", "string", "datetime64[ns, UTC]"]


class Quantity:
    """An array with a unit, which becomes bare numbers without a question, as pint's do."""

    def __init__(self, values):
        self.magnitude, self.units = values, "mV"

    def __array__(self, *_, **__):
        return np.asarray(self.magnitude)


def cast(values, kind):
    """Return the numbers of a good argument as another type, if there is a way."""
    with np.errstate(all="ignore"):
        try:
            return values.astype(kind)
        except (TypeError, ValueError):
            return values.astype("U").astype(object)


@st.composite
def arrays(draw, like):
    """Draw an array of any type: with the numbers of a good one, or any of any shape."""
    kind = np.dtype(draw(st.sampled_from(KINDS)))
    if draw(st.booleans()):
        return cast(like, kind)
    shapes = hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=3)
    shape = draw(st.just(like.shape) | shapes)
    elements = st.sampled_from(OBJECTS) if kind.hasobject else None
    return draw(hnp.arrays(kind, shape, elements=elements))


def with_mask(draw, array):
    return np.ma.array(array, mask=draw(hnp.arrays(bool, array.shape)))


def with_an_object(draw, array):
    objects = array.astype(object)
    objects[draw(hnp.arrays(bool, array.shape))] = draw(st.sampled_from(OBJECTS))
    return objects


def in_pandas(draw, array):
    table = pd.Series(array) if array.ndim == 1 else pd.DataFrame(array.reshape(len(array), -1))
    repr(table)  # Of a wide one in another order of bytes pandas cannot; Hypothesis asks for it.
    return table.shift() if draw(st.booleans()) else table


def of_pandas_own_type(draw, array):
    with warnings.catch_warnings(action="ignore"):
        return in_pandas(draw, array).astype(draw(st.sampled_from(NULLABLE)))


def frozen(draw, array):
    array = array.copy()
    array.flags.writeable = False
    return array


FORMS = [
    lambda draw, array: array,
    lambda draw, array: array[()],
    frozen,
    lambda draw, array: np.repeat(array, 2, axis=-1)[..., ::2],
    lambda draw, array: np.flip(np.flip(array).copy()),
    lambda draw, array: array.copy(order="F"),
    lambda draw, array: np.ma.array(array),
    with_mask,
    lambda draw, array: [with_mask(draw, row) for row in array],
    with_an_object,
    lambda draw, array: array.tolist(),
    lambda draw, array: tuple(array),
    lambda draw, array: [*array.tolist(), [1.0]],
    lambda draw, array: (row for row in array),
    in_pandas,
    of_pandas_own_type,
    lambda draw, array: pd.Index(array if array.dtype != np.float16 else array.astype("f4")),
    lambda draw, array: tf.constant(array),
    lambda draw, array: Quantity(array),
    lambda draw, array: [Quantity(row) for row in array],
    lambda draw, array: {"x": array},
]


# What NumPy, pandas and TensorFlow raise where an array cannot take a form that was drawn; pandas
# asserts what it asks to be told of.
NO_SUCH_FORM = (
    *(TypeError, ValueError, IndexError, OverflowError, AttributeError),
    AssertionError,
)


@st.composite
def anything(draw, like):
    """Draw what may stand where an array like this one is meant."""
    array = draw(arrays(np.asarray(like)))
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(SCALARS))
    try:
        return draw(st.sampled_from(FORMS))(draw, array)
    except NO_SUCH_FORM:
        return array


def numbers_of(values):
    """Return the numbers that are meant, one by one, with NaN where there is none."""
    if isinstance(values, list | tuple):
        return np.array([numbers_of(value) for value in values])
    if np.ma.isMaskedArray(values):
        return np.where(np.ma.getmaskarray(values), np.nan, numbers_of(values.data))
    objects = np.asarray(values, dtype=object)
    numbers = [np.nan if pd.isna(value) else float(value) for value in objects.flat]
    return np.array(numbers, float).reshape(objects.shape)
