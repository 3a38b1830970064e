"""A plugin for nbval: outputs agree when their words are equal and their numbers close."""

from nbval.plugin import IPyNbCell

from tools.notebooks import compare


def compare_outputs(cell: IPyNbCell, test, ref, skip_compare=None) -> bool:
    """Tell whether what a cell gave (`test`) agrees with what is stored (`ref`)."""
    difference = compare.difference(ref, test, compare.tolerance(cell.cell))
    cell.comparison_traceback = [difference] if difference else []
    return difference is None


def pytest_configure() -> None:
    IPyNbCell.compare_outputs = compare_outputs
