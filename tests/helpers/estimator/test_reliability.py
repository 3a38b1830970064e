"""Whatever happens to a process that trains, its model_dir stays usable.

Children come from a fork server that has TensorFlow imported but not started, so that killing
many of them takes seconds and not minutes.
"""

import errno
import fcntl
import multiprocessing
import os
import random
import shutil
import signal
import time
import warnings
from collections import namedtuple

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.estimator import DNNClassifier, RunConfig, numeric_inputs
from helpers.estimator.model_dir import MARKER, ModelDir
from helpers.generate import generate_circles

POINTS, SIDES = generate_circles(200)
KILLS = 12
SAVE_EVERY = 5
PATIENCE = 120

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["helpers.estimator", "helpers.generate"])


def circles_data():
    dataset = tf.data.Dataset.from_tensor_slices((dict(POINTS), SIDES))
    return dataset.shuffle(200).repeat().batch(20)


def classifier(folder, save_every_steps=SAVE_EVERY):
    config = RunConfig(folder, seed=1, save_every_steps=save_every_steps, keep_checkpoints=2)
    return DNNClassifier([4], numeric_inputs(POINTS), activation_fn="sigmoid", config=config)


def train(folder, max_steps, written=None):
    """Train, and announce the step of each checkpoint as soon as it is said to be written."""
    original = ModelDir.write

    def write(self, step, *arguments):
        original(self, step, *arguments)
        if written is not None:
            written.value = step

    ModelDir.write = write
    try:
        classifier(folder).train(circles_data, max_steps=max_steps)
    finally:
        ModelDir.write = original


def started(target, *arguments):
    process = processes.Process(target=target, args=arguments)
    process.start()
    return process


def kill(process):
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.002)


def assert_same_training(folder, other):
    (_, mine), (_, others) = ModelDir(folder).read(), ModelDir(other).read()
    assert mine.keys() == others.keys()
    for name, value in mine.items():
        np.testing.assert_allclose(value, others[name], rtol=1e-5, atol=1e-7, err_msg=name)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """The folder of 200 steps in one go."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    train(folder, 200)
    return folder


# Processes that end


def test_a_new_process_goes_on_to_the_same_numbers(tmp_path, uninterrupted):
    for max_steps in (100, 200):
        process = started(train, tmp_path, max_steps)
        process.join()
        assert process.exitcode == 0
    assert_same_training(tmp_path, uninterrupted)


def test_kills_at_any_moment_lose_only_the_steps_since_the_last_checkpoint(tmp_path, uninterrupted):
    draw = random.Random(4)
    written = processes.Value("q", -1)
    for _ in range(KILLS):
        saves = draw.randrange(4)
        due = min(written.value + saves * SAVE_EVERY, 195)
        process = started(train, tmp_path, 200, written)
        wait_for(lambda due=due: written.value >= due)
        time.sleep(draw.uniform(0, 0.05 if saves else 0.5))
        kill(process)
        latest = ModelDir(tmp_path).read()
        if written.value >= 0:
            state, arrays = latest
            assert arrays["global_step"] >= written.value
            assert state["position"] == arrays["global_step"]
    assert 0 < written.value < 200
    train(tmp_path, 200)
    assert_same_training(tmp_path, uninterrupted)


def write_and_die(folder, where):
    """Write a checkpoint and be killed at one point of it."""

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    def half_a_file(file, **arrays):
        file.write(b"PK\x03\x04 half a checkpoint")
        file.flush()
        die()

    replace = os.replace
    if where == "while writing":
        np.savez = half_a_file
    elif where == "before it is flushed":
        os.fsync = die
    elif where == "before it is renamed":
        os.replace = die
    elif where == "after it is renamed":
        os.replace = lambda *paths: (replace(*paths), die())
    else:
        type(folder.path).unlink = die
    with folder.held():
        folder.write(30, {"weight": np.full(1000, 30.0)}, {"step": 30})


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("while writing", 20),
        ("before it is flushed", 20),
        ("before it is renamed", 20),
        ("after it is renamed", 30),
        ("before the oldest is deleted", 30),
    ],
)
def test_a_kill_at_each_point_of_writing_leaves_a_whole_checkpoint(tmp_path, where, expected):
    folder = ModelDir(tmp_path, keep=2)
    with folder.held():
        for step in (10, 20):
            folder.write(step, {"weight": np.full(1000, float(step))}, {"step": step})
    process = started(write_and_die, folder, where)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    state, arrays = folder.read()
    assert state["step"] == expected
    np.testing.assert_array_equal(arrays["weight"], np.full(1000, float(expected)))
    with folder.held():
        folder.write(40, {"weight": np.zeros(1)}, {"step": 40})
    assert [path.name[11:13] for path in folder.checkpoints()] == [str(expected), "40"]
    assert not list(tmp_path.glob("*.tmp"))


class Break(KeyboardInterrupt):
    """What stopping a notebook's cell raises."""


def test_a_training_that_is_broken_off_goes_on_in_the_same_process(
    tmp_path, uninterrupted, monkeypatch
):
    write = ModelDir.write

    def break_off(self, step, *arguments):
        if step == 60:
            raise Break
        write(self, step, *arguments)

    model = classifier(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(ModelDir, "write", break_off)
        with pytest.raises(Break):
            model.train(circles_data, max_steps=200)
    assert model.get_variable_value("global_step") == 55
    model.train(circles_data, max_steps=200)
    assert_same_training(tmp_path, uninterrupted)


# Two at once


def hold(folder, held):
    with ModelDir(folder).held():
        held.set()
        time.sleep(PATIENCE)


def test_a_second_process_is_refused_until_the_first_ends_or_is_killed(tmp_path):
    held = processes.Event()
    process = started(hold, tmp_path, held)
    assert held.wait(PATIENCE)
    before = sorted(os.listdir(tmp_path))
    for use in (lambda: train(tmp_path, 5), classifier(tmp_path).reset):
        with pytest.raises(BlockingIOError, match="Another process is training in model_dir"):
            use()
    assert sorted(os.listdir(tmp_path)) == before
    kill(process)
    train(tmp_path, 5)
    assert ModelDir(tmp_path).read()[1]["global_step"] == 5


def test_a_second_estimator_of_the_same_process_is_refused(tmp_path):
    def data_that_train():
        classifier(tmp_path).train(circles_data, steps=1)

    with pytest.raises(BlockingIOError, match="wait until it ends, or choose another model_dir"):
        classifier(tmp_path).train(data_that_train, steps=1)
    train(tmp_path, 5)


def test_a_folder_that_cannot_be_locked_is_used_with_a_warning(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.warns(
        UserWarning, match=r"cannot be locked \(Operation not supported\); take care"
    ):
        train(tmp_path, 5)
    assert ModelDir(tmp_path).read()[1]["global_step"] == 5


def write_many(folder):
    with folder.held():
        for step in range(1_000_000):
            folder.write(step, {"weight": np.full(100, step)}, {"step": step})


def test_reading_while_another_process_writes_and_deletes(tmp_path):
    folder = ModelDir(tmp_path, keep=1)
    process = started(write_many, folder)
    wait_for(folder.checkpoints)
    last = -1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(200):
            state, arrays = folder.read()
            assert state["step"] >= last
            assert (arrays["weight"] == state["step"]).all()
            last = state["step"]
    kill(process)
    assert last > 0


# Damaged checkpoints


@pytest.fixture(scope="module")
def two_checkpoints(tmp_path_factory):
    folder = ModelDir(tmp_path_factory.mktemp("two"))
    with folder.held():
        for step in (10, 20):
            arrays = {"dnn/kernel": np.full((2, 4), step, np.float32), "global_step": step}
            arrays = {name: np.asarray(array) for name, array in arrays.items()}
            folder.write(step, arrays, {"seed": 1, "position": step})
    return folder, folder.checkpoints()[-1].read_bytes()


@st.composite
def damages(draw):
    """Ways to damage a file: cut it, overwrite a part, or replace all of it."""
    kind = draw(st.sampled_from(["cut", "overwrite", "replace"]))
    return kind, draw(st.floats(0, 1, exclude_max=True)), draw(st.binary(min_size=1, max_size=40))


def damaged(content, damage):
    kind, where, other = damage
    place = int(where * len(content))
    if kind == "cut":
        return content[:place]
    if kind == "replace":
        return other
    return content[:place] + other + content[place + len(other) :]


def step_read(folder):
    """Read the newest usable checkpoint, whose arrays and state must agree."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        state, arrays = folder.read()
    assert (arrays["dnn/kernel"] == arrays["global_step"]).all()
    assert arrays["dnn/kernel"].shape == (2, 4)
    assert state == {"seed": 1, "position": arrays["global_step"]}
    return int(arrays["global_step"]), [str(warning.message) for warning in caught]


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(damage=damages())
def test_a_damaged_checkpoint_is_never_taken_for_a_whole_one(two_checkpoints, damage):
    folder, content = two_checkpoints
    folder.checkpoints()[-1].write_bytes(damaged(content, damage))
    step, messages = step_read(folder)
    if step == 10:
        assert len(messages) == 1
        assert "is torn or not an estimator's" in messages[0]
    else:
        assert messages == []


@pytest.mark.parametrize("kind", ["cut", "replace"])
def test_what_is_cut_off_or_foreign_is_passed_over(two_checkpoints, kind):
    folder, content = two_checkpoints
    for part in range(20):
        folder.checkpoints()[-1].write_bytes(damaged(content, (kind, part / 20, b"foreign" * part)))
        assert step_read(folder)[0] == 10


def test_an_archive_of_somebody_else_is_passed_over(two_checkpoints):
    folder, _ = two_checkpoints
    np.savez(folder.checkpoints()[-1], kernel=np.ones(3))
    assert step_read(folder)[0] == 10


@pytest.mark.filterwarnings("ignore:The checkpoint .* is torn")
def test_training_goes_on_from_the_checkpoint_before_a_torn_one(tmp_path, uninterrupted):
    train(tmp_path, 50)
    newest = ModelDir(tmp_path).checkpoints()[-1]
    newest.write_bytes(newest.read_bytes()[:-100])
    with pytest.warns(UserWarning, match=r"model.ckpt-50.npz' is torn .* going back to the one be"):
        train(tmp_path, 52)
    assert (tmp_path / "model.ckpt-50.npz.unusable").exists()
    train(tmp_path, 200)
    assert_same_training(tmp_path, uninterrupted)


@pytest.mark.filterwarnings("ignore:The checkpoint .* is torn")
def test_when_no_checkpoint_is_usable_training_says_so_and_keeps_them(tmp_path):
    train(tmp_path, 10)
    for path in ModelDir(tmp_path).checkpoints():
        path.write_bytes(b"torn")
    model = classifier(tmp_path)
    for use in (lambda: model.train(circles_data, steps=1), lambda: model.evaluate(circles_data)):
        with pytest.raises(
            ValueError, match=r"None of the 2 checkpoints in .* is usable; call res"
        ):
            use()
    assert len(list(tmp_path.glob("model.ckpt-*"))) == 2
    model.reset()
    model.train(circles_data, steps=5)
    assert model.get_variable_value("global_step") == 5


# Places where nothing can be written

Usage = namedtuple("Usage", "total used free")


def test_a_folder_below_a_file_is_refused_before_training(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OSError, match=r"cannot be written \(Not a directory\)"):
        classifier(tmp_path / "file" / "model").train(circles_data, steps=1)


def test_a_folder_without_permission_is_refused_before_training(tmp_path, monkeypatch):
    def refuse(path, **_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(type(tmp_path), "touch", refuse)
    with pytest.raises(PermissionError, match=r"cannot be written \(Permission denied\)"):
        classifier(tmp_path).train(circles_data, steps=1)


def test_a_full_disk_is_refused_before_training(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9 - 10, 10))
    with pytest.raises(OSError, match=r"cannot be written \(No space left on device\); free some"):
        classifier(tmp_path).train(circles_data, steps=5)
    assert os.listdir(tmp_path) == [MARKER]


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_disk_that_fills_up_while_training_keeps_the_checkpoints_before(
    tmp_path, uninterrupted, monkeypatch, function
):
    working, calls = getattr(os, function), []

    def fill_up(*arguments):
        calls.append(arguments)
        if len(calls) > 8:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return working(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, function, fill_up)
        with pytest.raises(OSError, match=r"cannot be written \(No space left on device\)"):
            train(tmp_path, 200)
    assert not list(tmp_path.glob("*.tmp"))
    assert 0 < ModelDir(tmp_path).read()[1]["global_step"] < 200
    train(tmp_path, 200)
    assert_same_training(tmp_path, uninterrupted)
