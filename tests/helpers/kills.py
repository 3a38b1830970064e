"""Processes that are killed where a certain function is called.

Children come from a fork server that has TensorFlow imported but not started, so that killing
many of them takes seconds and not minutes.
"""

import itertools
import multiprocessing
import os
import pkgutil
import signal

KILLED = -9  # By SIGKILL, which Windows has not.
processes = multiprocessing.get_context("forkserver" if os.name == "posix" else None)
if os.name == "posix":
    processes.set_forkserver_preload(["tests.helpers.estimator.examples"])


def break_at(name, call, act, set_attribute=setattr):
    """Let something be done at a certain call of a function, and at all that follow."""
    place, _, function = name.rpartition(".")
    owner, calls = pkgutil.resolve_name(place), itertools.count(1)
    original = getattr(owner, function)

    def counted(*arguments, **settings):
        if next(calls) >= call:
            act()
        return original(*arguments, **settings)

    set_attribute(owner, function, counted)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def ended(target, *arguments):
    """Run a function in a process of its own; return how that ended."""
    process = processes.Process(target=target, args=arguments)
    process.start()
    process.join()
    return process.exitcode
