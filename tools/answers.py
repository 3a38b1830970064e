"""Sum up what a class believes: ``make answers FILES=folder``.

Each file is what a student saved with the button below the questions of a page. For each question
it says how many opened which answer first, in their first round and in their last one.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tools import book
from tools.site.questions import Answer, answers


def questions(page: str) -> dict[str, tuple[str, list[Answer]]]:
    """Return the questions of a page, and their answers, by label."""
    asked = book.directives(book.source(page).read_text("utf-8"), "question")
    return {options.get("label", ""): (text, answers(body)) for text, options, body in asked}


def saved(path: Path) -> dict:
    """Return what a student saved.

    Raises
    ------
    ValueError
        If the file is none that a page wrote.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
        rounds = [
            {str(label): int(answer) for label, answer in one.items()} for one in found["rounds"]
        ]
        return {"page": str(found["page"]), "rounds": [one for one in rounds if one]}
    except (OSError, UnicodeError, ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(
            f"{path.name} holds no answers of a page; ask for the file that the button Save my "
            "answers wrote."
        ) from None


def report(files: list[dict]) -> Iterator[str]:
    """Yield the lines that sum up files: for each question, who believed what, before and after."""
    for page in book.pages():
        of_page = [one["rounds"] for one in files if one["page"] == page.split("/")[-1]]
        of_page = [rounds for rounds in of_page if rounds]
        if not of_page:
            continue
        again = [rounds for rounds in of_page if len(rounds) > 1]
        yield f"\n{page.split('/')[-1]}: {len(of_page)} files, {len(again)} asked twice"
        for label, (text, offered) in questions(page).items():
            before = Counter(rounds[0].get(label) for rounds in of_page)
            after = Counter(rounds[-1].get(label) for rounds in again)
            yield f"\n  {text}\n  {'first':>7} {'last':>6}"
            for number, answer in enumerate(offered):
                mark = "+" if answer.is_right else " "
                yield f"  {before[number]:7} {after[number]:6}  {mark} {answer.text}"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else None
    if folder is None or not folder.is_dir():
        sys.exit("\nmake: FILES names no folder; write: make answers FILES=folder-of-saved-answers")
    files = []
    for path in sorted(folder.rglob("*.json")):
        try:
            files.append(saved(path))
        except ValueError as error:
            print(error)
    print("\n".join(report(files)) or f"No answers are in {folder}.")


if __name__ == "__main__":
    main()
