"""Files are written whole or not at all, whatever the disk and the system are like."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from helpers.files import discard, explained, files_of_people, local_path, locked, written_whole
from tests.helpers.system import failing
from tools.book import ROOT


def refuse_to_flush(monkeypatch, code, is_meant):
    """Let fsync fail for descriptors of one kind, as some file systems do."""
    flush = os.fsync

    def fsync(descriptor):
        if is_meant(os.fstat(descriptor).st_mode):
            failing(code)()
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)


# Paths


def test_a_path_may_begin_in_one_s_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert local_path("model_dir", "~/circle") == tmp_path / "circle"
    assert local_path("model_dir", PurePosixPath("~/circle")) == tmp_path / "circle"


@pytest.mark.parametrize("path", ["tfs/circle", "/tmp/circle", "a:b"])
def test_a_path_on_this_machine_is_taken_as_it_is(path):
    assert str(local_path("model_dir", path)) == path


@pytest.mark.parametrize(
    "path",
    ["gs://bucket/run", "s3://b", "file:///tmp/x", Path("gs://bucket/run"), "", "~nobody_/x"]
    + ([] if os.name == "nt" else ["C:/circle", "C:\\circle", "\\\\server\\circle"]),
)
def test_an_address_is_no_path(path):
    with pytest.raises(ValueError, match=r"^model_dir is '.*', but .*\.$"):
        local_path("model_dir", path)


def test_what_systems_leave_in_folders_is_nobody_s_file(tmp_path):
    left = ".DS_Store ._x Desktop.ini @eaDir lost+found .nfs00a1 .gitkeep .ipynb_checkpoints"
    for name in left.split():
        (tmp_path / name).touch()
    assert files_of_people(tmp_path) == []
    (tmp_path / "thesis.tex").touch()
    (tmp_path / ".profile").touch()
    assert files_of_people(tmp_path) == [".profile", "thesis.tex"]


# Writing


def write(path, content="new"):
    with written_whole(path) as partial:
        partial.write_text(content)


def test_a_file_is_replaced_and_flushed_before_it_takes_the_other_s_place(tmp_path, monkeypatch):
    path, flushed = tmp_path / "x", []
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append(path.read_text()))
    write(path)
    assert flushed == ["old", "new"]
    assert os.listdir(tmp_path) == ["x"]


@pytest.mark.parametrize("failure", [OSError("The plug was pulled."), KeyboardInterrupt()])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, failure):
    path = tmp_path / "x"
    path.write_text("old")

    def write_half(file, content):
        file.write_bytes(content[:1].encode())
        raise failure

    monkeypatch.setattr(Path, "write_text", write_half)
    with pytest.raises(type(failure)):
        write(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["x"]


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EIO])
def test_a_folder_that_cannot_be_flushed_is_no_failure(tmp_path, monkeypatch, code):
    refuse_to_flush(monkeypatch, code, stat.S_ISDIR)
    write(tmp_path / "x")
    assert (tmp_path / "x").read_text() == "new"


def test_a_disk_that_cannot_flush_is_no_failure_but_a_broken_one_is(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        refuse_to_flush(patched, errno.EINVAL, stat.S_ISREG)
        write(tmp_path / "x")
    refuse_to_flush(monkeypatch, errno.EIO, stat.S_ISREG)
    with pytest.raises(OSError, match="Input/output error"):
        write(tmp_path / "x", "newer")
    assert (tmp_path / "x").read_text() == "new"


def test_what_is_not_there_need_not_be_deleted(tmp_path):
    discard(tmp_path / "x")
    (tmp_path / "x").touch()
    discard(tmp_path / "x")
    assert os.listdir(tmp_path) == []


# Locks


def test_a_lock_is_held_by_one_at_a_time_and_its_file_stays(tmp_path):
    with (
        locked(tmp_path / "lock", "Somebody writes."),
        pytest.raises(BlockingIOError, match=r"^Somebody writes\.$"),
        locked(tmp_path / "lock", "Somebody writes."),
    ):
        raise AssertionError("the second holder came in")
    assert os.listdir(tmp_path) == ["lock"]
    with locked(tmp_path / "lock", "Somebody writes."):
        pass


def test_another_process_is_kept_out_until_the_first_is_killed(tmp_path):
    # The other process locks as this one does, which may have been started without fcntl.
    same = 'sys.modules["fcntl"] = None' if sys.modules.get("fcntl", 0) is None else ""
    code = (
        f"import sys; {same}\nfrom pathlib import Path; from helpers.files import locked\n"
        "with locked(Path(sys.argv[1]), 'busy'): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "lock")]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BlockingIOError), locked(tmp_path / "lock", "busy"):
            pass
        holder.kill()
    with locked(tmp_path / "lock", "busy"):
        pass


def write_with_failing_locks(code, tmp_path):
    """Write twice under a lock, in a process whose system fails to lock with this code."""
    program = f"""
import os, sys, types, warnings
warnings.simplefilter("always")
def fail(*arguments):
    raise OSError({code}, os.strerror({code}))
sys.modules["fcntl"] = types.SimpleNamespace(flock=fail, LOCK_EX=2, LOCK_NB=4, LOCK_UN=8)
from pathlib import Path
from helpers.files import locked
for _ in range(2):
    with locked(Path(sys.argv[1]), "busy"):
        print("written")
"""
    command = [sys.executable, "-c", program, str(tmp_path / "lock")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("code", [errno.ENOLCK, 524])
def test_a_disk_without_locks_is_warned_of_once_and_written_to(tmp_path, code):
    result = write_with_failing_locks(code, tmp_path)
    assert result.stdout == "written\n" * 2
    assert result.stderr.count("Warning") == 1
    assert f"a disk without locks ({os.strerror(code)})" in result.stderr
    assert os.listdir(tmp_path) == ["lock"]


def test_a_lock_that_fails_otherwise_is_an_error(tmp_path):
    result = write_with_failing_locks(errno.EIO, tmp_path)
    assert "Input/output error" in result.stderr
    assert result.returncode == 1


# Errors


@pytest.mark.parametrize(
    ("code", "kind", "advice"),
    [
        (errno.EDQUOT, OSError, "free some space"),
        (errno.EACCES, PermissionError, "ask for the right to write there"),
        (errno.ESTALE, OSError, "check the disk"),
    ],
)
def test_an_error_names_its_cause_and_a_cure(code, kind, advice):
    with pytest.raises(kind) as caught, explained("The checkpoint 'x'"):
        failing(code)()
    sentence = f"The checkpoint 'x' cannot be written ({os.strerror(code)}): {advice}, or choose "
    assert str(caught.value) == f"{sentence}another path."
    assert caught.value.errno == code


def test_a_sentence_is_not_explained_again():
    with pytest.raises(BlockingIOError, match=r"^Somebody writes\.$"), explained("The file"):
        raise BlockingIOError("Somebody writes.")
