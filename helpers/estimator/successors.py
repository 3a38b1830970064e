"""What takes the place of what tf.estimator had, in one table for the whole package.

Arguments, methods and classes that are not here are answered with one sentence. An old
argument that is None, or has another value that changes nothing here, is taken.
"""

import functools
import inspect
from collections.abc import Callable
from fnmatch import fnmatchcase

_OWN_MODEL = "write a model_fn for Estimator"
_PARTS = "call train() in parts, with steps=…, and do between them what it did"
_LEAVE = "leave it out, since one process does all the work"
_SHOWN = "leave it out, since progress bar and TensorBoard show each group of up to 100 steps"
_EXPORT = "write export('model.keras'), and for a server load that file and call its own export()"
_LOOP = "call train(input_fn, max_steps=…) and evaluate(input_fn) in a loop"
_WARM = (
    "copy the model_dir of the other to go on from it, or set the layers of a model_fn to what "
    "get_variable_value() of the other gives"
)
_STRATEGY = "write strategy=…"

# What to do instead, by name or pattern, and values that ask for what happens here anyway.
INSTEAD = {
    "hooks": (_PARTS, [], ()),
    "saving_listeners": (_PARTS, [], ()),
    "checkpoint_path": (
        "the newest checkpoint is read, so copy the one you mean into a folder of its own and "
        "make that model_dir",
    ),
    "name": ("keep the dict that is returned under a name of your own",),
    "predict_keys": ("take from each prediction the keys that you need",),
    "yield_single_examples": ("samples come one by one, so put them together, np.stack does", True),
    "model_dir": ("write config=RunConfig(model_dir=…)",),
    "feature_column*": ("write inputs=numeric_inputs(table)",),
    "weight_column": (
        "let input_fn give (features, labels, weights), as numpy_input_fn(…, weights=…) does",
    ),
    "sample_weight*": ("write weights=…",),
    "class_weight*": ("write weights=… in numpy_input_fn, with the weight of each sample's class",),
    "*_column": ("write inputs=numeric_inputs(table)",),
    "label_vocabulary": (
        "let labels be class numbers, names, y = np.unique(labels, return_inverse=True), and look "
        "predicted ones up in names",
    ),
    "dropout": (f"{_OWN_MODEL} with keras.layers.Dropout", 0, 0.0),
    "batch_norm": (f"{_OWN_MODEL} with keras.layers.BatchNormalization", False),
    "input_layer_partitioner": (_LEAVE,),
    "warm_start_from": (_WARM,),
    "loss_reduction": (
        f"the loss is the sum over a batch, and for another one {_OWN_MODEL}",
        "sum",
        "weighted_sum",
    ),
    "linear_*": (f"{_OWN_MODEL} that adds a linear part",),
    "dnn_*": (f"{_OWN_MODEL} that adds a linear part",),
    "tf_random_seed": ("write seed=…",),
    "save_checkpoints_steps": ("write save_every_steps=…",),
    "save_checkpoints_secs": ("write save_every_steps=…, since steps are counted here",),
    "save_summary_steps": (_SHOWN, 100),
    "log_step_count_steps": (_SHOWN, 100),
    "keep_checkpoint_max": ("write keep_checkpoints=…",),
    "keep_checkpoint_every_n_hours": ("write keep_checkpoints=…, or copy what shall stay", 10000),
    "session_config": ("set what it said with tf.config, before there is a model",),
    "*_distribute": (_STRATEGY,),
    "device_fn": ("write strategy=tf.distribute.OneDeviceStrategy(…)",),
    "protocol": (_LEAVE,),
    "session_creation_timeout_secs": (_LEAVE, 7200),
    "experimental_max_worker_delay_secs": (_LEAVE,),
    "checkpoint_save_graph_def": (_LEAVE, True),
    "queue_capacity": ("leave it out, since the data are read ahead anyway", 1000),
    "num_threads": ("leave it out, since the data are read ahead anyway", 1),
    "replace": ("write dataclasses.replace(config, …)",),
    "export_saved*": (_EXPORT,),
    "experimental_export_all_saved_models": (_EXPORT,),
    "eval_dir": ("what evaluate() writes for TensorBoard is in 'validation' of model_dir",),
    "model_fn": ("keep the function that you gave under a name of your own",),
    "train_and_evaluate": (_LOOP,),
    "TrainSpec": (_LOOP,),
    "EvalSpec": (_LOOP,),
    "EstimatorSpec": ("let model_fn return a compiled keras.Model",),
    "ModeKeys": ("leave it out, since Keras knows whether it trains",),
    "*Hook": (_PARTS,),
    "*Listener": (_PARTS,),
    "*Exporter": (_EXPORT,),
    "export": (_EXPORT,),
    "WarmStartSettings": (_WARM,),
    "VocabInfo": (_WARM,),
    "*Head": ("choose loss and metrics in compile(), in a model_fn for Estimator",),
    "add_metrics": ("choose metrics in compile(), in a model_fn for Estimator",),
    "*_parse_example_spec": ("read records with helpers.records.read_records",),
    "pandas_input_fn": ("write numpy_input_fn, which takes tables, too",),
    "*Regressor": (_OWN_MODEL,),
    "*Classifier": (_OWN_MODEL,),
    "*Estimator": (_OWN_MODEL,),
}


def instead_of(name: str) -> str | None:
    """Return what to do instead of using something of tf.estimator, None if it had no such.

    Examples
    --------
    >>> instead_of("tf_random_seed")
    'write seed=…'
    """
    return next((row[0] for pattern, row in INSTEAD.items() if fnmatchcase(name, pattern)), None)


def answering_old_calls(function: Callable) -> Callable:
    """Let a function answer what it does not take with one sentence, a TypeError.

    Examples
    --------
    >>> @answering_old_calls
    ... def train(input_fn, *, steps=None): ...
    >>> train(print, hooks=None)
    >>> train(print, None, 3)
    Traceback (most recent call last):
    TypeError: train() takes only input_fn without its name, and got 3 values: write steps=… with \
names, since tf.estimator had another order.
    """
    parameters = inspect.signature(function).parameters
    name = function.__qualname__.removesuffix(".__init__").rpartition(".")[2]

    @functools.wraps(function)
    def answering(*args, **arguments):
        _check_positions(name, parameters, args)
        old = {key: value for key, value in arguments.items() if key not in parameters}
        for key, value in old.items():
            _check_keyword(name, parameters, key, value)
        return function(*args, **{key: arguments[key] for key in arguments.keys() - old.keys()})

    return answering


def no_attribute(instance: object, name: str):
    """Raise AttributeError, with what takes the place of an attribute: a ``__getattr__``."""
    owner = type(instance).__name__
    if instead := instead_of(name):
        raise AttributeError(f"{owner} has no {name}: {instead}.")
    raise AttributeError(f"{owner!r} object has no attribute {name!r}")


def _check_positions(name: str, parameters, args: tuple) -> None:
    by_position = [key for key, each in parameters.items() if each.kind != each.KEYWORD_ONLY]
    if len(args) > len(by_position):
        own = by_position[0] == "self"
        by_name = [f"{key}=…" for key in parameters if key not in by_position]
        raise TypeError(
            f"{name}() takes only {', '.join(by_position[own:])} without its name, and got "
            f"{len(args) - own} values: write {', '.join(by_name) or 'all'} with names, since "
            "tf.estimator had another order."
        )


def _check_keyword(name: str, parameters, key: str, value: object) -> None:
    instead = instead_of(key)
    if instead is None:
        taken = ", ".join(key for key in parameters if key != "self")
        raise TypeError(f"{name}() takes no argument {key}: write one of {taken}.")
    same = next(row[1:] for pattern, row in INSTEAD.items() if fnmatchcase(key, pattern))
    if value is not None and repr(value) not in map(repr, same):
        raise TypeError(f"{name}() takes no {key}: {instead}.")
