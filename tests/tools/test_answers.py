"""A class's answers are summed up by question and belief, whatever files students send."""

import json
import subprocess
import sys

import pytest

from tools import answers
from tools.book import ROOT

PAGE = """# Page

```{question} How many?
:label: pg-q-many
:twice:

One
: No.

+ Two
: Right.

Three
: No.
```
"""


@pytest.fixture
def page(monkeypatch, tmp_path):
    path = tmp_path / "page.md"
    path.write_text(PAGE)
    monkeypatch.setattr(answers.book, "pages", lambda: ["chapters/page"])
    monkeypatch.setattr(answers.book, "source", lambda name: path)


def test_who_believed_what_is_counted_before_and_after(page):
    files = [
        {"page": "page", "rounds": [{"pg-q-many": 0}, {"pg-q-many": 1}]},
        {"page": "page", "rounds": [{"pg-q-many": 0}]},
        {"page": "page", "rounds": [{"pg-q-many": 7, "pg-q-gone": 1}]},
        {"page": "page", "rounds": []},
        {"page": "another", "rounds": [{"pg-q-many": 2}]},
    ]
    shown = [line.split() for line in answers.report(files)]
    assert shown[0] == ["page:", "3", "files,", "1", "asked", "twice"]
    assert shown[2:] == [["2", "0", "One"], ["0", "1", "+", "Two"], ["0", "0", "Three"]]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"page": 1}', '{"page": "a", "rounds": 3}', '{"rounds": [{"a": "b"}]}']
)
def test_a_file_that_holds_no_answers_is_named(tmp_path, text):
    path = tmp_path / "answers.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"answers\.json holds no answers of a page; ask for"):
        answers.saved(path)


def test_the_command_goes_on_after_a_bad_file(tmp_path):
    (tmp_path / "bad.json").write_bytes(b"\xff")
    good = {"page": "training", "rounds": [{"tr-q-small": 0}]}
    (tmp_path / "good.json").write_text(json.dumps(good))
    command = [sys.executable, "-m", "tools.answers"]
    done = subprocess.run([*command, tmp_path], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, "training: 1 files" in done.stdout) == (0, True)
    assert "bad.json holds no answers" in done.stdout
    none = subprocess.run([*command, tmp_path / "none"], cwd=ROOT, capture_output=True, text=True)
    assert "FILES names no folder" in none.stderr
