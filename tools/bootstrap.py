"""Make .venv with the locked packages; done in a moment when nothing changed.

This file is run by whatever ``python3`` the machine has, before any package is
installed, so it uses the standard library alone and old syntax.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "bin")
LOCK = os.path.join(ROOT, "requirements.txt")
# What .venv was made with and from, word for word.
STAMP = os.path.join(VENV, "made-from")
SPACE_NEEDED_GB = 5
# For which systems and processors the locked TensorFlow has packages that make installs.
MACHINES = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
INSTEAD = {
    "darwin": "on a Mac with an Apple processor take a Python made for it, on an Intel Mac "
    "another machine, or Colab",
    "win32": "run the same command inside WSL, the Linux that Windows brings along",
}


def stop(sentence):
    sys.exit("\nmake: " + sentence)


def read(path):
    with open(path) as file:
        return file.read()


def supported():
    """Return the minor versions of Python 3 that pyproject.toml allows."""
    project = read(os.path.join(ROOT, "pyproject.toml"))
    limits = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', project)
    return list(range(*map(int, limits.groups())))


def refuse_other_machines():
    """End before anything is installed where TensorFlow has no packages."""
    machine = (sys.platform, platform.machine())
    if machine not in MACHINES:
        stop(
            "TensorFlow has no packages for this machine (%s, %s): %s."
            % (*machine, INSTEAD.get(sys.platform, "take another machine, or Colab"))
        )


def use_supported_python():
    """Go on with a Python that the book runs on, if this one is not and another is there."""
    if sys.version_info[0] == 3 and sys.version_info[1] in supported():
        return
    names = ["python3.%d" % minor for minor in supported()]
    for name in reversed(names):
        # A name can be a shim that leads nowhere.
        if shutil.which(name) and subprocess.call([name, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execvp(name, [name, os.path.abspath(__file__)])
    stop(
        "The book needs %s and found Python %s; install one of them, or name it: "
        "make book PYTHON=%s" % (" or ".join(names), sys.version.split()[0], names[-1])
    )


def environment():
    """Return what an environment cannot outlive: its Python, and its place."""
    return "\n".join([sys.version, ROOT, ""])


def made_from():
    return read(STAMP) if os.path.exists(STAMP) else ""


def run(*command):
    if subprocess.call(command) != 0:
        stop(
            "The packages could not be installed, for the reason above; mend it (most often the "
            "network or a full disk) and run the same command again."
        )


def make_environment():
    """Make an environment with the version of uv that the lock names, by its hashes."""
    print("Setting up .venv: once, about 3 GB and less than a minute on a fast connection.")
    try:
        import venv

        venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(VENV)
    except (ImportError, subprocess.CalledProcessError):
        stop(
            "This Python cannot make a virtual environment; install its venv module, "
            "on Debian and Ubuntu: apt install python3-venv"
        )
    locked = re.search(r"^uv==.*(?:\n    --hash=.*)+", read(LOCK), re.MULTILINE).group()
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(locked + "\n")
        file.flush()
        run(BIN + "/python", "-m", "pip", "install", "-q", "--require-hashes", "-r", file.name)


def install():
    """Let uv bring .venv to what the lock says, and let its Python import this checkout."""
    if shutil.disk_usage(ROOT).free < SPACE_NEEDED_GB * 1e9:
        stop(
            "The disk has less than %d GB free, which the packages need; free some and run "
            "the same command again." % SPACE_NEEDED_GB
        )
    if not made_from().startswith(environment()):
        make_environment()
    options = ["--compile-bytecode", "--python", BIN + "/python", "--require-hashes"]
    run(BIN + "/uv", "pip", "sync", *options, LOCK)
    packages = os.path.join(VENV, "lib", "python%d.%d" % sys.version_info[:2], "site-packages")
    with open(os.path.join(packages, "book.pth"), "w") as file:
        file.write(ROOT + "\n")
    with open(STAMP, "w") as file:
        file.write(environment() + read(LOCK))


if __name__ == "__main__":
    refuse_other_machines()
    use_supported_python()
    if made_from() != environment() + read(LOCK):
        install()
