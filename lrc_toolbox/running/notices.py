"""Which events of the queue are worth telling people, and what is told of them.

Reads the queue, decides nothing about it. Who is told is decided by the settings.
"""

from __future__ import annotations

from collections.abc import Mapping

from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.notifications import Occasion
from lrc_toolbox.jobs.records import JobRecord, TaskRecord
from lrc_toolbox.jobs.states import JOB, JobState, TaskState
from lrc_toolbox.jobs.wording import count
from lrc_toolbox.notifying.notice import Notice
from lrc_toolbox.store.interface import Store

_OCCASIONS: Mapping[EventKind, Occasion] = {
    EventKind.JOB_DONE: "done",
    EventKind.JOB_FAILED: "failed",
    EventKind.JOB_CANCELLED: "cancelled",
    EventKind.JOB_PAUSED: "stopped",
    EventKind.TASK_FAILED: "stopped",
    EventKind.QUEUE_STOPPED: "stopped",
    EventKind.SERVICE_STOPPED: "stopped",
}

# These happen every day without anybody minding; what they say makes them news.
_ONLY_WITH_TEXT = frozenset({EventKind.JOB_PAUSED, EventKind.SERVICE_STOPPED})


def is_notable(event: Event) -> bool:
    """Say whether an event may be worth telling; looks at nothing else."""
    if event.kind in _ONLY_WITH_TEXT:
        return bool(event.text)
    return event.kind in _OCCASIONS


def notice_of(event: Event, store: Store) -> Notice | None:
    """Make the notice of an event; None where there is nothing to tell.

    A job that was removed since is told to nobody. Of layers that fail the first is
    told, while the others of its job go on: what hits one mostly hits them all, and the
    job's end tells of the rest.
    """
    if not is_notable(event):
        return None
    occasion = _OCCASIONS[event.kind]
    number = event.task.job if event.task is not None else event.job
    if number is None:
        reason = event.text or _stopped(store)
        return Notice(event.seq, occasion, event.at, reason)
    job = store.job(number)
    if job is None:
        return None
    layer = ""
    if event.task is not None:
        first = None if JOB.ended(job.state) else _first_failed(job, store)
        if first is None or first.id != event.task:
            return None
        layer = first.plan.layer
    totals = store.totals([job.id])[job.id]
    return Notice(
        event.seq,
        occasion,
        event.at,
        reason=event.text,
        layer=layer,
        job=job,
        frames=totals.frames,
        failed=totals.failed,
    )


def _stopped(store: Store) -> str:
    jobs = store.counts().jobs
    left = jobs.get(JobState.WAITING, 0) + jobs.get(JobState.RUNNING, 0)
    return (
        f"The queue was stopped with {count(left, 'job')} left; `lrc resume` goes on."
    )


def _first_failed(job: JobRecord, store: Store) -> TaskRecord | None:
    tasks = store.tasks(job.id)
    failed = [task for task in tasks if task.state is TaskState.FAILED]
    return min(failed, key=lambda task: (task.ended_at or 0.0, task.id), default=None)
