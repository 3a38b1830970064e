"""The two figures to play with kernels: their arithmetic against NumPy, SciPy and Keras."""

import re

import keras
import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.signal import correlate2d

from tests.site.conftest import go_to, sentence
from tools.site import figure_data

KERNELS = "chapters/derivative_kernels"


@pytest.fixture
def explorer(open_page):
    return go_to(open_page(KERNELS), "kernel-explorer")


@pytest.fixture
def image(open_page):
    return go_to(open_page(KERNELS), "image-kernels")


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize("lengths", [(20, 3), (20, 4), (20, 5), (3, 5)])
def test_the_page_convolves_as_numpy_does(explorer, mode, lengths):
    rng = np.random.default_rng(0)
    values, kernel = (rng.normal(size=length) for length in lengths)
    script = "([values, kernel, mode]) => book.convolve(values, kernel, mode)"
    result = explorer.page.evaluate(script, [values.tolist(), kernel.tolist(), mode])
    np.testing.assert_allclose(result, np.convolve(values, kernel, mode), atol=1e-12)


def test_the_explorer_follows_mode_preset_and_operation(explorer):
    """Turning the kernel round turns the slope, and leaves the curvature as it is."""
    trace = np.array(figure_data.kernel_explorer(KERNELS)["traces"][0])
    by_convolution = sentence(explorer)
    assert "98 values, the first on bin 1" in by_convolution
    explorer.get_by_label("cross-correlation").check()
    assert sentence(explorer) != by_convolution
    explorer.get_by_label("full", exact=True).check()
    assert "102 values, the first on bin −1" in sentence(explorer)
    explorer.get_by_label("same", exact=True).check()
    explorer.get_by_role("button", name="Second derivative").click()
    curvature = np.convolve(trace, [1, -2, 1], "same")
    assert f"Largest {curvature.max():.2f} on bin {curvature.argmax()}" in sentence(explorer)


def test_the_explorer_works_by_keyboard(explorer):
    trace = explorer.get_by_role("slider", name="Trace")
    trace.focus()
    start = int(trace.get_attribute("aria-valuenow"))
    trace.press("ArrowRight")
    assert int(trace.get_attribute("aria-valuenow")) == start + 1
    weight = explorer.get_by_role("slider", name="Weight on bin 3")
    weight.press("ArrowUp")
    assert weight.get_attribute("aria-valuetext") == "0.55"


def test_the_window_shows_its_products_and_their_sum(explorer):
    window = explorer.get_by_role("slider", name="Window:")
    for _ in range(3):
        window.press("ArrowRight")
    at = int(window.get_attribute("aria-valuenow"))
    trace = np.array(figure_data.kernel_explorer(KERNELS)["traces"][0])
    shown = explorer.locator(".products").inner_text().replace("−", "-")
    assert shown.startswith(f"Window on bin {at}: -0.50 × ")
    result = float(shown.rsplit("=", 1)[1])
    assert result == pytest.approx(np.convolve(trace, [0.5, 0, -0.5], "same")[at], abs=0.006)


def test_a_trace_is_drawn_and_a_quick_hand_leaves_no_gaps(explorer):
    explorer.get_by_label("flat").check()
    trace = explorer.get_by_role("slider", name="Trace")
    trace.scroll_into_view_if_needed()
    box = trace.bounding_box()
    explorer.page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 20)
    explorer.page.mouse.down()
    explorer.page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 20)
    explorer.page.mouse.up()
    heights = [
        float(y)
        for y in re.findall(r" ([\d.]+)", explorer.locator("path.trace-0").get_attribute("d"))
    ]
    assert len(set(heights[25:75])) == 1
    assert heights[50] != heights[0]


def test_the_picture_is_filtered_as_scipy_does(image):
    picture = np.array(figure_data.image_kernels(KERNELS)["image"])
    image.get_by_role("button", name="All edges").click()
    kernel = np.full((3, 3), -1)
    kernel[1, 1] = 8
    expected = correlate2d(picture, kernel, "valid")
    assert "18 × 18 values" in sentence(image)
    least = f"{expected.min():.2f}".replace("-", "−")
    assert f"from {least} (blue) to {expected.max():.2f}" in sentence(image)


@pytest.mark.parametrize(
    ("stride", "padding"), [(s, p) for s in (1, 2, 3) for p in ("valid", "same")]
)
def test_stride_and_padding_give_the_shapes_of_keras(image, stride, padding):
    image.get_by_label(str(stride), exact=True).check()
    image.get_by_label(padding).check()
    layer = keras.layers.Conv2D(1, 3, strides=stride, padding=padding)
    size = layer.compute_output_shape((1, 20, 20, 1))[1]
    assert f"= {size}." in sentence(image)
    assert f"{size} × {size} values" in sentence(image)


def test_a_value_of_the_result_shows_its_nine_products(image):
    result = image.get_by_role("slider", name="Result")
    result.press("ArrowRight")
    row, column = (int(at) for at in re.findall(r"\d+", result.get_attribute("aria-valuetext"))[:2])
    picture = np.array(figure_data.image_kernels(KERNELS)["image"])
    kernel = np.tile([-1, 0, 1], (3, 1))
    products = picture[row - 1 : row + 2, column - 1 : column + 2] * kernel
    shown = [
        text.split("= ")[1].replace("−", "-")
        for text in image.locator(".kernel output").all_inner_texts()
    ]
    assert [float(each) for each in shown] == products.ravel().tolist()
    assert f"{products.sum():.2f}".replace("-", "−") in image.locator(".products").inner_text()


def test_a_drag_paints_a_line(image):
    picture = image.locator("canvas.picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    across = [box["x"] + box["width"] * (column + 0.5) / 20 for column in (10, 13)]
    image.page.mouse.move(across[0], box["y"] + box["height"] * 0.075)
    image.page.mouse.down()
    image.page.mouse.move(across[1], box["y"] + box["height"] * 0.075)
    image.page.mouse.up()
    image.get_by_role("button", name="Identity").click()
    for column in range(10, 14):
        colour = picture.evaluate(
            "(canvas, at) => canvas.getContext('2d').getImageData(12 * at + 6, 18, 1, 1).data[0]",
            column,
        )
        assert colour == 255


def test_pixels_flip_by_keyboard(image):
    picture = image.get_by_role("slider", name="Picture")
    picture.focus()
    picture.press("ArrowUp")
    before = picture.get_attribute("aria-valuetext")
    picture.press("Space")
    assert picture.get_attribute("aria-valuetext") != before


def test_without_scripts_the_fallback_is_read(open_page):
    page = open_page(KERNELS, java_script_enabled=False)
    fallback = page.locator(".interactive .fallback").first
    fallback.scroll_into_view_if_needed()
    assert fallback.is_visible()
    expect(fallback).to_have_text(re.compile(".{40}", re.DOTALL), use_inner_text=True)
