"""Say where the slides of the instructor's edition are, once they are made: ``make slides``."""

import os

from tools import build, editions
from tools.book import pages
from tools.site.slides import path_of


def main() -> None:
    build.make()
    page = editions.chosen_page()
    for name in [page] if page else pages():
        if (file := editions.site() / path_of(name)).exists():
            print(os.path.relpath(file))
    print("Space goes on, S opens the notes, D turns light into dark, ?print-pdf behind the")
    print("address is for printing, and ? lists the other keys.")


if __name__ == "__main__":
    main()
