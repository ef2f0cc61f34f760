"""Looking at a queue: its jobs, their tasks and frames, the computer, the policy.

A client of the queue file that only reads; nothing is asked of the service. It may be
used from several threads; no call waits for a render.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from pathlib import Path

from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.records import AttemptRecord, FrameRecord, JobRecord, TaskId
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.queue.answers import JobAnswer
from lrc_toolbox.queue.errors import UnknownJobError
from lrc_toolbox.queue.machine_view import MachineView
from lrc_toolbox.queue.view_reader import ViewReader
from lrc_toolbox.queue.views import JobView, QueueProgress, TaskView
from lrc_toolbox.running.home import Home
from lrc_toolbox.store.interface import Counts
from lrc_toolbox.store.sqlite_file import SqliteStore


class QueueReading:
    """What a queue tells; see `RenderQueue`.

    Args:
        home: the state folder; by default `LRC_HOME`, else the user's data folder.
    """

    def __init__(self, home: Path | str | None = None) -> None:
        self.home = Home.of(home)
        self.home.create()
        self._store = SqliteStore(self.home.queue_file)
        self._reader = ViewReader(self.home, self._store)
        self._lock = threading.RLock()

    def jobs(
        self,
        states: Collection[JobState] | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        after: int | None = None,
    ) -> list[JobView]:
        """List jobs in the order of their numbers.

        Args:
            states: only those in one of these states.
            limit: so many at most.
            newest_first: the other way round.
            after: only jobs beyond this number, in the order asked for.
        """
        with self._lock:
            records = self._store.jobs(states, limit, newest_first, after)
            return self._reader.job_views(records)

    def job(self, job: int) -> JobView:
        """Look at one job.

        Raises:
            UnknownJobError: there is none with this number.
        """
        with self._lock:
            return self._reader.job_views([self._record(job)])[0]

    def why(self, job: int) -> JobAnswer:
        """Say why a job stands where it stands, and each of its tasks.

        Raises:
            UnknownJobError: there is no such job.
        """
        with self._lock:
            return self._reader.answer(self._record(job))

    def completed_jobs(self) -> list[JobView]:
        """List the jobs whose every frame is proved."""
        return self.jobs(states=[JobState.DONE])

    def failed_jobs(self) -> list[JobView]:
        """List the jobs in which frames were given up."""
        return self.jobs(states=[JobState.FAILED])

    def tasks(self, job: int) -> list[TaskView]:
        """List a job's tasks in order.

        Raises:
            UnknownJobError: there is no such job.
        """
        with self._lock:
            self._record(job)
            return self._reader.task_views(job)

    def frames(self, task: TaskId) -> list[FrameRecord]:
        """List the frames of a task that have left `waiting` at least once."""
        with self._lock:
            return self._store.frames(task)

    def attempts(self, job: int) -> list[AttemptRecord]:
        """List a job's attempts, oldest first."""
        with self._lock:
            return self._store.attempts(job)

    def counts(self) -> Counts:
        """Count jobs by state, tasks and frames."""
        with self._lock:
            return self._store.counts()

    def progress(self) -> QueueProgress:
        """Look at the queue as a whole."""
        with self._lock:
            return self._reader.queue_progress()

    def machine(self) -> MachineView:
        """Look at this computer: who holds what of it, what is kept back and why.

        Takes a second or so: loads are measured over half a second, and the GPUs'
        driver is asked anew.
        """
        # Not at the top: only who asks this needs what it imports.
        from lrc_toolbox.queue.machine_reading import look_at_machine, work_at_hand

        with self._lock:
            work = work_at_hand(self._store)
        return look_at_machine(self.home, work)

    def policy(self) -> Policy:
        """Read what is kept back for the artist, as its file says.

        Raises:
            PolicyError: the file cannot be read, or a setting in it is wrong.
        """
        return Policy.load(self.home.policy_file)

    def version(self) -> int:
        """Give a number that differs after anything was written; cheap."""
        with self._lock:
            return self._store.version()

    def last_event(self) -> int:
        """Give the number of the newest event, to `follow` what comes after it."""
        with self._lock:
            return self._store.last_event()

    def _record(self, job: int) -> JobRecord:
        record = self._store.job(job)
        if record is None:
            raise UnknownJobError(job)
        return record
