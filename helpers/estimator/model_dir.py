"""A folder that remembers training, whatever happens to the process that writes it."""

import contextlib
import errno
import fcntl
import json
import os
import re
import shutil
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

MARKER = "estimator.lock"
STATE = "estimator state"
CHECKPOINT_NAME = re.compile(r"model\.ckpt-(\d+)\.npz")
OWN_FILES = ("model.ckpt-*.npz*", "train/events.out.tfevents.*", "validation/events.out.tfevents.*")


class ModelDir:
    """Checkpoints in a folder: written whole or not at all, and checked when read.

    A checkpoint is one file, ``model.ckpt-<step>.npz``: an array for each variable,
    which ``numpy.load`` reads, and a small state. Each array carries a checksum. A
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
    ...     folder.write(100, {"kernel": np.ones((2, 4))}, {"seed": 123})
    >>> state, arrays = folder.read()
    >>> state["seed"], arrays["kernel"].shape
    (123, (2, 4))
    """

    def __init__(self, path: str | os.PathLike, keep: int = 5):
        self.path = Path(path)
        self.keep = keep

    def checkpoints(self) -> list[Path]:
        """Return the paths of the checkpoints, the oldest first."""
        paths = [path for path in self.path.glob("*") if CHECKPOINT_NAME.fullmatch(path.name)]
        return sorted(paths, key=lambda path: int(CHECKPOINT_NAME.fullmatch(path.name)[1]))

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
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._refuse_other_files()
            (self.path / MARKER).touch()
        except OSError as error:
            raise _explained(error, f"model_dir {str(self.path)!r} cannot be written") from None
        with open(self.path / MARKER, "a") as marker:
            self._lock(marker)
            try:
                for unfinished in self.path.glob("model.ckpt-*.npz.tmp"):
                    unfinished.unlink()
                yield
            finally:
                with contextlib.suppress(OSError):
                    fcntl.flock(marker, fcntl.LOCK_UN)

    def write(self, step: int, arrays: Mapping[str, np.ndarray], state: dict) -> None:
        """Write a checkpoint in one step, and delete those that are too old.

        Raises
        ------
        OSError
            If the disk is full or not writable; the older checkpoints stay.
        """
        path = self.path / f"model.ckpt-{step}.npz"
        unfinished = path.with_name(path.name + ".tmp")
        try:
            self._check_space(2 * sum(array.nbytes for array in arrays.values()))
            with open(unfinished, "wb") as file:
                np.savez(file, **arrays, **{STATE: json.dumps(state)})
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, path)
            _flush_folder(self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise _explained(error, f"the checkpoint {str(path)!r} cannot be written") from None
        for old in self.checkpoints()[: -self.keep]:
            old.unlink()

    def read(self, repair: bool = False) -> tuple[dict, dict[str, np.ndarray]] | None:
        """Return state and arrays of the newest checkpoint that is whole, None if there are none.

        A torn, truncated or foreign checkpoint is passed over with a warning. With `repair`,
        which is for who holds the folder, it gets a name that ends in ``.unusable``.

        Raises
        ------
        ValueError
            If there are checkpoints and none is usable.
        """
        paths, damaged = self.checkpoints(), []
        for path in reversed(paths):
            try:
                latest = _read_checkpoint(path)
            except FileNotFoundError:  # Training deleted it since it was listed.
                continue
            except (MemoryError, PermissionError):
                raise
            except Exception as error:  # Damaged bytes can raise nearly anything.
                damaged.append(path)
                warnings.warn(
                    f"The checkpoint {str(path)!r} is torn or not an estimator's "
                    f"({type(error).__name__}: {error}); going back to the one before.",
                    stacklevel=3,
                )
                continue
            for path in damaged if repair else ():
                os.replace(path, path.with_name(path.name + ".unusable"))
            return latest
        if damaged:
            raise ValueError(
                f"None of the {len(damaged)} checkpoints in {str(self.path)!r} is usable; "
                "call reset() to start afresh."
            )
        return self.read(repair) if self.checkpoints() != paths else None

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
        with self.held():
            for pattern in OWN_FILES:
                for path in self.path.glob(pattern):
                    path.unlink()

    def _refuse_other_files(self) -> None:
        names = sorted(path.name for path in self.path.iterdir())
        if names and MARKER not in names:
            raise ValueError(
                f"model_dir {str(self.path)!r} holds files that no estimator wrote, such as "
                f"{names[0]!r}; choose a new or an empty folder."
            )

    def _lock(self, marker) -> None:
        try:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BlockingIOError(
                f"Another process is training in model_dir {str(self.path)!r}; wait until it "
                "ends, or choose another model_dir."
            ) from None
        except OSError as error:
            warnings.warn(
                f"model_dir {str(self.path)!r} cannot be locked ({error.strerror}); take care "
                "that no other process trains in it.",
                stacklevel=5,
            )

    def _check_space(self, needed: int) -> None:
        if shutil.disk_usage(self.path).free < needed:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _read_checkpoint(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    with zipfile.ZipFile(path) as archive:
        if torn := archive.testzip():
            raise ValueError(f"the checksum of {torn!r} is wrong")
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    return json.loads(str(arrays.pop(STATE))), arrays


def _flush_folder(folder: Path) -> None:
    """Make a renamed file outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _explained(error: OSError, what: str) -> OSError:
    reason = error.strerror or str(error)
    return type(error)(error.errno, f"{what} ({reason}); free some space or choose another folder")
