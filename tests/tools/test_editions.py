"""Which edition is made, what it shows from which day on, and which settings get a sentence."""

from datetime import date

import pytest

from tools import book, editions

DAY = date(2027, 2, 1)


@pytest.fixture
def configured(monkeypatch):
    """Let `_config.yml` and the variable EDITION say what a test wants."""

    def configure(variable="", **settings):
        monkeypatch.setenv("EDITION", variable)
        monkeypatch.setattr(book, "setting", lambda path, default=None: settings.get(path, default))

    return configure


@pytest.fixture
def exercises(configured):
    """Return the labels of the book's exercises, of which tests need two."""
    configured()
    return editions.exercises()


def test_the_usual_edition_is_for_self_study_and_stands_where_it_is_published(configured):
    configured()
    assert editions.current() == editions.SELF_STUDY
    assert editions.site() == book.ROOT / "_build" / "html"
    assert editions.shown_solutions() == editions.exercises()


def test_the_variable_makes_another_edition_in_a_folder_of_its_own(configured):
    configured("student")
    assert not editions.shown_solutions()
    assert editions.site() == book.ROOT / "_build" / "student" / "_build" / "html"


@pytest.mark.parametrize(
    "settings", [{"edition": "student"}, {"sphinx.config.hide_solutions": True}]
)
def test_what_is_configured_is_published(configured, settings):
    configured(**settings)
    assert not editions.shown_solutions()
    assert editions.site() == book.ROOT / "_build" / "html"


def test_solutions_come_out_on_their_day(configured, exercises):
    one, other = exercises[:2]
    configured("student", solutions_from={one: DAY, "all": "2027-03-01"})
    assert not editions.shows_solution(one, date(2027, 1, 31))
    assert editions.shows_solution(one, DAY)
    assert not editions.shows_solution(other, DAY)
    assert editions.shows_solution(other, date(2027, 3, 1))


def test_one_day_is_for_all(configured, exercises):
    configured("student", solutions_from=DAY)
    assert editions.shows_solution(exercises[-1], DAY)
    assert not list(editions.problems())


def test_an_exercise_without_a_day_stays_back(configured, exercises):
    configured("student", solutions_from={exercises[0]: DAY})
    assert not editions.shows_solution(exercises[1], date(2100, 1, 1))


@pytest.mark.parametrize("edition", ["self-study", "instructor"])
def test_other_editions_wait_for_no_day(configured, exercises, edition):
    configured(edition, solutions_from=date(2100, 1, 1))
    assert editions.shown_solutions() == exercises


@pytest.mark.parametrize(
    ("variable", "settings", "sentence"),
    [
        ("students", {}, "EDITION cannot be 'students': write one of self-study, student"),
        ("", {"edition": "teacher"}, "In _config.yml, edition cannot be 'teacher': write one"),
        ("", {"edition": "instructor"}, "make it by the side, with make book EDITION=instructor"),
        ("", {"solutions_from": "soon"}, "solutions_from cannot be 'soon': write a day, such as"),
        ("", {"solutions_from": {"tr-ex-los": DAY}}, "names tr-ex-los, which is no exercise"),
        (
            "",
            {"edition": "self-study", "sphinx.config.hide_solutions": True},
            "hide_solutions: true contradicts edition: self-study",
        ),
    ],
)
def test_what_cannot_be_is_said(configured, variable, settings, sentence):
    configured(variable, **settings)
    [problem] = editions.problems()
    assert sentence in problem


def test_a_page_is_chosen_by_its_short_name(monkeypatch):
    page = book.pages()[0]
    for name in (page, page.split("/")[-1]):
        monkeypatch.setenv("PAGE", name)
        assert editions.chosen_page() == page
    monkeypatch.setenv("PAGE", f"{name}s")
    with pytest.raises(ValueError, match=f"no page of the contents; is {name} meant"):
        editions.chosen_page()
