"""Find the browsers in which the tests open the site: Chromium, and once Firefox."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, sync_playwright

CHROMIUM = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
FIREFOX = ["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"]
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


def found(variable: str, names: list[str]) -> Path | None:
    """Return the program that a variable of the environment names, else the first of these."""
    paths = map(shutil.which, [os.environ.get(variable, ""), *names])
    return next((Path(path) for path in paths if path), None)


def chromium() -> Path | None:
    """Return this machine's Chromium, else Playwright's own."""
    path = found("CHROMIUM", CHROMIUM)
    if path is None:
        with sync_playwright() as playwright:
            path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def firefox() -> Path | None:
    return found("FIREFOX", FIREFOX)


def ensure_chromium() -> None:
    """Install Playwright's Chromium if the machine has none, or say what to do."""
    command = [sys.executable, "-m", "playwright", "install", "chromium", "--only-shell"]
    if not chromium() and subprocess.run(command).returncode:
        say_what_is_missing("Chromium", "chromium")


def say_what_is_missing(name: str, package: str) -> None:
    sys.exit(
        f"\nmake: The tests of the site need {name}; install it, for instance with "
        f"`apt install {package}`, or set {name.upper()} to its path."
    )


def launch(kind: BrowserType, path: Path, *arguments: str) -> Browser:
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return kind.launch(executable_path=path, args=[*ARGUMENTS, *sandbox, *arguments])


if __name__ == "__main__":
    ensure_chromium()
    if not firefox():
        say_what_is_missing("Firefox", "firefox-esr")
