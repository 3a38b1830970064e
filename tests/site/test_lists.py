"""The list of figures and exercises."""

from tests.site.conftest import parsed


def test_each_link_of_the_list_leads_to_the_figure_or_exercise_that_it_names():
    links = parsed("lists.html").select("article li > a:first-child")
    assert {link.get_text().split()[0] for link in links} == {"Fig.", "Exercise"}
    for link in links:
        name, identifier = link["href"].split("#")
        named = parsed(name).find(id=identifier)
        assert link.get_text() in named.select_one(".caption-number").get_text()
