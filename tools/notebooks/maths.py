r"""Turn a formula of the book into TeX that every notebook viewer renders.

In a notebook a formula stands between dollars, in Markdown. So labels become the
number that the page shows, the environments that number lines become those that
stand inside dollars, and the characters that Markdown reads are written as commands.
"""

import re

INNER_ENVIRONMENTS = {"align": "aligned", "gather": "gathered", "equation": ""}


def inline(text: str) -> str:
    """Return a formula for use between single dollars, on one line."""
    return " ".join(_for_markdown(_without_comments(text)).split())


def display(text: str, number: str = "") -> str:
    """Return a formula between double dollars, with its number, on lines of its own."""
    text = re.sub(r"\\label\{[^}]*\}", "", _without_comments(text))
    text = re.sub(r"\\(begin|end)\{(align|gather|equation)\*?\}", _inner_environment, text)
    equations = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    lines = [line.rstrip() for line in _one_display(equations).splitlines() if line.strip()]
    tag = [rf"\tag{{{number}}}"] if number else []
    formula = "\n".join(["$$", *map(_for_markdown, lines), *tag, "$$"])
    # A line that begins like an item of a list, or is a lone =, ends the formula for some viewers.
    return re.sub(r"\n\s*(?=[-+=*#>]|\d+[.)])", " ", formula)


def in_table(text: str) -> str:
    """Return a formula on one line, without the bar, which ends the cell of a table."""
    text = text.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return " ".join(text.split())


def _without_comments(text: str) -> str:
    return re.sub(r"(?<!\\)%.*", "", text)


def _for_markdown(text: str) -> str:
    """Write what looks like a tag or a quotation as the command of the same sign."""
    commands = {"<": r" \lt ", ">": r" \gt "}
    return re.sub(r"\s*([<>])\s*", lambda sign: commands[sign[1]], text).rstrip()


def _inner_environment(match: re.Match) -> str:
    name = INNER_ENVIRONMENTS[match[2]]
    return rf"\{match[1]}{{{name}}}" if name else ""


def _one_display(equations: list[str]) -> str:
    """Join lines as Sphinx does: bare line breaks are split, several equations aligned."""
    if len(equations) > 1:
        return "\\begin{aligned}\n" + " \\\\\n".join(equations) + "\n\\end{aligned}"
    text = "".join(equations)
    outside = re.sub(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}", "", text, flags=re.DOTALL)
    if "\\\\" in outside or re.search(r"(?<!\\)&", outside):
        return f"\\begin{{aligned}}\n{text}\n\\end{{aligned}}"
    return text
