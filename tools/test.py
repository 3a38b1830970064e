"""Run every test of the book; the site has to be built."""

import subprocess
import sys

from tools import browser, lint
from tools.book import ROOT
from tools.execute import kernel_environment


def main() -> None:
    browser.ensure()
    lint.main()
    # Which tests stay together is said in tests/conftest.py.
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *sys.argv[1:]]
    sys.exit(subprocess.run(command, cwd=ROOT, env=kernel_environment()).returncode)


if __name__ == "__main__":
    main()
