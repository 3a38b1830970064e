"""CONTRIBUTING.md names every package, and only places that there are."""

import re

from tests.tools.test_packages import DECLARED
from tools.book import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text()


def test_each_direct_dependency_has_a_line():
    table = TEXT.split("| Package |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| `([\w.-]+)` \| [^|]+ \| [^|]+ \| [^|]+ \|$", table, re.MULTILINE)
    assert sorted(rows) == sorted(need.name for need in DECLARED)


def test_the_files_that_it_names_are_there():
    named = re.findall(r"`((?:\.github|chapters|helpers|tests|tools)/[\w./-]*)`", TEXT)
    assert len(named) > 20
    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []
