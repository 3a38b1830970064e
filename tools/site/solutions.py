"""Keep the solutions back while `_config.yml` says ``hide_solutions: true``.

sphinx-exercise, whose switch it is, stops at a solution between ``solution-start`` and
``solution-end``. So it reads all solutions, and each page loses its own before it is written.
Numbers of figures and equations stay those of the whole book; a link to a solution becomes
its text. No notebook holds a solution anyway.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import solution_node

SWITCH = "solutions_are_kept_back"
# When all references are resolved, and the texts of those to solutions.
AFTER_REFERENCES = 30


class KeepBack(SphinxPostTransform):
    """Take out the solutions of a page and the links to those of any page."""

    default_priority = AFTER_REFERENCES

    def run(self) -> None:
        if not self.config[SWITCH]:
            return
        registry = getattr(self.env, "sphinx_exercise_registry", {})
        solutions = {name for name, one in registry.items() if one["type"].startswith("solution")}
        for link in list(self.document.findall(nodes.reference)):
            target = link.get("refid") or link.get("refuri", "").partition("#")[2]
            if target in solutions:
                link.replace_self(link.children)
        if self.app.builder.format == "html":
            for part in list(self.document.findall(is_solution)):
                part.parent.remove(part)


def is_solution(node: nodes.Node) -> bool:
    """Tell whether a part of a page is a solution, or a cell that is tagged as one."""
    return isinstance(node, solution_node) or (
        isinstance(node, nodes.container) and "tag_solution" in node.get("classes", ())
    )


def read_switch(app: Sphinx, config) -> None:
    config[SWITCH], config.hide_solutions = bool(config.hide_solutions), False


def setup(app: Sphinx) -> None:
    app.add_config_value(SWITCH, False, "env", types=(bool,))
    app.add_post_transform(KeepBack)
    app.connect("config-inited", read_switch)
