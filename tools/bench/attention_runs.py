"""Train what the page on attention compares from five seeds: ``make bench-attention``.

First each network's rate, and for few triplets the number of steps, is chosen on the validation
triplets, from a seed that is not among the five; the names' number of epochs likewise. The
results stand in ``data/attention_runs.json``, and the weights after the trainings on all triplets
in ``data/attention_weights.npz``. Delete both files to begin anew. On one core that has nothing
else to do it takes about twenty minutes.
"""

import sys
import time
from functools import partial
from itertools import product

import keras
import numpy as np

from helpers.generate import encode_names, generate_pulses, split_names
from helpers.scores import bits_per_name
from tools.bench.kept import FOLDER, Kept, functions_of, write_hashes
from tools.cells import run_cells

KEPT = Kept("attention_runs.json", "python -m tools.bench.attention_runs")
WEIGHTS = FOLDER / "attention_weights.npz"
SEEDS = range(1, 6)
LIKE = {"no positions": "added"}
STEPS, FEW = 1200, 600
FIRST_RATES, STEPS_FOR_FEW = (0.005, 0.01, 0.02), (240, 1200)
ON_FEW = ("51 weights", "wide", "added", "rotary")
EPOCHS = (20, 40, 80)
TEST_TRIPLETS, TEST_SEED = 10_000, 2027
CLOCKS, CLOCK_TRIPLETS = (0, 5, 10, 20, 30, 40, 50, 60), 1000


def best(study: str, name: str) -> float:
    """Return the setting that validation prefers."""
    tried = KEPT.runs[study][name]
    return float(max(tried, key=tried.get))


def tune(study: str, name: str, first: tuple, measure) -> None:
    """Try the first settings, and go on by factors of two until the best lies between others."""
    for setting in first:
        KEPT.add(study, name, setting, partial(measure, setting))
    tried = sorted(map(float, KEPT.runs[study][name]))
    while (top := best(study, name)) in (tried[0], tried[-1]):
        setting = top / 2 if top == tried[0] else 2 * top
        KEPT.add(study, name, setting, partial(measure, setting))
        tried = sorted([*tried, setting])


def keep_weights(name: str, seed: int, model) -> None:
    """Add a model's weights, one after the other in a single row, to the file of weights."""
    known = dict(np.load(WEIGHTS)) if WEIGHTS.exists() else {}
    known[f"{name}, {seed}"] = np.concatenate([np.ravel(w) for w in model.get_weights()])
    np.savez_compressed(WEIGHTS, **known)


class Pulses:
    """The weak pulses of the page, and what finds their coincidences."""

    def __init__(self, book):
        self.book = book
        self.validation = book["X_validation"], book["y_validation"]
        self.test = generate_pulses(TEST_TRIPLETS, amplitude=1, seed=TEST_SEED)

    def accuracy(self, model, X, y) -> float:
        """Score a model on 20 parts of equal size, one after the other."""
        parts = zip(np.array_split(X, 20), np.array_split(y, 20), strict=True)
        return float(np.mean([self.book["accuracy"](model, *part) for part in parts]))

    def trained(self, name, seed, rate, n_samples=6000, steps=STEPS):
        keras.utils.set_random_seed(seed)
        model = self.book["builders"][name]()
        X, y = self.book["X_train"][:n_samples], self.book["y_train"][:n_samples]
        self.book["train"](model, X, y, steps * 50 // n_samples, rate)
        return model

    def validated(self, name, rate, n_samples=6000, steps=STEPS) -> float:
        model = self.trained(name, 0, rate, n_samples, steps)
        return self.accuracy(model, *self.validation)

    def validated_on_few(self, name, steps) -> float:
        return self.validated(name, best("rates", name), FEW, steps)

    def run(self, name, seed, n_samples=6000, steps=STEPS) -> dict:
        """Train from one seed at the best rate, and score; keep the weights on all triplets."""
        begun = time.process_time()
        model = self.trained(name, seed, best("rates", LIKE.get(name, name)), n_samples, steps)
        seconds = time.process_time() - begun
        if n_samples == 6000:
            keep_weights(name, seed, model)
        scores = {
            part: self.accuracy(model, *sample)
            for part, sample in (("validation", self.validation), ("test", self.test))
        }
        return scores | {"parameters": model.count_params(), "seconds": round(seconds, 1)}

    def run_on_few(self, name, seed) -> dict:
        return self.run(name, seed, FEW, int(best("steps for few", name)))

    def clock(self, name, seed) -> list[float]:
        """Return how often a coincidence is found when the clock started later and later."""
        values = np.load(WEIGHTS)[f"{name}, {seed}"]
        X, y = (part[:CLOCK_TRIPLETS] for part in self.test)
        models = (self.book["transformer"](name, first_bin) for first_bin in CLOCKS)
        restore = self.book["with_weights"]
        return [self.accuracy(restore(model, values), X, y) for model in models]


def run_pulses(book) -> None:
    pulses = Pulses(book)
    for name in book["builders"]:
        tune("rates", name, FIRST_RATES, partial(pulses.validated, name))
    for name, steps in product(ON_FEW, STEPS_FOR_FEW):
        KEPT.add("steps for few", name, steps, partial(pulses.validated_on_few, name, steps))
    for seed in SEEDS:
        for name in book["builders"]:
            KEPT.add("6000", name, seed, partial(pulses.run, name, seed))
        for name in ON_FEW:
            KEPT.add("600", name, seed, partial(pulses.run_on_few, name, seed))
        for name in ("added", "rotary"):
            KEPT.add("clock", name, seed, partial(pulses.clock, name, seed))


class Names:
    """The names of the page, and what predicts their letters."""

    def __init__(self, book):
        self.book = book
        self.builders = {"decoder": book["decoder"], "GRU": recurrent_writer}

    def trained(self, name, seed, names, epochs, rate):
        keras.utils.set_random_seed(seed)
        previous, codes, is_part = encode_names(names)
        model, options = self.builders[name](), {"batch_size": 128, "sample_weight": is_part}
        self.book["train"](model, previous, codes, epochs, rate, **options)
        return model

    def validated(self, name, epochs, rate) -> float:
        """Return minus the bits of a hundred names that were kept out of the training."""
        seed, (seen, _) = 0, split_names(0)
        return -bits(self.trained(name, seed, seen[100:], epochs, rate), seen[:100])

    def run(self, name, seed) -> dict:
        seen, unseen = split_names(seed)
        model = self.trained(name, seed, seen, *self.best(name))
        return {"test": bits(model, unseen), "parameters": model.count_params()}

    def best(self, name):
        """Return the epochs and the rate that validation prefers."""
        studies = [study for study in KEPT.runs if "epochs" in study and name in KEPT.runs[study]]
        study = max(studies, key=lambda each: max(KEPT.runs[each][name].values()))
        return int(study.split()[1]), best(study, name)

    def tune(self, name) -> None:
        """Choose the rate for each number of epochs, twice as many until fewer are better."""
        numbers = [*EPOCHS]
        for epochs in numbers:
            trial = partial(self.validated, name, epochs)
            tune(f"rates, {epochs} epochs", name, FIRST_RATES, trial)
            if self.best(name)[0] == numbers[-1] == epochs:
                numbers.append(2 * epochs)


def bits(model, names) -> float:
    return bits_per_name(model.predict(encode_names(names)[0], verbose=0), names)


def recurrent_writer():
    """Return the network that the page on sequences uses for names."""
    layers = keras.layers
    read = [layers.Embedding(27, 16), layers.GRU(32, return_sequences=True)]
    return keras.Sequential([keras.Input((None,), dtype="int32"), *read, layers.Dense(27)])


def run_names(book) -> None:
    names, ngram = Names(book), run_cells("sequences", "define")
    for name in names.builders:
        names.tune(name)
    for seed in SEEDS:
        for name in names.builders:
            KEPT.add("names", name, seed, partial(names.run, name, seed))
        seen, unseen = split_names(seed)
        length = ngram["best_ngram"](seen)
        cost = float(ngram["ngram_bits"](seen, unseen, length))
        KEPT.add("names", "n-gram", seed, lambda cost=cost: {"test": cost})


def main() -> None:
    """Do both halves, or the one that is named."""
    book = functions_of("attention")
    halves = {"pulses": run_pulses, "names": run_names}
    for half in sys.argv[1:] or halves:
        halves[half](book)
    write_hashes(WEIGHTS)


if __name__ == "__main__":
    main()
