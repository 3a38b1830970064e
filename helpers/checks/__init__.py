"""Self-checks of the exercises: one sentence that says right, or what to look at.

Each page keeps its checks in a module of its own in this package. The labels of its
exercises begin with the name of that module, or with what `PAGES` has for it.
A check is a function of the reader's answers, named as the reader's variables, that
returns ``None`` when they are right and a hint, one sentence, when they are not; its
docstring is the praise. The decorator says of what kind each answer is, and turns away
all others, dots and errors, so that a check computes with floats, arrays and functions
of them::

    @exercise("dk-ex-third", shaped(5))
    def check_third_derivative(third_derivative):
        'Its weights sum to zero: a constant has no third derivative.'
        if not np.isclose(third_derivative.sum(), 0):
            return "The weights do not sum to zero, so a constant would have a derivative."
"""

import importlib
import inspect
import pkgutil
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from helpers.checks.answers import Hint, Kind, Unanswered, holds_dots, listed

PAGES = {
    "at": "attention",
    "dk": "derivative_kernels",
    "dn": "deeper_networks",
    "gn": "generators",
    "hl": "high_level_apis",
    "ol": "outlook",
    "pc": "pulse_cnn",
    "pl": "pulse_limits",
    "rl": "reinforcement",
    "rn": "recurrent",
    "sq": "sequences",
    "td": "today",
    "tr": "training",
    "ul": "unsupervised",
}
"""Modules of this package whose labels begin with something shorter than their names."""


class Exercise(NamedTuple):
    """A check, and the kind of each answer that it takes."""

    function: Callable
    kinds: tuple[Kind, ...]

    @property
    def praise(self) -> str:
        """The sentence for who is right."""
        return inspect.getdoc(self.function)

    @property
    def names(self) -> list[str]:
        """The reader's variables."""
        return list(inspect.signature(self.function).parameters)

    @property
    def place(self) -> str:
        """Where the check is written."""
        code = self.function.__code__
        return f"{code.co_filename}, line {code.co_firstlineno}"

    def hint(self, answers: tuple) -> str | None:
        """Return what the check says of the answers, or raise `Hint` or `Unanswered`."""
        if any(map(holds_dots, answers)):
            raise Unanswered
        if len(answers) != len(self.names):
            given = f"was given {len(answers)} of {len(self.names)}"
            raise Hint(f"The check takes the answers {listed(self.names)}, and {given}.")
        kinds = zip(self.kinds, answers, self.names, strict=True)
        return self.function(*(kind.take(answer, name) for kind, answer, name in kinds))


_EXERCISES: dict[str, Exercise] = {}


def exercise(label: str, *kinds: Kind) -> Callable:
    """Register the decorated function as the check of an exercise.

    Parameters
    ----------
    label : str
        The exercise's label; before its first hyphen stand the name of the module or what
        `PAGES` has for it.
    *kinds : Kind
        What each answer is, from `helpers.checks.answers`.

    Returns
    -------
    callable
        The decorator, which returns the function as it is.

    Raises
    ------
    ValueError
        If another check has the label, or if the label leads to another module.
    """

    def register(function: Callable) -> Callable:
        new = Exercise(function, kinds)
        old = _EXERCISES.get(label, new)
        if _full_name(old) != _full_name(new):
            raise ValueError(
                f"Two checks have the label {label!r}, at {old.place}, and at {new.place}: "
                "give one of them another label."
            )
        if function.__module__ != f"{__name__}.{page(label)}":
            raise ValueError(
                f"The check at {new.place} has the label {label!r}, which does not lead to its "
                "module: begin it with the module's name, or mend helpers.checks.PAGES."
            )
        _EXERCISES[label] = new
        return function

    return register


def exercises() -> dict[str, Exercise]:
    """Return every check of the book by the label of its exercise."""
    for module in pkgutil.iter_modules(__path__):
        _load(module.name)
    return _EXERCISES


def check(label: str, *answers: object) -> bool:
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
    try:
        _load(page(label))
    except Exception as error:
        print(_fault(error))
        return False
    if label not in _EXERCISES:
        same_page = [one for one in _EXERCISES if _prefix(one) == _prefix(label)]
        known = ", ".join(same_page or [f"{prefix}-…" for prefix in PAGES])
        raise ValueError(f"There is no exercise {label!r}; the labels are {known}.")
    right, sentence = _judged(_EXERCISES[label], answers)
    print(sentence)
    return right


def _judged(asked: Exercise, answers: tuple) -> tuple[bool, str]:
    try:
        hint = asked.hint(answers)
    except Unanswered:
        return False, "○ Not answered yet: replace the dots (...) and run the cell again."
    except Hint as error:
        hint = str(error)
    except Exception as error:
        return False, _fault(error)
    return not hint, f"✗ Not yet. {hint}" if hint else f"✓ Correct. {asked.praise}"


def _fault(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in frames if str(Path(frame.filename).parent) in __path__]
    where = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}"
    return (
        f"! This check has a fault, not your answer: {type(error).__name__}: {error} ({where}). "
        "Please report this line to whoever gave you the book."
    )


def _full_name(asked: Exercise) -> tuple[str, str]:
    return asked.function.__module__, asked.function.__qualname__


def _prefix(label: str) -> str:
    return str(label).partition("-")[0]


def page(label: str) -> str:
    """Return the name of the module that has the check of an exercise, by its label."""
    return PAGES.get(_prefix(label), _prefix(label))


def _load(name: str) -> None:
    if name in {module.name for module in pkgutil.iter_modules(__path__)}:
        importlib.import_module(f"{__name__}.{name}")
