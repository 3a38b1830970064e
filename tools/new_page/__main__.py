"""Write a new page: run ``make new-page NAME=neutrinos``."""

import sys

from tools.new_page import main

main(sys.argv[1])
