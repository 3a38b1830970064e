"""Load the scripts that the book uses, after a page's text, and no other."""

import re

from tools.site.pages import Page, changed_by

UNUSED = re.compile(
    r"""
    /fontawesome\.js            # half a megabyte, replaces icons that a font draws already
    | thebe                     # is loaded twice, throws, and nothing here uses it
    | DOCUMENTATION_OPTIONS\.   # settings of versions and of a search while one types
    """,
    re.VERBOSE,
)
SEARCH = re.compile(r"/?(searchtools|language_data|searchindex|search_in_files)\.js")
# The theme leaves "auto" to a later script, which would style the whole page anew.
LIGHT_OR_DARK = """{
  const {dataset} = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  if (dataset.mode === "auto") dataset.theme = dark ? "dark" : "light";
}"""


def load_what_is_used(page: Page) -> None:
    for script in page.soup.find_all("script"):
        what = script.get("src") or script.get_text()
        if UNUSED.search(what) or (SEARCH.search(what) and page.name != "search"):
            script.decompose()
        elif script.get("src"):
            script["defer"] = ""
    # What is asked for early waits for nobody, and holds up what the page needs first.
    for link in page.soup.select('link[rel~=preload][as=script], link[href*="thebe"]'):
        link.decompose()


def setup(app) -> None:
    app.add_js_file(None, body=LIGHT_OR_DARK, priority=0)
    app.add_js_file("search_in_files.js")
    changed_by(app, load_what_is_used)
