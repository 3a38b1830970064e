"""What holds for the self-checks of every chapter; a chapter's file brings the answers."""

import re
from collections.abc import Sequence

from helpers.checks import check, exercises
from tests.chapters.running import code_cells


class ExerciseChecks:
    """The tests of one chapter's checks, for a class that names the chapter and its answers.

    `right`, `wrong` and `unfinished` hold answers, each after its exercise's label; in
    `wrong`, the hint follows. `functions` are labels whose answer may be a function of dots.
    """

    prefix: str
    chapter: str
    right: Sequence[tuple]
    wrong: Sequence[tuple]
    unfinished: Sequence[tuple] = ()
    functions: Sequence[str] = ()

    @property
    def labels(self) -> list[str]:
        return [label for label in exercises() if label.startswith(f"{self.prefix}-")]

    def pytest_generate_tests(self, metafunc):
        if "right_answer" in metafunc.fixturenames:
            metafunc.parametrize("right_answer", self.right, ids=lambda case: case[0])
        if "wrong_answer" in metafunc.fixturenames:
            names = [f"{case[0]}: {case[-1]}" for case in self.wrong]
            metafunc.parametrize("wrong_answer", self.wrong, ids=names)
        if "unfinished_answer" in metafunc.fixturenames:
            dots = [(label, *[...] * len(answers)) for label, *answers in self.right]
            functions = [(label, lambda *_: ...) for label in self.functions]
            cases = [*dots, *functions, *self.unfinished]
            metafunc.parametrize("unfinished_answer", cases, ids=lambda case: case[0])

    def test_right_answers_are_praised(self, right_answer, capsys):
        assert check(*right_answer)
        assert capsys.readouterr().out.startswith("✓ Correct. ")

    def test_wrong_answers_get_the_hint_that_fits(self, wrong_answer, capsys):
        *answer, hint = wrong_answer
        assert not check(*answer)
        sentence = capsys.readouterr().out
        assert sentence.startswith("✗ Not yet. ")
        assert sentence.count("\n") == 1
        assert re.search(hint, sentence), sentence

    def test_dots_are_not_wrong(self, unfinished_answer, capsys):
        assert not check(*unfinished_answer)
        assert capsys.readouterr().out.startswith("○ Not answered yet")

    def test_every_exercise_has_a_right_and_three_wrong_answers_here(self):
        assert self.labels
        for label in self.labels:
            assert sum(case[0] == label for case in self.right) >= 1
            assert sum(case[0] == label for case in self.wrong) >= 3

    def test_the_chapter_asks_and_solves_every_exercise(self):
        for tag in ("answer", "solution"):
            source = "\n".join(code_cells(self.chapter, tag))
            for label in self.labels:
                assert source.count(f'check("{label}"') == 1
