"""Hand a computed number over to the prose of the page."""

import os
import re

_HYPHEN = re.compile(r"^-(?=\d)")
MIME_PREFIX = "application/papermill.record/"


def glue(name: str, text: str) -> None:
    """Store a result under a name, for the prose to quote.

    The book quotes it with the role ``{glue:text}``, so that no number in a
    sentence is typed by hand. Elsewhere, where no variable ``DEEP_LEARNING_BUILD`` of
    the environment says that the book is built, the result is only checked.

    Parameters
    ----------
    name : str
        The name to quote it by, such as ``"dk-smallest-error"``.
    text : str
        The result as the sentence shall read, already rounded; the hyphen before a negative
        number becomes a minus sign.

    Raises
    ------
    TypeError
        If `text` is not a string: an unrounded number differs from machine to
        machine in its last digits; or if `name` is none.

    Examples
    --------
    >>> glue("example-accuracy", f"{0.93712:.3f}")

    Notes
    -----
    Writes the display data that MyST-NB's ``glue`` writes, without asking the
    reader (in Colab, for instance) to have MyST-NB installed.
    """
    if not isinstance(name, str) or not isinstance(text, str):
        raise TypeError(
            f"glue({name!r}, …) takes a name and the text to show, already rounded, and got "
            f"{type(text if isinstance(name, str) else name).__name__}; "
            "write it as a string, such as f'{value:.3f}'."
        )
    if "DEEP_LEARNING_BUILD" not in os.environ:
        return
    # Imported late, since it takes half of what `import helpers` may take.
    from IPython.display import display

    display(
        {MIME_PREFIX + "text/plain": repr(_HYPHEN.sub("−", text))},
        metadata={"scrapbook": {"name": name, "mime_prefix": MIME_PREFIX}},
        raw=True,
    )
