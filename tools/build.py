"""Build the executed website, strictly: a warning or a failing cell fails the build."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from jupyter_client.kernelspec import NoSuchKernel

from tools import address
from tools.execute import ROOT, ChapterFailed, execute_what_changed, kernel_environment

PAGE = ROOT / "_build" / "html" / "index.html"
SPACE_NEEDED_GB = 0.5


def stop(sentence: str) -> None:
    sys.exit(f"\nmake: {sentence}")


def check_space() -> None:
    if shutil.disk_usage(ROOT).free < SPACE_NEEDED_GB * 1e9:
        stop(f"The disk is full; free {SPACE_NEEDED_GB} GB and run the same command again.")


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


def render(*options: str) -> None:
    """Let Jupyter Book turn sources and cached results into pages."""
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    strict = ["-W", "-n", "--keep-going"]
    environment = kernel_environment() | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [jupyter_book, "build", ROOT, *strict, *options],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    print("Rendering the pages …")
    show_progress(process.stdout)
    if process.wait() != 0:
        forget_pages()
        stop("The pages have warnings, listed above; each names its file and line.")


def show_progress(lines) -> None:
    """Show on one line of the terminal how far Sphinx is; elsewhere it would be noise."""
    for line in lines:
        if "%]" in line and sys.stdout.isatty():
            print(f"\r\033[K{line.strip()}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="")


def forget_pages() -> None:
    """Remove what Sphinx remembers, since it warns of a page only when it reads it."""
    shutil.rmtree(ROOT / "_build" / ".doctrees", ignore_errors=True)


def add_downloads() -> None:
    """Put each page's notebook beside the pages, for readers to download."""
    # Imported here, since the notebooks' module builds with this one.
    from tools.notebooks.files import BUILT, synchronise

    render("--builder", "custom", "--custom-builder", BUILT.name)
    synchronise(BUILT / "site", PAGE.parent / "notebooks")


def main() -> None:
    check_space()
    execute()
    render()
    add_downloads()
    print(f"The book is ready: open {os.path.relpath(PAGE)}")
    if address.is_placeholder(address.configured_url()):
        print("To make it yours, edit the line `url:` under `repository:` in _config.yml.")


if __name__ == "__main__":
    main()
