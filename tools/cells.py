"""Run a chapter's cells without its notebook: tests and benchmarks use what readers read."""

import inspect
import linecache
from collections import UserDict
from dataclasses import dataclass, field

from tools.book import code_cells, read, source


@dataclass(repr=False)
class Chapter(UserDict):
    """The names that a chapter's cells define; it remembers which of them were asked for."""

    file: str
    text: str
    data: dict = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def __repr__(self) -> str:
        return self.file

    def __getitem__(self, name: str):
        self.asked.add(name)
        return self.data[name]

    def run(self, code: str, line: int) -> None:
        """Run a cell that stands below `line` lines of the chapter."""
        before = set(self.data)
        exec(compile("\n" * line + code, self.file, "exec"), self.data)
        self.lines |= dict.fromkeys(set(self.data) - before, line + 1)

    def where(self) -> list[str]:
        """Say where the chapter defines the functions and the numbers that were asked for."""
        places = {name: self.lines[name] for name in self.asked & self.lines.keys()}
        for name in places:
            if inspect.isfunction(function := self.data[name]):
                places[name] = function.__code__.co_firstlineno
        return [f"{self.file}:{places[name]}: {name}" for name in sorted(places, key=places.get)]

    def sentence(self, words: str) -> str:
        """Return the sentence of the prose with these words, or with the number glued as them."""
        prose = [line for line in self.text.splitlines() if "glue(" not in line]
        for number, line in enumerate(self.text.splitlines(), start=1):
            if words in line and line in prose:
                return f"{self.file}:{number}: {line}"
        return f"{self.file} does not say {words!r} any more."


def tagged_cells(chapter: str, tag: str) -> list[str]:
    """Return the sources of a chapter's code cells that carry `tag`."""
    cells = code_cells(read(source(f"chapters/{chapter}")))
    return [cell.source for cell in cells if tag in cell.metadata.get("tags", [])]


def run_cells(chapter: str, tag: str) -> Chapter:
    """Run a chapter's cells that carry `tag`, in order.

    Tracebacks show a cell where it stands in the chapter, and TensorFlow reads there what
    it compiles.
    """
    names = Chapter(f"chapters/{chapter}.md", source(f"chapters/{chapter}").read_text("utf-8"))
    lines, end = [], 0
    for code in tagged_cells(chapter, tag):
        start = names.text.index(code, end)
        end = start + len(code)
        line = names.text[:start].count("\n")
        lines += ["\n"] * (line - len(lines)) + code.splitlines(keepends=True)
        lines[-1] = lines[-1].rstrip("\n") + "\n"
        linecache.cache[names.file] = len(names.text), None, lines, names.file
        names.run(code, line)
    if not lines:
        raise ValueError(f"{names.file} has no code cell with the tag {tag!r}.")
    return names
