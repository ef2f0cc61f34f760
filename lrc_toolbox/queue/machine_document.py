"""The JSON document about the computer: its keys, their types, and how it is filled.

The keys are promised to other programs (docs/machine.schema.json, which
`python -m lrc_toolbox.queue.machine_document` prints); the view behind them may change
more freely. Values only. Any thread.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any, Final, Literal

from lrc_toolbox.jobs.devices import (
    DiskReading,
    Gpu,
    GpuKind,
    GpuProcess,
    GpuUse,
    HostSession,
)
from lrc_toolbox.jobs.json_document import plain, schema_of
from lrc_toolbox.queue.machine_view import (
    AttemptAtWork,
    Division,
    MachineView,
    Problem,
)

#: Grows when a key is renamed, removed or means something else; not for added keys.
FORMAT_VERSION: Final = 1


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
        attempts: how many renders there may be side by side.
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


def machine_document(view: MachineView) -> dict[str, Any]:
    """Put a view into the document's words: lists, dicts, text and numbers."""
    reading, capacity, window = view.reading, view.capacity, view.window
    presence = reading.presence
    whole = MachineDocument(
        lrc_machine=FORMAT_VERSION,
        at=reading.at,
        name=view.name,
        service_running=view.service_runs,
        attempts=capacity.attempts,
        cpu=_cpu(view),
        memory=_memory(view),
        driver=_driver(view),
        gpus=tuple(_gpu(view, gpu) for gpu in reading.gpus.gpus),
        hosts=tuple(_host(view, host) for host in reading.hosts),
        presence=PresenceDocument(
            view.away, presence.idle_s, presence.locked, presence.problem
        ),
        disks=tuple(map(_disk, reading.disks)),
        grants=tuple(_grant(view, one) for one in view.attempts),
        window=WindowDocument(window.grants, window.until),
        stepping_back=view.stepping_back,
        kept_back=view.kept_back,
        problems=view.problems,
    )
    described: dict[str, Any] = plain(whole)
    return described


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    return schema_of(MachineDocument, "LRC Toolbox machine")


def _cpu(view: MachineView) -> CpuDocument:
    cpu = view.reading.cpu
    granted = {number for one in view.attempts for number in one.record.grant.cpu_ids}
    return CpuDocument(
        ids=cpu.ids,
        cores=cpu.cores,
        logical=cpu.logical,
        busy=cpu.busy,
        grantable=view.capacity.cpu_ids,
        granted=tuple(sorted(granted)),
        why=view.capacity.cpu_why,
    )


def _memory(view: MachineView) -> MemoryDocument:
    memory = view.reading.memory
    return MemoryDocument(
        total_mib=memory.total_mib,
        available_mib=memory.available_mib,
        swap_total_mib=memory.swap_total_mib,
        swap_used_mib=memory.swap_used_mib,
        grantable_mib=view.capacity.memory_mib,
        granted_mib=sum(one.record.grant.memory_mib for one in view.attempts),
        division=view.memory,
        why=view.capacity.memory_why,
    )


def _driver(view: MachineView) -> DriverDocument:
    gpus = view.reading.gpus
    return DriverDocument(
        source=gpus.source,
        version=gpus.driver,
        cuda=gpus.cuda,
        problem=gpus.problem,
        remedy=gpus.remedy,
        unread=gpus.unread,
    )


def _gpu(view: MachineView, gpu: Gpu) -> GpuDocument:
    share = view.capacity.gpu(gpu.uuid)
    grants = [one.record.grant for one in view.attempts]
    hosts = {host.pid for host in view.reading.hosts}
    return GpuDocument(
        index=gpu.index,
        uuid=gpu.uuid,
        name=gpu.name,
        kind=gpu.kind,
        parent=gpu.parent,
        total_mib=gpu.total_mib,
        used_mib=gpu.used_mib,
        division=view.vram(gpu),
        busy=gpu.busy,
        temperature_c=gpu.temperature_c,
        power_w=gpu.power_w,
        power_limit_w=gpu.power_limit_w,
        compute_capability=gpu.compute_capability,
        grantable_mib=share.vram_mib if share else 0,
        granted_mib=sum(one.vram_mib for one in grants if one.gpu_uuid == gpu.uuid),
        shared=bool(share and share.shared),
        why=share.why if share else "",
        processes=tuple(_process(process, hosts) for process in gpu.processes),
    )


def _process(process: GpuProcess, hosts: set[int]) -> GpuProcessDocument:
    return GpuProcessDocument(
        pid=process.pid,
        name=process.name,
        use=process.use,
        vram_mib=process.vram_mib,
        load=process.load,
        attempt=process.attempt,
        host=process.pid in hosts,
    )


def _host(view: MachineView, host: HostSession) -> HostDocument:
    return HostDocument(
        pid=host.pid,
        created_at=host.created_at,
        program=host.program,
        registered=host.registered,
        cpus=host.cpus,
        memory_mib=host.memory_mib,
        busy_with=host.busy_with,
        gpus=tuple(
            gpu.index for gpu in view.reading.gpus.gpus if host in view.hosts_on(gpu)
        ),
    )


def _disk(disk: DiskReading) -> DiskDocument:
    return DiskDocument(
        disk.folder, disk.purpose, disk.total_mib, disk.free_mib, disk.problem
    )


def _grant(view: MachineView, one: AttemptAtWork) -> GrantDocument:
    record, grant = one.record, one.record.grant
    gpu = next((g for g in view.reading.gpus.gpus if g.uuid == grant.gpu_uuid), None)
    return GrantDocument(
        attempt=record.id,
        task=str(record.task),
        job=one.job,
        layer=one.layer,
        state=record.state.value,
        pid=record.pid,
        frame=record.frame,
        cpu_ids=grant.cpu_ids,
        memory_mib=grant.memory_mib,
        gpu_uuid=grant.gpu_uuid,
        gpu_index=gpu.index if gpu else None,
        vram_mib=grant.vram_mib,
        memory_used_mib=one.memory_mib,
        vram_used_mib=one.vram_mib,
        peak_memory_mib=record.peak_memory_mib,
        peak_vram_mib=record.peak_vram_mib,
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
