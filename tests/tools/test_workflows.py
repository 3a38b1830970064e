"""The workflows of continuous integration: valid, pinned, and with no right too many."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.book import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONLINT = Path(sys.executable).with_name("actionlint")
by_name = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def lint(*paths):
    command = [ACTIONLINT, "-shellcheck=", "-pyflakes=", *paths]
    return subprocess.run(command, capture_output=True, text=True)


def test_workflows_are_valid():
    result = lint(*WORKFLOWS)
    assert result.returncode == 0, result.stdout


def test_the_linter_finds_a_mistake(tmp_path):
    workflow = tmp_path / "wrong.yml"
    workflow.write_text(WORKFLOWS[0].read_text().replace("runs-on:", "run-on:"))
    assert lint(workflow).returncode != 0


@by_name
def test_actions_are_pinned_by_hash_with_their_version_beside_it(path):
    used = re.findall(r"uses: (.+)", path.read_text())
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


@by_name
def test_a_workflow_may_read_and_a_job_says_what_more_it_needs(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        assert "contents: write" not in str(job.get("permissions", ""))


@by_name
def test_checkouts_keep_no_credentials(path):
    steps = [
        step for job in yaml.safe_load(path.read_text())["jobs"].values() for step in job["steps"]
    ]
    for step in steps:
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False


def test_the_book_is_tested_and_published_by_the_readme_s_commands():
    text = (ROOT / ".github" / "workflows" / "book.yml").read_text()
    assert "- run: make test\n" in text
    assert "path: _build/html" in text
