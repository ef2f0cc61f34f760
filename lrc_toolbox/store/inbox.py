"""The inbox table: what clients ask of the service, and the jobs that wait in it.

A submission's number is its job's number. Until the service has taken it out, its job
is read from here. The caller brings the transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from lrc_toolbox.jobs.commands import Command
from lrc_toolbox.jobs.records import JobRecord
from lrc_toolbox.store.command_rows import COMMAND, command_row
from lrc_toolbox.store.paging import Page
from lrc_toolbox.store.rows import Row, read_submission
from lrc_toolbox.store.waiting import waiting_job

_APPEND = (
    f"INSERT INTO inbox (at, {', '.join(COMMAND)}) VALUES (?{', ?' * len(COMMAND)})"
)
_READ = "SELECT number, at, kind, body, plans FROM inbox"
# A job that has a row of its own is read from there.
_JOBS = "FROM inbox WHERE kind = 'submit' AND number NOT IN (SELECT id FROM job)"
#: Of each waiting job: number, state, tasks, frames, and nothing done, failed, shown.
TOTALS = f"SELECT number, 'waiting', tasks, frames, 0, 0, 0 {_JOBS}"


def append(db: sqlite3.Connection, commands: Sequence[Command], at: float) -> list[int]:
    """Add commands; return their numbers."""
    rows = [(at, *command_row(command)) for command in commands]
    return [db.execute(_APPEND, row).lastrowid or 0 for row in rows]


def command_rows(
    db: sqlite3.Connection, limit: int, without: Collection[int] = ()
) -> list[Row]:
    """Return the oldest commands: number, time, word, JSON and plans of each."""
    left_out = f"number NOT IN ({', '.join('?' * len(without))})"
    return db.execute(
        f"{_READ} WHERE {left_out} ORDER BY number LIMIT ?", (*without, limit)
    ).fetchall()


def empty(db: sqlite3.Connection, done: int, but: Collection[int] = ()) -> None:
    """Take commands out that were done, up to and including a number.

    Args:
        but: those that nobody has read yet.
    """
    kept = f"number NOT IN ({', '.join('?' * len(but))})"
    db.execute(f"DELETE FROM inbox WHERE number <= ? AND {kept}", (done, *but))


def job_rows(db: sqlite3.Connection, page: Page) -> list[Row]:
    """Return the rows of waiting jobs, for `job_record`."""
    return db.execute(
        f"SELECT number, at, body, tasks {_JOBS} {page.sql('number')}", page.arguments
    ).fetchall()


def job_row(db: sqlite3.Connection, job: int) -> Row | None:
    """Return the row of one waiting job, for `job_record`; None where it is none."""
    row: Row | None = db.execute(
        f"SELECT number, at, body, tasks {_JOBS} AND number = ?", (job,)
    ).fetchone()
    return row


def job_record(row: Row) -> JobRecord:
    """Return a waiting job."""
    number, at, body, tasks = row
    return waiting_job(number, at, read_submission(body), tasks)


def plans(db: sqlite3.Connection, job: int) -> str | None:
    """Return the plans of a waiting job as JSON; None where there is no such job."""
    row = db.execute(f"SELECT plans {_JOBS} AND number = ?", (job,)).fetchone()
    return None if row is None else str(row[0])
