"""Stories of who waits for whom while something is kept for Maya or for the night."""

from __future__ import annotations

import time

from lrc_toolbox.jobs.capacity import Resource
from lrc_toolbox.jobs.commands import Retry
from lrc_toolbox.jobs.devices import GpuProcess, GpuUse
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.grant import GpuNeed
from lrc_toolbox.jobs.policy import Policy, Window
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.scheduling.events import UsageMeasured
from tests.scheduling.test_reserving_stories import Desk, measure
from tests.scheduling.workstation import GIB, Workstation, uuid

OUT_OF_VRAM = Failure(FailureClass.OUT_OF_GPU_MEMORY, "cudaMalloc failed")


def write_all(desk: Desk, key: int, seconds: float = 5.0) -> None:
    """Let a process render what it has in line."""
    while desk.world.processes[key].line:
        desk.world.write(key, seconds=seconds)
        desk.world.prove()


def teach(desk: Desk, *, vram_mib: int | None = None, memory_mib: int = 2000) -> None:
    """Render the first layer once, so that it is known what it needs."""
    desk.world.submit("1")
    (key,) = desk.world.processes
    desk.world.write(key)
    desk.world.tell(UsageMeasured(key, memory_mib, vram_mib, desk.world.now))
    desk.world.prove()
    desk.world.finish_all()
    assert not desk.world.processes


# -- others go on ----------------------------------------------------------------
def test_no_process_leaves_for_a_job_that_waits_for_mayas_gpu() -> None:
    station = Workstation(cpus=16, gpus=(24 * GIB,))
    station.open_maya(0)
    keep = Policy(host_gpu="keep", attempts=2)
    desk = Desk(station, keep, gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-80", gpu="none", priority=10)
    key = next(iter(desk.world.processes))
    waiting = desk.world.submit("1-8", priority=90)
    desk.world.end(2)
    assert desk.lacks(waiting) is Resource.GPU
    for _ in range(5):
        desk.world.write(key)
        desk.world.prove()
    assert desk.world.processes[key].line, "its scene would be loaded anew each time"


def test_the_only_process_does_not_come_and_go_for_a_job_that_waits_for_maya() -> None:
    station = Workstation(cpus=16, memory_mib=32 * GIB, gpus=(24 * GIB,))
    desk = Desk(station, Policy(host_gpu="keep", attempts=1), gpu=GpuNeed.REQUIRED)
    teach(desk, memory_mib=22 * GIB, vram_mib=3000)
    station.open_maya(0)
    desk.look()
    desk.world.submit("1-80", gpu="none", renderer="arnold", priority=10)
    (key,) = desk.world.processes
    for_gpu = desk.world.submit("1-8", renderer="redshift", priority=90)
    for_memory = desk.world.submit("1-8", priority=80)
    for _ in range(5):
        desk.world.write(key)
        desk.world.prove()
    assert desk.lacks(for_gpu) is Resource.GPU
    assert desk.lacks(for_memory) is Resource.MEMORY
    assert list(desk.world.processes) == [key]
    assert not desk.world.processes[key].closed


def test_a_process_leaves_for_a_job_that_waits_for_its_gpu() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-80", priority=10)
    (key,) = desk.world.processes
    first = desk.world.submit("1-8", priority=90)
    write_all(desk, key)
    assert desk.world.processes[key].closed
    desk.world.end(key)
    assert desk.world.at_work()[0] == (first, 1)


def test_a_gpu_too_small_for_who_comes_first_is_left_to_others() -> None:
    station = Workstation(gpus=(8 * GIB, 24 * GIB))
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    teach(desk, vram_mib=12 * GIB)
    station.use(1, GpuProcess(77, GpuUse.COMPUTE, 9000, name="houdini"))
    desk.look()
    first = desk.world.submit("1-80", priority=90)
    assert desk.why(first) == (
        "It needs 14746 MiB of VRAM. GPU 1 is used by another program's render "
        "(houdini). It starts when that one has ended; submit with the GPU "
        '"none" to render it on the CPU.'
    )
    desk.world.submit("1-80", renderer="arnold")
    assert desk.gpus_at_work() == [uuid(0)]


def test_what_needs_more_memory_than_maya_leaves_keeps_nobody_waiting() -> None:
    station = Workstation(cpus=16, memory_mib=32 * GIB)
    desk = Desk(station)
    teach(desk, memory_mib=22 * GIB)
    maya = station.open_maya()
    desk.look()
    large = desk.world.submit("1-8")
    assert desk.lacks(large) is Resource.MEMORY
    assert desk.why(large).endswith("MiB of memory are kept free for Maya.")
    other = desk.world.submit("1-8", renderer="arnold")
    assert {job for job, _ in desk.world.at_work()} == {other}
    station.close_maya(maya)
    desk.look()
    desk.world.finish_all()
    assert desk.world.state(large) is JobState.DONE


def test_what_needs_the_memory_of_all_renders_is_not_overtaken() -> None:
    desk = Desk(Workstation(cpus=16, memory_mib=32 * GIB), Policy(attempts=2))
    teach(desk, memory_mib=22 * GIB)
    desk.world.submit("1", renderer="arnold")
    large = desk.world.submit("1-8", priority=60)
    desk.world.submit("1-8", renderer="arnold", priority=50)
    assert desk.lacks(large) is Resource.MEMORY
    assert len(desk.world.processes) == 1, "it gets the memory when that one leaves"
    write_all(desk, 2)
    desk.world.end(2)
    assert desk.world.at_work() == [(large, 1)]


def test_what_waits_for_maya_leaves_the_rest_of_her_gpu_to_others() -> None:
    station = Workstation(cpus=16, gpus=(24 * GIB,))
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    teach(desk, vram_mib=18 * GIB)
    station.open_maya(0)
    desk.look()
    large = desk.world.submit("1-8", priority=60)
    other = desk.world.submit("1-8", renderer="arnold")
    assert "shared with Maya" in desk.why(large)
    assert desk.world.at_work() == [(other, 1)]
    assert desk.gpus_at_work() == [uuid(0)]


# -- stepping back ---------------------------------------------------------------
def test_a_rest_is_no_silence() -> None:
    station = Workstation(cpus=16)
    maya = station.open_maya()
    desk = Desk(station, Policy(attempts=1))
    desk.world.submit("1-80", stall_s=60)
    (key,) = desk.world.processes
    desk.look()
    station.ask_for_quiet(maya, "ipr")
    desk.look()
    write_all(desk, key)
    desk.look(90)
    assert not desk.world.processes[key].line
    station.ask_for_quiet(maya, "")
    desk.look(21)
    assert desk.world.processes[key].line
    desk.world.tick(1.0)
    assert not desk.world.processes[key].stopping


def test_renders_go_on_at_once_when_maya_is_closed_at_its_hardest() -> None:
    station = Workstation(cpus=16)
    maya = station.open_maya()
    station.load(maya, cpus=12.0)
    desk = Desk(station)
    desk.look(6)
    desk.world.submit("1-8")
    assert not desk.world.processes
    station.close_maya(maya)
    desk.look()
    assert desk.world.processes


def test_on_a_gpu_that_is_kept_renders_do_not_rest_but_leave() -> None:
    station = Workstation(gpus=(24 * GIB, 24 * GIB))
    desk = Desk(station, gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-80", "1-80")
    on_first = next(
        key
        for key, one in desk.world.processes.items()
        if one.grant.gpu_uuid == uuid(0)
    )
    maya = station.open_maya(0)
    station.load(maya, gpu=0.9)
    desk.look(6)
    write_all(desk, on_first)
    assert desk.world.processes[on_first].closed
    assert not desk.world.happened(EventKind.RENDERS_STEPPED_BACK), "nobody had to"


# -- times of day ----------------------------------------------------------------
def test_renders_leave_when_their_window_closes_and_go_on_in_the_next() -> None:
    noon = time.mktime((2026, 11, 20, 12, 0, 0, 0, 0, -1))
    until_one = Window(begins="11:00", ends="13:00")
    policy = Policy(windows=(until_one,), otherwise="nothing")
    desk = Desk(Workstation(), policy, now=noon)
    job = desk.world.submit("1-80")
    assert desk.world.processes
    desk.world.now += 3600
    desk.look()
    for key in list(desk.world.processes):
        write_all(desk, key)
        assert desk.world.processes[key].closed
        desk.world.end(key)
    assert desk.lacks(job) is Resource.TIME
    assert "on Saturday at 11:00" in desk.why(job)
    desk.world.now += 22 * 3600
    desk.look()
    assert desk.world.processes


# -- what was learned ------------------------------------------------------------
def test_a_renderer_that_takes_nearly_all_vram_is_started_again() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), gpu=GpuNeed.REQUIRED)
    teach(desk, vram_mib=22 * GIB)
    job = desk.world.submit("1-8")
    assert desk.gpus_at_work() == [uuid(0)]
    desk.world.finish_all()
    assert desk.world.state(job) is JobState.DONE


def test_a_lighter_scene_is_tried_again_when_a_person_asks() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), gpu=GpuNeed.REQUIRED)
    job = desk.world.submit("1-8")
    (key,) = desk.world.processes
    desk.world.give_up(key, OUT_OF_VRAM)
    desk.world.end(key)
    assert desk.world.state(job) is JobState.FAILED
    assert "Make the scene lighter and retry" in desk.world.jobs[job].reason
    desk.world.ask(Retry(job))
    assert desk.gpus_at_work() == [uuid(0)]
    desk.world.finish_all()
    assert desk.world.state(job) is JobState.DONE
    assert all(not usage.vram_short_mib for usage in desk.world.usage.values())


def test_a_process_keeps_its_scene_open_for_the_next_layer_on_its_gpu() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), Policy(attempts=1), gpu=GpuNeed.REQUIRED)
    job = desk.world.submit("1-2", "1-2")
    (key,) = desk.world.processes
    desk.world.write(key)
    measure(desk, key, 5000)
    desk.world.write(key)
    assert desk.world.at_work() == [(job, 2)]
    assert desk.world.processes[key].line
    assert desk.world.attempts[2].grant.vram_mib == 24 * GIB - 200


def test_grants_are_written_down_as_they_are_for_the_next_service() -> None:
    desk = Desk(Workstation(gpus=(24 * GIB,)), gpu=GpuNeed.REQUIRED)
    desk.world.submit("1-80")
    (first,) = desk.world.processes
    desk.world.write(first)
    measure(desk, first, 4000)
    granted = {key: one.grant for key, one in desk.world.attempts.items()}
    assert len(granted) == 4
    assert sum(grant.vram_mib for grant in granted.values()) == 4 * 4800
    desk.world.restart()
    desk.look()
    assert len(desk.world.processes) == 4
