"""A grant: the devices one render process may use.

Plain data. Who may be granted what is decided in `scheduling`, what the machine has
is read in `machine`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """The devices one attempt may use until its process is gone.

    Attributes:
        cpu_ids: logical CPU numbers, as the operating system counts them from 0.
        memory_mib: memory the attempt may use; 0 means no limit is known.
        gpu_uuid: the one GPU it may use, as NVML names it (`GPU-...`), or None.
        vram_mib: memory on that GPU; 0 means no limit is known.
    """

    cpu_ids: tuple[int, ...]
    memory_mib: int = 0
    gpu_uuid: str | None = None
    vram_mib: int = 0

    @property
    def cpu_threads(self) -> int:
        """How many threads a renderer may start."""
        return len(self.cpu_ids)
