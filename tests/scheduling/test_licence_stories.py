"""A renderer without a licence rests, and the others go on."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.capacity import Resource
from lrc_toolbox.jobs.commands import Cancel, Resume
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import JobState

NO_LICENCE = Failure(FailureClass.LICENCE, "rlm: no server answers.")
NOT_THERE = Failure(FailureClass.OUTPUT_MISSING, "not there")


def lack(world, job):
    (found,) = [one.lack for one in world.blocked if one.job == job]
    return found


def refuse(world, process):
    """A process finds no licence for its frame, and leaves."""
    world.give_up(process, NO_LICENCE)
    assert world.processes[process].closed
    world.end(process)


def wait_for_a_try(world):
    """Let time pass until something starts; say how long that took."""
    begun = world.now
    while not world.processes:
        deadline = world.scheduler.next_deadline
        assert deadline is not None
        assert deadline > world.now
        world.tick(deadline - world.now)
    return world.now - begun


def test_jobs_of_a_renderer_without_licence_wait_and_others_go_on(make_world):
    world = make_world(slots=1)
    first = world.submit("1-9", renderer="arnold")
    second = world.submit("1-9", renderer="arnold")
    other = world.submit("1-3", renderer="redshift")
    refuse(world, 1)
    assert world.at_work() == [(other, 1)]
    for job in (first, second):
        assert lack(world, job).resource is Resource.LICENCE
        assert "arnold got no licence. It is tried again at" in lack(world, job).why
        assert "licence server" in lack(world, job).why
    (told,) = world.happened(EventKind.RENDERER_RESTS)
    assert "rlm: no server answers." in told.text
    world.finish_all()
    assert world.state(other) is JobState.DONE


def test_no_try_is_charged_for_a_lack_of_licences(make_world):
    world = make_world(slots=1)
    job = world.submit("1", renderer="arnold", retries=0)
    for _ in range(20):
        refuse(world, next(iter(world.processes)))
        wait_for_a_try(world)
    assert world.frames[TaskId(job, 1), 1].tries == 0
    world.finish_all()
    assert world.state(job) is JobState.DONE


def test_it_is_tried_again_after_waits_that_grow_to_a_quarter_of_an_hour(make_world):
    world = make_world(slots=1)
    world.submit("1-9", renderer="arnold")
    waits = []
    for _ in range(6):
        refuse(world, next(iter(world.processes)))
        waits.append(wait_for_a_try(world))
    assert waits == pytest.approx([60, 120, 240, 480, 900, 900])


def test_one_process_finds_out_for_all_of_them(make_world):
    world = make_world(slots=2)
    first = world.submit("1-9", renderer="arnold")
    second = world.submit("1-9", renderer="arnold")
    refuse(world, 1)
    refuse(world, 2)
    world.tick(60)
    assert world.at_work() == [(first, 1)]
    assert f"job {first} finds out" in lack(world, second).why
    (probe,) = world.processes
    world.write(probe)
    assert world.at_work() == [(first, 1), (first, 1)]
    assert len(world.happened(EventKind.RENDERER_GOES_ON)) == 1
    assert len(world.happened(EventKind.RENDERER_RESTS)) == 1


def test_processes_that_have_their_licence_go_on_and_prove_nothing_of_others(
    make_world,
):
    world = make_world(slots=2)
    job = world.submit("1-9", renderer="arnold")
    refuse(world, 2)
    world.write(1)
    assert world.at_work() == [(job, 1)]
    assert lack(world, job).resource is Resource.LICENCE
    world.tick(60)
    assert len(world.processes) == 2


def test_a_probe_that_ends_without_an_answer_is_followed_by_another(make_world):
    world = make_world(slots=1)
    first = world.submit("1-9", renderer="arnold")
    second = world.submit("1-9", renderer="arnold")
    refuse(world, 1)
    wait_for_a_try(world)
    world.ask(Cancel(first))
    world.end(2, code=-15)
    assert world.at_work() == [(second, 1)]


def test_a_program_that_finds_no_licence_at_its_start_waits_as_well(make_world):
    world = make_world(slots=1)
    job = world.submit("1-3", engine="command", renderer="vray", retries=0)
    for _ in range(3):
        process = next(iter(world.processes))
        world.give_up_task(process, NO_LICENCE)
        world.end(process, code=1)
        world.prove(NOT_THERE)
        assert not world.processes
        wait_for_a_try(world)
    for _ in range(3):
        world.end(next(iter(world.processes)), code=0)
        world.prove()
    assert world.state(job) is JobState.DONE
    assert len(world.happened(EventKind.RENDERER_GOES_ON)) == 1


def test_a_program_without_licence_holds_no_other_programs_back(make_world):
    world = make_world(slots=1)
    programs = (r"C:\Nuke\nuke.exe", r"C:\Nuke\nuke.exe", "/opt/blender")
    nuke, nuke_too, blender = [
        world.submit("1", engine="command", command=(program, "<frame>"))
        for program in programs
    ]
    world.give_up_task(1, NO_LICENCE)
    world.end(1, code=1)
    world.prove(NOT_THERE)
    assert world.at_work() == [(blender, 1)]
    for job in (nuke, nuke_too):
        assert "nuke.exe got no licence." in lack(world, job).why


def test_many_waiting_jobs_of_the_renderer_do_not_hide_the_others(make_world):
    world = make_world(slots=1)
    for _ in range(100):
        world.submit("1", renderer="arnold", priority=90)
    other = world.submit("1")
    refuse(world, 1)
    assert world.at_work() == [(other, 1)]
    assert len(world.blocked) < 100


def test_a_job_without_licence_is_told_once_though_places_are_free(make_world):
    world = make_world(cpu_ids=tuple(range(8)), slots=4)
    job = world.submit("1", renderer="arnold")
    refuse(world, 1)
    other = world.submit("1", renderer="arnold")
    world.submit("1-3")
    assert [one.job for one in world.blocked] == [job, other]


def test_nobody_makes_room_for_jobs_that_lack_a_licence(make_world):
    world = make_world(slots=1)
    for _ in range(100):
        world.submit("1", renderer="arnold", priority=90)
    world.submit("1-99")
    refuse(world, 1)
    for _ in range(20):
        world.write(2)
        world.prove()
    assert not world.processes[2].closed
    world.now += 60
    while world.processes[2].line:
        world.write(2)
    assert world.processes[2].closed  # one of them may be tried now


def test_no_tick_is_asked_for_when_it_may_be_tried_but_no_place_is_free(make_world):
    world = make_world(slots=1)
    world.submit("1-9", renderer="arnold")
    other = world.submit("1-9")
    refuse(world, 1)
    assert world.at_work() == [(other, 1)]
    world.begin(2)
    world.tick(60)
    deadline = world.scheduler.next_deadline
    assert deadline is None or deadline > world.now


def test_the_service_stays_while_a_renderer_rests(make_world):
    world = make_world(slots=1)
    world.submit("1", renderer="arnold")
    refuse(world, 1)
    assert not world.scheduler.idle
    assert world.scheduler.next_deadline == pytest.approx(world.now + 60)


def test_a_person_who_freed_a_licence_need_not_wait(make_world):
    world = make_world(slots=2)
    first = world.submit("1-9", renderer="arnold")
    second = world.submit("1-9", renderer="arnold")
    refuse(world, 1)
    refuse(world, 2)
    assert not world.processes
    assert "`lrc resume`" in lack(world, second).why
    world.ask(Resume(second))
    assert len(world.processes) == 1, "one finds out for all"
    (process,) = world.processes
    world.render(process)
    assert len(world.processes) == 2
    world.finish_all()
    assert world.state(first) is world.state(second) is JobState.DONE
