"""Jobs, frames and layers that come after others, told as stories."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.commands import (
    Cancel,
    Remove,
    Resume,
    Retry,
    SetPriority,
    StopQueue,
)
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import JobState, TaskState

BROKEN = Failure(FailureClass.OUTPUT_BROKEN, "half a picture")
BAD_SCENE = Failure(FailureClass.SCENE_ERROR, "no such layer")


def sent(world, job):
    """Frames of a job that processes have now."""
    return sorted(
        frame
        for process in world.processes.values()
        if process.task.job == job
        for frame in process.line
    )


def process_of(world, job):
    return next(n for n, p in world.processes.items() if p.task.job == job)


def frames_begun(world, job):
    return [
        event.frame
        for event in world.happened(EventKind.FRAME_STARTED)
        if event.job == job
    ]


# -- frames after frames ---------------------------------------------------------
def test_a_frame_waits_until_the_same_frame_of_another_job_is_proved(make_world):
    world = make_world(slots=2, cpu_ids=(0, 1, 2))
    beauty = world.submit("1-4", cpu_threads=2)
    comp = world.submit("1-4", frames_after=(beauty,), cpu_threads=1, priority=90)
    first = process_of(world, beauty)
    world.write(first)
    assert sent(world, comp) == []
    world.prove()
    assert sent(world, comp) == [1]
    assert world.state(beauty) is JobState.RUNNING
    world.finish_all()
    assert world.state(comp) is JobState.DONE


def test_no_frame_overtakes_the_one_it_comes_after(world):
    beauty = world.submit("1-20", order="preview_first", cpu_threads=1)
    comp = world.submit("1-20", frames_after=(beauty,), cpu_threads=1)
    world.finish_all()
    told = [
        (event.kind, event.job, event.frame)
        for event in world.events
        if event.frame is not None
    ]
    for frame in range(1, 21):
        proved = told.index((EventKind.FRAME_PROVED, beauty, frame))
        assert proved < told.index((EventKind.FRAME_STARTED, comp, frame))


def test_frames_that_were_proved_before_the_submission_wait_for_nothing(make_world):
    world = make_world(slots=1)
    beauty = world.submit("1-6")
    world.render(1)
    world.render(1)
    world.submit("1-6", frames_after=(beauty,), priority=90)
    world.finish_all()
    assert frames_begun(world, beauty + 1) == [1, 2, 3, 4, 5, 6]


def test_frames_that_the_other_job_does_not_render_do_not_wait(make_world):
    world = make_world(slots=2, cpu_ids=(0, 1, 2))
    beauty = world.submit("1-3", cpu_threads=2)
    comp = world.submit("2-5", frames_after=(beauty,), cpu_threads=1, priority=90)
    assert sent(world, comp) == [4, 5]


def test_a_layer_waits_for_its_own_layer_only(make_world):
    world = make_world(slots=5, cpu_ids=(0, 1, 2, 3, 4))
    first = world.submit("1-2", "1-2", cpu_threads=1)
    world.submit("1-2", "1-2", frames_after=(first,), cpu_threads=1)
    one = next(n for n, p in world.processes.items() if p.task.ordinal == 1)
    world.write(one)
    world.prove()
    begun = [p.task for p in world.processes.values() if p.task.job == first + 1]
    assert begun == [(first + 1, 1)]


def test_a_job_without_that_layer_is_waited_for_as_a_whole(make_world):
    world = make_world(slots=4, cpu_ids=(0, 1, 2, 3))
    first = world.submit("1-2", cpu_threads=1)
    comp = world.submit("1-2", "1-2", frames_after=(first,), cpu_threads=1)
    world.write(process_of(world, first))
    world.prove()
    ordinals = sorted(p.task.ordinal for p in world.processes.values())
    assert {p.task.job for p in world.processes.values()} == {first, comp}
    assert ordinals == [1, 1, 1, 2]


def test_two_jobs_are_both_waited_for(make_world):
    world = make_world(slots=3, cpu_ids=(0, 1, 2))
    one, two = (world.submit("1", "5", cpu_threads=1) for _ in range(2))
    comp = world.submit("1", frames_after=(one, two), cpu_threads=1)
    world.render(next(n for n, p in world.processes.items() if p.task == (one, 1)))
    assert frames_begun(world, comp) == []
    world.finish_all()
    assert world.state(comp) is JobState.DONE


def test_frames_wait_for_a_failed_job_until_it_is_retried(make_world):
    world = make_world(slots=1)
    beauty = world.submit("1-2", retries=0)
    comp = world.submit("1-2", frames_after=(beauty,))
    world.write(1)
    world.prove(BROKEN)
    world.finish_all()
    assert world.state(beauty) is JobState.FAILED
    assert frames_begun(world, comp) == [2]
    assert world.state(comp) is JobState.WAITING
    assert world.scheduler.idle
    world.ask(Retry(beauty))
    world.finish_all()
    assert frames_begun(world, comp) == [2, 1]
    assert world.state(comp) is JobState.DONE


def test_frames_asked_for_again_hold_those_whose_turn_was_not_yet(make_world):
    world = make_world(slots=1)
    beauty = world.submit("1-6", priority=50)
    comp = world.submit("1-6", frames_after=(beauty,), priority=10)
    while world.state(beauty) is not JobState.DONE:
        world.render(process_of(world, beauty))
    world.ask(SetPriority(comp, 90))
    world.render(process_of(world, comp))
    world.ask(Retry(beauty, frames=FrameRange.parse("1,5")))
    world.finish_all()
    order = [(e.job, e.frame) for e in world.happened(EventKind.FRAME_STARTED)]
    assert order[6:] == [
        *((comp, frame) for frame in (1, 2, 3, 4, 6)),
        *((beauty, 1), (beauty, 5), (comp, 5)),
    ]
    assert world.state(comp) is JobState.DONE


def test_frames_asked_for_again_wait_for_what_they_come_after(make_world):
    world = make_world(slots=1)
    beauty = world.submit("1-3")
    comp = world.submit("1-3", frames_after=(beauty,))
    world.finish_all()
    assert world.state(comp) is JobState.DONE
    world.ask(StopQueue())
    world.ask(Retry(beauty, frames=FrameRange.parse("2")))
    world.ask(Retry(comp))
    world.ask(Retry(comp, frames=FrameRange.parse("2-3")))
    world.ask(Resume(None))
    world.finish_all()
    order = [(e.job, e.frame) for e in world.happened(EventKind.FRAME_STARTED)][6:]
    assert order.index((beauty, 2)) < order.index((comp, 2))
    assert world.state(comp) is JobState.DONE


@pytest.mark.parametrize("alive", [True, False])
def test_a_new_service_knows_what_was_proved(world, alive):
    beauty = world.submit("1-6", cpu_threads=1)
    comp = world.submit("1-6", frames_after=(beauty,), cpu_threads=1)
    world.render(process_of(world, beauty))
    world.restart(alive=alive)
    world.prove(BROKEN)
    world.finish_all()
    told = [(e.kind, e.job, e.frame) for e in world.events]
    for frame in range(1, 7):
        proved = told.index((EventKind.FRAME_PROVED, beauty, frame))
        assert proved < told.index((EventKind.FRAME_STARTED, comp, frame))
    assert world.state(comp) is JobState.DONE


@pytest.mark.parametrize("ask", [Cancel, lambda job: Remove((job,))])
def test_frames_wait_on_where_their_job_is_gone_and_the_service_may_leave(
    make_world, ask
):
    world = make_world(slots=1)
    beauty = world.submit("1-3")
    comp = world.submit("1-3", frames_after=(beauty,))
    world.render(1)
    world.ask(ask(beauty))
    world.end(1, code=-15)
    world.finish_all()
    assert frames_begun(world, comp) == [1]
    assert world.state(comp) is JobState.WAITING
    assert world.scheduler.idle
    world.ask(Cancel(comp))
    assert world.state(comp) is JobState.CANCELLED


def test_a_process_rests_while_the_other_job_renders_its_next_frame(make_world):
    world = make_world(slots=2, cpu_ids=(0, 1, 2))
    beauty = world.submit("1-2", cpu_threads=2)
    comp = world.submit("1-2", frames_after=(beauty,), cpu_threads=1, priority=90)
    first = process_of(world, beauty)
    world.render(first)
    mine = process_of(world, comp)
    world.render(mine)
    assert not world.processes[mine].closed
    world.render(first)
    assert world.processes[mine].line == [2]
    started = [a for a in world.attempts.values() if a.task.job == comp]
    assert len(started) == 1


def test_a_process_that_rests_for_frames_leaves_when_its_place_is_needed(make_world):
    world = make_world(slots=2, cpu_ids=(0, 1, 2))
    beauty = world.submit("1-2", cpu_threads=2)
    comp = world.submit("1-2", frames_after=(beauty,), cpu_threads=1, priority=90)
    world.render(process_of(world, beauty))
    mine = process_of(world, comp)
    world.render(mine)
    assert not world.processes[mine].closed
    other = world.submit("1", cpu_threads=1)
    assert world.processes[mine].closed
    world.end(mine)
    assert process_of(world, other)


# -- layers after layers ---------------------------------------------------------
ORDER = {"layer2": ("layer1",)}


def test_a_layer_begins_when_the_layer_before_it_is_done(world):
    job = world.submit("1-2", "1-2", layers_after=ORDER, cpu_threads=1)
    assert {task for _, task in world.at_work()} == {1}
    assert world.tasks[TaskId(job, 2)].reason == "It comes after layer1."
    world.finish_all()
    assert world.state(job) is JobState.DONE
    order = [e.task.ordinal for e in world.happened(EventKind.FRAME_STARTED)]
    assert order == [1, 1, 2, 2]
    assert world.tasks[TaskId(job, 2)].reason == ""


def test_layers_without_an_order_do_not_wait(world):
    job = world.submit("1-2", "1-2", "1-2", layers_after=ORDER, cpu_threads=1)
    assert world.at_work() == [(job, 1), (job, 3)]


def test_a_layer_is_given_up_with_the_layer_before_it_and_retried_with_it(make_world):
    world = make_world(slots=1)
    chain = {"layer2": ("layer1",), "layer3": ("layer2",)}
    job = world.submit("1-2", "1-2", "1-2", layers_after=chain, retries=0)
    world.write(1)
    world.prove(BROKEN)
    world.finish_all()
    assert world.state(job) is JobState.FAILED
    assert [world.task_state(job, n) for n in (1, 2, 3)] == [TaskState.FAILED] * 3
    assert "It comes after layer1" in world.tasks[TaskId(job, 2)].reason
    world.ask(Retry(job))
    world.finish_all()
    assert world.state(job) is JobState.DONE
    order = [e.task.ordinal for e in world.happened(EventKind.FRAME_STARTED)]
    assert order == [1, 1, 1, 2, 2, 3, 3]


def test_a_layer_asked_for_by_itself_fails_again_with_the_reason(make_world):
    world = make_world(slots=1)
    job = world.submit("1", "1", layers_after=ORDER, retries=0)
    world.write(1)
    world.prove(BROKEN)
    world.finish_all()
    world.ask(Retry(job, task=TaskId(job, 2)))
    world.finish_all()
    assert world.state(job) is JobState.FAILED
    assert "It comes after layer1" in world.tasks[TaskId(job, 2)].reason


def test_a_new_service_keeps_the_order_of_layers(make_world):
    world = make_world(slots=1)
    job = world.submit("1-2", "1-2", layers_after=ORDER)
    world.render(1)
    world.restart(alive=False)
    world.prove(BROKEN)
    world.finish_all()
    order = [e.task.ordinal for e in world.happened(EventKind.FRAME_STARTED)]
    assert order == sorted(order)
    assert world.state(job) is JobState.DONE


def test_cancelling_a_job_with_ordered_layers_cancels_all_of_them(world):
    job = world.submit("1-2", "1-2", layers_after=ORDER, cpu_threads=1)
    world.ask(Cancel(job))
    for process in list(world.processes):
        world.end(process, code=-15)
    assert world.state(job) is JobState.CANCELLED
    assert world.task_state(job, 2) is TaskState.CANCELLED
