"""The spelling of Markdown: escapes, emphasis, quotations and lists."""

import re
from collections.abc import Iterable


def escape(text: str, in_table: bool = False) -> str:
    """Escape what Markdown, or a viewer's formulas, would take for its own."""
    text = " ".join(text.split("\n")).replace("\\", "\\\\")
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    text = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)
    text = re.sub(r"([*`$])", r"\\\1", text)
    text = re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", text)
    text = text.replace("~~", r"\~\~").replace("](", "]&#40;")
    return text.replace("|", r"\|") if in_table else text


def paragraph(text: str) -> str:
    """Keep the first characters of a paragraph from being read as a list or a heading."""
    text = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", text.strip())
    return re.sub(r"^((?:[+-]|#{1,6})(?=\s|$)|>|-(?=[ -]*$))", r"\\\1", text)


def around(mark: str, text: str) -> str:
    """Emphasise text; the spaces at its ends stay outside, as Markdown wants it."""
    inner = text.strip()
    return text.replace(inner, f"{mark}{inner}{mark}") if inner else text


def strong(text: str) -> str:
    return around("**", text)


def code(text: str) -> str:
    """Return a code span, fenced by more backticks than it holds in a row."""
    text = " ".join(text.split("\n"))
    fence = "`" * (1 + longest_run("`", text))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def code_block(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + longest_run("`", text))
    return f"{fence}{language}\n{text}\n{fence}"


def longest_run(character: str, text: str) -> int:
    return max((len(run) for run in re.findall(f"{character}+", text)), default=0)


def one_line(text: str) -> str:
    return " ".join(text.split())


def quotation(text: str) -> str:
    """Quote text; a displayed formula goes on one line, or the marks would stand in it."""
    formula = re.compile(r"(?<=^) *\$\$[ \n].*?[ \n] *\$\$$", re.DOTALL | re.MULTILINE)
    text = formula.sub(lambda match: indent_of(match[0]) + one_line(match[0]), text)
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def indent_of(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def list_of(markers: Iterable[str], items: list[list[str]]) -> str:
    """Write a list, close together where no item has a second paragraph."""
    loose = any(not is_list(block) for item in items for block in item[1:])
    gap = "\n\n" if loose else "\n"
    text = gap.join(
        marker + indented(gap.join(item), len(marker))
        for marker, item in zip(markers, items, strict=True)
    )
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)


def indented(text: str, width: int) -> str:
    return text.replace("\n", "\n" + " " * width)


def is_list(block: str) -> bool:
    return re.match(r"(-|\d+\.) ", block) is not None
