"""The Keras models of an estimator: how they are built, and what is asked of them."""

import collections
import contextlib
import inspect
import math
import warnings
from collections.abc import Callable, Iterator

import keras
import tensorflow as tf
from keras.src.backend.common import global_state

MOST_STEPS_AT_ONCE = 100


def build_models(
    model_fn: Callable,
    params: dict,
    seed: int,
    strategy: tf.distribute.Strategy | None,
    save_every: int,
) -> tuple[keras.Model, keras.Model, keras.Model]:
    """Return the models to train, to predict and to evaluate; all may be the same.

    Raises
    ------
    TypeError, ValueError
        If an estimator cannot train the model.
    """
    keras.utils.set_random_seed(seed)
    with (
        warnings.catch_warnings(),
        _fresh_names(),
        strategy.scope() if strategy else contextlib.nullcontext(),
    ):
        warnings.filterwarnings("ignore", "When providing `inputs` as a dict")
        built = model_fn(params)
        model, *others = built if isinstance(built, tuple) else (built,)
        _check(model)
        model.optimizer.build(model.trainable_variables)
    predictor, evaluator = (*others, model, model)[:2]
    for measured in {id(each): each for each in (model, evaluator)}.values():
        _weigh_metrics(measured)
    _group_steps(evaluator, MOST_STEPS_AT_ONCE)
    _group_steps(model, steps_at_once(save_every))
    return model, predictor, evaluator


def check_model_fn(model_fn: Callable) -> None:
    """Raise TypeError unless `model_fn` is a function of `params`."""
    if isinstance(model_fn, keras.Model) or not callable(model_fn):
        raise TypeError(
            f"model_fn is a {type(model_fn).__name__}, but it must be a function of params that "
            "returns a compiled Keras model: put the lines that make the model into one."
        )
    asked = required_arguments(model_fn)
    if asked[1:]:
        raise TypeError(
            f"model_fn is called with params alone, and asks for {', '.join(asked)}: return one "
            "compiled Keras model for all modes, as the appendix From tf.estimator to Keras shows."
        )


def required_arguments(function: Callable) -> list[str]:
    """Return the names of the arguments without which a function cannot be called."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # Some functions of C do not tell.
        return []
    variable = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD
    return [p.name for p in parameters if p.default is p.empty and p.kind not in variable]


def steps_at_once(save_every: int) -> int:
    """Return how many steps shall run in a group.

    Groups make small steps about ten times as fast. Checkpoints are written between groups,
    so a whole number of them has to fit into `save_every`.
    """
    return save_every // math.ceil(save_every / MOST_STEPS_AT_ONCE)


def global_step(model: keras.Model) -> int:
    """Return how many steps a model's optimizer has taken."""
    return int(keras.ops.convert_to_numpy(model.optimizer.iterations))


@contextlib.contextmanager
def _fresh_names() -> Iterator[None]:
    """Number the layers without a name from the start, as in a new process."""
    # The public clear_session() would also number the reader's own layers anew.
    counters = global_state.get_global_attribute("object_name_uids")
    global_state.set_global_attribute("object_name_uids", collections.defaultdict(int))
    try:
        yield
    finally:
        global_state.set_global_attribute("object_name_uids", counters)


def _group_steps(model: keras.Model, group: int) -> None:
    """Say how many steps a graph takes, once and before there is one: Keras makes no other."""
    model.steps_per_execution = group
    # A graph of a single step counts it even if there are no data left to take it with.
    model.run_eagerly = model.run_eagerly or group == 1


def _check(model: keras.Model) -> None:
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


def _weigh_metrics(model: keras.Model) -> None:
    """Let the weights of samples count in the metrics that were given to compile().

    Keras would count them in its `weighted_metrics` only; whoever gives both means both.
    """
    compiled = model._compile_metrics
    if compiled is not None and not compiled._user_weighted_metrics:
        compiled._user_metrics, compiled._user_weighted_metrics = None, compiled._user_metrics
