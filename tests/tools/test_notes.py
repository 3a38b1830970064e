"""Notes are read as they are written, plans add up, and what is wrong is said."""

import pytest

from tools.book import ROOT, pages, source
from tools.editions import plans
from tools.editions.notes import LECTURES, notes

GOOD = """
```{teaching-note} Opening
:minutes: 70, 80, 100
:measured: 72

:Aim: See.
:Ask: Why
  not?
:Answer: Because.
```

```{teaching-note} Exercises
:minutes: 5, 10, 20

:Misconception: All is well.
:Cure: Look.
:Home: *One*
```
"""
PAGE = "# Page\n\n## Exercises\n\n```{exercise} One\n:label: one\n```\n" + GOOD


def test_a_note_is_read_as_it_is_written():
    opening, last = notes(PAGE)
    assert (opening.section, opening.minutes, opening.measured) == ("Opening", (70, 80, 100), "72")
    assert opening.all("Ask") == ["Why not?"]
    assert last.fields[0] == ("Misconception", "All is well.")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (":minutes: 70, 80, 100", ":minutes: 70", "with its minutes in a lecture of 75, 90, 120"),
        (":Answer: Because.\n", "", "Ask without Answer"),
        (":Ask: Why\n  not?\n", "", "Ask without Answer"),
        (":Cure: Look.\n", "", "Misconception without Cure"),
        (":Aim: See.", "See.", "has text without a field"),
        (":measured: 72", ":measured: 1x", ":measured: cannot be '1x'"),
        (":Aim: See.", ":Goal: See.", "has 'Goal'; write each thing as a field, one of Aim"),
    ],
)
def test_what_is_wrong_in_a_note_is_said(old, new, sentence):
    assert old in PAGE
    with pytest.raises(ValueError, match=sentence):
        notes(PAGE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("70, 80, 100", "71, 80, 100", "plan 76 minutes for a lecture of 75; make their"),
        ("} Opening", "} Beginning", "There is no section 'Beginning'"),
        ("*One*", "*Two*", "There is no exercise 'Two'"),
    ],
)
def test_what_does_not_fit_the_page_is_said(monkeypatch, tmp_path, old, new, sentence):
    page = tmp_path / "page.md"
    monkeypatch.setattr(plans.book, "pages", lambda: ["page"])
    monkeypatch.setattr(plans.book, "source", lambda name: page)
    page.write_text(PAGE)
    assert list(plans.pages_with_notes()) == ["page"]
    page.write_text(PAGE.replace(old, new))
    with pytest.raises(ValueError, match=f"page.md: .*{sentence}"):
        plans.pages_with_notes()


def test_the_plans_are_those_of_the_notes():
    assert (ROOT / plans.FILE).read_text("utf-8") == plans.text(), "run: make notebooks"


@pytest.mark.ours
def test_every_lecture_has_its_notes_slides_and_misconceptions():
    lectures = [page for page in pages() if "\n## Exercises\n" in source(page).read_text("utf-8")]
    found = plans.pages_with_notes()
    assert list(found) == [page for page in lectures if not page.endswith("estimator_to_keras")]
    for page, of_page in found.items():
        assert plans.totals(of_page) == list(LECTURES), page
        assert len(plans.texts(of_page, "Misconception")) >= 5, page
        assert 20 <= source(page).read_text("utf-8").count("\n```{slide}") <= 30, page
