"""A checkpoint is whole or not there, and a folder belongs to one estimator at a time."""

import errno
import os
import shutil
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.estimator.model_dir import MARKER, ModelDir, Progress
from tests.helpers.estimator.examples import classifier, endless, one_pass, steps_of
from tests.helpers.system import failing


def write(folder, *steps):
    """Write checkpoints all of whose numbers are their step."""
    for step in steps:
        arrays = {"kernel": np.full((2, 4), step, np.float32), "global_step": np.array(step)}
        folder.write(step, arrays, Progress(1, step))


def step_read(folder):
    """Read the newest usable checkpoint, whose numbers must agree, and what was said about it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        progress, arrays = folder.read()
    step = int(arrays["global_step"])
    np.testing.assert_array_equal(arrays["kernel"], np.full((2, 4), step))
    assert progress == Progress(1, step)
    return step, [str(warning.message) for warning in caught]


# Damaged checkpoints


@pytest.fixture(scope="module")
def two_checkpoints(tmp_path_factory):
    folder = ModelDir(tmp_path_factory.mktemp("two"))
    with folder.held():
        write(folder, 10, 20)
    return folder, folder.checkpoints()[-1].read_bytes()


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(["cut", "replace", "overwrite"]),
    where=st.floats(0, 1, exclude_max=True),
    other=st.binary(min_size=1, max_size=40),
)
def test_a_damaged_checkpoint_is_never_taken_for_a_whole_one(two_checkpoints, kind, where, other):
    folder, content = two_checkpoints
    place = int(where * len(content))
    rest = content[place + len(other) :]
    damaged = {
        "cut": content[:place],
        "replace": other,
        "overwrite": content[:place] + other + rest,
    }
    folder.checkpoints()[-1].write_bytes(damaged[kind])
    step, messages = step_read(folder)
    assert step == 10 or kind == "overwrite"
    assert len(messages) == (step == 10)
    assert all("is torn or not an estimator's" in message for message in messages)


def test_an_archive_of_somebody_else_is_passed_over(two_checkpoints):
    folder, _ = two_checkpoints
    np.savez(folder.checkpoints()[-1], kernel=np.ones(3))
    assert step_read(folder)[0] == 10


@pytest.mark.filterwarnings("ignore:The checkpoint .* is torn")
def test_when_no_checkpoint_is_usable_training_says_so_and_keeps_them(tmp_path):
    model = classifier(tmp_path).train(endless, steps=10)
    for path in ModelDir(tmp_path).checkpoints():
        path.write_bytes(b"torn")
    for use in (lambda: model.train(endless, steps=1), lambda: model.evaluate(one_pass)):
        with pytest.raises(ValueError, match=r"None of the 2 checkpoints .* is usable; call reset"):
            use()
    assert steps_of(tmp_path) == [0, 10]
    model.reset()
    model.train(endless, steps=5)
    assert steps_of(tmp_path) == [0, 5]


# Files of others, and starting afresh


def test_a_folder_with_files_of_others_is_neither_trained_in_nor_reset(tmp_path):
    (tmp_path / "model.ckpt-1.npz").write_text("mine")
    model = classifier(tmp_path)
    sentence = "holds files that no estimator wrote, such as 'model.ckpt-1.npz'; choose"
    with pytest.raises(ValueError, match=sentence):
        model.train(endless, steps=1)
    with pytest.raises(ValueError, match=r"deletes nothing in .*: no estimator wrote this folder"):
        model.reset()
    assert (tmp_path / "model.ckpt-1.npz").read_text() == "mine"
    assert os.listdir(tmp_path) == ["model.ckpt-1.npz"]


def test_what_systems_leave_in_a_folder_is_no_obstacle(tmp_path):
    for name in (".DS_Store", ".gitkeep", "Thumbs.db"):
        (tmp_path / name).touch()
    assert classifier(tmp_path).train(endless, steps=1).latest_checkpoint()


def test_reset_forgets_training_and_nothing_else(tmp_path):
    model = classifier(tmp_path).train(endless, steps=20)
    model.evaluate(one_pass)
    mine = [tmp_path / "notes.txt", tmp_path / "train" / "notes.txt"]
    for path in mine:
        path.write_text("mine")
    model.reset()
    assert model.latest_checkpoint() is None
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(files) == sorted([tmp_path / MARKER, *mine])


# Disks
@pytest.mark.parametrize(
    ("place", "function", "code", "sentence"),
    [
        (Path, "mkdir", errno.EROFS, r"^model_dir .* \(Read-only file system\): ask for the right"),
        (np, "savez", errno.ENOSPC, r"^the checkpoint .* \(No space left on device\): free some"),
        (shutil, "disk_usage", None, r"^the checkpoint .* \(No space left on device\): free some"),
    ],
)
def test_training_does_not_start_where_it_cannot_be_written(
    tmp_path, monkeypatch, place, function, code, sentence
):
    nearly_full = SimpleNamespace(free=10)
    monkeypatch.setattr(place, function, failing(code) if code else lambda path: nearly_full)
    with pytest.raises(OSError, match=sentence):
        classifier(tmp_path).train(endless, steps=5)
    assert set(os.listdir(tmp_path)) <= {MARKER}


def test_a_disk_that_neither_locks_nor_flushes_is_trained_on_with_a_warning(tmp_path, monkeypatch):
    monkeypatch.setattr("filelock.FileLock.acquire", failing(errno.ENOLCK))
    monkeypatch.setattr(os, "fsync", failing(errno.EINVAL))
    with pytest.warns(UserWarning, match=r"lies on a disk without locks .*: see to it yourself"):
        classifier(tmp_path).train(endless, steps=5)
    assert steps_of(tmp_path) == [0, 5]


def test_a_second_estimator_of_the_same_process_is_refused(tmp_path):
    def data_that_train():
        classifier(tmp_path).train(endless, steps=1)

    with pytest.raises(BlockingIOError, match="wait until it ends, or choose another model_dir"):
        classifier(tmp_path).train(data_that_train, steps=1)
    assert classifier(tmp_path).train(endless, steps=5).latest_checkpoint()
