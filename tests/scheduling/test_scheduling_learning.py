"""What attempts teach of their layers, and what their grants become by it."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.capacity import Capacity, GpuShare
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.jobs.usage import Usage
from lrc_toolbox.scheduling.events import CapacityChanged, UsageKnown, UsageMeasured
from tests.scheduling.world import World

GIB = 1024
GPU = GpuShare("GPU-0", 0, "RTX", 24 * GIB, 24 * GIB)


@pytest.fixture
def gpu_world(make_world: type[World]) -> World:
    world = make_world(slots=2, gpu=GpuNeed.REQUIRED)
    capacity = Capacity(2, (0, 1), memory_mib=64_000, gpus=(GPU,))
    world.tell(CapacityChanged(capacity, world.now))
    return world


def measure(world: World, key: int, memory: int, vram: int | None = None) -> None:
    world.tell(UsageMeasured(key, memory, vram, world.now))


def grant(world: World, key: int) -> Grant:
    return world.attempts[key].grant


def learned(world: World) -> Usage:
    (usage,) = world.usage.values()
    return usage


def test_nothing_is_learned_before_a_whole_frame(gpu_world: World) -> None:
    gpu_world.submit("1-9")
    gpu_world.begin(1)
    measure(gpu_world, 1, 5000, 3000)
    assert not gpu_world.usage
    assert grant(gpu_world, 1).vram_mib == 24 * GIB
    gpu_world.write(1)
    assert (learned(gpu_world).memory_mib, learned(gpu_world).vram_mib) == (5000, 3000)
    assert grant(gpu_world, 1) == Grant((0,), 6000, "GPU-0", 3600)


def test_the_highest_use_counts(gpu_world: World) -> None:
    gpu_world.submit("1-9")
    gpu_world.write(1)
    for memory, vram in ((3000, 2000), (5000, 1000), (100, 4000)):
        measure(gpu_world, 1, memory, vram)
    assert (learned(gpu_world).memory_mib, learned(gpu_world).vram_mib) == (5000, 4000)
    assert gpu_world.attempts[1].peak_vram_mib == 4000


def test_where_vram_is_not_told_it_stays_unknown_and_alone(gpu_world: World) -> None:
    gpu_world.submit("1-9")
    gpu_world.write(1)
    measure(gpu_world, 1, 5000, None)
    assert learned(gpu_world).vram_mib is None
    assert grant(gpu_world, 1).vram_mib == 24 * GIB


def test_what_one_process_teaches_changes_the_grants_of_the_others(
    gpu_world: World,
) -> None:
    gpu_world.submit("1-90")
    gpu_world.write(1)
    measure(gpu_world, 1, 1000, 2000)
    gpu_world.write(2)
    measure(gpu_world, 2, 900, 1900)
    measure(gpu_world, 1, 3000, 8000)
    measure(gpu_world, 2, 900, 1900)
    assert grant(gpu_world, 2) == Grant((1,), 3600, "GPU-0", 9600)


def test_a_grant_that_cannot_grow_stays_as_it_is(gpu_world: World) -> None:
    gpu_world.submit("1-90")
    gpu_world.write(1)
    measure(gpu_world, 1, 1000, 10_000)
    assert grant(gpu_world, 2).vram_mib == 12_000
    measure(gpu_world, 1, 1000, 15_000)
    assert grant(gpu_world, 1).vram_mib == 24 * GIB - 12_000
    assert learned(gpu_world).vram_mib == 15_000


@pytest.mark.parametrize(
    ("kind", "memory", "vram"),
    [
        (FailureClass.OUT_OF_GPU_MEMORY, 0, 24 * GIB),
        (FailureClass.OUT_OF_MEMORY, 40_000, 0),
        (FailureClass.CRASH, None, None),
    ],
)
def test_a_shortage_is_what_was_granted_or_held(
    gpu_world: World, kind: FailureClass, memory: int | None, vram: int | None
) -> None:
    gpu_world.submit("1-9")
    gpu_world.begin(1)
    measure(gpu_world, 1, 40_000, 2000)
    gpu_world.give_up(1, Failure(kind, "no more"))
    if memory is None:
        assert not gpu_world.usage
        return
    known = learned(gpu_world)
    assert (known.memory_short_mib, known.vram_short_mib) == (memory, vram)


def test_what_is_not_at_work_teaches_nothing(world: World) -> None:
    world.tell(UsageMeasured(99, 1000, 2000, world.now))
    assert not world.usage


def test_what_earlier_jobs_taught_counts_for_the_next(gpu_world: World) -> None:
    gpu_world.submit("1")
    gpu_world.write(1)
    measure(gpu_world, 1, 1000, 2000)
    gpu_world.prove()
    gpu_world.finish_all()
    other = type(gpu_world)(slots=2, gpu=GpuNeed.REQUIRED)
    capacity = Capacity(2, (0, 1), memory_mib=64_000, gpus=(GPU,))
    other.tell(CapacityChanged(capacity, other.now))
    other.tell(UsageKnown((learned(gpu_world),), other.now))
    other.submit("1-9")
    assert [grant(other, key).vram_mib for key in (1, 2)] == [2400, 2400]
