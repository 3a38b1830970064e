"""Train the generators of the page on new spectra from five seeds: ``make bench-generators``.

Each generator is judged on 5,000 spectra of a test sample. The results stand in
``data/generator_runs.json``. It takes about five minutes of processor time. Generators may be
named, as in ``python -m tools.bench.generator_runs diffusion``.
"""

import functools
import sys
import time

import numpy as np

from helpers.generative import PlaneMixture
from tools.bench.kept import Kept, functions_of

KEPT = Kept("generator_runs.json", "python -m tools.bench.generator_runs")
SEEDS = range(1, 6)
TEST_SEED = 2030
DIFFUSION_STEPS, FLOW_STEPS = 4000, 2000
# Which panels of the page's first picture were measured.
OPENING = {"measured": "bcf", "made": "ade"}


def trained_vae(book, seed):
    """Return the networks of a seed, trained once for both ways to draw codes."""
    if book.get("trained", (None,))[0] != seed:
        book["trained"] = seed, book["train_vae"](seed)
    return book["trained"][1]


def vae(book, seed):
    _, decoder = trained_vae(book, seed)
    random = np.random.default_rng(seed)
    return random.poisson(book["decoded"](decoder, random.normal(size=(5000, 2))))


def vae_mixture(book, seed):
    encoder, decoder = trained_vae(book, seed)
    rates = book["decoded"](decoder, book["codes_from_mixture"](encoder, seed))
    return np.random.default_rng(seed).poisson(rates)


def diffusion(book, seed, steps=DIFFUSION_STEPS):
    network = book["train_diffusion"](seed, steps)
    return book["to_counts"](book["walk"](network, book["drawn_kinds"](seed), seed)[1][-1])


def flow(book, seed):
    return book["flow_counts"](book["train_flow"](seed, FLOW_STEPS), seed)


GENERATORS = {
    "measured again": lambda book, seed: book["measure"](5000, TEST_SEED + seed),
    "fit, resampled": lambda book, seed: book["resample"](book["threshold"], seed),
    "PCA and mixture": lambda book, seed: PlaneMixture(book["train"]).draw(5000, seed),
    "diffusion": diffusion,
    "diffusion, longer": functools.partial(diffusion, steps=2 * DIFFUSION_STEPS),
    "flow": flow,
    "GAN, cured": lambda book, seed: book["gan_counts"](book["train_gan"](seed), seed),
    "VAE, prior": vae,
    "VAE, mixture": vae_mixture,
}


def judged(book, name, seed, test) -> dict:
    """Make spectra from a seed and judge them; tell the processor time of making them."""
    start = time.process_time()
    counts = GENERATORS[name](book, seed)
    seconds = time.process_time() - start
    if (name, seed) == ("diffusion", 1):
        KEPT.write(opening=opening(counts, test))
    *distances, noise, accuracy = (float(value) for value in book["judge"](counts, test))
    result = {"distances": distances, "noise": noise, "told apart": accuracy}
    return result | {"seconds": round(seconds, 1)}


def opening(made, test) -> dict[str, list[int]]:
    """Return the spectra of the first picture by the letters of their panels."""
    chosen = zip((OPENING["measured"], OPENING["made"]), (test, made), strict=True)
    return {
        letter: spectrum.astype(int).tolist()
        for letters, spectra in chosen
        for letter, spectrum in zip(letters, spectra[:3], strict=True)
    }


def main() -> None:
    book = functions_of("generators")
    test, book["threshold"] = book["measure"](5000, TEST_SEED), book["best_threshold"]()
    for seed in SEEDS:
        for name in sys.argv[1:] or GENERATORS:
            KEPT.add("judged", name, seed, functools.partial(judged, book, name, seed, test))


if __name__ == "__main__":
    main()
