"""A plugin for nbval: outputs agree when their words are equal and their numbers close.

What alarms a reader fails, too: lines on stderr other than progress bars, and outputs that
only the build of the book can show.
"""

import re

from nbformat import NotebookNode
from nbval.plugin import IPyNbCell

from helpers.gluing import MIME_PREFIX
from tools.notebooks import compare


def compare_outputs(cell: IPyNbCell, test, ref, skip_compare=None) -> bool:
    """Tell whether what a cell gave (`test`) agrees with what is stored (`ref`)."""
    difference = compare.difference(ref, test, compare.tolerance(cell.cell))
    problems = [*filter(None, [difference]), *filter(None, map(alarm, test))]
    cell.comparison_traceback = problems
    return not problems


def alarm(output: NotebookNode) -> str | None:
    if any(kind.startswith(MIME_PREFIX) for kind in output.get("data", {})):
        return f"a notebook cannot show {output.data}"
    if output.get("name") == "stderr":
        lines = [
            line for line in re.split("[\r\n]+", output.text) if line.strip() and "%|" not in line
        ]
        return f"on stderr: {lines}" if lines else None
    return None


def pytest_configure() -> None:
    IPyNbCell.compare_outputs = compare_outputs
