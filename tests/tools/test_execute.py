"""The cache of results: what makes a chapter stale, and how a failing cell is reported."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from tqdm import tqdm

import tools.book
from tools import execute


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Make a book of one chapter that uses one helper of two."""
    for folder in ("chapters", "helpers", "data"):
        (tmp_path / folder).mkdir()
    for name in ("__init__", "used", "unused", "deeper"):
        (tmp_path / "helpers" / f"{name}.py").write_text("")
    (tmp_path / "helpers" / "used.py").write_text("from helpers.deeper import something")
    (tmp_path / "requirements.txt").write_text("numpy==1")
    (tmp_path / "data" / "named.hf5").write_bytes(b"1")
    (tmp_path / "data" / "other.hf5").write_bytes(b"1")
    for module in (execute, tools.book):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def notebook(*sources: str) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})


def wait_for(coroutine):
    """Run a coroutine in a thread, since the tests of the site leave an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def run(chapter: nbformat.NotebookNode) -> float:
    return wait_for(execute.execute(chapter, "chapters/a.md", tqdm(disable=True)))


CHAPTER_FILE = """---
file_format: mystnb
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  name: python3
---

```{code-cell}
print(6 * 7)
```
"""
CHAPTER = ["%matplotlib inline\nfrom helpers import used", "print('named.hf5')"]


@pytest.mark.parametrize(
    "file", ["helpers/used.py", "helpers/deeper.py", "requirements.txt", "data/named.hf5"]
)
def test_what_a_chapter_uses_makes_it_stale(book, file):
    before = execute.digest("chapters/a.md", notebook(*CHAPTER))
    (book / file).write_text("# edited")
    assert execute.digest("chapters/a.md", notebook(*CHAPTER)) != before


@pytest.mark.parametrize("file", ["helpers/unused.py", "data/other.hf5"])
def test_what_it_does_not_use_leaves_it_fresh(book, file):
    before = execute.digest("chapters/a.md", notebook(*CHAPTER))
    (book / file).write_text("# edited")
    assert execute.digest("chapters/a.md", notebook(*CHAPTER)) == before


def test_a_failing_cell_is_named_with_its_chapter():
    failing = notebook("import math", "1 / 0")
    failing.cells.insert(1, nbformat.v4.new_markdown_cell("Prose between the two."))
    with pytest.raises(execute.ChapterFailed) as failure:
        run(failing)
    first_line = str(failure.value).splitlines()[0]
    assert first_line == "chapters/a.md, code cell 2: ZeroDivisionError: division by zero"


def test_a_cell_that_takes_too_long_is_named(monkeypatch):
    monkeypatch.setattr(execute, "CELL_TIMEOUT_S", 1)
    with pytest.raises(execute.ChapterFailed, match=r"a\.md, code cell 1: it took longer than 1 s"):
        run(notebook("import time; time.sleep(30)"))


def test_chapters_run_in_an_empty_folder_and_leave_nothing():
    ran = notebook("import os; print(os.listdir())")
    run(ran)
    assert ran.cells[0].outputs[0].text == "[]\n"


def test_chapters_run_at_once_and_the_first_failure_ends_the_others():
    chapters = {
        "slow": notebook("import time; time.sleep(60)"),
        "failing": notebook("1 / 0"),
        "waiting": notebook("import time; time.sleep(60)"),
    }
    kept, start = [], time.perf_counter()
    with pytest.raises(ExceptionGroup) as failure:
        wait_for(execute.execute_all(chapters, tqdm(disable=True), lambda *done: kept.append(done)))
    assert "failing, code cell 1" in str(failure.value.exceptions[0])
    assert kept == []
    assert time.perf_counter() - start < 30


def test_results_are_kept_as_each_chapter_ends():
    chapters = {name: notebook(f"print({name!r})") for name in "abc"}
    kept = []
    wait_for(execute.execute_all(chapters, tqdm(disable=True), lambda *done: kept.append(done)))
    assert sorted(name for name, _ in kept) == ["a", "b", "c"]
    assert all(chapters[name].cells[0].outputs[0].text == f"{name}\n" for name in "abc")


def test_what_did_not_change_is_not_parsed(book, monkeypatch):
    (book / "_toc.yml").write_text("{format: jb-book, root: intro, chapters: [{file: chapters/a}]}")
    chapter = book / "chapters" / "a.md"
    chapter.write_text(CHAPTER_FILE)
    monkeypatch.setattr(execute, "CACHE", book / "cache")
    monkeypatch.setattr(execute, "EXECUTIONS", book / "cache" / "executions.json")
    parsed, parse = [], execute.read
    monkeypatch.setattr(execute, "read", lambda path: parsed.append(path) or parse(path))

    def executed_and_parsed():
        parsed.clear()
        with ThreadPoolExecutor(1) as pool:
            return len(pool.submit(execute.execute_what_changed).result()), len(parsed)

    assert executed_and_parsed() == (1, 1)
    assert executed_and_parsed() == (0, 0)
    chapter.write_text(f"{CHAPTER_FILE}\nA sentence more.\n")
    assert executed_and_parsed() == (0, 1)
    (book / "helpers" / "unused.py").write_text("# edited")
    assert executed_and_parsed() == (0, 1)
    (book / "requirements.txt").write_text("numpy==2")
    assert executed_and_parsed() == (1, 1)
    assert execute.executions()["chapters/a.md"]["cells"] == 1
