"""Questions need no kernel and no mouse, say what is wrong, and remember the first answer."""

import json
from collections import Counter

import pytest

from tests.site.conftest import SITE, parsed
from tools.book import pages, source
from tools.site import pdf
from tools.site.questions import answers

GOOD = """
One
: Not one.

+ Two, or `2`
: Right.
  It is two.

Three
: Not three.
"""
ASKING = [name for name in pages() if parsed(f"{name}.html").select(".question")]


def test_answers_are_read_with_what_is_said_of_each():
    found = answers(GOOD)
    assert [one.text for one in found] == ["One", "Two, or `2`", "Three"]
    assert [one.is_right for one in found] == [False, True, False]
    assert found[1].said == "Right. It is two."


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("+ Two", "Two", "this has 3, of which 0 are right"),
        ("Three", "+ Three", "this has 3, of which 2 are right"),
        (": Not one.", "Not one.", "this has 2, of which 1 are right"),
        ("Three", "$3$", "An answer has a formula"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(old, new, sentence):
    with pytest.raises(ValueError, match=sentence):
        answers(GOOD.replace(old, new))


@pytest.mark.ours
def test_every_lecture_asks_five_questions_two_of_them_twice():
    lectures = [
        name for name in pages() if "### Train and report" in source(name).read_text("utf-8")
    ]
    asked = {name: parsed(f"{name}.html").select(".question") for name in lectures}
    assert [name for name, all_of_it in asked.items() if len(all_of_it) < 5] == []
    for name, all_of_it in asked.items():
        assert sum("twice" in one["class"] for one in all_of_it) == 2, name
    places = Counter(
        [answer in one.select(".right") for answer in one.select("details")].index(True)
        for all_of_it in asked.values()
        for one in all_of_it
    )
    # Or a reader would learn the place instead of the answer.
    assert max(places.values()) < 0.5 * places.total()


@pytest.mark.parametrize("name", ASKING)
def test_every_answer_says_something(name):
    for question in parsed(f"{name}.html").select(".question"):
        for answer in question.select("details"):
            assert len(answer.p.get_text().split()) >= 4, answer
        assert len({answer["name"] for answer in question.select("details")}) == 1


def test_the_first_answer_counts_is_remembered_and_saved(open_page):
    page = open_page(ASKING[0])
    question = page.locator(".question").first
    wrong = question.locator("details:not(.right) summary").first
    wrong.focus()
    page.keyboard.press("Enter")
    assert question.locator("details:not(.right) p").first.is_visible()
    question.locator("details.right summary").click()
    says = page.locator(".question-score [role=status]")
    assert says.inner_text().startswith("0 of 1 right at first")
    page.reload()
    assert says.inner_text().startswith("0 of 1 right at first")
    page.get_by_role("button", name="Ask me again").click()
    assert says.inner_text() == ""
    question.locator("details.right summary").click()
    assert says.inner_text().startswith("1 of 1 right at first")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers").click()
    saved = json.loads(download.value.path().read_text("utf-8"))
    assert saved["page"] == ASKING[0].split("/")[-1]
    assert [len(one) for one in saved["rounds"]] == [1, 1]


def test_questions_are_asked_on_paper_and_not_answered():
    shown = pdf.article(SITE / f"{ASKING[0]}.html")
    assert shown.select(".question")
    assert not shown.select(".question details")
    assert "Right." not in "".join(one.get_text() for one in shown.select(".question"))
