"""What keeps a notebook's runtime from running the book."""

import importlib.metadata
import importlib.util
import pathlib
import sys

import pytest

from helpers import runtime


@pytest.fixture
def versions(monkeypatch):
    """Pretend that the helpers were installed by pip beside these packages."""
    known = {"tensorflow": "2.20.0", "pooch": "1.9.0", "scikit-learn": "1.6.1"}
    needs = ["tensorflow>=2.20", "pooch<2", "scikit-learn>=1.6"]

    def version(name):
        if name not in known:
            raise importlib.metadata.PackageNotFoundError(name)
        return known[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: needs)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    return known


def test_a_runtime_that_has_all_has_no_problem(versions, capsys):
    assert runtime.problem() is None
    assert capsys.readouterr().out == ""


def test_a_python_that_is_too_old_is_told(versions, monkeypatch):
    monkeypatch.setattr(sys, "version", "3.10.12 (main) [GCC]")
    assert "needs Python 3.11 or newer and this runtime has 3.10.12" in runtime.problem()


@pytest.mark.parametrize(
    ("python", "tensorflow", "words"),
    [
        ("3.11.0", "2.21.0", ""),
        ("3.11.0", "2.22.0rc1", "up to TensorFlow 2.21 and this runtime has 2.22.0rc1"),
        ("3.14.0", "2.20.0", "tested up to Python 3.13 and this runtime has 3.14.0"),
    ],
)
def test_a_newer_runtime_is_told_and_tried(capsys, monkeypatch, python, tensorflow, words):
    monkeypatch.setattr(sys, "version", f"{python} (main) [GCC]")
    monkeypatch.setattr("tensorflow.__version__", tensorflow)
    assert runtime.problem() is None
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("present", "lacking"),
    [
        ({"pooch": None, "scikit-learn": None}, ["pooch<2", "scikit-learn>=1.6"]),
        ({"tensorflow": "2.9.1"}, ["tensorflow>=2.20"]),
        ({"scikit-learn": "1.5.2"}, ["scikit-learn>=1.6"]),
    ],
)
def test_every_package_that_is_missing_or_too_old_is_named(versions, present, lacking):
    for name, version in present.items():
        versions.pop(name) if version is None else versions.update({name: version})
    sentence = runtime.problem()
    assert sentence.startswith(f"This runtime lacks {', '.join(lacking)}, which the book needs")
    assert " ".join(["`%pip install", *(f'"{need}"' for need in lacking)]) in sentence


TRACEBACK = "Traceback (most recent call last):\nImportError: _pywrap\n\nFailed to load"


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (
            "raise ImportError('libcudart.so: cannot open\\nsee there')",
            "ImportError: libcudart.so: c",
        ),
        (f"raise ImportError({TRACEBACK!r})", "ImportError: _pywrap)"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("", "AttributeError: module 'tensorflow' has no attribute '__version__'"),
    ],
)
def test_a_broken_tensorflow_is_told(tmp_path, monkeypatch, code, cause):
    (tmp_path / "tensorflow.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    sentence = runtime.problem()
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert sentence.startswith(f"TensorFlow is installed and broken ({cause}")
    assert "\n" not in sentence


def test_a_gpu_that_is_not_needed_is_told(versions, capsys, monkeypatch):
    monkeypatch.setattr(pathlib.Path, "exists", lambda path: True)
    assert runtime.problem() is None
    assert "A GPU is selected" in capsys.readouterr().out
