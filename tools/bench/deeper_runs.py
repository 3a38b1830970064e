"""Train what the page on deeper networks compares: ``make bench-deeper``.

Every rung of the ladder, and every network for showers and digits, is trained from five seeds.
The results stand in ``data/deeper_runs.json``, and the weights of the last rung's first seed in
``data/pulse_best.weights.h5``. Delete the file to begin anew. On one core that has nothing else
to do it takes about half an hour. Studies may be named, as in
``python -m tools.bench.deeper_runs ladder``.
"""

import sys
import time
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from scipy.special import softmax
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from helpers.fit import shared_times, take_apart
from helpers.generate import generate_digits, generate_pulses, generate_showers, stream_pulses
from helpers.rules import find_coincidences, pulse_responses
from helpers.showers import pair_odds
from tools.bench.kept import FOLDER, Kept, functions_of, write_hashes

KEPT = Kept("deeper_runs.json", "python -m tools.bench.deeper_runs")
WEIGHTS = FOLDER / "pulse_best.weights.h5"
SEEDS = range(1, 6)
STEPS = 1000
TEST_TRIPLETS, TEST_SEED = 200_000, 2027
FIT_TRIPLETS = 10_000
TEST_SHOWERS, SHOWER_SEED = 20_000, 2028
N_TEMPLATES = 80_000

KNOWN = {"orders": (2, 4, 6, 8)}
DEEP = {"first": (8, 7, 5), "second": (32, 5, 5)}
KNOWING = {"first": (8, 3, 3), "second": (32, 5, 5)} | KNOWN
RUNGS = {
    "51 parameters": {"rate": 0.1},
    "deep": DEEP | {"times": False},
    "times": DEEP,
    "small + differences": {"first": (8, 3), "second": (16, 5, 3), "steps": 2000} | KNOWN,
    "small, long": {"first": (8, 3), "second": (16, 5, 3), "steps": 8000} | KNOWN,
    "deep + differences": KNOWING,
    "6,000 triplets": KNOWING | {"sample": 6000},
    "residual + dilated": KNOWING | {"second": (32, 5, 3, 3), "add": True, "dilated": True},
    "long": KNOWING | {"steps": 4000},
}
RULES = {
    "median": lambda X: np.median(pulse_responses(X), axis=1).argmax(axis=1),
    "clipped sum": lambda X: pulse_responses(X).clip(0, 1).sum(axis=1).argmax(axis=1),
    "strongest": find_coincidences,
}
CELL_THRESHOLDS = 1, 2, 3, 4, 5, 6
RATES, TUNING_SEEDS = (0.001, 0.003, 0.01), (101, 102, 103)
BEST = {"depth": 6, "residual": True, "normalise": True}
SHOWERS = {
    "stack": {},
    "4 layers": {"depth": 4},
    "6 layers": {"depth": 6},
    "6, residual": {"depth": 6, "residual": True},
    "6, residual, normalised": BEST,
    "the same + dropout": BEST | {"dropout": 0.3},
    "the same, not turned": BEST | {"augment": False},
}


def small_network():
    """Return the lecture's network of 51 parameters, with 100 outputs."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((3, 100)),
            layers.Reshape((3, 100, 1)),
            layers.Conv2D(2, (1, 3), padding="same", activation="tanh"),
            layers.ZeroPadding2D((0, 3)),
            layers.Conv2D(1, (3, 7)),
            layers.Flatten(),
        ]
    )


def best_on_moments(moments_above, sample, validation):
    """Return the classifier of moments that validation prefers, and its threshold."""
    candidates = [
        (threshold, make.fit(moments_above(sample[0], threshold), sample[1]))
        for threshold in CELL_THRESHOLDS
        for make in (
            HistGradientBoostingClassifier(learning_rate=0.03, max_iter=150),
            make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        )
    ]
    return max(
        candidates,
        key=lambda each: each[1].score(moments_above(validation[0], each[0]), validation[1]),
    )


class Ladder:
    """The triplets of the test, and what finds their bins."""

    def __init__(self, book):
        self.book = book
        self.X, self.labels = generate_pulses(TEST_TRIPLETS, seed=TEST_SEED)

    def judge(self, found, mean) -> dict:
        """Score named bins and mean labels, and count the far misses."""
        errors = np.abs(found - self.labels)
        return {
            "accuracy": float(np.mean(errors == 0)),
            "rmse": float(np.sqrt(np.mean((mean - self.labels) ** 2))),
            "far": int(np.sum(errors > 3)),
        }

    def rule(self, rule) -> dict:
        found = np.concatenate([rule(part) for part in np.array_split(self.X, 20)])
        return self.judge(found, found)

    def limit(self) -> dict:
        """Take the first triplets apart, knowing all that the generator knows."""
        X, labels = self.X[:FIT_TRIPLETS], self.labels[:FIT_TRIPLETS]
        times, left_over = take_apart(X)
        times[left_over > 1e-3] = np.nan
        right = np.rint(shared_times(times)[0]) == labels
        return {"accuracy": float(right.mean()), "triplets": FIT_TRIPLETS}

    def rung(self, name, seed, steps=STEPS, rate=0.01, sample=None, **network) -> dict:
        """Train one rung from one seed, and score it."""
        keras.utils.set_random_seed(seed)
        model = self.book["pulse_network"](**network) if network else small_network()
        begun = time.process_time()
        batches = self.few(sample, seed) if sample else stream_pulses(128, seed)
        self.book["train_network"](model, batches, steps, rate)
        seconds = time.process_time() - begun
        found, mean = self.answers(model)
        made = {"parameters": model.count_params(), "steps": steps, "seconds": seconds}
        if name == "long" and seed == SEEDS[0]:
            keras.Model(model.inputs, model.outputs).save_weights(WEIGHTS)
            made["split"] = np.flatnonzero(np.abs(mean - self.labels) > 1).tolist()
        return made | self.judge(found, mean)

    def few(self, n_samples: int, seed: int):
        """Return batches of the same triplets again and again."""
        data = tf.data.Dataset.from_tensor_slices(generate_pulses(n_samples, seed=seed))
        return data.shuffle(n_samples, seed).repeat().batch(128)

    def answers(self, model):
        """Return the named bins and the mean labels."""
        found, mean = [], []
        for part in np.array_split(self.X, 10):
            p = softmax(model.predict(part, 2000, verbose=0), axis=1)
            found.append(p.argmax(axis=1))
            mean.append(p @ self.book["bins"])
        return np.concatenate(found), np.concatenate(mean)


class Showers:
    """The showers of the test, and what tells one photon from two."""

    def __init__(self, book):
        self.book = book
        self.X, self.labels = generate_showers(TEST_SHOWERS, seed=SHOWER_SEED)

    def moments(self, seed) -> dict:
        sample, validation = (generate_showers(n, seed + n) for n in (8000, 4000))
        threshold, best = best_on_moments(self.book["moments_above"], sample, validation)
        accuracy = best.score(self.book["moments_above"](self.X, threshold), self.labels)
        return {"accuracy": accuracy, "threshold": threshold}

    def limit(self) -> dict:
        X, labels = self.X[:2000], self.labels[:2000]
        odds = pair_odds(X, N_TEMPLATES)
        return {"accuracy": float(np.mean((odds > 0) == labels))}

    def rate(self, **settings) -> dict:
        """Try the rates from seeds that are used nowhere else, and score them on validation."""
        X, labels = generate_showers(4000, seed=4001)
        scores = {}
        for rate in RATES:
            models = [self.trained(seed, rate, **settings)[0] for seed in TUNING_SEEDS]
            answers = [self.book["is_pair"](model, X) for model in models]
            scores[str(rate)] = float(np.mean(np.equal(answers, labels)))
        return {"scores": scores, "rate": float(max(scores, key=scores.get))}

    def trained(self, seed, rate, augment=True, **settings):
        """Return a trained network, and its training sample."""
        keras.utils.set_random_seed(seed)
        model = (self.book["shower_network"] if settings else self.book["stack"])(**settings)
        sample = generate_showers(8000, seed + 8000)
        self.book["train_showers"](model, *sample, seed, augment=augment, rate=rate)
        return model, sample

    def network(self, seed, rate, **settings) -> dict:
        begun = time.process_time()
        model, sample = self.trained(seed, rate, **settings)
        seconds, is_pair = time.process_time() - begun, self.book["is_pair"]
        right = {
            "accuracy": float(np.mean(is_pair(model, self.X) == self.labels)),
            "training": float(np.mean(is_pair(model, sample[0]) == sample[1])),
        }
        return {"parameters": model.count_params(), "seconds": seconds} | right


class Digits:
    """Handwritten digits, and networks that saw those or drawn ones."""

    def __init__(self, book):
        self.book = book

    def part(self, which):
        return self.book["X_digits"][which], self.book["y_digits"][which]

    def measured(self, seed) -> dict:
        keras.utils.set_random_seed(seed)
        network = self.book["digit_network"]()
        self.book["train_digits"](network, *self.part(self.book["train"]), 50)
        wrong = np.flatnonzero(~self.book["is_right"](network, *self.part(self.book["test"])))
        made = {"accuracy": self.right(network), "parameters": network.count_params()}
        return made | {"wrong": wrong.tolist(), "wrong of the machine": self.wrong_of_machine(seed)}

    def wrong_of_machine(self, seed) -> list[int]:
        """Give a support vector machine copies of the digits, too."""
        train, validate, test = (self.book[each] for each in ("train", "validate", "test"))
        flat, digits = self.book["X_digits"].reshape(-1, 64), self.book["y_digits"]
        copies = self.book["with_copies"](*self.part(train), seed)
        machine = self.book["best_machine"](*copies, flat[validate], digits[validate])
        return np.flatnonzero(machine.predict(flat[test]) != digits[test]).tolist()

    def right(self, network) -> float:
        return float(self.book["is_right"](network, *self.part(self.book["test"])).mean())

    def drawn(self, seed) -> dict:
        """Train on drawn digits; then see what a hundred measured ones add."""
        keras.utils.set_random_seed(seed)
        train = self.book["train_digits"]
        network = train(self.book["digit_network"](), *generate_digits(5000, seed), 10)
        fresh = generate_digits(2000, seed + 100)
        scores = {
            "on drawn": float(self.book["is_right"](network, *fresh).mean()),
            "on measured": self.right(network),
        }
        few = np.random.default_rng(seed).choice(900, 100, replace=False)
        X, y = self.part(few)
        features = keras.Model(network.inputs, network.layers[-2].output)
        on_features = LogisticRegression(max_iter=5000).fit(features.predict(X, verbose=0), y)
        X_test, y_test = self.part(self.book["test"])
        test_features = features.predict(X_test, 1000, verbose=0)
        scores["features"] = on_features.score(test_features, y_test)
        scores["tuned"] = self.right(train(network, X, y, 60, 0.001))
        scores["alone"] = self.right(train(self.book["digit_network"](), X, y, 120))
        machine = SVC(C=3, gamma=0.002).fit(*self.book["with_copies"](X, y, seed))
        scores["vector machine"] = machine.score(X_test.reshape(len(X_test), -1), y_test)
        return scores


def run_ladder(book) -> None:
    ladder = Ladder(book)
    for name, rule in RULES.items():
        KEPT.add("rules", name, 0, partial(ladder.rule, rule))
    for seed in SEEDS:
        for name, settings in RUNGS.items():
            KEPT.add("ladder", name, seed, partial(ladder.rung, name, seed, **settings))
    KEPT.add("limit", "fit", 0, ladder.limit)


def run_showers(book) -> None:
    showers = Showers(book)
    for name, settings in SHOWERS.items():
        if settings.get("augment", True):
            KEPT.add("rates", name, 0, partial(showers.rate, **settings))
    rates = {name: rows["0"]["rate"] for name, rows in KEPT.runs["rates"].items()}
    for seed in SEEDS:
        for name, settings in SHOWERS.items():
            # Without turned images, a network keeps its rate.
            rate = rates.get(name, rates["6, residual, normalised"])
            KEPT.add("showers", name, seed, partial(showers.network, seed, rate, **settings))
        KEPT.add("showers", "moments", seed, partial(showers.moments, seed))
    KEPT.add("limit", "showers", 0, showers.limit)


def run_digits(book) -> None:
    digits = Digits(book)
    for seed in SEEDS:
        KEPT.add("digits", "measured", seed, partial(digits.measured, seed))
        KEPT.add("digits", "drawn", seed, partial(digits.drawn, seed))


STUDIES = {"ladder": run_ladder, "showers": run_showers, "digits": run_digits}


def main() -> None:
    book = functions_of("deeper_networks")
    for study in sys.argv[1:] or STUDIES:
        STUDIES[study](book)
    write_hashes(WEIGHTS)


if __name__ == "__main__":
    main()
