"""No write loses a set of records, and no damage to one goes unnoticed."""

import errno
import json
import os

import numpy as np
import pytest
import tensorflow as tf

from helpers import files, records
from helpers.records import read_records, write_records
from tests.helpers.kills import KILLED, break_at, die, ended
from tests.helpers.record_sets import X, labels_of, shards_of, y
from tests.helpers.system import failing, file_size_limited

# Nothing is lost


def test_a_set_is_replaced_and_nothing_of_the_old_one_stays(folder):
    paths = write_records(folder, X[:4], y[:4] + 100)
    assert shards_of(folder) == paths
    assert labels_of(read_records(folder)) == [100, 101, 102, 103]


def test_a_write_that_fails_leaves_the_old_set(folder, monkeypatch):
    before = shards_of(folder)
    encode = records._encode

    def fails_late(columns, sample):
        if sample == 6:
            raise OSError("The cable was pulled.")
        return encode(columns, sample)

    monkeypatch.setattr(records, "_encode", fails_late)
    with pytest.raises(OSError, match="The cable was pulled"):
        write_records(folder, X, y + 100, shards=4)
    assert shards_of(folder) == before
    assert labels_of(read_records(folder)) == list(y)


@pytest.mark.only_on("posix", reason="limits the size of files")
def test_a_full_disk_is_told_and_costs_nothing(folder):
    full = pytest.raises(OSError, match=r"cannot be written \(.*\): free some space")
    with full, file_size_limited(100_000):
        write_records(folder, np.ones((100, 10_000)))
    assert labels_of(read_records(folder)) == list(y)
    assert not list(folder.glob("*.partial"))


def write_and_die(folder, death, call):
    break_at(death, call, die)
    write_records(folder, np.full((200, 5), 2), shards=2)


@pytest.mark.only_on("posix", reason="a fork server, whose children are killed")
@pytest.mark.parametrize("death", ["os.fsync", "os.replace", "pathlib.Path.unlink"])
def test_a_writer_that_is_killed_leaves_one_whole_set(tmp_path, death):
    write_records(tmp_path, np.full((200, 5), 1), shards=2)
    for call in (1, 3):
        assert ended(write_and_die, tmp_path, death, call) == KILLED
        (values,) = read_records(tmp_path, batch_size=200)
        assert values.shape == (200, 5)
        assert len(np.unique(values)) == 1
    write_records(tmp_path, np.full((200, 5), 3))
    # One shard, the index and the lock: the killed writers' leftovers are gone, too.
    assert len(os.listdir(tmp_path)) == 3


def test_a_second_writer_is_refused(folder):
    with (
        files.locked(folder / records.LOCK, "busy"),
        pytest.raises(BlockingIOError, match="Another process is writing records to"),
    ):
        write_records(folder, X, y)
    write_records(folder, X, y)


def test_a_folder_that_may_not_be_written_is_told(folder, monkeypatch):
    monkeypatch.setattr(type(folder), "mkdir", failing(errno.EROFS))
    with pytest.raises(OSError, match=r"^The records in .* cannot be written \(.*\): ask for"):
        write_records(folder, X, y)
    assert labels_of(read_records(folder)) == list(y)


def test_a_folder_in_which_systems_left_files_is_new(tmp_path):
    (tmp_path / ".DS_Store").touch()
    (tmp_path / ".ipynb_checkpoints").mkdir()
    write_records(tmp_path, X, y)
    assert labels_of(read_records(tmp_path)) == list(y)


def test_what_people_put_beside_records_stays(folder):
    (folder / "notes.partial").write_text("42")
    write_records(folder, X, y)
    assert (folder / "notes.partial").read_text() == "42"


# Damage


def cut(file, n_bytes):
    file.write_bytes(file.read_bytes()[:-n_bytes])


def flip_a_bit(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def length_of_one_record(file):
    return file.stat().st_size // sum(1 for _ in tf.data.TFRecordDataset(str(file)))


def test_a_shard_cut_between_two_records_is_refused(folder):
    """TensorFlow takes such a file for a shorter one and says nothing."""
    shard = shards_of(folder)[0]
    cut(shard, length_of_one_record(shard))
    assert sum(1 for _ in tf.data.TFRecordDataset(str(shard))) == 1
    with pytest.raises(ValueError, match=f"{shard.name} has .* bytes instead of"):
        read_records(folder)


@pytest.mark.parametrize(
    ("damage", "error", "words"),
    [
        (lambda folder: flip_a_bit(shards_of(folder)[-1]), ValueError, "tfrecord was altered"),
        (lambda folder: shards_of(folder)[1].unlink(), FileNotFoundError, "tfrecord is missing"),
        (lambda folder: (folder / records.INDEX).unlink(), FileNotFoundError, "never written to"),
    ],
)
def test_damage_is_refused_before_any_sample(folder, damage, error, words):
    damage(folder)
    with pytest.raises(error, match=words):
        read_records(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"shards": None},
        {"format": "helpers.records 0"},
        {"shards": [{"name": "../elsewhere.tfrecord"}]},
    ],
)
def test_an_index_of_another_kind_is_refused(folder, change):
    index = json.loads((folder / records.INDEX).read_text())
    (folder / records.INDEX).write_text(json.dumps(index | change))
    with pytest.raises(ValueError, match="damaged or of another program"):
        read_records(folder)


def test_without_verification_tensorflow_still_finds_the_flipped_bit(folder):
    flip_a_bit(shards_of(folder)[-1])
    dataset = read_records(folder, verify=False)
    with pytest.raises(tf.errors.DataLossError):
        labels_of(dataset)


def test_a_torn_index_is_refused_and_can_be_written_anew(folder):
    cut(folder / records.INDEX, 20)
    with pytest.raises(ValueError, match="damaged or of another program"):
        read_records(folder)
    write_records(folder, X, y)
    assert labels_of(read_records(folder)) == list(y)


def test_a_failed_write_over_a_torn_index_keeps_the_shards(folder, monkeypatch):
    cut(folder / records.INDEX, 20)
    before = shards_of(folder)
    monkeypatch.setattr(records, "file_hash", lambda file: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_records(folder, X + 1, y)
    assert shards_of(folder) == before
