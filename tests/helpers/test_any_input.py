"""Whatever is brought to a helper: the right result or one sentence, and nothing is changed."""

import importlib
import inspect
import pkgutil
import traceback
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import helpers
from tests.helpers.any_input import KINDS, SCALARS, Quantity, anything, cast
from tests.helpers.public_functions import CASES

NOTHING_TO_BRING = {"forged_spectra", "monitor_spectra", "use_style"}
ELSEWHERE = {"arguments", "blocks", "checks", "files", "runtime", "traces"}
ARGUMENTS = [
    pytest.param(case, name, id=f"{case.function.__name__}-{name}")
    for case in CASES
    for name in case.arguments
]


def holds_array(case, name):
    return isinstance(case.arguments[name], np.ndarray)


# What is no whole number, and no number, and what is none of those that are meant.
MISTAKES = {int: ([2.5, 2.0, True, "3", float("nan")], [-1, 10**40])}
MISTAKES |= {float: ([True, "3", 1j, [1.0]], [float("nan"), float("inf"), -1])}
NUMBERS = [
    pytest.param(case, name, kind, id=f"{case.function.__name__}-{name}")
    for case in CASES
    for name, parameter in inspect.signature(case.function).parameters.items()
    for kind in MISTAKES
    if parameter.annotation in (kind, kind | None)
]


def exported(room):
    module = importlib.import_module(f"helpers.{room}")
    for name in getattr(module, "__all__", vars(module)):
        value = getattr(module, name)
        if inspect.isfunction(value) and value.__module__.startswith(module.__name__):
            yield name


def test_no_public_function_is_forgotten():
    rooms = {module.name for module in pkgutil.iter_modules(helpers.__path__)} - ELSEWHERE
    functions = {name for room in rooms for name in exported(room) if not name.startswith("_")}
    tried = {case.function.__name__ for case in CASES} - {"convolutions"}
    assert functions == tried | NOTHING_TO_BRING | {"apply_convolutions"}


def is_our_sentence(error):
    """Tell whether an error is one sentence, and raised by the helpers themselves."""
    raised = traceback.extract_tb(error.__traceback__)[-1]
    is_ours = Path(helpers.__file__).parent in Path(raised.filename).parents
    is_one = str(error).endswith(".") and str(error).isprintable()
    return is_ours and is_one and raised.line.startswith("raise ")


def contents(value):
    """Return what a value holds, to be compared."""
    if isinstance(value, dict):
        return {key: contents(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return list(map(contents, value))
    if isinstance(value, np.ndarray):
        held = repr(np.ma.getdata(value).tolist()), repr(np.ma.getmask(value))
        return value.dtype, value.shape, value.flags.writeable, held
    return repr(value)


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path_factory.mktemp("elsewhere"))
        patched.setenv("DEEP_LEARNING_DATA", "cache")
        yield


def try_it(case, arguments):
    """Call a function; the result has to be right, or the error ours."""
    brought = contents(arguments)
    try:
        result = case.function(**arguments)
        if case.agree:
            case.agree(result, **arguments)
    except (ValueError, TypeError, OSError) as error:
        if not is_our_sentence(error):
            raise
    assert contents(arguments) == brought


@pytest.mark.filterwarnings("ignore:Glyph", "ignore:overflow:RuntimeWarning:pandas")
@pytest.mark.parametrize(("case", "name"), ARGUMENTS)
@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_brought_gives_the_right_result_or_one_sentence(case, name, data):
    good = case.arguments[name]
    values = anything(good) if holds_array(case, name) else st.sampled_from(SCALARS)
    try_it(case, case.arguments | {name: data.draw(values)})


@pytest.mark.parametrize(
    ("case", "name"), [case for case in ARGUMENTS if holds_array(*case.values)]
)
def test_good_values_of_every_type_give_the_right_result_or_one_sentence(case, name):
    good = case.arguments[name]
    for kind in KINDS:
        try_it(case, case.arguments | {name: cast(good, kind)})
    with pytest.raises(TypeError, match=r"carries a unit, .*\.$"):
        case.function(**case.arguments | {name: Quantity(good)})


@pytest.mark.parametrize(("case", "name", "kind"), NUMBERS)
def test_one_mistake_is_one_kind_of_error(case, name, kind):
    wrong_types, wrong_values = MISTAKES[kind]
    if inspect.signature(case.function).parameters[name].annotation is kind:
        wrong_types = [*wrong_types, None]
    for error, values in ((TypeError, wrong_types), (ValueError, wrong_values)):
        for value in values:
            with pytest.raises(error, match=rf"^{name} is .*, but it must be a .*number"):
                case.function(**case.arguments | {name: value})
