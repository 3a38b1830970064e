"""Checks of the exercises of the chapter "Train a network with a high-level API"."""

import inspect

import numpy as np

from helpers.checks import exercise
from helpers.checks.answers import anything, function, number, parts, run
from helpers.generate import generate_circles


@exercise("hl-ex-parameters", function(number))
def check_n_parameters(n_parameters):
    """Each unit has one weight for every input, and a bias."""
    for n_inputs, hidden_units, n_classes in ((2, [4], 2), (5, [8, 3], 4), (3, [], 2)):
        answer = n_parameters(n_inputs, list(hidden_units), n_classes)
        hint = _parameters_hint(answer, n_inputs, hidden_units, n_classes)
        if hint:
            case = f"{n_inputs} inputs, hidden units {hidden_units} and {n_classes} classes"
            return f"For {case}: {hint}"
    return None


def _parameters_hint(answer, n_inputs, hidden_units, n_classes):
    sizes = [n_inputs, *hidden_units, 1 if n_classes == 2 else n_classes]
    weights = sum(np.multiply(sizes[:-1], sizes[1:]))
    right = weights + sum(sizes[1:])
    if answer == right:
        return None
    if answer == weights:
        return "these are the weights alone; every unit has a bias as well."
    if answer == weights + sum(sizes[1:-1]):
        return "the logits have biases too."
    if n_classes == 2 and answer == right + sizes[-2] + 1:
        return "two classes need one logit only, because the two probabilities sum to 1."
    if n_classes > 2 and answer == right - (sizes[-2] + 1) * (n_classes - 1):
        return "more than two classes need one logit each."
    return f"{answer:g} is not right; add up (n + 1) m over the layers, as in the text."


@exercise("hl-ex-steps", function(parts(repeat_then_batch=number, batch_then_repeat=number)))
def check_steps_needed(steps_needed):
    """Only at an epoch's border do the two orders differ."""
    for n_samples, batch_size, n_epochs in ((400, 50, 3), (400, 60, 10), (10, 4, 3)):
        answer = tuple(steps_needed(n_samples, batch_size, n_epochs))
        hint = _steps_hint(answer, n_samples, batch_size, n_epochs)
        if hint:
            case = f"{n_samples} samples, batches of {batch_size} and {n_epochs} epochs"
            return f"For {case}: {hint}"
    return None


def _steps_hint(answer, n_samples, batch_size, n_epochs):
    across = -(-n_samples * n_epochs // batch_size)
    within = n_epochs * -(-n_samples // batch_size)
    if answer == (across, within):
        return None
    if answer == (within, across):
        return "the two numbers are interchanged: full batches make for fewer steps."
    if n_samples * n_epochs // batch_size in answer:
        return "round up: the last samples need a step too."
    if not answer[0].is_integer():
        return f"{answer[0]:g} steps cannot be taken; round up to a whole number."
    if answer[0] != across:
        return "with repeat before batch, draw n_samples × n_epochs samples in a row and then cut."
    return "with batch before repeat, every epoch ends with a batch of its own: round up each."


@exercise("hl-ex-input-fn", function())
def check_training_input_fn(training_input_fn):
    """It can be handed to train() as it is."""
    import tensorflow as tf

    n_samples, batch_size = 240, 60
    made = training_input_fn(*_numbered_table(n_samples), batch_size)
    if isinstance(made, tf.data.Dataset):
        return "It returns a dataset; return a function that makes the dataset when it is called."
    if not callable(made) or _needs_arguments(made):
        return "It has to return a function that is called without arguments."
    datasets = [run("The function that it returns", made) for _ in range(2)]
    hint = _structure_hint(datasets[0])
    if hint:
        return hint
    if datasets[0] is datasets[1]:
        return "Two calls return one and the same dataset: make it inside the inner function."
    batches = [_labelled_rows(batch) for batch in _first_batches(datasets[0], 48)]
    return _order_hint(batches, n_samples, batch_size) or _full_batches_hint(training_input_fn)


def _numbered_table(n_samples):
    import pandas as pd

    rows = np.arange(n_samples)
    return pd.DataFrame({"row": rows.astype(float)}), pd.DataFrame({"y": rows % 7})


def _needs_arguments(made) -> bool:
    parameters = inspect.signature(made).parameters.values()
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return any(p.default is p.empty and p.kind not in optional for p in parameters)


def _first_batches(dataset, count):
    return run("The dataset", lambda: list(dataset.take(count).as_numpy_iterator()))


def _labelled_rows(batch):
    features, labels = batch
    return features["row"].astype(int).ravel(), np.ravel(labels)


def _structure_hint(dataset):
    import tensorflow as tf

    if not isinstance(dataset, tf.data.Dataset):
        return f"The inner function has to return a tf.data.Dataset, not {type(dataset).__name__}."
    spec = dataset.element_spec
    if not isinstance(spec, tuple) or len(spec) != 2:
        return "The dataset has to give pairs of features and labels: slice (dict(table), targets)."
    if not isinstance(spec[0], dict):
        return "The features have to be a dict of columns: dict(table) instead of the table."
    if "row" not in spec[0]:
        return "The features have to be a dict with the table's own columns: dict(table)."
    if spec[0]["row"].shape.rank == 0:
        return "The dataset gives single samples: cut it into batches."
    return None


def _order_hint(batches, n_samples, batch_size):
    if any((labels != rows % 7).any() for rows, labels in batches):
        return "Features and labels no longer belong together: shuffle them in one dataset."
    rows = np.concatenate([rows for rows, _ in batches])
    if len(rows) < 48 * batch_size:
        return "The dataset ends: training needs it to repeat."
    epochs = rows.reshape(-1, n_samples)
    if (np.sort(epochs) != np.arange(n_samples)).any():
        return "In an epoch some samples come twice: shuffle, then repeat."
    if (epochs == np.arange(n_samples)).all():
        return "The samples come in the order of the table: shuffle them."
    if (epochs == epochs[0]).all():
        return "Every epoch has the same order: let shuffle draw a new one each time."
    company = {frozenset(rows.tolist()) for rows, _ in batches}
    if len(company) < len(batches):
        return "The same samples share a batch in every epoch: shuffle before you batch."
    # Sample k of an epoch comes from the first k + buffer rows.
    if (epochs - np.arange(n_samples)).max() < 0.9 * n_samples:
        return "Late rows never come early: the shuffle buffer is smaller than the table."
    return None


def _full_batches_hint(training_input_fn):
    dataset = run("The function that it returns", training_input_fn(*_numbered_table(50), 40))
    batches = [_labelled_rows(batch)[0] for batch in _first_batches(dataset, 5)]
    sizes = [len(rows) for rows in batches]
    if sizes != [40] * 5:
        return (
            f"With 50 samples and batches of 40, the batches have the sizes {sizes}: repeat before "
            "you batch, and they are all full."
        )
    if any(np.bincount(np.concatenate(batches), minlength=50) != 4):
        return (
            "With 50 samples and batches of 40, an epoch loses its last 10 samples: repeat before "
            "you batch, and each comes once an epoch."
        )
    return None


@exercise("hl-ex-selection", function(parts(precision=number, recall=number)))
def check_precision_and_recall(precision_and_recall):
    """Purity and efficiency pull in opposite directions."""
    label = np.array([1, 0, 1, 1, 0, 0, 0, 1, 0, 1])
    p = np.array([0.9, 0.8, 0.7, 0.4, 0.6, 0.1, 0.2, 0.55, 0.3, 0.65])
    for threshold in (0.5, 0.75, 0.4):
        hint = _selection_hint(*precision_and_recall(label, p, threshold), label, p, threshold)
        if hint:
            return f"At threshold {threshold}: {hint}"
    nothing = precision_and_recall(label, p, 0.99)
    if not np.allclose(nothing, (0, 0)):
        return f"A selection that contains nothing gives {nothing}; let its precision be 0."
    return None


def _selection_hint(precision, recall, label, p, threshold):
    selected = p > threshold
    right = _selection(label, selected)
    if np.allclose((precision, recall), right):
        return None
    if np.allclose((recall, precision), right):
        return "precision and recall are interchanged: precision divides by what was selected."
    if np.isclose(precision, np.mean(selected == label)):
        return "this precision is the accuracy; leave out the samples that were not selected."
    if np.allclose((precision, recall), _selection(label, p >= threshold)):
        return "a sample with p equal to the threshold is not selected: use > and not >=."
    if np.allclose((precision, recall), _selection(label, p > 0.5)):
        return "the threshold is not used."
    if np.isclose(recall, np.sum(label[selected]) / len(label)):
        return "recall divides by the number of samples of class 1, not by all."
    which = "precision" if not np.isclose(precision, right[0]) else "recall"
    return f"{which} is not right; see the table of definitions in the text."


def _selection(label, selected):
    hits = np.sum(label[selected])
    return hits / selected.sum(), hits / label.sum()


@exercise("hl-ex-port", function(parts(model=anything, predictor=anything)))
def check_ring_model(ring_model):
    """Model, loss, metric and optimizer are those of the old program."""
    import keras

    params = {"units": 6, "learning_rate": 0.02}
    model, predictor = ring_model(dict(params))
    if not isinstance(model, keras.Model) or not isinstance(predictor, keras.Model):
        return "Both have to be Keras models, made with keras.Model(inputs, outputs)."
    return (
        _inputs_hint(model, params)
        or _compile_hint(model, params)
        or run("The model", _results_hint, model, predictor)
    )


def _inputs_hint(model, params):
    names = sorted(tensor.name for tensor in model.inputs)
    if names != ["x0", "x1"]:
        return f"The inputs are called {names}; make keras.Input(shape=(), name='x0') and 'x1'."
    units = params["units"]
    shapes = sorted(np.shape(array) for array in model.get_weights())
    if shapes != [(1,), (2, units), (units,), (units, 1)]:
        return (
            f"With {units} units the model has {model.count_params()} parameters instead "
            f"of {4 * units + 1}: two inputs, one hidden layer of params['units'] units, one logit."
        )
    return None


def _compile_hint(model, params):
    if not model.compiled:
        return "The model is not compiled: give it optimizer, loss and metrics."
    if type(model.optimizer).__name__ != "Adam":
        return f"The optimizer is {type(model.optimizer).__name__}; tf.train.AdamOptimizer is Adam."
    if not np.isclose(float(model.optimizer.learning_rate), params["learning_rate"]):
        return "The learning rate has to come from params['learning_rate']."
    return None


def _results_hint(model, predictor):
    table, targets = generate_circles()
    features = {name: table[name].to_numpy("float32") for name in table}
    labels = targets["y"].to_numpy()
    _set_weights(model)
    logits = np.ravel(model(features))
    hint = _activation_hint(logits, features["x0"] + features["x1"])
    if hint:
        return hint
    results = model.evaluate(features, labels, batch_size=len(labels), verbose=0, return_dict=True)
    cross_entropy = np.logaddexp(0, logits) - labels * logits
    if np.isclose(results["loss"], np.sum(cross_entropy)):
        return "The old loss was the mean over the batch; leave the reduction as it is."
    if not np.isclose(results["loss"], np.mean(cross_entropy), rtol=1e-4):
        return "The loss takes the logits for probabilities: say from_logits=True."
    if "accuracy" not in results:
        return f"evaluate() gives {sorted(results)}; add a metric with the name 'accuracy'."
    if not np.isclose(results["accuracy"], np.mean((logits > 0) == labels)):
        return "The accuracy takes one half for the threshold; the old program had logits > 0."
    predictions = predictor(features)
    if not isinstance(predictions, dict) or list(predictions) != ["p"]:
        return "The second model's output has to be a dict with the one entry 'p'."
    if not np.allclose(np.ravel(predictions["p"]), 1 / (1 + np.exp(-logits)), atol=1e-6):
        return "p has to be the sigmoid of the first model's logits, from the same layers."
    return None


def _set_weights(model):
    """Let each hidden unit see the sum of the inputs, and the logit be their mean plus 1/4.

    Many logits lie between 0 and 0.5, so that a wrong threshold is seen.
    """
    values = {(2, 6): 1, (6,): 0, (6, 1): 1 / 6, (1,): 0.25}
    model.set_weights([np.full(old.shape, values[old.shape]) for old in model.get_weights()])


def _activation_hint(logits, sums):
    right = np.tanh(sums) + 0.25
    if np.allclose(logits, right, atol=1e-5):
        return None
    if np.allclose(logits, 1 / (1 + np.exp(-right)), atol=1e-5):
        return "The output is to be the logit: give the last layer no activation."
    others = {"relu": np.maximum(sums, 0), "sigmoid": 1 / (1 + np.exp(-sums)), "linear": sums}
    for name, values in others.items():
        if np.allclose(logits, values + 0.25, atol=1e-5):
            return f"The hidden layer's activation is {name} and was tf.tanh."
    return "The logit is not a weighted sum, with a bias, of the tanh of weighted sums."
