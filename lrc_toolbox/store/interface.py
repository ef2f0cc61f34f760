"""What the service and its clients ask of a store.

`store.sqlite_file` keeps a queue in a file, `store.in_memory` in this process; one test
suite runs against both. A store decides nothing: it checks no states.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lrc_toolbox.jobs.capacity import Blocked
from lrc_toolbox.jobs.commands import Command
from lrc_toolbox.jobs.events import Event
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskRecord,
)
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.usage import Usage

#: Of the events at least so many are kept, the newest; also those of removed jobs.
EVENTS_KEPT = 20_000


@dataclass(slots=True)
class Changes:
    """What one decision changes: written whole or not at all.

    Attributes:
        jobs, tasks, frames, attempts: rows to insert or replace, by their keys.
        new_tasks: rows to insert, many at once; their jobs are in `jobs`.
        reset_frames: rows to delete, so that these frames wait as if never begun.
        events: to append; the store numbers them.
        removed_jobs: job numbers whose rows all go, after everything else was written.
        inbox_done: the inbox is emptied up to and including this number.
        queue_paused: whether the whole queue is paused, None for no change.
        usage: what layers were seen to need; inserted or replaced by key.
        blocked: the jobs that would come next and what they lack, None for no change.
    """

    jobs: list[JobRecord] = field(default_factory=list)
    new_tasks: list[TaskRecord] = field(default_factory=list)
    tasks: list[TaskRecord] = field(default_factory=list)
    frames: list[FrameRecord] = field(default_factory=list)
    attempts: list[AttemptRecord] = field(default_factory=list)
    reset_frames: list[tuple[TaskId, FrameRange]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    removed_jobs: list[int] = field(default_factory=list)
    inbox_done: int | None = None
    queue_paused: bool | None = None
    usage: list[Usage] = field(default_factory=list)
    blocked: tuple[Blocked, ...] | None = None

    def __bool__(self) -> bool:
        return bool(
            self.jobs
            or self.new_tasks
            or self.tasks
            or self.frames
            or self.attempts
            or self.reset_frames
            or self.events
            or self.removed_jobs
            or self.inbox_done is not None
            or self.queue_paused is not None
            or self.usage
            or self.blocked is not None
        )


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What a starting service must know: everything that has not ended.

    Attributes:
        jobs: jobs waiting or running, oldest first.
        tasks: their tasks that are waiting or running, in order.
        settled: for each of these tasks, the frames that are done, failed or cancelled.
        frames: their frames in any other state that have a row.
        attempts: attempts that have not ended, in any job.
        next_attempt: the smallest attempt number never used.
    """

    jobs: list[JobRecord]
    tasks: list[TaskRecord]
    settled: dict[TaskId, FrameRange]
    frames: list[FrameRecord]
    attempts: list[AttemptRecord]
    next_attempt: int
    queue_paused: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are: jobs by state, and frames over all tasks."""

    jobs: dict[JobState, int]
    tasks: int
    frames: int
    frames_done: int
    frames_failed: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A job's frames added up over its tasks.

    Attributes:
        shown_frames: sum of `shown_percent` / 100 times the frames of each task, so
            that `shown_frames / frames` is the job's progress.
    """

    tasks: int
    frames: int
    done: int
    failed: int
    shown_frames: float


@dataclass(frozen=True, slots=True)
class WorkLeft:
    """Those tasks of a job that have the same frame time.

    Attributes:
        frame_seconds: it, None for the tasks that have none yet.
        tasks: how many they are.
        frames: their frames that are not accounted for; none in tasks that ended.
    """

    frame_seconds: float | None
    tasks: int
    frames: int


class Store(Protocol):
    """A queue's rows. One writer (the service), any number of readers."""

    # -- the service's side ------------------------------------------------------
    def save(self, changes: Changes) -> None:
        """Write all of it in one transaction."""

    def load_open_work(self) -> OpenWork:
        """Read everything that has not ended."""

    def load_tasks(self, job: int) -> tuple[list[TaskRecord], dict[TaskId, FrameRange]]:
        """Read an ended job's tasks, and of each the frames that are proved."""

    def inbox(self, limit: int = 1000) -> list[tuple[int, float, Command]]:
        """Read waiting commands, oldest first: number, time of asking, command."""

    def usage(self, scene: str) -> list[Usage]:
        """Read what is known of a scene's layers, by key."""

    def checkpoint(self) -> None:
        """Keep what is written small; called by the service now and then."""

    # -- the clients' side -------------------------------------------------------
    def append(self, commands: Sequence[Command], at: float) -> list[int]:
        """Add commands to the inbox in one transaction; return their numbers."""

    def version(self) -> int:
        """A number that differs after anybody wrote; cheap enough to ask often."""

    def jobs(
        self,
        states: Collection[JobState] | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        after: int | None = None,
    ) -> list[JobRecord]:
        """Read jobs in order of their numbers, those still in the inbox included.

        Args:
            states: only jobs in these; None for any.
            limit: at most so many; None for all.
            newest_first: the greatest number first.
            after: only jobs beyond this number in the order asked for (paging).
        """

    def job(self, job: int) -> JobRecord | None:
        """Read one job, also one that still waits in the inbox."""

    def tasks(self, job: int) -> list[TaskRecord]:
        """Read a job's tasks in order, also of a job that still waits in the inbox."""

    def task(self, task: TaskId) -> TaskRecord | None:
        """Read one task of a job that the service has taken."""

    def open_totals(self) -> Totals:
        """Add up the frames of all jobs that have not ended."""

    def work_left(self, job: int) -> list[WorkLeft]:
        """Add up a job's frames by the frame time of their task; reads no plan."""

    def totals(self, jobs: Collection[int] | None = None) -> dict[int, Totals]:
        """Add up the frames of the given jobs, or of all; reads no plan."""

    def frames(self, task: TaskId) -> list[FrameRecord]:
        """Read a task's frames that have a row, ascending."""

    def attempts(
        self, job: int | None = None, *, live: bool = False
    ) -> list[AttemptRecord]:
        """Read attempts, oldest first; `live` leaves out those that have ended."""

    def events(
        self, after: int = 0, job: int | None = None, limit: int = 1000
    ) -> list[Event]:
        """Read events with a greater number, oldest first."""

    def last_event(self) -> int:
        """The number of the newest event; 0 where there is none."""

    def counts(self) -> Counts:
        """Count jobs by state and frames over all."""

    def blocked(self) -> tuple[Blocked, ...]:
        """Read which jobs would come next and what they lack."""

    def queue_paused(self) -> bool:
        """Say whether a person paused or stopped the whole queue."""

    def close(self) -> None:
        """Release the file."""
