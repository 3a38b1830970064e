"""The link to the PDF: there once the book is printed, and said to be old when it is."""

import os
import re

import pytest

from tools.site import footer


@pytest.fixture
def site(tmp_path):
    """Return a site of two pages whose book has not been printed yet."""
    for name, target in (("index.html", "book.pdf"), ("chapters/one.html", "../book.pdf")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'<p>Foot{footer.HIDDEN} · <a href="{target}">PDF</a></span></p>')
    return tmp_path


def test_every_page_links_to_the_pdf_once_it_is_printed(site):
    footer.show_pdf(site)
    for name in ("index.html", "chapters/one.html"):
        assert re.search(r'<span class="pdf"> · <a', (site / name).read_text())


def test_a_pdf_of_pages_that_were_written_anew_is_older(site):
    pdf = footer.pdf(site, "A Bóok")
    assert pdf.name == "a-book.pdf"
    assert footer.is_older(pdf)
    pdf.touch()
    for seconds, older in ((-1, False), (1, True)):
        now = pdf.stat().st_mtime
        for page in footer.written(site):
            os.utime(page, (now + seconds, now + seconds))
        assert footer.is_older(pdf) == older
