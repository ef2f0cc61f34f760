"""The memory of this computer, as far as this process may use it.

Reads only. Any thread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from lrc_toolbox.machine.cgroups import limit_folders, read_limit

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory in MiB.

    Attributes:
        total_mib: what there is.
        available_mib: what can be had now without swapping, caches given back.
    """

    total_mib: int
    available_mib: int


def read_memory() -> Memory:
    """Read this computer's memory, or less where a control group allows less."""
    whole = psutil.virtual_memory()
    return bounded(
        Memory(whole.total // _MIB, whole.available // _MIB), limit_folders("memory")
    )


def bounded(memory: Memory, folders: Iterable[Path]) -> Memory:
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
    return Memory(total, available)


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
