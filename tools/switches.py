"""Which switches of `_config.yml` work here: each of Jupyter Book's does, or is refused at once.

What Jupyter Book and the extensions document works as they say, unless `REFUSED` says in a
sentence why it does not. A key that nobody reads is refused, too, since it would do nothing.
"""

import difflib
import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml
from jupyter_book.config import PATH_YAML_DEFAULT, get_final_config, get_validator
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tools import book

# What is read beside the keys of Jupyter Book's schema and of its defaults.
ALSO_READ = {
    "": {"bibtex_reference_style", "edition", "project", "solutions_from", "subtitle", "term"},
    "parse": {"myst_extended_syntax", "myst_substitutions"},
    "html": {"google_analytics_id", "navbar_footer_text"},
}
# What the chapters are written with.
NEEDED = {
    "parse.myst_enable_extensions": {
        "amsmath",
        "colon_fence",
        "deflist",
        "dollarmath",
        "fieldlist",
    },
    "sphinx.extra_extensions": {
        "sphinx_exercise",
        "sphinxext.opengraph",
        "tools.site",
        "tools.notebooks",
    },
}
BUTTONS = ("use_edit_page_button", "use_issues_button", "use_repository_button")

UNSET = (None, False, "", [], {})
ELSEWHERE = "pages load nothing from another host; leave it out"
BY_CHROMIUM = "`make pdf` prints the PDF from the pages; leave it out"
OF_EXECUTION = "it stands under execute:, as far as it can be chosen"
ONE_FORMAT = "every page is written in MyST with the front matter of the others; leave it out"
# The values that a switch may have, and what to do instead where it has another.
REFUSED = {
    "only_build_toc_files": ((True,), "every page stands in _toc.yml; write true"),
    "execute.execute_notebooks": (("cache",), "pages show results that are kept; write cache"),
    "execute.cache": (UNSET, "results are kept in _build/.jupyter_cache; leave it out"),
    "execute.exclude_patterns": (UNSET, "every page of the contents is executed; leave it out"),
    "execute.allow_errors": (UNSET, "a failing cell ends the build; tag it raises-exception"),
    "execute.run_in_temp": ((True,), "each chapter runs in an empty folder; write true"),
    "parse.myst_extended_syntax": (UNSET, "it is outdated; use myst_enable_extensions"),
    "parse.myst_dmath_double_inline": (UNSET, "Jupyter Book drops it; use sphinx.config"),
    "html.google_analytics_id": (UNSET, ELSEWHERE),
    "html.analytics": (UNSET, ELSEWHERE),
    "html.comments.hypothesis": (UNSET, ELSEWHERE),
    "html.comments.utterances": (UNSET, ELSEWHERE),
    "html.navbar_footer_text": (UNSET, "the theme dropped it; use extra_footer"),
    "latex.latex_engine": (UNSET, BY_CHROMIUM),
    "latex.latex_documents": (UNSET, BY_CHROMIUM),
    "latex.use_jupyterbook_latex": (UNSET, BY_CHROMIUM),
    "launch_buttons.thebe": (UNSET, ELSEWHERE),
    "launch_buttons.deepnote_url": (UNSET, "Deepnote opens no notebook by a link; leave it out"),
    "repository.path_to_book": ((*UNSET, ".", "/"), "the book is the root of its repository"),
    "sphinx.recursive_update": ((True,), "settings add to those of the book; write true"),
    "sphinx.config.hide_solutions": ((*UNSET, True), "write true or false without quotes"),
    "sphinx.config.exercise_style": (UNSET, "the PDF finds solutions by their links; leave it out"),
    "sphinx.config.html_copy_source": ((False,), "the sources hold the solutions; write false"),
    "sphinx.config.html_baseurl": (UNSET, "write it as baseurl under html:"),
    "sphinx.config.html_title": (UNSET, "write it as title: at the top"),
    "sphinx.config.html_theme": ((*UNSET, "sphinx_book_theme"), "pages are made for its theme"),
    "sphinx.config.html_theme_options.use_download_button": (
        (False,),
        "a page offers its notebook instead; write false",
    ),
    "sphinx.config.html_theme_options.analytics": (UNSET, ELSEWHERE),
    "sphinx.config.comments_config": (UNSET, ELSEWHERE),
    "sphinx.config.thebe_config": (UNSET, ELSEWHERE),
    "sphinx.config.copybutton_image_path": (UNSET, "it is outdated; use copybutton_image_svg"),
    "sphinx.config.external_toc_path": (UNSET, "the contents stand in _toc.yml"),
    "sphinx.config.external_toc_exclude_missing": ((*UNSET, True), "write only_build_toc_files"),
    "sphinx.config.myst_enable_extensions": (UNSET, "it stands under parse:"),
    "sphinx.config.nb_custom_formats": (UNSET, ONE_FORMAT),
    "sphinx.config.nb_read_as_md": (UNSET, ONE_FORMAT),
    "sphinx.config.nb_metadata_key": ((*UNSET, "mystnb"), ONE_FORMAT),
    "sphinx.config.nb_cell_metadata_key": ((*UNSET, "mystnb"), ONE_FORMAT),
    "sphinx.config.nb_kernel_rgx_aliases": (UNSET, "the kernel is python3; leave it out"),
    "sphinx.config.nb_execution_mode": (UNSET, OF_EXECUTION),
    "sphinx.config.nb_execution_cache_path": (UNSET, OF_EXECUTION),
    "sphinx.config.nb_execution_excludepatterns": (UNSET, OF_EXECUTION),
    "sphinx.config.nb_execution_allow_errors": (UNSET, OF_EXECUTION),
    "sphinx.config.nb_execution_in_temp": (UNSET, OF_EXECUTION),
    "sphinx.config.nb_execution_timeout": (UNSET, OF_EXECUTION),
}


def problems() -> Iterator[str]:
    """Yield a sentence for each setting that would not do what its owner says of it."""
    for found in (_repeated, _unread, _mistyped, _refused, _missing):
        yield from (f"In _config.yml, {says}" for says in found())


def _repeated() -> Iterator[str]:
    """Find keys that stand twice in one section, of which only the last would be read."""
    book.configuration()  # It says what is wrong if YAML cannot be read.
    pending = [yaml.compose((book.ROOT / "_config.yml").read_text("utf-8"))]
    while pending:
        pairs = getattr(pending.pop(), "value", None)
        first: dict[str, int] = {}
        for key, value in filter(lambda pair: isinstance(pair, tuple), pairs or ()):
            pending.append(value)
            line = key.start_mark.line + 1
            if (before := first.setdefault(key.value, line)) != line:
                yield (
                    f"{key.value} stands twice, at lines {before} and {line}: write it once, with "
                    "all that is below both."
                )


def _unread() -> Iterator[str]:
    """Find keys that neither Jupyter Book nor the book itself reads."""
    for section, known in _known().items():
        found = book.setting(section) if section else book.configuration()
        for key in sorted(set(map(str, found)) - known) if isinstance(found, dict) else ():
            yield nobody_reads(f"{f'{section}.' * bool(section)}{key}", key, known)


def _known() -> dict[str, set[str]]:
    """Return the keys that are read, by the section that they stand in; "" is the top."""
    defaults = yaml.safe_load(PATH_YAML_DEFAULT.read_text("utf-8"))
    schema = get_validator().schema["properties"]
    known = {"": {*schema, *defaults}}
    for name, section in schema.items():
        default = defaults.get(name)
        inner = {*section.get("properties", ()), *(default if isinstance(default, dict) else ())}
        known |= {name: inner} if inner else {}
    return {name: keys | ALSO_READ.get(name, set()) for name, keys in known.items()}


def _mistyped() -> Iterator[str]:
    for key in ("edition", "subtitle", "term"):
        if isinstance(book.setting(key), list | dict):
            yield f"{key} cannot be {book.setting(key)!r}: write one text, in quotation marks."
    if not re.fullmatch(r"[^\s~^:?*\[\\]+", book.branch()):
        yield f"repository.branch cannot be {book.branch()!r}: write it as git branch shows it."
    for error in get_validator().iter_errors(book.configuration()):
        path = ".".join(map(str, error.path)) or "the whole"
        yield f"{path} is of another kind than expected: {error.message}; correct it."


def _refused() -> Iterator[str]:
    for path, (accepted, instead) in REFUSED.items():
        value = book.setting(path)
        if value not in accepted:
            said = "is missing" if value is None else f"cannot be {value!r}"
            yield f"{path} {said}: {instead}."


def _missing() -> Iterator[str]:
    """Find what pages need and somebody took out, and what leads nowhere."""
    for key in ("title", "author", "copyright"):
        if not str(book.setting(key, "")).strip():
            yield f"there is no {key}, and Jupyter Book would put its own there: write yours."
    for path, needed in NEEDED.items():
        lacking = sorted(needed - set(map(str, book.setting(path, []))))
        if lacking:
            yield f"{path} lacks {', '.join(lacking)}, which the pages need; add it."
    if "tasklist" in book.setting("parse.myst_enable_extensions", []):
        yield "tasklist is not supported: notebooks have no boxes to tick; remove it."
    if book.is_placeholder() and any(book.setting(f"html.{button}") for button in BUTTONS):
        yield "a button would lead nowhere: write your address under repository.url."
    if book.setting("html.use_issues_button") and "bitbucket" in book.repository_url():
        yield "use_issues_button is not supported on Bitbucket: leave it out."
    for path in ("logo", "html.favicon", "bibtex_bibfiles"):
        named = book.setting(path) or []
        for name in named if isinstance(named, list) else [named]:
            if not (book.ROOT / str(name)).is_file():
                yield f"{path} names {name}, which is not there; correct the path."


def warnings_of_sphinx() -> list[str]:
    """Let Sphinx read the settings and load the extensions; return what it complains of."""
    warnings = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, patch_docutils(), docutils_namespace():
        settings, _ = get_final_config(
            user_yaml=Path(book.ROOT, "_config.yml"),
            cli_config={"latex_individualpages": False},
            sourcedir=book.ROOT,
            validate=False,
        )
        try:
            app = Sphinx(
                book.ROOT, None, folder, folder, "dummy", settings, status=None, warning=warnings
            )
        except (SphinxError, ValueError) as error:
            return [*plain(warnings), str(error)]
    known = {option.name for option in app.config}
    unread = sorted(map(str, set(book.setting("sphinx.config", {})) - known))
    return [nobody_reads(f"sphinx.config.{key}", key, known) for key in unread] or plain(warnings)


def plain(warnings: io.StringIO) -> list[str]:
    """Return what Sphinx says, without the colours in which it says it."""
    return re.sub(r"\x1b\[[\d;]*m", "", warnings.getvalue()).splitlines()


def nobody_reads(path: str, key: str, known: set[str]) -> str:
    meant = difflib.get_close_matches(key, known, 1)
    cure = f"is {meant[0]} meant?" if meant else "extensions read from sphinx.config."
    return f"nothing reads the key {path}; {cure}"
