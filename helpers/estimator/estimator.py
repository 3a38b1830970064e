"""A Keras model that trains in steps and remembers them in a folder."""

import dataclasses
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from helpers.arguments import whole_number
from helpers.estimator.config import RunConfig
from helpers.estimator.datasets import (
    check_end,
    check_input_fn,
    check_not_empty,
    check_some_weight,
    checked_dataset,
    keeping_random_state,
    teaching_errors,
)
from helpers.estimator.model_dir import Checkpoint, ModelDir, Progress
from helpers.estimator.network import build_models, check_model_fn, global_step
from helpers.estimator.steps import fit_steps, reading, write_events
from helpers.estimator.successors import answering_old_calls, no_attribute
from helpers.estimator.variables import named_variables, variable_arrays
from helpers.files import explained, local_path, written_whole


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
    >>> from helpers.estimator import numpy_input_fn
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
    __getattr__ = no_attribute

    @answering_old_calls
    def __init__(
        self,
        model_fn: Callable[[dict], keras.Model | tuple[keras.Model, ...]],
        params: dict | None = None,
        config: RunConfig | None = None,
    ):
        check_model_fn(model_fn)
        _check_type("params", params, Mapping, "a dict of settings for model_fn")
        _check_type("config", config, RunConfig, "a RunConfig")
        self.params = dict(params or {})
        self.config = config or RunConfig()
        temporary = os.path.join(tempfile.gettempdir(), f"estimator-{uuid.uuid4().hex}")
        self._folder = ModelDir(self.config.model_dir or temporary, self.config.keep_checkpoints)
        self.model_dir = os.fspath(self._folder.path)
        self._model_fn = model_fn
        self._model = None

    @answering_old_calls
    @keeping_random_state()
    def train(
        self, input_fn: Callable, *, steps: int | None = None, max_steps: int | None = None
    ) -> "Estimator":
        """Train on from where the last training in `model_dir` stopped.

        The data, too, go on where they stopped: two trainings of 100 steps equal one of
        200, provided `input_fn` makes the same dataset. Data that were used up, or that
        have other shapes or another number of batches than before, begin anew.

        Parameters
        ----------
        input_fn : callable
            Returns a ``tf.data.Dataset`` of batches (features, labels) or (features, labels,
            weights); a weight for each sample says how much its loss counts.
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
            If `input_fn` is not a function that returns a dataset, or an argument is one of
            tf.estimator's that is not here.
        ValueError
            If the data do not fit the model or end early (the steps done are kept), the
            loss is not finite any more, or `model_dir` belongs to another architecture.
        OSError
            If `model_dir` is full, cannot be written, or is in use by another process.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("train() takes steps or max_steps, and got both; give one of them.")
        _check_steps(steps=steps, max_steps=max_steps)
        check_input_fn(input_fn)
        with self._folder.held():
            latest = self._folder.read(repair=True)
            progress = self._start() if latest is None else self._resume(*latest)
            if max_steps is not None:
                steps = max_steps - global_step(self._model)
            if steps is None or steps > 0:
                self._train(progress, input_fn, steps)
        return self

    @answering_old_calls
    @keeping_random_state()
    def evaluate(self, input_fn: Callable, *, steps: int | None = None) -> dict[str, float]:
        """Measure the model of the latest checkpoint.

        Parameters
        ----------
        input_fn : callable
            Returns a ``tf.data.Dataset`` of batches (features, labels) or (features, labels,
            weights). A sample counts in each metric as often as its weight says: not at all
            for 0, twice for 2.
        steps : int, optional
            How many batches to use. Default: all.

        Returns
        -------
        dict
            ``loss``, the metrics, and ``global_step``. The loss is the one that training
            lowers, averaged over batches; unless it was chosen otherwise, Keras takes for a
            batch the sum of weights times losses, divided by the number of samples.

        Raises
        ------
        TypeError, ValueError
            If the data do not fit the model, or there is no trained model.
        """
        _check_steps(steps=steps)
        check_input_fn(input_fn)
        dataset = self._dataset(input_fn, self._resume(*self._latest()))
        check_end(dataset, "evaluate", steps)
        check_not_empty(dataset)
        batches = dataset.take(steps or -1)
        check_some_weight(batches)
        with reading():
            results = self._evaluator.evaluate(batches, verbose=0, return_dict=True)
        results = {name: float(value) for name, value in self._complete(results).items()}
        step = global_step(self._model)
        with self._folder.events("validation") as events:
            write_events(events, step, "evaluation_{}_vs_iterations", results)
        return dict(sorted(results.items())) | {"global_step": step}

    @answering_old_calls
    @keeping_random_state()
    def predict(self, input_fn: Callable) -> Iterator[dict[str, np.ndarray]]:
        """Predict with the model of the latest checkpoint, sample by sample.

        Parameters
        ----------
        input_fn : callable
            Returns a ``tf.data.Dataset`` of batches; labels and weights in it are not used.

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
        if not isinstance(name, str) or name not in variables:
            raise ValueError(f"There is no variable {name!r}; choose from {sorted(variables)}.")
        return variables[name]

    def latest_checkpoint(self) -> str | None:
        """Return the path of the newest checkpoint, None before any training."""
        return next(map(str, reversed(self._folder.checkpoints())), None)

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write the trained model as a ``.keras`` file for ``keras.models.load_model``."""
        file = local_path("path", path)
        if file.suffix != ".keras":
            raise ValueError(f"export() writes a Keras file; end {str(path)!r} in '.keras'.")
        self._resume(*self._latest())
        with (
            explained(f"The model {str(file)!r}"),
            written_whole(file) as partial,
            tempfile.TemporaryDirectory(dir=file.parent) as folder,
        ):
            # Keras writes to names that end in .keras only.
            self._model.save(saved := Path(folder, file.name))
            os.replace(saved, partial)
        return file

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
        return checked_dataset(input_fn, progress.seed, self._model, labelled, self.n_classes)

    def _train(self, progress: Progress, input_fn: Callable, steps: int | None) -> None:
        dataset = self._dataset(input_fn, progress)
        check_end(dataset, "train", steps)
        progress = progress.on(dataset)
        check_some_weight(dataset.skip(progress.position).take(steps or -1))
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


def _check_steps(**numbers: int | None) -> None:
    for name, number in numbers.items():
        if number is not None:
            whole_number(name, number, least=1)


def _check_type(name: str, value: object, kind: type, what: str) -> None:
    if not isinstance(value, kind | None):
        raise TypeError(
            f"{name} is {value!r}, but it must be {what}: name the arguments, since tf.estimator "
            "had them in another order."
        )
