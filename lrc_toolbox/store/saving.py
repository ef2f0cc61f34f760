"""Writing what one decision changes.

The caller brings the transaction. Deletions come first and last: frames that are reset
may be sent again in the same decision, and a removed job's last rows go with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence

from lrc_toolbox.jobs.events import Event
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import JobRecord, TaskId, TaskRecord
from lrc_toolbox.store import inbox
from lrc_toolbox.store.interface import EVENTS_KEPT, Changes
from lrc_toolbox.store.rows import (
    ATTEMPT,
    BLOCKED,
    EVENT,
    FRAME,
    JOB,
    TASK,
    USAGE,
    attempt_row,
    blocked_row,
    event_row,
    frame_row,
    job_row,
    task_row,
    usage_row,
    write_plan,
    write_submission,
)

_PRUNED_EVERY = 1_000


def _insert(table: str, columns: Sequence[str]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"


def _update(table: str, columns: Sequence[str], keys: int, fixed: int) -> str:
    """Return an UPDATE that takes the changing columns, then the keys."""
    changed = " = ?, ".join(columns[fixed:])
    return (
        f"UPDATE {table} SET {changed} = ? WHERE {' = ? AND '.join(columns[:keys])} = ?"
    )


def _replace(table: str, columns: Sequence[str], keys: int, fixed: int) -> str:
    """Return an INSERT that, where the row is there, sets the changing columns."""
    changed = ", ".join(f"{column} = excluded.{column}" for column in columns[fixed:])
    return (
        f"{_insert(table, columns)} "
        f"ON CONFLICT ({', '.join(columns[:keys])}) DO UPDATE SET {changed}"
    )


# The keys of a row never change, nor does an attempt's task, nor a task's plan.
_JOB_KEYS, _TASK_KEYS, _TASK_FIXED, _FRAME_KEYS, _ATTEMPT_FIXED = 1, 2, 3, 3, 3
_NEW_JOB = _insert("job", JOB)
_NEW_SUBMISSION = _insert("submission", ("job", "body"))
_CHANGE_JOB = _update("job", JOB, _JOB_KEYS, _JOB_KEYS)
_NEW_TASK = _insert("task", TASK)
_NEW_PLAN = _insert("plan", ("job", "ordinal", "body"))
_CHANGE_TASK = _update("task", TASK, _TASK_KEYS, _TASK_FIXED)
_PUT_FRAME = _replace("frame", FRAME, _FRAME_KEYS, _FRAME_KEYS)
_PUT_ATTEMPT = _replace("attempt", ATTEMPT, 1, _ATTEMPT_FIXED)
_PUT_USAGE = _replace("usage", USAGE, 1, 1)
_NEW_BLOCKED = _insert("blocked", BLOCKED)
_NEW_EVENT = _insert("event", EVENT[1:])
_RESET_FRAMES = (
    "DELETE FROM frame WHERE job = ? AND ordinal = ? "
    "AND frame BETWEEN ? AND ? AND (frame - ?) % ? = 0"
)
# Children before their parents.
_REMOVE_JOB = (
    "DELETE FROM frame WHERE job = ?",
    "DELETE FROM attempt WHERE job = ?",
    "DELETE FROM plan WHERE job = ?",
    "DELETE FROM task WHERE job = ?",
    "DELETE FROM submission WHERE job = ?",
    "DELETE FROM job WHERE id = ?",
)
_KEEP_ATTEMPTS_USED = (
    "UPDATE queue SET attempts_used = "
    "max(attempts_used, (SELECT coalesce(max(id), 0) FROM attempt))"
)


def write(
    db: sqlite3.Connection, changes: Changes, unread: Collection[int] = ()
) -> None:
    """Write changes within the caller's transaction.

    Args:
        unread: commands of the inbox that stay there.

    Raises:
        sqlite3.IntegrityError: a task's job or a frame's or attempt's task is not
            there, or a new task is.
    """
    _reset(db, changes.reset_frames)
    _put_jobs(db, changes.jobs)
    if changes.new_tasks:
        _add_tasks(db, changes.new_tasks)
    _put_tasks(db, changes.tasks)
    if changes.frames:
        db.executemany(_PUT_FRAME, map(frame_row, changes.frames))
    if changes.attempts:
        db.executemany(_PUT_ATTEMPT, map(attempt_row, changes.attempts))
    _add_events(db, changes.events)
    if changes.removed_jobs:
        _remove(db, changes.removed_jobs)
    if changes.inbox_done is not None:
        inbox.empty(db, changes.inbox_done, unread)
    if changes.queue_paused is not None:
        db.execute("UPDATE queue SET paused = ?", (int(changes.queue_paused),))
    if changes.usage:
        db.executemany(_PUT_USAGE, map(usage_row, changes.usage))
    if changes.blocked is not None:
        db.execute("DELETE FROM blocked")
        rows = (blocked_row(*one) for one in enumerate(changes.blocked, start=1))
        db.executemany(_NEW_BLOCKED, rows)


def _reset(db: sqlite3.Connection, frames: Iterable[tuple[TaskId, FrameRange]]) -> None:
    for task, wanted in frames:
        for run in wanted.runs:
            db.execute(_RESET_FRAMES, (*task, run[0], run[-1], run[0], run.step))


def _put_jobs(db: sqlite3.Connection, jobs: Iterable[JobRecord]) -> None:
    for job in jobs:
        row = job_row(job)
        changed = db.execute(_CHANGE_JOB, (*row[_JOB_KEYS:], *row[:_JOB_KEYS]))
        if changed.rowcount == 0:
            db.execute(_NEW_JOB, row)
            db.execute(_NEW_SUBMISSION, (job.id, write_submission(job.submission)))


def _put_tasks(db: sqlite3.Connection, tasks: Iterable[TaskRecord]) -> None:
    for task in tasks:
        row = task_row(task)
        changed = db.execute(_CHANGE_TASK, (*row[_TASK_FIXED:], *row[:_TASK_KEYS]))
        if changed.rowcount == 0:
            _add_tasks(db, [task])


def _add_tasks(db: sqlite3.Connection, tasks: Sequence[TaskRecord]) -> None:
    db.executemany(_NEW_TASK, map(task_row, tasks))
    db.executemany(_NEW_PLAN, ((*task.id, write_plan(task.plan)) for task in tasks))


def _add_events(db: sqlite3.Connection, events: Iterable[Event]) -> None:
    for event in events:
        seq = db.execute(_NEW_EVENT, event_row(event)).lastrowid or 0
        if seq % _PRUNED_EVERY == 0:
            db.execute("DELETE FROM event WHERE seq <= ?", (seq - EVENTS_KEPT,))


def _remove(db: sqlite3.Connection, jobs: Sequence[int]) -> None:
    db.execute(_KEEP_ATTEMPTS_USED)
    for statement in _REMOVE_JOB:
        db.executemany(statement, ((job,) for job in jobs))
