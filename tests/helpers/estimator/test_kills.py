"""Whatever ends a process that trains, the next one goes on to the same numbers."""

import errno
import itertools
import os
import signal

import numpy as np
import pytest

from helpers.estimator.model_dir import ModelDir
from tests.helpers.estimator import examples
from tests.helpers.estimator.test_model_dir import step_read, write
from tests.helpers.kills import KILLED, break_at, die, ended, processes

SAVE_EVERY = 5
END = 100
STEPS_DONE = "helpers.estimator.steps.write_events"
# Where a process is killed: on the way to a checkpoint, and all along the way of writing it.
DEATHS = [
    STEPS_DONE,
    "numpy.savez",
    "zipfile.ZipFile.close",
    "os.fsync",
    "os.replace",
    "helpers.estimator.model_dir.discard",
]

pytestmark = pytest.mark.only_on("posix", reason="a fork server, whose children are killed")


def classifier(folder):
    return examples.classifier(folder, save_every_steps=SAVE_EVERY, keep_checkpoints=2)


def train(folder, max_steps=END):
    classifier(folder).train(examples.endless, max_steps=max_steps)


def train_and_die(folder, death, call, announced):
    """Train until a function is called so many times; announce what is said to be saved."""
    write_checkpoint = ModelDir.write

    def write_and_announce(self, step, *arguments):
        write_checkpoint(self, step, *arguments)
        announced.write_text(str(step))

    ModelDir.write = write_and_announce
    break_at(death, call, die)
    train(folder)


# Each of these leaves a training that is not complete.


def kills(folder, patch):
    announced = folder.parent / "announced"
    announced.write_text("0")
    for death, call in itertools.product(DEATHS, (1, 4)):
        assert ended(train_and_die, folder, death, call, announced) == KILLED, death
        progress, arrays = ModelDir(folder).read() or (None, {"global_step": 0})
        assert 0 <= arrays["global_step"] - int(announced.read_text()) <= SAVE_EVERY
        assert not progress or progress.position == arrays["global_step"]
    assert int(announced.read_text()) >= SAVE_EVERY * len(DEATHS)


def a_cell_that_is_stopped(folder, patch):
    def stop():
        raise KeyboardInterrupt

    model = classifier(folder)
    with patch.context() as at_once:
        break_at(STEPS_DONE, 12, stop, at_once.setattr)
        with pytest.raises(KeyboardInterrupt):
            model.train(examples.endless, max_steps=END)
    assert model.get_variable_value("global_step") == 55
    model.train(examples.endless, max_steps=70)


def a_disk_that_fills_up(folder, patch):
    def fail():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for function in ("os.fsync", "os.replace"):
        with patch.context() as full:
            break_at(function, 9, fail, full.setattr)
            with pytest.raises(OSError, match=r"cannot be written \(No space left on device\)"):
                train(folder)


def a_torn_checkpoint(folder, patch):
    train(folder, 50)
    newest = ModelDir(folder).checkpoints()[-1]
    newest.write_bytes(newest.read_bytes()[:-100])
    with pytest.warns(UserWarning, match=r"model.ckpt-50.npz' is torn .* going back to the one be"):
        train(folder, 52)
    assert (folder / "model.ckpt-50.npz.unusable").exists()


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """The variables after all steps in one go."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    train(folder)
    return ModelDir(folder).read()[1]


@pytest.mark.parametrize(
    "interruption",
    [kills, a_cell_that_is_stopped, a_disk_that_fills_up, a_torn_checkpoint],
)
def test_training_goes_on_to_the_same_numbers_after(
    interruption, tmp_path, uninterrupted, monkeypatch
):
    folder = tmp_path / "model"
    interruption(folder, monkeypatch)
    assert 0 < ModelDir(folder).read()[0].position < END
    train(folder)
    _, arrays = ModelDir(folder).read()
    assert arrays.keys() == uninterrupted.keys()
    for name, value in arrays.items():
        np.testing.assert_allclose(value, uninterrupted[name], 1e-5, 1e-7, err_msg=name)
    assert not list(folder.glob("*.partial"))


# Two at once


def started(target, *arguments):
    """Start a function in a process of its own, and wait until it sends a sign."""
    here, there = processes.Pipe()
    process = processes.Process(target=target, args=(*arguments, there))
    process.start()
    there.close()
    here.recv()
    return process


def kill(process):
    process.kill()
    process.join()
    assert process.exitcode == KILLED


def hold(folder, sign):
    with ModelDir(folder).held():
        sign.send("held")
        signal.pause()


def test_a_second_process_is_refused_until_the_first_is_killed(tmp_path):
    process = started(hold, tmp_path)
    before = sorted(os.listdir(tmp_path))
    for use in (lambda: train(tmp_path, 5), classifier(tmp_path).reset):
        with pytest.raises(BlockingIOError, match="Another process is training in model_dir"):
            use()
    assert sorted(os.listdir(tmp_path)) == before
    kill(process)
    train(tmp_path, 5)
    assert examples.steps_of(tmp_path) == [0, 5]


def write_many(folder, sign):
    with folder.held():
        for step in itertools.count():
            write(folder, step)
            if step == 1:
                sign.send("written")


def test_reading_while_another_process_writes_and_deletes(tmp_path):
    folder = ModelDir(tmp_path, keep=1)
    process = started(write_many, folder)
    read = [step_read(folder) for _ in range(200)]
    kill(process)
    assert [step for step, _ in read] == sorted(step for step, _ in read)
    assert not any(messages for _, messages in read)
