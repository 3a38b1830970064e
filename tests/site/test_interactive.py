"""What all interactive figures share: touch, undo, the address, the keyboard, the fallback."""

import re

import pytest
from playwright.sync_api import expect

from tests.site.conftest import go_to, parsed, sentence
from tests.site.test_pages import ALL_PAGES
from tools.site.figure_data import FIGURES

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ON = {
    name: page.removesuffix(".html")
    for page in ALL_PAGES
    for name in FIGURES
    if parsed(page).select(f".interactive-{name}")
}
# A control of each figure that a key changes, and the key.
CONTROLS = {
    "attention": ("β", "ArrowRight"),
    "feedback": ("Feedback weight", "ArrowUp"),
    "image-kernels": ("Picture", "ArrowUp"),
    "kernel-explorer": ("Window:", "ArrowRight"),
    "latent-plane": ("Code", "ArrowUp"),
    "pulse-network": ("Trace 1, coincident pulse", "PageDown"),
    "threshold": ("Threshold", "ArrowRight"),
    "training-scrubber": ("Epoch", "ArrowRight"),
    "trigger": ("Wanted threshold", "ArrowUp"),
}


@pytest.fixture(params=sorted(ON))
def name(request):
    return request.param


@pytest.fixture
def figure(open_page, name):
    return go_to(open_page(ON[name]), name)


def state_of(figure):
    """Return all that a figure draws and says, as text."""
    drawn = "live => [...live.querySelectorAll('canvas')].map(one => one.toDataURL())"
    return figure.locator(".plot, p").evaluate_all(
        "all => all.map(one => one.outerHTML)"
    ), figure.evaluate(drawn)


@pytest.mark.ours
def test_every_figure_stands_on_a_page():
    assert set(ON) == set(FIGURES)


def test_every_figure_is_tried_by_a_key():
    assert set(FIGURES) == set(CONTROLS)


def test_a_figure_has_a_title_a_challenge_a_number_and_a_caption(figure):
    assert len(figure.locator(".title").inner_text()) > 5
    assert figure.locator(".challenge").count() == 1
    caption = figure.locator("xpath=ancestor::figure[1]/figcaption")
    assert re.match(r"Fig\. \d", caption.inner_text())


def test_a_key_changes_it_and_undo_and_reset_take_that_back(figure, name):
    label, key = CONTROLS[name]
    start = state_of(figure)
    undo, reset = (figure.get_by_role("button", name=text) for text in ("Undo", "Reset"))
    assert undo.is_disabled()
    assert reset.is_disabled()
    control = figure.get_by_role("slider", name=label).first
    control.focus()
    for _ in range(2):
        control.press(key)
    control.press("ArrowLeft")
    changed = state_of(figure)
    assert changed != start
    undo.click()
    assert state_of(figure) != changed
    reset.click()
    assert state_of(figure) == start


def test_its_state_fits_into_the_address(figure, name, open_page):
    label, key = CONTROLS[name]
    figure.get_by_role("slider", name=label).first.press(key)
    changed = sentence(figure)
    figure.get_by_role("button", name="Link").click()
    _, fragment = figure.page.url.split("#")
    page = open_page(ON[name])
    address = f"{page.url}#{fragment}"
    page.goto("about:blank")  # Nobody who follows a link has scrolled on the page before.
    page.goto(address)
    again = go_to(page, name)
    assert sentence(again) == changed
    expect(again).to_be_in_viewport()


@pytest.mark.parametrize(
    "query", ["", "seed=1e999&kernel=[1]&pulses=[]", "edge=-7&weight=null&epoch=99"]
)
def test_an_address_that_makes_no_sense_does_no_harm(open_page, name, query):
    page = open_page(ON[name])
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{page.url}#{name}?{query}")
    page.reload()
    figure = go_to(page, name)
    assert not errors
    assert "NaN" not in "".join(state_of(figure)[0])


def swipe(page, start, end):
    """Draw a finger over the screen, as the browser itself would get it."""
    touch = page.context.new_cdp_session(page)
    path = [[a + (b - a) * i / 10 for a, b in zip(start, end, strict=True)] for i in range(11)]
    for kind, points in [("touchStart", path[:1]), *(("touchMove", [one]) for one in path[1:])]:
        where = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})
        page.wait_for_timeout(16)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# A place on a plot where nothing stands that can only be dragged.
BESIDE_HANDLES = """plot => {
    const box = plot.getBoundingClientRect();
    const places = [0.55, 0.4, 0.7, 0.25].map(
        share => [box.left + share * box.width, box.top + 0.35 * box.height]);
    return places.find(place => !document.elementFromPoint(...place).closest(".held"));
}"""


def test_a_swipe_that_begins_on_a_plot_scrolls_the_page_and_changes_nothing(open_page, name):
    page = open_page(ON[name], **PHONE)
    figure = go_to(page, name)
    plots = figure.locator(".plot, canvas.plane, .plane-picture")
    for i in range(plots.count()):
        plots.nth(i).evaluate("plot => plot.scrollIntoView({block: 'center'})")
        page.wait_for_timeout(200)
        middle = plots.nth(i).evaluate(BESIDE_HANDLES)
        before, scrolled = state_of(figure), page.evaluate("scrollY")
        swipe(page, middle, (middle[0], middle[1] - 200))
        page.wait_for_function("y => scrollY > y + 100", arg=scrolled)
        assert state_of(figure) == before


def test_letters_keep_their_size_on_a_phone(open_page, name):
    figure = go_to(open_page(ON[name], **PHONE), name)
    sizes = figure.locator("text").evaluate_all(
        """all => all.map(one => parseFloat(getComputedStyle(one).fontSize)
            * one.ownerSVGElement.getScreenCTM().a)"""
    )
    assert all(size >= 10 for size in sizes)


@pytest.mark.ours
def test_a_finger_drags_a_pulse_as_far_as_it_goes_itself(open_page):
    knob = go_to(open_page(ON["pulse-network"], **PHONE), "pulse-network").locator(".held").first
    knob.evaluate("knob => knob.scrollIntoView({block: 'center'})")
    box = knob.bounding_box()
    start = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    swipe(knob.page, start, (start[0] - 60, start[1]))
    assert knob.bounding_box()["x"] == pytest.approx(box["x"] - 60, abs=4)
