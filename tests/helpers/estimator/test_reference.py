"""What helpers.estimator reaches, against tf.estimator itself.

``reference.json`` holds what tf.estimator of TensorFlow 2.15.1 made of every weight in 200
steps on unshuffled data, with a ``weight_column`` and without, and what it reached on the
lecture's circles with its seeds 0 to 19, which nobody picked.
``python -m tools.bench.estimator --reference`` writes it.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import fisher_exact, ks_2samp

from helpers.estimator import DNNClassifier, RunConfig, numeric_inputs, numpy_input_fn
from helpers.estimator.model_dir import ModelDir, Progress
from helpers.generate import generate_circles
from tools.bench.estimator import step_data

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
SEEDS = range(6)


def table(x):
    return {"x0": x[:, 0], "x1": x[:, 1]}


def variables_of(run):
    """Return the variables of a moment, named as they are named here."""
    return {name.replace("/t_0/", "/"): np.array(value) for name, value in run.items()}


class Followed(NamedTuple):
    """A classifier that took the steps of tf.estimator's, what that reached, and their data."""

    classifier: DNNClassifier
    reference: dict
    x: np.ndarray
    labels: dict[str, np.ndarray]


@pytest.fixture(scope="module", params=[kind for kind in REFERENCE if kind != "circles"])
def followed(request, tmp_path_factory):
    """A classifier that starts with tf.estimator's weights and takes the same 200 steps."""
    n_classes, data = int(request.param[0]), step_data()
    labels = {"y": data[f"y{n_classes}"]}
    if request.param.endswith("weighted"):
        labels = {"y": data[f"noisy{n_classes}"], "weights": data["weights"]}
    reference = REFERENCE[request.param]
    folder = ModelDir(tmp_path_factory.mktemp("reference"))
    with folder.held():
        folder.write(0, variables_of(reference["first"]), Progress(1))
    inputs, config = numeric_inputs(table(data["x"])), RunConfig(folder.path)
    classifier = DNNClassifier([4], inputs, n_classes, "sigmoid", config=config)
    batches = {"batch_size": 50, "num_epochs": None, "shuffle": False}
    classifier.train(numpy_input_fn(table(data["x"]), **labels, **batches), steps=200)
    return Followed(classifier, reference, data["x"], labels)


def test_each_weight_and_each_accumulator_goes_where_tf_estimator_took_it(followed):
    classifier, reference = followed[:2]
    last = variables_of(reference["last"])
    assert classifier.get_variable_names() == sorted(last)
    for name, value in last.items():
        np.testing.assert_allclose(
            classifier.get_variable_value(name), value, rtol=1e-4, atol=1e-5, err_msg=name
        )


def test_each_metric_is_what_tf_estimator_measured(followed):
    classifier, reference, x, labels = followed
    some = {name: values[:100] for name, values in labels.items()}
    input_fn = numpy_input_fn(table(x[:100]), **some, batch_size=30, shuffle=False)
    results = classifier.evaluate(input_fn)
    assert list(results) == [*sorted(results.keys() - {"global_step"}), "global_step"]
    assert results == pytest.approx(reference["results"], rel=1e-4)


def test_each_prediction_is_what_tf_estimator_predicted(followed):
    classifier, reference, x, _ = followed
    if "predictions" not in reference:
        return
    predictions = list(classifier.predict(numpy_input_fn(table(x[:3]), shuffle=False)))
    for prediction, old in zip(predictions, reference["predictions"], strict=True):
        assert old.keys() - prediction.keys() == {"all_class_ids", "all_classes"}
        assert prediction["classes"].astype(str).tolist() == old["classes"]
        for name in prediction.keys() - {"classes"}:
            expected = np.array(old[name], float)
            np.testing.assert_allclose(prediction[name], expected, rtol=1e-4, err_msg=name)


@pytest.fixture(scope="module")
def circles(tmp_path_factory):
    """Results on the lecture's circles: four sigmoid units, 5,000 steps of 50."""
    points, sides = generate_circles()

    def train_data():
        dataset = tf.data.Dataset.from_tensor_slices((dict(points[:400]), sides[:400]))
        return dataset.shuffle(400).repeat().batch(50)

    def test_data():
        return tf.data.Dataset.from_tensor_slices((dict(points[400:]), sides[400:])).batch(50)

    results = []
    for seed in SEEDS:
        config = RunConfig(tmp_path_factory.mktemp("circles"), seed=seed, save_every_steps=5000)
        classifier = DNNClassifier([4], numeric_inputs(points), 2, "sigmoid", config=config)
        results.append(classifier.train(train_data, steps=5000).evaluate(test_data))
    return results


def test_circles_are_told_apart_as_often_as_by_tf_estimator(circles):
    apart = [[r["accuracy"] == 1 for r in runs] for runs in (circles, REFERENCE["circles"])]
    assert fisher_exact([[sum(runs), len(runs) - sum(runs)] for runs in apart]).pvalue > 0.01
    for result in circles:
        assert result["accuracy"] < 1 or result["auc"] == pytest.approx(1)


def test_average_loss_on_circles_is_distributed_as_with_tf_estimator(circles):
    losses = [[r["average_loss"] for r in runs] for runs in (circles, REFERENCE["circles"])]
    assert ks_2samp(*losses).pvalue > 0.01
