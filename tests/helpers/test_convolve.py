"""Convolution with derivative kernels: equal to the loop, and true to its mathematics."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from helpers import blocks
from helpers.convolve import (
    FIRST_DERIVATIVE,
    SECOND_DERIVATIVE,
    apply_convolutions,
    product_of_traces,
    zero_sum_kernels,
)
from helpers.generate import generate_pulses
from tests.helpers.system import peak_memory
from tools.bench.loops import loop_convolutions


@st.composite
def traces_and_kernels(draw):
    dtype, width = draw(st.sampled_from([(np.float32, 32), (np.float64, 64)]))
    shape = draw(array_shapes(min_dims=3, max_dims=3, min_side=1, max_side=12))
    values = arrays(dtype, shape, elements=st.floats(-5, 5, width=width))
    kernel_width = draw(st.integers(1, shape[2]))
    kernels = arrays(np.float64, kernel_width, elements=st.floats(-3, 3))
    return draw(values), draw(st.lists(kernels, min_size=1, max_size=4))


def before_tanh(X, *kernels):
    return np.arctanh(apply_convolutions(X, *kernels))


@settings(max_examples=200, deadline=None)
@given(traces_and_kernels())
def test_images_equal_the_loop(example):
    X, kernels = example
    images = apply_convolutions(X, *kernels)
    assert images.dtype == X.dtype
    np.testing.assert_allclose(images, loop_convolutions(X, *kernels), rtol=0, atol=1e-6)


@pytest.mark.parametrize(("n_samples", "pedestal"), [(1_000, 0), (50, 1e4)])
def test_pulses_on_any_pedestal_become_the_images_of_the_loop(n_samples, pedestal):
    X = (pedestal + generate_pulses(n_samples)[0]).astype(np.float32)
    kernels = FIRST_DERIVATIVE, SECOND_DERIVATIVE, 0.3 * SECOND_DERIVATIVE
    images = apply_convolutions(X, *kernels)
    assert images.shape == (n_samples, 9, 98)
    np.testing.assert_allclose(images, loop_convolutions(X, *kernels), rtol=0, atol=1e-6)


@pytest.mark.parametrize("block_values", [1, 25, 1 << 30])
def test_blocks_change_nothing(monkeypatch, block_values):
    X, _ = generate_pulses(n_samples=7, n_times=10)
    expected = apply_convolutions(X, FIRST_DERIVATIVE, SECOND_DERIVATIVE)
    monkeypatch.setattr(blocks, "BLOCK_VALUES", block_values)
    images = apply_convolutions(X, FIRST_DERIVATIVE, SECOND_DERIVATIVE)
    np.testing.assert_array_equal(images, expected)


@settings(max_examples=50, deadline=None)
@given(*[st.floats(-1, 1)] * 3)
def test_derivatives_of_a_parabola_are_exact(level, slope, curvature):
    t = 0.01 * np.arange(8)
    X = (level + slope * t + curvature * t**2 / 2).reshape(1, 1, -1)
    rows = before_tanh(X, FIRST_DERIVATIVE / 0.01, SECOND_DERIVATIVE / 0.01)[0]
    np.testing.assert_allclose(rows[0], (slope + curvature * t)[1:-1], atol=1e-10)
    np.testing.assert_allclose(rows[1], 0.01 * curvature, atol=1e-10)


def test_kernels_are_flipped_as_numpy_does():
    impulse = np.zeros((1, 1, 5))
    impulse[0, 0, 2] = 1
    np.testing.assert_allclose(before_tanh(impulse, [0.1, 0.2, 0.3])[0, 0], [0.1, 0.2, 0.3])
    rising = np.arange(3.0).reshape(1, 1, 3)
    assert before_tanh(rising, FIRST_DERIVATIVE).item() == pytest.approx(1)


def test_named_kernels_cannot_be_changed_by_accident():
    for kernel in (FIRST_DERIVATIVE, SECOND_DERIVATIVE):
        with pytest.raises(ValueError, match="read-only"):
            kernel[0] = 7


def test_a_slope_beyond_single_precision_saturates():
    X = np.array([[[-3e38, 0, 3e38]]], np.float32)
    np.testing.assert_array_equal(apply_convolutions(X, [1.0, 0.0, -1.0]), [[[1.0]]])


def test_peak_memory_is_little_more_than_the_result():
    X, _ = generate_pulses(n_samples=5_000)
    images, peak = peak_memory(apply_convolutions, X, FIRST_DERIVATIVE, SECOND_DERIVATIVE)
    assert peak < 1.5 * images.nbytes


X = np.zeros((2, 3, 10))


def test_a_template_without_a_middle_is_refused():
    with pytest.raises(ValueError, match="The kernel has 2 weights and therefore no middle"):
        product_of_traces(X, [1, 1])


@pytest.mark.parametrize("shape", [(1, 3, 1, 2), (4, 3, 2), (1, 5, 2, 4)])
def test_zero_sum_kernels_are_blind_to_a_constant_and_orthonormal(shape):
    keras.utils.set_random_seed(1)
    for kernels in np.reshape(zero_sum_kernels(shape), (shape[0], -1, shape[-1])):
        np.testing.assert_allclose(kernels.sum(axis=0), 0, atol=1e-5)
        np.testing.assert_allclose(kernels.T @ kernels, np.eye(shape[-1]), atol=1e-5)


def test_kernels_drawn_nearly_parallel_are_blind_to_a_constant_too(monkeypatch):
    drawn = np.float32([[0.3, 0.3], [-1.2, -1.2], [0.7, 0.7001]])
    monkeypatch.setattr("keras.random.normal", lambda shape, dtype: drawn.reshape(shape))
    kernels = np.reshape(zero_sum_kernels((1, 3, 1, 2)), (3, 2))
    np.testing.assert_allclose(kernels.sum(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(kernels.T @ kernels, np.eye(2), atol=1e-6)
