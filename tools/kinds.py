"""What each code cell of a chapter is for, and whether its tags let readers see as much of it.

Code that teaches is seen. Imports, and code that only draws, are folded to one line; code
that only stores numbers for the prose is not on the page at all. A reader who opens nothing
must find all that the code seen makes use of.
"""

import ast
import symtable
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from tools.book import ROOT, code_cells, read, without_magics

TAGS = {"imports": "hide-input", "draws": "hide-input", "stores": "remove-input"}
DRAWING = {"animation", "axes", "figure", "panels", "plot", "plt", "sns"}
LONGEST = 25


def kind(cell: NotebookNode) -> str:
    """Say whether a cell ``"imports"``, ``"draws"``, ``"stores"`` or ``"teaches"``."""
    tree = ast.parse(without_magics(cell.source))
    if all(map(sets_up, tree.body)) and isinstance(tree.body[0], ast.Import | ast.ImportFrom):
        return "imports"
    if "figure" in cell.metadata.get("mystnb", {}) or draws(tree) or called(tree, "HTML"):
        return "draws"
    return "stores" if called(tree, "glue") else "teaches"


def sets_up(statement: ast.stmt) -> bool:
    """Tell whether a statement imports, or calls what is imported and shows nothing."""
    calls = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return isinstance(statement, ast.Import | ast.ImportFrom) or calls


def draws(tree: ast.AST) -> bool:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    owners = [func.value for func in functions if isinstance(func, ast.Attribute)]
    return any(isinstance(owner, ast.Name) and owner.id in DRAWING for owner in owners)


def called(tree: ast.AST, *names: str) -> bool:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return any(isinstance(func, ast.Name) and func.id in names for func in functions)


def shows(statement: ast.stmt) -> bool:
    """Tell whether a statement shows something that is not handed over to the prose."""
    value = isinstance(statement, ast.Expr) and not called(statement, "glue")
    return value or called(statement, "print", "display")


def names(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell defines, imports apart, and those that it takes from others."""
    code = without_magics(source)
    top = symtable.symtable(code, "cell", "exec")
    symbols = [symbol for table in scopes(top) for symbol in table.get_symbols()]
    taken = {each.get_name() for each in symbols if each.is_global() and each.is_referenced()}
    own = {each.get_name() for each in top.get_symbols() if each.is_assigned()}
    others = bound_by_comprehensions(ast.parse(code))
    return own - others, taken - own - others


def bound_by_comprehensions(tree: ast.AST) -> set[str]:
    """Return what comprehensions alone bind; from Python 3.12 on, a cell has these names, too."""
    targets = [node.target for node in ast.walk(tree) if isinstance(node, ast.comprehension)]
    theirs = [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    stored = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return {name.id for name in theirs} - {node.id for node in stored if node not in theirs}


def scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from scopes(child)


def wrong_tags(cell: NotebookNode) -> Iterator[str]:
    """Say what is wrong with a cell by itself.

    A solution is folded as a whole, and whoever opens it wants its code.
    """
    tags, of_kind = set(cell.metadata.get("tags", [])), kind(cell)
    body = ast.parse(without_magics(cell.source)).body
    folding = tags & set(TAGS.values())
    wanted = {TAGS[of_kind]} if of_kind in TAGS else set()
    if of_kind == "draws" and "solution" in tags:
        wanted = set()
    if folding != wanted:
        yield f"{of_kind}, so it has {' '.join(wanted) or 'no tag that folds it'}"
    if of_kind == "draws" and called(ast.Module(body, []), "glue"):
        yield "draws and stores: give each a cell of its own"
    if of_kind == "stores" and any(map(shows, body)):
        yield "shows and stores: give each a cell of its own"
    lines = sum(bool(line.strip()) for line in cell.source.splitlines())
    if not folding | (tags & {"solution", "answer"}) and lines > LONGEST:
        yield f"has {lines} lines; a cell that is seen has {LONGEST} at the most"


def problems(cells: list[NotebookNode]) -> Iterator[tuple[int, str]]:
    """Yield the place in `cells` and the fault of each cell that is not as the module says."""
    hidden: set[str] = set()
    for position, cell in enumerate(cells):
        own, taken = names(cell.source)
        yield from ((position, fault) for fault in wrong_tags(cell))
        if set(cell.metadata.get("tags", [])) & set(TAGS.values()):
            hidden |= own
            continue
        if missing := sorted(taken & hidden):
            yield position, f"uses {', '.join(missing)}, which only a folded cell defines"
        hidden -= own


def wrong_cells(path: Path) -> list[str]:
    """Return a line for each fault of a chapter, with its place in the file."""
    cells, text = code_cells(read(path)), path.read_text("utf-8")
    lines, end = [], 0
    for cell in cells:
        start = text.index(cell.source, end)
        end = start + len(cell.source)
        lines.append(text[:start].count("\n") + 1)
    return [f"{path.relative_to(ROOT)}:{lines[k]}: {fault}" for k, fault in problems(cells)]
