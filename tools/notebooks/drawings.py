"""Draw the book's SVG as PNG: what every viewer of notebooks shows, offline too.

Colab ignores what is attached to a cell and shows no SVG in its text. A picture that
stands in the text itself as PNG is what Colab writes, and JupyterLab and VS Code show it.
"""

import base64
import functools
import io
from pathlib import Path

import matplotlib
from PIL import Image
from resvg_py import svg_to_bytes

# Fonts that are the same on every machine.
FONTS = {
    "skip_system_fonts": True,
    "font_dirs": [str(Path(matplotlib.get_data_path(), "fonts", "ttf"))],
    "sans_serif_family": "DejaVu Sans",
    "monospace_family": "DejaVu Sans Mono",
}
# Sharp on dense screens; a drawing has few colours.
ZOOM = 1.5
COLOURS = 32


@functools.cache
def address(svg: Path) -> str:
    """Return the address of a picture that holds a drawing itself."""
    drawn = Image.open(io.BytesIO(svg_to_bytes(svg_path=str(svg), zoom=ZOOM, **FONTS)))
    picture = drawn.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
