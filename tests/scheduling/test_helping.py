"""Further processes for a layer, told as stories: when they pay, and for whom."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.capacity import Capacity
from lrc_toolbox.jobs.commands import Pause, Resume
from lrc_toolbox.scheduling.events import CapacityChanged


@pytest.fixture
def paused(world):
    world.ask(Pause(None))
    return world


def test_a_layer_is_helped_at_once_where_nobody_else_waits(world):
    only = world.submit("1-30")
    assert world.at_work() == [(only, 1), (only, 1)]


def test_another_job_goes_before_a_helper_that_would_render_little(paused):
    first, second = paused.submit("1-30"), paused.submit("1-30")
    paused.ask(Resume(None))
    assert paused.at_work() == [(first, 1), (second, 1)]


def test_a_helper_that_would_render_much_goes_before_another_job(paused):
    first = paused.submit("1-100")
    paused.submit("1-30")
    paused.ask(Resume(None))
    assert paused.at_work() == [(first, 1), (first, 1)]


def test_a_helper_goes_before_a_job_of_lower_priority(paused):
    first = paused.submit("1-30", priority=80)
    paused.submit("1-30", priority=50)
    paused.ask(Resume(None))
    assert paused.at_work() == [(first, 1), (first, 1)]


def test_chunks_load_the_scene_anyway_and_are_not_held_back(paused):
    first = paused.submit("1-30", engine="command", chunk_size=5)
    paused.submit("1-30", engine="command", chunk_size=5)
    paused.ask(Resume(None))
    assert paused.at_work() == [(first, 1), (first, 1)]


@pytest.mark.parametrize(("loading_s", "helped"), [(1.0, True), (60.0, False)])
def test_what_loading_took_decides_whether_the_next_place_goes_to_a_helper(
    make_world, loading_s, helped
):
    world = make_world(slots=1)
    first, second = world.submit("1-70"), world.submit("1-30")
    world.now += loading_s
    for _ in range(3):
        world.render(1, seconds=10.0)
    world.tell(CapacityChanged(Capacity(2, (0, 1, 2, 3), 128_000), world.now))
    assert world.at_work() == [(first, 1), (first if helped else second, 1)]


def test_long_frames_are_sent_one_by_one(world):
    world.submit("1-9")
    process = next(iter(world.processes))
    world.render(process, seconds=30.0)
    world.render(process, seconds=30.0)
    assert len(world.processes[process].line) == 1
