"""Where and how an estimator keeps its training."""

import dataclasses
import os

import tensorflow as tf

from helpers.arguments import whole_number
from helpers.estimator.successors import answering_old_calls, no_attribute
from helpers.generate.seeds import checked_seed


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
        If a number is not a positive integer, the seed not one from 0 to 2**32 - 1, or an
        argument is one of tf.estimator's that has another name here.

    Examples
    --------
    >>> RunConfig(model_dir="tfs/circle", seed=123).save_every_steps
    1000
    """

    model_dir: str | os.PathLike[str] | None = None
    seed: int | None = None
    _: dataclasses.KW_ONLY
    save_every_steps: int = 1000
    keep_checkpoints: int = 5
    strategy: tf.distribute.Strategy | None = None

    def __post_init__(self):
        whole_number("save_every_steps", self.save_every_steps, least=1)
        whole_number("keep_checkpoints", self.keep_checkpoints, least=1)
        if self.seed is not None:
            checked_seed(self.seed)
        if not isinstance(self.strategy, tf.distribute.Strategy | None):
            raise TypeError(
                f"strategy is {self.strategy!r}, but it must be a strategy of tf.distribute: "
                "write one, such as tf.distribute.MirroredStrategy()."
            )

    __getattr__ = no_attribute


RunConfig.__init__ = answering_old_calls(RunConfig.__init__)
