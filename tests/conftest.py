"""What all tests share: the network is off, and chapters in the making are left alone."""

import re

from tools.execute import ROOT, chapters

pytest_plugins = ["tests.offline.plugin"]


def tests_of_drafts() -> list[str]:
    """Return the test files of chapters that are written but not in the contents yet."""
    names = []
    for path in set((ROOT / "chapters").glob("*.md")) - set(chapters()):
        prefix = re.search(r"^:label: (\w\w)-ex", path.read_text("utf-8"), re.MULTILINE)
        if prefix:
            stems = [f"test_{path.stem}", f"test_checks_{prefix[1]}", f"site/test_{path.stem}"]
            names += [f"{stem}.py" for stem in stems]
    return names


collect_ignore = tests_of_drafts()
