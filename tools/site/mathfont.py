"""Cut the font of the formulas out of STIX Two Math; for the rare day when a letter is missing.

STIX Two Math stands under the SIL Open Font License, with a copyright line in the font, which
reserves no name. Run it with the font of a release of https://github.com/stipub/stixfonts::

    python -m tools.site.mathfont STIXTwoMath-Regular.ttf
"""

import sys
from copy import deepcopy
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, parse_unicodes, save_font
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parent / "static" / "fonts" / "stix-two-math.woff2"
CHARACTERS = {
    "letters, figures and accents": "20-7E,A0,A8,AC,AF-B1,B4,B7,B8,D7,F7,131,237,2C6,2C7,2D8-2DD,"
    "302-308,30A,30C,331,332,391-3C9,3D1,3D5,3D6,3F0,3F1,3F4-3F6",
    "signs": "2013-2016,2018,2019,201C,201D,2020-2022,2026,2032-2034,203E,2044,2057,2061-2064,"
    "20D7,2102,210A-2113,2115,2118-211D,2124,2127-212D,212F-2131,2133-2138",
    "arrows": "2190-2199,219D-21A6,21A9,21AA,21BC-21C6,21CB,21CC,21D0-21D5,27F5-27FE",
    "operators and relations": "2200-221A,221D-222E,2234-2237,223C,2243-2245,2248,224D,2250,2254,"
    "2255,225C,225F-2262,2264-226B,226E-2273,227A-228B,228E-2299,229D-22A5,22A8,22B2-22B5,"
    "22C0-22C6,22C8,22D8-22DB,22EE-22F1,27C2,2A00-2A06,2A3F,2A7D,2A7E,2AAF,2AB0",
    "brackets": "2308-230B,23DC-23DF,27E6-27E9",
    "shapes": "25A0,25A1,25B3,25B5,25B9,25BD,25C3,25CA,25CB,25CF,25EF,2605,266D-266F,2713",
    "bold, italic and script": "1D400-1D4B5,1D6A4,1D6A5,1D6A8-1D755,1D7CE-1D7D7",
    "fraktur, double-struck and typewriter": "1D504-1D56B,1D670-1D6A3,1D7D8-1D7E1,1D7F6-1D7FF",
}
# Primes stand in superscripts alone, where those of a text would be raised twice.
PRIMES = {0x2032: "minute", 0x2033: "second", 0x2034: "uni2034", 0x2057: "uni2057"}
# Chromium leaves as much room as the widest size of a bracket or root would take: no size is
# wider than the smallest by more than this, in thousandths of the font's size.
WIDER = 100
# Chromium lets a sign that is too high hang below the line. This fits a lower-case letter.
ROOT, LARGER_ROOT, SMALLER = "uni221A", "uni221A.s0", 0.72


def scale(font: TTFont, name: str, across: float, up: float = 1) -> None:
    glyph, (width, _) = font["glyf"][name], font["hmtx"][name]
    glyph.coordinates.scale((across, up))
    glyph.coordinates.toInt()
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (round(width * across), glyph.xMin)


def sizes(font: TTFont) -> dict:
    """Return how each sign that grows upwards is drawn in its sizes, by the sign's name."""
    variants = font["MATH"].table.MathVariants
    return dict(zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True))


def narrow(font: TTFont) -> None:
    for sign, construction in sizes(font).items():
        names = {record.VariantGlyph for record in construction.MathGlyphVariantRecord}
        if construction.GlyphAssembly:
            names |= {part.glyph for part in construction.GlyphAssembly.PartRecords}
        widest = font["hmtx"][sign][0] + WIDER
        for name in names:
            if font["hmtx"][name][0] > widest and not font["glyf"][name].isComposite():
                scale(font, name, widest / font["hmtx"][name][0])


def add_small_root(font: TTFont) -> None:
    font["glyf"][LARGER_ROOT] = deepcopy(font["glyf"][ROOT])
    font["hmtx"][LARGER_ROOT] = font["hmtx"][ROOT]
    scale(font, ROOT, 1, SMALLER)
    construction = sizes(font)[ROOT]
    larger, *_ = construction.MathGlyphVariantRecord
    smaller = deepcopy(larger)
    smaller.AdvanceMeasurement = round(SMALLER * larger.AdvanceMeasurement)
    larger.VariantGlyph = LARGER_ROOT
    construction.MathGlyphVariantRecord.insert(0, smaller)
    construction.VariantCount += 1


def raise_primes(font: TTFont) -> None:
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14:
            table.cmap |= {code: f"{name}.ssty" for code, name in PRIMES.items()}


def main() -> None:
    options = Options(flavor="woff2", hinting=False, layout_features=[], notdef_outline=True)
    options.name_IDs = [0, 1, 2, 5, 13, 14]
    font = load_font(sys.argv[1], options)
    narrow(font)
    add_small_root(font)
    raise_primes(font)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(",".join(CHARACTERS.values())))
    subsetter.subset(font)
    save_font(font, TARGET, options)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(font.getGlyphOrder())} glyphs")


if __name__ == "__main__":
    main()
