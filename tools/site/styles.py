"""One style sheet for the site, with the rules that some page or script can use.

The theme's sheets are 600 KB, of which the book uses a tenth. A selector stays if each
class, identifier and element in it occurs in a page or as a word in a script.
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, relpath

import tinycss2
from sphinx.application import Sphinx

from tools.site.pages import LATE, Page, changed_by, is_site, written

SHEET = "_static/site.css"
# What the theme's first sheet imports, since an import is another request.
IMPORTED = {"_static/styles/theme.css": "_static/basic.css"}
GROUPS = {"media", "supports", "layer", "container"}
DROPPED = {"charset", "import"}
# Small enough that a request for it would take longer than its bytes.
LARGEST_EMBEDDED_FILE = 4096
MEDIA_TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}

VARIABLE = re.compile(r"--[\w-]+")
WORD = re.compile(r"[A-Za-z_][\w-]*")
TAG = re.compile(r"<([a-z][\w-]*)")
NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')
SCRIPT = re.compile(r'<script[^>]*\ssrc="([^"?]*)')
LINK = re.compile(r"url\(\s*[\"']?([^\"')]*)[\"']?\s*\)")


def link_one_sheet(page: Page) -> None:
    """Replace the links to a page's sheets by one, and remember which they were."""
    links = page.soup.select("link[rel=stylesheet]")
    names = [page.target(link["href"]) for link in links]
    known = sheets(page.app)
    memory(page.app).write_text(json.dumps(known + [name for name in names if name not in known]))
    links[0].attrs = {"rel": "stylesheet", "href": page.link(SHEET)}
    for link in links[1:]:
        link.decompose()


def memory(app: Sphinx) -> Path:
    return Path(app.doctreedir, "sheets.json")


def sheets(app: Sphinx) -> list[str]:
    """Return the sheets that the pages of this and of earlier builds link to, in their order."""
    return json.loads(memory(app).read_text()) if memory(app).exists() else []


def write_sheet(app: Sphinx, exception: Exception | None) -> None:
    if exception or not is_site(app):
        return
    root = Path(app.outdir)
    names = [IMPORTED.get(name, name) for name in sheets(app)]
    texts = [rebased(root, name) for name in names]
    words, variables = mentioned(app)
    digest = hashlib.sha256(repr([texts, sorted(words), sorted(variables)]).encode()).hexdigest()
    target, mark = root / SHEET, f"/* {digest} */\n"
    if target.exists() and target.read_text("utf-8").startswith(mark):
        return
    rules = [rule for text in texts for rule in used(parse(text), words)]
    drop_unused_variables(rules, variables)
    target.write_text(mark + "\n".join(str(rule) for rule in rules if rule.body), "utf-8")


def mentioned(app: Sphinx) -> tuple[set[str], set[str]]:
    """Return what the pages and their scripts can mean: names of selectors, and variables."""
    pages = {path: path.read_text("utf-8") for path in written(Path(app.outdir))}
    links = ((path.parent, link) for path, text in pages.items() for link in SCRIPT.findall(text))
    scripts = {(folder / link).resolve() for folder, link in links}
    code = "\n".join(path.read_text("utf-8") for path in sorted(scripts))
    html = "\n".join(pages.values())
    words = set(WORD.findall(code)) | set(TAG.findall(html))
    words |= {name for names in NAMES.findall(html) for name in names.split()}
    return words, set(VARIABLE.findall(code + html))


def rebased(root: Path, name: str) -> str:
    """Return a sheet's text, its links relative to the folder of the one sheet."""

    def link(match: re.Match) -> str:
        if re.match(r"data:|#|\w+://", match[1]):
            return match[0]
        path = (root / dirname(name) / match[1].split("?")[0].split("#")[0]).resolve()
        if path.exists() and path.stat().st_size <= LARGEST_EMBEDDED_FILE:
            content = b64encode(path.read_bytes()).decode()
            return f"url(data:{MEDIA_TYPES[path.suffix]};base64,{content})"
        return f"url({relpath(path.as_posix(), (root / SHEET).parent.resolve().as_posix())})"

    return LINK.sub(link, (root / name).read_text("utf-8"))


@dataclass
class Rule:
    """A rule of a sheet: a header, and its declarations or further rules."""

    header: str
    body: list

    def __str__(self) -> str:
        inside = "".join(f"{part};" if isinstance(part, str) else str(part) for part in self.body)
        return f"{self.header}{{{inside}}}"

    def declarations(self) -> Iterator[str]:
        for part in self.body:
            if isinstance(part, str):
                yield part
            else:
                yield from part.declarations()


def parse(text: str) -> list:
    return tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)


def used(rules: Iterable, words: set[str]) -> Iterator[Rule]:
    """Yield the rules that can apply to a page in which these words occur."""
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [part for part in split(rule.prelude) if can_match(part, words)]
            if selectors:
                yield Rule(",".join(map(text_of, selectors)), declarations(rule.content))
        elif rule.type == "at-rule" and rule.lower_at_keyword not in DROPPED:
            header = f"@{rule.at_keyword} {text_of(rule.prelude)}"
            if rule.lower_at_keyword in GROUPS:
                inside = tinycss2.parse_rule_list(rule.content, True, True)
                yield Rule(header, list(used(inside, words)))
            elif rule.lower_at_keyword.endswith("keyframes"):
                yield Rule(header, [text_of(rule.content)])
            else:
                yield Rule(header, declarations(rule.content))


def split(tokens: list) -> Iterator[list]:
    """Split a list of selectors at its commas."""
    part = []
    for token in tokens:
        if token == ",":
            yield part
            part = []
        else:
            part.append(token)
    yield part


def can_match(tokens: list, words: set[str]) -> bool:
    """Tell whether each name in a selector occurs, whatever the selector excludes."""
    before = None
    for token in tokens:
        if token.type == "hash" and token.value not in words:
            return False
        if token.type == "ident" and before != ":" and token.value not in words:
            return False
        if token.type == "function" and token.lower_name in ("is", "where", "has"):
            branches = [can_match(branch, words) for branch in split(token.arguments)]
            if not any(branches):
                return False
        before = token
    return True


def text_of(tokens: list) -> str:
    text = re.sub(r"/\*.*?\*/", "", tinycss2.serialize(tokens), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text).strip()


def declarations(tokens: list) -> list[str]:
    found = tinycss2.parse_blocks_contents(tokens, skip_comments=True, skip_whitespace=True)
    return [
        f"{each.name}:{text_of(each.value)}{'!important' if each.important else ''}"
        for each in found
        if each.type == "declaration"
    ]


def drop_unused_variables(rules: list[Rule], mentioned: set[str]) -> None:
    """Remove the definitions of variables that no remaining declaration reads."""
    definitions: dict[str, set[str]] = {}
    needed = set(mentioned)
    for declaration in (each for rule in rules for each in rule.declarations()):
        name, _, value = declaration.partition(":")
        read = set(VARIABLE.findall(value))
        if name.startswith("--"):
            definitions.setdefault(name, set()).update(read)
        else:
            needed |= read
    pending = list(needed)
    while pending:
        new = definitions.get(pending.pop(), set()) - needed
        needed |= new
        pending += new
    for rule in rules:
        keep_variables(rule, needed)


def keep_variables(rule: Rule, needed: set[str]) -> None:
    for part in rule.body:
        if isinstance(part, Rule):
            keep_variables(part, needed)
    rule.body = [part for part in rule.body if is_needed(part, needed)]


def is_needed(part: str | Rule, needed: set[str]) -> bool:
    if isinstance(part, Rule):
        return bool(part.body)
    return not part.startswith("--") or part.partition(":")[0] in needed


def setup(app: Sphinx) -> None:
    changed_by(app, link_one_sheet)
    app.connect("build-finished", write_sheet, priority=LATE)
