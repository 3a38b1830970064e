"""The few of the theme's icons that pages show."""

import hashlib
import logging
import re
from base64 import b64encode
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

from tools.site import styles
from tools.site.pages import LATE, is_site

# It reports each table of a font.
logging.getLogger("fontTools").setLevel(logging.WARNING)

ICON = re.compile(r"[\ue000-\uf8ff]")
FACE = re.compile(r"@font-face ?{[^}]*?url\(([^)]*/fontawesome/[^)]*\.woff2)\)[^}]*}")
SOURCES = re.compile(r"src:[^;}]*")


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


def letters_of(font: Path) -> set[str]:
    with TTFont(font, lazy=True) as opened:
        return set(map(chr, opened.getBestCmap()))


def subset(app: Sphinx, font: Path, letters: set[str]) -> bytes:
    """Return a font with these letters, as WOFF2; cached, since it takes a second."""
    options = Options(flavor="woff2", hinting=False, layout_features=[], name_IDs=[0, 1, 2, 13, 14])
    options.notdef_outline = True
    parts = [font.read_bytes(), Path(__file__).read_bytes(), sorted(letters)]
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()
    cached = Path(app.doctreedir, f"{font.stem}-{digest[:16]}.woff2")
    if not cached.exists():
        loaded = load_font(font, options)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=map(ord, letters))
        subsetter.subset(loaded)
        save_font(loaded, cached, options)
    return cached.read_bytes()


def setup(app: Sphinx) -> None:
    app.connect("build-finished", embed_icons, priority=LATE)
