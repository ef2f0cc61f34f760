"""Frames whose pictures are there already, told as stories."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.commands import Cancel, Pause, Resume, Retry
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import FrameState, JobState, TaskState
from lrc_toolbox.scheduling.actions import LookAtExisting

BROKEN = Failure(FailureClass.OUTPUT_BROKEN, "half a picture")


def begun(world, job):
    return [
        event.frame
        for event in world.happened(EventKind.FRAME_STARTED)
        if event.job == job
    ]


def look(world, failure=None):
    """Answer looks until there are no more; renders are left alone."""
    while any(isinstance(action, LookAtExisting) for action in world.to_prove):
        world.prove(failure)


def test_frames_are_searched_for_before_any_is_given_out(world):
    job = world.submit("1-4", existing="proved")
    assert world.processes == {}
    assert not world.scheduler.idle
    assert "looked at" in world.jobs[job].reason
    world.found("2-3")
    assert sorted(n for p in world.processes.values() for n in p.line) == [1, 4]


def test_frames_whose_pictures_are_proved_are_skipped(make_world):
    world = make_world(slots=1)
    job = world.submit("1-4", existing="proved")
    world.found("2-3")
    look(world)
    assert [e.frame for e in world.happened(EventKind.FRAME_SKIPPED)] == [2, 3]
    assert world.tasks[TaskId(job, 1)].shown_percent == pytest.approx(50)
    world.finish_all()
    assert begun(world, job) == [1, 4]
    assert world.tasks[TaskId(job, 1)].done == 4
    assert world.tasks[TaskId(job, 1)].render_seconds == pytest.approx(2)
    assert world.state(job) is JobState.DONE
    assert world.jobs[job].reason == ""


def test_a_job_whose_every_picture_is_there_is_done_without_a_process(world):
    job = world.submit("1-4", "1-2", existing="unchanged")
    world.found("1-4")
    look(world)
    assert world.state(job) is JobState.DONE
    assert world.task_state(job, 1) is world.task_state(job, 2) is TaskState.DONE
    assert world.attempts == {}
    assert world.frame_state(job, 1, 4) is FrameState.DONE
    assert world.scheduler.idle


def test_a_picture_that_is_broken_is_rendered_at_its_own_place(make_world):
    world = make_world(slots=1)
    job = world.submit("1-6", existing="proved", order="descending")
    world.found("1-3,5")
    look(world, BROKEN)
    world.finish_all()
    # Six and four were given out at once.
    assert begun(world, job) == [6, 4, 5, 3, 2, 1]
    assert world.happened(EventKind.FRAME_RETRIED) == []
    assert world.state(job) is JobState.DONE


def test_only_a_few_pictures_are_in_line_at_a_time(world):
    world.submit("1-1000", existing="proved")
    world.found("1-1000")
    assert len(world.to_prove) == 2
    world.prove()
    assert len(world.to_prove) == 2


def test_pictures_of_the_more_urgent_job_are_looked_at_first(world):
    slow = world.submit("1-9", existing="proved", priority=10)
    world.found("1-9")
    urgent = world.submit("1-3", existing="proved", priority=90)
    world.found("1-3")
    look(world)
    order = [event.job for event in world.happened(EventKind.FRAME_SKIPPED)]
    assert order == [slow] * 2 + [urgent] * 3 + [slow] * 7


def test_a_job_without_the_wish_is_not_searched(world):
    world.submit("1-3")
    assert world.searches == []
    assert world.processes


def test_the_search_waits_until_the_job_may_start(world):
    first = world.submit("1")
    second = world.submit("1-2", existing="proved", depends_on=(first,))
    assert world.searches == []
    world.finish_all()
    assert [search.job.id for search in world.searches] == [second]


def test_a_paused_job_is_searched_when_it_is_resumed(world):
    world.submit("1", cpu_threads=2)
    job = world.submit("1-2", existing="proved", depends_on=(1,))
    world.ask(Pause(job))
    world.finish_all()
    assert world.searches == []
    world.ask(Resume(job))
    assert len(world.searches) == 1


def test_a_layer_that_comes_after_another_is_searched_after_it(world):
    job = world.submit(
        "1-2", "1-2", existing="proved", layers_after={"layer2": ("layer1",)}
    )
    assert [task.id.ordinal for task, _ in world.searches[0].frames] == [1]
    world.found("1-2")
    look(world)
    assert [task.id.ordinal for task, _ in world.searches[0].frames] == [2]
    world.found("1-2")
    look(world)
    assert world.state(job) is JobState.DONE


def test_a_skipped_frame_lets_those_go_that_come_after_it(world):
    beauty = world.submit("1-2", existing="proved")
    comp = world.submit("1-2", frames_after=(beauty,))
    world.found("1-2")
    look(world)
    world.finish_all()
    assert world.state(comp) is JobState.DONE


def test_frames_that_come_after_others_are_rendered_and_not_searched(world):
    beauty = world.submit("1-2", cpu_threads=2)
    world.submit("1-4", frames_after=(beauty,), existing="proved")
    assert [str(frames) for _, frames in world.searches[0].frames] == ["3-4"]


def test_what_a_person_asks_for_again_is_rendered_whatever_is_there(make_world):
    world = make_world(slots=1)
    job = world.submit("1-4", existing="proved")
    world.found("1-4")
    look(world)
    world.ask(Retry(job, frames=FrameRange.parse("2-4")))
    assert world.processes[1].line == [2, 3]
    world.restart(alive=False)
    world.prove(BROKEN)
    assert [str(frames) for _, frames in world.searches[0].frames] == [""]
    world.found()
    world.finish_all()
    assert sorted(begun(world, job)) == [2, 3, 4]
    assert world.state(job) is JobState.DONE


def test_a_new_service_searches_for_what_is_left(make_world):
    world = make_world(slots=1)
    job = world.submit("1-6", existing="proved")
    world.found("1-4")
    world.prove()
    world.restart(alive=False)
    world.prove(BROKEN)
    # 1 and 2 are done; 5 was in hand, so its row says what became of it.
    left = [str(frames) for _, frames in world.searches[0].frames]
    assert left[0].startswith("3-4")
    world.found("3-4")
    look(world)
    world.finish_all()
    assert sorted(set(begun(world, job))) == [5, 6]
    assert world.state(job) is JobState.DONE


@pytest.mark.parametrize("answered", [True, False])
def test_a_job_can_be_cancelled_while_its_pictures_are_looked_at(world, answered):
    job = world.submit("1-9", existing="proved")
    if answered:
        world.found("1-9")
    world.ask(Cancel(job))
    if answered:
        world.prove()
    else:
        world.found("1-9")
    assert world.state(job) is JobState.CANCELLED
    assert world.to_prove == []
    assert world.scheduler.idle
