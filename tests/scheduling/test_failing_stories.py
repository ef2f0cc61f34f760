"""What follows a failure, told as stories: ladders, waits, and layers that stop."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.capacity import Capacity, GpuShare
from lrc_toolbox.jobs.commands import Cancel, Pause, Resume, Retry
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.grant import GpuNeed
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import AttemptState, FrameState, JobState, TaskState
from lrc_toolbox.scheduling.events import (
    CapacityChanged,
    ProcessNotStarted,
    UsageMeasured,
)

OUT_OF_VRAM = Failure(FailureClass.OUT_OF_GPU_MEMORY, "cudaMalloc failed")
OUT_OF_MEMORY = Failure(FailureClass.OUT_OF_MEMORY, "std::bad_alloc")
DISK_FULL = Failure(FailureClass.DISK, "No space left on device.")
CRASH = Failure(FailureClass.CRASH, "boom")
BROKEN = Failure(FailureClass.OUTPUT_BROKEN, "half a picture")
NOT_THERE = Failure(FailureClass.OUTPUT_MISSING, "not there")
GIB = 1024


# -- the ladder after out-of-memory ----------------------------------------------
def with_gpus(world, *free_gib):
    """Give the computer GPUs of 8, 16, 24 GiB, of which so much may be granted."""
    gpus = tuple(
        GpuShare(f"GPU-{index}", index, "RTX", 8 * (index + 1) * GIB, free * GIB)
        for index, free in enumerate(free_gib)
    )
    capacity = Capacity(1, tuple(range(8)), memory_mib=64 * GIB, gpus=gpus)
    world.tell(CapacityChanged(capacity, world.now))


def grant_of(world):
    (process,) = world.processes.values()
    return process.grant.gpu_uuid, process.grant.vram_mib


def run_out(world, failure=OUT_OF_VRAM):
    (process,) = world.processes
    world.give_up(process, failure)
    assert world.processes[process].closed
    world.end(process)


@pytest.fixture(params=[GpuNeed.EITHER, GpuNeed.REQUIRED])
def packed(make_world, request):
    """A layer known to need 2,000 MiB, on the smaller of two GPUs."""
    world = make_world(slots=1, gpu=request.param)
    with_gpus(world, 8, 0)
    world.submit("1")
    world.tell(UsageMeasured(1, 1000, 2000, world.now))
    world.render(1)
    job = world.submit("1-9", retries=0)
    assert grant_of(world) == ("GPU-0", 2400)
    return world, job


def test_out_of_gpu_memory_climbs_alone_then_a_larger_gpu_then_the_cpu(packed):
    world, job = packed
    run_out(world)
    assert grant_of(world) == ("GPU-0", 8 * GIB)
    with_gpus(world, 8, 16)
    run_out(world)
    assert grant_of(world) == ("GPU-1", 16 * GIB)
    run_out(world)
    if world.gpu is GpuNeed.REQUIRED:
        assert world.state(job) is JobState.FAILED
        assert "largest GPU here has 16384 MiB" in world.jobs[job].reason
        assert not world.processes
        return
    assert grant_of(world) == (None, 0)
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_the_ladder_charges_no_tries(packed):
    world, job = packed
    run_out(world)
    assert world.frames[TaskId(job, 1), 1].tries == 0
    (process,) = world.processes
    world.give_up(process, CRASH)
    assert world.frame_state(job, 1, 1) is FrameState.FAILED  # retries is 0


def test_the_ladder_ends_where_no_rung_helps(make_world):
    world = make_world(slots=1, gpu=GpuNeed.NONE)
    job = world.submit("1", retries=0)
    for _ in range(6):
        assert world.state(job) is not JobState.FAILED
        run_out(world)
    assert world.state(job) is JobState.FAILED
    assert not world.processes


def test_out_of_memory_gets_twice_as_much_and_then_ends(make_world):
    world = make_world(slots=1)
    job = world.submit("1", retries=0)
    for wanted in (64_000, 64_000):
        (process,) = world.processes
        world.tell(UsageMeasured(process, 20_000, None, world.now))
        run_out(world, OUT_OF_MEMORY)
        (process,) = world.processes.values()
        assert process.grant.memory_mib == wanted
    run_out(world, OUT_OF_MEMORY)
    assert world.state(job) is JobState.FAILED
    assert "std::bad_alloc" in world.jobs[job].reason


def test_what_the_system_kills_above_its_share_ran_out_of_memory(make_world):
    world = make_world(slots=2)
    job = world.submit("1", retries=0)
    world.begin(1)
    world.tell(UsageMeasured(1, 60_000, None, world.now))
    world.end(1, code=-9)
    world.prove(NOT_THERE)
    failure = world.frames[TaskId(job, 1), 1].failure
    assert failure.kind is FailureClass.OUT_OF_MEMORY
    assert world.processes  # it is tried with more, though `retries` is 0


# -- waiting before the next try -------------------------------------------------
def test_a_full_disk_is_tried_again_after_waits_that_grow(make_world):
    world = make_world(slots=1)
    job = world.submit("1-3", retries=0)
    for wait in (30, 60, 120):
        begun = world.now
        world.give_up(next(iter(world.processes)), DISK_FULL)
        for process in [n for n, one in world.processes.items() if one.line]:
            world.processes[process].line.clear()
        for process in list(world.processes):
            world.end(process)
        assert not world.processes
        assert world.scheduler.next_deadline == pytest.approx(begun + wait)
        assert not world.scheduler.idle
        world.tick(wait - 1)
        assert not world.processes
        world.tick(1)
        assert world.processes
    world.finish_all()
    assert world.state(job) is JobState.DONE
    assert world.jobs[job].reason == ""


def test_a_process_rests_with_its_scene_open_while_the_disk_is_full(make_world):
    world = make_world(slots=1)
    job = world.submit("1-3")
    while world.processes[1].line:
        world.give_up(1, DISK_FULL)
    assert not world.processes[1].closed
    assert "tried again at" in world.jobs[job].reason
    world.tick(30)
    assert world.processes[1].line == [1, 2]
    assert world.jobs[job].reason == ""


def test_other_layers_go_on_while_one_waits(make_world):
    world = make_world(slots=1)
    job = world.submit("1-3", "1-3")
    while world.processes[1].task == (job, 1) and world.processes[1].line:
        world.give_up(1, DISK_FULL)
    assert world.at_work() == [(job, 2)]


def test_a_disk_that_stays_full_ends_the_layer_after_half_an_hour(make_world):
    world = make_world(slots=1)
    job = world.submit("1", "1", chunk_size=1)
    began = world.now
    while world.task_state(job, 1) is not TaskState.FAILED:
        process = next(iter(world.processes), None)
        if process is None:
            world.tick(30)
        elif world.processes[process].task == (job, 2):
            world.render(process)
        else:
            world.give_up(process, DISK_FULL)
            world.end(process)
    assert 1500 < world.now - began < 2700
    assert "No space left" in world.tasks[TaskId(job, 1)].reason
    world.finish_all()
    assert world.task_state(job, 2) is TaskState.DONE


def test_a_process_that_cannot_start_for_the_disk_waits_too(make_world):
    world = make_world(slots=1)
    world.submit("1-3", retries=0)
    world.processes.pop(1)
    world.tell(ProcessNotStarted(1, DISK_FULL, world.now))
    assert not world.processes
    world.tick(30)
    assert world.processes


def test_a_retry_ends_the_wait(make_world):
    world = make_world(slots=1)
    job = world.submit("1-2", chunk_size=1)
    world.render(1)
    world.give_up(2, DISK_FULL)
    world.end(2)
    assert not world.processes
    world.ask(Retry(job, TaskId(job, 1)))
    assert "no such frames" in world.happened(EventKind.COMMAND_REFUSED)[0].text
    world.tick(30)
    assert world.processes


def test_a_paused_job_that_waits_lets_the_service_rest(make_world):
    world = make_world(slots=1)
    job = world.submit("1")
    world.give_up(1, DISK_FULL)
    world.end(1)
    assert not world.scheduler.idle
    world.ask(Pause(job))
    assert world.scheduler.idle
    world.tick(60)
    assert not world.processes
    world.ask(Resume(job))
    assert world.processes


def test_a_waiting_job_is_cancelled_at_once(make_world):
    world = make_world(slots=1)
    job = world.submit("1")
    world.give_up(1, DISK_FULL)
    world.end(1)
    world.ask(Cancel(job))
    assert world.state(job) is JobState.CANCELLED
    assert world.tasks[TaskId(job, 1)].reason == ""
    assert world.scheduler.next_deadline is None


# -- layers that stop ------------------------------------------------------------
def fail_frames(world, count, failure=CRASH):
    for _ in range(count):
        world.give_up(1, failure)


def test_a_layer_stops_after_three_frames_failed_in_a_row_in_the_same_way(make_world):
    world = make_world(slots=1)
    job = world.submit("1-100", "1", retries=0)
    fail_frames(world, 2)
    assert world.task_state(job) is TaskState.RUNNING
    fail_frames(world, 1)
    assert world.processes[1].stopping
    world.end(1, code=-15)
    world.finish_all()
    assert world.task_state(job, 1) is TaskState.FAILED
    reason = world.tasks[TaskId(job, 1)].reason
    assert reason.startswith(FailureClass.CRASH.sentence)
    assert "Frames 1, 2, 3 failed" in reason
    assert "boom" in reason
    assert world.task_state(job, 2) is TaskState.DONE


def test_processes_of_a_layer_that_stops_have_not_failed_themselves(make_world):
    world = make_world(slots=2)
    job = world.submit("1-9", engine="command", retries=0, stop_after=1)
    world.end(1, code=1)
    world.prove(NOT_THERE)
    for process in (2, 3):
        assert world.processes[process].stopping
        world.end(process, code=-15)
        world.prove(NOT_THERE)
    assert world.task_state(job) is TaskState.FAILED
    assert world.attempts[1].failure.kind is FailureClass.CRASH
    for number in (2, 3):
        assert world.attempts[number].state is AttemptState.STOPPED
        assert world.attempts[number].failure is None


@pytest.mark.parametrize("code", [0, 1])
def test_a_program_says_why_it_fails_and_its_chunk_is_tried_for_that(make_world, code):
    world = make_world(slots=1)
    job = world.submit("1-6", engine="command", chunk_size=3, retries=0)
    world.give_up(1, OUT_OF_MEMORY)
    world.end(1, code=code)
    world.prove(NOT_THERE)
    assert world.attempts[1].failure == (OUT_OF_MEMORY if code else None)
    while world.processes:
        world.end(next(iter(world.processes)))
        world.prove()
    # One that ends well has left out the others for a reason of its own.
    assert world.tasks[TaskId(job, 1)].done == (6 if code else 4)


def test_a_frame_that_is_proved_between_begins_the_count_anew(make_world):
    world = make_world(slots=1)
    job = world.submit("1-9", retries=0)
    fail_frames(world, 2)
    world.write(1)
    world.prove()
    fail_frames(world, 2)
    world.finish_all()
    assert world.tasks[TaskId(job, 1)].done == 5


def test_failures_of_different_kinds_do_not_add_up(make_world):
    world = make_world(slots=1)
    job = world.submit("1-4", retries=0)
    for failure in (CRASH, BROKEN, CRASH, BROKEN):
        fail_frames(world, 1, failure)
    world.finish_all()
    assert world.tasks[TaskId(job, 1)].reason.startswith("4 frames failed.")


def test_one_frame_that_fails_again_and_again_stops_nothing_else(make_world):
    world = make_world(slots=1)
    job = world.submit("1-9", retries=5, chunk_size=1)
    for _ in range(6):
        process = next(iter(world.processes))
        world.give_up(process, CRASH)
        world.end(process)
    assert world.frame_state(job, 1, 1) is FrameState.FAILED
    world.finish_all()
    assert world.tasks[TaskId(job, 1)].done == 8


def test_a_chunk_that_fails_with_its_process_counts_once(make_world):
    world = make_world(slots=1)
    job = world.submit("1-20", engine="command", chunk_size=5, retries=0)
    for _ in range(2):
        world.end(next(iter(world.processes)), code=1)
        world.prove(NOT_THERE)
    assert not world.processes[3].stopping
    world.end(3, code=1)
    world.prove(NOT_THERE)
    assert world.processes[4].stopping
    world.end(4, code=-15)
    world.prove(NOT_THERE)
    assert world.task_state(job) is TaskState.FAILED
    assert not world.processes


@pytest.mark.parametrize(("stop_after", "done"), [(0, 94), (5, 0)])
def test_a_submission_says_how_many_failures_it_takes(make_world, stop_after, done):
    world = make_world(slots=1)
    job = world.submit("1-100", retries=0, stop_after=stop_after)
    fail_frames(world, 4)
    assert not world.processes[1].stopping
    fail_frames(world, 1)
    if stop_after:
        world.end(1, code=-15)
    else:
        fail_frames(world, 1)
    world.finish_all()
    assert world.tasks[TaskId(job, 1)].done == done


def test_a_missing_plug_in_stops_the_layer_with_its_first_frame(make_world):
    world = make_world(slots=1)
    job = world.submit("1-100", retries=3)
    missing = Failure(FailureClass.PLUGIN_MISSING, "mtoa is not there")
    world.give_up(1, missing)
    world.end(1, code=-15)
    assert world.state(job) is JobState.FAILED
    assert "mtoa" in world.jobs[job].reason


def test_a_stopped_layer_is_rendered_after_a_retry(make_world):
    world = make_world(slots=1)
    job = world.submit("1-9", retries=0)
    fail_frames(world, 3)
    world.end(1, code=-15)
    assert world.state(job) is JobState.FAILED
    world.ask(Retry(job))
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_a_retry_while_the_processes_of_a_stopped_layer_end_brings_it_back(make_world):
    world = make_world(slots=1)
    job = world.submit("1-9", retries=0)
    fail_frames(world, 3)
    world.ask(Retry(job))
    world.end(1, code=-15)
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_a_restarted_service_does_not_count_the_frames_of_lost_processes(make_world):
    world = make_world(slots=1)
    job = world.submit("1-9", retries=0)
    for _ in range(3):
        world.write(1, seconds=0.01)
        world.prove()
    assert len(world.processes[1].line) > 3
    world.restart(alive=False)
    world.prove(NOT_THERE)
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_frames_of_a_stopped_layer_are_not_tried_again(make_world):
    world = make_world(slots=2)
    job = world.submit("1-100", retries=3, stop_after=2)
    world.begin(2)
    for _ in range(2):
        world.give_up(1, CRASH)
    before = len(world.happened(EventKind.FRAME_RETRIED))
    world.end(1, code=-15)
    world.end(2, code=-15)
    world.prove(NOT_THERE)
    assert len(world.happened(EventKind.FRAME_RETRIED)) == before
    assert world.state(job) is JobState.FAILED


def test_a_full_disk_does_not_stop_a_layer_with_its_third_frame(make_world):
    world = make_world(cpu_ids=(0, 1, 2), slots=3)
    job = world.submit("1-9")
    for process in (1, 2, 3):
        world.give_up(process, DISK_FULL)
    assert not any(process.stopping for process in world.processes.values())
    assert world.task_state(job) is not TaskState.FAILED


def test_a_retry_begins_the_count_of_failures_anew(make_world):
    world = make_world(slots=1)
    job = world.submit("1-9", retries=0)
    fail_frames(world, 2)
    world.ask(Retry(job))
    fail_frames(world, 2)
    assert not world.processes[1].stopping
