"""What a starting service reads: everything that has not ended.

Frames that have ended become frame ranges as they are read, a million of them without
a record each. Unlike `store.listing` this converts inside the transaction: nobody else
writes while the service starts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from lrc_toolbox.jobs.bulk import making_many
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import FrameRecord, JobRecord, TaskId, TaskRecord
from lrc_toolbox.jobs.runs import compact
from lrc_toolbox.store.interface import OpenWork
from lrc_toolbox.store.listing import (
    JOB_SELECT,
    LIVE_ATTEMPTS,
    TASK_SELECT,
    queue_paused,
)
from lrc_toolbox.store.rows import (
    FRAME,
    attempt_record,
    frame_record,
    job_record,
    task_record,
)
from lrc_toolbox.store.transactions import Transaction

_OPEN = "IN ('waiting', 'running')"
_SETTLED = "IN ('done', 'failed', 'cancelled')"
_OPEN_JOBS = f"{JOB_SELECT} WHERE state {_OPEN} ORDER BY id"
_TASKS = f"{TASK_SELECT} WHERE task.job = ? ORDER BY task.ordinal"
_OPEN_TASKS = (
    f"{TASK_SELECT} WHERE task.job = ? AND task.state {_OPEN} ORDER BY task.ordinal"
)
_PROVED = (
    "SELECT ordinal, frame FROM frame WHERE job = ? AND state = 'done' "
    "ORDER BY ordinal, frame"
)
# CROSS JOIN, so that SQLite goes from the open tasks to their frames and never through
# the frames of a job's ended tasks.
_OF_OPEN_TASKS = (
    "FROM task CROSS JOIN frame USING (job, ordinal) "
    f"WHERE task.job = ? AND task.state {_OPEN} AND frame.state"
)
_IN_ORDER = "ORDER BY task.ordinal, frame.frame"
_SETTLED_FRAMES = (
    f"SELECT frame.ordinal, frame.frame {_OF_OPEN_TASKS} {_SETTLED} {_IN_ORDER}"
)
_OPEN_FRAMES = (
    f"SELECT {', '.join(f'frame.{column}' for column in FRAME)} "
    f"{_OF_OPEN_TASKS} NOT {_SETTLED} {_IN_ORDER}"
)
_NEXT_ATTEMPT = (
    "SELECT 1 + max(attempts_used, (SELECT coalesce(max(id), 0) FROM attempt)) "
    "FROM queue"
)


def load_open_work(db: sqlite3.Connection) -> OpenWork:
    """Read everything that has not ended."""
    with Transaction(db, reading=True), making_many():
        jobs = _open_jobs(db)
        tasks: list[TaskRecord] = []
        settled: dict[TaskId, FrameRange] = {}
        frames: list[FrameRecord] = []
        for job in jobs:
            found = _tasks(db, _OPEN_TASKS, job.id)
            tasks += found
            settled |= _by_task(found, db.execute(_SETTLED_FRAMES, (job.id,)))
            frames += map(frame_record, db.execute(_OPEN_FRAMES, (job.id,)))
        return OpenWork(
            jobs,
            tasks,
            settled,
            frames,
            attempts=list(map(attempt_record, db.execute(LIVE_ATTEMPTS))),
            next_attempt=db.execute(_NEXT_ATTEMPT).fetchone()[0],
            queue_paused=queue_paused(db),
        )


def load_tasks(
    db: sqlite3.Connection, job: int
) -> tuple[list[TaskRecord], dict[TaskId, FrameRange]]:
    """Read a job's tasks, and of each the frames that are proved."""
    with Transaction(db, reading=True), making_many():
        tasks = _tasks(db, _TASKS, job)
        return tasks, _by_task(tasks, db.execute(_PROVED, (job,)))


def _open_jobs(db: sqlite3.Connection) -> list[JobRecord]:
    return [job_record(row[:-1], row[-1]) for row in db.execute(_OPEN_JOBS)]


def _tasks(db: sqlite3.Connection, statement: str, job: int) -> list[TaskRecord]:
    return [task_record(row[:-1], row[-1]) for row in db.execute(statement, (job,))]


def _by_task(
    tasks: Iterable[TaskRecord], frames: Iterable[tuple[int, int]]
) -> dict[TaskId, FrameRange]:
    """Gather sorted pairs of ordinal and frame; a task without frames has none."""
    gathered = {
        ordinal: FrameRange(compact(_runs(frame for _, frame in group)))
        for ordinal, group in groupby(frames, key=itemgetter(0))
    }
    nothing = FrameRange.empty()
    return {task.id: gathered.get(task.id.ordinal, nothing) for task in tasks}


def _runs(frames: Iterator[int]) -> Iterator[range]:
    """Gather ascending frames into runs; ten times as fast as `FrameRange.of`."""
    begin = end = next(frames)
    for frame in frames:
        if frame != end + 1:
            yield range(begin, end + 1)
            begin = frame
        end = frame
    yield range(begin, end + 1)
