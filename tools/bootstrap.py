"""Make .venv with the locked packages; done in a moment when nothing changed.

This file is run by whatever ``python3`` the machine has, before any package is
installed, so it uses the standard library alone and old syntax.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
LOCK = os.path.join(ROOT, "requirements.txt")
STAMP = os.path.join(VENV, "installed-from")
OLDEST, NEWEST = (3, 11), (3, 13)
SPACE_NEEDED_GB = 5


def stop(sentence):
    sys.exit("\nmake: " + sentence)


def check_python():
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        stop(
            "The book needs Python 3.11, 3.12 or 3.13 and found %s; install one of them, "
            "or name it: make book PYTHON=python3.13" % sys.version.split()[0]
        )


def wanted_state():
    """Return a digest of all that decides what .venv has to contain."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.txt", "pyproject.toml", os.path.join("tools", "bootstrap.py")):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest() + " in " + ROOT


def is_installed():
    if not os.path.exists(STAMP) or not os.path.exists(os.path.join(VENV, "bin", "python")):
        return False
    with open(STAMP) as file:
        return file.read() == wanted_state()


def locked_uv():
    """Return the lines of the lock that name uv, its version and its hashes."""
    with open(LOCK) as file:
        return re.search(r"^uv==.*(?:\n    --hash=.*)+", file.read(), re.MULTILINE).group()


def run(*command):
    """Run a command, pass its output on, and explain in one sentence if it fails."""
    environment = dict(os.environ, VIRTUAL_ENV=VENV)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    output = ""
    with process.stdout:
        for line in iter(process.stdout.readline, b""):
            text = line.decode(errors="replace")
            sys.stdout.write(text)
            sys.stdout.flush()
            output += text
    if process.wait() != 0:
        stop(diagnose(output, " ".join(command)))


def diagnose(output, command):
    if "No space left on device" in output or "os error 28" in output:
        return "The disk is full; free %d GB and run the same command again." % SPACE_NEEDED_GB
    if re.search(
        r"dns error|Failed to fetch|error sending request|Failed to establish"
        r"|Network is unreachable|Temporary failure in name resolution|Read timed out"
        r"|No matching distribution found|Connection refused|tunnel error",
        output,
    ):
        return (
            "The packages could not be downloaded; connect to the network "
            "and run the same command again."
        )
    return "This command failed, its message stands above: " + command


def make_environment():
    try:
        import venv

        venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(VENV)
    except OSError as error:
        stop(diagnose(str(error), "python -m venv .venv"))
    except (ImportError, subprocess.CalledProcessError):
        stop(
            "This Python cannot make a virtual environment; install its venv module, "
            "on Debian and Ubuntu: apt install python3-venv"
        )


def install_uv(python):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(locked_uv() + "\n")
        file.flush()
        run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", file.name)


def make_checkout_importable(python):
    """Let every process of .venv import helpers and tools from this checkout."""
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([python, "-c", where]).decode().strip()
    with open(os.path.join(packages, "book.pth"), "w") as file:
        file.write(ROOT + "\n")


def install():
    if shutil.disk_usage(ROOT).free < SPACE_NEEDED_GB * 1e9:
        stop(
            "The disk has less than %d GB free, which the packages need; free some and run "
            "the same command again." % SPACE_NEEDED_GB
        )
    print("Setting up .venv: once, about 3 GB and less than a minute on a fast connection.")
    python = os.path.join(VENV, "bin", "python")
    uv = os.path.join(VENV, "bin", "uv")
    make_environment()
    install_uv(python)
    run(uv, "pip", "sync", "--compile-bytecode", "--python", python, "--require-hashes", LOCK)
    make_checkout_importable(python)
    with open(STAMP, "w") as file:
        file.write(wanted_state())


if __name__ == "__main__":
    check_python()
    if not is_installed():
        install()
