"""A queue in a SQLite file: the store that is shared between processes.

Owns the connection and turns SQLite's errors into `StoreError`; what is asked of the
file stands in `store.inbox`, `store.listing`, `store.open_work` and `store.saving`.
A store may be made in one thread and used in another, by one thread at a time.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Collection, Sequence
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from lrc_toolbox.jobs.bulk import making_many
from lrc_toolbox.jobs.capacity import Blocked
from lrc_toolbox.jobs.commands import Command
from lrc_toolbox.jobs.events import Event
from lrc_toolbox.jobs.frames import FrameRange, FrameRangeError
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskRecord,
)
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.submission import SubmissionError
from lrc_toolbox.jobs.usage import Usage
from lrc_toolbox.store import inbox, listing, open_work, saving
from lrc_toolbox.store.command_rows import read_command
from lrc_toolbox.store.errors import StoreError, damaged, explain
from lrc_toolbox.store.interface import Changes, Counts, OpenWork, Totals, WorkLeft
from lrc_toolbox.store.opening import PATIENCE_MS, open_queue_file
from lrc_toolbox.store.paging import Page
from lrc_toolbox.store.transactions import Transaction

log = logging.getLogger(__name__)

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _told(
    method: Callable[Concatenate[SqliteStore, _P], _R],
) -> Callable[Concatenate[SqliteStore, _P], _R]:
    """Let a method raise SQLite's errors in our words."""

    @wraps(method)
    def telling(store: SqliteStore, /, *args: _P.args, **named: _P.kwargs) -> _R:
        try:
            return method(store, *args, **named)
        except sqlite3.Error as error:
            raise explain(store.path, error) from error

    return telling


def _read(
    method: Callable[Concatenate[SqliteStore, _P], _R],
) -> Callable[Concatenate[SqliteStore, _P], _R]:
    """Let a reading method say, too, where a row makes no sense."""

    @wraps(method)
    def reading(store: SqliteStore, /, *args: _P.args, **named: _P.kwargs) -> _R:
        try:
            return method(store, *args, **named)
        except (ValueError, KeyError, SubmissionError, FrameRangeError) as error:
            # SQLite checks the shape of its pages, not what is in them.
            raise damaged(store.path) from error

    return _told(reading)


class SqliteStore:
    """A queue file, made where it is missing; see `store.interface.Store`.

    Raises:
        NetworkDriveError: the file would lie on a network drive.
        NotAQueueError: there is a file, and it is no queue.
        FutureQueueError: a newer LRC Toolbox wrote it.
        StoreError: it cannot be opened; every method raises it too, where the file
            cannot be read or written.
    """

    def __init__(self, path: Path, *, writer: bool = False) -> None:
        """Open the file.

        Args:
            path: the queue file; its folder must be there.
            writer: this is the service's own store, the only one that may `save`.
                There must be one at a time, which the service's lock sees to.
        """
        self.path = path
        self._writer = writer
        self._db = open_queue_file(path)
        self._file = _identity(path)
        self._written = 0
        self._unreadable: set[int] = set()

    @_told
    def save(self, changes: Changes) -> None:
        """Write all of it in one transaction.

        Raises:
            StoreError: it cannot be written, this store is not the writer's, or a
                task's job or a frame's task is not there; nothing is written then.
        """
        if not self._writer:
            raise StoreError(self.path, "only the service writes what became of work.")
        with Transaction(self._db):
            saving.write(self._db, changes, self._unreadable)
        self._written += 1

    @_read
    def load_open_work(self) -> OpenWork:
        """Read everything that has not ended."""
        return open_work.load_open_work(self._db)

    @_read
    def load_tasks(self, job: int) -> tuple[list[TaskRecord], dict[TaskId, FrameRange]]:
        """Read a job's tasks, and of each the frames that are proved."""
        return open_work.load_tasks(self._db, job)

    @_read
    def inbox(self, limit: int = 1000) -> list[tuple[int, float, Command]]:
        """Read waiting commands, oldest first: number, time of asking, command."""
        rows = inbox.command_rows(self._db, limit, self._unreadable)
        with making_many():
            return [
                (number, at, command)
                for number, at, *row in rows
                if (command := self._understood(number, *row)) is not None
            ]

    def _understood(
        self, number: int, kind: str, body: str, plans: str | None
    ) -> Command | None:
        """Read a command; one of a newer program stays for a service that knows it."""
        try:
            return read_command(kind, body, plans)
        except (KeyError, TypeError, ValueError, SubmissionError) as error:
            self._unreadable.add(number)
            log.error(
                "command %d (%s) stays in the inbox: this version cannot read it (%s). "
                "End this service, pid %d, and a newer one takes it.",
                number,
                kind,
                error,
                os.getpid(),
            )
            return None

    @_told
    def checkpoint(self) -> None:
        """Bring what is written beside the file into it, and empty that.

        Raises:
            StoreError: also where the file was moved, replaced or deleted since it
                was opened: what is saved from here on would be seen by nobody.
        """
        if _identity(self.path) != self._file:
            raise StoreError(
                self.path,
                "the queue file was moved, replaced or deleted while it was in use.",
                remedy="Put it back, or start the service again to begin a new one.",
            )
        # TRUNCATE would wait for readers before it cuts the write-ahead log to nothing.
        # Not allowed to wait, it moves what it can and leaves the rest for next time.
        self._db.execute("PRAGMA busy_timeout = 0")
        try:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._db.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")

    @_told
    def append(self, commands: Sequence[Command], at: float) -> list[int]:
        """Add commands to the inbox in one transaction; return their numbers."""
        with Transaction(self._db):
            numbers = inbox.append(self._db, commands, at)
        self._written += 1
        return numbers

    @_told
    def version(self) -> int:
        """A number that differs after anybody wrote; about 5 us.

        SQLite's data_version tells what other connections wrote, never one's own.
        """
        (others,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(others) << 32 | self._written

    @_read
    def jobs(
        self,
        states: Collection[JobState] | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        after: int | None = None,
    ) -> list[JobRecord]:
        """Read jobs in order of their numbers; see `store.interface.Store.jobs`."""
        return listing.jobs(self._db, states, Page(newest_first, after, limit))

    @_read
    def job(self, job: int) -> JobRecord | None:
        """Read one job, also one that still waits in the inbox."""
        return listing.job(self._db, job)

    @_read
    def tasks(self, job: int) -> list[TaskRecord]:
        """Read a job's tasks in order, also of a job that still waits in the inbox."""
        return listing.tasks(self._db, job)

    @_read
    def task(self, task: TaskId) -> TaskRecord | None:
        """Read one task of a job that the service has taken."""
        return listing.task(self._db, task)

    @_read
    def open_totals(self) -> Totals:
        """Add up the frames of all jobs that have not ended."""
        return listing.open_totals(self._db)

    @_read
    def work_left(self, job: int) -> list[WorkLeft]:
        """Add up a job's frames by the frame time of their task; reads no plan."""
        return listing.work_left(self._db, job)

    @_read
    def totals(self, jobs: Collection[int] | None = None) -> dict[int, Totals]:
        """Add up the frames of the given jobs, or of all; reads no plan."""
        return listing.totals(self._db, jobs)

    @_read
    def frames(self, task: TaskId) -> list[FrameRecord]:
        """Read a task's frames that have a row, ascending."""
        return listing.frames(self._db, task)

    @_read
    def attempts(
        self, job: int | None = None, *, live: bool = False
    ) -> list[AttemptRecord]:
        """Read attempts, oldest first; `live` leaves out those that have ended."""
        return listing.attempts(self._db, job, live)

    @_read
    def events(
        self, after: int = 0, job: int | None = None, limit: int = 1000
    ) -> list[Event]:
        """Read events with a greater number, oldest first.

        The newest 20,000 are kept, also those of removed jobs.
        """
        return listing.events(self._db, after, job, limit)

    @_read
    def last_event(self) -> int:
        """The number of the newest event; 0 where there is none."""
        return listing.last_event(self._db)

    @_read
    def counts(self) -> Counts:
        """Count jobs by state and frames over all."""
        return listing.counts(self._db)

    @_read
    def usage(self, scene: str) -> list[Usage]:
        """Read what is known of a scene's layers, by key."""
        return listing.usage(self._db, scene)

    @_read
    def blocked(self) -> tuple[Blocked, ...]:
        """Read which jobs would come next and what they lack."""
        return listing.blocked(self._db)

    @_read
    def queue_paused(self) -> bool:
        """Say whether a person paused or stopped the whole queue."""
        return listing.queue_paused(self._db)

    def close(self) -> None:
        """Release the file; a second time does nothing."""
        self._db.close()


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from one that takes its place; None without one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
