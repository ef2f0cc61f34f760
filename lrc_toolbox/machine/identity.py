"""A process known for good: by its pid and the time of its creation. Any thread."""

from __future__ import annotations

from dataclasses import dataclass

import psutil

#: How much two readings of one process's creation time may differ, in seconds: Linux
#: counts it from the boot time, which /proc/stat gives in whole seconds of a clock that
#: is being corrected, so that two readers can differ by one (seen here).
SAME_CREATION_S = 2.0


@dataclass(frozen=True, slots=True)
class Identity:
    """A process for good: a pid alone is used again by the system.

    Attributes:
        created_at: the operating system's creation time, seconds since 1970 UTC.
    """

    pid: int
    created_at: float

    def find(self) -> psutil.Process | None:
        """Find the process if it still runs; a zombie does not."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created_at) < SAME_CREATION_S
        except psutil.Error:
            return None
        return process if same and lives(process) else None


def lives(process: psutil.Process) -> bool:
    """Say whether it still runs, and is the same; a zombie does not run."""
    try:
        # Windows has no zombies, and takes the whole system's state to answer.
        dead = psutil.POSIX and process.status() == psutil.STATUS_ZOMBIE
        return not dead and process.is_running()
    except psutil.Error:
        return False


def identity_of(pid: int) -> Identity | None:
    """Learn a running process's creation time."""
    try:
        return Identity(pid, psutil.Process(pid).create_time())
    except psutil.Error:
        return None
