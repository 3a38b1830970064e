"""The helpers import, train, write and read where there is nothing of Unix, as on Windows."""

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import helpers

MODULES = [module.name for module in pkgutil.walk_packages(helpers.__path__, "helpers.")]
PROGRAM = """
import importlib, os, sys

for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
open_file = os.open

def open_no_folder(path, *arguments, **settings):
    if os.path.isdir(path):
        raise PermissionError(13, "Permission denied", path)
    return open_file(path, *arguments, **settings)

os.open = open_no_folder
folder, *modules = sys.argv[1:]
for name in modules:
    importlib.import_module(name)

import numpy as np
from helpers.estimator import DNNClassifier, RunConfig, numeric_inputs, numpy_input_fn
from helpers.records import read_records, write_records

x, y = {"x": np.linspace(-1, 1, 20)}, np.arange(20) > 9
for _ in range(2):
    classifier = DNNClassifier([2], numeric_inputs(x), config=RunConfig(f"{folder}/model"))
    classifier.train(numpy_input_fn(x, y, shuffle=True))
    write_records(f"{folder}/records", x, y)
print(classifier.evaluate(numpy_input_fn(x, y, shuffle=False))["global_step"])
print(len(list(read_records(f"{folder}/records"))))
"""


def test_the_helpers_need_nothing_of_unix(tmp_path):
    command = [sys.executable, "-W", "error::UserWarning:helpers", "-c", PROGRAM, str(tmp_path)]
    result = subprocess.run(
        [*command, *MODULES],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.split() == ["2", "20"], result.stderr
