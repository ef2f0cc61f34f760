"""The CPUs this process may use: what can be granted to renders at most.

Reads only; who is granted which is decided in `scheduling`. Any thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import psutil

from lrc_toolbox.machine.cgroups import limit_folders, read_limit


def usable_cpus() -> tuple[int, ...]:
    """List the logical CPUs this process may use, ascending, at least one.

    Its affinity is respected (`taskset`, Slurm, Windows' job objects), and a quota of
    its control group (Docker's `--cpus`, systemd's `CPUQuota=`) lowers the number: a
    quota names no CPUs, so the first ones are taken, and half a CPU is not counted.

    On Windows with more than 64 logical CPUs these are the CPUs of the process's own
    group; macOS has no affinity, there all CPUs are listed. Neither was run by us.
    """
    affinity = _affinity()
    quota = cpu_quota(limit_folders("cpu"))
    if quota is None:
        return affinity
    return affinity[: max(1, int(quota))]


def _affinity() -> tuple[int, ...]:
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):
        return tuple(sorted(process.cpu_affinity()))
    return tuple(range(os.cpu_count() or 1))


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
