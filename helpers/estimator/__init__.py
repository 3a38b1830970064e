"""The estimator-style API of TensorFlow 1, alive on Keras 3.

A model trains in steps from an ``input_fn``, remembers its training in a ``model_dir``,
evaluates and predicts, as with ``tf.estimator`` until that left TensorFlow in version
2.16. Keras does the work; the modules of `helpers.estimator` count its steps, keep its
checkpoints, name its variables and check its input. What ``tf.estimator`` had besides is
answered with a sentence that names what takes its place.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # Where there is no GPU, it raises an alarm.

from helpers.estimator.config import RunConfig
from helpers.estimator.dnn import DNNClassifier
from helpers.estimator.estimator import Estimator
from helpers.estimator.inputs import numeric_inputs, numpy_input_fn
from helpers.estimator.successors import instead_of

__all__ = ["DNNClassifier", "Estimator", "RunConfig", "numeric_inputs", "numpy_input_fn"]


def __getattr__(name: str):
    if instead := instead_of(name):  # An import passes over what an AttributeError says.
        raise ImportError(f"helpers.estimator has no {name}: {instead}.")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
