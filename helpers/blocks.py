"""Work through many rows in blocks that fit into the cache of one core, on every core."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

BLOCK_VALUES = 1 << 16


def blocks(n_rows: int, row_size: int) -> list[slice]:
    """Return slices that cover all rows, each of about `BLOCK_VALUES` values.

    Examples
    --------
    >>> blocks(n_rows=3, row_size=40_000)
    [slice(0, 1, None), slice(1, 2, None), slice(2, 3, None)]
    """
    step = max(1, BLOCK_VALUES // row_size)
    return [slice(start, start + step) for start in range(0, n_rows, step)]


def on_every_core(fill: Callable[[slice], None], slices: list[slice]) -> None:
    """Call a function with every slice, several at a time; NumPy lets other threads compute."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fill, slices))
