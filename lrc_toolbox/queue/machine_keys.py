"""The keys of the JSON document about the computer, their types and their meaning.

They are promised to other programs (docs/machine.schema.json); the view behind them
may change more freely. How they are filled stands in `queue.machine_document`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lrc_toolbox.jobs.devices import GpuKind, GpuUse
from lrc_toolbox.queue.machine_view import Division, Problem


@dataclass(frozen=True, slots=True)
class CpuDocument:
    """The processors.

    Attributes:
        ids: logical CPUs that the service may use, from 0.
        cores: physical cores of the computer.
        logical: logical CPUs of the computer.
        busy: share of all logical CPUs' time in use, 0 to 1.
        grantable: logical CPUs that renders may have, all grants together.
        granted: logical CPUs that are granted.
        why: why renders may not have all; empty if they may.
    """

    ids: tuple[int, ...]
    cores: int
    logical: int
    busy: float
    grantable: tuple[int, ...]
    granted: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True)
class MemoryDocument:
    """Memory in MiB; less than the computer's where a control group allows less.

    Attributes:
        total_mib: all there is.
        available_mib: what programs could still take without swapping.
        swap_total_mib: room for swapping.
        swap_used_mib: how much of it is in use.
        grantable_mib: what renders may have, all grants together.
        granted_mib: what is granted.
        division: who holds it.
        why: why renders may not have all that is free; empty if they may.
    """

    total_mib: int
    available_mib: int
    swap_total_mib: int
    swap_used_mib: int
    grantable_mib: int
    granted_mib: int
    division: Division
    why: str


@dataclass(frozen=True, slots=True)
class DriverDocument:
    """The NVIDIA driver.

    Attributes:
        source: `nvml` or `nvidia-smi`; empty where neither answered.
        version: the driver's; empty if not known.
        cuda: the newest CUDA it knows; empty if not known.
        problem: why GPUs, or some of them, are missing; empty if none are.
        remedy: what to do about it.
        unread: there may be GPUs, but the driver does not answer.
    """

    source: str
    version: str
    cuda: str
    problem: str
    remedy: str
    unread: bool


@dataclass(frozen=True, slots=True)
class GpuProcessDocument:
    """A process on a GPU.

    Attributes:
        pid: its number.
        name: its program, as far as the driver tells.
        use: what it does there.
        vram_mib: what it holds there; null where the driver does not tell.
        load: share of the GPU's time that it took lately, 0 to 1; null if not told.
        attempt: our attempt that it belongs to; null for anybody else's.
        host: it is a host session's.
    """

    pid: int
    name: str
    use: GpuUse
    vram_mib: int | None
    load: float | None
    attempt: int | None
    host: bool


@dataclass(frozen=True, slots=True)
class GpuDocument:
    """A GPU.

    Attributes:
        index: in PCI order from 0; a MIG device has its card's.
        uuid: what grants and `CUDA_VISIBLE_DEVICES` name.
        name: the product.
        kind: a whole card, a card cut into MIG devices, one of these, or a vGPU.
        parent: UUID of the card of a MIG device, else null.
        total_mib: all its VRAM.
        used_mib: VRAM in use by everybody.
        division: who holds it.
        busy: share of the time in which it computed anything, 0 to 1.
        temperature_c: in degrees Celsius.
        power_w: in watts.
        power_limit_w: in watts.
        compute_capability: major and minor.
        grantable_mib: what renders may have of it, those on it included.
        granted_mib: what is granted.
        shared: a host session uses it too.
        why: why renders may not have all; empty if they may.
        processes: who is on it.
    """

    index: int
    uuid: str
    name: str
    kind: GpuKind
    parent: str | None
    total_mib: int
    used_mib: int
    division: Division
    busy: float | None
    temperature_c: int | None
    power_w: float | None
    power_limit_w: float | None
    compute_capability: tuple[int, int] | None
    grantable_mib: int
    granted_mib: int
    shared: bool
    why: str
    processes: tuple[GpuProcessDocument, ...]


@dataclass(frozen=True, slots=True)
class HostDocument:
    """An interactive Maya of this user.

    Attributes:
        pid: its process.
        created_at: when it was started, seconds since 1970 UTC.
        program: its program file.
        registered: our panel is loaded in it; else it was found by its name.
        cpus: how many CPUs it keeps busy, 1.5 for one and a half.
        memory_mib: what it holds.
        busy_with: what it asks quiet for; empty for nothing.
        gpus: indices of the GPUs it uses, as far as the driver tells.
    """

    pid: int
    created_at: float
    program: str
    registered: bool
    cpus: float
    memory_mib: int
    busy_with: str
    gpus: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PresenceDocument:
    """Whether the artist is at the computer.

    Attributes:
        away: renders get everything for it.
        idle_s: seconds since the last key or mouse movement; null if not known.
        locked: whether the screen is locked; null if not known.
        problem: why neither is known; empty if one is.
    """

    away: bool
    idle_s: float | None
    locked: bool | None
    problem: str


@dataclass(frozen=True, slots=True)
class DiskDocument:
    """The disk that a folder lies on.

    Attributes:
        folder: the folder.
        purpose: `output`, `state` or `temp`.
        total_mib: the disk's size.
        free_mib: the room left on it.
        problem: why it cannot be read, sizes are 0 then; empty if it could.
    """

    folder: str
    purpose: str
    total_mib: int
    free_mib: int
    problem: str


@dataclass(frozen=True, slots=True)
class GrantDocument:
    """An attempt at work, what it was granted, and what it holds.

    Attributes:
        attempt: its number.
        task: which task, `17.1`.
        job: the job's name.
        layer: the render layer.
        state: how far the attempt is.
        pid: its process; null before it was started.
        frame: the frame in hand; null between frames.
        cpu_ids: logical CPUs it may use.
        memory_mib: memory counted as its own; 0 where nobody knows what it needs.
        gpu_uuid: the GPU it may use, or null.
        gpu_index: the same as an index; null where that GPU is not there.
        vram_mib: VRAM it may use there.
        memory_used_mib: what it and all it started hold now; null if not known.
        vram_used_mib: the same of VRAM.
        peak_memory_mib: the most memory it was seen to hold; null if not known.
        peak_vram_mib: the same of VRAM.
    """

    attempt: int
    task: str
    job: str
    layer: str
    state: str
    pid: int | None
    frame: int | None
    cpu_ids: tuple[int, ...]
    memory_mib: int
    gpu_uuid: str | None
    gpu_index: int | None
    vram_mib: int
    memory_used_mib: int | None
    vram_used_mib: int | None
    peak_memory_mib: int | None
    peak_vram_mib: int | None


@dataclass(frozen=True, slots=True)
class WindowDocument:
    """What the policy's windows of time say now.

    Attributes:
        grants: `reserved` for the usual rules, `everything` or `nothing`.
        until: when that may change, seconds since 1970 UTC; null for never.
    """

    grants: str
    until: float | None


@dataclass(frozen=True, slots=True)
class MachineDocument:
    """This computer: what it has, who uses it, and what renders may have of it.

    Attributes:
        lrc_machine: version of this format.
        at: when it was read, seconds since 1970 UTC.
        name: the computer's.
        service_running: a service runs for this queue.
        attempts: how many renders there may be side by side, at most one for each CPU.
        cpu: the processors.
        memory: memory and swap.
        driver: the NVIDIA driver.
        gpus: in PCI order.
        hosts: interactive Mayas, the oldest first.
        presence: whether the artist is there.
        disks: those of output folders, of the state folder and for temporary files.
        grants: who holds what.
        window: what the policy's windows of time say now.
        stepping_back: for whose sake renders step back; empty where they do not.
        kept_back: what is kept from renders and why, one sentence each.
        problems: what is not as it should be.
    """

    lrc_machine: Literal[1]
    at: float
    name: str
    service_running: bool
    attempts: int
    cpu: CpuDocument
    memory: MemoryDocument
    driver: DriverDocument
    gpus: tuple[GpuDocument, ...]
    hosts: tuple[HostDocument, ...]
    presence: PresenceDocument
    disks: tuple[DiskDocument, ...]
    grants: tuple[GrantDocument, ...]
    window: WindowDocument
    stepping_back: str
    kept_back: tuple[str, ...]
    problems: tuple[Problem, ...]
