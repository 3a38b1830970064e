"""Execute the chapters whose code, helpers, data or packages changed.

The results go to the cache that MyST-NB reads (jupyter-cache), which knows a
notebook by its code alone. The digest of all else that a chapter's results depend
on is kept beside each record, so that an edit in a helper executes again the
chapters that import it, and no other.
"""

import ast
import asyncio
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import nbclient
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from tqdm import tqdm

from tools.book import ROOT, chapters, code_cells, read, without_magics

CACHE = ROOT / "_build" / ".jupyter_cache"
# When each chapter ran, how long, with what, and from what.
EXECUTIONS = CACHE / "executions.json"
CELL_TIMEOUT_S = 600
# A chapter keeps about one core busy.
CHAPTERS_AT_ONCE = 2
# Packages whose module has another name.
OTHER_NAMES = {"sklearn": "scikit-learn"}


class ChapterFailed(Exception):
    """A cell raised; the message names the chapter, the cell and the error."""


def dependencies(source: str) -> set[Path]:
    """Return the files of helpers/ that this Python source imports, directly or not."""
    found: set[Path] = set()
    pending = [source]
    while pending:
        for path in imported_helpers(pending.pop()) - found:
            found.add(path)
            pending.append(path.read_text("utf-8"))
    return found


def imported_helpers(source: str) -> set[Path]:
    names = set(imported(source))
    return {path for name in names if name.split(".")[0] == "helpers" for path in files(name)}


def imported(source: str) -> Iterator[str]:
    """Yield the dotted names of the modules that this Python source may import."""
    for node in ast.walk(ast.parse(without_magics(source))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages(source: str) -> dict[str, str]:
    """Return the packages that a chapter's code imports, and their versions."""
    modules = {name.split(".")[0] for name in imported(source)}
    names = (OTHER_NAMES.get(module, module) for module in sorted(modules))
    return {
        name: version(name) for name in names if name not in {*sys.stdlib_module_names, "helpers"}
    }


def files(module: str) -> set[Path]:
    """Return the files that importing a dotted name of helpers runs."""
    path = ROOT.joinpath(*module.split("."))
    candidates = [path.with_suffix(".py"), path / "__init__.py", ROOT / "helpers/__init__.py"]
    return {file for file in candidates if file.exists()}


def digest(name: str, notebook: NotebookNode) -> str:
    """Return a digest of the helpers, data and packages that a chapter depends on."""
    source = "\n".join(cell.source for cell in code_cells(notebook))
    data = {path for path in (ROOT / "data").iterdir() if path.name in source}
    checks = set((ROOT / "helpers" / "checks").glob(f"{Path(name).stem}.py"))
    result = hashlib.sha256(sys.version.encode())
    for path in sorted(dependencies(source) | data | checks | {ROOT / "requirements.txt"}):
        result.update(path.name.encode() + path.read_bytes())
    return result.hexdigest()


def kernel_environment() -> dict[str, str]:
    """Return the environment in which the book's kernels run, the same everywhere."""
    return os.environ | {
        "IPYTHONDIR": str(ROOT / "tools" / "ipython"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONHASHSEED": "0",
    }


async def execute(notebook: NotebookNode, name: str, progress: tqdm) -> float:
    """Run a notebook from a fresh kernel in an empty folder; return the seconds it took."""
    started = []
    progress.set_postfix_str(name)
    with tempfile.TemporaryDirectory() as folder:
        client = nbclient.NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT_S,
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
            reason, details = f"it took longer than {CELL_TIMEOUT_S} s", ""
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


def summary(kept: dict, notebook: NotebookNode) -> dict:
    """Return what a page says of its execution: when, how long, how many cells, with what."""
    sources = [cell.source for cell in code_cells(notebook)]
    return {
        "executed_at": kept["executed_at"],
        "seconds": kept["execution_seconds"],
        "cells": len(sources),
        "packages": packages("\n".join(sources)),
    }


def executions() -> dict[str, dict]:
    """Return the summaries of all executions, by the path of the chapter's source."""
    return json.loads(EXECUTIONS.read_text("utf-8")) if EXECUTIONS.exists() else {}


def made_from(path: Path) -> str:
    """Return a digest of all that a chapter may depend on; if it is the same, nothing is parsed."""
    shared = [*(ROOT / "helpers").rglob("*.py"), *(ROOT / "data").iterdir()]
    result = hashlib.sha256(sys.version.encode())
    for file in [path, *sorted(shared), ROOT / "requirements.txt"]:
        result.update(str(file).encode() + file.read_bytes())
    return result.hexdigest()


def execute_what_changed() -> list[str]:
    """Execute the chapters whose results are missing or stale; return their names."""
    cache = get_cache(CACHE)
    known = executions()
    states = {f"chapters/{path.name}": made_from(path) for path in chapters()}
    changed = {
        name: read(ROOT / name)
        for name, state in states.items()
        if known.get(name, {}).get("made_from") != state
    }
    stale = {
        name: notebook
        for name, notebook in changed.items()
        if record(cache, notebook).get("dependencies") != digest(name, notebook)
    }
    execute_into(cache, stale)
    for name, notebook in changed.items():
        known[name] = summary(record(cache, notebook), notebook) | {"made_from": states[name]}
    in_order = {name: known[name] for name in states}
    EXECUTIONS.write_text(json.dumps(in_order, indent=1), encoding="utf-8")
    return list(stale)


def execute_into(cache, notebooks: dict[str, NotebookNode]) -> None:
    """Run notebooks and keep the results of each as it ends."""

    def keep(name: str, seconds: float) -> None:
        notebook = notebooks[name]
        data = {
            "execution_seconds": seconds,
            "executed_at": time.time(),
            "dependencies": digest(name, notebook),
        }
        bundle = CacheBundleIn(notebook, str(ROOT / name), data=data)
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    cells = sum(len(code_cells(notebook)) for notebook in notebooks.values())
    bar_format = "Executing {n_fmt}/{total_fmt} cells |{bar:20}| {elapsed} {postfix}"
    with tqdm(total=cells, bar_format=bar_format, disable=not notebooks) as progress:
        try:
            asyncio.run(execute_all(notebooks, progress, keep))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
