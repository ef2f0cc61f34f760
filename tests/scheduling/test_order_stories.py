"""In which order frames are rendered, told as stories."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.commands import Retry
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.states import JobState

BROKEN = Failure(FailureClass.OUTPUT_BROKEN, "half a picture")


def begun(world, job):
    return [
        event.frame
        for event in world.happened(EventKind.FRAME_STARTED)
        if event.job == job
    ]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("ascending", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("descending", [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ("preview_first", [1, 5, 9, 3, 7, 2, 4, 6, 8]),
    ],
)
def test_frames_come_in_the_order_that_was_asked_for(make_world, order, expected):
    world = make_world(slots=1)
    job = world.submit("1-9", order=order)
    world.finish_all()
    assert begun(world, job) == expected
    assert world.state(job) is JobState.DONE


def test_a_custom_order_is_followed_as_it_is_written(make_world):
    world = make_world(slots=1)
    job = world.submit("1-10", frames="10,1,5-7,4-2,1-10", order="as_given")
    world.finish_all()
    assert begun(world, job) == [10, 1, 5, 6, 7, 4, 3, 2, 8, 9]


def test_frames_without_a_place_in_a_custom_order_come_last(make_world):
    world = make_world(slots=1)
    job = world.submit("1-4", frames="3,1", order="as_given")
    world.finish_all()
    assert begun(world, job) == [3, 1, 2, 4]


def test_two_processes_share_a_preview_and_give_every_frame_once(world):
    job = world.submit("1-40", order="preview_first")
    assert [process.line for process in world.processes.values()] == [[1, 20], [40, 10]]
    world.finish_all()
    assert sorted(begun(world, job)) == list(range(1, 41))


def test_a_frame_that_failed_is_tried_again_at_its_own_place(make_world):
    world = make_world(slots=1)
    job = world.submit("1-9", order="descending")
    world.write(1)
    world.prove(BROKEN)
    for _ in range(3):
        world.write(1)
        world.prove()
    assert begun(world, job) == [9, 8, 7, 9]


def test_frames_asked_for_again_keep_the_order(make_world):
    world = make_world(slots=1)
    job = world.submit("1-9", order="preview_first")
    world.finish_all()
    world.ask(Retry(job, frames=FrameRange.parse("2-5")))
    world.finish_all()
    assert begun(world, job)[9:] == [5, 3, 2, 4]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        # What was in hand is looked at first, and then comes next.
        ("descending", [9, 8, 7, 4, 3, 6, 5, 2, 1]),
        ("preview_first", [1, 5, 9, 2, 4, 3, 7, 6, 8]),
    ],
)
def test_a_new_service_goes_on_in_the_same_order(make_world, order, expected):
    world = make_world(slots=1)
    job = world.submit("1-9", order=order)
    for _ in range(3):
        world.write(1)
        world.prove()
    world.restart(alive=False)
    world.prove(Failure(FailureClass.OUTPUT_MISSING, "not there"))
    world.finish_all()
    assert begun(world, job) == expected
    assert world.state(job) is JobState.DONE


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("descending", [[8, 9, 10], [5, 6, 7], [2, 3, 4], [1]]),
        ("preview_first", [[1, 2, 3], [4, 5, 6], [10], [7, 8, 9]]),
    ],
)
def test_a_command_gets_chunks_that_its_command_line_can_take(
    make_world, order, expected
):
    world = make_world(slots=1)
    world.submit("1-10", engine="command", chunk_size=3, order=order)
    chunks = []
    while world.processes:
        process = next(iter(world.processes))
        chunks.append(world.processes[process].line)
        world.end(process)
        world.prove()
    assert chunks == expected
