"""Why a job waits: one sentence with what a person can do about it.

And for whose sake renders step back. From what the scheduler wrote; any thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lrc_toolbox.jobs.capacity import Blocked
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.records import PAUSED, JobRecord
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.store.interface import Store

#: How many of the newest events are searched for who last stepped back.
_EVENTS = 1000
#: A service that starts has nobody step back yet, whatever the one before it said.
_STEPS = (
    EventKind.RENDERS_STEPPED_BACK,
    EventKind.RENDERS_WENT_ON,
    EventKind.SERVICE_STARTED,
)


def why_held(
    job: JobRecord, *, queue_paused: bool, needs: Mapping[int, JobState | None]
) -> str:
    """Say by whom a job is held back, whatever the computer has; empty by nobody.

    Args:
        needs: the jobs it depends on, with their states; None for one that is gone.
    """
    if job.cancelling:
        return "It is being cancelled: its processes are ending."
    if job.paused:
        why = job.reason if job.reason.startswith(PAUSED) else ""
        return why or "It is paused: resume it to go on."
    for number, state in needs.items():
        if state is not JobState.DONE:
            return _why_needed(number, state)
    if queue_paused:
        return "The whole queue is paused: resume the queue to go on."
    return ""


def why_not_yet(
    job: JobRecord,
    blocked: Sequence[Blocked],
    frames: Mapping[int, JobState | None],
) -> str:
    """Say what a job lacks that nobody holds back.

    Args:
        blocked: the jobs that would come next and what the scheduler says they lack.
        frames: the jobs that its frames come after, with their states; None for one
            that is gone.
    """
    for one in blocked:
        if one.job == job.id:
            return one.lack.why
    if job.reason:
        return job.reason
    for number, state in frames.items():
        if state is not JobState.DONE:
            return _why_needed(number, state, "Its frames wait for those of")
    if blocked:
        first = blocked[-1]
        return f"Job {first.job} comes first. {first.lack.why}"
    return "It is about to start."


def stepping_back(store: Store) -> str:
    """Say for whose sake renders step back, as the service said last; empty if not."""
    newest = store.events(max(0, store.last_event() - _EVENTS), limit=_EVENTS)
    said = (event.text for event in reversed(newest) if event.kind in _STEPS)
    return next(said, "")


def _why_needed(
    number: int, state: JobState | None, waits: str = "It waits for"
) -> str:
    if state is None:
        return f"{waits} job {number}, which was removed: cancel this one."
    if state in (JobState.FAILED, JobState.CANCELLED):
        how = "failed" if state is JobState.FAILED else "was cancelled"
        return f"{waits} job {number}, which {how}: retry that, or cancel this."
    return f"{waits} job {number}, which is {state.value}."
