"""The names of a model's variables, as TensorFlow 1 gave them."""

import itertools
from collections.abc import Container

import keras
import numpy as np


def named_variables(model: keras.Model) -> dict[str, keras.Variable]:
    """Return all that training changes: the variables of a model and its optimizer.

    A weight is named after its layer, ``conv1/kernel``, and what the optimizer keeps for
    it after both, ``conv1/kernel/Adam`` and ``conv1/kernel/Adam_1``. The optimizer's count
    of steps is ``global_step``. Learning rates are left out: the code sets them.
    """
    optimizer = model.optimizer
    steps, rate = optimizer.iterations, optimizer.learning_rate
    named = {"global_step": steps}
    owners = {}
    for variable in model.variables:
        name = _unused(variable.path.removeprefix(f"{model.name}/"), named)
        named[name] = variable
        owners[variable.path.replace("/", "_") + "_"] = name
    for slot in optimizer.variables:
        if slot is not steps and slot is not rate:
            owner = max(filter(slot.name.startswith, owners), key=len, default=None)
            name = f"{owners.get(owner, slot.name)}/{type(optimizer).__name__}"
            named[_unused(name, named)] = slot
    return named


def variable_arrays(model: keras.Model) -> dict[str, np.ndarray]:
    """Return the values of all that training changes, in types that NumPy can store."""
    arrays = {name: np.asarray(variable) for name, variable in named_variables(model).items()}
    return {
        name: array.astype(np.float32) if array.dtype.kind == "V" else array
        for name, array in arrays.items()
    }


def _unused(name: str, taken: Container[str]) -> str:
    numbered = (f"{name}_{number}" for number in itertools.count(1))
    return next(unused for unused in itertools.chain([name], numbered) if unused not in taken)
