"""Ask every link of the book whether it still answers: ``python -m tools.linkcheck``.

Other people's servers are no reason to stop a build, so it reports and never fails.
"""

import json
import subprocess
import sys
from pathlib import Path

from tools.execute import ROOT, kernel_environment

REPORT = ROOT / "_build" / "linkcheck" / "output.json"
PROBLEMS = {"broken", "timeout"}


def main() -> None:
    REPORT.unlink(missing_ok=True)
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ROOT, "--builder"]
    environment = kernel_environment() | {"PYTHONPATH": str(ROOT)}
    subprocess.run(
        [*command, "linkcheck"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if not REPORT.exists():
        print("The links could not be checked; `make book` may say why.")
        return
    links = [json.loads(line) for line in REPORT.read_text("utf-8").splitlines()]
    broken = [link for link in links if link["status"] in PROBLEMS]
    for link in broken:
        print(f"{link['filename']}:{link['lineno']}: {link['uri']} {link['info']}")
    print(f"{len(links)} links, of which {len(broken)} do not answer.")


if __name__ == "__main__":
    main()
