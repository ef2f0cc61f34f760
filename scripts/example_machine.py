"""A workstation as `lrc machine` could find it: two GPUs, a Maya, three renders.

For the picture in docs and for tests of what is shown. No reading of a real computer.
"""

from __future__ import annotations

import time
from dataclasses import replace

from lrc_toolbox.jobs.devices import (
    CpuReading,
    DiskReading,
    Gpu,
    GpuProcess,
    GpuReading,
    GpuUse,
    HostSession,
    MachineReading,
    MemoryReading,
    Presence,
)
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.records import AttemptRecord, TaskId
from lrc_toolbox.jobs.states import AttemptState
from lrc_toolbox.queue import AttemptAtWork, MachineView
from lrc_toolbox.scheduling.artist import Artist
from lrc_toolbox.scheduling.hours import Rule
from lrc_toolbox.scheduling.reserving import work_out

GIB = 1024
NOW = time.mktime((2026, 3, 14, 16, 40, 0, 0, 0, -1))
MAYA = 4312

#: What the GPU that renders, and the one that Maya draws on, are called.
LARGE = "GPU-8f6a3c1e-0d2b-4b52-9d0e-5a7c1f2e3b4d"
SMALL = "GPU-1c9d7e40-6b3f-4f0a-8c21-e4b5a6978801"


def large_gpu() -> Gpu:
    """The one on which two layers render."""
    return Gpu(
        uuid=LARGE,
        index=0,
        name="NVIDIA RTX A6000",
        total_mib=49140,
        used_mib=31620,
        compute_capability=(8, 6),
        busy=0.97,
        temperature_c=71,
        power_w=287.4,
        power_limit_w=300.0,
        processes=(
            GpuProcess(7001, GpuUse.COMPUTE, 18860, 0.55, "python", attempt=31),
            GpuProcess(7044, GpuUse.COMPUTE, 12180, 0.42, "python", attempt=32),
        ),
    )


def small_gpu() -> Gpu:
    """The one that Maya draws on."""
    return Gpu(
        uuid=SMALL,
        index=1,
        name="NVIDIA RTX A4500",
        total_mib=20470,
        used_mib=5410,
        compute_capability=(8, 6),
        busy=0.12,
        temperature_c=48,
        power_w=41.0,
        power_limit_w=200.0,
        processes=(
            GpuProcess(MAYA, GpuUse.GRAPHICS, 4310, 0.09, "maya.bin"),
            GpuProcess(2210, GpuUse.GRAPHICS, 620, 0.02, "Xorg"),
        ),
    )


def reading() -> MachineReading:
    """All of it at one moment, the artist at work."""
    maya = HostSession(
        MAYA,
        NOW - 9000,
        "/usr/autodesk/maya2025/bin/maya.bin",
        registered=True,
        cpus=1.3,
        memory_mib=9 * GIB,
    )
    return MachineReading(
        at=NOW,
        cpu=CpuReading(tuple(range(32)), 16, 32, 0.74),
        memory=MemoryReading(128 * GIB, 68 * GIB, 16 * GIB, 300),
        gpus=GpuReading((large_gpu(), small_gpu()), "nvml", "550.54.14", "12.4"),
        hosts=(maya,),
        presence=Presence(4.0, False),
        disks=(
            DiskReading("/shots/sh010/renders", "output", 14_300_000, 5_100_000),
            DiskReading(
                "/home/anna/.local/share/lrc-toolbox", "state", 953_000, 540_000
            ),
            DiskReading("/tmp", "temp", 953_000, 540_000),
        ),
    )


def attempts() -> tuple[AttemptAtWork, ...]:
    """Two layers on the large GPU, and one that needs none."""
    on_large = (LARGE, 22630), (LARGE, 14620)
    return (
        _attempt(31, 1, "beauty", range(7, 13), 14 * GIB, *on_large[0], 1013, 42.0),
        _attempt(32, 2, "volume", range(13, 19), 11 * GIB, *on_large[1], 1002, 87.0),
        _attempt(33, 3, "matte", range(19, 25), 3 * GIB, None, 0, 1044, 5.0),
    )


def _attempt(
    number: int,
    task: int,
    layer: str,
    cpus: range,
    memory_mib: int,
    gpu: str | None,
    vram_mib: int,
    frame: int,
    percent: float,
) -> AttemptAtWork:
    record = AttemptRecord(
        number,
        TaskId(17, task),
        AttemptState.RUNNING,
        Grant(tuple(cpus), memory_mib, gpu, vram_mib),
        f"/logs/17/{task}-{number}.log",
        pid=6970 + number,
        frame=frame,
        percent=percent,
    )
    used = int(vram_mib / 1.2) if gpu else None
    return AttemptAtWork(record, "sh010_houses", layer, int(memory_mib / 1.2), used)


def view(
    seen: MachineReading | None = None,
    *,
    policy: Policy | None = None,
    at_work: tuple[AttemptAtWork, ...] | None = None,
    rule: Rule | None = None,
) -> MachineView:
    """Work out what the queue would tell of a reading.

    Args:
        seen: the workstation described above where None.
        policy: the one that comes where None.
        at_work: the three renders where None.
        rule: what the windows of time say; that there are none where None.
    """
    seen = reading() if seen is None else seen
    policy = policy or Policy()
    at_work = attempts() if at_work is None else at_work
    rule = rule or Rule(policy.otherwise)
    artist = Artist()
    artist.follow(seen, policy)
    capacity = work_out(
        seen,
        policy,
        away=artist.away,
        rule=rule,
        held_mib={},
        used_by_renders_mib=sum(one.memory_mib or 0 for one in at_work),
    )
    return MachineView(
        name="lighting-12",
        reading=seen,
        policy=policy,
        capacity=capacity,
        window=rule,
        away=artist.away,
        attempts=at_work,
        service_runs=True,
    )


def without_gpus() -> MachineReading:
    """The same computer where no driver is installed."""
    none = GpuReading(
        problem="No NVIDIA driver is installed, so no GPU.",
        remedy="If there is an NVIDIA GPU in this computer, install its driver.",
    )
    return replace(reading(), gpus=none)
