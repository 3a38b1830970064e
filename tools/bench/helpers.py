"""Measure the fast helpers against the literal loops: ``python -m tools.bench.helpers``.

Both sides run in turns in one process, and the medians are compared. Exits with
an error if a ratio misses its target.
"""

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

from tqdm import tqdm

from helpers.convolve import FIRST_DERIVATIVE, SECOND_DERIVATIVE, apply_convolutions
from helpers.generate import generate_pulses
from tools.bench.loops import loop_convolutions, loop_pulses

REPEATS = 15
LEAST_PULSES_SPEEDUP = 3
MOST_PULSES_MEMORY = 4
LEAST_CONVOLUTIONS_SPEEDUP = 10


def seconds(function: Callable, *arguments) -> float:
    """Return the wall time of one call."""
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def speedup(name: str, loop: Callable, fast: Callable, *arguments) -> float:
    """Time both functions in turns, print the medians and return their ratio."""
    pairs = [
        (seconds(loop, *arguments), seconds(fast, *arguments))
        for _ in tqdm(range(REPEATS), desc=name, leave=False)
    ]
    slow_median, fast_median = map(statistics.median, zip(*pairs, strict=True))
    print(f"{name}: loop {slow_median:.3f} s, here {fast_median:.3f} s")
    return slow_median / fast_median


def peak_memory_ratio(function: Callable) -> float:
    """Return the peak of allocated memory, as a multiple of the returned arrays' size."""
    tracemalloc.start()
    try:
        result = function()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return peak / sum(array.nbytes for array in result)


def main() -> int:
    """Print every ratio beside its target; return how many miss it."""
    X, _ = generate_pulses()
    kernels = FIRST_DERIVATIVE, SECOND_DERIVATIVE
    pulses = speedup("generate_pulses", loop_pulses, generate_pulses)
    convolutions = speedup("apply_convolutions", loop_convolutions, apply_convolutions, X, *kernels)
    memory = peak_memory_ratio(generate_pulses)
    rows = [
        ("generate_pulses, speed-up", pulses, "≥", LEAST_PULSES_SPEEDUP),
        ("generate_pulses, peak memory / result", memory, "<", MOST_PULSES_MEMORY),
        ("apply_convolutions, speed-up", convolutions, "≥", LEAST_CONVOLUTIONS_SPEEDUP),
    ]
    misses = 0
    for name, ratio, sign, target in rows:
        met = ratio >= target if sign == "≥" else ratio < target
        misses += not met
        print(f"{name}: {ratio:.1f} (target {sign} {target}) {'met' if met else 'MISSED'}")
    print(f"The loop itself needs {peak_memory_ratio(loop_pulses):.1f} times its result.")
    return misses


if __name__ == "__main__":
    sys.exit(f"{misses} of the targets missed." if (misses := main()) else 0)
