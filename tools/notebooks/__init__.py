"""The notebooks of the book: what Colab opens and readers download, made from the pages."""

from sphinx.application import Sphinx

from tools.notebooks.builder import NotebookBuilder

NAME = NotebookBuilder.name
# A figure has no text worth reading; one kind has to be named for each output.
MIME_PRIORITIES = [
    (NAME, "image/svg+xml", 10),
    (NAME, "image/png", 20),
    (NAME, "image/jpeg", 30),
    (NAME, "text/plain", 40),
    (NAME, "text/html", 50),
]


def name_mime_types(app: Sphinx, config) -> None:
    """Tell MyST-NB which kind of an output this builder takes, or it warns at each cell."""
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, *MIME_PRIORITIES]


def setup(app: Sphinx) -> dict:
    app.add_builder(NotebookBuilder)
    app.connect("config-inited", name_mime_types)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
