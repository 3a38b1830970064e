"""Measure the fast helpers against the literal loops: ``python -m tools.bench.helpers``.

Both sides run in turns in one process, and the medians are compared. Exits with
an error if a ratio misses its target.

What limits them, measured call by call on one core of an AMD EPYC in 2026: of the 8 ms
of `apply_convolutions`, 3.0 are sums in double precision, 1.4 the way to double precision
and back, 1.0 tanh, 0.3 the search for NaN, and the rest reads and writes 35 MB. That is 17
to 19 times the loop on a quiet machine. Single precision would be faster, and on a pedestal
further from the loop than 1e-6; a second thread gains nothing, since each call is short. Of
the time of `generate_pulses`, three fifths are nine million cosines, which have to be those
of the loop bit by bit.
"""

import statistics
import sys
import time
from collections.abc import Callable

from tqdm import tqdm

from helpers.convolve import FIRST_DERIVATIVE, SECOND_DERIVATIVE, apply_convolutions
from helpers.generate import generate_pulses
from tools.bench.loops import loop_convolutions, loop_pulses

REPEATS = 15


def seconds(function: Callable, *arguments) -> float:
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def is_missed(target: float, loop: Callable, fast: Callable, *arguments) -> bool:
    """Time both functions in turns, and tell whether the loop takes too few times as long."""
    pairs = [
        (seconds(loop, *arguments), seconds(fast, *arguments))
        for _ in tqdm(range(REPEATS), desc=fast.__name__, leave=False)
    ]
    slow, quick = map(statistics.median, zip(*pairs, strict=True))
    print(f"{fast.__name__}: loop {slow:.3f} s, here {quick:.3f} s")
    print(f"  that is {slow / quick:.1f} times as fast (target: {target})")
    return slow / quick < target


def main() -> int:
    """Return how many functions miss their target."""
    X, _ = generate_pulses()
    kernels = FIRST_DERIVATIVE, SECOND_DERIVATIVE
    return sum(
        [
            is_missed(4, loop_pulses, generate_pulses),
            is_missed(20, loop_convolutions, apply_convolutions, X, *kernels),
        ]
    )


if __name__ == "__main__":
    sys.exit(f"{misses} of the targets missed." if (misses := main()) else 0)
