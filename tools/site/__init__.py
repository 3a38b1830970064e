"""The book's own Sphinx extension: what makes its pages light, accessible and findable.

Each step is a module with a ``setup(app)``, in the order of ``STEPS``, and works without
the others. CONTRIBUTING.md says what each is worth.
"""

from importlib import import_module

from sphinx.application import Sphinx

from tools.site import pages

STEPS = [
    "settings",  # the book's address, title and author, and the cache of its results
    "solutions",  # kept back in the students' edition
    "notes",  # for who teaches, in the instructor's edition
    "cards",  # the pages of the contents, each with its description
    "thumbnails",  # on each of these cards a picture
    "lists",  # all figures and exercises
    "glossary",  # links from the first use of a term
    "status",  # when a page was executed, with what, and how long it took
    "formulas",  # MathML in the page, and its font
    "breaks",  # where a line may break, and where not
    "code",  # no marks that colour nothing
    "images",  # width and height, drawn when they come near, legible on a phone, WebP
    "drawings",  # in the colours of the page, light or dark
    "tables",  # stacked on a phone
    "scripts",  # those that the book uses, none of which blocks a page
    "access",  # what a screen reader and a keyboard need
    "search_engines",  # address and description of each page, sitemap, 404
    "styles",  # one sheet with the rules that pages use
    "slides",  # of each lecture, in the same edition
    "questions",  # each answer opens what is said of it
    "footer",  # links to glossary, lists, status and PDF
    "interactive",  # figures to play with
    "buttons",  # take the notebook along, or open it in the cloud
]


def setup(app: Sphinx) -> dict:
    pages.setup(app)
    for step in STEPS:
        import_module(f"tools.site.{step}").setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
