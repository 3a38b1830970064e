"""Load the scripts that a page uses, after its text, and no other."""

from bs4 import Tag

from tools.site.pages import Page, changed_by

SEARCH = ["searchtools.js", "language_data.js", "searchindex.js", "search_in_files.js"]
# One of the classes that a page has to have for the script to do something there.
NEEDS = {
    "clipboard.min.js": {"highlight"},
    "copybutton.js": {"highlight"},
    "design-tabs.js": {"sd-tab-set"},
    "togglebutton.js": {"toggle", "dropdown"},
    # Half a megabyte that replaces icons which the style sheet draws already.
    "fontawesome.js": set(),
    # It is loaded twice, throws, and nothing here uses it.
    "sphinx-thebe.js": set(),
}
# Settings of what is not loaded, and of what reads them before they can be deferred.
DROPPED_SETTINGS = ["DOCUMENTATION_OPTIONS", "THEBE"]
# The theme's own first script leaves "auto" to a later one, which then styles all anew.
THEME_LATER = 'document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";'
THEME_AT_ONCE = """{
      const {dataset} = document.documentElement;
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      dataset.theme = dataset.mode === "auto" ? (dark ? "dark" : "light") : dataset.mode;
    }"""


def load_what_is_used(page: Page) -> None:
    for script in page.soup.find_all("script"):
        if not is_used(page, script):
            script.decompose()
        elif script.get("src"):
            script["defer"] = ""
        elif THEME_LATER in script.get_text():
            script.string = script.get_text().replace(THEME_LATER, THEME_AT_ONCE)
    for link in page.soup.select('link[rel~=preload][as=script], link[href*="thebe"]'):
        link.decompose()


def is_used(page: Page, script: Tag) -> bool:
    source = script.get("src", "").split("?")[0].rsplit("/", 1)[-1]
    if not source:
        return is_setting_of_what_is_used(page, script.get_text())
    if source in SEARCH:
        return page.name == "search"
    return source not in NEEDS or not NEEDS[source].isdisjoint(page.classes)


def is_setting_of_what_is_used(page: Page, text: str) -> bool:
    if text.startswith(("let toggle", "var toggle")):
        return not NEEDS["togglebutton.js"].isdisjoint(page.classes)
    return not any(name in text for name in DROPPED_SETTINGS)


def setup(app) -> None:
    app.add_js_file("search_in_files.js")
    changed_by(app, load_what_is_used)
