"""Write samples into TFRecord shards, and stream them back.

A set of records is a folder: one TFRecord file for each shard, and
``index.json``, which names the shards with their sizes and checksums and the
features with their shapes and dtypes. The index is written last and replaced in
one step, so a reader sees the old set or the new one and never a mixture.
"""

import contextlib
import errno
import itertools
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import ArrayLike
from tqdm.auto import tqdm

from helpers.arguments import choice, text, unmasked, whole_number
from helpers.files import (
    PARTIAL_SUFFIX,
    discard,
    explained,
    file_hash,
    files_of_people,
    local_path,
    locked,
    put_in_place,
    written_whole,
)
from helpers.records.index import FORMAT, INDEX, SHARD_NAME, check_files, decoder, read_index

__all__ = ["read_records", "write_records"]

LOCK = ".records.lock"
COMPRESSIONS = (None, "GZIP", "ZLIB")
DTYPES = (
    *("float16", "float32", "float64", "complex64", "complex128", "bool"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16"),
)


def write_records(
    path: str | os.PathLike[str],
    X: ArrayLike | pd.DataFrame | Mapping[str, ArrayLike],
    y: ArrayLike | pd.Series | pd.DataFrame | None = None,
    shards: int = 1,
    compression: str | None = None,
) -> list[Path]:
    """Write samples into a folder of TFRecord files.

    The samples are written one at a time, so memory-mapped arrays are never
    loaded whole. Each shard holds a run of consecutive samples, and the shards'
    lengths differ by one at most. Every shard is read back, and its records
    counted, before it counts as written. A set that stands at `path` already is
    replaced at the very end, in one step: a write that fails or is killed leaves
    it as it was.

    Parameters
    ----------
    path : str or path-like
        The folder to write; ``~`` stands for your home. It is made when it does
        not exist; a folder that holds anything else is refused.
    X : array, DataFrame or dict of arrays
        The features, with one entry for each sample along the first axis: shape
        (n_samples, ...). The columns of a table and the entries of a dict become
        named features. Any of the dtypes in ``helpers.records.DTYPES``; values
        come back bit for bit, with the machine's byte order.
    y : array, Series or DataFrame, optional
        The labels, shape (n_samples, ...). Without labels, only features are
        written.
    shards : int, default 1
        The number of files, from 1 to n_samples.
    compression : {None, "GZIP", "ZLIB"}, default None
        How each file is compressed.

    Returns
    -------
    list of Path
        The shards in the order of their samples.

    Raises
    ------
    TypeError
        If a feature has a dtype that records cannot hold, a name is not text, or
        `shards` is not a whole number.
    ValueError
        If there are no samples, lengths differ, values are masked, `path` is an
        address of another machine, or `shards` or `compression` is none of the
        allowed.
    FileExistsError
        If `path` is a file, or a folder that this function did not write.
    BlockingIOError
        If another process is writing to `path`.
    OSError
        If the files cannot be written, for instance because the disk is full.

    Warns
    -----
    UserWarning
        If the disk has no locks, as some shared disks have none.

    See Also
    --------
    read_records : stream the samples back.

    Notes
    -----
    A TFRecord file is a sequence of (length, checksum of the length, data,
    checksum of the data); see https://www.tensorflow.org/tutorials/load_data/tfrecord.
    Here the data of a record is a ``tf.train.Example`` with the bytes of each
    array, little-endian, under the keys ``feature/NAME`` and ``label``.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> folder = tempfile.TemporaryDirectory()
    >>> X = np.arange(6, dtype=np.float32).reshape(3, 2)
    >>> paths = write_records(folder.name, X, y=np.array([0, 1, 1]), shards=2)
    >>> len(paths)
    2
    >>> [int(label) for features, label in read_records(folder.name)]
    [0, 1, 1]
    >>> folder.cleanup()
    """
    columns, named = _columns(X, y)
    n_samples = _common_length(columns)
    shards = whole_number("shards", shards, least=1, most=min(n_samples, 99_999))
    choice("compression", compression, COMPRESSIONS)
    folder = local_path("path", path)
    with explained(f"The records in {str(folder)!r}"), _only_writer(folder):
        try:
            with _errors_of_the_system():
                index = _write_shards(folder, columns, n_samples, shards, compression)
            index |= {"named": named, "columns": _describe(columns)}
            with written_whole(folder / INDEX) as partial:
                partial.write_bytes(json.dumps(index, indent=1).encode())
        finally:
            _remove_leftovers(folder)
    return [folder / shard["name"] for shard in index["shards"]]


def read_records(
    path: str | os.PathLike[str],
    batch_size: int | None = None,
    shuffle: int | None = None,
    repeat: bool = False,
    seed: int | None = None,
    verify: bool = True,
) -> tf.data.Dataset:
    """Stream the samples of a folder that `write_records` wrote.

    Only the samples on their way are in memory. Every file is checked before the
    first sample is handed out, so a damaged one stops you before you train and
    not in the middle of it.

    Parameters
    ----------
    path : str or path-like
        The folder.
    batch_size : int, optional
        How many samples to put into a batch; the last batch may be smaller.
        Without it, the dataset's elements are single samples. Batches are
        decoded at once, which is several times faster.
    shuffle : int, optional
        The number of samples to keep in the buffer from which the next one is
        drawn at random, in another order each time the data are read. Without it,
        samples come in the order in which they were written.
    repeat : bool, default False
        Whether to start again for ever, after shuffling and before batching.
    seed : int, optional
        The seed of the shuffling, from 0 to 2**32 - 1.
    verify : bool, default True
        Whether to compare the SHA-256 of every file with the index. If false, the
        sizes are compared, which costs nothing, and TensorFlow still compares the
        checksum of each record as it reads it.

    Returns
    -------
    tf.data.Dataset
        Of ``(features, label)``, or of ``features`` where no labels were written.
        ``features`` is a dict if named features were written, else an array.

    Raises
    ------
    FileNotFoundError
        If there is no such folder, or it lacks its index or a shard.
    TypeError
        If a number is not a whole number.
    ValueError
        If a file is not what was written, or an argument is none of the allowed.

    See Also
    --------
    write_records : write the folder.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> folder = tempfile.TemporaryDirectory()
    >>> table = pd.DataFrame({"x0": [0.0, 1.0, 2.0], "x1": [3.0, 4.0, 5.0]})
    >>> _ = write_records(folder.name, table)
    >>> for batch in read_records(folder.name, batch_size=2):
    ...     print(batch["x0"].numpy(), batch["x1"].numpy())
    [0. 1.] [3. 4.]
    [2.] [5.]
    >>> folder.cleanup()
    """
    for name, value in (("batch_size", batch_size), ("shuffle", shuffle)):
        if value is not None:
            whole_number(name, value, least=1, most=2**31 - 1)
    choice("repeat", repeat, (True, False))
    choice("verify", verify, (True, False))
    if seed is not None:
        whole_number("seed", seed, least=0, most=2**32 - 1)
    folder = local_path("path", path)
    index = read_index(folder)
    check_files(folder, index["shards"], verify)

    dataset = tf.data.TFRecordDataset(
        [str(folder / shard["name"]) for shard in index["shards"]],
        compression_type=index["compression"],
    )
    n_samples = sum(shard["records"] for shard in index["shards"])
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(n_samples))
    if shuffle is not None:
        dataset = dataset.shuffle(shuffle, seed=seed)
    if repeat:
        dataset = dataset.repeat()
    if batch_size is not None:
        dataset = dataset.batch(batch_size)
    decode = decoder(index, batched=batch_size is not None)
    return dataset.map(decode, num_parallel_calls=tf.data.AUTOTUNE)


def _columns(X, y) -> tuple[dict[str, np.ndarray], bool]:
    """Return the arrays by the key that each has in a record, and whether features are named."""
    named = isinstance(X, Mapping | pd.DataFrame)
    if isinstance(X, pd.DataFrame) and not X.columns.is_unique:
        raise ValueError("X has two columns of one name: give each a name of its own.")
    features = dict(X) if named else {"X": X}
    for name in features:
        text("The name of a feature", name)
    columns = {f"feature/{name}": values for name, values in features.items()}
    if y is not None:
        columns["label"] = y
    return {key: _storable(key, values) for key, values in columns.items()}, named


def _storable(key: str, values) -> np.ndarray:
    array = unmasked(key.removeprefix("feature/"), values)
    if array.dtype.name not in DTYPES:
        raise TypeError(
            f"The values of {key!r} have the dtype {array.dtype.name}, which records cannot hold; "
            f"convert them to one of {', '.join(DTYPES)}."
        )
    return array


def _common_length(columns: dict[str, np.ndarray]) -> int:
    if not columns:
        raise ValueError("There are no features to write: X is empty.")
    lengths = {key: len(array) if array.ndim else 0 for key, array in columns.items()}
    n_samples = next(iter(lengths.values()))
    for key, length in lengths.items():
        if columns[key].size == 0 or columns[key].ndim == 0:
            raise ValueError(
                f"{key!r} has no samples; give an array of one entry for each sample, and at least "
                f"one sample."
            )
        if length != n_samples:
            raise ValueError(
                f"{key!r} has {length} samples where {next(iter(lengths))!r} has {n_samples}; give "
                f"each sample one entry in every array."
            )
    return n_samples


def _make_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file; give the name of a folder for the shards.")
    if folder.exists() and files_of_people(folder) and not _is_ours(folder):
        raise FileExistsError(
            f"{folder} holds files that are not records; give the name of a new or an empty folder."
        )
    folder.mkdir(parents=True, exist_ok=True)


def _is_ours(folder: Path) -> bool:
    try:
        return (folder / LOCK).exists() or bool(read_index(folder))
    except (FileNotFoundError, ValueError):
        return False


@contextlib.contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    _make_folder(folder)
    busy = f"Another process is writing records to {folder}; wait for it, or choose another folder."
    with locked(folder / LOCK, busy):
        yield


@contextlib.contextmanager
def _errors_of_the_system() -> Iterator[None]:
    """Raise what the disk answered to TensorFlow as Python would."""
    try:
        yield
    except tf.errors.OpError as error:
        answers = {os.strerror(code): code for code in errno.errorcode}
        answer = error.message.rpartition("; ")[2]
        raise OSError(answers.get(answer, errno.EIO), answer) from error


def _write_shards(folder, columns, n_samples, shards, compression) -> dict:
    bounds = [n_samples * number // shards for number in range(shards + 1)]
    written = []
    with tqdm(total=n_samples, desc=f"Writing {folder.name}", delay=2, leave=False) as progress:
        for number, (start, stop) in enumerate(itertools.pairwise(bounds)):
            partial = folder / f"shard{PARTIAL_SUFFIX}"
            with tf.io.TFRecordWriter(str(partial), compression or "") as writer:
                for sample in range(start, stop):
                    writer.write(_encode(columns, sample))
                    progress.update()
            _check_readable(partial, compression, stop - start)
            digest = file_hash(partial)
            name = f"shard-{number:05d}-of-{shards:05d}-{digest[:8]}.tfrecord"
            written.append(
                {
                    "name": name,
                    "records": stop - start,
                    "bytes": partial.stat().st_size,
                    "sha256": digest,
                }
            )
            put_in_place(partial, folder / name)
    return {"format": FORMAT, "compression": compression or "", "shards": written}


def _encode(columns: dict[str, np.ndarray], sample: int) -> bytes:
    features = {
        key: tf.train.Feature(
            bytes_list=tf.train.BytesList(
                value=[np.asarray(array[sample], array.dtype.newbyteorder("<")).tobytes()]
            )
        )
        for key, array in columns.items()
    }
    example = tf.train.Example(features=tf.train.Features(feature=features))
    # The order of a map's entries is arbitrary unless asked for; equal samples give equal files.
    return example.SerializeToString(deterministic=True)


def _check_readable(shard: Path, compression, expected: int) -> None:
    records = tf.data.TFRecordDataset(str(shard), compression_type=compression or "")
    found = int(records.reduce(np.int64(0), lambda count, _: count + 1))
    if found != expected:
        raise OSError(f"{shard} was read back with {found} records instead of {expected}.")


def _describe(columns: dict[str, np.ndarray]) -> dict:
    return {
        key: {"dtype": array.dtype.name, "shape": list(array.shape[1:])}
        for key, array in columns.items()
    }


def _remove_leftovers(folder: Path) -> None:
    """Remove the shards that the index does not name: an older set's, or a failed write's."""
    for unfinished in ("shard", INDEX):
        discard(folder / f"{unfinished}{PARTIAL_SUFFIX}")
    try:
        kept = {shard["name"] for shard in read_index(folder)["shards"]}
    except FileNotFoundError:
        kept = set()
    except ValueError:
        return
    for file in folder.iterdir():
        if SHARD_NAME.fullmatch(file.name) and file.name not in kept:
            discard(file)
