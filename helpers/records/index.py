"""The index of a set of records: which shards there are, whether whole, and what they hold."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import tensorflow as tf

from helpers.files import file_hash

INDEX = "index.json"
FORMAT = "helpers.records 1"
SHARD_NAME = re.compile(r"shard-\d{5}-of-\d{5}-[0-9a-f]{8}\.tfrecord")


def read_index(folder: Path) -> dict:
    """Return what the index of a folder says, or raise one sentence on what is wrong with it."""
    if not folder.exists():
        raise FileNotFoundError(
            f"There are no records at {folder}; write them first with write_records."
        )
    if not (folder / INDEX).is_file():
        raise FileNotFoundError(
            f"{folder} has no {INDEX}, so its records were never written to the end; write them "
            f"again with write_records."
        )
    try:
        index = json.loads((folder / INDEX).read_bytes())
        sound = (
            index["format"] == FORMAT
            and {"compression", "named", "columns"} <= index.keys()
            and all(SHARD_NAME.fullmatch(shard["name"]) for shard in index["shards"])
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise ValueError(
            f"{folder / INDEX} is damaged or of another program; write the records again with "
            f"write_records."
        )
    return index


def check_files(folder: Path, shards: list[dict], verify: bool) -> None:
    """Raise an error unless the shards are there, whole and, to `verify` them, unaltered."""
    for shard in shards:
        file = folder / shard["name"]
        if not file.is_file():
            raise FileNotFoundError(
                f"The shard {file} is missing; write the records again with write_records."
            )
        size = file.stat().st_size
        if size != shard["bytes"]:
            raise ValueError(
                f"The shard {file} has {size} bytes instead of {shard['bytes']}: it was cut or "
                f"altered; write the records again with write_records."
            )
        if verify and file_hash(file) != shard["sha256"]:
            raise ValueError(
                f"The shard {file} was altered: its SHA-256 is not what it was; write the records "
                f"again with write_records."
            )


def decoder(index: dict, batched: bool) -> Callable:
    """Return the function that turns serialised records into (features, label)."""
    columns = index["columns"]
    leading = [-1] if batched else []
    wanted = {key: tf.io.FixedLenFeature([], tf.string) for key in columns}

    def decode(serialized):
        stored = tf.io.parse_example(serialized, wanted)
        values = {
            key: tf.reshape(
                tf.io.decode_raw(stored[key], column["dtype"]), leading + column["shape"]
            )
            for key, column in columns.items()
        }
        label = values.pop("label", None)
        features = {key.removeprefix("feature/"): value for key, value in values.items()}
        features = features if index["named"] else features["X"]
        return features if label is None else (features, label)

    return decode
