"""Fonts with the characters that the pages show: of formulas and of icons.

STIX Two Math comes with the package ziamath, under the SIL Open Font License, which
the font carries in itself; the icons come with the theme.
"""

import hashlib
import logging
import re
from base64 import b64encode
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

from tools.site import styles
from tools.site.mathml import styled
from tools.site.pages import LATE, Page, changed_by, is_site, written

MATH = "_static/fonts/stix-two-math.woff2"
# The sign of a root over one line, without the larger ones for which browsers leave room.
ROOT = "_static/fonts/stix-two-root.woff2"
# Importing the package would take a third of a second.
MATH_SOURCE = Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
TEXT = re.compile(r">([^<]+)<")
# It reports each table of a font.
logging.getLogger("fontTools").setLevel(logging.WARNING)

ICON = re.compile(r"[\ue000-\uf8ff]")
FACE = re.compile(r"@font-face ?{[^}]*?url\(([^)]*/fontawesome/[^)]*\.woff2)\)[^}]*}")
SOURCES = re.compile(r"src:[^;}]*")
# What a browser draws without being told: the root, and the parts of stretched braces.
ALWAYS = set("√=−+()[]{}|")


def preload_math(page: Page) -> None:
    """Ask for the formulas' font at once, or they would first stand without their letters.

    A file has no origin, from which a browser refuses to preload a font.
    """
    if page.soup.find("math"):
        script = page.soup.new_tag("script")
        script.string = (
            "if (location.protocol != 'file:') document.head.append(Object.assign("
            "document.createElement('link'), {rel: 'preload', as: 'font', type: 'font/woff2', "
            f"crossOrigin: '', href: '{page.link(MATH)}'}}))"
        )
        page.soup.head.find("link", rel="stylesheet").insert_before(script)


def write_math(app: Sphinx, exception: Exception | None) -> None:
    if exception or not is_site(app):
        return
    html = "\n".join(path.read_text("utf-8") for path in written(Path(app.outdir)))
    target = Path(app.outdir, MATH)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(subset(app, MATH_SOURCE, characters(html)))


def write_root(app: Sphinx) -> None:
    """Write the small font before the one sheet is made, which then takes it in."""
    if is_site(app):
        target = Path(app.outdir, ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(subset(app, MATH_SOURCE, {"√"}, drop_larger_signs))


def drop_larger_signs(font: TTFont) -> None:
    for construction in font["MATH"].table.MathVariants.VertGlyphConstruction:
        construction.MathGlyphVariantRecord = construction.MathGlyphVariantRecord[:1]
        construction.VariantCount = len(construction.MathGlyphVariantRecord)
        construction.GlyphAssembly = None


def embed_icons(app: Sphinx, exception: Exception | None) -> None:
    """Write the few icons that rules of the one sheet name into that sheet."""
    sheet = Path(app.outdir, styles.SHEET)
    if exception or not is_site(app) or not sheet.exists():
        return
    css = sheet.read_text("utf-8")
    wanted = set(ICON.findall(css))

    def embed(match: re.Match) -> str:
        font = (sheet.parent / match[1]).resolve()
        if not wanted & letters_of(font):
            return ""
        content = b64encode(subset(app, font, wanted)).decode()
        source = f'src:url(data:font/woff2;base64,{content}) format("woff2")'
        return SOURCES.sub(source, match[0])

    sheet.write_text(FACE.sub(embed, css), "utf-8")


def characters(html: str) -> set[str]:
    """Return the characters of all formulas, single letters in italics as well."""
    found = {
        letter for formula in FORMULA.findall(html) for letter in "".join(TEXT.findall(formula))
    }
    return found | {styled(letter, "ITALIC") for letter in found if letter.isalpha()} | ALWAYS


def letters_of(font: Path) -> set[str]:
    with TTFont(font, lazy=True) as opened:
        return set(map(chr, opened.getBestCmap()))


def subset(
    app: Sphinx,
    font: Path,
    letters: set[str],
    change: Callable[[TTFont], None] = lambda font: None,
) -> bytes:
    """Return a changed font with these letters, as WOFF2; cached, since it takes a second."""
    options = Options(flavor="woff2", hinting=False, layout_features=[], name_IDs=[0, 1, 2, 13, 14])
    options.notdef_outline = True
    parts = [font.read_bytes(), Path(__file__).read_bytes(), sorted(letters), change.__name__]
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()
    cached = Path(app.doctreedir, f"{font.stem}-{digest[:16]}.woff2")
    if not cached.exists():
        loaded = load_font(font, options)
        change(loaded)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=map(ord, letters))
        subsetter.subset(loaded)
        save_font(loaded, cached, options)
    return cached.read_bytes()


def setup(app: Sphinx) -> None:
    app.add_css_file("math.css")
    changed_by(app, preload_math)
    app.connect("builder-inited", write_root)
    app.connect("build-finished", write_math, priority=LATE)
    app.connect("build-finished", embed_icons, priority=LATE)
