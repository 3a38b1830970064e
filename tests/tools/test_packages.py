"""Packages: what is declared, locked, accounted for, and the Pythons that they are for."""

import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from tools import bootstrap
from tools.book import ROOT
from tools.colab import pinned

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = [PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"].values()]
DECLARED = [Requirement(text) for group in GROUPS for text in group]
LOCK = (ROOT / "requirements.txt").read_text()


def test_the_lock_has_what_is_declared():
    locked = pinned(LOCK)
    assert [str(need) for need in DECLARED if not need.specifier.contains(locked[need.name])] == []


def test_what_is_installed_agrees_with_each_other():
    command = [f"{bootstrap.BIN}/uv", "pip", "check", "--python", sys.executable]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_helpers_take_back_nothing_that_a_reader_has():
    needs = map(Requirement, PROJECT["project"]["dependencies"])
    assert [str(need) for need in needs if not need.specifier.contains("999")] == []


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("README.md", "Python {0}, {1}\nor {2}"),
        ("instructors/README.md", "Python {0} and {2}"),
        ("helpers/runtime.py", 'OLDEST_PYTHON = "{0}"'),
        ("helpers/runtime.py", 'NEWEST = {{"Python": "{2}"'),
        ("binder/runtime.txt", "python-{0}"),
    ],
)
def test_where_pythons_are_named_they_are_those_that_pyproject_allows(file, says):
    pythons = [f"3.{minor}" for minor in bootstrap.supported()]
    assert says.format(*pythons) in (ROOT / file).read_text()
