"""The estimator-style API of TensorFlow 1, alive on Keras 3.

A model trains in steps from an ``input_fn``, remembers its training in a
``model_dir``, evaluates and predicts, as ``tf.estimator`` did until it left
TensorFlow in version 2.16. Keras does the work; this module adds the memory.
"""

import contextlib
import dataclasses
import fcntl
import json
import math
import os
import re
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

tf.get_logger().setLevel("ERROR")

LOCK_NAME = "estimator.lock"
STATE = "estimator state"
STEPS_PER_EXECUTION = 50
BAD_INPUT = re.compile(r"<input_fn>(.*?)</input_fn>", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class RunConfig:
    """Where and how an estimator keeps its training.

    Parameters
    ----------
    model_dir : path, optional
        Folder for checkpoints and TensorBoard events: a new or empty one, or one
        that an estimator wrote. Default: a new temporary folder.
    seed : int, optional
        Seed of the initial weights, of dropout and of shuffling. Default: drawn
        once, and remembered in `model_dir`.
    save_every_steps : int, default 1000
        Steps between two checkpoints; one more is written when training ends.
    keep_checkpoints : int, default 5
        How many of the newest checkpoints stay.
    strategy : tf.distribute.Strategy, optional
        The model is built in its scope.

    Raises
    ------
    ValueError
        If `save_every_steps` or `keep_checkpoints` is not a positive integer.
    """

    model_dir: str | os.PathLike | None = None
    seed: int | None = None
    save_every_steps: int = 1000
    keep_checkpoints: int = 5
    strategy: tf.distribute.Strategy | None = None

    def __post_init__(self):
        _check_positive("save_every_steps", self.save_every_steps)
        _check_positive("keep_checkpoints", self.keep_checkpoints)


class Estimator:
    """A Keras model that trains in steps and remembers them in a folder.

    Parameters
    ----------
    model_fn : callable
        ``model_fn(params)`` returns a compiled Keras model, or that model and a
        second one that shares its layers and whose outputs are what `predict`
        yields.
    params : dict, optional
        Handed to `model_fn`.
    config : RunConfig, optional
        Where training is kept, and how often.

    Attributes
    ----------
    params : dict
        As given.
    config : RunConfig
        As given.
    model_dir : str
        The folder of `config`, or the temporary one.
    """

    def __init__(self, model_fn: Callable, params: dict | None = None, config=None):
        self.params = dict(params or {})
        self.config = config or RunConfig()
        self.model_dir = os.fspath(self.config.model_dir or tempfile.mkdtemp())
        self._model_fn = model_fn
        self._model = None

    def train(self, input_fn: Callable, steps: int | None = None, max_steps: int | None = None):
        """Train for a number of steps, from where the last training stopped."""
        if steps is not None and max_steps is not None:
            raise ValueError("train() takes steps or max_steps, and got both; give one of them.")
        for name, number in (("steps", steps), ("max_steps", max_steps)):
            if number is not None:
                _check_positive(name, number)
        _check_input_fn(input_fn)
        folder = _claim(Path(self.model_dir))
        with _locked(folder):
            state = self._restore(folder, may_start=True)
            if max_steps is not None:
                steps = max_steps - self._global_step()
            if steps is None or steps > 0:
                self._train(folder, state, input_fn, steps)
        return self

    def evaluate(self, input_fn: Callable, steps: int | None = None) -> dict:
        """Return the loss and the metrics on the data of `input_fn`."""
        _check_input_fn(input_fn)
        state = self._restore(Path(self.model_dir))
        dataset = self._dataset(input_fn, state["seed"])
        if steps is None and dataset.cardinality() == tf.data.INFINITE_CARDINALITY:
            raise ValueError(
                "evaluate() never ends: the dataset of input_fn repeats forever; "
                "leave out repeat(), or say how many steps to evaluate."
            )
        events = keras.callbacks.TensorBoard(self.model_dir, write_graph=False)
        with _teaching_errors():
            results = self._evaluator.evaluate(
                dataset.take(steps or -1), verbose=0, return_dict=True, callbacks=[events]
            )
        results = {name: float(value) for name, value in self._report(results).items()}
        return dict(sorted(results.items())) | {"global_step": self._global_step()}

    def predict(self, input_fn: Callable) -> Iterator[dict]:
        """Yield a dict of arrays per sample."""
        _check_input_fn(input_fn)
        state = self._restore(Path(self.model_dir))
        return self._predictions(self._dataset(input_fn, state["seed"], labelled=False))

    def get_variable_names(self) -> list[str]:
        """Return the names of the variables in the latest checkpoint."""
        return sorted(self._latest()[1])

    def get_variable_value(self, name: str) -> np.ndarray:
        """Return a variable of the latest checkpoint."""
        variables = self._latest()[1]
        if name not in variables:
            raise ValueError(f"There is no variable {name!r}; there are {sorted(variables)}.")
        return variables[name]

    def latest_checkpoint(self) -> str | None:
        """Return the path of the newest checkpoint, None before any training."""
        return max(map(str, _checkpoints(Path(self.model_dir))), key=_step_of, default=None)

    def export(self, path: str | os.PathLike) -> Path:
        """Write the trained model as a standard ``.keras`` file."""
        if Path(path).suffix != ".keras":
            raise ValueError(f"export() writes a Keras file; end {str(path)!r} in '.keras'.")
        self._restore(Path(self.model_dir))
        self._model.save(path)
        return Path(path)

    def reset(self) -> None:
        """Forget all training: delete what estimators wrote into `model_dir`."""
        folder = Path(self.model_dir)
        if not folder.exists():
            return
        if not (folder / LOCK_NAME).exists():
            raise ValueError(
                f"reset() deletes nothing in {self.model_dir!r}: no estimator wrote this folder; "
                "check model_dir."
            )
        with _locked(folder):
            for path in _own_files(folder):
                path.unlink()
        for path in (folder / "train", folder / "validation", folder):
            with contextlib.suppress(OSError):
                path.rmdir()
        self._model = None

    def _build(self, seed: int):
        keras.utils.set_random_seed(seed)
        strategy = self.config.strategy
        with strategy.scope() if strategy else contextlib.nullcontext():
            built = self._model_fn(self.params)
            self._model, self._predictor = built if isinstance(built, tuple) else (built, built)
            if not getattr(self._model, "compiled", False):
                raise TypeError(
                    "model_fn must return a compiled Keras model, and returned "
                    f"{type(self._model).__name__}; call model.compile(…) and return the model."
                )
            self._model.optimizer.build(self._model.trainable_variables)
        self._evaluator = self._model
        self._model.steps_per_execution = max(
            divisor
            for divisor in range(1, STEPS_PER_EXECUTION + 1)
            if self.config.save_every_steps % divisor == 0
        )

    def _latest(self):
        found = _read_latest(Path(self.model_dir))
        if found is None:
            raise ValueError(
                f"There is no trained model in {self.model_dir!r}; call train() first, "
                "or check model_dir."
            )
        return found

    def _restore(self, folder: Path, may_start: bool = False) -> dict:
        """Bring the model to the latest checkpoint, or to its start if there is none."""
        found = _read_latest(folder) if may_start else self._latest()
        if found is None:
            seed = self.config.seed
            if seed is None:
                seed = np.random.SeedSequence().entropy % 2**31
            self._build(seed)
            return {"seed": seed, "position": 0, "input": None}
        state, arrays = found
        if self.config.seed is not None:
            state["seed"] = self.config.seed
        if self._model is None:
            self._build(state["seed"])
        variables = _named_variables(self._model)
        _check_same_architecture(folder, arrays, variables)
        for name, variable in variables.items():
            variable.assign(arrays[name])
        return state

    def _global_step(self) -> int:
        return int(self._model.optimizer.iterations)

    def _dataset(self, input_fn: Callable, seed: int, labelled: bool = True) -> tf.data.Dataset:
        keras.utils.set_random_seed(seed)
        dataset = input_fn()
        if not isinstance(dataset, tf.data.Dataset):
            raise TypeError(
                "input_fn must return a tf.data.Dataset of batches, and returned "
                f"{type(dataset).__name__}."
            )
        spec = dataset.element_spec
        if labelled and not isinstance(spec, tuple):
            raise ValueError(
                "The dataset of input_fn has no labels; let it give pairs (features, labels)."
            )
        features = spec[0] if isinstance(spec, tuple) else spec
        if isinstance(features, Mapping):
            self._check_names({str(name) for name in features})
        return dataset.map(self._checked if labelled else self._checked_features)

    def _check_names(self, given: set):
        expected = {tensor.name for tensor in getattr(self._model, "inputs", None) or []}
        missing, additional = sorted(expected - given), sorted(given - expected)
        if expected and (missing or additional):
            raise ValueError(
                f"The features of input_fn do not fit the model: missing are {missing}, "
                f"not known are {additional}; the model takes {sorted(expected)}."
            )

    def _checked(self, features, labels, *weights):
        return self._finite_features(features), self._checked_labels(labels), *weights

    def _checked_features(self, features, *_):
        return (self._finite_features(features),)

    def _finite_features(self, features):
        if isinstance(features, Mapping):
            return {str(name): _finite(f"Feature {name!r}", features[name]) for name in features}
        return tf.nest.map_structure(lambda feature: _finite("The feature", feature), features)

    def _checked_labels(self, labels):
        return tf.nest.map_structure(lambda label: _finite("The label", label), labels)

    def _train(self, folder: Path, state: dict, input_fn: Callable, steps: int | None):
        dataset = self._dataset(input_fn, state["seed"])
        batches = int(dataset.cardinality())
        if steps is None and batches == tf.data.INFINITE_CARDINALITY:
            raise ValueError(
                "train() never ends: the dataset of input_fn repeats forever; "
                "say how many steps to train."
            )
        identity = f"{batches} {dataset.element_spec}"
        if state["input"] != identity or state["position"] == batches:
            state = state | {"input": identity, "position": 0}
        self._save(folder, state)
        begun = self._global_step()
        for position in dict.fromkeys((state["position"], 0)):
            state["position"] = position
            self._fit(folder, dataset.skip(position), state, steps)
            done = self._global_step() - begun
            if done:
                break
        ended = done < (steps or math.inf)
        state["position"] = 0 if ended else position + done
        self._save(folder, state)
        if steps is not None and ended:
            raise ValueError(
                f"The dataset of input_fn ended after {done} of {steps} steps, which are saved; "
                "let it repeat(), or ask for fewer steps."
            )

    def _fit(self, folder, dataset, state, steps):
        recorder = _Recorder(self, folder, state, steps)
        with warnings.catch_warnings(), recorder.bar, _teaching_errors():
            warnings.filterwarnings("ignore", "Your input ran out of data")
            self._model.fit(
                dataset.take(steps or -1).prefetch(tf.data.AUTOTUNE),
                steps_per_epoch=self._model.steps_per_execution,
                epochs=2**31 if steps is None else -(-steps // self._model.steps_per_execution),
                verbose=0,
                callbacks=[recorder],
            )

    def _save(self, folder: Path, state: dict):
        arrays = {name: np.asarray(v) for name, v in _named_variables(self._model).items()}
        path = folder / f"model.ckpt-{self._global_step()}.npz"
        _write_checkpoint(path, arrays, state)
        for old in sorted(_checkpoints(folder), key=_step_of)[: -self.config.keep_checkpoints]:
            old.unlink()

    def _report(self, results: dict) -> dict:
        return results

    def _predictions(self, dataset: tf.data.Dataset) -> Iterator[dict]:
        for batch in dataset.prefetch(tf.data.AUTOTUNE):
            with _teaching_errors():
                outputs = self._predictor.predict_on_batch(batch[0])
            if not isinstance(outputs, Mapping):
                outputs = {"output": outputs}
            for values in zip(*outputs.values(), strict=True):
                yield dict(zip(outputs, values, strict=True))


class DNNClassifier(Estimator):
    """A classifier of dense layers, as ``tf.estimator.DNNClassifier`` was."""

    def __init__(
        self,
        hidden_units,
        inputs: Mapping[str, keras.KerasTensor],
        n_classes: int = 2,
        activation_fn="relu",
        optimizer="Adagrad",
        config: RunConfig | None = None,
    ):
        if n_classes < 2:
            raise ValueError(f"n_classes must be at least 2, and is {n_classes}.")
        params = {
            "hidden_units": list(hidden_units),
            "inputs": dict(sorted(inputs.items())),
            "n_classes": n_classes,
            "activation_fn": activation_fn,
            "optimizer": optimizer,
        }
        super().__init__(_dense_classifier, params, config)

    def _build(self, seed: int):
        super()._build(seed)
        loss = self._model.loss
        self._evaluator = keras.Model(self._model.input, self._model.output)
        self._evaluator.compile(
            loss=loss, metrics=_classifier_metrics(self.params["n_classes"], loss)
        )

    def _checked_labels(self, labels):
        n_classes = self.params["n_classes"]
        fits = tf.reduce_all((labels >= 0) & (labels <= n_classes - 1))
        message = f"Labels must lie in 0 … {n_classes - 1}; give the right n_classes or relabel."
        with tf.control_dependencies([tf.Assert(fits, [f"<input_fn>{message}</input_fn>"])]):
            return tf.cast(tf.reshape(labels, [-1, 1]), "float32" if n_classes == 2 else "int64")

    def _report(self, results: dict) -> dict:
        results = dict(results)
        results["loss"] = results.pop("loss per batch")
        if "label/mean" in results:
            mean = results["label/mean"]
            results["accuracy_baseline"] = max(mean, 1 - mean)
        return results

    def _predictions(self, dataset: tf.data.Dataset) -> Iterator[dict]:
        for prediction in super()._predictions(dataset):
            yield prediction | {"classes": np.char.encode(prediction["class_ids"].astype(str))}


def _dense_classifier(params: dict):
    with keras.name_scope("dnn"):
        columns = [keras.layers.Flatten()(tensor) for tensor in params["inputs"].values()]
        hidden = keras.layers.Concatenate()(columns) if len(columns) > 1 else columns[0]
        for index, units in enumerate(params["hidden_units"]):
            layer = keras.layers.Dense(
                units, activation=params["activation_fn"], name=f"hiddenlayer_{index}"
            )
            hidden = layer(hidden)
        binary = params["n_classes"] == 2
        logits = keras.layers.Dense(1 if binary else params["n_classes"], name="logits")(hidden)
    model = keras.Model(params["inputs"], logits)
    kind = keras.losses.BinaryCrossentropy if binary else keras.losses.SparseCategoricalCrossentropy
    model.compile(_optimizer(params["optimizer"]), kind(from_logits=True, reduction="sum"))
    return model, keras.Model(params["inputs"], _class_predictions(logits, binary))


def _class_predictions(logits, binary: bool) -> dict:
    two_logits = keras.ops.pad(logits, [[0, 0], [1, 0]]) if binary else logits
    predictions = {
        "logits": logits,
        "probabilities": keras.ops.softmax(two_logits),
        "class_ids": keras.ops.expand_dims(
            keras.ops.cast(keras.ops.argmax(two_logits, axis=-1), "int64"), -1
        ),
    }
    return predictions | ({"logistic": keras.ops.sigmoid(logits)} if binary else {})


def _classifier_metrics(n_classes: int, loss) -> list:
    mean = keras.metrics.MeanMetricWrapper
    per_batch = mean(loss, name="loss per batch")
    if n_classes > 2:
        return [
            per_batch,
            keras.metrics.SparseCategoricalAccuracy("accuracy"),
            keras.metrics.SparseCategoricalCrossentropy("average_loss", from_logits=True),
        ]
    return [
        per_batch,
        keras.metrics.BinaryAccuracy("accuracy", threshold=0.0),
        keras.metrics.AUC(name="auc", from_logits=True),
        keras.metrics.AUC(curve="PR", name="auc_precision_recall", from_logits=True),
        keras.metrics.BinaryCrossentropy("average_loss", from_logits=True),
        keras.metrics.Precision(thresholds=0.0, name="precision"),
        keras.metrics.Recall(thresholds=0.0, name="recall"),
        mean(lambda labels, logits: labels, name="label/mean"),
        mean(lambda labels, logits: keras.ops.sigmoid(logits), name="prediction/mean"),
    ]


def _optimizer(optimizer):
    if optimizer == "Adagrad":
        return keras.optimizers.Adagrad(0.05, initial_accumulator_value=0.1, epsilon=0.0)
    if isinstance(optimizer, keras.optimizers.Optimizer):
        return type(optimizer).from_config(optimizer.get_config())
    return keras.optimizers.get(optimizer)


def numeric_inputs(table) -> dict[str, keras.KerasTensor]:
    """Make named symbolic inputs from the columns of a table."""
    inputs = {}
    for key in table:
        column = np.asarray(table[key])
        if column.dtype.kind not in "biuf":
            raise TypeError(f"Column {key!r} holds {column.dtype} and not numbers; leave it out.")
        inputs[str(key)] = keras.Input(column.shape[1:], name=str(key), dtype="float32")
    return inputs


def numpy_input_fn(x, y=None, batch_size=128, num_epochs=1, *, shuffle: bool, seed=None):
    """Make an ``input_fn`` from arrays in memory."""
    features = {str(key): np.asarray(x[key]) for key in x} if _is_table(x) else np.asarray(x)
    data = features if y is None else (features, np.asarray(y))
    lengths = {len(array) for array in tf.nest.flatten(data)}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(
            f"numpy_input_fn takes arrays of one length, and got lengths {sorted(lengths)}."
        )
    (length,) = lengths

    def input_fn() -> tf.data.Dataset:
        order = tf.data.Dataset.range(length)
        if shuffle:
            order = order.shuffle(length, seed=seed)
        constants = tf.nest.map_structure(tf.constant, data)
        return (
            order.repeat(num_epochs)
            .batch(batch_size)
            .map(lambda rows: tf.nest.map_structure(lambda a: tf.gather(a, rows), constants))
        )

    return input_fn


def _is_table(x) -> bool:
    return isinstance(x, Mapping) or hasattr(x, "columns")


class _Recorder(keras.callbacks.TensorBoard):
    """Writes checkpoints, events and the progress bar while Keras trains."""

    def __init__(self, estimator, folder, state, steps):
        super().__init__(os.fspath(folder), write_graph=False)
        self.bar = tqdm(total=steps, unit="step", desc="train")
        self._estimator, self._folder, self._state = estimator, folder, dict(state)
        self._begun = self._seen = self._saved = estimator._global_step()

    def on_epoch_end(self, epoch, logs=None):
        step = self._estimator._global_step()
        if step == self._seen:
            self.model.stop_training = True
            return
        self.bar.update(step - self._seen)
        self.bar.set_postfix(loss=f"{logs['loss']:.4g}", refresh=False)
        self._seen = step
        if not math.isfinite(logs["loss"]):
            raise ValueError(
                f"The loss is no longer finite at step {step}; lower the learning rate. "
                f"The checkpoint of step {self._saved} stays."
            )
        super().on_epoch_end(step, logs)
        if step - self._saved >= self._estimator.config.save_every_steps:
            position = self._state["position"] + step - self._begun
            self._estimator._save(self._folder, self._state | {"position": position})
            self._saved = step


def _finite(what: str, values):
    if not values.dtype.is_floating:
        return values
    message = f"<input_fn>{what} holds NaN or infinite values; remove or replace them.</input_fn>"
    return tf.debugging.assert_all_finite(values, message)


@contextlib.contextmanager
def _teaching_errors():
    """Turn a failed check inside a dataset into one sentence."""
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        found = BAD_INPUT.search(str(error))
        if found is None:
            raise
        raise ValueError(found.group(1)) from None


def _check_positive(name: str, number):
    if not isinstance(number, (int, np.integer)) or number < 1:
        raise ValueError(f"{name} must be a positive integer, and is {number!r}.")


def _check_input_fn(input_fn):
    if isinstance(input_fn, tf.data.Dataset) or not callable(input_fn):
        raise TypeError(
            "input_fn must be a function that returns a dataset, and is "
            f"{type(input_fn).__name__}; write it as lambda: dataset, or better build it inside."
        )


def _named_variables(model) -> dict:
    """Name a model's and its optimizer's variables as TensorFlow 1 did."""
    named = {"global_step": model.optimizer.iterations}

    def add(name, variable):
        number = 1
        unique = name
        while unique in named:
            unique, number = f"{name}_{number}", number + 1
        named[unique] = variable

    prefix = f"{model.name}/"
    names = {v.path.replace("/", "_"): v.path.removeprefix(prefix) for v in model.variables}
    for variable in model.variables:
        add(variable.path.removeprefix(prefix), variable)
    kind = type(model.optimizer).__name__
    for variable in model.optimizer.variables:
        if variable.name in ("iteration", "learning_rate"):
            continue
        owner = max((n for n in names if variable.name.startswith(f"{n}_")), key=len, default=None)
        add(f"{names[owner]}/{kind}" if owner else variable.path, variable)
    return named


def _check_same_architecture(folder: Path, arrays: dict, variables: dict):
    for name in [*variables, *(name for name in arrays if name not in variables)]:
        there = arrays[name].shape if name in arrays else "absent"
        here = tuple(variables[name].shape) if name in variables else "absent"
        if there != here:
            raise ValueError(
                f"{str(folder)!r} holds the training of another architecture: the shape of "
                f"{name!r} is {there} there and {here} in this model; choose another model_dir, "
                "or call reset() to forget that training."
            )


def _step_of(path) -> int:
    return int(re.search(r"-(\d+)\.npz$", str(path)).group(1))


def _checkpoints(folder: Path) -> list[Path]:
    return [p for p in folder.glob("model.ckpt-*.npz") if re.search(r"-\d+\.npz$", p.name)]


def _own_files(folder: Path) -> list[Path]:
    patterns = ("model.ckpt-*.npz*", "*/events.out.tfevents.*", LOCK_NAME)
    return [path for pattern in patterns for path in folder.glob(pattern)]


def _claim(folder: Path) -> Path:
    """Make the folder if needed, and refuse one with files of others."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = [path.name for path in folder.iterdir()]
        if others and LOCK_NAME not in others:
            raise ValueError(
                f"{str(folder)!r} holds files that no estimator wrote, such as {others[0]!r}; "
                "choose a new or empty folder as model_dir."
            )
        (folder / LOCK_NAME).touch()
    except OSError as error:
        raise OSError(
            error.errno, f"model_dir cannot be written; choose another ({error.strerror})", folder
        ) from None
    return folder


@contextlib.contextmanager
def _locked(folder: Path):
    """Hold the folder; the operating system lets go of it when the process ends."""
    with open(folder / LOCK_NAME) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(
                f"Another process is training in {str(folder)!r}; wait for it to end, "
                "or choose another model_dir."
            ) from None
        yield


def _write_checkpoint(path: Path, arrays: dict, state: dict):
    if any(not np.all(np.isfinite(a)) for a in arrays.values() if a.dtype.kind == "f"):
        raise ValueError("The model's variables are no longer finite; lower the learning rate.")
    temporary = path.with_name(path.name + ".tmp")
    size = sum(array.nbytes for array in arrays.values())
    try:
        if shutil.disk_usage(path.parent).free < 2 * size:
            raise OSError(28, "no space left")
        with open(temporary, "wb") as file:
            np.savez(file, **arrays, **{STATE: json.dumps(state)})
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise OSError(
            error.errno, f"The checkpoint cannot be written ({error.strerror})", str(path)
        ) from None


def _read_latest(folder: Path):
    """Return state and variables of the newest checkpoint that is whole, None without any."""
    paths = sorted(_checkpoints(folder), key=_step_of, reverse=True)
    for path in paths:
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = dict(file)
            return json.loads(str(arrays.pop(STATE))), arrays
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            warnings.warn(f"{path} is not usable ({error}); trying the one before.", stacklevel=4)
    if paths:
        raise ValueError(
            f"None of the {len(paths)} checkpoints in {str(folder)!r} is usable; "
            "call reset() to start afresh."
        )
    return None
