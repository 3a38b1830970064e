"""Ask every site that the book links to whether the link still answers: ``make linkcheck``.

Sphinx asks; what it found is summed up here. Other people's servers are no reason to stop
a build, so this never fails.
"""

import json
import subprocess

from tools.build import APART, jupyter_book

# Jupyter Book calls the folder so whatever it makes; apart from the site, it keeps that clean.
ANSWERS = APART / "_build" / "html" / "output.json"
# A server that answers so is there, and keeps programs out or wants to be asked less often.
GUARDED = {"403", "405", "406", "418", "429", "999"}


def needs_a_look(answer: dict) -> bool:
    if answer["status"] == "redirected":
        return answer["code"] in (301, 308)
    return answer["status"] in ("broken", "timeout") and answer["info"][:3] not in GUARDED


def report(answers: list[dict]) -> str:
    """Return what a maintainer has to know: the links that need a look, and how many do."""
    asked = [answer for answer in answers if answer["status"] != "unchecked"]
    faults = [answer for answer in asked if needs_a_look(answer)]
    if faults == asked != [] and not any(answer["info"][:3].isdigit() for answer in asked):
        return (
            f"The network seems to be off: none of {len(asked)} links could be reached, "
            "which says nothing about them. Connect, and run `make linkcheck` again."
        )
    lines = ["{filename}:{lineno}: {status} {uri} {info}".format(**fault) for fault in faults]
    return "\n".join([*lines, f"{len(asked)} links, of which {len(faults)} need a look."])


def main() -> None:
    print("Asking every link whether it answers; this may take some minutes …", flush=True)
    ANSWERS.unlink(missing_ok=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    jupyter_book("--path-output", APART, "--builder", "linkcheck", **quiet).wait()
    print(report([json.loads(line) for line in ANSWERS.read_text("utf-8").splitlines()]))


if __name__ == "__main__":
    main()
