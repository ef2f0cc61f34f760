"""Every process of this computer with its parent and its name, as cheap as may be.

A look at everything is the dearest thing that `machine` does: it is taken every few
seconds on a thread of its own (`machine.hosts`). Any thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

_PROC = Path("/proc")


class Entry(NamedTuple):
    """A process.

    Attributes:
        parent: its parent's pid. Windows tells it also where the parent is gone, and
            the number may belong to somebody else by now.
        name: its program's; Linux cuts it after 15 characters.
    """

    pid: int
    parent: int
    name: str


def processes() -> Iterator[Entry]:
    """List the processes; those that end meanwhile or may not be seen are left out."""
    return _from_proc() if psutil.LINUX else _from_psutil()


def _from_proc() -> Iterator[Entry]:
    # A quarter of the time that psutil's process_iter takes for the same: 1.5 instead
    # of 5.7 ms for 85 processes. Layout of the line: proc_pid_stat(5).
    for name in os.listdir(_PROC):  # noqa: PTH208 - Path objects cost as much again
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                line = file.read()
        except OSError:
            continue
        # A name may hold blanks and brackets itself.
        begins, ends = line.find(b"("), line.rfind(b")")
        program = os.fsdecode(line[begins + 1 : ends])
        yield Entry(int(name), int(line[ends + 2 :].split(None, 2)[1]), program)


def _from_psutil() -> Iterator[Entry]:
    for process in psutil.process_iter(["name", "ppid"]):
        told = process.info
        if told["name"]:
            yield Entry(process.pid, told["ppid"] or 0, told["name"])
