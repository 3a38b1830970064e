"""Checks of the exercises of the chapter "Train a network with a high-level API"."""

import inspect

import numpy as np

from helpers.checks import exercise
from helpers.data import locate_data


def _unanswered(answer) -> bool:
    return answer is ... or (isinstance(answer, tuple) and any(part is ... for part in answer))


@exercise("hl-ex-parameters", praise="Each unit has one weight for every input, and a bias.")
def parameters(count):
    if not callable(count):
        return "Give the function itself, not a number that it returned."
    for n_inputs, hidden_units, n_classes in ((2, [4], 2), (5, [8, 3], 4), (3, [], 2)):
        answer = count(n_inputs, list(hidden_units), n_classes)
        if answer is ...:
            return ...
        hint = _parameters_hint(answer, n_inputs, hidden_units, n_classes)
        if hint:
            case = f"{n_inputs} inputs, hidden units {hidden_units} and {n_classes} classes"
            return f"For {case}: {hint}"
    return None


def _parameters_hint(answer, n_inputs, hidden_units, n_classes):
    n_logits = 1 if n_classes == 2 else n_classes
    sizes = [n_inputs, *hidden_units, n_logits]
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
    return f"{answer!r} is not right; add up (n + 1) m over the layers, as in the text."


@exercise("hl-ex-steps", praise="Only at an epoch's border do the two orders differ.")
def steps(steps_needed):
    if not callable(steps_needed):
        return "Give the function itself, not the numbers that it returned."
    for n_samples, batch_size, n_epochs in ((400, 50, 3), (400, 60, 10), (10, 4, 3)):
        answer = steps_needed(n_samples, batch_size, n_epochs)
        if _unanswered(answer):
            return ...
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            return f"The function has to return two numbers, and returned {answer!r}."
        hint = _steps_hint(*answer, n_samples, batch_size, n_epochs)
        if hint:
            case = f"{n_samples} samples, batches of {batch_size} and {n_epochs} epochs"
            return f"For {case}: {hint}"
    return None


def _steps_hint(repeat_then_batch, batch_then_repeat, n_samples, batch_size, n_epochs):
    across = -(-n_samples * n_epochs // batch_size)
    within = n_epochs * -(-n_samples // batch_size)
    if (repeat_then_batch, batch_then_repeat) == (across, within):
        return None
    if (repeat_then_batch, batch_then_repeat) == (within, across):
        return "the two numbers are interchanged: full batches make for fewer steps."
    if n_samples * n_epochs // batch_size in (repeat_then_batch, batch_then_repeat):
        return "round up: the last samples need a step too."
    if isinstance(repeat_then_batch, float) and repeat_then_batch != across:
        return f"{repeat_then_batch:g} steps cannot be taken; round up to a whole number."
    if repeat_then_batch != across:
        return "with repeat before batch, draw n_samples × n_epochs samples in a row and then cut."
    return "with batch before repeat, every epoch ends with a batch of its own: round up each."


@exercise("hl-ex-input-fn", praise="It can be handed to train() as it is.")
def input_fn(training_input_fn):
    import tensorflow as tf

    if not callable(training_input_fn):
        return "Give the function training_input_fn itself."
    n_samples, batch_size = 240, 60
    table, targets = _numbered_table(n_samples)
    made = training_input_fn(table, targets, batch_size)
    if made is ...:
        return ...
    if isinstance(made, tf.data.Dataset):
        return "It returns a dataset; return a function that makes the dataset when it is called."
    if not callable(made) or _needs_arguments(made):
        return "It has to return a function that is called without arguments."
    dataset = made()
    hint = _structure_hint(dataset)
    if hint:
        return hint
    batches = [
        (features["row"].numpy().astype(int).ravel(), np.ravel(labels))
        for features, labels in dataset.take(12)
    ]
    return _order_hint(batches, n_samples, batch_size) or _full_batches_hint(training_input_fn)


def _numbered_table(n_samples):
    import pandas as pd

    rows = np.arange(n_samples)
    return pd.DataFrame({"row": rows.astype(float)}), pd.DataFrame({"y": rows % 7})


def _needs_arguments(function) -> bool:
    parameters = inspect.signature(function).parameters.values()
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return any(p.default is p.empty and p.kind not in optional for p in parameters)


def _structure_hint(dataset):
    import tensorflow as tf

    if not isinstance(dataset, tf.data.Dataset):
        return f"The inner function has to return a tf.data.Dataset, not {type(dataset).__name__}."
    spec = dataset.element_spec
    if not isinstance(spec, tuple) or len(spec) != 2:
        return "The dataset has to give pairs of features and labels: slice (dict(table), targets)."
    if not isinstance(spec[0], dict):
        return "The features have to be a dict of columns: dict(table) instead of the table."
    if spec[0]["row"].shape.rank == 0:
        return "The dataset gives single samples: cut it into batches."
    return None


def _order_hint(batches, n_samples, batch_size):
    if any((labels != rows % 7).any() for rows, labels in batches):
        return "Features and labels no longer belong together: shuffle them in one dataset."
    if len(batches) * batch_size < 3 * n_samples or len(batches) < 12:
        return "The dataset ends: training needs it to repeat."
    per_epoch = n_samples // batch_size
    epochs = [
        np.concatenate([rows for rows, _ in batches[start : start + per_epoch]])
        for start in range(0, len(batches), per_epoch)
    ]
    if len(np.unique(epochs[0])) < n_samples:
        return "In the first epoch some samples come twice: shuffle, then repeat."
    if (epochs[0] == np.arange(n_samples)).all():
        return "The samples come in the order of the table: shuffle them."
    if (epochs[0] == epochs[1]).all():
        return "Every epoch has the same order: let shuffle draw a new one each time."
    if _always_together(batches):
        return "The same samples share a batch in every epoch: shuffle before you batch."
    if epochs[0][:batch_size].max() < n_samples * 0.75:
        return (
            "The first batch holds early rows only: the shuffle buffer is smaller than the table."
        )
    return None


def _always_together(batches) -> bool:
    company = {frozenset(rows.tolist()) for rows, _ in batches}
    return len(company) < len(batches)


def _full_batches_hint(training_input_fn):
    table, targets = _numbered_table(50)
    sizes = [len(labels) for _, labels in training_input_fn(table, targets, 40)().take(5)]
    if sizes == [40] * 5:
        return None
    return (
        f"With 50 samples and batches of 40, the batches have the sizes {sizes}: repeat before you "
        "batch, and they are all full."
    )


@exercise("hl-ex-selection", praise="Purity and efficiency pull in opposite directions.")
def selection(precision_and_recall):
    if not callable(precision_and_recall):
        return "Give the function itself, not the numbers that it returned."
    label = np.array([1, 0, 1, 1, 0, 0, 0, 1, 0, 1])
    p = np.array([0.9, 0.8, 0.7, 0.4, 0.6, 0.1, 0.2, 0.55, 0.3, 0.65])
    for threshold in (0.5, 0.75, 0.4):
        answer = precision_and_recall(label, p, threshold)
        if _unanswered(answer):
            return ...
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            return f"The function has to return precision and recall, and returned {answer!r}."
        hint = _selection_hint(*answer, label, p, threshold)
        if hint:
            return f"At threshold {threshold}: {hint}"
    nothing = precision_and_recall(label, p, 0.99)
    if not np.allclose(nothing, (0, 0)):
        return f"A selection that contains nothing gives {nothing}; let its precision be 0."
    return None


def _selection_hint(precision, recall, label, p, threshold):
    selected = p > threshold
    hits = np.sum(label[selected])
    right = hits / selected.sum(), hits / label.sum()
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
    if np.isclose(recall, hits / len(label)):
        return "recall divides by the number of samples of class 1, not by all."
    which = "precision" if not np.isclose(precision, right[0]) else "recall"
    return f"{which} is not right; see the table of definitions in the text."


def _selection(label, selected):
    hits = np.sum(label[selected])
    return hits / selected.sum(), hits / label.sum()


@exercise("hl-ex-units", praise="Three lines are the fewest that enclose a region.")
def units(fewest_units):
    if fewest_units == 3:
        return None
    if fewest_units in (1, 2):
        return (
            "The region inside one or two lines is open, and the outer ring passes through the gap."
        )
    if fewest_units == 4:
        return "Four are enough, but is there a polygon with fewer sides?"
    return "Draw a polygon around the inner ring: how few sides can it have?"


@exercise("hl-ex-port", praise="Model, loss, metric and optimizer are those of the old program.")
def port(ring_model):
    import keras

    if not callable(ring_model):
        return "Give the function ring_model itself."
    params = {"units": 6, "learning_rate": 0.02}
    built = ring_model(dict(params))
    if built is ...:
        return ...
    if not isinstance(built, tuple) or len(built) != 2:
        return "Return two models: the one to train, and the one whose output is {'p': …}."
    model, predictor = built
    if not isinstance(model, keras.Model) or not isinstance(predictor, keras.Model):
        return "Both have to be Keras models, made with keras.Model(inputs, outputs)."
    return (
        _architecture_hint(model, params)
        or _compile_hint(model, params)
        or _results_hint(model, predictor)
    )


def _architecture_hint(model, params):
    names = sorted(tensor.name for tensor in model.inputs)
    if names != ["x0", "x1"]:
        return f"The inputs are called {names}; make keras.Input(shape=(), name='x0') and 'x1'."
    right = 4 * params["units"] + 1
    if model.count_params() != right:
        return (
            f"With {params['units']} units the model has {model.count_params()} parameters instead "
            f"of {right}: two inputs, one hidden layer of params['units'] units, one logit."
        )
    activations = [layer.activation.__name__ for layer in model.layers if layer.weights]
    if activations[0] != "tanh":
        return f"The hidden layer's activation is {activations[0]} and was tf.tanh."
    if activations[1] != "linear":
        return "The output is to be the logit: give the last layer no activation."
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
    features, labels = _circles()
    kernel, bias, weights, constant = model.get_weights()
    # Many logits lie between 0 and 0.5, so that a wrong threshold is seen.
    model.set_weights(
        [0 * kernel + 1, 0 * bias, 0 * weights + 1 / len(weights), 0 * constant + 0.25]
    )
    logits = np.asarray(model(features)).ravel()
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


def _circles():
    import pandas as pd

    table = pd.read_hdf(locate_data("circles_data.hf5")).astype("float32")
    labels = pd.read_hdf(locate_data("circles_targets.hf5"))["y"].to_numpy()
    return {name: table[name].to_numpy() for name in table}, labels
