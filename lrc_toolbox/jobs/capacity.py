"""What may be granted at a moment, and why it is not all there is.

Plain data, worked out in `scheduling.reserving`. Sizes are MiB.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class GpuShare:
    """What may be granted of one GPU.

    Attributes:
        index: in PCI order from 0.
        total_mib: all its VRAM.
        vram_mib: what may be granted, grants already given included.
        shared: a host session uses it too.
        leave: attempts on it finish their frame and leave it.
        why: why it is not all of it, one sentence; empty where it is.
        best_mib: what might be granted without host sessions and without others'
            renders; 0 where nobody says what those hold.
    """

    uuid: str
    index: int
    name: str
    total_mib: int
    vram_mib: int
    shared: bool = False
    leave: bool = False
    why: str = ""
    best_mib: int = 0

    @property
    def at_best_mib(self) -> int:
        """What may be granted, or might be once others are gone."""
        return max(self.vram_mib, self.best_mib or self.total_mib)

    @property
    def for_maya(self) -> bool:
        """Whether a host session is why it is not all of it."""
        return self.shared or self.leave


@dataclass(frozen=True, slots=True)
class Capacity:
    """What all grants together may hold.

    Attributes:
        attempts: processes side by side; 0 before the computer was looked at.
        cpu_ids: logical CPUs, ascending.
        memory_mib: memory, that of running attempts included.
        gpus: every GPU that could be granted, in PCI order.
        gpus_pending: which GPUs there are is known in a few seconds.
        gpus_unread: why nobody knows which GPUs there are, and the remedy.
        gpus_missing: why some of the GPUs are missing, and the remedy.
        closed: why nothing may start now, with the remedy; empty where it may.
        cpu_why, memory_why: why it is not all of them; empty where it is.
    """

    attempts: int = 0
    cpu_ids: tuple[int, ...] = ()
    memory_mib: int = 0
    gpus: tuple[GpuShare, ...] = ()
    gpus_pending: bool = False
    gpus_unread: str = ""
    gpus_missing: str = ""
    closed: str = ""
    cpu_why: str = ""
    memory_why: str = ""

    @property
    def places(self) -> int:
        """How many processes there may be side by side: each has a CPU of its own."""
        return min(self.attempts, len(self.cpu_ids))

    def gpu(self, uuid: str) -> GpuShare | None:
        """Find a GPU's share."""
        return next((share for share in self.gpus if share.uuid == uuid), None)


class Resource(str, Enum):
    """What a job lacks while it waits; `NEVER` where this computer cannot give it."""

    ATTEMPTS = "attempts"
    CPUS = "cpus"
    MEMORY = "memory"
    GPU = "gpu"
    TIME = "time"
    LICENCE = "licence"
    ARTIST = "artist"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Lack:
    """Why something does not start.

    Attributes:
        why: one sentence with the remedy.
    """

    resource: Resource
    why: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """A job that would come next, and what it lacks."""

    job: int
    lack: Lack
