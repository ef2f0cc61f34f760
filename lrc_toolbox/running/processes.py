"""Render processes: starting them, knowing them again, and ending whole trees.

Calls block for as long as they take: `end_tree` belongs on a thread of its own.
What is said of Windows could not be run here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from lrc_toolbox.engines.engine import Launch

# What everything here is about, for those who call it.
from lrc_toolbox.machine.identity import Identity as Identity
from lrc_toolbox.machine.identity import identity_of as identity_of
from lrc_toolbox.running.home import HOME_VARIABLE

#: Names the attempt in the environment of everything that it starts.
ATTEMPT_VARIABLE = "LRC_ATTEMPT"

#: Names the attempt and its queue: other queues on this machine count from 1 as well.
MARK_VARIABLE = "LRC_MARK"

#: How far renders stand behind other programs, where the policy says so.
NICENESS = 10

#: How often what is left of a tree is killed: what is killed may have started more.
_KILLS = 5


def detachment() -> dict[str, Any]:
    """Give the `Popen` arguments for a process in a group of its own, no window.

    Never `preexec_fn`: with it, `Popen` from a large process takes 150 ms
    (PERFORMANCE.md).
    """
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        return {"creationflags": flags}
    return {"start_new_session": True}


def start(launch: Launch, attempt: int, log: Path) -> subprocess.Popen[bytes]:
    """Start a render process whose output goes to a log file.

    No pipe carries its output: none can fill up and stall a render, and the log is
    there for the next service.

    Raises:
        OSError: the program or a folder is not there, or may not be used.
    """
    environment = _environment(launch.environment, attempt)
    with log.open("ab") as output:
        return subprocess.Popen(
            launch.argv,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=launch.cwd or log.parent,
            env=environment,
            bufsize=0,
            **detachment(),
        )


def step_behind(pid: int) -> None:
    """Let a process that was just started come after what people work with.

    What it starts inherits that. Niceness 10 of 19 leaves renders some time on a busy
    machine; Windows' class below normal is its like.
    """
    with contextlib.suppress(psutil.Error, OSError):
        process = psutil.Process(pid)
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(NICENESS)


def bind(pid: int, cpu_ids: Sequence[int]) -> None:
    """Let a process that was just started run on these CPUs only.

    What it starts inherits them. macOS has no such thing; there the number of threads
    that a renderer was told is all that limits it.
    """
    with contextlib.suppress(psutil.Error, OSError, ValueError):
        process = psutil.Process(pid)
        if hasattr(process, "cpu_affinity"):
            process.cpu_affinity(list(cpu_ids))


def rebind(identity: Identity, cpu_ids: Sequence[int]) -> None:
    """Let a process and all it started run on these CPUs only, from now on.

    Linux binds threads, not processes: those that run already are bound one by one.
    Windows binds the process with all its threads; macOS has no such thing.
    """
    for process in _tree(identity):
        bind(process.pid, cpu_ids)
        if sys.platform == "linux":
            with contextlib.suppress(psutil.Error, OSError, ValueError):
                for thread in process.threads():
                    os.sched_setaffinity(thread.id, cpu_ids)


def _environment(extra: Mapping[str, str], attempt: int) -> dict[str, str]:
    # A C library that prints into a file buffers whole blocks; Python at least can be
    # told not to, so that progress arrives when it is made (MAYA.md).
    mine = {
        "PYTHONUNBUFFERED": "1",
        ATTEMPT_VARIABLE: str(attempt),
        MARK_VARIABLE: _mark(attempt),
    }
    return {**os.environ, **mine, **extra}


def _mark(attempt: int) -> str:
    return f"{attempt}@{os.environ.get(HOME_VARIABLE, '')}"


def find_by_attempt(attempt: int) -> Identity | None:
    """Find a process that was started for an attempt, by its environment.

    For the moment between starting a process and writing its pid down: a service
    killed right there leaves a process that nothing else names.
    """
    carriers = {process.pid: process for process in _carriers(attempt)}
    for process in carriers.values():
        with contextlib.suppress(psutil.Error):
            parent = process.parent()
            if parent is None or parent.pid not in carriers:
                return Identity(process.pid, process.create_time())
    return None


def end_tree(identity: Identity, attempt: int, grace_s: float) -> None:
    """Ask a process and all it started to end, then kill what is left of them.

    Returns when nothing of it is left alive. Children are found by parentage, by
    session and, at the end, by the attempt's name in their environment: a child that
    called `setsid` and lost its parent has nothing else in common with the tree.
    """
    tree = _tree(identity)
    _ask(identity, tree)
    _wait_until_gone(tree, grace_s)
    for _ in range(_KILLS):
        # The whole system is looked through only here: once where all went as asked.
        left = {process.pid: process for process in tree if _alive(process)}
        left.update((process.pid, process) for process in _tree(identity))
        left.update((process.pid, process) for process in _carriers(attempt))
        if not left:
            return
        tree = list(left.values())
        _kill(tree)


def survivors(pid: int) -> bool:
    """Say whether anything of a process's group outlived it; asks nothing on Windows.

    Windows keeps no group: children are found by their parents, which is gone then.
    """
    if sys.platform == "win32":
        return False
    try:
        os.killpg(pid, 0)
    except OSError:
        return False
    return True


def _tree(identity: Identity) -> list[psutil.Process]:
    found: dict[int, psutil.Process] = {}
    root = identity.find()
    if root is not None:
        found[root.pid] = root
        with contextlib.suppress(psutil.Error):
            found.update((child.pid, child) for child in root.children(recursive=True))
    for process in _session(identity.pid):
        found.setdefault(process.pid, process)
    return [process for process in found.values() if _alive(process)]


def _session(leader: int) -> Iterable[psutil.Process]:
    if sys.platform == "win32":
        return
    for pid in psutil.pids():
        with contextlib.suppress(OSError, psutil.Error):
            if os.getsid(pid) == leader:
                yield psutil.Process(pid)


def _carriers(attempt: int) -> list[psutil.Process]:
    mine = os.getpid()
    found = []
    for pid in psutil.pids():
        with contextlib.suppress(OSError, psutil.Error):
            if pid != mine and _carries(pid, attempt):
                process = psutil.Process(pid)
                if _alive(process):
                    found.append(process)
    return found


def _carries(pid: int, attempt: int) -> bool:
    """Say whether a process was started for an attempt.

    Raises:
        OSError, psutil.Error: it is gone, or somebody else's.
    """
    if sys.platform != "linux":
        environment = psutil.Process(pid).environ()
        return environment.get(MARK_VARIABLE) == _mark(attempt)
    # A third of psutil's time, which takes every variable of every process apart.
    variables = Path(f"/proc/{pid}/environ").read_bytes()
    mark = os.fsencode(f"\0{MARK_VARIABLE}={_mark(attempt)}\0")
    return mark in b"\0" + variables


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _ask(identity: Identity, tree: list[psutil.Process]) -> None:
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            os.kill(identity.pid, signal.CTRL_BREAK_EVENT)
        return
    for process in tree:
        with contextlib.suppress(psutil.Error):
            process.terminate()


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()
    _wait_until_gone(processes, timeout_s=5.0)


def _wait_until_gone(processes: list[psutil.Process], timeout_s: float) -> None:
    # Not `psutil.wait_procs`: that would take our own child's exit code away from the
    # `Popen` that waits for it.
    end = time.monotonic() + timeout_s
    pause_s = 0.001
    while processes := [process for process in processes if _alive(process)]:
        if time.monotonic() >= end:
            return
        time.sleep(pause_s)
        pause_s = min(0.01, 2 * pause_s)
