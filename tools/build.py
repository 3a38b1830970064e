"""Build the executed website, strictly: a warning or a failing cell fails the build."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from jupyter_client.kernelspec import NoSuchKernel

from tools import address
from tools.execute import ROOT, ChapterFailed, execute_what_changed, kernel_environment

PAGE = ROOT / "_build" / "html" / "index.html"
# What the pages were last rendered from: two digests, of the frame and of the texts.
STAMP = ROOT / "_build" / "rendered-from"
FRAME = ("tools", "references.bib", "_config.yml", "_toc.yml", "requirements.txt")
TEXTS = ("intro.md", "chapters", "data", "helpers")
ADDRESS = ("GITHUB_REPOSITORY", "GITHUB_SHA")
# Folders of what running the tools writes among them.
WRITTEN = {"__pycache__", "profile_default"}
SPACE_NEEDED_GB = 0.5


def stop(sentence: str) -> None:
    sys.exit(f"\nmake: {sentence}")


def check_space() -> None:
    if shutil.disk_usage(ROOT).free < SPACE_NEEDED_GB * 1e9:
        stop(f"The disk is full; free {SPACE_NEEDED_GB} GB and run the same command again.")


def execute() -> list[str]:
    try:
        return execute_what_changed()
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
    """Remove what Sphinx remembers: it warns of a page, or asks the tools, when it reads it."""
    shutil.rmtree(ROOT / "_build" / ".doctrees", ignore_errors=True)


def digest(*names: str) -> str:
    """Return a digest of files, and of those in folders, below the root of the book."""
    paths = {path for name in names for path in (ROOT / name, *(ROOT / name).rglob("*"))}
    result = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file() and not WRITTEN & {*path.parts}):
        result.update(str(path).encode() + path.read_bytes())
    return result.hexdigest()


def frame() -> str:
    """Return a digest of what every page and notebook is made with: tools, settings, address."""
    addresses = [address.repository_url(), *map(os.environ.get, ADDRESS)]
    return hashlib.sha256(f"{digest(*FRAME)} {addresses}".encode()).hexdigest()


def add_downloads() -> None:
    """Put each page's notebook beside the pages, for readers to download."""
    # Imported here, since the notebooks' module builds with this one.
    from tools.notebooks.files import BUILT, synchronise

    render("--builder", "custom", "--custom-builder", BUILT.name)
    synchronise(BUILT / "site", PAGE.parent / "notebooks")


def render_what_changed(executed: list[str]) -> None:
    """Render the pages and their notebooks, unless the last run did from the same sources."""
    before = STAMP.read_text().split() if STAMP.exists() and PAGE.exists() else ["", ""]
    now = [frame(), digest(*TEXTS)]
    if now == before and not executed:
        return
    STAMP.unlink(missing_ok=True)
    if now[0] != before[0]:
        forget_pages()
    render()
    add_downloads()
    STAMP.write_text("\n".join(now))


def main() -> None:
    check_space()
    render_what_changed(execute())
    print(f"The book is ready: open {os.path.relpath(PAGE)}")
    if address.is_placeholder(address.configured_url()):
        print("To make it yours, edit the line `url:` under `repository:` in _config.yml.")


if __name__ == "__main__":
    main()
