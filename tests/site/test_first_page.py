"""The first page opens with something to try, and its cards leave no gaps."""

import pytest

from tests.site.conftest import go_to, sentence

BOXES = """all => all.map(one => one.getBoundingClientRect())
    .map(({top, left, right}) => [top, left, right])"""


def test_it_opens_with_the_live_network(open_page):
    page = open_page("index", viewport={"width": 390, "height": 844})
    figure = go_to(page, "pulse-network")
    assert "The network names bin" in sentence(figure)
    assert figure.bounding_box()["y"] < 844


@pytest.mark.parametrize("width", [390, 768, 1280, 1600])
def test_the_cards_leave_no_gaps(open_page, width):
    page = open_page("index", viewport={"width": width, "height": 900})
    rows = {}
    for top, left, right in page.locator(".sd-card").evaluate_all(BOXES):
        rows.setdefault(round(top), []).extend([left, right])
    assert len({(round(min(row)), round(max(row))) for row in rows.values()}) == 1
