"""How far things are, and when they will be done: the arithmetic, and nothing else.

Percent: frames accounted for (proved or given up), plus what the frames in hand have
reached, over all frames; the highest value ever shown stays, so progress never goes
back. Frames asked for again start a new count.

ETA: the work left over the processes that share it. Work left of a task: its frames not
accounted for, less what those in hand have reached, times the median of its recent
frame times (`scheduling.pace`, warm-up left out). A task that has no frame time yet
takes the mean of its job's other tasks. What no frame time says anything about has no
ETA; none is made up.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lrc_toolbox.jobs.records import AttemptRecord, JobRecord, TaskRecord
from lrc_toolbox.jobs.states import TASK
from lrc_toolbox.store.interface import Totals, WorkLeft


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task, a job or the queue is.

    Attributes:
        percent: 0 to 100, never less than shown before.
        frames, done, failed: counts; done means proved.
        elapsed_s: seconds since it was started, or that it took; None before.
        eta_s: seconds until it is done; None where nothing is known, or nothing left.
        eta_at: that time on the clock, seconds since 1970 UTC.
    """

    percent: float
    frames: int
    done: int
    failed: int
    elapsed_s: float | None = None
    eta_s: float | None = None
    eta_at: float | None = None


def task_progress(
    task: TaskRecord, attempts: Collection[AttemptRecord], now: float
) -> Progress:
    """Work out one task's progress.

    Args:
        attempts: the task's attempts that have not ended.
    """
    left = None if TASK.ended(task.state) else task_work_s(task, attempts)
    eta = left / max(1, len(attempts)) if left else None
    return Progress(
        percent=task.shown_percent,
        frames=task.total,
        done=task.done,
        failed=task.failed,
        elapsed_s=_elapsed(task.started_at, task.ended_at, now),
        eta_s=eta,
        eta_at=now + eta if eta is not None else None,
    )


def task_work_s(task: TaskRecord, attempts: Collection[AttemptRecord]) -> float | None:
    """Estimate the seconds of rendering left in a task, for one process."""
    if task.frame_seconds is None:
        return None
    in_hand = sum(attempt.percent / 100 for attempt in attempts)
    left = task.total - task.done - task.failed - in_hand
    return max(0.0, left) * task.frame_seconds


def job_progress(
    job: JobRecord, totals: Totals, work_s: float | None, workers: int, now: float
) -> Progress:
    """Work out a job's progress.

    Args:
        totals: its frames added up.
        work_s: seconds of rendering left for one process, None where not known.
        workers: processes that share the work.
    """
    eta = work_s / max(1, workers) if work_s else None
    return Progress(
        percent=100 * totals.shown_frames / totals.frames if totals.frames else 0.0,
        frames=totals.frames,
        done=totals.done,
        failed=totals.failed,
        elapsed_s=_elapsed(job.started_at, job.ended_at, now),
        eta_s=eta,
        eta_at=now + eta if eta is not None else None,
    )


def job_work_s(
    work: Sequence[WorkLeft], attempts: Collection[AttemptRecord]
) -> float | None:
    """Estimate the seconds of rendering left in a job, for one process.

    Args:
        work: the job's frames by the frame time of their task.
        attempts: the job's attempts that have not ended.
    """
    known = [(left.frame_seconds, left.tasks) for left in work if left.frame_seconds]
    if not known:
        return None
    usual = sum(each * tasks for each, tasks in known) / sum(n for _, n in known)
    whole = sum(left.frames * (left.frame_seconds or usual) for left in work)
    in_hand = sum(attempt.percent / 100 for attempt in attempts)
    return max(0.0, whole - in_hand * usual)


def _elapsed(start: float | None, end: float | None, now: float) -> float | None:
    if start is None:
        return None
    return max(0.0, (end if end is not None else now) - start)
