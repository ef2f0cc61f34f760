"""What every store must do; each test runs against the file and the memory one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lrc_toolbox.jobs.capacity import Blocked, Lack, Resource
from lrc_toolbox.jobs.commands import (
    Cancel,
    Command,
    Pause,
    Remove,
    Resume,
    Retry,
    SetPriority,
    StopQueue,
    StopService,
    Submit,
)
from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskPlan,
    TaskRecord,
)
from lrc_toolbox.jobs.states import AttemptState, FrameState, JobState, TaskState
from lrc_toolbox.jobs.usage import Usage
from lrc_toolbox.store.errors import StoreError
from lrc_toolbox.store.interface import (
    EVENTS_KEPT,
    Changes,
    Counts,
    Store,
    Totals,
    WorkLeft,
)

NOW = 1_700_000_000.25
FAILURE = Failure(FailureClass.OUT_OF_GPU_MEMORY, "CUDA: 24 MiB wanted\nsecond line é")


# -- what is saved comes back ----------------------------------------------------------


def test_a_job_comes_back_with_everything_it_had(store: Store, make) -> None:
    submission = make.submission(
        layers=("beauty", "shadow é"),
        frames="1-10x3",
        keep_ends=False,
        resolution=(640, 360),
        depends_on=(3, 4),
        formats=("exr", "png"),
        gpu="GPU-1",
        note='two "lines"\nof 日本',
    )
    job = JobRecord(
        7, submission, JobState.FAILED, NOW, 90, True, True, NOW + 1, NOW + 2,
        "Its scene is gone.", 3,
    )  # fmt: skip
    store.save(Changes(jobs=[job]))
    assert store.job(7) == job
    assert store.jobs() == [job]


def test_a_task_comes_back_with_everything_it_had(store: Store, make) -> None:
    plan = TaskPlan(
        "rs_beauty",
        "shot:cam",
        FrameRange.parse("-5--1,1-9x2,100"),
        (
            ExpectedPicture("/r/a.####.exr", 0, 0, ()),
            ExpectedPicture("/r/b\udcff.####.png", 640, 360, ("R", "G", "B", "A")),
        ),
        {"samples": 4, "nested": {"list": [1, None, "x"]}},
    )
    task = TaskRecord(
        TaskId(1, 2), plan, TaskState.FAILED, 3, 2, 41.7, 1.25, 99.5, NOW, NOW + 9,
        "It crashed.", "/r/b.0001.png", "/t/1.jpg", "Frame 7 is black.",
    )  # fmt: skip
    store.save(Changes(jobs=[make.job(1)], new_tasks=[task, make.task(1, 1)]))
    assert store.tasks(1) == [make.task(1, 1), task]
    assert store.task(TaskId(1, 2)) == task
    assert store.task(TaskId(1, 3)) is None


def test_a_frame_comes_back_with_everything_it_had(store: Store, make) -> None:
    (task,) = make.queue(store)
    frames = [
        FrameRecord(task.id, 5, FrameState.RENDERING, 2, 17, NOW, None, None),
        FrameRecord(task.id, -3, FrameState.FAILED, 3, 18, NOW, 12.5, FAILURE),
        FrameRecord(task.id, 1, FrameState.SENT),
    ]
    store.save(Changes(frames=frames))
    assert store.frames(task.id) == sorted(frames, key=lambda frame: frame.frame)


def test_an_attempt_comes_back_with_everything_it_had(store: Store, make) -> None:
    (task,) = make.queue(store)
    attempt = AttemptRecord(
        4, task.id, AttemptState.STOPPING, Grant((0, 3, 127), 4096, "GPU-1", 2048),
        "/logs/4.log", 10, 20, 4711, NOW + 0.123456, NOW, NOW + 5, -9, FAILURE,
        12, 62.5, 9000, 1500,
    )  # fmt: skip
    bare = AttemptRecord(5, task.id, AttemptState.STARTING, Grant(()), "/logs/5.log")
    store.save(Changes(attempts=[attempt, bare]))
    assert store.attempts() == [attempt, bare]


def test_an_event_comes_back_with_everything_it_had(store: Store) -> None:
    events = [
        Event(EventKind.SERVICE_STARTED, NOW),
        Event(EventKind.FRAME_RETRIED, NOW, 3, TaskId(3, 2), 17, 9, "No licence."),
        Event(EventKind.JOB_DONE, NOW, 3),
    ]
    store.save(Changes(events=events))
    assert store.events() == [
        replace(event, seq=seq) for seq, event in enumerate(events, start=1)
    ]


@pytest.mark.parametrize(
    "command",
    [
        Cancel(3),
        Pause(3),
        Pause(None),
        Resume(None),
        StopQueue(),
        Remove((1, 2, 3)),
        SetPriority(3, 100),
        Retry(3),
        Retry(3, TaskId(3, 2), FrameRange.parse("1-9x2,40")),
        Retry(3, None, FrameRange.empty()),
        StopService(),
    ],
    ids=repr,
)
def test_a_command_comes_back_as_it_was_asked(store: Store, command: Command) -> None:
    numbers = store.append([command], NOW)
    assert store.inbox() == [(numbers[0], NOW, command)]


def test_a_submission_comes_back_as_it_was_asked(store: Store, make) -> None:
    submit = make.submit("1-10", "1-100x7", name="night", frames=None)
    numbers = store.append([submit, submit], NOW)
    assert store.inbox() == [(number, NOW, submit) for number in numbers]


def test_a_saved_row_replaces_the_one_with_its_key(store: Store, make) -> None:
    (task,) = make.queue(store)
    frame = make.frame(task.id, 1, FrameState.SENT)
    attempt = make.attempt(1, task.id)
    store.save(Changes(frames=[frame], attempts=[attempt]))
    job = make.job(1, JobState.RUNNING, reason="because", task_count=1)
    task.state, task.done, task.last_picture = TaskState.RUNNING, 1, "/r/1.exr"
    frame.state, frame.seconds = FrameState.DONE, 2.5
    attempt.percent, attempt.frame = 50.0, 2
    store.save(Changes(jobs=[job], tasks=[task], frames=[frame], attempts=[attempt]))
    assert store.jobs() == [job]
    assert store.tasks(1) == [task]
    assert store.frames(task.id) == [frame]
    assert store.attempts() == [attempt]


def test_a_task_that_is_not_there_yet_may_be_saved_like_any_other(
    store: Store, make
) -> None:
    task = make.task(1, frames="1-7")
    store.save(Changes(jobs=[make.job(1)], tasks=[task]))
    assert store.tasks(1) == [task]
    assert store.totals()[1].frames == 7


def test_what_was_saved_does_not_change_with_the_record(store: Store, make) -> None:
    (task,) = make.queue(store)
    task.done = 10
    assert store.tasks(1)[0].done == 0
    store.tasks(1)[0].done = 10
    assert store.tasks(1)[0].done == 0


# -- whole or not at all ---------------------------------------------------------------


@pytest.mark.parametrize("what", ["job", "task", "new task", "attempt's task"])
def test_nothing_is_saved_where_something_is_missing(
    store: Store, make, what: str
) -> None:
    make.queue(store)
    wrong = {
        "job": Changes(new_tasks=[make.task(2)]),
        "task": Changes(frames=[make.frame(TaskId(1, 2), 1, FrameState.SENT)]),
        "new task": Changes(new_tasks=[make.task(1, 2), make.task(1, 1)]),
        "attempt's task": Changes(attempts=[make.attempt(1, TaskId(2, 1))]),
    }[what]
    wrong.jobs = [make.job(3)]
    wrong.events = [Event(EventKind.JOB_STARTED, NOW, 3)]
    before = store.version()
    with pytest.raises(StoreError):
        store.save(wrong)
    assert [job.id for job in store.jobs()] == [1]
    assert len(store.tasks(1)) == 1
    assert (store.last_event(), store.version()) == (0, before)


def test_frames_that_are_reset_lose_their_rows(store: Store, make) -> None:
    first, second = make.queue(store, 1, "1-10", "1-10")
    rows = [
        make.frame(task.id, number, FrameState.DONE)
        for task in (first, second)
        for number in range(1, 11)
    ]
    store.save(Changes(frames=rows))
    store.save(Changes(reset_frames=[(first.id, FrameRange.parse("1-7x3,9,40-50"))]))
    assert [row.frame for row in store.frames(first.id)] == [2, 3, 5, 6, 8, 10]
    assert len(store.frames(second.id)) == 10


def test_a_frame_may_be_reset_and_sent_again_in_one_change(store: Store, make) -> None:
    (task,) = make.queue(store)
    store.save(Changes(frames=[make.frame(task.id, 1, FrameState.DONE)]))
    again = make.frame(task.id, 1, FrameState.SENT)
    reset = [(task.id, FrameRange.of([1]))]
    store.save(Changes(reset_frames=reset, frames=[again]))
    assert store.frames(task.id) == [again]


# -- the inbox -------------------------------------------------------------------------


def test_numbers_are_given_in_order_and_never_again(store: Store, make) -> None:
    assert store.append([make.submit("1"), Cancel(1), make.submit("2")], NOW) == [
        1,
        2,
        3,
    ]
    store.save(Changes(inbox_done=3))
    assert store.inbox() == []
    assert store.append([Cancel(1)], NOW) == [4]


def test_the_inbox_is_emptied_up_to_a_number(store: Store) -> None:
    store.append([Cancel(1), Cancel(2), Cancel(3)], NOW)
    store.save(Changes(inbox_done=2))
    assert store.inbox() == [(3, NOW, Cancel(3))]


def test_the_inbox_is_read_oldest_first_and_a_piece_at_a_time(store: Store) -> None:
    store.append([Cancel(n) for n in range(1, 6)], NOW)
    assert store.inbox(limit=2) == [(1, NOW, Cancel(1)), (2, NOW, Cancel(2))]


def test_a_job_in_the_inbox_is_shown_as_one_that_waits_for_the_service(
    store: Store, make
) -> None:
    submit = make.submit("1-10", "1-5", name="night", priority=80)
    (number,) = store.append([submit], NOW)
    job = store.job(number)
    assert job is not None
    assert (job.name, job.state, job.priority, job.submitted_at, job.task_count) == (
        "night", JobState.WAITING, 80, NOW, 2,
    )  # fmt: skip
    assert job.reason == "Waiting for the service."
    assert store.jobs() == [job]
    tasks = store.tasks(number)
    assert [str(task.id) for task in tasks] == ["1.1", "1.2"]
    assert tuple(task.plan for task in tasks) == submit.plans
    assert store.tasks(99) == []
    assert store.totals() == {number: Totals(2, 15, 0, 0, 0.0)}
    assert store.totals([number, 99]) == store.totals()
    assert store.counts().jobs[JobState.WAITING] == 1
    assert (store.counts().tasks, store.counts().frames) == (2, 15)


def test_totals_of_what_is_open_leave_out_what_has_ended(store: Store, make) -> None:
    jobs = [
        make.job(8, JobState.DONE, task_count=1),
        make.job(9, JobState.RUNNING, task_count=1),
    ]
    tasks = [make.task(8, frames="1-7", done=7), make.task(9, frames="1-4", done=1)]
    assert store.open_totals() == Totals(0, 0, 0, 0, 0.0)
    store.save(Changes(jobs=jobs, new_tasks=tasks))
    store.append([make.submit("1-10")], NOW)
    found = store.open_totals()
    assert (found.tasks, found.frames, found.done, found.failed) == (2, 14, 1, 0)


def test_work_left_is_added_up_by_frame_time_without_what_has_ended(
    store: Store, make
) -> None:
    job = make.job(1, JobState.RUNNING, task_count=4)
    tasks = [
        make.task(1, 1, frames="1-10", state=TaskState.RUNNING),
        make.task(1, 2, frames="1-5", state=TaskState.RUNNING),
        make.task(1, 3, frames="1-4"),
        make.task(1, 4, frames="1-9", state=TaskState.FAILED),
    ]
    tasks[0].done, tasks[0].failed, tasks[0].frame_seconds = 3, 1, 2.5
    tasks[1].frame_seconds = 2.5
    tasks[3].frame_seconds = 9.0
    store.save(Changes(jobs=[job], new_tasks=tasks))
    assert set(store.work_left(1)) == {
        WorkLeft(None, 1, 4),
        WorkLeft(9.0, 1, 0),
        WorkLeft(2.5, 2, 11),
    }
    assert store.work_left(99) == []


def test_a_job_that_the_service_has_taken_is_read_once_and_from_its_row(
    store: Store, make
) -> None:
    (number,) = store.append([make.submit("1-10")], NOW)
    job = make.job(number, JobState.RUNNING, task_count=1)
    task = make.task(number, frames="1-10", done=3)
    # Saved with the command still in the inbox, as between two changes.
    store.save(Changes(jobs=[job], new_tasks=[task]))
    assert store.jobs() == [job]
    assert store.job(number) == job
    assert store.tasks(number) == [task]
    assert store.totals([number])[number].done == 3
    assert store.counts().jobs[JobState.WAITING] == 0
    store.save(Changes(inbox_done=number))
    assert store.jobs() == [job]


def test_a_refused_submission_is_gone_and_its_number_with_it(
    store: Store, make
) -> None:
    (number,) = store.append([make.submit("1-10")], NOW)
    store.save(Changes(inbox_done=number))
    assert store.job(number) is None
    assert store.tasks(number) == []
    assert store.jobs() == []
    assert store.append([make.submit("1-10")], NOW) == [number + 1]


def test_a_command_that_is_no_submission_is_no_job(store: Store) -> None:
    (number,) = store.append([Cancel(1)], NOW)
    assert store.job(number) is None
    assert store.tasks(number) == []
    assert store.counts().jobs[JobState.WAITING] == 0


# -- lists -----------------------------------------------------------------------------


@pytest.fixture
def six_jobs(store: Store, make) -> Store:
    """Jobs 1 to 4 taken by the service, 5 and 6 in the inbox, 7 no job."""
    submits: list[Command] = [make.submit("1") for _ in range(6)]
    store.append([*submits, Cancel(1)], NOW)
    states = [JobState.DONE, JobState.RUNNING, JobState.FAILED, JobState.WAITING]
    jobs = [make.job(number, state) for number, state in enumerate(states, start=1)]
    store.save(Changes(jobs=jobs, inbox_done=4))
    return store


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"newest_first": True}, [6, 5, 4, 3, 2, 1]),
        ({"limit": 3}, [1, 2, 3]),
        ({"limit": 0}, []),
        ({"after": 3}, [4, 5, 6]),
        ({"after": 3, "limit": 2}, [4, 5]),
        ({"after": 6, "newest_first": True, "limit": 3}, [5, 4, 3]),
        ({"after": 5, "newest_first": True}, [4, 3, 2, 1]),
        ({"states": [JobState.WAITING]}, [4, 5, 6]),
        ({"states": {JobState.DONE, JobState.FAILED}}, [1, 3]),
        ({"states": {JobState.DONE, JobState.WAITING}, "limit": 2}, [1, 4]),
        ({"states": []}, []),
    ],
    ids=str,
)
def test_jobs_are_listed_by_state_and_by_the_page(
    six_jobs: Store, asked, numbers
) -> None:
    assert [job.id for job in six_jobs.jobs(**asked)] == numbers


def test_jobs_are_counted_by_state_with_every_state_named(six_jobs: Store) -> None:
    assert six_jobs.counts() == Counts(
        {
            JobState.WAITING: 3,
            JobState.RUNNING: 1,
            JobState.DONE: 1,
            JobState.FAILED: 1,
            JobState.CANCELLED: 0,
        },
        tasks=2,
        frames=2,
        frames_done=0,
        frames_failed=0,
    )


def test_an_empty_queue_has_nothing_of_anything(store: Store) -> None:
    assert store.jobs() == []
    assert store.job(1) is None
    assert store.tasks(1) == []
    assert store.totals() == {}
    assert store.attempts() == []
    assert store.events() == []
    assert store.last_event() == 0
    assert store.counts() == Counts(dict.fromkeys(JobState, 0), 0, 0, 0, 0)
    assert store.frames(TaskId(1, 1)) == []
    assert not store.queue_paused()


def test_totals_follow_every_change_of_a_task(store: Store, make) -> None:
    first, second = make.queue(store, 1, "1-10", "1-30")
    make.queue(store, 2, "1-5")
    first.done, first.failed, first.shown_percent = 4, 1, 52.5
    second.done, second.shown_percent = 30, 100.0
    store.save(Changes(tasks=[first, second]))
    assert store.totals() == {
        1: Totals(2, 40, 34, 1, pytest.approx(35.25)),
        2: Totals(1, 5, 0, 0, 0.0),
    }
    # Asked to be rendered again: the sums go back too.
    second.done = 29
    store.save(Changes(tasks=[second]))
    assert store.totals([1])[1].done == 33
    assert (store.counts().frames, store.counts().frames_done) == (45, 33)
    assert store.counts().frames_failed == 1


def test_a_job_shown_at_100_percent_is_at_100_percent_exactly(
    store: Store, make
) -> None:
    (task,) = make.queue(store, 1, "1-3")
    for percent in (0.1, 33.333333333, 66.666666667, 99.9, 100.0):
        task.shown_percent = percent
        store.save(Changes(tasks=[task]))
    assert store.totals()[1].shown_frames == 3


def test_live_attempts_are_told_from_those_that_ended(store: Store, make) -> None:
    (task,) = make.queue(store)
    (other,) = make.queue(store, 2)
    attempts = [
        make.attempt(number, task.id, state)
        for number, state in enumerate(AttemptState, start=1)
    ]
    attempts.append(make.attempt(9, other.id, AttemptState.RUNNING))
    store.save(Changes(attempts=attempts))
    assert len(store.attempts()) == 8
    assert [attempt.id for attempt in store.attempts(2)] == [9]
    live = store.attempts(live=True)
    assert {attempt.state.value for attempt in live} == {
        "starting", "running", "stopping",
    }  # fmt: skip
    assert [attempt.id for attempt in live] == [1, 2, 3, 9]
    assert [attempt.id for attempt in store.attempts(2, live=True)] == [9]
    attempts[1].state = AttemptState.FINISHED
    store.save(Changes(attempts=[attempts[1]]))
    assert [attempt.id for attempt in store.attempts(1, live=True)] == [1, 3]


# -- events ----------------------------------------------------------------------------


def test_events_are_read_from_where_the_last_reading_ended(store: Store) -> None:
    for job in (1, 2, 1, 2, 1):
        store.save(Changes(events=[Event(EventKind.TASK_STARTED, NOW, job)]))
    assert [event.seq for event in store.events(after=2)] == [3, 4, 5]
    assert [event.seq for event in store.events(after=2, job=1)] == [3, 5]
    assert [event.seq for event in store.events(limit=2)] == [1, 2]
    assert [event.seq for event in store.events(job=2, limit=1)] == [2]
    assert store.events(after=5) == []
    assert store.last_event() == 5


def test_old_events_go_and_their_numbers_do_not_come_again(store: Store) -> None:
    events = [Event(EventKind.FRAME_PROVED, NOW, 1)] * (EVENTS_KEPT + 5_000)
    store.save(Changes(events=events))
    assert store.last_event() == len(events)
    kept = store.events(after=0, limit=10**6)
    assert EVENTS_KEPT <= len(kept) < EVENTS_KEPT + 1_000
    assert kept[-1].seq == len(events)
    assert kept[0].seq == len(events) - len(kept) + 1
    store.save(Changes(events=events[:1]))
    assert store.last_event() == len(events) + 1


# -- removing --------------------------------------------------------------------------


def test_a_removed_job_takes_all_its_rows_with_it_but_not_its_events(
    store: Store, make
) -> None:
    for number in (1, 2):
        (task,) = make.queue(store, number)
        store.save(
            Changes(
                frames=[make.frame(task.id, 1, FrameState.DONE)],
                attempts=[make.attempt(number, task.id)],
            )
        )
    store.save(Changes(removed_jobs=[2], events=[Event(EventKind.JOB_REMOVED, NOW, 2)]))
    assert store.job(2) is None
    assert store.tasks(2) == []
    assert store.frames(TaskId(2, 1)) == []
    assert [attempt.id for attempt in store.attempts()] == [1]
    assert list(store.totals()) == [1]
    assert [event.kind for event in store.events(job=2)] == [EventKind.JOB_REMOVED]
    assert len(store.frames(TaskId(1, 1))) == 1
    assert store.load_open_work().next_attempt == 3


def test_removing_a_job_that_is_not_there_changes_nothing(store: Store, make) -> None:
    make.queue(store)
    store.save(Changes(removed_jobs=[5]))
    assert [job.id for job in store.jobs()] == [1]


# -- what a starting service reads -----------------------------------------------------


def test_an_empty_queue_begins_with_attempt_one(store: Store) -> None:
    work = store.load_open_work()
    assert (work.jobs, work.tasks, work.frames, work.attempts) == ([], [], [], [])
    assert (work.settled, work.next_attempt, work.queue_paused) == ({}, 1, False)


def test_open_work_is_what_has_not_ended(store: Store, make) -> None:
    done, running, fresh = (
        make.queue(store, number, "1-20", "1-5") for number in (1, 2, 3)
    )
    for task in (*done, running[1]):
        task.state = TaskState.DONE
    running[0].state = TaskState.RUNNING
    states = {
        **dict.fromkeys([1, 2, 3, 5], FrameState.DONE),
        7: FrameState.FAILED,
        9: FrameState.CANCELLED,
        10: FrameState.WAITING,
        11: FrameState.SENT,
        12: FrameState.RENDERING,
        13: FrameState.PROVING,
    }
    frames = [make.frame(running[0].id, n, state) for n, state in states.items()]
    ended = [make.frame(done[0].id, 1, FrameState.DONE)]
    ended += [make.frame(running[1].id, 1, FrameState.SENT)]
    jobs = [
        make.job(1, JobState.DONE, task_count=2),
        make.job(2, JobState.RUNNING, task_count=2),
    ]
    attempts = [
        make.attempt(3, done[0].id, AttemptState.STOPPING),
        make.attempt(4, running[0].id, AttemptState.RUNNING),
        make.attempt(8, running[0].id, AttemptState.LOST),
    ]
    store.save(
        Changes(
            jobs=jobs, tasks=[*done, *running], frames=frames + ended, attempts=attempts
        )
    )
    store.append([make.submit("1-10")], NOW)

    work = store.load_open_work()

    assert [job.id for job in work.jobs] == [2, 3]
    assert work.tasks == [running[0], *fresh]
    assert work.settled == {
        running[0].id: FrameRange.parse("1-3,5,7,9"),
        fresh[0].id: FrameRange.empty(),
        fresh[1].id: FrameRange.empty(),
    }
    assert work.frames == frames[-4:]
    assert work.attempts == attempts[:2]
    assert work.next_attempt == 9


def test_an_ended_jobs_tasks_are_read_with_their_proved_frames(
    store: Store, make
) -> None:
    first, second, third = make.queue(store, 1, "1-10", "1-5", "1-5")
    frames = [make.frame(first.id, n, FrameState.DONE) for n in (1, 2, 3, 8)]
    frames += [make.frame(first.id, 4, FrameState.FAILED)]
    frames += [make.frame(third.id, 5, FrameState.DONE)]
    store.save(Changes(frames=frames))
    tasks, proved = store.load_tasks(1)
    assert tasks == [first, second, third]
    assert proved == {
        first.id: FrameRange.parse("1-3,8"),
        second.id: FrameRange.empty(),
        third.id: FrameRange.parse("5"),
    }
    assert store.load_tasks(99) == ([], {})


def test_the_queue_stays_paused_until_it_is_resumed(store: Store) -> None:
    store.save(Changes(queue_paused=True))
    store.save(Changes(events=[Event(EventKind.QUEUE_PAUSED, NOW)]))
    assert store.queue_paused()
    assert store.load_open_work().queue_paused
    store.save(Changes(queue_paused=False))
    assert not store.queue_paused()


def test_what_a_layer_needs_is_kept_by_its_key(store: Store) -> None:
    known = Usage("/a.ma|beauty|64x36|arnold", 900, None, 0, 2048, NOW)
    other = Usage("/a.ma|sky|64x36|arnold")
    store.save(Changes(usage=[known, other, Usage("/a.mab|x"), Usage("/a.m|x")]))
    assert store.usage("/a.ma") == [known, other]
    more = replace(known, vram_mib=0, seen_at=NOW + 1)
    store.save(Changes(usage=[more]))
    assert store.usage("/a.ma") == [more, other]
    assert store.usage("/b.ma") == []


def test_who_comes_next_and_what_is_lacking_is_kept_in_order(store: Store) -> None:
    first = Blocked(7, Lack(Resource.GPU, "Renders use GPU 1."))
    second = Blocked(3, Lack(Resource.ATTEMPTS, "All 4 places are taken."))
    store.save(Changes(blocked=(first, second)))
    store.save(Changes(queue_paused=True))
    assert store.blocked() == (first, second)
    store.save(Changes(blocked=()))
    assert store.blocked() == ()


# -- noticing --------------------------------------------------------------------------


def test_the_version_differs_after_every_writing_and_only_then(
    store: Store, make
) -> None:
    seen = [store.version()]
    make.queue(store)
    seen.append(store.version())
    store.append([Cancel(1)], NOW)
    seen.append(store.version())
    store.save(Changes(inbox_done=2))
    seen.append(store.version())
    assert len(set(seen)) == len(seen)
    store.jobs()
    store.load_open_work()
    assert store.version() == seen[-1]


def test_closing_twice_does_no_harm(store: Store) -> None:
    store.checkpoint()
    store.close()
    store.close()


def test_submit_is_a_command_like_any_other_to_the_inbox(store: Store, make) -> None:
    store.append([Pause(None), make.submit("1"), Resume(None)], NOW)
    kinds = [type(command) for _, _, command in store.inbox()]
    assert kinds == [Pause, Submit, Resume]
