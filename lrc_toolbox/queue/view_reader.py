"""From the store's rows to the views that clients see.

Reads what a view needs and no more: of a job with 100,000 tasks the sums, not the
tasks. Any thread, one at a time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

from lrc_toolbox.jobs.capacity import Blocked
from lrc_toolbox.jobs.records import AttemptRecord, JobRecord, TaskId, TaskRecord
from lrc_toolbox.jobs.states import FrameState, JobState, TaskState
from lrc_toolbox.queue.answers import JobAnswer, Situation, answer
from lrc_toolbox.queue.views import JobView, QueueProgress, TaskView
from lrc_toolbox.queue.waiting_reasons import stepping_back, why_held, why_not_yet
from lrc_toolbox.running.home import Home
from lrc_toolbox.running.launching import service_status
from lrc_toolbox.running.policy_file import attempts_allowed
from lrc_toolbox.running.waking import read_address
from lrc_toolbox.scheduling.progress import (
    Progress,
    job_progress,
    job_work_s,
    task_progress,
)
from lrc_toolbox.store.interface import Store, Totals

OPEN = (JobState.WAITING, JobState.RUNNING)

_Live = Mapping[int, Sequence[AttemptRecord]]


class ViewReader:
    """Makes views of what a store holds.

    Args:
        home: says how many places the service has.
        store: the queue.
    """

    def __init__(self, home: Home, store: Store) -> None:
        self._home = home
        self._store = store

    def job_views(self, records: Sequence[JobRecord]) -> list[JobView]:
        """View jobs, each with its progress and why it waits."""
        now, slots = time.time(), self._slots()
        totals = self._store.totals([record.id for record in records])
        live = self._live() if any(record.state in OPEN for record in records) else {}
        views = []
        for record in records:
            attempts = live.get(record.id, ())
            progress = job_progress(
                record,
                totals.get(record.id, Totals(0, 0, 0, 0, 0.0)),
                self._work_s(record, attempts),
                len(attempts) or slots,
                now,
            )
            views.append(JobView(record, progress, self._reason(record)))
        return views

    def task_views(self, job: int) -> list[TaskView]:
        """View a job's tasks in order."""
        now = time.time()
        tasks = self._store.tasks(job)
        live = self._store.attempts(job, live=True)
        return [_task_view(task, live, now) for task in tasks]

    def answer(self, record: JobRecord) -> JobAnswer:
        """Say why a job stands where it stands, and each of its tasks."""
        live = self._store.attempts(record.id, live=True)
        tasks = self._store.tasks(record.id)
        blocked = self._store.blocked()
        held = self._held(record)
        lack = (
            "" if held else self._no_service(record) or self._not_yet(record, blocked)
        )
        situation = Situation(
            job=record,
            progress=self.job_views([record])[0].progress,
            held=held,
            lack=lack,
            blocked=blocked,
            live=live,
            proving=frozenset(self._proving(tasks, live)),
            stepping_back=stepping_back(self._store),
        )
        return answer(situation, tasks)

    def _no_service(self, record: JobRecord) -> str:
        if service_status(self._home).running:
            return ""
        return (
            "No service runs, so nothing starts: `lrc watch "
            f"{record.id}`, an open panel and every new job start one."
        )

    def _proving(
        self, tasks: Sequence[TaskRecord], live: Sequence[AttemptRecord]
    ) -> Iterator[TaskId]:
        """Find the tasks of which nothing but pictures being read is at work."""
        at_work = {attempt.task for attempt in live}
        for task in tasks:
            if task.state is TaskState.RUNNING and task.id not in at_work:
                frames = self._store.frames(task.id)
                if any(frame.state is FrameState.PROVING for frame in frames):
                    yield task.id

    def queue_progress(self) -> QueueProgress:
        """View the queue as a whole: the frames of its open jobs together."""
        now = time.time()
        jobs = self._store.counts().jobs
        waiting = jobs.get(JobState.WAITING, 0)
        records = self._store.jobs(states=[JobState.RUNNING])
        return QueueProgress(
            waiting=waiting,
            running=jobs.get(JobState.RUNNING, 0),
            completed=jobs.get(JobState.DONE, 0),
            failed=jobs.get(JobState.FAILED, 0),
            cancelled=jobs.get(JobState.CANCELLED, 0),
            paused=self._store.queue_paused(),
            progress=_together(
                self._store.open_totals(),
                [record.started_at for record in records if record.started_at],
                # Of jobs that have not begun nothing is known, so nothing of the whole.
                self._queue_eta_s(records) if not waiting else None,
                now,
            ),
        )

    def _queue_eta_s(self, running: Sequence[JobRecord]) -> float | None:
        live = self._live()
        work = [self._work_s(record, live.get(record.id, ())) for record in running]
        known = [seconds for seconds in work if seconds is not None]
        workers = sum(map(len, live.values())) or self._slots()
        whole = known and len(known) == len(work)
        return sum(known) / workers if whole else None

    def _slots(self) -> int:
        known = read_address(self._home)
        if known is None:
            return 1
        return attempts_allowed(self._home.policy_file, known.slots)

    def _live(self) -> dict[int, list[AttemptRecord]]:
        """List the attempts that have not ended, by job."""
        live: dict[int, list[AttemptRecord]] = {}
        for attempt in self._store.attempts(live=True):
            live.setdefault(attempt.task.job, []).append(attempt)
        return live

    def _work_s(
        self, record: JobRecord, attempts: Sequence[AttemptRecord]
    ) -> float | None:
        if record.state not in OPEN or record.started_at is None:
            return None
        return job_work_s(self._store.work_left(record.id), attempts)

    def _reason(self, record: JobRecord) -> str:
        if record.state is not JobState.WAITING and not record.cancelling:
            return record.reason
        blocked = self._store.blocked()
        return self._held(record) or self._not_yet(record, blocked)

    def _held(self, record: JobRecord) -> str:
        needs = self._states(record.submission.depends_on)
        paused = self._store.queue_paused()
        return why_held(record, queue_paused=paused, needs=needs)

    def _not_yet(self, record: JobRecord, blocked: Sequence[Blocked]) -> str:
        frames = self._states(record.submission.frames_after)
        return why_not_yet(record, blocked, frames)

    def _states(self, numbers: Sequence[int]) -> dict[int, JobState | None]:
        found: dict[int, JobState | None] = {}
        for number in numbers:
            job = self._store.job(number)
            found[number] = None if job is None else job.state
        return found


def _task_view(task: TaskRecord, live: Sequence[AttemptRecord], now: float) -> TaskView:
    mine = tuple(attempt for attempt in live if attempt.task == task.id)
    return TaskView(task, task_progress(task, mine, now), mine)


def _together(
    totals: Totals, starts: Sequence[float], eta: float | None, now: float
) -> Progress:
    frames = totals.frames
    return Progress(
        percent=100 * totals.shown_frames / frames if frames else 100.0,
        frames=frames,
        done=totals.done,
        failed=totals.failed,
        elapsed_s=now - min(starts) if starts else None,
        eta_s=eta,
        eta_at=now + eta if eta is not None else None,
    )
