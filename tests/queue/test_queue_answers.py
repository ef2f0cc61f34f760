"""Why jobs and tasks stand where they stand, from a real service and from rows."""

from __future__ import annotations

import time

import pytest

from lrc_toolbox.jobs.capacity import Blocked, Lack, Resource
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    JobRecord,
    TaskId,
    TaskPlan,
    TaskRecord,
)
from lrc_toolbox.jobs.states import AttemptState, JobState, TaskState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.queue import JobAnswer, Progress, UnknownJobError
from lrc_toolbox.queue.answers import Situation, answer
from lrc_toolbox.queue.waiting_reasons import why_held, why_not_yet

WAITS = "wait_for('go'); write()"
NO_PLACE = Lack(Resource.ATTEMPTS, "All 2 places are taken: it starts later.")


def sentences(found: JobAnswer) -> list[str]:
    return [task.why for task in found.tasks]


# -- a real service ----------------------------------------------------------------
def test_who_waits_for_a_place_says_so_and_so_does_each_of_its_layers(
    queue, submit, until, begun, tmp_path
):
    first = submit(WAITS, frames="1-2")
    until(lambda: len(begun()) == 2)
    second = submit(frames="1", layers=["beauty", "matte"])
    until(lambda: "places are taken" in queue.why(second).why)
    found = queue.why(second)
    assert found.state is JobState.WAITING
    assert sentences(found) == [
        found.why,
        f"Other layers of its job come first. {found.why}",
    ]
    third = submit(frames="1")
    until(lambda: queue.why(third).why == f"Job {second} comes first. {found.why}")
    assert sentences(queue.why(third)) == [queue.why(third).why]
    (tmp_path / "go").touch()
    assert queue.wait(first, timeout=60).state is JobState.DONE


def test_what_renders_names_the_frames_in_hand(queue, submit, until, begun, tmp_path):
    job = submit(WAITS, frames="7-8")
    until(lambda: len(begun()) == 2)
    until(lambda: all(a.percent for a in queue.attempts(job)))
    found = queue.why(job)
    assert found.why == "It renders with 2 processes, 0 of 2 frames are proved."
    assert sentences(found) == ["It renders frames 7 (50%), 8 (50%)."]
    (tmp_path / "go").touch()
    queue.wait(job, timeout=60)
    done = queue.why(job)
    assert done.why == "It is done: 2 of 2 frames are proved."
    assert sentences(done) == ["It is done: 2 of 2 frames are proved."]


def test_what_is_held_back_by_a_person_says_how_it_goes_on(
    queue, submit, until, begun, tmp_path
):
    blocking = submit(WAITS, frames="1-2")
    until(lambda: len(begun()) == 2)
    paused = submit(frames="1")
    queue.pause(paused)
    until(lambda: "paused" in queue.why(paused).why)
    assert queue.why(paused).why == "It is paused: resume it to go on."
    after = submit(frames="1", depends_on=[blocking])
    waits = f"It waits for job {blocking}, which is running."
    until(lambda: queue.why(after).why == waits)
    assert sentences(queue.why(after)) == [waits]
    queue.cancel(paused)
    until(lambda: queue.job(paused).state is JobState.CANCELLED)
    retry = f"`lrc retry {paused}` renders what is missing."
    assert (
        queue.why(paused).why == f"It was cancelled, 0 of 1 frame are proved. {retry}"
    )
    (tmp_path / "go").touch()
    queue.wait(after, timeout=60)


def test_what_failed_says_why_and_how_to_render_the_rest(queue, submit):
    job = submit("sys.exit(3)", frames="1", retries=0)
    queue.wait(job, timeout=60)
    found = queue.why(job)
    assert found.why.startswith("It failed, 0 of 1 frame are proved. ")
    assert "exit code 3" in found.why
    assert found.why.endswith(f"`lrc retry {job}` renders what is missing.")
    assert "exit code 3" in sentences(found)[0]


def test_without_a_service_it_says_who_starts_one(queue, submit, until, begun):
    job = submit(WAITS, frames="1")
    until(begun)
    assert queue.stop_service()
    found = queue.why(job)
    assert found.why.startswith("No service runs, so nothing starts")
    assert f"`lrc watch {job}`" in found.why


def test_an_unknown_job_is_refused(queue):
    with pytest.raises(UnknownJobError):
        queue.why(99)


# -- rows --------------------------------------------------------------------------
def job(state: JobState = JobState.RUNNING, **fields: object) -> JobRecord:
    submission = Submission(scene="/s/a.ma", output_folder="/o", user="anna")
    record = JobRecord(17, submission, state, time.time(), 50, task_count=1)
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def task(
    ordinal: int = 1, state: TaskState = TaskState.WAITING, **fields: object
) -> TaskRecord:
    picture = ExpectedPicture("/o/a.####.exr", 64, 36)
    plan = TaskPlan(f"layer{ordinal}", "cam", FrameRange.parse("1-8"), (picture,))
    record = TaskRecord(TaskId(17, ordinal), plan, state)
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def attempt(ordinal: int = 1, **fields: object) -> AttemptRecord:
    record = AttemptRecord(
        31, TaskId(17, ordinal), AttemptState.RUNNING, Grant((0,)), "/l/1.log"
    )
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def situation(record: JobRecord | None = None, **fields: object) -> Situation:
    given: dict[str, object] = {
        "job": record or job(),
        "progress": Progress(25.0, 8, 2, 0, 9.0, None, None),
        "held": "",
        "lack": "",
        "blocked": (),
        "live": (),
        "proving": frozenset(),
        "stepping_back": "",
        **fields,
    }
    return Situation(**given)  # type: ignore[arg-type]


def test_only_the_next_layer_of_a_job_waits_for_the_place_itself() -> None:
    blocked = (Blocked(17, NO_PLACE),)
    around = situation(blocked=blocked, live=(attempt(1, frame=3),))
    found = answer(around, [task(1, TaskState.RUNNING), task(2), task(3)])
    assert sentences(found) == [
        "It renders frame 3 (0%).",
        NO_PLACE.why,
        f"Other layers of its job come first. {NO_PLACE.why}",
    ]


def test_a_layer_that_is_tried_again_later_says_when_and_the_others_do_not() -> None:
    later = "The render process crashed. It is tried again at 16:40."
    around = situation(job(reason=f"layer1: {later}"), lack=f"layer1: {later}")
    found = answer(around, [task(1, reason=later), task(2, TaskState.DONE, done=8)])
    assert found.why == f"layer1: {later}"
    assert sentences(found) == [later, "It is done: 8 of 8 frames are proved."]


def test_a_layer_that_comes_after_another_is_not_the_next_one() -> None:
    after = task(1, reason="It comes after layer2.")
    found = answer(situation(blocked=(Blocked(17, NO_PLACE),)), [after, task(2)])
    assert sentences(found) == ["It comes after layer2.", NO_PLACE.why]


def test_a_pause_goes_before_another_try_that_is_due_later() -> None:
    held = "It is paused: resume it to go on."
    around = situation(job(JobState.WAITING), held=held)
    found = answer(around, [task(1, reason="It is tried again at 16:40.")])
    assert (found.why, sentences(found)) == (held, [held])


def test_a_process_that_rests_says_for_whose_sake() -> None:
    around = situation(live=(attempt(),), stepping_back="Maya asks for it (ipr)")
    assert sentences(answer(around, [task(1, TaskState.RUNNING)])) == [
        "Its process rests with the scene open: Maya asks for it (ipr)."
    ]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AttemptState.STARTING, "Its process opens the scene"),
        (AttemptState.STOPPING, "Its process is being ended."),
    ],
)
def test_a_process_without_a_frame_says_what_it_does(
    state: AttemptState, said: str
) -> None:
    around = situation(live=(attempt(state=state),))
    (found,) = sentences(answer(around, [task(1, TaskState.RUNNING)]))
    assert found.startswith(said)


def test_pictures_being_read_are_no_waiting() -> None:
    around = situation(proving=frozenset({TaskId(17, 1)}))
    found = answer(around, [task(1, TaskState.RUNNING)])
    assert found.why == "Pictures of it are being read, 2 of 8 frames are proved."
    assert sentences(found) == ["Its pictures are being read."]


def test_what_is_odd_about_a_layer_is_told_with_it() -> None:
    odd = task(1, TaskState.DONE, done=8, warning="Frame 7 is black.")
    assert sentences(answer(situation(), [odd])) == [
        "It is done: 8 of 8 frames are proved. Frame 7 is black."
    ]


def test_a_job_that_odd_frames_paused_says_which() -> None:
    why = "It was paused: Frame 7 is black. Look at it, then resume or cancel it."
    paused = job(JobState.WAITING, paused=True, reason=why)
    assert why_held(paused, queue_paused=False, needs={}) == why
    tried = job(JobState.WAITING, paused=True, reason="a: It is tried again at 9:00.")
    assert why_held(tried, queue_paused=False, needs={}) == (
        "It is paused: resume it to go on."
    )


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "It waits for job 3, which was removed: cancel this one."),
        (
            JobState.FAILED,
            "It waits for job 3, which failed: retry that, or cancel this.",
        ),
        (JobState.DONE, "The whole queue is paused: resume the queue to go on."),
    ],
)
def test_needed_jobs_go_before_the_whole_queue(
    state: JobState | None, said: str
) -> None:
    waiting = job(JobState.WAITING)
    assert why_held(waiting, queue_paused=True, needs={3: state}) == said


def test_a_wait_of_its_own_goes_before_other_jobs() -> None:
    blocked = (Blocked(3, NO_PLACE),)
    assert why_not_yet(job(reason="a: later."), blocked, {}) == "a: later."
    assert why_not_yet(job(), blocked, {}) == f"Job 3 comes first. {NO_PLACE.why}"
    assert why_not_yet(job(), (), {}) == "It is about to start."
