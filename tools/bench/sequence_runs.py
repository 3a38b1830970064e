"""Train what the page on sequences compares, from five seeds: ``make bench-sequences``.

Takes half an hour of processor time. The results become ``data/sequence_runs.json``, and
the weights of the first encoder and decoder ``data/sequence_reader.weights.h5``. Names of parts,
such as ``reader`` or ``carbon``, repeat these alone and leave the other results as they are.
"""

import sys
from functools import partial

import numpy as np
from tqdm import tqdm

from tools.bench.kept import FOLDER, Kept, as_text, functions_of, write_hashes

KEPT = Kept("sequence_runs.json", "python -m tools.bench.sequence_runs")
WEIGHTS = "sequence_reader.weights.h5"
SEEDS, TUNING_SEED = range(5), 10
PADDED = 20, 25, 30, 40, 60, 80, 100
GAINS = 4, 8, 16, 32, 64
# The numbers of epochs that were tried with each rate; `tuned` keeps what they gave.
TRIED = {
    "masked": {0.01: (1,), 0.02: (1, 2, 4, 8), 0.04: (1, 2, 4, 8), 0.08: (2, 4, 8), 0.16: (2, 4)},
    "unmasked": {0.01: (1,), 0.02: (1, 2, 4), 0.04: (1, 2, 4, 8, 16), 0.08: (4, 8)},
    "reader": {0.001: (5,), 0.003: (5,), 0.01: (5, 10), 0.03: (5,)},
    "names": {0.02: (50,), 0.04: (25, 50, 100), 0.08: (50,)},
    "recurrent": {0.01: (1, 8), 0.03: (1, 2, 4, 8, 16), 0.1: (1, 4)},
    "convolution": {0.01: (1, 8), 0.03: (1, 2, 4, 8, 16), 0.1: (1, 2, 4, 8, 16, 32, 64), 0.3: (4,)},
    "carbon": {0.003: (120,), 0.01: (60, 120, 240, 480), 0.03: (120,)},
}


def each_seed(name):
    return tqdm(SEEDS, desc=name)


def judges(book):
    """Return, by network, what a training with a rate and a number of epochs is judged by."""
    tracks, species = book["draw_tracks"](20_000, np.random.default_rng(1001))
    X, times = book["draw_traces"](1000, seed=2)
    triplets, y = book["tuning"]
    known, _ = book["split_names"](TUNING_SEED)
    kept_back, rest = known[:100], known[100:]

    def trigger(recurrent, *options):
        network = book["train_trigger"](TUNING_SEED, recurrent, *options)
        return network.evaluate(triplets, book["flags_due"](y), 500, verbose=0)

    def identifier(masked, *options):
        network = book["train_identifier"](TUNING_SEED, masked, *options)
        return 1 - book["identified"](network, tracks, species)

    def speller(*options):
        network = book["train_speller"](rest, TUNING_SEED, *options)
        return book["bits_per_name"](network(book["encode_names"](kept_back)[0]), kept_back)

    def reader(*options):
        read = book["read_times"](book["train_reader"](TUNING_SEED, *options), X)
        return book["score_lists"](read, times)["wrong lists"]

    def forecaster(*options):
        return book["rms_of"](*book["train_forecaster"](TUNING_SEED, *options), 1)

    return {
        "masked": partial(identifier, True),
        "unmasked": partial(identifier, False),
        "reader": reader,
        "names": speller,
        "recurrent": partial(trigger, True),
        "convolution": partial(trigger, False),
        "carbon": forecaster,
    }


def tuned(book):
    """Return what each rate and number of epochs gives on validation data, from one seed."""
    judged = judges(book)
    return {
        name: {
            f"{rate:g}, {n}": round(float(judged[name](rate, n)), 5)
            for rate, epochs in tried.items()
            for n in epochs
        }
        for name, tried in tqdm(TRIED.items(), desc="tuned")
    }


def best(name):
    """Return the rate and the number of epochs that gave the least."""
    tried = KEPT.runs["tuned"][name]
    rate, n_epochs = min(tried, key=tried.get).split(", ")
    return float(rate), int(n_epochs)


def masks(book):
    """Return the shares identified with and without a mask, by the length tracks are padded to."""
    tracks, species = book["draw_tracks"](20_000, np.random.default_rng(1000))
    shares = {"masked": [], "unmasked": []}
    for seed in each_seed("masks"):
        for name, rows in shares.items():
            network = book["train_identifier"](seed, name == "masked", *best(name))
            each = [book["identified"](network, tracks, species, n) for n in PADDED]
            rows.append(np.round(each, 5).tolist())
    ratio = book["log_likelihood_ratio"](tracks).numpy()
    return {"lengths": PADDED} | shares | {"limit": np.mean((ratio > 0) == species)}


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
        logits = book["train_speller"](seen, seed)(book["encode_names"](unseen)[0])
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
            network = book["train_trigger"](seed, name == "recurrent", *best(name))
            rows.append(np.round(book["flags_of"](network), 4).tolist())
    return flagged


PARTS = {each.__name__: each for each in (tuned, masks, names, carbon, trigger, reader, shown)}


def main():
    book = functions_of("sequences")
    for name in sys.argv[1:] or PARTS:
        result = PARTS[name](book)
        print(name, as_text(result), flush=True)
        KEPT.write(**{name: result})


if __name__ == "__main__":
    main()
