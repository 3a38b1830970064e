"""A small set of records, and what tests ask of it."""

import subprocess
import sys
import textwrap

import numpy as np

X = np.arange(24, dtype=np.float32).reshape(8, 3)
y = np.arange(8)


def labels_of(dataset):
    return [int(label) for _, label in dataset]


def shards_of(folder):
    return sorted(folder.glob("*.tfrecord"))


def run_script(source, *arguments):
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(source), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
