"""What a page's notebook takes from the site: numbers, and the addresses of what it links to."""

from pathlib import Path
from urllib.parse import urldefrag, urljoin

from docutils import nodes
from sphinx.environment import BuildEnvironment

from tools.notebooks import drawings
from tools.notebooks.origin import Origin


class Page:
    """What Sphinx's environment knows of a page, and what to write around glued results."""

    def __init__(self, env: BuildEnvironment, docname: str, origin: Origin, marks: tuple[str, str]):
        self.env = env
        self.origin = origin
        self.marks = marks
        self.address = origin.page(docname)
        self.sections = self.env.toc_secnumbers.get(docname, {})
        self.figures = self.env.toc_fignumbers.get(docname, {})

    def number(self, node: nodes.Element) -> str:
        """Return what the site prints before a title or caption, or beside an equation."""
        if isinstance(node, nodes.math_block):
            return self.figure_number(node, "displaymath") if node.get("number") else ""
        if isinstance(node.parent, nodes.section):
            return self.section_number(node.parent)
        kind = node.parent and self.env.domains["std"].get_enumerable_node_type(node.parent)
        number = kind and self.figure_number(node.parent, kind)
        return self.env.config.numfig_format[kind] % number + " " if number else ""

    def section_number(self, section: nodes.section) -> str:
        number = self.sections.get(f"#{section['ids'][0]}", self.sections.get(""))
        return f"{dotted(number)}. " if number else ""

    def figure_number(self, node: nodes.Element, kind: str) -> str:
        return dotted(self.figures.get(kind, {}).get(next(iter(node["ids"]), ""), ()))

    def image_address(self, image: nodes.image) -> str:
        """Return where another site has an image; a drawing of the book stands in the text."""
        uri = image["uri"]
        return uri if "://" in uri else drawings.address(Path(self.env.srcdir, uri))

    def citation_address(self, address: str) -> str | None:
        """Return where the work is found that a link into the bibliography cites."""
        page, identifier = urldefrag(address)
        for citation in self.env.domains["cite"].citations:
            bibliography = self.origin.page(citation.bibliography_key.docname)
            if (bibliography, citation.citation_id) == (page, identifier):
                return work_address(citation.entry.fields)
        return None


def dotted(number: tuple[int, ...]) -> str:
    return ".".join(map(str, number))


def work_address(fields: dict[str, str]) -> str | None:
    if doi := fields.get("doi"):
        return urljoin("https://doi.org/", doi)
    if eprint := fields.get("eprint"):
        return urljoin("https://arxiv.org/abs/", eprint)
    return fields.get("url")
