"""Questions whose wrong answers are misconceptions; each answer opens what is right or wrong in it.

They need no kernel and, but for the score, no script: an answer is a part of the page that
opens. A script remembers in the browser which answer was opened first.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx

from tools.site.pages import Page, changed_by
from tools.site.titled import Titled

CLASS, ANSWER, RIGHT, TWICE = "question", "answer", "right", "twice"
SCRIPT = "questions.js"
# An answer on a line, the right one behind a plus, and below it what is said of it.
ANSWERS = re.compile(r"^(\+ )?(\S.*)\n: (.+(?:\n +\S.*)*)", re.MULTILINE)
SCORE = """<div class="question-score d-print-none"><p role="status"></p>
<button type="button" data-does="again">Ask me again</button>
<button type="button" data-does="save">Save my answers</button></div>"""


@dataclass(frozen=True)
class Answer:
    """What a reader may believe, whether it is right, and what is said of it."""

    text: str
    is_right: bool
    said: str


def answers(source: str) -> list[Answer]:
    """Return the answers of a question from the text of its directive.

    Raises
    ------
    ValueError
        If there are not at least three of them, one of which is right, or one has a formula.
    """
    found = [
        Answer(text, bool(plus), " ".join(said.split()))
        for plus, text, said in ANSWERS.findall(source)
    ]
    if len(found) < 3 or sum(one.is_right for one in found) != 1:
        raise ValueError(
            f"A question has three answers or more, and a plus before the right one; this has "
            f"{len(found)}, of which {sum(one.is_right for one in found)} are right: write each as "
            "a line, and what is said of it on the next, after a colon."
        )
    if any("$" in one.text for one in found):
        raise ValueError(
            "An answer has a formula, which notebooks do not show there; write it in words or "
            "signs, such as 7 × 5, and formulas below it."
        )
    return found


class Question(Titled):
    """Ask what a reader believes, and answer each belief."""

    option_spec: ClassVar = {"label": directives.unchanged_required, "twice": directives.flag}

    def run(self) -> list[nodes.Node]:
        try:
            offered = answers(self.text)
            label = self.options["label"]
        except ValueError as error:
            raise self.error(str(error)) from None
        except KeyError:
            raise self.error("A question needs a :label: that is its own.") from None
        classes = [CLASS, *[TWICE] * ("twice" in self.options)]
        question = nodes.container("", classes=classes, ids=[label])
        question += self.parse_text_to_nodes(f"**{self.title}**")
        question += [self.answer(one) for one in offered]
        self.set_source_info(question)
        return [question]

    def answer(self, one: Answer) -> nodes.admonition:
        [text] = self.parse_text_to_nodes(one.text)
        classes = [ANSWER, "dropdown", *[RIGHT] * one.is_right]
        shown = nodes.admonition("", nodes.title("", "", *text.children), classes=classes)
        shown += self.parse_text_to_nodes(one.said)
        return shown


def open_by_answers(page: Page) -> None:
    """Make each answer a part that opens, one of a question at a time."""
    questions = page.soup.select(f"div.{CLASS}")
    for question in questions:
        for answer in question.select(f"div.{ANSWER}"):
            summary = answer.select_one(".admonition-title")
            summary.name, summary.attrs = "summary", {}
            answer.name = "details"
            right = [RIGHT] if RIGHT in answer["class"] else []
            answer.attrs = {"class": [ANSWER, *right], "name": question["id"]}
    if questions:
        questions[-1].insert_after(page.fragment(SCORE))
        script = page.soup.new_tag("script", src=page.link(f"_static/{SCRIPT}"), defer="")
        page.soup.head.append(script)


def setup(app: Sphinx) -> None:
    app.add_directive(CLASS, Question)
    app.add_css_file("questions.css")
    changed_by(app, open_by_answers)
