"""Tables of three columns or more stand row below row on a phone, for every reader."""

from bs4 import BeautifulSoup

from tools.site import tables
from tools.site.pages import Page

TABLE = """<article><table class="table"><thead><tr><th>old</th><th>{middle}</th><th>new</th></tr>
</thead><tbody><tr><td>a</td><td>b</td><td>c</td></tr></tbody></table></article>"""


def stacked(html):
    soup = BeautifulSoup(html, "html.parser")
    tables.stack_tables(Page(None, "chapters/page", soup))
    return soup


def test_each_cell_says_what_it_holds_and_stays_one():
    soup = stacked(TABLE.format(middle="helper"))
    assert [cell["data-says"] for cell in soup("td")] == ["old", "helper", "new"]
    assert [one["role"] for one in soup("table") + soup("tr")] == ["table", "row", "row"]
    assert {cell["role"] for cell in soup("th")} == {"columnheader"}


def test_a_table_of_two_columns_is_left_alone():
    html = TABLE.replace("<th>{middle}</th>", "").replace("<td>b</td>", "")
    assert str(stacked(html)) == html


def test_a_phone_shows_whole_tables(chromium, site_address):
    with chromium.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(site_address + "status.html")
        cell = page.locator("td[data-says=Result]").first
        assert cell.bounding_box()["x"] < 100
        assert "Result" in cell.evaluate("one => getComputedStyle(one, '::before').content")
