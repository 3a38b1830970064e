"""Put the six charges of the outlook to two networks: ``make bench-outlook``.

The network of 51 parameters and the one of 9,427 that takes differences (the page on deeper
networks) go through the same six tests, five seeds each. What comes out stands in
``data/outlook_runs.json``; ten minutes on one core that has nothing else to do. What stands there
is not done again: delete the file to begin anew.
"""

from functools import partial

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from helpers.laboratory import FIRST_BIN, SIGMA, PulseNetworks, draw_triplets
from helpers.rules import find_coincidences
from helpers.statistics import calibration_error, calibration_floor
from tools.bench.deeper_runs import DEEP, KNOWING
from tools.bench.kept import Kept, functions_of
from tools.cells import run_cells

KEPT = Kept("outlook_runs.json", "python -m tools.bench.outlook_runs")
N_SEEDS, N_TRAIN, N_TEST = 5, 6000, 4000
TRAIN_SEED, TEST_SEED, VARIED_SEED, NEW_SEED, CALIBRATION_SEED = 101, 102, 103, 104, 105
SIZES = (50, 500, 6000)
MOVED = {
    "as trained": {},
    "wider": {"width": 1.5 * SIGMA},
    "busier": {"rate": 3.0},
    "noisy": {"noise": 0.5},
}


class DeepNetworks:
    """Several networks of the page on deeper networks, with the interface of PulseNetworks."""

    def __init__(self, copies, book, **network):
        self.book, self.network = book, network
        self.models = [book["pulse_network"](**network) for _ in range(copies)]

    @property
    def copies(self):
        return len(self.models)

    def __call__(self, traces):
        """Return the scores of the first of the networks for the bins that are possible."""
        return self.models[0](ops.convert_to_tensor(traces)[0])[None, :, FIRST_BIN:-FIRST_BIN]

    def fit(self, X, y, rows, steps=600, rate=0.01):
        for number, (model, own) in enumerate(zip(self.models, rows, strict=True)):
            data = tf.data.Dataset.from_tensor_slices((X[own], y[own]))
            batches = data.shuffle(len(own), seed=number).repeat().batch(128)
            self.book["train_network"](model, batches, steps, rate)
        return self

    def probabilities(self, X):
        scores = [model.predict(X, 1000, verbose=0) for model in self.models]
        return ops.convert_to_numpy(ops.softmax(np.array(scores)[..., FIRST_BIN:-FIRST_BIN]))

    def accuracies(self, X, y):
        return np.mean(self.probabilities(X).argmax(axis=-1) + FIRST_BIN == y, axis=1)

    def pick(self, copies):
        picked = DeepNetworks(0, self.book, **self.network)
        picked.models = [self.models[copy] for copy in copies]
        return picked

    def tuned(self, X, y, rows):
        copy = DeepNetworks(self.copies, self.book, **self.network)
        for model, trained in zip(copy.models, self.models, strict=True):
            model.set_weights(trained.get_weights())
        return copy.fit(X, y, rows, steps=100, rate=0.001)


class SmallNetworks(PulseNetworks):
    """The copies of 51 parameters."""

    def tuned(self, X, y, rows):
        copy = PulseNetworks(self.copies)
        copy.set_weights(self.get_weights())
        return copy.fit(X, y, rows, steps=100, rate=0.01)


class Charges:
    """The six tests of a kind of network; each returns what it measured, a list of five each."""

    def __init__(self, page, make, ignorant, informed):
        """Take the page's functions, and what makes networks with usual, no and more priors."""
        self.page, self.make, self.ignorant, self.informed = page, make, ignorant, informed
        self.X, self.y = draw_triplets(N_TRAIN, TRAIN_SEED)
        self.test = draw_triplets(N_TEST, TEST_SEED)
        self.members = make(N_SEEDS).fit(self.X, self.y, [np.arange(N_TRAIN)] * N_SEEDS)

    def wrong(self, make, size):
        rows = self.page["subsets"]((size,), N_SEEDS, N_TRAIN)
        return 1 - make(N_SEEDS).fit(self.X, self.y, rows).accuracies(*self.test)

    def data(self):
        wrong = {str(size): self.wrong(self.make, size) for size in SIZES[:-1]}
        return wrong | {str(SIZES[-1]): 1 - self.members.accuracies(*self.test)}

    def prior(self):
        makers = {"without": self.ignorant, "with": self.informed}
        return {
            f"{name}, {size}": self.wrong(make, size)
            for name, make in makers.items()
            for size in (SIZES[0], SIZES[-1])
        }

    def uncertainty(self):
        X, y = draw_triplets(N_TEST, CALIBRATION_SEED)
        answers = self.members.probabilities(X)
        limits = [self.page["conformal_threshold"](each, y) for each in answers]
        found = {}
        for name, condition in MOVED.items():
            X, y = draw_triplets(N_TEST, TEST_SEED, **condition)
            answers = self.members.probabilities(X)
            found |= {f"{name}, one": [self.honesty(each, y) for each in answers]}
            found |= {f"{name}, ensemble": self.honesty(answers.mean(axis=0), y)}
            found |= {
                f"{name}, sets": [
                    self.page["sets_of"](each, y, limit)
                    for each, limit in zip(answers, limits, strict=True)
                ]
            }
        return found

    def honesty(self, probabilities, y):
        """Return the share right, the confidence, the calibration error and its chance."""
        sure = probabilities.max(axis=1)
        right = probabilities.argmax(axis=1) + FIRST_BIN == y
        chance = calibration_floor(sure, n_samples=200)[2]
        return right.mean(), sure.mean(), calibration_error(sure, right), chance

    def reasons(self):
        """Return medians over twenty triplets of what `compare_maps` finds."""
        cases = list(zip(*(part[:20] for part in self.test), strict=True))
        groups = {"trained": self.members, "untrained": self.make(10)}
        return {
            name: [
                np.median([self.page["compare_maps"](group.pick([n]), *case) for case in cases], 0)
                for n in range(group.copies)
            ]
            for name, group in groups.items()
        }

    def transfer(self):
        X, y = draw_triplets(30 * N_SEEDS, NEW_SEED, **MOVED["wider"])
        test = draw_triplets(N_TEST, TEST_SEED, **MOVED["wider"])
        rows = np.arange(30 * N_SEEDS).reshape(N_SEEDS, 30)
        return {
            "as it was": self.members.accuracies(*test),
            "fine-tuned": self.members.tuned(X, y, rows).accuracies(*test),
            "from scratch": self.make(N_SEEDS).fit(X, y, rows).accuracies(*test),
        }

    def conditions(self):
        X, y = self.page["draw_varied"](N_TRAIN, VARIED_SEED)
        varied = self.make(N_SEEDS).fit(X, y, [np.arange(N_TRAIN)] * N_SEEDS)
        found = {}
        for name, condition in MOVED.items():
            test = draw_triplets(N_TEST, TEST_SEED, **condition)
            found |= {f"{name}, constant": self.members.accuracies(*test)}
            found |= {f"{name}, varied": varied.accuracies(*test)}
        return found

    def clue(self):
        add, (X, y) = self.page["with_pedestal"], self.test
        fooled, cured = self.make(N_SEEDS), self.make(N_SEEDS)
        rows = [np.arange(N_TRAIN)] * N_SEEDS
        fooled.fit(add(self.X, self.y), self.y, rows)
        anywhere = np.random.default_rng(8).integers(0, X.shape[2], N_TRAIN)
        cured.fit(add(self.X, anywhere), self.y, rows)
        found = {"plain, none": self.members.accuracies(X, y)}
        for name, group in {"at the coincidence": fooled, "anywhere": cured}.items():
            found |= {
                f"plain, {name}": group.accuracies(X, y),
                f"observed, {name}": group.accuracies(add(X, y), y),
                f"late, {name}": group.accuracies(add(X, y + 1), y),
                f"followed, {name}": group.accuracies(add(X, y + 1), y + 1),
            }
        return found


TESTS = ("data", "prior", "uncertainty", "reasons", "transfer", "conditions", "clue")


def kinds(page):
    """Return what makes the networks of each kind, with usual, no and more prior knowledge."""
    book, priors = run_cells("deeper_networks", "define"), page["PRIORS"]
    deep = partial(DeepNetworks, book=book)
    small = (SmallNetworks, partial(SmallNetworks, **priors["none"]))
    knowing = partial(deep, **KNOWING)
    return {
        "51": (*small, partial(SmallNetworks, **priors["both"])),
        "9,427": (knowing, partial(deep, **DEEP, times=False), knowing),
    }


def by_rule():
    """Return the share in which the strongest rule is right, which costs seconds."""
    tests = {name: draw_triplets(N_TEST, TEST_SEED, **moved) for name, moved in MOVED.items()}
    return {name: np.mean(find_coincidences(X) == y) for name, (X, y) in tests.items()}


def main() -> None:
    page = functions_of("outlook")
    KEPT.write(rule=by_rule())
    for kind, makers in kinds(page).items():
        keras.utils.set_random_seed(1)
        charges = Charges(page, *makers)
        for number, name in enumerate(TESTS, start=2):
            found = KEPT.runs.get(kind, {})
            if name not in found:
                keras.utils.set_random_seed(number)
                KEPT.write(**{kind: found | {name: getattr(charges, name)()}})


if __name__ == "__main__":
    main()
