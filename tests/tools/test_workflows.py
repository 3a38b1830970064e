"""The workflows of continuous integration: valid, pinned, and with no right too many."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.book import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


def lint(path):
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [zizmor, "--offline", "--strict-collection", "--no-progress", path]
    return subprocess.run(command, capture_output=True, text=True)


def test_workflows_are_valid_and_safe():
    result = lint(GITHUB)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("pattern", "mistake"),
    [
        ("runs-on:", "run-on:"),
        ("@[0-9a-f]{40}", "@v4"),
        (r"with:\n +persist-credentials: false\n", ""),
        ("contents: read", "contents: everything"),
    ],
)
def test_the_linter_finds_a_mistake(tmp_path, pattern, mistake):
    workflow = tmp_path / "wrong.yml"
    workflow.write_text(re.sub(pattern, mistake, WORKFLOWS[0].read_text()))
    assert lint(workflow).returncode != 0


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_read_and_a_job_says_what_more_it_needs(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        assert "contents: write" not in str(job.get("permissions", ""))


def test_the_book_is_tested_and_published_by_the_readme_s_commands():
    text = (GITHUB / "workflows" / "book.yml").read_text()
    assert "- run: make test\n" in text
    assert "path: _build/html" in text
