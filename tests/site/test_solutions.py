"""The students' edition lacks solutions of both kinds, and has no link that dangles."""

import os
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup

from tools.book import ROOT

CONFIGURATION = """
extensions = ["myst_parser", "sphinx_exercise", "tools.site.solutions"]
root_doc = "one"
hide_solutions = True
"""
ONE = """
# One

```{toctree}
two
```

```{exercise}
:label: ex-gated
Ask.
```

```{solution-start} ex-gated
:label: ex-gated-solution
```
A secret.

![secret picture](picture.svg)
```{solution-end}
```

```{exercise}
:label: ex-short
Ask again.
```

```{solution} ex-short
:label: ex-short-solution
A short secret.
```

See {ref}`ex-gated-solution` and {ref}`ex-gated`.
"""
TWO = "# Two\n\nSee {ref}`there <ex-gated-solution>` and {ref}`ex-short-solution`.\n"


@pytest.mark.parametrize(("edition", "hidden"), [("student", True), ("self-study", False)])
def test_solutions_are_kept_back_with_the_links_to_them(tmp_path, edition, hidden):
    (tmp_path / "conf.py").write_text(CONFIGURATION)
    (tmp_path / "one.md").write_text(ONE)
    (tmp_path / "two.md").write_text(TWO)
    (tmp_path / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", tmp_path, tmp_path / "site"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "EDITION": edition}
    subprocess.run(command, env=environment, check=True)
    one, two = (
        BeautifulSoup((tmp_path / "site" / f"{name}.html").read_text(), "html.parser").body
        for name in ("one", "two")
    )
    assert len(one.select(".solution")) == (0 if hidden else 2)
    assert ("secret" in one.get_text()) is not hidden
    assert ("secret" in (tmp_path / "site" / "searchindex.js").read_text()) is not hidden
    assert (tmp_path / "site" / "_images" / "picture.svg").exists() is not hidden
    to_solutions = [link for page in (one, two) for link in page.select("a[href*='-solution']")]
    assert bool(to_solutions) is not hidden
    assert one.select("p a[href$='#ex-gated']")
    assert "See there and Solution to" in two.get_text()
