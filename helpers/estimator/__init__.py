"""The estimator-style API of TensorFlow 1, alive on Keras 3.

A model trains in steps from an ``input_fn``, remembers its training in a ``model_dir``,
evaluates and predicts, as with ``tf.estimator`` until that left TensorFlow in version
2.16. Keras does the work; the modules of `helpers.estimator` count its steps, keep its
checkpoints, name its variables and check its input.
"""

import dataclasses
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

from helpers.arguments import whole_number
from helpers.estimator.dnn import complete_results, dense_classifier
from helpers.estimator.inputs import (
    check_end,
    check_input_fn,
    check_not_empty,
    check_positive,
    checked_dataset,
    keeping_random_state,
    numeric_inputs,
    numpy_input_fn,
    teaching_errors,
)
from helpers.estimator.model_dir import Checkpoint, ModelDir, Progress
from helpers.estimator.network import build_models, global_step
from helpers.estimator.steps import fit_steps, reading, write_events
from helpers.estimator.variables import named_variables, variable_arrays

__all__ = ["DNNClassifier", "Estimator", "RunConfig", "numeric_inputs", "numpy_input_fn"]


@dataclasses.dataclass(frozen=True)
class RunConfig:
    """Where and how an estimator keeps its training.

    Parameters
    ----------
    model_dir : path, optional
        Folder for checkpoints and TensorBoard events: a new or empty one, or one that an
        estimator wrote. Default: a temporary folder, made when training starts.
    seed : int, optional
        Seed of the first weights, of dropout and of the order of the data. Default: drawn
        once, and remembered in `model_dir`.
    save_every_steps : int, default 1000
        Most steps between two checkpoints; another one is written when training ends. Below
        100, small models train more slowly.
    keep_checkpoints : int, default 5
        How many of the newest checkpoints stay.
    strategy : tf.distribute.Strategy, optional
        Spreads training over devices. Keras then reads a batch ahead, so that shuffled
        data come in another order than without, or after a new start.

    Raises
    ------
    TypeError, ValueError
        If a number is not a positive integer.

    Examples
    --------
    >>> RunConfig(model_dir="tfs/circle", seed=123).save_every_steps
    1000
    """

    model_dir: str | os.PathLike[str] | None = None
    seed: int | None = None
    save_every_steps: int = 1000
    keep_checkpoints: int = 5
    strategy: tf.distribute.Strategy | None = None

    def __post_init__(self):
        check_positive(
            save_every_steps=self.save_every_steps, keep_checkpoints=self.keep_checkpoints
        )


class Estimator:
    """A Keras model that trains in steps and remembers them in a folder.

    Parameters
    ----------
    model_fn : callable
        ``model_fn(params)`` builds and returns a compiled Keras model; or a tuple of that
        model and others on the same layers: one whose outputs `predict` yields and, if
        need be, one that is compiled with the metrics of `evaluate`.
    params : dict, optional
        Handed to `model_fn`.
    config : RunConfig, optional
        Where and how training is kept.

    Examples
    --------
    >>> def line(params):
    ...     inputs = {"x": keras.Input((1,), name="x")}
    ...     model = keras.Model(inputs, keras.layers.Dense(1, name="line")(inputs["x"]))
    ...     model.compile(keras.optimizers.SGD(params["rate"]), loss="mse")
    ...     return model
    >>> x = {"x": np.linspace(-1, 1, 20)}
    >>> estimator = Estimator(line, {"rate": 0.1}, RunConfig(seed=1))
    >>> input_fn = numpy_input_fn(x, 3 * x["x"], batch_size=10, num_epochs=None, shuffle=True)
    >>> estimator.train(input_fn, steps=200).get_variable_value("line/kernel").round(2).tolist()
    [[3.0]]
    """

    n_classes = None
    _complete = staticmethod(dict)

    def __init__(
        self,
        model_fn: Callable[[dict], keras.Model | tuple[keras.Model, ...]],
        params: dict | None = None,
        config: RunConfig | None = None,
    ):
        self.params = dict(params or {})
        self.config = config or RunConfig()
        temporary = os.path.join(tempfile.gettempdir(), f"estimator-{uuid.uuid4().hex}")
        self._folder = ModelDir(self.config.model_dir or temporary, self.config.keep_checkpoints)
        self.model_dir = os.fspath(self._folder.path)
        self._model_fn = model_fn
        self._model = None

    @keeping_random_state()
    def train(
        self, input_fn: Callable, steps: int | None = None, max_steps: int | None = None
    ) -> "Estimator":
        """Train on from where the last training in `model_dir` stopped.

        The data, too, go on where they stopped: two trainings of 100 steps equal one of
        200, provided `input_fn` makes the same dataset. Data that were used up, or that
        have other shapes or another number of batches than before, begin anew.

        Parameters
        ----------
        input_fn : callable
            Returns a ``tf.data.Dataset`` of batches (features, labels).
        steps : int, optional
            How many batches to learn from. Default: all that the dataset gives.
        max_steps : int, optional
            Instead of `steps`: the global step at which to stop.

        Returns
        -------
        Estimator
            This estimator.

        Raises
        ------
        TypeError
            If `input_fn` is not a function that returns a dataset.
        ValueError
            If the data do not fit the model or end early (the steps done are kept), the
            loss is not finite any more, or `model_dir` belongs to another architecture.
        OSError
            If `model_dir` is full, cannot be written, or is in use by another process.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("train() takes steps or max_steps, and got both; give one of them.")
        check_positive(steps=steps, max_steps=max_steps)
        check_input_fn(input_fn)
        with self._folder.held():
            latest = self._folder.read(repair=True)
            progress = self._start() if latest is None else self._resume(*latest)
            if max_steps is not None:
                steps = max_steps - global_step(self._model)
            if steps is None or steps > 0:
                self._train(progress, input_fn, steps)
        return self

    @keeping_random_state()
    def evaluate(self, input_fn: Callable, steps: int | None = None) -> dict[str, float]:
        """Measure the model of the latest checkpoint.

        Parameters
        ----------
        input_fn : callable
            Returns a ``tf.data.Dataset`` of batches (features, labels).
        steps : int, optional
            How many batches to use. Default: all.

        Returns
        -------
        dict
            ``loss``, the metrics, and ``global_step``.

        Raises
        ------
        TypeError, ValueError
            If the data do not fit the model, or there is no trained model.
        """
        check_positive(steps=steps)
        check_input_fn(input_fn)
        dataset = self._dataset(input_fn, self._resume(*self._latest()))
        check_end(dataset, "evaluate", steps)
        check_not_empty(dataset)
        with reading():
            results = self._evaluator.evaluate(
                dataset.take(steps or -1), verbose=0, return_dict=True
            )
        results = {name: float(value) for name, value in self._complete(results).items()}
        step = global_step(self._model)
        with self._folder.events("validation") as events:
            write_events(events, step, "evaluation_{}_vs_iterations", results)
        return dict(sorted(results.items())) | {"global_step": step}

    @keeping_random_state()
    def predict(self, input_fn: Callable) -> Iterator[dict[str, np.ndarray]]:
        """Predict with the model of the latest checkpoint, sample by sample.

        Parameters
        ----------
        input_fn : callable
            Returns a ``tf.data.Dataset`` of batches; labels in it are not used.

        Yields
        ------
        dict
            The model's outputs by name, or ``output`` if they have no names.

        Raises
        ------
        TypeError, ValueError
            If the data do not fit the model, or there is no trained model.
        """
        check_input_fn(input_fn)
        progress = self._resume(*self._latest())
        return self._predictions(self._dataset(input_fn, progress, labelled=False))

    def get_variable_names(self) -> list[str]:
        """Return the names of the variables in the latest checkpoint."""
        return sorted(self._latest()[1])

    def get_variable_value(self, name: str) -> np.ndarray:
        """Return a variable of the latest checkpoint, such as ``"conv1/kernel"``."""
        variables = self._latest()[1]
        if name not in variables:
            raise ValueError(f"There is no variable {name!r}; choose from {sorted(variables)}.")
        return variables[name]

    def latest_checkpoint(self) -> str | None:
        """Return the path of the newest checkpoint, None before any training."""
        return next(map(str, reversed(self._folder.checkpoints())), None)

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write the trained model as a ``.keras`` file for ``keras.models.load_model``."""
        if Path(path).suffix != ".keras":
            raise ValueError(f"export() writes a Keras file; end {str(path)!r} in '.keras'.")
        self._resume(*self._latest())
        self._model.save(path)
        return Path(path)

    def reset(self) -> None:
        """Forget all training: delete from `model_dir` what estimators wrote, nothing else."""
        self._folder.reset()

    def _build(self, seed: int) -> None:
        strategy, save_every = self.config.strategy, self.config.save_every_steps
        models = build_models(self._model_fn, self.params, seed, strategy, save_every)
        self._model, self._predictor, self._evaluator = models

    def _latest(self) -> Checkpoint:
        latest = self._folder.read()
        if latest is None:
            raise ValueError(
                f"There is no trained model in {self.model_dir!r}; call train() first, "
                "or check model_dir."
            )
        return latest

    def _start(self) -> Progress:
        """Build the model with its first weights."""
        drawn = np.random.SeedSequence().entropy % 2**31
        seed = drawn if self.config.seed is None else int(self.config.seed)
        self._build(seed)
        return Progress(seed)

    def _resume(self, progress: Progress, arrays: dict[str, np.ndarray]) -> Progress:
        """Bring the model to a checkpoint."""
        if self.config.seed is not None:
            progress = dataclasses.replace(progress, seed=int(self.config.seed))
        if self._model is None:
            self._build(progress.seed)
        variables = named_variables(self._model)
        self._folder.check_shapes(arrays, {name: tuple(v.shape) for name, v in variables.items()})
        for name, variable in variables.items():
            variable.assign(arrays[name])
        return progress

    def _dataset(
        self, input_fn: Callable, progress: Progress, labelled: bool = True
    ) -> tf.data.Dataset:
        names = {tensor.name for tensor in getattr(self._model, "inputs", None) or ()}
        return checked_dataset(input_fn, progress.seed, names, labelled, self.n_classes)

    def _train(self, progress: Progress, input_fn: Callable, steps: int | None) -> None:
        dataset = self._dataset(input_fn, progress)
        check_end(dataset, "train", steps)
        progress = progress.on(dataset)
        self._save(progress)  # Where nothing can be written, training does not start.
        done = self._fit(dataset, progress, steps)
        if not done and progress.position:  # The data had ended where the last training did.
            progress = progress.anew()
            done = self._fit(dataset, progress, steps)
        ended = steps is None or done < steps
        self._save(progress.anew() if ended else progress.after(done))
        if ended and (steps or not done):
            raise ValueError(
                f"The dataset of input_fn ended after {done} of {steps or 'all'} steps, which are "
                "kept; let it repeat(), or ask for fewer steps."
            )

    def _fit(self, dataset: tf.data.Dataset, progress: Progress, steps: int | None) -> int:
        def save(done: int) -> None:
            self._save(progress.after(done))

        rest = dataset.skip(progress.position).take(steps or -1)
        with self._folder.events("train") as events:
            return fit_steps(self._model, rest, steps, self.config.save_every_steps, save, events)

    def _save(self, progress: Progress) -> None:
        step = global_step(self._model)
        if not all(np.isfinite(weight).all() for weight in self._model.get_weights()):
            raise ValueError(
                f"Weights are not finite any more after {step} steps; lower the learning rate. "
                "The checkpoint before is kept."
            )
        self._folder.write(step, variable_arrays(self._model), progress)

    def _predictions(self, dataset: tf.data.Dataset) -> Iterator[dict[str, np.ndarray]]:
        with teaching_errors():
            for (features,) in dataset.prefetch(tf.data.AUTOTUNE):
                outputs = self._predictor.predict_on_batch(features)
                named = outputs if isinstance(outputs, Mapping) else {"output": outputs}
                for values in zip(*named.values(), strict=True):
                    yield dict(zip(named, values, strict=True))


class DNNClassifier(Estimator):
    """Dense layers that tell classes apart, as ``tf.estimator.DNNClassifier`` had them.

    Kernels start as Glorot-uniform, biases as zero. The loss is the cross entropy, summed
    over a batch.

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
    >>> table = {"x0": np.zeros(8), "x1": np.arange(8)}
    >>> classifier = DNNClassifier([4], numeric_inputs(table), config=RunConfig(seed=1))
    >>> _ = classifier.train(numpy_input_fn(table, np.arange(8) > 3, num_epochs=9, shuffle=True))
    >>> classifier.get_variable_value("dnn/hiddenlayer_0/kernel").shape
    (2, 4)
    """

    _complete = staticmethod(complete_results)

    def __init__(
        self,
        hidden_units: Sequence[int],
        inputs: Mapping[str, keras.KerasTensor],
        n_classes: int = 2,
        activation_fn: str | Callable = "relu",
        optimizer: str | keras.optimizers.Optimizer = "Adagrad",
        config: RunConfig | None = None,
    ):
        check_positive(**{f"hidden_units[{i}]": units for i, units in enumerate(hidden_units)})
        self.n_classes = whole_number("n_classes", n_classes, least=2)
        params = {"hidden_units": list(hidden_units), "inputs": inputs, "n_classes": n_classes}
        params |= {"activation_fn": activation_fn, "optimizer": optimizer}
        super().__init__(dense_classifier, params, config)

    def _predictions(self, dataset: tf.data.Dataset) -> Iterator[dict[str, np.ndarray]]:
        for prediction in super()._predictions(dataset):
            yield prediction | {"classes": np.char.encode(prediction["class_ids"].astype(str))}
