"""The memory of this computer, as far as this process may use it.

Reads only. Any thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import psutil

from lrc_toolbox.jobs.devices import MemoryReading
from lrc_toolbox.machine.cgroups import limit_folders, read_limit

_MIB = 1 << 20


def read_memory(folders: Iterable[Path] | None = None) -> MemoryReading:
    """Read this computer's memory, or less where a control group allows less.

    Available is what can be had now without swapping, caches given back. Swap is the
    computer's: how much of it a control group may use is not looked at.

    Args:
        folders: the groups' folders, for who reads often; else they are looked for.
    """
    whole, swap = psutil.virtual_memory(), psutil.swap_memory()
    computer = MemoryReading(
        total_mib=whole.total // _MIB,
        available_mib=whole.available // _MIB,
        swap_total_mib=swap.total // _MIB,
        swap_used_mib=swap.used // _MIB,
    )
    return bounded(computer, limit_folders("memory") if folders is None else folders)


def bounded(memory: MemoryReading, folders: Iterable[Path]) -> MemoryReading:
    """Lower the figures to what control groups allow.

    Args:
        memory: the computer's.
        folders: the groups' folders, see `machine.cgroups`.
    """
    total, available = memory.total_mib, memory.available_mib
    for folder in folders:
        limit = read_limit(folder / "memory.max")  # version 2
        if limit is None:
            limit = read_limit(folder / "memory.limit_in_bytes")
        if limit is not None:
            total = min(total, limit // _MIB)
            available = min(available, max(0, limit - _held(folder)) // _MIB)
    return replace(memory, total_mib=total, available_mib=available)


def _held(folder: Path) -> int:
    """Bytes a group holds that it could not give back at once."""
    used = read_limit(folder / "memory.current")
    if used is None:
        used = read_limit(folder / "memory.usage_in_bytes") or 0
    return used - _inactive_files(folder)


def _inactive_files(folder: Path) -> int:
    """Bytes of cached files nobody uses, which count as used but go when needed."""
    try:
        lines = (folder / "memory.stat").read_text().splitlines()
    except OSError:
        return 0
    found = dict(line.split(None, 1) for line in lines)
    # Version 1 has both names, the second with the groups below; version 2 the first.
    return int(found.get("total_inactive_file", found.get("inactive_file", 0)))
