"""Execute the chapters whose results are stale, into the cache that MyST-NB reads.

jupyter-cache knows a notebook by its code alone; what else its results need, and when
and with what they were made, stands beside each of its records.
"""

import asyncio
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbclient
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from tqdm import tqdm

from tools import book, stale
from tools.book import chapters, code_cells, read

CACHE = book.ROOT / "_build" / ".jupyter_cache"
# When each page was executed, how long it took, with what, and what its results need.
EXECUTIONS = CACHE / "executions.json"
# Unless _config.yml gives another as timeout under execute.
CELL_TIMEOUT_S = 600
# A chapter keeps about one core busy.
CHAPTERS_AT_ONCE = 2
# The variables that make all kernels of the book alike, and what `helpers.glue` waits for.
SETTINGS = {
    "DEEP_LEARNING_BUILD": "1",
    "IPYTHONDIR": str(book.ROOT / "tools" / "ipython"),
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONHASHSEED": "0",
}


class ChapterFailed(Exception):
    """A cell raised; the message names the chapter, the cell and the error."""


def kernel_environment() -> dict[str, str]:
    """Return the environment in which the book's kernels run, the same everywhere."""
    return os.environ | SETTINGS


async def execute(notebook: NotebookNode, name: str, progress: tqdm) -> float:
    """Run a notebook from a fresh kernel in an empty folder; return the seconds it took."""
    started = []
    timeout = book.setting("execute.timeout", CELL_TIMEOUT_S)
    progress.set_postfix_str(name)
    with tempfile.TemporaryDirectory() as folder:
        client = nbclient.NotebookClient(
            notebook,
            timeout=timeout,
            kernel_name="python3",
            # Timings would become part of what the cache knows the notebook by.
            record_timing=False,
            resources={"metadata": {"path": folder}},
            on_cell_execute=lambda cell, cell_index: started.append(cell),
            on_cell_executed=lambda cell, cell_index, execute_reply: progress.update(),
        )
        start = time.perf_counter()
        try:
            await client.async_execute(env=kernel_environment())
        except CellExecutionError as error:
            reason, details = f"{error.ename}: {error.evalue}", f"\n\n{error}"
        except CellTimeoutError:
            reason, details = f"it took longer than {timeout} s", ""
        except DeadKernelError:
            reason, details = "its kernel died, for want of memory perhaps", ""
        else:
            return time.perf_counter() - start
    raise ChapterFailed(f"{name}, code cell {len(started)}: {reason}{details}")


async def execute_all(
    notebooks: dict[str, NotebookNode], progress: tqdm, keep: Callable[[str, float], None]
) -> None:
    """Run notebooks, some at once, and tell `keep` of each as it ends; a failure ends all."""
    places = asyncio.Semaphore(CHAPTERS_AT_ONCE)

    async def execute_one(name: str, notebook: NotebookNode) -> None:
        async with places:
            keep(name, await execute(notebook, name, progress))

    async with asyncio.TaskGroup() as group:
        for name, notebook in notebooks.items():
            group.create_task(execute_one(name, notebook))


def record(cache, notebook: NotebookNode) -> dict:
    """Return what is kept beside a notebook's results, empty if there are none."""
    try:
        return cache.match_cache_notebook(notebook).data
    except KeyError:
        return {}


def executions() -> dict[str, dict]:
    """Return the records of all executions, by the name of the page."""
    return json.loads(EXECUTIONS.read_text("utf-8")) if EXECUTIONS.exists() else {}


@contextmanager
def opened(path: Path) -> Iterator[JupyterCacheBase]:
    """Open a cache of executions, and close its database in the end."""
    cache = get_cache(path)
    try:
        yield cache
    finally:
        cache.db.dispose()


def execute_what_changed() -> None:
    """Execute the chapters whose results are missing or stale."""
    notebooks = {path.relative_to(book.ROOT).as_posix(): read(path) for path in chapters()}
    needs = {name: stale.results(name, notebook) for name, notebook in notebooks.items()}
    with opened(CACHE) as cache:
        records = {name: record(cache, each) for name, each in notebooks.items()}
        old = [name for name in notebooks if records[name].get("needs") != needs[name]]
        execute_into(cache, {name: notebooks[name] for name in old}, needs)
        records = {
            name.removesuffix(".md"): record(cache, each) for name, each in notebooks.items()
        }
    EXECUTIONS.write_text(json.dumps(records, indent=1), encoding="utf-8")


def execute_into(cache, notebooks: dict[str, NotebookNode], needs: dict[str, str]) -> None:
    """Run notebooks and keep the results of each as it ends."""

    def keep(name: str, seconds: float) -> None:
        data = {"needs": needs[name], "execution_seconds": seconds} | facts(notebooks[name])
        bundle = CacheBundleIn(notebooks[name], str(book.ROOT / name), data=data)
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    cells = sum(len(code_cells(notebook)) for notebook in notebooks.values())
    bar_format = "Executing {n_fmt}/{total_fmt} cells |{bar:20}| {elapsed} {postfix}"
    with tqdm(total=cells, bar_format=bar_format, disable=not notebooks) as progress:
        try:
            asyncio.run(execute_all(notebooks, progress, keep))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None


def facts(notebook: NotebookNode) -> dict:
    """Return what a page says of an execution that has just ended."""
    sources = [cell.source for cell in code_cells(notebook)]
    return {
        "executed_at": time.time(),
        "cells": len(sources),
        "python": platform.python_version(),
        "packages": stale.packages("\n".join(sources)),
    }
