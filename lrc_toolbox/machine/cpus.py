"""The CPUs this process may use, which is what renders get at most, and their load.

Reads only; who is granted which is decided in `scheduling`. Any thread, a `CpuWatch`
from one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import psutil

from lrc_toolbox.jobs.devices import CpuReading
from lrc_toolbox.machine.cgroups import limit_folders, read_limit

#: How often it is asked which CPUs may be used: affinity and quotas change by hand.
_IDS_EVERY_S = 10.0

#: A load over less time than this says nothing: the system counts in steps of 10 ms.
SHORTEST_S = 0.5


class CpuWatch:
    """The processors and how busy they were since the reading before."""

    def __init__(self) -> None:
        # Counting physical cores takes Linux and Windows a while; they do not change.
        self._cores = psutil.cpu_count(logical=False)
        self._ids = usable_cpus()
        self._by_core = by_core(self._ids)
        self._ids_at = time.monotonic()
        self._spent = _spent()
        self._spent_at = self._ids_at
        self._busy = 0.0

    def read(self) -> CpuReading:
        """Read without waiting; within half a second the load stays as it was."""
        now = time.monotonic()
        if now - self._ids_at >= _IDS_EVERY_S:
            before, self._ids, self._ids_at = self._ids, usable_cpus(), now
            if self._ids != before:
                self._by_core = by_core(self._ids)
        if now - self._spent_at >= SHORTEST_S:
            spent = _spent()
            self._busy = _busy(self._spent, spent)
            self._spent, self._spent_at = spent, now
        # Windows counts the CPUs of all processor groups here.
        logical = psutil.cpu_count() or len(self._ids)
        cores = self._cores or logical
        return CpuReading(self._ids, cores, logical, self._busy, self._by_core)


class _Spent(NamedTuple):
    """Seconds that all CPUs together have spent since the computer started."""

    all: float
    idle: float


def _spent() -> _Spent:
    times = psutil.cpu_times()._asdict()
    # Linux counts the time of virtual machines' CPUs in user and nice as well, and a
    # CPU that waits for a disk is free (proc_stat(5)).
    alike = ("guest", "guest_nice")
    if sys.platform == "win32":
        alike = ("interrupt", "dpc")  # in system already (psutil, cpu_times)
    whole = sum(spent for kind, spent in times.items() if kind not in alike)
    return _Spent(whole, times["idle"] + times.get("iowait", 0.0))


def _busy(before: _Spent, after: _Spent) -> float:
    passed = after.all - before.all
    if passed <= 0:  # a virtual machine that was moved may count back
        return 0.0
    return min(1.0, max(0.0, 1 - (after.idle - before.idle) / passed))


def usable_cpus() -> tuple[int, ...]:
    """List the logical CPUs this process may use, ascending, at least one.

    Its affinity is respected (`taskset`, Slurm, Windows' job objects), and a quota of
    its control group (Docker's `--cpus`, systemd's `CPUQuota=`) lowers the number: a
    quota names no CPUs, so the first ones are taken, and half a CPU is not counted.

    Windows puts more than 64 logical CPUs into groups of up to 64, and a process's
    affinity names those of one group; so do these, and the other groups' CPUs are only
    counted (`CpuReading.logical`). macOS has no affinity: all CPUs are listed. Neither
    could be run where this was written.
    """
    affinity = _affinity()
    quota = cpu_quota(limit_folders("cpu"))
    if quota is None:
        return affinity
    return affinity[: max(1, int(quota))]


def by_core(
    ids: tuple[int, ...], folder: Path = Path("/sys/devices/system/cpu")
) -> tuple[int, ...]:
    """Order CPUs so that those of one core stand side by side.

    Linux mostly counts one CPU of every core first and the cores' second ones after
    them; Windows counts a core's side by side.

    Args:
        folder: where Linux tells of each CPU's core (cputopology.rst of its kernel);
            elsewhere there is none, and the order stays.
    """
    return tuple(sorted(ids, key=lambda cpu: (_first_of_core(cpu, folder), cpu)))


def _first_of_core(cpu: int, folder: Path) -> int:
    """Find the lowest CPU of a CPU's core: that of "0,8", or of "0-1"."""
    try:
        told = (folder / f"cpu{cpu}/topology/thread_siblings_list").read_text()
        return int(told.replace("-", ",").split(",")[0])
    except (OSError, ValueError):
        return cpu


def _affinity() -> tuple[int, ...]:
    process = psutil.Process()
    # Windows says none where the process has threads in several groups
    # (GetProcessAffinityMask), which Windows 11 gives it from the start.
    own = process.cpu_affinity() if hasattr(process, "cpu_affinity") else []
    return tuple(sorted(own)) or tuple(range(_cpus_of_a_group()))


def _cpus_of_a_group() -> int:
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetActiveProcessorCount(0)) or 1
    return os.cpu_count() or 1


def cpu_quota(folders: Iterable[Path]) -> float | None:
    """Read the smallest CPU quota of control groups, None where there is none.

    Args:
        folders: the groups' folders, see `machine.cgroups`.

    Returns:
        CPUs, 1.5 for one and a half.
    """
    quotas = [_quota(folder) for folder in folders]
    return min((quota for quota in quotas if quota is not None), default=None)


def _quota(folder: Path) -> float | None:
    """Read one group's quota: microseconds of CPU time per period."""
    try:
        first, period = (folder / "cpu.max").read_text().split()  # version 2
        return int(first) / int(period) if first != "max" else None
    except OSError:
        quota = read_limit(folder / "cpu.cfs_quota_us")  # version 1
        period_us = read_limit(folder / "cpu.cfs_period_us")
        return quota / period_us if quota and period_us else None
