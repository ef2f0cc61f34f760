"""Why a job waits: one sentence with what a person can do about it."""

from __future__ import annotations

from collections.abc import Mapping

from lrc_toolbox.jobs.records import JobRecord
from lrc_toolbox.jobs.states import JobState


def why_waiting(
    job: JobRecord,
    *,
    queue_paused: bool,
    needs: Mapping[int, JobState | None],
    running: int,
    slots: int,
) -> str:
    """Say why a job that has not ended has no process.

    Args:
        needs: the jobs it depends on, with their states; None for one that is gone.
        running: processes at work in the queue.
        slots: how many there may be.
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
    if running >= slots:
        return (
            f"All {slots} places are taken: it starts when one is free; "
            "a higher priority brings it forward."
        )
    return job.reason or "It is about to start."


def _why_needed(number: int, state: JobState | None) -> str:
    if state is None:
        return f"It waits for job {number}, which was removed: cancel this one."
    if state in (JobState.FAILED, JobState.CANCELLED):
        how = "failed" if state is JobState.FAILED else "was cancelled"
        return f"It waits for job {number}, which {how}: retry that, or cancel this."
    return f"It waits for job {number}, which is {state.value}."
