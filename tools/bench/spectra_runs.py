"""Repeat the trainings of the page on unlabelled spectra from eight seeds: ``make bench-spectra``.

Searches rate and decay of the autoencoder in each scaling on the validation spectra, then trains
it from eight other seeds; so does it with drifting spectra, short exposures and digits. Prints the
results, and keeps them in ``data/spectra_runs.json``; fifteen minutes of processor time.
"""

import functools

import numpy as np
from sklearn import manifold, neighbors

from tools.bench.kept import Kept, functions_of, made_on

KEPT = Kept("spectra_runs.json", "python -m tools.bench.spectra_runs")
SEEDS = range(10, 18)
STEPS = (1, 0), (-1, 0), (0, 1), (0, -1)


def better_start(book, way, seed, **rates):
    """Return validation loss and networks of the better of two starts: some get stuck.

    The loss is the mean squared pull of the validation spectra, whatever the scaling.
    """
    scaling, shape = ways(book)[way]
    unseen, runs = book["X_validation"], []
    for start in (2 * seed, 2 * seed + 1):
        networks, _ = book["train_autoencoder"](book["X_train"], scaling, start, shape, **rates)
        rebuilt = book["reconstruct"](networks, unseen, scaling)
        runs.append((float(np.mean((unseen - rebuilt) ** 2 / book["mean"])), networks))
    return min(runs, key=lambda run: run[0])


def ways(book):
    """Return scaling and shape of the autoencoder in each of the ways that are compared."""
    in_scaling = {name: (scaling, {}) for name, scaling in book["scalings"].items()}
    return in_scaling | {"linear": (book["scalings"]["pulls"], {"activation": "linear"})}


def searched(book, way, place=(-4, -1)):
    """Walk from pair to pair of rate and decay until none of the four around it is better.

    Pairs are powers of the root of ten, so that the best one always lies inside what was tried.
    """
    losses, best = {}, None
    while best != place:
        place = best or place
        around = [place, *((place[0] + x, place[1] + y) for x, y in STEPS)]
        for pair in around:
            if pair not in losses:
                losses[pair] = validation_loss(book, way, *rate_and_decay(pair))
        best = min(around, key=losses.get)
    tried = [[*rate_and_decay(pair), loss] for pair, loss in losses.items()]
    rate, decay = rate_and_decay(best)
    return {"rate": rate, "decay": decay, "tried": tried}


def rate_and_decay(pair):
    return [float(f"{10 ** (power / 2):.3g}") for power in pair]


def validation_loss(book, way, rate, decay):
    loss, _ = better_start(book, way, 0, rate=rate, decay=decay)
    print(way, rate, decay, f"{loss:.4f}", flush=True)
    return loss


def flat(book, way, best, seed):
    """Return the noise left on flat data, and for pulls the areas under the ROC curves by place."""
    _, networks = better_start(book, way, seed, rate=best["rate"], decay=best["decay"])

    def rebuilt(counts):
        return book["reconstruct"](networks, counts, ways(book)[way][0])

    result = {"noise": float(book["noise_out"](rebuilt(book["X_test"]), book["truth"]))}
    if way == "pulls":
        result["areas"] = book["auc_by_place"](rebuilt).tolist()
    return result


def drift(book, seed):
    networks = book["train_on_drift"](seed)
    rebuilt = book["reconstruct"](networks, book["drifting_test"], book["drift_scaling"])
    return {"noise": float(book["noise_out"](rebuilt, book["drifting_truth"]))}


def halves(book, task, seed):
    model = book["train_denoiser"](task, seed)
    cleaned = book["denoise"](model, book["short_test"])
    return {"noise": float(book["noise_out"](cleaned, book["short_truth"]))}


def digits(book, seed):
    networks = book["train_on_digits"](seed)
    codes, new = (book["encode"](networks, book[name], (0, 16)) for name in ("known", "unseen"))
    rebuilt = book["reconstruct"](networks, book["unseen"], (0, 16))
    error, named = book["judge"](codes, new, rebuilt)
    return {"error": float(error), "named": float(named)}


def isomap(book):
    """Return how many neighbours name most of the last 300 digits known, and all that was tried."""
    tried = []
    for n_neighbors in (3, 4, 5, 6, 8):
        flat = manifold.Isomap(n_neighbors=n_neighbors)
        codes, new = flat.fit_transform(book["known"][:900]), flat.transform(book["known"][900:])
        nearest = neighbors.KNeighborsClassifier(5).fit(codes, book["named"][:900])
        tried.append([n_neighbors, nearest.score(new, book["named"][900:])])
    return {"best": max(tried, key=lambda pair: pair[1])[0], "tried": tried}


def results():
    book = functions_of("unsupervised")
    search = {way: searched(book, way) for way in ways(book)}
    jobs = {way: functools.partial(flat, book, way, best) for way, best in search.items()}
    jobs["drift"] = functools.partial(drift, book)
    for task in book["pairs"]:
        jobs[task] = functools.partial(halves, book, task)
    jobs["digits"] = functools.partial(digits, book)
    runs = {}
    for name, job in jobs.items():
        runs[name] = [job(seed=seed) for seed in SEEDS]
        print(name, runs[name], flush=True)
    return {"made on": made_on(), "search": search, "isomap": isomap(book), "runs": runs}


if __name__ == "__main__":
    KEPT.write(**results())
