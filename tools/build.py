"""Build the executed website, strictly: a warning or a failing cell fails the build."""

import filecmp
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

from jupyter_client.kernelspec import NoSuchKernel

from tools import book, editions, mine, stale, switches
from tools.book import ROOT
from tools.bootstrap import stop
from tools.execute import CACHE, ChapterFailed, execute_what_changed, kernel_environment
from tools.site.footer import is_older, pdf

PAGE = editions.site() / "index.html"
# Jupyter Book writes into a folder _build, and keeps there what it read. Pages and notebooks
# are written at the same time, and so each need their own.
BUILT = editions.output() / "_build"
APART = BUILT / "apart"
AS_NOTEBOOKS = ("--builder", "custom", "--custom-builder", "notebook")
NOTEBOOKS = APART / "_build" / "notebook"
# What the pages were last rendered from: the digests of the frame and of the texts.
STAMP = BUILT / "rendered-from"
SPACE_NEEDED_GB = 0.5


def make() -> None:
    """Execute and render what is stale; nothing is, if nothing changed since the last time."""
    if shutil.disk_usage(ROOT).free < SPACE_NEEDED_GB * 1e9:
        stop(f"The disk is full; free {SPACE_NEEDED_GB} GB and run the same command again.")
    now = state()
    made = all(path.exists() for path in (STAMP, PAGE, NOTEBOOKS, CACHE))
    before = STAMP.read_text().split() if made else ["", ""]
    if now == before:
        return
    if now[0] != before[0] and (warnings := switches.warnings_of_sphinx()):
        stop(f"Sphinx does not understand _config.yml: {warnings[0]}; correct it.")
    execute()
    STAMP.unlink(missing_ok=True)
    if now[0] != before[0]:
        forget()
    render()
    # Beside the pages, for readers to download.
    synchronise(NOTEBOOKS / "site", PAGE.parent / "notebooks")
    STAMP.write_text("\n".join(now))


def state() -> list[str]:
    """Return the digests of the frame and of the texts, if settings and contents make sense."""
    try:
        for problem in mine.problems():
            stop(problem)
        editions.chosen_page()
        return [stale.frame(), stale.texts()]
    except ValueError as error:
        stop(str(error))


def execute() -> None:
    try:
        execute_what_changed()
    except ChapterFailed as error:
        print(f"\n{error}", file=sys.stderr)
        stop(f"A cell failed, {str(error).splitlines()[0]}")
    except NoSuchKernel:
        stop("The kernel python3 is missing from .venv; run: rm -rf .venv && make book")
    except OSError as error:
        stop(f"The results could not be written ({error.strerror}); free some space, then again.")


def jupyter_book(output: Path, *options: str, **streams) -> subprocess.Popen:
    """Let Jupyter Book begin to turn sources and cached results into pages or notebooks."""
    command = Path(sys.executable).with_name("jupyter-book")
    return subprocess.Popen(
        [command, "build", ROOT, "-W", "-n", "--keep-going", "--path-output", output, *options],
        env=kernel_environment() | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        text=True,
        **streams,
    )


def render() -> None:
    """Write the pages and, on another core meanwhile, their notebooks."""
    print("Rendering the pages and their notebooks …")
    with TemporaryFile("w+") as of_pages, TemporaryFile("w+") as of_notebooks:
        notebooks = jupyter_book(
            APART, *AS_NOTEBOOKS, stdout=subprocess.DEVNULL, stderr=of_notebooks
        )
        with jupyter_book(editions.output(), stdout=subprocess.PIPE, stderr=of_pages) as pages:
            show_progress(pages.stdout)
        failed = [pages.returncode, notebooks.wait()] != [0, 0]
        # Both read the same sources, and warn of them in the same words.
        warnings = dict.fromkeys([*lines(of_pages), *lines(of_notebooks)])
    print(*warnings, sep="", end="", file=sys.stderr)
    if failed:
        stop("The pages have warnings, listed above; each names its file and line.")


def lines(file: TextIO) -> list[str]:
    file.seek(0)
    return file.readlines()


def show_progress(lines: Iterable[str]) -> None:
    """Show on one line of the terminal how far Sphinx is; elsewhere it would be noise."""
    for line in lines:
        if "%]" in line and sys.stdout.isatty():
            print(f"\r\033[K{line.strip()}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="")


def forget() -> None:
    """Remove what was rendered and what Sphinx remembers of it."""
    for folder in (BUILT / ".doctrees", PAGE.parent, APART):
        shutil.rmtree(folder, ignore_errors=True)


def synchronise(built: Path, target: Path) -> list[str]:
    """Make `target` hold the notebooks of `built` and no other; return what changed."""
    new, old = (
        {path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb")}
        for folder in (built, target)
    )
    same, *_ = filecmp.cmpfiles(built, target, new & old, shallow=False)
    for name in old - new:
        (target / name).unlink()
    for name in new - set(same):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(built / name, target / name)
    return sorted(new ^ old | (new - set(same)))


def main() -> None:
    printed = any(PAGE.parent.glob("*.pdf"))
    make()
    page = editions.chosen_page()
    shown = PAGE.parent / f"{page}.html" if page else PAGE
    print(f"The book is ready: open {os.path.relpath(shown)}")
    if printed and is_older(pdf(PAGE.parent, book.setting("title"))):
        print("The pages are newer than the book's PDF; print it anew with: make pdf")
    if book.is_placeholder(book.configured_url()):
        print("To make it yours, edit the line `url:` under `repository:` in _config.yml.")


if __name__ == "__main__":
    main()
