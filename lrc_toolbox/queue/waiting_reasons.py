"""Why a job waits: one sentence with what a person can do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lrc_toolbox.jobs.capacity import Blocked
from lrc_toolbox.jobs.records import JobRecord
from lrc_toolbox.jobs.states import JobState


def why_waiting(
    job: JobRecord,
    *,
    queue_paused: bool,
    needs: Mapping[int, JobState | None],
    blocked: Sequence[Blocked],
) -> str:
    """Say why a job that has not ended has no process.

    Args:
        needs: the jobs it depends on, with their states; None for one that is gone.
        blocked: the jobs that would come next and what the scheduler says they lack.
    """
    if job.cancelling:
        return "It is being cancelled: its processes are ending."
    if job.paused:
        return "It is paused: resume it to go on."
    for number, state in needs.items():
        if state is not JobState.DONE:
            return _why_needed(number, state)
    if queue_paused:
        return "The whole queue is paused: resume the queue to go on."
    for one in blocked:
        if one.job == job.id:
            return one.lack.why
    if blocked:
        first = blocked[-1]
        return f"Job {first.job} comes first. {first.lack.why}"
    return job.reason or "It is about to start."


def _why_needed(number: int, state: JobState | None) -> str:
    if state is None:
        return f"It waits for job {number}, which was removed: cancel this one."
    if state in (JobState.FAILED, JobState.CANCELLED):
        how = "failed" if state is JobState.FAILED else "was cancelled"
        return f"It waits for job {number}, which {how}: retry that, or cancel this."
    return f"It waits for job {number}, which is {state.value}."
