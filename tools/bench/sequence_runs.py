"""Train what the page on sequences compares, from five seeds: ``make bench-sequences``.

Takes a quarter of an hour of processor time. The results become ``data/sequence_runs.json``, and
the weights of the first encoder and decoder ``data/sequence_reader.weights.h5``. Names of parts,
such as ``reader`` or ``carbon``, repeat these alone and leave the other results as they are.
"""

import sys

import numpy as np
from tqdm import tqdm

from tools.bench.kept import FOLDER, Kept, as_text, functions_of, write_hashes

KEPT = Kept("sequence_runs.json", "python -m tools.bench.sequence_runs")
WEIGHTS = "sequence_reader.weights.h5"
SEEDS = range(5)
GAINS = 4, 8, 16, 32, 64


def each_seed(name):
    return tqdm(SEEDS, desc=name)


def masks(book):
    """Return the shares identified, padded as in training, with and without a mask."""
    tracks, species = book["draw_tracks"](20_000, np.random.default_rng(1000))
    shares = {"masked": [], "unmasked": []}
    for seed in each_seed("masks"):
        for name, each in shares.items():
            network = book["train_identifier"](seed, name == "masked")
            each.append(float(book["identified"](network, tracks, species)))
    ratio = book["log_likelihood_ratio"](tracks).numpy()
    return shares | {"limit": np.mean((ratio > 0) == species)}


def by_count(book, read, times):
    counts = np.isfinite(times).sum(axis=1)
    groups = [counts == count for count in range(1, book["MOST"] + 1)]
    return [1 - book["score_lists"](read[group], times[group])["missed"] for group in groups]


def reader(book):
    """Score what the fit and five encoders and decoders write of 2,000 traces."""
    X, times = book["draw_traces"](2000, seed=3)
    X_validation, times_validation = book["draw_traces"](300, seed=2)

    def wrong(gain):
        found = book["find_pulses"](X_validation, book["NOISE"], gain)
        return book["score_lists"](found, times_validation)["wrong lists"]

    def scored(read):
        scores = book["score_lists"](read, times) | {"by count": by_count(book, read, times)}
        return {name: np.round(value, 5).tolist() for name, value in scores.items()}

    gain = min(GAINS, key=wrong)
    rule = scored(book["find_pulses"](X, book["NOISE"], gain)) | {"gain": gain}
    seeds = []
    for seed in each_seed("reader"):
        model = book["train_reader"](seed)
        if seed == 0:
            model.save_weights(FOLDER / WEIGHTS)
            write_hashes(FOLDER / WEIGHTS)
        seeds.append(scored(book["read_times"](model, X)))
    return {"rule": rule, "seeds": seeds}


def shown(book):
    """Return four traces with their lists: of one, two and four pulses, and the first wrong one."""
    X, times = book["draw_traces"](500, seed=3)
    model = book["make_reader"](seed=0)
    model.load_weights(FOLDER / WEIGHTS)
    read = book["read_times"](model, X)
    missed, invented, _ = book["match_times"](read, times)
    right, counts = missed + invented == 0, np.isfinite(times).sum(axis=1)
    rows = [np.flatnonzero(right & (counts == count))[0] for count in (1, 2, 4)]
    rows.append(np.flatnonzero(~right)[0])
    # Where there is no time stands -1.
    kept = {"X": X, "times": np.nan_to_num(times, nan=-1), "read": np.nan_to_num(read, nan=-1)}
    return {name: np.round(each[rows].astype(float), 2).tolist() for name, each in kept.items()}


def names(book):
    """Return the bits that the network and the n-gram need for a name never seen."""
    bits = {"network": [], "n-gram": []}
    for seed in each_seed("names"):
        seen, unseen = book["split_names"](seed)
        logits = book["train_speller"](seed)(book["encode_names"](unseen)[0])
        bits["network"].append(book["bits_per_name"](logits, unseen))
        bits["n-gram"].append(book["ngram_bits"](seen, unseen, book["best_ngram"](seen)))
    return {name: np.round(values, 4).tolist() for name, values in bits.items()}


def carbon(book):
    """Return the errors of five networks in the months of the test."""
    errors = []
    for seed in each_seed("carbon"):
        found, last = book["train_forecaster"](seed)
        errors.append(np.round(found[book["which"](last)[2]].astype(float), 4).tolist())
    return errors


def trigger(book):
    """Return the shares that five trainings of each network flag in time, by latency."""
    flagged = {"recurrent": [], "convolution": []}
    for seed in each_seed("trigger"):
        for name, rows in flagged.items():
            shares = book["flags_of"](book["train_trigger"](seed, name == "recurrent"))
            rows.append(np.round(shares, 4).tolist())
    return flagged


PARTS = {each.__name__: each for each in (masks, names, carbon, trigger, reader, shown)}


def main():
    book = functions_of("sequences")
    for name in sys.argv[1:] or PARTS:
        result = PARTS[name](book)
        print(name, as_text(result), flush=True)
        KEPT.write(**{name: result})


if __name__ == "__main__":
    main()
