"""Self-checks of the exercises: one sentence that says right, or what to look at.

Each chapter keeps its checks in a module of its own in this package. A check is
a function that takes the reader's answers and returns ``None`` when they are
right, a hint, one sentence, when they are not, and ``...`` when an answer is a
function that still holds the dots::

    @exercise("dk-ex-third", praise="The weights sum to zero, as they must.")
    def third_derivative(kernel):
        if np.shape(kernel) != (5,):
            return "A third derivative with an error of order h² needs five weights."
"""

import importlib
import pkgutil
from collections.abc import Callable

_EXERCISES: dict[str, tuple[Callable, str]] = {}


def exercise(label: str, praise: str = ""):
    """Register the decorated function as the check of the exercise `label`."""

    def register(function):
        _EXERCISES[label] = (function, praise)
        return function

    return register


def exercises() -> dict[str, tuple[Callable, str]]:
    """Return every check of the book by the label of its exercise."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return _EXERCISES


def check(label: str, *answers) -> bool:
    """Check the answers to an exercise and print one sentence about them.

    Parameters
    ----------
    label : str
        The exercise's label, such as ``"dk-ex-third"``.
    *answers
        What the exercise asks for: numbers, arrays or functions. ``...`` stands
        for an answer that is not given yet.

    Returns
    -------
    bool
        Whether the answers are right. An answer that is missing, or that raises,
        is not right; `check` itself never raises because of an answer.

    Raises
    ------
    ValueError
        If there is no exercise of that label.

    Examples
    --------
    >>> from helpers.checks import check
    >>> check("dk-ex-third", ...)
    ○ Not answered yet: replace the dots (...) and run the cell again.
    False
    """
    if label not in exercises():
        raise ValueError(
            f"There is no exercise {label!r}; the labels are {', '.join(sorted(_EXERCISES))}."
        )
    function, praise = _EXERCISES[label]
    hint = ... if any(answer is ... for answer in answers) else _hint(function, answers)
    if hint is ...:
        print("○ Not answered yet: replace the dots (...) and run the cell again.")
    elif hint:
        print(f"✗ Not yet. {hint}")
    else:
        print(f"✓ Correct. {praise}".rstrip())
    return hint is None


def _hint(function: Callable, answers: tuple):
    try:
        return function(*answers)
    except Exception as error:
        return f"Checking your answer raised {type(error).__name__}: {error}"
