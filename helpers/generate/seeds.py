"""The seeds of data sets, and of the batches of a stream."""

from collections.abc import Iterator
from itertools import count

import numpy as np

from helpers.arguments import whole_number


def checked_seed(seed: int) -> int:
    """Return a seed that every generator of random numbers takes."""
    return whole_number("seed", seed, least=0, most=2**32 - 1)


def child_seeds(seed: int) -> Iterator[np.random.SeedSequence]:
    """Yield a seed for each batch of a stream, without end."""
    parent = checked_seed(seed)
    return (np.random.SeedSequence(parent, spawn_key=(batch,)) for batch in count())
