"""Data, generators, plots and self-checks that the chapters of the book share.

Importing this package is quick: TensorFlow is loaded only by the modules that
need it (``helpers.estimator`` and ``helpers.records``).
"""

from helpers.gluing import glue

__all__ = ["glue"]
__version__ = "1.3"
