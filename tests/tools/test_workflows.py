"""The workflows of continuous integration: valid, pinned, and with no right too many."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tools.book import ROOT
from tools.bootstrap import supported
from tools.colab import CONSTRAINTS, pinned

GITHUB = ROOT / ".github"
WORKFLOWS = {path.stem: path.read_text() for path in (GITHUB / "workflows").glob("*.yml")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_workflows_are_valid_and_safe():
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [zizmor, "--offline", "--strict-collection", "--no-progress", GITHUB]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_read_and_a_job_says_what_more_it_needs(name):
    workflow = yaml.safe_load(WORKFLOWS[name])
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        assert "contents: write" not in str(job.get("permissions", ""))


def test_what_passed_on_the_oldest_and_the_newest_python_is_published():
    jobs = yaml.safe_load(WORKFLOWS["book"])["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    pythons = [step["with"]["python"] for step in steps if "/set-up" in step.get("uses", "")]
    oldest, beyond = re.findall(r"3\.(\d+)", PROJECT["project"]["requires-python"])
    assert pythons == [f"3.{int(beyond) - 1}", f"3.{oldest}"]
    assert (jobs["oldest-python"]["needs"], jobs["publish"]["needs"]) == tuple(jobs)[:2]
    assert WORKFLOWS["book"].count("- run: make test\n") == 2


def test_the_helpers_are_tested_on_other_systems_with_every_python():
    [job] = yaml.safe_load(WORKFLOWS["helpers"])["jobs"].values()
    assert job["strategy"]["matrix"] == {
        "os": ["windows-latest", "macos-latest"],
        "python": [f"3.{minor}" for minor in supported()],
    }


def test_what_is_held_at_the_versions_of_colab_is_not_updated():
    updates = yaml.safe_load((GITHUB / "dependabot.yml").read_text())["updates"]
    [ignored] = [update["ignore"] for update in updates if "ignore" in update]
    held = pinned(CONSTRAINTS.read_text())
    assert [each["dependency-name"] for each in ignored] == list(held)
