"""A queue in this process's memory: the twin of `store.sqlite_file`.

For trying decisions without a file. It keeps copies, so that a record changed later by
its owner does not change what was saved, as with a file.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice

from lrc_toolbox.jobs.capacity import Blocked
from lrc_toolbox.jobs.commands import Command, Submit
from lrc_toolbox.jobs.events import Event
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskRecord,
)
from lrc_toolbox.jobs.states import ATTEMPT, JOB, TASK, FrameState, JobState, TaskState
from lrc_toolbox.jobs.usage import Usage
from lrc_toolbox.store.errors import StoreError
from lrc_toolbox.store.interface import (
    EVENTS_KEPT,
    Changes,
    Counts,
    OpenWork,
    Totals,
    WorkLeft,
)
from lrc_toolbox.store.paging import Page
from lrc_toolbox.store.waiting import waiting_job, waiting_tasks

_WHERE = "the queue in memory"
_OPEN_JOBS = (JobState.WAITING, JobState.RUNNING)
_OPEN_TASKS = (TaskState.WAITING, TaskState.RUNNING)
_SETTLED = (FrameState.DONE, FrameState.FAILED, FrameState.CANCELLED)


class MemoryStore:
    """A queue that is gone with its process; see `store.interface.Store`."""

    def __init__(self) -> None:
        self._jobs: dict[int, JobRecord] = {}
        self._tasks: dict[int, dict[int, TaskRecord]] = {}
        self._frames: dict[TaskId, dict[int, FrameRecord]] = {}
        self._attempts: dict[int, AttemptRecord] = {}
        self._events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self._inbox: dict[int, tuple[float, Command]] = {}
        self._numbers = 0
        self._attempts_used = 0
        self._paused = False
        self._usage: dict[str, Usage] = {}
        self._blocked: tuple[Blocked, ...] = ()
        self._written = 0

    def save(self, changes: Changes) -> None:
        """Write all of it, or raise before anything is written.

        Raises:
            StoreError: a task's job or a frame's or attempt's task is not there, or a
                new task is.
        """
        self._require_whole(changes)
        for task, frames in changes.reset_frames:
            rows = self._frames.get(task, {})
            for frame in rows.keys() & set(frames):
                del rows[frame]
        for job in changes.jobs:
            self._jobs[job.id] = replace(job)
            self._tasks.setdefault(job.id, {})
        for record in (*changes.new_tasks, *changes.tasks):
            self._tasks[record.id.job][record.id.ordinal] = replace(record)
            self._frames.setdefault(record.id, {})
        self._put_running(changes)
        for number in changes.removed_jobs:
            self._remove(number)
        if changes.inbox_done is not None:
            for number in [n for n in self._inbox if n <= changes.inbox_done]:
                del self._inbox[number]
        if changes.queue_paused is not None:
            self._paused = changes.queue_paused
        self._usage.update((usage.key, usage) for usage in changes.usage)
        if changes.blocked is not None:
            self._blocked = changes.blocked
        self._written += 1

    def load_open_work(self) -> OpenWork:
        """Read everything that has not ended."""
        jobs = [job for _, job in sorted(self._jobs.items()) if job.state in _OPEN_JOBS]
        tasks = [
            task
            for job in jobs
            for task in self._tasks_in_order(job.id)
            if task.state in _OPEN_TASKS
        ]
        frames = [frame for task in tasks for frame in self.frames(task.id)]
        return OpenWork(
            [replace(job) for job in jobs],
            tasks,
            {task.id: self._in_states(task.id, _SETTLED) for task in tasks},
            [frame for frame in frames if frame.state not in _SETTLED],
            self.attempts(live=True),
            self._attempts_used + 1,
            self._paused,
        )

    def load_tasks(self, job: int) -> tuple[list[TaskRecord], dict[TaskId, FrameRange]]:
        """Read a job's tasks, and of each the frames that are proved."""
        tasks = self._tasks_in_order(job)
        proved = frozenset({FrameState.DONE})
        return tasks, {task.id: self._in_states(task.id, proved) for task in tasks}

    def inbox(self, limit: int = 1000) -> list[tuple[int, float, Command]]:
        """Read waiting commands, oldest first: number, time of asking, command."""
        return [(number, *row) for number, row in islice(self._inbox.items(), limit)]

    def checkpoint(self) -> None:
        """Do nothing: there is no file to keep small."""

    def append(self, commands: Sequence[Command], at: float) -> list[int]:
        """Add commands to the inbox; return their numbers."""
        first = self._numbers + 1
        self._numbers += len(commands)
        self._inbox |= {n: (at, command) for n, command in enumerate(commands, first)}
        self._written += 1
        return list(range(first, self._numbers + 1))

    def version(self) -> int:
        """A number that differs after anybody wrote."""
        return self._written

    def jobs(
        self,
        states: Collection[JobState] | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        after: int | None = None,
    ) -> list[JobRecord]:
        """Read jobs in order of their numbers; see `store.interface.Store.jobs`."""
        page = Page(newest_first, after, limit)
        numbers = self._jobs.keys() | self._waiting().keys()
        found = [self._record(n) for n in sorted(numbers, reverse=newest_first)]
        return [
            job
            for job in found
            if page.has(job.id) and (states is None or job.state in states)
        ][:limit]

    def job(self, job: int) -> JobRecord | None:
        """Read one job, also one that still waits in the inbox."""
        known = job in self._jobs or job in self._waiting()
        return self._record(job) if known else None

    def tasks(self, job: int) -> list[TaskRecord]:
        """Read a job's tasks in order, also of a job that still waits in the inbox."""
        if job in self._jobs:
            return self._tasks_in_order(job)
        waiting = self._waiting().get(job)
        return [] if waiting is None else waiting_tasks(job, waiting[1].plans)

    def task(self, task: TaskId) -> TaskRecord | None:
        """Read one task of a job that the service has taken."""
        known = self._tasks.get(task.job, {}).get(task.ordinal)
        return None if known is None else replace(known)

    def open_totals(self) -> Totals:
        """Add up the frames of all jobs that have not ended."""
        known = [*self._jobs.values(), *self.jobs(states=[JobState.WAITING])]
        numbers = {job.id for job in known if not JOB.ended(job.state)}
        return _add_up([task for job in numbers for task in self.tasks(job)])

    def work_left(self, job: int) -> list[WorkLeft]:
        """Add up a job's frames by the frame time of their task."""
        groups: dict[float | None, list[TaskRecord]] = {}
        for task in self.tasks(job):
            groups.setdefault(task.frame_seconds, []).append(task)
        return [
            WorkLeft(seconds, len(tasks), sum(map(_frames_left, tasks)))
            for seconds, tasks in groups.items()
        ]

    def totals(self, jobs: Collection[int] | None = None) -> dict[int, Totals]:
        """Add up the frames of the given jobs, or of all."""
        known = self._jobs.keys() | self._waiting().keys()
        asked = known if jobs is None else known & set(jobs)
        return {job: _add_up(self.tasks(job)) for job in asked}

    def frames(self, task: TaskId) -> list[FrameRecord]:
        """Read a task's frames that have a row, ascending."""
        return [replace(row) for _, row in sorted(self._frames.get(task, {}).items())]

    def attempts(
        self, job: int | None = None, *, live: bool = False
    ) -> list[AttemptRecord]:
        """Read attempts, oldest first; `live` leaves out those that have ended."""
        return [
            replace(attempt)
            for _, attempt in sorted(self._attempts.items())
            if job in (None, attempt.task.job)
            and not (live and ATTEMPT.ended(attempt.state))
        ]

    def events(
        self, after: int = 0, job: int | None = None, limit: int = 1000
    ) -> list[Event]:
        """Read events with a greater number, oldest first."""
        found = (
            event
            for event in self._events
            if event.seq > after and job in (None, event.job)
        )
        return list(islice(found, limit))

    def last_event(self) -> int:
        """The number of the newest event; 0 where there is none."""
        return self._events[-1].seq if self._events else 0

    def counts(self) -> Counts:
        """Count jobs by state and frames over all."""
        states = Counter(job.state for job in self.jobs())
        totals = self.totals().values()
        return Counts(
            {state: states[state] for state in JobState},
            tasks=sum(total.tasks for total in totals),
            frames=sum(total.frames for total in totals),
            frames_done=sum(total.done for total in totals),
            frames_failed=sum(total.failed for total in totals),
        )

    def usage(self, scene: str) -> list[Usage]:
        """Read what is known of a scene's layers, by key."""
        known = sorted(self._usage.items())
        return [usage for key, usage in known if key.startswith(f"{scene}|")]

    def blocked(self) -> tuple[Blocked, ...]:
        """Read which jobs would come next and what they lack."""
        return self._blocked

    def queue_paused(self) -> bool:
        """Say whether a person paused or stopped the whole queue."""
        return self._paused

    def close(self) -> None:
        """Do nothing: there is no file to release."""

    def _require_whole(self, changes: Changes) -> None:
        """Refuse what a queue file's foreign and primary keys refuse."""
        jobs = self._jobs.keys() | {job.id for job in changes.jobs}
        known = self._frames.keys()
        new = {task.id for task in changes.new_tasks}
        if new & known or len(new) < len(changes.new_tasks):
            raise StoreError(_WHERE, "a new task is already there.")
        added = new | {task.id for task in changes.tasks}
        if not jobs >= {task.job for task in added}:
            raise StoreError(_WHERE, "a task's job is not there.")
        worked_on = {frame.task for frame in changes.frames}
        worked_on |= {attempt.task for attempt in changes.attempts}
        if not known | added >= worked_on:
            raise StoreError(_WHERE, "a frame's or attempt's task is not there.")

    def _put_running(self, changes: Changes) -> None:
        for frame in changes.frames:
            self._frames[frame.task][frame.frame] = replace(frame)
        for attempt in changes.attempts:
            self._attempts[attempt.id] = replace(attempt)
            self._attempts_used = max(self._attempts_used, attempt.id)
        for seq, event in enumerate(changes.events, start=self.last_event() + 1):
            self._events.append(replace(event, seq=seq))

    def _remove(self, number: int) -> None:
        self._jobs.pop(number, None)
        for ordinal in self._tasks.pop(number, {}):
            del self._frames[TaskId(number, ordinal)]
        for attempt in self.attempts(number):
            del self._attempts[attempt.id]

    def _waiting(self) -> dict[int, tuple[float, Submit]]:
        """Return the submissions in the inbox whose job has no row yet."""
        return {
            number: (at, command)
            for number, (at, command) in self._inbox.items()
            if isinstance(command, Submit) and number not in self._jobs
        }

    def _record(self, number: int) -> JobRecord:
        if number in self._jobs:
            return replace(self._jobs[number])
        at, command = self._waiting()[number]
        return waiting_job(number, at, command.submission, len(command.plans))

    def _tasks_in_order(self, job: int) -> list[TaskRecord]:
        return [replace(task) for _, task in sorted(self._tasks.get(job, {}).items())]

    def _in_states(self, task: TaskId, states: Collection[FrameState]) -> FrameRange:
        rows = self._frames[task].values()
        return FrameRange.of(row.frame for row in rows if row.state in states)


def _add_up(tasks: Collection[TaskRecord]) -> Totals:
    return Totals(
        tasks=len(tasks),
        frames=sum(task.total for task in tasks),
        done=sum(task.done for task in tasks),
        failed=sum(task.failed for task in tasks),
        shown_frames=sum(task.shown_percent / 100 * task.total for task in tasks),
    )


def _frames_left(task: TaskRecord) -> int:
    ended = TASK.ended(task.state)
    return 0 if ended else task.total - task.done - task.failed
