"""DNNClassifier: its network, loss, metrics and predictions.

Names and definitions follow tf.estimator, in ``canned/dnn.py`` and ``canned/head.py`` of
tensorflow-estimator 2.15. Two classes have one logit, more have one each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf

from helpers.arguments import whole_number
from helpers.estimator.config import RunConfig
from helpers.estimator.estimator import Estimator
from helpers.estimator.successors import answering_old_calls

LEARNING_RATE = 0.05


def _complete_results(results: dict[str, float]) -> dict[str, float]:
    """Add what follows from Keras's results: the loss of a batch, and the best guess."""
    complete = dict(results)
    # Keras's own loss weighs batches by their size; tf.estimator's did not.
    complete["loss"] = complete.pop("batch_loss")
    if "label/mean" in complete:
        complete["accuracy_baseline"] = max(complete["label/mean"], 1 - complete["label/mean"])
    return complete


class DNNClassifier(Estimator):
    """Dense layers that tell classes apart, as ``tf.estimator.DNNClassifier`` had them.

    Kernels start as Glorot-uniform, biases as zero. The loss is the sum over a batch of the
    cross entropies, each times the weight of its sample if the data have weights. In what
    `evaluate` returns, ``loss`` is the mean of that over batches, and ``average_loss`` the
    weighted mean over samples, as all other metrics are.

    Parameters
    ----------
    hidden_units : sequence of int
        Units of each hidden layer.
    inputs : dict
        Named symbolic inputs, as `numeric_inputs` makes them.
    n_classes : int, default 2
        Labels are 0 … n_classes - 1.
    activation_fn : str or callable, default "relu"
        Activation of the hidden layers.
    optimizer : str or keras.optimizers.Optimizer, default "Adagrad"
        A name stands for a learning rate of 0.05; Adagrad's accumulators start at 0.1.
    config : RunConfig, optional
        Where and how training is kept.

    Examples
    --------
    >>> from helpers.estimator import numeric_inputs, numpy_input_fn
    >>> table = {"x0": np.zeros(8), "x1": np.arange(8)}
    >>> classifier = DNNClassifier([4], numeric_inputs(table), config=RunConfig(seed=1))
    >>> _ = classifier.train(numpy_input_fn(table, np.arange(8) > 3, num_epochs=9, shuffle=True))
    >>> classifier.get_variable_value("dnn/hiddenlayer_0/kernel").shape
    (2, 4)
    """

    _complete = staticmethod(_complete_results)

    @answering_old_calls
    def __init__(
        self,
        hidden_units: Sequence[int],
        inputs: Mapping[str, keras.KerasTensor],
        n_classes: int = 2,
        activation_fn: str | Callable = "relu",
        optimizer: str | keras.optimizers.Optimizer = "Adagrad",
        config: RunConfig | None = None,
    ):
        self.n_classes = whole_number("n_classes", n_classes, least=2)
        if not isinstance(hidden_units, Iterable) or isinstance(hidden_units, str):
            raise TypeError(f"hidden_units is {hidden_units!r}, but it must be a list: write [4].")
        _check_inputs(inputs)
        _check_known("activation_fn", activation_fn, keras.activations.get, "'relu'")
        adam = "'Adam' or keras.optimizers.Adam(0.01)"
        _check_known("optimizer", optimizer, keras.optimizers.get, adam)
        widths = [
            whole_number(f"hidden_units[{index}]", units, least=1)
            for index, units in enumerate(hidden_units)
        ]
        params = {"hidden_units": widths, "inputs": inputs, "n_classes": self.n_classes}
        params |= {"activation_fn": activation_fn, "optimizer": optimizer}
        super().__init__(_dense_classifier, params, config)

    def _predictions(self, dataset: tf.data.Dataset) -> Iterator[dict[str, np.ndarray]]:
        for prediction in super()._predictions(dataset):
            yield prediction | {"classes": np.char.encode(prediction["class_ids"].astype(str))}


def _check_inputs(inputs: object) -> None:
    kind = type(inputs).__name__
    if isinstance(inputs, Mapping):
        others = [each for each in inputs.values() if not keras.utils.is_keras_tensor(each)]
        kind = f"a dict of {type(others[0]).__name__}" if others else "" if inputs else "empty"
    if kind:
        raise TypeError(
            "inputs must be a dict of keras.Input by name, as numeric_inputs(table) makes it, "
            f"and is {kind}."
        )


def _check_known(name: str, value: object, get: Callable, example: str) -> None:
    """Raise TypeError or ValueError unless Keras has such a function or optimizer."""
    try:
        if isinstance(value, type) or (value is None and name == "optimizer"):
            raise TypeError
        get(value)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"{name} is {value!r}, but Keras takes no such: write one of Keras, such as {example}."
        ) from None


def _dense_classifier(params: dict) -> tuple[keras.Model, keras.Model, keras.Model]:
    """Build three models on the same layers: to train, to predict and to evaluate."""
    inputs, n_classes = dict(sorted(params["inputs"].items())), params["n_classes"]
    with keras.name_scope("dnn"):
        columns = [keras.layers.Flatten()(tensor) for tensor in inputs.values()]
        units = keras.layers.Concatenate()(columns) if len(columns) > 1 else columns[0]
        activation = _exportable(params["activation_fn"])
        for index, width in enumerate(params["hidden_units"]):
            units = keras.layers.Dense(width, activation, name=f"hiddenlayer_{index}")(units)
        logits = keras.layers.Dense(n_classes if n_classes > 2 else 1, name="logits")(units)
    trained, evaluated = keras.Model(inputs, logits), keras.Model(inputs, logits)
    trained.compile(_optimizer(params["optimizer"]), _summed_loss(n_classes))
    evaluated.compile(loss=_summed_loss(n_classes), weighted_metrics=_metrics(n_classes))
    return trained, keras.Model(inputs, _predictions(logits)), evaluated


def _summed_loss(n_classes: int) -> keras.losses.Loss:
    binary = n_classes == 2
    loss = keras.losses.BinaryCrossentropy if binary else keras.losses.SparseCategoricalCrossentropy
    return loss(from_logits=True, reduction="sum")


def _metrics(n_classes: int) -> list[keras.metrics.Metric]:
    metrics = keras.metrics
    batch_loss = _BatchLoss(_summed_loss(n_classes))
    if n_classes > 2:
        return [
            batch_loss,
            metrics.SparseCategoricalCrossentropy("average_loss", from_logits=True),
            metrics.SparseCategoricalAccuracy("accuracy"),
        ]
    return [
        batch_loss,
        metrics.BinaryCrossentropy("average_loss", from_logits=True),
        metrics.BinaryAccuracy("accuracy", threshold=0.0),
        metrics.Precision(0.0, name="precision"),
        metrics.Recall(0.0, name="recall"),
        _TrapezoidalAUC(name="auc", from_logits=True),
        _TrapezoidalAUC(curve="PR", name="auc_precision_recall", from_logits=True),
        metrics.MeanMetricWrapper(lambda label, _: label, "label/mean"),
        metrics.MeanMetricWrapper(lambda _, logit: keras.ops.sigmoid(logit), "prediction/mean"),
    ]


class _BatchLoss(keras.metrics.Mean):
    """The mean over batches, large or small, of their losses."""

    def __init__(self, loss: keras.losses.Loss):
        super().__init__("batch_loss")
        self._loss = loss

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(self._loss(y_true, y_pred, sample_weight))


class _TrapezoidalAUC(keras.metrics.AUC):
    """The area under trapezoids, with the small counts that ``tf.metrics.auc`` added."""

    def result(self):
        hits, misses = self.true_positives, self.false_negatives
        alarms, rejections = self.false_positives, self.true_negatives
        # Weights whose sum is itself small would drown in it.
        total = hits[0] + misses[0] + alarms[0] + rejections[0]
        small = 1e-6 * keras.ops.minimum(total, 1.0)
        recall = (hits + small) / (hits + misses + small)
        if self.curve.value == "PR":
            x, y = recall, (hits + small) / (hits + alarms + small)
        else:
            x, y = alarms / (alarms + rejections + small), recall
        return keras.ops.sum((x[:-1] - x[1:]) * (y[:-1] + y[1:])) / 2


def _predictions(logits: keras.KerasTensor) -> dict[str, keras.KerasTensor]:
    ops = keras.ops
    binary = logits.shape[-1] == 1
    all_logits = ops.concatenate([ops.zeros_like(logits), logits], -1) if binary else logits
    class_ids = ops.cast(ops.argmax(all_logits, axis=-1, keepdims=True), "int64")
    logistic = {"logistic": ops.sigmoid(logits)} if binary else {}
    probabilities = ops.softmax(all_logits)
    return {"logits": logits, **logistic, "probabilities": probabilities, "class_ids": class_ids}


def _exportable(activation):
    """Take TensorFlow's function for Keras's of the same name, which can be exported."""
    if getattr(activation, "__module__", "").startswith("tensorflow."):
        return getattr(keras.activations, activation.__name__, activation)
    return activation


def _optimizer(optimizer) -> keras.optimizers.Optimizer:
    if isinstance(optimizer, keras.optimizers.Optimizer):
        return type(optimizer).from_config(optimizer.get_config())
    if optimizer == "Adagrad":
        return keras.optimizers.Adagrad(LEARNING_RATE, initial_accumulator_value=0.1, epsilon=0.0)
    named = keras.optimizers.get(optimizer)
    named.learning_rate = LEARNING_RATE
    return named
