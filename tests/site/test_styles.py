"""The one sheet keeps the rules that a page or a script can use, and no other."""

import pytest
import tinycss2

from tests.site.conftest import SITE
from tools.site import styles

WORDS = {"table", "admonition", "tip", "later", "1"}


def kept(css: str) -> str:
    return "".join(styles.used(tinycss2.parse_stylesheet(css, True, True), WORDS))


@pytest.mark.parametrize(
    "rule",
    [
        "td{color:red}",
        ".table td{color:red}",
        ".absent,.table{color:red}",
        ".table:not(.absent){color:red}",
        ".admonition:is(.absent,.tip){color:red}",
        'a[href$=".pdf"]{color:red}',
        "@media print{.table{color:red}}",
        "@font-face{font-family:A}",
    ],
)
def test_a_rule_that_can_apply_stays(rule):
    assert kept(rule) == rule


@pytest.mark.parametrize(
    "rule",
    [".absent{color:red}", "#absent .table{color:red}", "@media print{.absent{color:red}}"],
)
def test_a_rule_that_names_what_is_nowhere_goes(rule):
    assert kept(rule) == ""


def test_links_lead_from_the_one_sheet_and_imports_are_taken_in(tmp_path):
    folder = tmp_path / "_static" / "theme"
    folder.mkdir(parents=True)
    folder.joinpath("a.css").write_text('@import "../b.css"; p{background:url(x.svg)}')
    folder.with_name("b.css").write_text("td{background:url(data:x)}")
    rules = [rule.serialize() for rule in styles.rules_of(folder / "a.css", tmp_path)]
    assert rules == ["td{background:url(data:x)}", "p{background:url(theme/x.svg)}"]


def test_every_link_of_the_sheet_leads_to_a_file():
    sheet = SITE / styles.SHEET
    links = styles.LINK.findall(sheet.read_text("utf-8"))
    assert links
    assert all((sheet.parent / link.split("#")[0].split("?")[0]).exists() for link in links)
