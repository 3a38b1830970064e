"""Write files whole or not at all, one process at a time, on every system.

All that differs between operating systems and file systems stands here: records,
checkpoints and data are written through this module.
"""

import contextlib
import errno
import functools
import hashlib
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

PARTIAL_SUFFIX = ".partial"
# What file systems answer that have no locks; 524 is Linux's own ENOTSUPP, from some NFS servers.
NO_LOCKS = {errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOLCK, 524}
NO_FLUSH = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
ADVICE = {
    **dict.fromkeys((errno.ENOSPC, errno.EFBIG, errno.EDQUOT), "free some space"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "ask for the right to write there"),
}
LEFT_BY_SYSTEMS = re.compile(
    r"\.DS_Store|\._.*|\.AppleDouble|\.localized|\.Trashes|\.Spotlight-V100|\.fseventsd|Icon\r|"
    r"(eh)?Thumbs\.db|desktop\.ini|\$RECYCLE\.BIN|System Volume Information|@eaDir|"
    r"lost\+found|\.nfs.*|\.fuse_hidden.*|\.Trash-\d+|\.directory|\.snapshots?|"
    r"\.ipynb_checkpoints|\.gitkeep",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"[A-Za-z][\w+.-]+:/|.*[\0-\x1f\ud800-\udbff]")
ON_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def local_path(name: str, path: str | os.PathLike[str]) -> Path:
    """Return the path of a folder or file on this machine; ``~`` stands for one's home.

    Parameters
    ----------
    name : str
        What the path is called where it was given, for the errors.
    path : str or path-like
        The path.

    Raises
    ------
    TypeError
        If it is no path.
    ValueError
        If it is empty, the address of another machine, or in an unknown person's home.

    Examples
    --------
    >>> local_path("model_dir", "tfs/circle").name
    'circle'
    """
    text = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    if not isinstance(text, str):
        raise TypeError(f"{name} is {path!r}, but it must be a path: give it as text.")
    foreign = os.name != "nt" and ON_WINDOWS.match(text)
    if not text or foreign or ELSEWHERE.match(text):
        raise ValueError(
            f"{name} is {text!r}, but it must be a path on this machine: give the name of a folder "
            "here, and copy what lies elsewhere."
        )
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError(
            f"{name} is {text!r}, but nobody's home has that name: write the whole path."
        ) from None


def files_of_people(folder: Path) -> list[str]:
    """Return the names in a folder, sorted, without those that systems leave by themselves."""
    names = sorted(path.name for path in folder.iterdir())
    return [name for name in names if not LEFT_BY_SYSTEMS.fullmatch(name)]


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield the path of a file to write beside `path`; in the end it takes the place of `path`.

    Close the file before the block ends. If the block fails, `path` stays as it was. Two
    processes must not write the same file at once: see `locked`.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "index.json")
    >>> with written_whole(path) as partial:
    ...     _ = partial.write_text("{}")
    >>> path.read_text()
    '{}'
    """
    partial = path.with_name(path.name + PARTIAL_SUFFIX)
    try:
        yield partial
        put_in_place(partial, path)
    except BaseException:
        discard(partial)
        raise


def put_in_place(partial: Path, path: Path) -> None:
    """Let a complete file take the place of another in one step that outlives a power cut."""
    with open(partial, "r+b") as file:
        _flush(file.fileno())
    os.replace(partial, path)
    # The file is there and whole; Windows opens no folder, and some file systems flush none.
    with contextlib.suppress(OSError):
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def discard(path: Path) -> None:
    """Delete a file that is not needed, unless it is gone or, on Windows, being read."""
    with contextlib.suppress(OSError):
        path.unlink()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def locked(path: Path, busy: str) -> Iterator[None]:
    """Hold a lock file, which the system releases when this process ends, however it ends.

    Where there are no locks, a warning says so and the block runs all the same.

    Parameters
    ----------
    path : Path
        The lock file. It is made if need be, and stays.
    busy : str
        The sentence to raise when somebody else holds it.

    Raises
    ------
    BlockingIOError
        If another process, or another place in this one, holds it.
    """
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(_lock(path))
        except TimeoutError:
            raise BlockingIOError(busy) from None
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            _warn_of_no_locks(path.parent, os.strerror(error.errno))
        yield


@contextlib.contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn an error of the system into one sentence with its cause and a cure.

    Parameters
    ----------
    what : str
        What cannot be written, with its place, as the sentence shall begin.

    Raises
    ------
    OSError
        Of the same kind and ``errno``. What has its own sentence already stays as it is.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or error.strerror is None:
            raise
        raise explanation(error, what) from error


def explanation(error: OSError, what: str) -> OSError:
    """Return an error of the same kind that says in one sentence what to do."""
    advice = ADVICE.get(error.errno, "check the disk")
    sentence = f"{what} cannot be written ({error.strerror}): {advice}, or choose another path."
    told = type(OSError(error.errno, ""))(sentence)
    told.errno = error.errno
    return told


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    filelock = _filelock()
    path.touch()
    if filelock.FileLock is filelock.SoftFileLock:  # This one is held as long as its file exists.
        lock = filelock.FileLock(f"{path}.held", thread_local=False)
    else:
        options = {"fallback_to_soft": False, "preserve_lock_file": True}
        lock = filelock.FileLock(path, thread_local=False, **options)
    # The first attempt only takes away what a killed holder of a soft lock has left.
    lock.acquire(timeout=0.2)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.release()


@functools.cache
def _filelock() -> ModuleType:
    """Import the library of locks late, since it is slow and reading needs none."""
    with warnings.catch_warnings(action="ignore"):  # It warns where it has only soft locks.
        import filelock
    return filelock


@functools.cache
def _warn_of_no_locks(folder: Path, reason: str) -> None:
    warnings.warn(
        f"{str(folder)!r} lies on a disk without locks ({reason}): see to it yourself that no "
        "other process writes there at the same time.",
        stacklevel=5,
    )


def _flush(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in NO_FLUSH:
            raise
