"""A disk that fails or is full, and the memory that a call takes."""

import os
import tracemalloc
from contextlib import contextmanager


def failing(code):
    """Return a function that fails as a call of the system does."""

    def fail(*arguments, **settings):
        raise OSError(code, os.strerror(code))

    return fail


@contextmanager
def file_size_limited(limit):
    """Let the system refuse to write more, as a full disk does."""
    import resource  # There is none on Windows.

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def peak_memory(function, *arguments, **settings):
    """Return what a function returns, and the most bytes that it held meanwhile."""
    tracemalloc.start()
    try:
        return function(*arguments, **settings), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
