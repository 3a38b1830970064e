"""Keras's fit loop, counted in steps instead of epochs."""

import contextlib
import math
import os
import warnings
from collections.abc import Callable, Iterator

import keras
import tensorflow as tf
from tqdm import tqdm

from helpers.estimator.inputs import teaching_errors

MOST_STEPS_AT_ONCE = 100
UNENDING = 2**40


def check_model(model: keras.Model) -> None:
    """Raise unless Keras can train the model, each batch being a step of its optimizer."""
    if not (getattr(model, "compiled", False) and model.built):
        raise TypeError(
            "model_fn must return a compiled Keras model that knows its inputs, and returned "
            f"{type(model).__name__}; begin it with keras.Input, call model.compile(…) and return "
            "the model."
        )
    optimizer = model.optimizer
    scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    if scaled or optimizer.gradient_accumulation_steps or optimizer.use_ema:
        raise ValueError(
            "An estimator counts the steps of an optimizer that updates the weights with every "
            "batch; leave out loss scaling, gradient_accumulation_steps and use_ema."
        )


def global_step(model: keras.Model) -> int:
    """Return how many steps a model's optimizer has taken."""
    return int(keras.ops.convert_to_numpy(model.optimizer.iterations))


def steps_at_once(save_every: int) -> int:
    """Return how many steps shall run in a group.

    Groups make small steps about ten times as fast. Checkpoints are written between groups,
    so a whole number of them has to fit into `save_every`.
    """
    return save_every // math.ceil(save_every / MOST_STEPS_AT_ONCE)


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Let data end without a warning of Keras, and fail with one sentence."""
    with warnings.catch_warnings(), teaching_errors():
        warnings.filterwarnings("ignore", "Your input ran out of data")
        yield


def fit_steps(
    model: keras.Model,
    dataset: tf.data.Dataset,
    steps: int | None,
    save_every: int,
    save: Callable[[int], None],
    log_dir: str | os.PathLike,
) -> int:
    """Train on the batches of a dataset, `steps` at most, and return how many they were.

    After `save_every` steps at most, ``save(done)`` is called, but not at the end. The mean
    loss of each group of steps goes to the progress bar and, by global step, to TensorBoard
    events in `log_dir`.

    Raises
    ------
    ValueError
        If a check inside the dataset fails, or the loss stops being finite.
    """
    recorder = _Recorder(steps, save_every, save, log_dir)
    model.steps_per_execution = group = steps_at_once(save_every)
    # A graph of a single step counts it even if there are no data left to take it with.
    model.run_eagerly = model.run_eagerly or group == 1
    batches = int(dataset.cardinality())
    most = batches if batches >= 0 else steps or UNENDING
    begun = global_step(model)
    with recorder.bar, reading():
        model.fit(
            dataset.prefetch(tf.data.AUTOTUNE),
            steps_per_epoch=group,
            epochs=math.ceil(most / group),
            verbose=0,
            callbacks=[recorder],
        )
    return global_step(model) - begun


class _Recorder(keras.callbacks.TensorBoard):
    """Records the training at the end of each group of steps, an epoch to Keras."""

    def __init__(self, steps, save_every, save, log_dir):
        super().__init__(log_dir, write_graph=False)
        self.bar = tqdm(total=steps, unit="step", desc="Training")
        self._steps, self._save_every, self._save = steps, save_every, save

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._begun = global_step(self.model)
        self._done = self._saved = 0

    def on_epoch_end(self, epoch, logs=None):
        step = global_step(self.model)
        done = step - self._begun
        group = self.params["steps"]
        self.model.stop_training = done < (epoch + 1) * group
        if done == self._done:
            return
        if not math.isfinite(logs["loss"]):
            raise ValueError(
                f"The loss is not finite any more after {step} steps; lower the learning rate. "
                f"The checkpoint of step {self._begun + self._saved} is kept."
            )
        self.bar.set_postfix(loss=f"{logs['loss']:.4g}", refresh=False)
        self.bar.update(done - self._done)
        super().on_epoch_end(step, logs)
        if done - self._saved + group > self._save_every and done != self._steps:
            self._save(done)
            self._saved = done
        self._done = done
