"""What a process may not exceed, and what becomes of the clock's jumps."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.devices import (
    CpuReading,
    HostSession,
    MachineReading,
    MemoryReading,
)
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.scheduling.events import (
    ClockJumped,
    MachineRead,
    OutputRead,
    UsageMeasured,
)
from lrc_toolbox.scheduling.patience import PATIENCE, UNKNOWN

NOT_THERE = Failure(FailureClass.OUTPUT_MISSING, "not there")
DISK_FULL = Failure(FailureClass.DISK, "No space left on device.")
HOUR = 3600.0


def failure_of(world, job, frame=1):
    return world.frames[TaskId(job, 1), frame].failure


def end_stopped(world, process):
    assert world.processes[process].stopping
    world.end(process, code=-15)
    world.prove(NOT_THERE)


def look(world, *, free_mib=60_000, policy=None, asking=None):
    """Read the computer; an open Maya, where there is one, asks for quiet or not."""
    memory = MemoryReading(total_mib=64_000, available_mib=free_mib)
    count = len(world.cpu_ids)
    cpu = CpuReading(world.cpu_ids, cores=count, logical=count)
    maya = HostSession(4711, 0.0, "maya", busy_with="playblast" if asking else "")
    hosts = () if asking is None else (maya,)
    reading = MachineReading(world.now, cpu, memory, hosts=hosts)
    world.tell(MachineRead(reading, policy or Policy(), world.now))


# -- silence ---------------------------------------------------------------------
@pytest.mark.parametrize("renderer", ["mayaSoftware", "redshift", "own-tracer"])
def test_each_renderer_may_be_silent_for_as_long_as_suits_it(make_world, renderer):
    world = make_world(slots=1)
    job = world.submit("1", renderer=renderer, retries=0)
    world.begin(1)
    patience = PATIENCE.get(renderer, UNKNOWN).stall_s
    assert world.scheduler.next_deadline == pytest.approx(world.now + patience)
    world.tick(patience - 1)
    assert not world.processes[1].stopping
    world.tick(1)
    end_stopped(world, 1)
    assert failure_of(world, job).kind is FailureClass.STALLED
    assert "stall_s" in failure_of(world, job).message


def test_a_process_that_a_new_service_follows_is_not_silent_since_its_start(
    make_world,
):
    world = make_world(slots=1)
    world.submit("1")
    world.begin(1)
    world.now += 3 * HOUR
    world.restart(alive=True)
    world.tick(1)
    assert not world.processes[1].stopping


# -- time for a frame ------------------------------------------------------------
def test_a_frame_that_takes_too_long_is_ended_and_tried_again(make_world):
    world = make_world(slots=1)
    job = world.submit("1-9", frame_limit_s=100, retries=1)
    for _ in range(3):
        world.write(1, seconds=90)
    world.prove()
    world.begin(1)
    world.now += 99
    world.progress(1, 50.0)
    world.tick(0)
    assert not world.processes[1].stopping
    world.tick(1)
    end_stopped(world, 1)
    failure = failure_of(world, job, 4)
    assert failure.kind is FailureClass.TIMEOUT
    assert failure.message.startswith("Frame 4 took longer than 100 s")
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_loading_the_scene_is_no_part_of_a_frames_time(make_world):
    world = make_world(slots=1)
    world.submit("1-9", frame_limit_s=100)
    world.tick(500)
    assert not world.processes[1].stopping


def test_a_program_that_reports_nothing_has_the_time_of_all_its_frames(make_world):
    world = make_world(slots=1)
    job = world.submit(
        "1-4", engine="command", chunk_size=4, frame_limit_s=100, retries=0
    )
    world.tick(399)
    assert not world.processes[1].stopping
    world.tick(1)
    end_stopped(world, 1)
    assert failure_of(world, job).message.startswith("4 frames took longer than 400 s")


def test_a_new_service_goes_on_counting_a_frames_time(make_world):
    world = make_world(slots=1)
    world.submit("1", frame_limit_s=100)
    world.begin(1)
    world.now += 90
    world.restart(alive=True)
    world.tick(10)
    assert world.processes[1].stopping


# -- memory ----------------------------------------------------------------------
def test_a_process_above_its_memory_limit_is_ended(make_world):
    world = make_world(slots=1)
    job = world.submit("1", memory_limit_mib=8000, retries=0)
    world.begin(1)
    world.tell(UsageMeasured(1, 8000, None, world.now))
    assert not world.processes[1].stopping
    world.tell(UsageMeasured(1, 8001, None, world.now))
    end_stopped(world, 1)
    failure = failure_of(world, job)
    assert failure.kind is FailureClass.OUT_OF_MEMORY
    assert "`memory_limit_mib` allows 8000 MiB" in failure.message
    (process,) = world.processes.values()
    assert process.grant.memory_mib <= 8000


def test_the_one_furthest_above_its_share_goes_when_memory_runs_out(make_world):
    world = make_world(slots=2)
    look(world, free_mib=60_000)
    world.submit("1-9", "1-9")
    held = [process.grant.memory_mib for process in world.processes.values()]
    world.tell(UsageMeasured(1, held[0] + 10, None, world.now))
    world.tell(UsageMeasured(2, held[1] + 5000, None, world.now))
    look(world, free_mib=1930)
    assert not any(process.stopping for process in world.processes.values())
    look(world, free_mib=1000)
    assert [process.stopping for process in world.processes.values()] == [False, True]
    look(world, free_mib=900)  # what the other one holds is not free yet
    assert not world.processes[1].stopping


def test_a_process_within_its_share_is_never_ended_for_others(make_world):
    world = make_world(slots=1)
    look(world, free_mib=60_000)
    world.submit("1")
    held = world.processes[1].grant.memory_mib
    world.tell(UsageMeasured(1, held, None, world.now))
    look(world, free_mib=10)
    assert not world.processes[1].stopping


# -- the log ---------------------------------------------------------------------
def test_a_process_that_floods_its_log_is_ended(make_world):
    world = make_world(slots=1)
    job = world.submit("1", retries=0)
    look(world, free_mib=60_000, policy=Policy(log_mib=10))
    world.begin(1)
    world.tell(OutputRead(1, 10 << 20, world.now))
    assert not world.processes[1].stopping
    world.tell(OutputRead(1, (10 << 20) + 1, world.now))
    end_stopped(world, 1)
    assert failure_of(world, job).kind is FailureClass.OTHER
    assert "`log_mib`" in failure_of(world, job).message


# -- the clock -------------------------------------------------------------------
@pytest.mark.parametrize("jump", [8 * HOUR, -8 * HOUR, 400 * 24 * HOUR])
def test_nothing_is_overdue_after_the_clock_jumped(make_world, jump):
    world = make_world(slots=2)
    world.submit("1-9", "1-9", frame_limit_s=600, stall_s=900)
    world.begin(1)
    world.begin(2)
    world.tick(500)
    world.now += jump
    world.tell(ClockJumped(jump, world.now))
    assert world.scheduler.next_deadline == pytest.approx(world.now + 100)
    world.tick(99)
    assert not any(process.stopping for process in world.processes.values())
    world.tick(1)
    assert all(process.stopping for process in world.processes.values())


@pytest.mark.parametrize("jump", [8 * HOUR, -8 * HOUR])
def test_waits_are_as_long_as_before_after_the_clock_jumped(make_world, jump):
    world = make_world(slots=1)
    world.submit("1", renderer="arnold")
    world.submit("1")
    world.give_up(1, Failure(FailureClass.LICENCE, "none"))
    world.end(1)
    world.give_up(2, DISK_FULL)
    world.end(2)
    world.now += jump
    world.tell(ClockJumped(jump, world.now))
    assert not world.processes
    world.tick(29)
    assert not world.processes
    world.tick(1)
    assert [process.task.job for process in world.processes.values()] == [2]
    world.render(3)
    world.tick(30)
    assert [process.task.job for process in world.processes.values()] == [1]


def test_the_time_that_the_computer_slept_is_no_time_of_a_frame(make_world):
    world = make_world(slots=1)
    job = world.submit("1-4", engine="command", chunk_size=2)
    world.now += 3 * HOUR
    world.tell(ClockJumped(3 * HOUR, world.now))
    world.now += 8
    world.end(1)
    assert world.tasks[TaskId(job, 1)].frame_seconds == pytest.approx(4.0)


@pytest.mark.parametrize("jump", [8 * HOUR, -8 * HOUR])
def test_a_process_that_was_told_to_leave_has_its_time_after_a_jump(make_world, jump):
    world = make_world(slots=1)
    world.submit("1")
    world.write(1)
    world.prove()
    assert world.processes[1].closed
    world.now += jump
    world.tell(ClockJumped(jump, world.now))
    world.tick(59)
    assert not world.processes[1].stopping
    world.tick(1)
    assert world.processes[1].stopping


@pytest.mark.parametrize("jump", [8 * HOUR, -8 * HOUR])
def test_a_process_rests_no_longer_and_no_shorter_after_a_jump(make_world, jump):
    world = make_world(cpu_ids=tuple(range(16)), slots=1)
    look(world)
    world.submit("1-9")
    look(world, asking=True)
    while world.processes[1].line:
        world.write(1)
    world.tick(100)
    world.now += jump
    world.tell(ClockJumped(jump, world.now))
    world.tick(19)
    assert not world.processes[1].closed
    world.tick(1)
    assert world.processes[1].closed


@pytest.mark.parametrize("jump", [8 * HOUR, -8 * HOUR])
def test_the_artist_is_calm_for_as_long_as_before_after_a_jump(make_world, jump):
    world = make_world(cpu_ids=tuple(range(16)), slots=1)
    look(world, asking=True)
    world.submit("1-9")
    look(world, asking=False)
    world.now += jump
    world.tell(ClockJumped(jump, world.now))
    world.now += Policy().resume_after_s - 1
    look(world, asking=False)
    assert not world.processes
    world.now += 1
    look(world, asking=False)
    assert world.processes


def test_progress_is_shown_at_once_after_a_jump_back(make_world):
    world = make_world(slots=1)
    job = world.submit("1")
    world.begin(1)
    world.progress(1, 10.0)
    world.now -= 8 * HOUR
    world.tell(ClockJumped(-8 * HOUR, world.now))
    world.now += 1
    world.progress(1, 60.0)
    assert world.shown[TaskId(job, 1)][-1] == pytest.approx(59.4, abs=1.0)


def test_the_time_between_two_frames_is_no_time_of_a_frame(make_world):
    world = make_world(slots=1)
    world.submit("1-9", frame_limit_s=100)
    world.write(1, seconds=90)
    world.tick(60)
    assert not world.processes[1].stopping
    world.begin(1)
    world.tick(100)
    assert world.processes[1].stopping
