"""`RenderQueue`: submitting, watching and steering renders.

A client of the queue file: it reads rows, appends commands to the inbox and makes sure
that a service runs. It may be used from several threads; no call waits for a render
except those that say so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from lrc_toolbox.engines.registry import engine
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
from lrc_toolbox.jobs.events import JOB_ENDED, Event
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.known_layers import require_known_layers
from lrc_toolbox.jobs.policy import Policy, settings_in
from lrc_toolbox.jobs.records import (
    TaskId,
    TaskPlan,
)
from lrc_toolbox.jobs.states import JOB, JobState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.outputs.space import require_writable
from lrc_toolbox.queue.errors import (
    JobEndedError,
    NothingToRetryError,
    UnknownTaskError,
    WaitTimeoutError,
)
from lrc_toolbox.queue.following import FOLLOW_S, Subscription
from lrc_toolbox.queue.queue_reading import QueueReading
from lrc_toolbox.queue.view_reader import OPEN
from lrc_toolbox.queue.views import JobView, QueueProgress
from lrc_toolbox.running.launching import (
    ServiceStatus,
    ensure_service,
    service_status,
    wait_until_stopped,
)
from lrc_toolbox.running.waking import ring
from lrc_toolbox.store.sqlite_file import SqliteStore

#: How often, in seconds, those who wait look whether their service still runs; one that
#: was killed is started again.
MIND_S = 1.0

ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class RenderQueue(QueueReading):
    """The queue of a state folder.

    Args:
        home: the state folder; by default `LRC_HOME`, else the user's data folder.

    Raises:
        HomeError: the state folder cannot be made.
        StoreError: the queue file cannot be used, with the reason and the remedy.
    """

    def __init__(self, home: Path | str | None = None) -> None:
        super().__init__(home)
        self._subscriptions: list[Subscription] = []
        self._retries: dict[int, int] = {}

    def __enter__(self) -> RenderQueue:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop all subscriptions and let go of the file; renders go on."""
        for subscription in self._subscriptions:
            subscription.stop()
        with self._lock:
            self._store.close()

    # -- submitting --------------------------------------------------------------
    def submit(self, submission: Submission) -> int:
        """Add a job and return its number at once; a service renders it.

        Raises:
            SubmissionError: a layer, camera, frame range or file of it is wrong.
            OutputFolderError: the output folder cannot be written.
            UnknownJobError: it depends on a job that does not exist.
            ServiceStartError: no service could be started; the job is queued.
        """
        return self.submit_many([submission])[0]

    def submit_many(self, submissions: Sequence[Submission]) -> list[int]:
        """Add several jobs, all or none; return their numbers in order."""
        commands = [self._planned(submission) for submission in submissions]
        return self._append(commands)

    def plan(self, submission: Submission) -> tuple[TaskPlan, ...]:
        """Say which tasks a submission would have; nothing is queued.

        Raises:
            LrcError: what `submit` would raise.
        """
        return self._planned(submission).plans

    def _planned(self, submission: Submission) -> Submit:
        for number in (*submission.depends_on, *submission.frames_after):
            self._record(number)
        plans = engine(submission.engine).plan(submission)
        require_known_layers(submission, plans)
        require_writable(Path(submission.output_folder))
        return Submit(submission, plans)

    # -- the policy --------------------------------------------------------------
    def change_policy(self, **settings: object) -> Policy:
        """Change settings; a service that runs takes them at once.

        Args:
            settings: new values by their names; None for a setting as it comes.

        Returns:
            The policy that holds now.

        Raises:
            PolicyError: a setting is unknown or wrong, or so is another one in the
                file; nothing is changed.
        """
        path = self.home.policy_file
        known = {name: value for name, value in settings.items() if value is not None}
        # Alone first: an error in what is asked for is not the file's.
        Policy.read({**dict.fromkeys(settings.keys() - Policy.model_fields), **known})
        given = settings_in(path)
        if isinstance(given, dict):
            kept = {key: given[key] for key in given.keys() - settings.keys()}
            given = {**kept, **known}
        policy = Policy.read(given, str(path))
        policy.save(path)
        ring(self.home)
        return policy

    # -- waiting and following ---------------------------------------------------
    def wait(self, job: int, timeout: float | None = None) -> JobView:
        """Wait until a job has ended.

        Args:
            timeout: seconds to wait at most; None for as long as it takes.

        Raises:
            UnknownJobError: there is no such job, or it was removed meanwhile.
            WaitTimeoutError: it has not ended in time.
        """
        for pause_s in self._until_ended(job, timeout):
            time.sleep(pause_s)
        return self.job(job)

    async def finished(self, job: int, timeout: float | None = None) -> JobView:
        """Wait like `wait`, without blocking the event loop."""
        # Not at the top: it costs more than all the rest that a panel imports of this.
        import asyncio

        for pause_s in self._until_ended(job, timeout):
            await asyncio.sleep(pause_s)
        return self.job(job)

    def _until_ended(self, job: int, timeout: float | None) -> Iterator[float]:
        """Yield how long to pause until a job has ended or is not there."""
        end = _deadline(timeout)
        mind_at = time.monotonic() + MIND_S
        seen = None
        while True:
            now, version = time.monotonic(), self.version()
            if version != seen:
                seen = version
                with self._lock:
                    if self._has_ended(job):
                        return
            if now >= end:
                raise WaitTimeoutError(job, timeout or 0.0)
            if now >= mind_at:
                mind_at = now + MIND_S
                self.ensure_service()
            yield min(FOLLOW_S, max(0.0, end - now))

    def follow(
        self,
        job: int | None = None,
        after: int | None = None,
        timeout: float | None = None,
    ) -> Iterator[Event]:
        """Yield what happens, as it happens.

        Args:
            job: only this job's events, from its submission on, until it has ended;
                None for the whole queue from now on, for ever.
            after: only events with a greater number.
            timeout: seconds without an event after which it stops.

        Raises:
            UnknownJobError: there is no such job.
        """
        with self._lock:
            if job is not None:
                self._record(job)
            seen = after
            if seen is None:
                seen = self._store.last_event() if job is None else 0
        end = _deadline(timeout)
        mind_at = time.monotonic() + MIND_S
        while True:
            with self._lock:
                events = self._store.events(seen, job)
                over = job is not None and not events and self._has_ended(job)
            for event in events:
                seen = event.seq
                yield event
            if over or (not events and time.monotonic() >= end):
                return
            if events:
                end = _deadline(timeout)
                if job is not None and events[-1].kind in JOB_ENDED:
                    continue
            elif job is not None and time.monotonic() >= mind_at:
                mind_at = time.monotonic() + MIND_S
                self.ensure_service()
            time.sleep(FOLLOW_S)

    def on_job_progress(self, callback: Callable[[JobView], None]) -> Subscription:
        """Call back with every job that changed, from a thread of the subscription.

        The first calls come at once, one for each open job.
        """
        reader = SqliteStore(self.home.queue_file)
        seen: dict[int, JobView] = {}

        def look() -> None:
            views = {view.id: view for view in self.jobs(states=OPEN)}
            for number in set(seen) - set(views):
                with self._lock:
                    record = self._store.job(number)
                    if record is not None:
                        views.update(
                            (v.id, v) for v in self._reader.job_views([record])
                        )
            for number, view in views.items():
                if _told(seen.get(number)) != _told(view):
                    callback(view)
            seen.clear()
            seen.update((n, v) for n, v in views.items() if v.state in OPEN)

        return self._subscribe(reader, look)

    def on_queue_progress(
        self, callback: Callable[[QueueProgress], None]
    ) -> Subscription:
        """Call back with the whole queue's progress after changes, and once at once."""
        reader = SqliteStore(self.home.queue_file)
        return self._subscribe(reader, lambda: callback(self.progress()))

    def _subscribe(self, reader: SqliteStore, look: Callable[[], None]) -> Subscription:
        subscription = Subscription(reader.version, look)
        self._subscriptions.append(subscription)
        return subscription

    # -- steering ----------------------------------------------------------------
    def cancel(self, job: int) -> None:
        """End a job: its processes go, its remaining frames are given up."""
        self._append([Cancel(self._open(job))])

    def pause(self, job: int | None = None) -> None:
        """Start nothing new of a job, or of the whole queue; frames in hand finish."""
        self._append([Pause(job if job is None else self._open(job))])

    def resume(self, job: int | None = None) -> None:
        """Go on with a job, or with the whole queue."""
        self._append([Resume(job if job is None else self._open(job))])

    def stop(self) -> None:
        """End every process now; their frames wait until the queue is resumed."""
        self._append([StopQueue()])

    def remove(self, *jobs: int) -> None:
        """Forget jobs and their logs, cancelling those that run; pictures stay."""
        with self._lock:
            for job in jobs:
                self._record(job)
        if jobs:
            self._append([Remove(jobs)])

    def clear(self) -> int:
        """Forget all jobs that have ended; return how many."""
        with self._lock:
            ended = tuple(record.id for record in self._store.jobs(states=ENDED))
        if ended:
            self._append([Remove(ended)])
        return len(ended)

    def set_priority(self, job: int, priority: int) -> None:
        """Change how soon a job comes.

        Raises:
            ValueError: the priority is not from 0 to 100.
        """
        if not 0 <= priority <= 100:
            raise ValueError(f"priority is {priority}; it must be from 0 to 100")
        self._append([SetPriority(self._open(job), priority)])

    def retry(
        self,
        job: int,
        frames: FrameRange | str | None = None,
        task: TaskId | int | None = None,
    ) -> None:
        """Render frames of a job again.

        Args:
            frames: exactly these, also if they are proved; None for all that are not.
            task: only in this task.

        Raises:
            UnknownTaskError: the job has no such task.
            NothingToRetryError: no frames are named and all are proved.
            FrameRangeError: `frames` is no frame range.
        """
        with self._lock:
            record = self._record(job)
        if frames is None and record.state is JobState.DONE:
            raise NothingToRetryError(job)
        if isinstance(task, int):
            task = TaskId(job, task)
        if task is not None and not (
            task.job == job and 1 <= task.ordinal <= record.task_count
        ):
            raise UnknownTaskError(task, record.task_count)
        if isinstance(frames, str):
            frames = FrameRange.parse(frames)
        [self._retries[job]] = self._append([Retry(job, task, frames)])

    # -- the service -------------------------------------------------------------
    def service_status(self) -> ServiceStatus:
        """Say whether a service runs for this queue."""
        return service_status(self.home)

    def ensure_service(self) -> None:
        """Start a service where none runs; for clients that wait for one's work.

        Raises:
            ServiceStartError: none can be started.
        """
        if not self.service_status().running:
            ensure_service(self.home)

    def stop_service(self, timeout: float = 30.0) -> bool:
        """End the service; frames in hand wait for the next one.

        Returns:
            False where it still runs after `timeout` seconds.
        """
        status = self.service_status()
        if not status.running:
            return True
        with self._lock:
            self._store.append([StopService(status.pid)], time.time())
        # Rung, not ensured: one that is just leaving needs no successor to be told.
        ring(self.home)
        return wait_until_stopped(self.home, timeout)

    # -- inside ------------------------------------------------------------------
    def _append(self, commands: Sequence[Command]) -> list[int]:
        with self._lock:
            numbers = self._store.append(commands, time.time())
        ensure_service(self.home)
        return numbers

    def _open(self, job: int) -> int:
        with self._lock:
            record = self._record(job)
        if JOB.ended(record.state):
            raise JobEndedError(job, record.state)
        return job

    def _has_ended(self, job: int) -> bool:
        # Asked before the state is read: taken in between, the retry shows there.
        retried = self._retry_is_on_its_way(job)
        record = self._store.job(job)
        return record is None or (JOB.ended(record.state) and not retried)

    def _retry_is_on_its_way(self, job: int) -> bool:
        """Say whether a retry asked for here still lies in the inbox.

        Until the service takes it the job stands there as ended.
        """
        asked = self._retries.get(job)
        oldest = self._store.inbox(limit=1) if asked is not None else []
        return bool(oldest) and oldest[0][0] <= (asked or 0)


def _told(view: JobView | None) -> tuple[object, ...]:
    """What of a job is worth a call: not that time passed."""
    if view is None:
        return ()
    progress = view.progress
    counts = (progress.percent, progress.done, progress.failed)
    return (view.state, view.paused, view.priority, view.reason, *counts)


def _deadline(timeout: float | None) -> float:
    return float("inf") if timeout is None else time.monotonic() + timeout
