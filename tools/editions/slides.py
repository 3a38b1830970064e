"""Say where the slides of the instructor's edition are, once they are made: ``make slides``."""

import os

from tools import build, editions
from tools.book import pages
from tools.bootstrap import stop
from tools.site.slides import path_of


def main() -> None:
    build.make()
    page = editions.chosen_page()
    files = [editions.site() / path_of(name) for name in ([page] if page else pages())]
    found = [os.path.relpath(file) for file in files if file.exists()]
    if not found:
        stop(f"{page or 'The book'} has no slides; instructors/README.md says how to write them.")
    print(*found, sep="\n")
    print("Space goes on, S opens the notes, D turns light into dark, ?print-pdf behind the")
    print("address is for printing, and ? lists the other keys.")


if __name__ == "__main__":
    main()
