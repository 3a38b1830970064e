"""The execution of chapters: what is run, what is kept, and how a failing cell is reported."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from tqdm import tqdm

from tools import book, execute, stale

CHAPTER = """\
---
file_format: mystnb
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  name: python3
---

```{code-cell}
import numpy
print(6 * 7)
```
"""


def notebook(*sources: str) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})


def wait_for(function, *arguments):
    """Call a function in a thread, since the tests of the site leave an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def run_all(notebooks: dict[str, nbformat.NotebookNode]) -> list[str]:
    """Run notebooks and return the names of those whose results were kept."""
    kept = []
    progress = tqdm(disable=True)
    running = execute.execute_all(notebooks, progress, lambda name, seconds: kept.append(name))
    wait_for(asyncio.run, running)
    return kept


def failure_of(notebooks: dict[str, nbformat.NotebookNode]) -> str:
    with pytest.raises(ExceptionGroup) as failure:
        run_all(notebooks)
    assert failure.value.subgroup(execute.ChapterFailed)
    return str(failure.value.exceptions[0]).splitlines()[0]


def test_a_failing_cell_is_named_with_its_chapter():
    failing = notebook("import math", "1 / 0")
    failing.cells.insert(1, nbformat.v4.new_markdown_cell("Prose between the two."))
    expected = "chapters/a.md, code cell 2: ZeroDivisionError: division by zero"
    assert failure_of({"chapters/a.md": failing}) == expected


def test_a_cell_that_takes_too_long_is_named(monkeypatch):
    monkeypatch.setattr(execute, "CELL_TIMEOUT_S", 1)
    endless = {"chapters/a.md": notebook("import time; time.sleep(600)")}
    assert failure_of(endless) == "chapters/a.md, code cell 1: it took longer than 1 s"


def test_the_first_failure_ends_the_others(monkeypatch):
    monkeypatch.setattr(execute, "CELL_TIMEOUT_S", None)
    endless = "import threading; threading.Event().wait()"
    chapters = {"endless": notebook(endless), "failing": notebook("1 / 0")}
    assert "failing, code cell 1" in failure_of(chapters | {"waiting": notebook(endless)})


def test_results_are_kept_of_each_chapter_that_ran_in_an_empty_folder():
    chapters = {name: notebook("import os; print(os.listdir())") for name in "abc"}
    assert sorted(run_all(chapters)) == ["a", "b", "c"]
    assert all(chapters[name].cells[0].outputs[0].text == "[]\n" for name in "abc")


def test_a_chapter_is_executed_again_only_when_its_code_or_needs_change(tmp_path, monkeypatch):
    monkeypatch.setattr(book, "ROOT", tmp_path)
    monkeypatch.setattr(execute, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(execute, "EXECUTIONS", tmp_path / "cache" / "executions.json")
    contents = "format: jb-book\nroot: intro\nchapters: [{file: chapters/a}, {file: chapters/b/a}]"
    (tmp_path / "_toc.yml").write_text(contents)
    (tmp_path / "chapters" / "b").mkdir(parents=True)
    (tmp_path / "intro.md").touch()
    (tmp_path / "_config.yml").touch()
    first, second = tmp_path / "chapters" / "a.md", tmp_path / "chapters" / "b" / "a.md"
    first.write_text(CHAPTER)
    second.write_text(CHAPTER.replace("7", "8"))
    needs = {"chapters/a.md": "first", "chapters/b/a.md": "first"}
    monkeypatch.setattr(stale, "results", lambda chapter, notebook: needs[chapter])

    def executed() -> list[str]:
        before = {page: kept["executed_at"] for page, kept in execute.executions().items()}
        wait_for(execute.execute_what_changed)
        after = {page: kept["executed_at"] for page, kept in execute.executions().items()}
        return [page for page, when in after.items() if before.get(page) != when]

    assert executed() == ["chapters/a", "chapters/b/a"]
    assert executed() == []
    first.write_text(f"{CHAPTER}\nA sentence more.\n")
    assert executed() == []
    first.write_text(CHAPTER.replace("6", "5"))
    assert executed() == ["chapters/a"]
    needs["chapters/b/a.md"] = "second"
    assert executed() == ["chapters/b/a"]
    kept = execute.executions()["chapters/a"]
    assert (kept["cells"], list(kept["packages"])) == (1, ["numpy"])
