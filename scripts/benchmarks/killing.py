"""Ending a tree of thirteen processes, beside psutil's own way of doing it.

psutil kills at once; we ask first, wait, kill what is left, and look once more for
children that a parent left behind.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median

import psutil

from benchmarks.figures import Figure
from benchmarks.warm_queue import wait_until
from lrc_toolbox.running import processes
from lrc_toolbox.running.processes import Identity

# A parent, its three children and their three each.
TREE = 13
_BRANCH = """\
import subprocess, sys, time
depth = int(sys.argv[2])
if depth:
    argv = [sys.executable, "-S", "-E", "-c", sys.argv[1], sys.argv[1], str(depth - 1)]
    children = [subprocess.Popen(argv) for _ in range(3)]
time.sleep(600)
"""


def measure_killing(*, quick: bool) -> list[Figure]:
    """Ends trees in both ways, in turns."""
    ours: list[float] = []
    theirs: list[float] = []
    alive = 0
    for attempt in range(1, 1 + (4 if quick else 15)):
        for end, times in ((_end_ours, ours), (_end_theirs, theirs)):
            root, tree = _grow(attempt)
            began = time.perf_counter()
            end(root, attempt)
            times.append(1000 * (time.perf_counter() - began))
            alive += sum(not _gone(process) for process in tree)
            root.wait()
    ratios = [
        ours_ms / theirs_ms for ours_ms, theirs_ms in zip(ours, theirs, strict=True)
    ]
    beside = f"ours {median(ours):.1f} ms, psutil {median(theirs):.1f} ms"
    name = f"end a tree of {TREE}"
    return [
        Figure.of(f"{name} / psutil's recursive kill", ratios, aim=2, beside=beside),
        Figure(f"{name}, left alive", alive, runs=len(ours) + len(theirs), aim=0),
    ]


def _grow(attempt: int) -> tuple[subprocess.Popen[bytes], list[psutil.Process]]:
    root = subprocess.Popen(
        [sys.executable, "-S", "-E", "-c", _BRANCH, _BRANCH, "2"],
        env={**os.environ, processes.ATTEMPT_VARIABLE: f"{attempt}"},
        **processes.detachment(),
    )
    top = psutil.Process(root.pid)
    wait_until(
        lambda: len(top.children(recursive=True)) == TREE - 1, "the tree has grown"
    )
    return root, [top, *top.children(recursive=True)]


def _end_ours(root: subprocess.Popen[bytes], attempt: int) -> None:
    identity = processes.identity_of(root.pid)
    assert identity is not None  # it sleeps until we end it
    processes.end_tree(Identity(root.pid, identity.created_at), attempt, grace_s=3.0)


def _end_theirs(root: subprocess.Popen[bytes], _attempt: int) -> None:
    top = psutil.Process(root.pid)
    tree = [top, *top.children(recursive=True)]
    for process in tree:
        process.kill()
    # Not `psutil.wait_procs`: it would wait until the system has buried the orphans,
    # which some containers never do.
    while not all(map(_gone, tree)):
        time.sleep(0.001)


def _gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
