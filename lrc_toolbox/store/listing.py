"""What clients read: jobs, tasks, frames, attempts, events and sums.

Each question is answered out of one short transaction that has ended before records
are made of the rows, so that no reader keeps the write-ahead log from being emptied.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from lrc_toolbox.jobs.bulk import making_many
from lrc_toolbox.jobs.capacity import Blocked
from lrc_toolbox.jobs.events import Event
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskRecord,
)
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.usage import Usage
from lrc_toolbox.store import inbox
from lrc_toolbox.store.interface import Counts, Totals, WorkLeft
from lrc_toolbox.store.paging import Page
from lrc_toolbox.store.rows import (
    ATTEMPT,
    BLOCKED,
    EVENT,
    FRAME,
    JOB,
    TASK,
    USAGE,
    Row,
    attempt_record,
    blocked_record,
    event_record,
    frame_record,
    job_record,
    read_plans,
    storable,
    task_record,
)
from lrc_toolbox.store.transactions import Transaction
from lrc_toolbox.store.waiting import waiting_tasks

JOB_SELECT = (
    f"SELECT {', '.join(JOB)}, body FROM job JOIN submission ON submission.job = job.id"
)
TASK_SELECT = (
    f"SELECT {', '.join(f'task.{column}' for column in TASK)}, plan.body "
    "FROM task JOIN plan USING (job, ordinal)"
)
_TASKS = f"{TASK_SELECT} WHERE task.job = ? ORDER BY task.ordinal"
_TASK = f"{TASK_SELECT} WHERE task.job = ? AND task.ordinal = ?"
_WORK_LEFT = (
    "SELECT frame_seconds, count(*), sum(CASE WHEN state IN ('waiting', 'running') "
    "THEN frames - done - failed ELSE 0 END) FROM task WHERE job = ? "
    "GROUP BY frame_seconds"
)
_OWN_TOTALS = "SELECT id, state, tasks, frames, done, failed, shown FROM job"
_TOTALS = f"{_OWN_TOTALS} UNION ALL {inbox.TOTALS}"
_TOTALS_OF_ONE = f"{_OWN_TOTALS} WHERE id = ? UNION ALL {inbox.TOTALS} AND number = ?"
_COUNTS = (
    "SELECT state, count(*), sum(tasks), sum(frames), sum(done), sum(failed) "
    f"FROM ({_TOTALS}) GROUP BY state"
)
_OPEN_TOTALS = (
    "SELECT coalesce(sum(tasks), 0), coalesce(sum(frames), 0), coalesce(sum(done), 0), "
    "coalesce(sum(failed), 0), coalesce(sum(shown), 0) "
    f"FROM ({_TOTALS}) WHERE state IN ('waiting', 'running')"
)
_SHOWN_PER_FRAME = 100_000
_FRAMES = (
    f"SELECT {', '.join(FRAME)} FROM frame WHERE job = ? AND ordinal = ? ORDER BY frame"
)
_ATTEMPTS = f"SELECT {', '.join(ATTEMPT)} FROM attempt"
# Word for word the index's own condition, else SQLite does not see that it fits.
_LIVE = "state IN ('starting', 'running', 'stopping')"
LIVE_ATTEMPTS = f"{_ATTEMPTS} WHERE {_LIVE} ORDER BY id"


def jobs(
    db: sqlite3.Connection, states: Collection[JobState] | None, page: Page
) -> list[JobRecord]:
    """Read a page of the jobs, those still in the inbox included."""
    waiting: list[Row] = []
    with Transaction(db, reading=True):
        rows = _job_rows(db, states, page)
        if states is None or JobState.WAITING in states:
            waiting = inbox.job_rows(db, page)
    records = [job_record(row[:-1], row[-1]) for row in rows]
    records += map(inbox.job_record, waiting)
    records.sort(key=lambda job: job.id, reverse=page.newest_first)
    return records[: page.limit]


def job(db: sqlite3.Connection, number: int) -> JobRecord | None:
    """Read one job."""
    waiting: Row | None = None
    with Transaction(db, reading=True):
        row = db.execute(f"{JOB_SELECT} WHERE id = ?", (number,)).fetchone()
        if row is None:
            waiting = inbox.job_row(db, number)
    if row is not None:
        return job_record(row[:-1], row[-1])
    return None if waiting is None else inbox.job_record(waiting)


def tasks(db: sqlite3.Connection, number: int) -> list[TaskRecord]:
    """Read the tasks of a job in order; none of a job that is not there."""
    with Transaction(db, reading=True):
        rows = db.execute(_TASKS, (number,)).fetchall()
        waiting = None if rows else inbox.plans(db, number)
    with making_many():
        if waiting is not None:
            return waiting_tasks(number, read_plans(waiting))
        return [task_record(row[:-1], row[-1]) for row in rows]


def task(db: sqlite3.Connection, wanted: TaskId) -> TaskRecord | None:
    """Read one task; None where the queue does not have it."""
    row = db.execute(_TASK, wanted).fetchone()
    return None if row is None else task_record(row[:-1], row[-1])


def work_left(db: sqlite3.Connection, number: int) -> list[WorkLeft]:
    """Add up a job's frames by the frame time of their task."""
    return [WorkLeft(*row) for row in db.execute(_WORK_LEFT, (number,)).fetchall()]


def totals(
    db: sqlite3.Connection, numbers: Collection[int] | None
) -> dict[int, Totals]:
    """Read the sums over the tasks of the given jobs, or of all."""
    with Transaction(db, reading=True):
        if numbers is None:
            rows = db.execute(_TOTALS).fetchall()
        else:
            one = _TOTALS_OF_ONE
            rows = [row for n in numbers for row in db.execute(one, (n, n))]
    return {
        number: Totals(tasks, frames, done, failed, shown / _SHOWN_PER_FRAME)
        for number, _, tasks, frames, done, failed, shown in rows
    }


def open_totals(db: sqlite3.Connection) -> Totals:
    """Add up the frames of all jobs that have not ended, in the inbox or not."""
    tasks, frames, done, failed, shown = db.execute(_OPEN_TOTALS).fetchone()
    return Totals(tasks, frames, done, failed, shown / _SHOWN_PER_FRAME)


def counts(db: sqlite3.Connection) -> Counts:
    """Count jobs by state, tasks and frames, those still in the inbox included."""
    rows = db.execute(_COUNTS).fetchall()
    jobs_by_state = dict.fromkeys(JobState, 0)
    jobs_by_state |= {JobState(state): number for state, number, *_ in rows}
    tasks, frames, done, failed = (
        sum(row[place] for row in rows) for place in range(2, 6)
    )
    return Counts(jobs_by_state, tasks, frames, done, failed)


def frames(db: sqlite3.Connection, task: TaskId) -> list[FrameRecord]:
    """Read the frames of a task that have a row, ascending."""
    return [frame_record(row) for row in db.execute(_FRAMES, task).fetchall()]


def attempts(
    db: sqlite3.Connection, number: int | None, live: bool
) -> list[AttemptRecord]:
    """Read attempts, of one job or of all, oldest first."""
    conditions = [_LIVE] if live else []
    if number is not None:
        conditions.append("job = ?")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = db.execute(
        f"{_ATTEMPTS} {where} ORDER BY id",
        () if number is None else (number,),
    ).fetchall()
    return [attempt_record(row) for row in rows]


def events(
    db: sqlite3.Connection, after: int, number: int | None, limit: int
) -> list[Event]:
    """Read events with a greater number, of one job or of all, oldest first."""
    condition = "" if number is None else "AND job = ?"
    rows = db.execute(
        f"SELECT {', '.join(EVENT)} FROM event WHERE seq > ? {condition} "
        "ORDER BY seq LIMIT ?",
        (after, limit) if number is None else (after, number, limit),
    ).fetchall()
    return [event_record(row) for row in rows]


def last_event(db: sqlite3.Connection) -> int:
    """Return the number of the newest event, 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])


def queue_paused(db: sqlite3.Connection) -> bool:
    """Say whether the whole queue is paused."""
    return bool(db.execute("SELECT paused FROM queue").fetchone()[0])


def usage(db: sqlite3.Connection, scene: str) -> list[Usage]:
    """Read what is known of a scene's layers: its path begins their keys."""
    rows = db.execute(
        f"SELECT {', '.join(USAGE)} FROM usage WHERE key >= ? AND key < ? ORDER BY key",
        (f"{storable(scene)}|", f"{storable(scene)}}}"),  # } comes after |
    )
    return [Usage(*row) for row in rows]


def blocked(db: sqlite3.Connection) -> tuple[Blocked, ...]:
    """Read which jobs would come next and what they lack."""
    rows = db.execute(f"SELECT {', '.join(BLOCKED)} FROM blocked ORDER BY place")
    return tuple(map(blocked_record, rows))


def _job_rows(
    db: sqlite3.Connection, states: Collection[JobState] | None, page: Page
) -> list[Row]:
    # Without a condition where all states will do, so that SQLite goes by the number
    # and stops at the limit.
    words = () if states is None else tuple(state.value for state in states)
    of = "TRUE" if states is None else f"state IN ({', '.join('?' * len(words))})"
    return db.execute(
        f"{JOB_SELECT} WHERE {of} {page.sql('id')}", (*words, *page.arguments)
    ).fetchall()
