"""Keep back the solutions that an edition does not show; `tools.editions` says which.

sphinx-exercise, whose switch ``hide_solutions`` is, stops at a solution between
``solution-start`` and ``solution-end``. So it reads all solutions, and each page loses its own
before it is written. Numbers of figures and equations stay those of the whole book; a link to
a solution becomes its text. No notebook holds a solution anyway.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import solution_node

from tools import editions

# When all references are resolved, and the texts of those to solutions.
AFTER_REFERENCES = 30


class KeepBack(SphinxPostTransform):
    """Take solutions out of a page, and the links to those of any page."""

    default_priority = AFTER_REFERENCES

    def run(self) -> None:
        registry = getattr(self.env, "sphinx_exercise_registry", {})
        solutions = [one["node"] for one in registry.values() if one["type"].startswith("solution")]
        kept_back = {
            node["label"] for node in solutions if not editions.shows_solution(node["target_label"])
        }
        if not kept_back:
            return
        for link in list(self.document.findall(nodes.reference)):
            target = link.get("refid") or link.get("refuri", "").partition("#")[2]
            if target in kept_back:
                link.replace_self(link.children)
        if self.app.builder.format == "html":
            for part in list(self.document.findall(is_solution)):
                if not any(map(is_shown, lineage(part))):
                    part.parent.remove(part)


def is_shown(node: nodes.Node) -> bool:
    """Tell whether a node is a solution that readers of this edition see."""
    return isinstance(node, solution_node) and editions.shows_solution(node["target_label"])


def is_solution(node: nodes.Node) -> bool:
    """Tell whether a part of a page is a solution, or a cell that is tagged as one."""
    return isinstance(node, solution_node) or (
        isinstance(node, nodes.container) and "tag_solution" in node.get("classes", ())
    )


def lineage(node: nodes.Node | None):
    """Yield a node and all that it stands in."""
    while node is not None:
        yield node
        node = node.parent


def turn_off(app: Sphinx, config) -> None:
    config.hide_solutions = False


def setup(app: Sphinx) -> None:
    app.add_post_transform(KeepBack)
    app.connect("config-inited", turn_off)
