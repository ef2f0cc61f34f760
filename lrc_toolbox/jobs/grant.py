"""A grant: the devices one render process may use.

Plain data. Who may be granted what is decided in `scheduling`, what the machine has
is read in `machine`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class GpuNeed(str, Enum):
    """What an engine wants of the GPUs for a submission."""

    NONE = "none"
    EITHER = "either"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Grant:
    """The devices one attempt may use until its process is gone.

    Attributes:
        cpu_ids: logical CPU numbers, as the operating system counts them from 0.
        memory_mib: memory that is counted as its own; 0 means nothing was counted.
        gpu_uuid: the one GPU it may use, as NVML names it (`GPU-...`), or None.
        vram_mib: memory on that GPU; all that may be granted there where nobody knows
            yet what the task needs, so that it is alone.
    """

    cpu_ids: tuple[int, ...]
    memory_mib: int = 0
    gpu_uuid: str | None = None
    vram_mib: int = 0

    @property
    def cpu_threads(self) -> int:
        """How many threads a renderer may start."""
        return len(self.cpu_ids)
