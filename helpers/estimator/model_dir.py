"""A folder that remembers training, whatever happens to the process that writes it."""

import contextlib
import dataclasses
import errno
import json
import os
import re
import shutil
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import tensorflow as tf

from helpers.files import (
    PARTIAL_SUFFIX,
    discard,
    explained,
    files_of_people,
    local_path,
    locked,
    written_whole,
)

MARKER = "estimator.lock"
STATE = "estimator state"
CHECKPOINT_NAME = re.compile(r"model\.ckpt-(\d+)\.npz")
EVENTS_SUFFIX = ".estimator"
OWN_FILES = ("model.ckpt-*.npz*", f"*/*{EVENTS_SUFFIX}")


@dataclasses.dataclass(frozen=True)
class Progress:
    """What training remembers besides its variables.

    Parameters
    ----------
    seed : int
        Seed of the first weights, of dropout and of the order of the data.
    position : int, default 0
        How many batches of the data have been learned from.
    data : str, optional
        Number and types of these batches.
    """

    seed: int
    position: int = 0
    data: str | None = None

    def on(self, dataset: tf.data.Dataset) -> "Progress":
        """Return the progress on a dataset: none if it is another one, or used up."""
        batches = int(dataset.cardinality())
        data = f"{batches} batches of {dataset.element_spec}"
        goes_on = data == self.data and self.position != batches
        return dataclasses.replace(self, data=data, position=self.position if goes_on else 0)

    def after(self, done: int) -> "Progress":
        """Return the progress after so many steps more."""
        return dataclasses.replace(self, position=self.position + done)

    def anew(self) -> "Progress":
        """Return the progress at the start of the same data."""
        return dataclasses.replace(self, position=0)


Checkpoint = tuple[Progress, dict[str, np.ndarray]]


class ModelDir:
    """Checkpoints in a folder: written whole or not at all, and checked when read.

    A checkpoint is one file, ``model.ckpt-<step>.npz``: an array for each variable,
    which ``numpy.load`` reads, and the progress. Each array carries a checksum. A
    file named ``estimator.lock`` marks the folder as written here and is locked
    while a process trains; the operating system unlocks it when the process ends,
    however it ends.

    Parameters
    ----------
    path : path
        The folder, which need not exist.
    keep : int, default 5
        How many of the newest checkpoints stay.

    Examples
    --------
    >>> import tempfile
    >>> folder = ModelDir(tempfile.mkdtemp())
    >>> with folder.held():
    ...     folder.write(100, {"kernel": np.ones((2, 4))}, Progress(seed=123))
    >>> progress, arrays = folder.read()
    >>> progress.seed, arrays["kernel"].shape
    (123, (2, 4))
    """

    def __init__(self, path: str | os.PathLike[str], keep: int = 5):
        self.path = local_path("model_dir", path)
        self.keep = keep

    def checkpoints(self) -> list[Path]:
        """Return the paths of the checkpoints, the oldest first."""
        names = {path: CHECKPOINT_NAME.fullmatch(path.name) for path in self.path.glob("model.*")}
        return sorted(filter(names.get, names), key=lambda path: int(names[path][1]))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder if need be, and hold it: no other process can write meanwhile.

        Raises
        ------
        ValueError
            If the folder holds files that were not written here.
        BlockingIOError
            If another process, or another estimator of this one, holds the folder.
        OSError
            If the folder cannot be written.
        """
        busy = (
            f"Another process is training in model_dir {str(self.path)!r}; wait until it ends, or "
            "choose another model_dir."
        )
        with contextlib.ExitStack() as stack:
            with explained(f"model_dir {str(self.path)!r}"):
                self.path.mkdir(parents=True, exist_ok=True)
                self._refuse_other_files()
                stack.enter_context(locked(self.path / MARKER, busy))
            for unfinished in self.path.glob(f"model.ckpt-*.npz{PARTIAL_SUFFIX}"):
                discard(unfinished)
            yield

    def write(self, step: int, arrays: Mapping[str, np.ndarray], progress: Progress) -> None:
        """Write a checkpoint in one step, and delete those that are too old.

        Raises
        ------
        OSError
            If the disk is full or not writable; the older checkpoints stay.
        """
        path = self.path / f"model.ckpt-{step}.npz"
        state = json.dumps(dataclasses.asdict(progress))
        with explained(f"the checkpoint {str(path)!r}"), written_whole(path) as partial:
            self._check_space(2 * sum(array.nbytes for array in arrays.values()))
            with open(partial, "wb") as file:
                np.savez(file, **arrays, **{STATE: state})
        for old in self.checkpoints()[: -self.keep]:
            discard(old)

    def read(self, repair: bool = False) -> Checkpoint | None:
        """Return progress and arrays of the newest checkpoint that is whole, if there are any.

        A torn, truncated or foreign checkpoint is passed over with a warning. With `repair`,
        which is for who holds the folder, it gets a name that ends in ``.unusable``.

        Raises
        ------
        ValueError
            If there are checkpoints and none is usable.
        """
        listed = None
        while (paths := self.checkpoints()) != listed:  # Training may write and delete meanwhile.
            latest = self._newest_of(paths, repair)
            if latest is not None:
                return latest
            listed = paths
        return None

    def check_shapes(self, arrays: Mapping[str, np.ndarray], shapes: Mapping[str, tuple]) -> None:
        """Raise ValueError at the first variable whose shape is not that of its array."""
        for name in dict.fromkeys([*shapes, *arrays]):
            there = arrays[name].shape if name in arrays else "absent"
            here = shapes.get(name, "absent")
            if there != here:
                raise ValueError(
                    f"model_dir {str(self.path)!r} belongs to another architecture: the shape of "
                    f"{name!r} is {there} there and {here} in this model; choose another "
                    "model_dir, or call reset() to forget that training."
                )

    @contextlib.contextmanager
    def events(self, part: str) -> Iterator[tf.summary.SummaryWriter]:
        """Open a new file for TensorBoard in a part of the folder, if that can be written."""
        if os.access(self.path, os.W_OK):
            folder = os.fspath(self.path / part)
            writer = tf.summary.create_file_writer(folder, filename_suffix=EVENTS_SUFFIX)
        else:
            writer = tf.summary.create_noop_writer()
        with contextlib.closing(writer):
            yield writer

    def reset(self) -> None:
        """Delete the checkpoints and events that were written here, and nothing else.

        Raises
        ------
        ValueError
            If the folder was not written here.
        BlockingIOError
            If a process is training in it.
        """
        if not self.path.exists():
            return
        if not (self.path / MARKER).exists():
            raise ValueError(
                f"reset() deletes nothing in {str(self.path)!r}: no estimator wrote this folder; "
                "check model_dir."
            )
        with self.held(), explained(f"model_dir {str(self.path)!r}"):
            for pattern in OWN_FILES:
                for path in self.path.glob(pattern):
                    path.unlink()

    def _refuse_other_files(self) -> None:
        names = files_of_people(self.path)
        if names and MARKER not in names:
            raise ValueError(
                f"model_dir {str(self.path)!r} holds files that no estimator wrote, such as "
                f"{names[0]!r}; choose a new or an empty folder."
            )

    def _check_space(self, needed: int) -> None:
        if shutil.disk_usage(self.path).free < needed:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _newest_of(self, paths: list[Path], repair: bool) -> Checkpoint | None:
        damaged = []
        for path in reversed(paths):
            with contextlib.suppress(FileNotFoundError):
                latest = _read_or_warn(path)
                if latest is not None:
                    _set_aside(damaged if repair else [])
                    return latest
                damaged.append(path)
        if damaged:
            raise ValueError(
                f"None of the {len(damaged)} checkpoints in {str(self.path)!r} is usable; "
                "call reset() to start afresh."
            )
        return None


def _read_or_warn(path: Path) -> Checkpoint | None:
    try:
        return _read_checkpoint(path)
    except (FileNotFoundError, MemoryError, PermissionError):
        raise
    except Exception as error:  # Damaged bytes can raise nearly anything.
        warnings.warn(
            f"The checkpoint {str(path)!r} is torn or not an estimator's "
            f"({type(error).__name__}: {error}); going back to the one before.",
            stacklevel=5,
        )
        return None


def _read_checkpoint(path: Path) -> Checkpoint:
    with zipfile.ZipFile(path) as archive:
        if torn := archive.testzip():
            raise ValueError(f"the checksum of {torn!r} is wrong")
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    return Progress(**json.loads(str(arrays.pop(STATE)))), arrays


def _set_aside(paths: list[Path]) -> None:
    for path in paths:
        os.replace(path, path.with_name(path.name + ".unusable"))
