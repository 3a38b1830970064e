"""What the interactive figures get from the book: traces, pictures, weights of its networks.

A function here has the name of its figure, and gets the page on which the figure stands.
Helpers are imported inside, since pandas, which some of them load, takes a while.
"""

import ast
import json
from inspect import signature

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers.gluing import MIME_PREFIX
from tools import book
from tools.execute import CACHE, opened

# The page that trains the network, which the first page shows as well.
PULSES = "chapters/pulse_cnn"


class PageMissing(ValueError):
    """Say that a figure needs a page that the contents leave out."""


def kernel_explorer(page: str) -> dict:
    """Return a trace of each of three triplets of the pulse problem."""
    from helpers.generate import generate_pulses

    X, _ = generate_pulses(n_samples=3)
    return {"traces": np.round(X[:, 0], 3).tolist()}


def image_kernels(page: str) -> dict:
    """Return a black-and-white picture: a ring, a bar and a slope."""
    rows, columns = np.mgrid[:20, :20]
    radius = np.hypot(rows - 6, columns - 6)
    ring = (radius > 2.4) & (radius < 4.6)
    bar = (columns > 14) & (columns < 18) & (rows < 18)
    slope = (rows > 11) & (columns < 13) & (rows - columns > 6)
    return {"image": (ring | bar | slope).astype(int).tolist()}


def pulse_network(page: str) -> dict:
    """Return the weights that the chapter trained and glued, how good they are, the generator."""
    from helpers import generate

    network = json.loads(glued(PULSES, "pc-network"))
    constants = ("PULSE_WIDTH", "SIGNAL_RANGE", "WAVELENGTH", "WAVELENGTH_SPREAD")
    settings = {name: getattr(generate, name) for name in constants}
    for argument in signature(generate.generate_pulses).parameters.values():
        settings[argument.name] = argument.default
    # A child of another seed than those of the chapter.
    X, y = next(generate.stream_pulses(2000, seed=2026))
    share = np.mean(most_probable_bins(network, X) == y)
    return {
        "network": network,
        "settings": settings,
        "accuracy": {"of": len(y), "share": round(float(share), 4)},
    }


def most_probable_bins(network: dict, X: np.ndarray) -> np.ndarray:
    """Return the bin that the network names for each triplet, shape (n_samples,)."""
    first, bias, second = (
        np.array(network[layer][part], "float32")
        for layer, part in (("conv1", "kernel"), ("conv1", "bias"), ("conv2", "kernel"))
    )
    half = (first.shape[1] - 1) // 2
    padded = np.pad(X, [(0, 0), (0, 0), (half, first.shape[1] - 1 - half)])
    maps = np.tanh(sliding_window_view(padded, first.shape[1], axis=2) @ first[0, :, 0] + bias)
    windows = sliding_window_view(maps, second.shape[1], axis=2)
    logits = np.einsum("smtfk,mkf->st", windows, second[..., 0])
    return logits.argmax(axis=1) + (X.shape[2] - logits.shape[1]) // 2


def training_scrubber(page: str) -> dict:
    """Return the weights after each epoch of the page's first training, and its hits."""
    return json.loads(glued(page, "tr-run"))


def attention(page: str) -> dict:
    """Return the sharpness of the chapter's example, a row a bin, and the coincidence."""
    from helpers.generate import PULSE_WIDTH, generate_pulses

    X, y = (values[6031] for values in generate_pulses(amplitude=1))
    width = PULSE_WIDTH * (X.shape[-1] - 1)
    top = np.diff(np.exp(-((np.array([-1, 0, 1]) / width) ** 2) / 2), n=2)
    sharpness = np.pad(np.diff(X, n=2) / top, [(0, 0), (1, 1)])
    return {"keys": np.round(sharpness.T.astype(float), 3).tolist(), "truth": int(y)}


def feedback(page: str) -> dict:
    """Return nothing: the figure computes all that it shows."""
    return {}


def latent_plane(page: str) -> dict:
    """Return the page's decoder on every fifth bin, codes of spectra, and one of the spectra."""
    return json.loads(glued(page, "gn-decoder"))


def threshold(page: str) -> dict:
    """Return how many validated hits of each ring the page's network gives which probability."""
    return json.loads(glued(page, "tr-scores"))


def trigger(page: str) -> dict:
    """Return the page's episode, how its controllers steered it, and the trigger's settings."""
    from helpers import trigger

    world = {"height": trigger.PULSE_HEIGHT, "width": trigger.PULSE_SPREAD}
    world |= {"signal": trigger.SIGNAL, "cost": trigger.COST}
    return {"world": world} | json.loads(glued(page, "rl-episode"))


FIGURES = {
    "attention": attention,
    "feedback": feedback,
    "kernel-explorer": kernel_explorer,
    "image-kernels": image_kernels,
    "latent-plane": latent_plane,
    "pulse-network": pulse_network,
    "threshold": threshold,
    "training-scrubber": training_scrubber,
    "trigger": trigger,
}


def glued(page: str, name: str) -> str:
    """Return what a page's cached execution glued under a name.

    Raises
    ------
    PageMissing
        If the page is not among the contents, and so not executed.
    ValueError
        If it glues nothing under this name.
    """
    if page not in book.pages():
        raise PageMissing(page)
    with opened(CACHE) as results:
        _, executed = results.merge_match_into_notebook(book.read(book.source(page)))
    for output in (output for cell in executed.cells for output in cell.get("outputs", [])):
        if output.get("metadata", {}).get("scrapbook", {}).get("name") == name:
            return ast.literal_eval(output["data"][f"{MIME_PREFIX}text/plain"])
    raise ValueError(f"{page}.md glues nothing under the name {name!r}.")
