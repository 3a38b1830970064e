"""Links at the foot of every page to what no chapter leads to: glossary, lists, status, PDF.

The link to the PDF is hidden until the book has been printed, by ``make pdf``.
"""

from pathlib import Path

from docutils.nodes import make_id
from sphinx.application import Sphinx

from tools import editions
from tools.editions import plans
from tools.site.glossary import GLOSSARY
from tools.site.lists import LISTS, TITLE
from tools.site.pages import Page, changed_by, written
from tools.site.status import STATUS

PAGES = {GLOSSARY: "Glossary", LISTS: TITLE, STATUS: "Execution status"}
HIDDEN, SHOWN = '<span class="pdf" hidden="">', '<span class="pdf">'


def pdf(site: Path, title: str) -> Path:
    """Return where the book stands as PDF, under a name that its title gives it."""
    return site / f"{make_id(title)[:100] or 'book'}.pdf"


def add_links(page: Page) -> None:
    foot = page.soup.select_one(".bd-footer-content__inner")
    if foot is None:
        return
    pages = PAGES | ({plans.NAME: "Plans"} if editions.is_instructors() else {})
    links = " · ".join(
        f'<a href="{page.link(name)}.html">{text}</a>'
        for name, text in pages.items()
        if name != GLOSSARY or name in page.app.env.found_docs
    )
    file = pdf(Path(page.app.outdir), page.app.config.html_title)
    to_pdf = f'{SHOWN if file.exists() else HIDDEN} · <a href="{page.link(file.name)}">'
    to_pdf += "The book as PDF</a></span>"
    foot.append(page.fragment(f'<p class="footer-item book-pages">{links}{to_pdf}</p>'))


def show_pdf(site: Path) -> None:
    """Show the link to the PDF on all pages."""
    for path in written(site):
        path.write_text(path.read_text("utf-8").replace(HIDDEN, SHOWN), "utf-8")


def is_older(pdf: Path) -> bool:
    """Tell whether pages of the site were written after the PDF was printed, if it is there."""
    return not pdf.exists() or any(
        path.stat().st_mtime > pdf.stat().st_mtime for path in written(pdf.parent)
    )


def setup(app: Sphinx) -> None:
    changed_by(app, add_links)
