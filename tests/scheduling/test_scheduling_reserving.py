"""What may be granted, from one reading and the policy: the edges of each figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lrc_toolbox.jobs.capacity import Capacity, GpuShare
from lrc_toolbox.jobs.devices import (
    CpuReading,
    Gpu,
    GpuKind,
    GpuProcess,
    GpuReading,
    GpuUse,
    HostSession,
    MachineReading,
    MemoryReading,
)
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.scheduling.hours import Rule
from lrc_toolbox.scheduling.reserving import work_out

GIB = 1024
MAYA = HostSession(100, 1.0, "maya")
ON_IT = GpuProcess(100, GpuUse.GRAPHICS, 1000)


def computer(
    *gpus: Gpu, cpus: int = 16, hosts: int = 1, memory_mib: int = 64 * GIB
) -> MachineReading:
    return MachineReading(
        1.0,
        CpuReading(tuple(range(cpus)), cpus // 2, cpus),
        MemoryReading(memory_mib, memory_mib // 2),
        GpuReading(gpus, "nvml"),
        tuple(replace(MAYA, pid=100 + number) for number in range(hosts)),
    )


def gpu(index: int = 0, *processes: GpuProcess, **more: object) -> Gpu:
    fields = {"total_mib": 24 * GIB, "used_mib": 1000, **more}
    return Gpu(f"GPU-{index}", index, "RTX", processes=processes, **fields)  # type: ignore[arg-type]


def granted(
    reading: MachineReading,
    policy: Policy | None = None,
    *,
    away: bool = False,
    grants: str = "reserved",
    opens: str = "",
    held_mib: dict[str, int] | None = None,
    used_mib: int = 0,
) -> Capacity:
    return work_out(
        reading,
        policy or Policy(),
        away=away,
        rule=Rule(grants, None, opens),
        held_mib=held_mib or {},
        used_by_renders_mib=used_mib,
    )


def share(reading: MachineReading, index: int = 0, **more: object) -> GpuShare:
    found = granted(reading, **more).gpu(f"GPU-{index}")  # type: ignore[arg-type]
    assert found is not None
    return found


# -- CPUs ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cpus", "hosts", "first"),
    [
        (16, 1, 4),  # two cores are four CPUs, a fifth were 3.2
        (20, 1, 4),  # exactly a fifth
        (22, 1, 5),  # a fifth is 4.4: never less than that
        (64, 1, 13),
        (64, 2, 26),  # for each Maya
        (8, 2, 8),  # nothing is left
        (4, 3, 4),  # nor less than nothing
        (4, 0, 0),
    ],
)
def test_cores_are_kept_for_each_maya(cpus: int, hosts: int, first: int) -> None:
    assert granted(computer(cpus=cpus, hosts=hosts)).cpu_ids == tuple(
        range(first, cpus)
    )


@pytest.mark.parametrize(("percent", "most"), [(80, 8), (79, 7), (100, 10), (1, 0)])
def test_renders_get_no_more_than_their_share_though_maya_needs_none(
    percent: float, most: int
) -> None:
    policy = Policy(host_cores=0, host_cores_percent=0, present_cores_percent=percent)
    reading = computer(cpus=10)
    assert len(granted(reading, policy).cpu_ids) == most
    assert len(granted(computer(cpus=10, hosts=0), policy).cpu_ids) == 10


def test_a_control_group_with_few_cpus_leaves_some_for_renders() -> None:
    # 16 of the computer's 128: a fifth of all would leave nothing.
    cpu = CpuReading(tuple(range(16)), 64, 128)
    capacity = granted(replace(computer(), cpu=cpu))
    assert capacity.cpu_ids == tuple(range(4, 16))
    assert capacity.cpu_why == "4 of 16 CPUs are kept for Maya."


def test_two_fast_cores_are_four_cpus_where_slow_ones_have_one_each() -> None:
    hybrid = CpuReading(tuple(range(12)), 10, 12)
    assert granted(replace(computer(), cpu=hybrid)).cpu_ids == tuple(range(4, 12))


def test_whole_cores_are_kept_however_linux_counts_their_cpus() -> None:
    pairs = tuple(cpu for core in range(8) for cpu in (core, core + 8))
    cpu = CpuReading(tuple(range(16)), 8, 16, by_core=pairs)
    capacity = granted(replace(computer(), cpu=cpu))
    assert capacity.cpu_ids == (2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15)


@pytest.mark.parametrize(
    "open_up", [{"away": True}, {"grants": "everything"}], ids=["away", "window"]
)
def test_everything_is_granted_while_nobody_needs_it(open_up: dict) -> None:
    capacity = granted(computer(gpu(0, ON_IT), gpu(1)), **open_up)
    assert len(capacity.cpu_ids) == 16
    assert capacity.memory_mib == 32 * GIB
    assert [one.vram_mib for one in capacity.gpus] == [24 * GIB - 1000] * 2
    assert not any(one.leave or one.shared or one.why for one in capacity.gpus)
    assert not capacity.cpu_why
    assert not capacity.memory_why


# -- memory ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("total", "kept"), [(16 * GIB, 2048), (20_480, 2048), (40_960, 4096)]
)
def test_memory_is_kept_free_for_what_maya_loads_next(total: int, kept: int) -> None:
    capacity = granted(computer(memory_mib=total))
    assert capacity.memory_mib == total // 2 - kept
    assert capacity.memory_why == f"{kept} MiB of memory are kept free for Maya."


def test_memory_is_never_less_than_none_nor_more_than_there_is() -> None:
    assert granted(computer(memory_mib=2 * GIB)).memory_mib == 0
    # Processes that share a texture cache each count it.
    reading = computer(hosts=0, memory_mib=10 * GIB)
    assert granted(reading, used_mib=90 * GIB).memory_mib == 10 * GIB
    assert granted(reading, used_mib=GIB).memory_mib == 6 * GIB


# -- GPUs ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("total", "kept"), [(4 * GIB, 2048), (8 * GIB, 2048), (12 * GIB, 3072)]
)
def test_vram_is_kept_free_on_the_only_gpu(total: int, kept: int) -> None:
    found = share(computer(gpu(0, ON_IT, total_mib=total, used_mib=1000)))
    assert found.vram_mib == total - 1000 - kept
    assert found.shared
    assert f"{kept} MiB of VRAM are kept free" in found.why
    assert found.best_mib == total, "what Maya holds is free when it is closed"


def test_what_our_renders_hold_stays_theirs_on_a_shared_gpu() -> None:
    ours = GpuProcess(7, GpuUse.COMPUTE, 9000, attempt=1)
    found = share(computer(gpu(0, ON_IT, ours, used_mib=10_000)))
    assert found.vram_mib == 24 * GIB - 1000 - 6 * GIB


@pytest.mark.parametrize(("free", "leaves"), [(3071, True), (3072, False)])
def test_renders_leave_a_shared_gpu_when_half_of_what_is_kept_is_used(
    free: int, leaves: bool
) -> None:
    found = share(computer(gpu(0, ON_IT, used_mib=24 * GIB - free)))
    assert found.leave is leaves
    assert found.vram_mib == 0


@pytest.mark.parametrize(
    ("choice", "gpus", "kept", "shared"),
    [
        ("auto", 1, [], [0]),
        ("auto", 2, [0], []),
        ("keep", 1, [0], []),
        ("keep", 2, [0], []),
        ("share", 2, [], [0]),
    ],
)
def test_mayas_gpu_is_kept_or_shared_as_the_policy_says(
    choice: str, gpus: int, kept: list[int], shared: list[int]
) -> None:
    reading = computer(gpu(0, ON_IT), *(gpu(index) for index in range(1, gpus)))
    policy = Policy(host_gpu=choice)  # type: ignore[arg-type]
    found = granted(reading, policy).gpus
    assert [one.index for one in found if one.leave and not one.vram_mib] == kept
    assert [one.index for one in found if one.shared] == shared


def test_a_second_maya_that_the_driver_does_not_name_may_be_on_each_other_gpu() -> None:
    found = granted(computer(gpu(0, ON_IT), gpu(1), hosts=2)).gpus
    assert found[0].leave, "the first one's is kept"
    assert found[1].shared, "the second one may draw on this one"


def test_the_only_gpu_is_kept_by_choice_though_the_driver_names_nobody() -> None:
    keep = Policy(host_gpu="keep")
    assert share(computer(gpu(0)), policy=keep).leave
    assert share(computer(gpu(0), gpu(1)), policy=keep).shared


def test_where_vram_is_not_told_ours_counts_as_granted() -> None:
    """Windows' WDDM tells nobody what a process holds."""
    maya = replace(ON_IT, use=GpuUse.BOTH, vram_mib=None)
    ours = GpuProcess(7, GpuUse.BOTH, attempt=1)
    reading = computer(gpu(0, maya, ours, used_mib=9000))
    found = share(reading, held_mib={"GPU-0": 5000})
    assert found.vram_mib == 24 * GIB - 9000 + 5000 - 6 * GIB
    assert found.best_mib == 0
    assert found.at_best_mib == 24 * GIB
    most = share(reading, held_mib={"GPU-0": 20_000})
    assert most.vram_mib == 24 * GIB - 6 * GIB, "never more than is in use"


@pytest.mark.parametrize(
    ("process", "left_to_it"),
    [
        (GpuProcess(77, GpuUse.COMPUTE, 255), False),
        (GpuProcess(77, GpuUse.COMPUTE, 256), True),
        (GpuProcess(77, GpuUse.COMPUTE, None), True),
        (GpuProcess(77, GpuUse.GRAPHICS, 4000), False),
        (GpuProcess(77, GpuUse.BOTH, None), False),
        (GpuProcess(77, GpuUse.COMPUTE, 4000, attempt=1), False),
    ],
)
def test_somebody_elses_render_is_left_its_gpu(
    process: GpuProcess, left_to_it: bool
) -> None:
    found = share(computer(gpu(0, process), hosts=0))
    assert (found.vram_mib == 0) is left_to_it
    assert not found.leave, "a render that was there first stays"
    if left_to_it:
        assert found.why == ("GPU 0 is used by another program's render (process 77).")


def test_of_a_card_cut_into_mig_devices_only_these_are_granted() -> None:
    card = gpu(0, kind=GpuKind.MIG_PARENT)
    parts = [
        replace(
            gpu(0), uuid=f"MIG-{n}", kind=GpuKind.MIG, parent="GPU-0", total_mib=9000
        )
        for n in range(2)
    ]
    found = granted(computer(card, *parts, hosts=0)).gpus
    assert [one.uuid for one in found] == ["MIG-0", "MIG-1"]


def test_a_virtual_gpu_is_granted_like_any_other() -> None:
    virtual = gpu(0, kind=GpuKind.VGPU)
    assert share(computer(virtual, hosts=0)).vram_mib == 24 * GIB - 1000


def test_a_card_that_is_missing_is_told_with_the_remedy() -> None:
    gpus = GpuReading((gpu(0),), "nvml", problem="GPU 1 fell off.", remedy="Restart.")
    reading = replace(computer(), gpus=gpus)
    assert granted(reading).gpus_missing == "GPU 1 fell off. Restart."
    assert not granted(reading).gpus_unread
    hangs = replace(gpus, gpus=(), source="", unread=True)
    assert granted(replace(reading, gpus=hangs)).gpus_unread
    none = GpuReading(problem="There is no NVIDIA driver.", remedy="Use the CPU.")
    assert not granted(replace(reading, gpus=none)).gpus_missing


# -- times of day ----------------------------------------------------------------
def test_when_nothing_is_granted_it_is_told_when_it_will_be() -> None:
    closed = granted(computer(), grants="nothing", opens="at 19:00").closed
    assert "it starts at 19:00" in closed
    for_ever = granted(computer(), grants="nothing").closed
    assert "`windows`" in for_ever
    assert "`otherwise`" in for_ever
