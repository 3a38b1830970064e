"""Find the Chromium that the tests of the site drive."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
APPLICATIONS = [
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
]
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page asks of another host fails, and the tests see that it asked.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def installed() -> Path | None:
    """Return the browser of this machine: ``CHROMIUM`` if set, a usual name, Playwright's own."""
    named = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    candidates = [Path(path) for path in named if path] + APPLICATIONS
    with sync_playwright() as playwright:
        candidates.append(Path(playwright.chromium.executable_path))
    return next((path for path in candidates if path.exists()), None)


def ensure() -> None:
    """Install Playwright's Chromium if the machine has none, or say what to do."""
    if installed():
        return
    command = [sys.executable, "-m", "playwright", "install", "chromium", "--only-shell"]
    if subprocess.run(command).returncode != 0:
        sys.exit(
            "\nmake: The tests of the site need Chromium; install it, for instance with "
            "`apt install chromium`, or set CHROMIUM to its path."
        )


def launch(kind: BrowserType, path: Path, *arguments: str) -> Browser:
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return kind.launch(executable_path=path, args=[*ARGUMENTS, *sandbox, *arguments])


if __name__ == "__main__":
    ensure()
