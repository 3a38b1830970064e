"""Turn TeX into MathML with MathJax itself, which runs in an embedded JavaScript engine.

So the pages need no script for their formulas, the build needs no Node, and what a
formula means is decided by the parser that Jupyter and Colab use too.
"""

import json
import re
import subprocess
import sys
from contextlib import closing
from importlib.metadata import files
from pathlib import Path

from py_mini_racer import MiniRacer

from tools.book import ROOT

MODULES = ["loader.js", "core.js", "adaptors/liteDOM.js", "input/tex-full.js"]
PACKAGES = ["base", "ams", "newcommand", "boldsymbol"]
TIMEOUT_S = 60

BEFORE = """
var window = globalThis;
var MathJax = {loader: {load: [], require: null}, startup: {ready() {}, typeset: false}};
1
"""
AFTER = """
const modules = MathJax._;
modules.handlers.html_ts.RegisterHTMLHandler(modules.adaptors.liteAdaptor.liteAdaptor());
const input = new modules.input.tex_ts.TeX({packages: PACKAGES});
const page = modules.mathjax.mathjax.document("", {InputJax: input});
const writer = new modules.core.MmlTree.SerializedMmlVisitor.SerializedMmlVisitor();
const end = modules.core.MathItem.STATE.CONVERT;
function mathml(tex, display) {
  return writer.visitTree(page.convert(tex, {display: display, end: end}));
}
1
"""


class NotTypeset(ValueError):
    """A formula that TeX, or a browser, does not understand; the message says why."""


def mathjax_folder() -> Path:
    """Return the folder of MathJax's files, which an installed package brings along."""
    loader = next(file for file in files("sphinx-mathjax-offline") if file.name == MODULES[0])
    return Path(loader.locate()).parent


class Typesetter:
    """MathJax's parser in a process of its own, started when the first formula comes.

    The engine's threads outlive an interrupted program; as a process it ends with its input.
    """

    def __init__(self):
        self._process = None

    def mathml(self, tex: str, display: bool) -> str:
        """Return MathJax's MathML of a formula.

        Raises
        ------
        NotTypeset
            If TeX does not understand the formula.
        """
        process = self._started()
        print(json.dumps([tex, display]), file=process.stdin, flush=True)
        result = json.loads(process.stdout.readline())
        error = re.search(r'data-mjx-error="([^"]*)"', result)
        if error:
            raise NotTypeset(f"TeX does not understand this formula, {error[1]!r}: {tex}")
        return result

    def close(self) -> None:
        if self._process:
            # It holds nothing that has to be saved, and takes seconds to end by itself.
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _started(self) -> subprocess.Popen:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __spec__.name],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process


def started(engine: MiniRacer) -> MiniRacer:
    """Return the engine with MathJax loaded."""
    engine.eval(BEFORE)
    for name in MODULES:
        source = mathjax_folder().joinpath(name).read_text("utf-8")
        engine.eval(source + "\n;1", timeout_sec=TIMEOUT_S)
    engine.eval(AFTER.replace("PACKAGES", str(PACKAGES)))
    return engine


def main() -> None:
    """Answer each formula on a line of the input by a line with its MathML, both as JSON."""
    with closing(MiniRacer()) as engine:
        started(engine)
        for line in sys.stdin:
            print(json.dumps(engine.call("mathml", *json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
