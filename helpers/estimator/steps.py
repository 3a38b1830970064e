"""Keras's fit loop, counted in steps instead of epochs."""

import contextlib
import math
import warnings
from collections.abc import Callable, Iterator

import keras
import tensorflow as tf
from tqdm import tqdm

from helpers.estimator.datasets import teaching_errors
from helpers.estimator.network import global_step

# What tf.summary.scalar writes, which asks for TensorBoard to be installed.
SCALAR = tf.compat.v1.SummaryMetadata(plugin_data={"plugin_name": "scalars"}, data_class=1)


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Let data end without a warning of Keras, and fail with one sentence."""
    with warnings.catch_warnings(), teaching_errors():
        # Keras warns at the end of data of which it was not told the number of batches.
        warnings.filterwarnings("ignore", "Your input ran out of data")
        yield


def write_events(
    events: tf.summary.SummaryWriter, step: int, tag: str, values: dict[str, float]
) -> None:
    """Write values of a step for TensorBoard, under a tag with a place for their names."""
    with events.as_default(step):
        for name, value in values.items():
            tf.summary.write(tag.format(name), tf.constant(value, tf.float32), metadata=SCALAR)


def fit_steps(
    model: keras.Model,
    dataset: tf.data.Dataset,
    steps: int | None,
    save_every: int,
    save: Callable[[int], None],
    events: tf.summary.SummaryWriter,
) -> int:
    """Train on the batches of a dataset, and return how many they were.

    Parameters
    ----------
    model : keras.Model
        A model that `build_models` made.
    dataset : tf.data.Dataset
        Batches (features, labels), all of which are used.
    steps : int, optional
        How many there ought to be, for the progress bar, which shows the mean loss of each
        group of steps.
    save_every : int
        After so many steps at most, ``save(done)`` is called, but not at the end.
    save : callable
        Takes the number of steps done.
    events : tf.summary.SummaryWriter
        Gets the mean of the loss and of the metrics of each group of steps.

    Raises
    ------
    ValueError
        If a check inside the dataset fails, or the loss stops being finite.
    """
    recorder = _Recorder(steps, save_every - model.steps_per_execution, save, events)
    with recorder.bar, reading():
        rest = _untuned(dataset).prefetch(tf.data.AUTOTUNE)
        model.fit(rest, verbose=0, shuffle=False, callbacks=[recorder])
    return recorder.done


def _untuned(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Leave out the tuning of small batches, which takes a tenth of the time that reading does."""
    options = tf.data.Options()
    if dataset.options().autotune.enabled is None:
        options.autotune.enabled = False
    return dataset.with_options(options)


class _Recorder(keras.callbacks.Callback):
    """Records the training at the end of each group of steps, a batch to Keras."""

    def __init__(self, steps, save_after, save, events):
        super().__init__()
        self.bar = tqdm(total=steps, unit="step", desc="Training")
        self.done = self._saved = 0
        self._steps, self._save_after, self._save, self._events = steps, save_after, save, events

    def on_train_begin(self, logs=None):
        self._begun = global_step(self.model)

    def on_train_batch_end(self, batch, logs=None):
        step = global_step(self.model)
        if not math.isfinite(logs["loss"]):
            raise ValueError(
                f"The loss is not finite any more after {step} steps; lower the learning rate. "
                f"The checkpoint of step {self._begun + self._saved} is kept."
            )
        self.bar.set_postfix(loss=f"{logs['loss']:.4g}", refresh=False)
        self.bar.update(step - self._begun - self.done)
        self.done = step - self._begun
        rate = keras.ops.convert_to_numpy(self.model.optimizer.learning_rate)
        write_events(self._events, step, "epoch_{}", logs | {"learning_rate": rate})
        self.model.reset_metrics()
        if self.done - self._saved > self._save_after and self.done != self._steps:
            self._save(self.done)
            self._saved = self.done
