"""What a computer has and who uses it, as read at one moment.

Plain data: `machine` reads it, `scheduling` decides from it, clients show it. Sizes are
MiB, loads are fractions from 0 to 1, times are seconds since 1970 UTC. None means that
the system does not tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class GpuKind(str, Enum):
    """Whether a device is a whole card or a part of one."""

    WHOLE = "whole"
    MIG_PARENT = "mig_parent"
    MIG = "mig"
    VGPU = "vgpu"


class GpuUse(str, Enum):
    """What a process does on a GPU, as the driver lists it."""

    GRAPHICS = "graphics"
    COMPUTE = "compute"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class GpuProcess:
    """A process on a GPU.

    Attributes:
        vram_mib: what it holds there. Windows' WDDM driver model tells nobody.
        load: share of the GPU's time that it took lately.
        attempt: the attempt of ours it belongs to, None for anybody else's.
    """

    pid: int
    use: GpuUse
    vram_mib: int | None = None
    load: float | None = None
    name: str = ""
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU that CUDA programs could use.

    Attributes:
        index: in PCI order from 0, as NVML counts; a MIG device has its card's.
        uuid: `GPU-...`, or `MIG-...`; what grants and `CUDA_VISIBLE_DEVICES` name.
        parent: the card of a MIG device.
        used_mib: VRAM in use by everybody, the driver included.
        compute_capability: major and minor, (8, 9) for Ada Lovelace.
        busy: share of the last sample time in which any kernel ran.
    """

    uuid: str
    index: int
    name: str
    total_mib: int
    used_mib: int
    kind: GpuKind = GpuKind.WHOLE
    parent: str | None = None
    compute_capability: tuple[int, int] | None = None
    busy: float | None = None
    temperature_c: int | None = None
    power_w: float | None = None
    power_limit_w: float | None = None
    processes: tuple[GpuProcess, ...] = ()

    @property
    def free_mib(self) -> int:
        """VRAM that nobody holds."""
        return max(0, self.total_mib - self.used_mib)

    @property
    def grantable(self) -> bool:
        """A card cut into MIG devices cannot be used as a whole."""
        return self.kind is not GpuKind.MIG_PARENT


@dataclass(frozen=True, slots=True)
class GpuReading:
    """The GPUs as the driver tells of them.

    Attributes:
        source: "nvml" or "nvidia-smi"; empty where neither answered.
        driver: its version, "550.54.14".
        cuda: the newest CUDA it knows, "12.4".
        problem: why GPUs, or some of them, are missing: one sentence; empty if none.
        remedy: what to do about it.
        pending: the driver was asked for the first time and has not answered yet.
        unread: there may be GPUs, but the driver does not answer.
    """

    gpus: tuple[Gpu, ...] = ()
    source: str = ""
    driver: str = ""
    cuda: str = ""
    problem: str = ""
    remedy: str = ""
    pending: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class CpuReading:
    """The processors.

    Attributes:
        ids: logical CPUs that this process may use, ascending.
        cores: physical cores of the computer.
        logical: logical CPUs of the computer.
        busy: share of all logical CPUs' time that was in use lately.
        by_core: the same as `ids`, those of one core side by side; empty where they
            are anyway, or where the system does not tell.
    """

    ids: tuple[int, ...]
    cores: int
    logical: int
    busy: float = 0.0
    by_core: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MemoryReading:
    """Memory in MiB; less than the computer's where a control group allows less."""

    total_mib: int
    available_mib: int
    swap_total_mib: int = 0
    swap_used_mib: int = 0


@dataclass(frozen=True, slots=True)
class DiskReading:
    """The disk that a folder lies on.

    Attributes:
        purpose: "output", "state" or "temp".
        problem: why it cannot be read; then the sizes are 0.
    """

    folder: str
    purpose: str
    total_mib: int
    free_mib: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HostSession:
    """An interactive Maya of this user: capacity is kept back for it.

    Attributes:
        registered: our panel is loaded in it; else it was found by its name.
        cpus: how many CPUs it keeps busy, 1.5 for one and a half.
        memory_mib: what it holds.
        busy_with: what it asks quiet for ("playblast", "ipr"), empty for nothing.
    """

    pid: int
    created_at: float
    program: str
    registered: bool = False
    cpus: float = 0.0
    memory_mib: int = 0
    busy_with: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether the artist is at the computer.

    Attributes:
        idle_s: since the last key or mouse movement.
        locked: whether the screen is locked.
        problem: why neither is known, one sentence.
    """

    idle_s: float | None = None
    locked: bool | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MachineReading:
    """All of it at one moment."""

    at: float
    cpu: CpuReading
    memory: MemoryReading
    gpus: GpuReading = GpuReading()
    hosts: tuple[HostSession, ...] = ()
    presence: Presence = Presence()
    disks: tuple[DiskReading, ...] = ()
