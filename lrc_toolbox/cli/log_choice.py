"""Which log a job's or a task's is: its attempts, and the part of a file each wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lrc_toolbox.cli.log_reading import LogPart
from lrc_toolbox.cli.references import read_reference
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.records import AttemptRecord, TaskId
from lrc_toolbox.jobs.states import ATTEMPT, AttemptState
from lrc_toolbox.jobs.wording import listed
from lrc_toolbox.queue import RenderQueue, UnknownTaskError


class NoLogError(LrcError):
    """There is no such log, or none yet.

    Attributes:
        reference: the job or task that was named.
    """

    def __init__(self, reference: str, message: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.reference = reference


@dataclass(frozen=True)
class Wanted:
    """What was asked for.

    Attributes:
        reference: a job or a task, `17` or `17.2`.
        attempt: one attempt's number; None for the one that tells most.
        lines: how many of the last lines.
        events: whether the worker's own messages are shown too.
    """

    reference: str
    attempt: int | None
    lines: int
    events: bool


@dataclass(frozen=True)
class Known:
    """The attempts of a job: those that were asked for, and all."""

    wanted: list[AttemptRecord]
    all: list[AttemptRecord]


def look(queue: RenderQueue, wanted: Wanted) -> Known:
    """Find the attempts that were asked for; there may be none yet.

    Raises:
        UnknownJobError: there is no such job.
        UnknownTaskError: the job has no such task.
        NoLogError: there is no such attempt.
    """
    number, ordinal = read_reference(wanted.reference)
    count = queue.job(number).record.task_count
    if ordinal is not None and not 1 <= ordinal <= count:
        raise UnknownTaskError(TaskId(number, ordinal), count)
    every = queue.attempts(number)
    mine = [one for one in every if ordinal in (None, one.task.ordinal)]
    if wanted.attempt is None:
        return Known(mine, every)
    chosen = [one for one in mine if one.id == wanted.attempt]
    if not chosen:
        raise NoLogError(
            wanted.reference,
            f"{wanted.reference} has no attempt {wanted.attempt}.",
            remedy=f"Its attempts are {listed([str(one.id) for one in mine[::-1]])}.",
        )
    return Known(chosen, every)


def nothing_started(queue: RenderQueue, wanted: Wanted) -> NoLogError:
    """Make the error for a job or task of which nothing was started."""
    number, _ = read_reference(wanted.reference)
    message = f"{wanted.reference} has no log: nothing of it was started."
    return NoLogError(wanted.reference, message, remedy=queue.job(number).reason)


def begun(attempts: Sequence[AttemptRecord]) -> Sequence[AttemptRecord]:
    """Choose whose last lines are shown before new ones: all that are at work."""
    live = [one for one in attempts if not ATTEMPT.ended(one.state)]
    return live or ([telling_most(attempts)] if attempts else [])


def telling_most(attempts: Sequence[AttemptRecord]) -> AttemptRecord:
    """Take what runs, else what failed, else what is newest."""
    live = [one for one in attempts if not ATTEMPT.ended(one.state)]
    failed = [one for one in attempts if one.state is AttemptState.FAILED]
    return (live or failed or attempts)[-1]


def log_part(attempt: AttemptRecord, others: Iterable[AttemptRecord]) -> LogPart:
    """Say which part of its process's log belongs to an attempt.

    Args:
        attempt: whose part.
        others: the job's attempts; the next one in the same log ends the part.
    """
    starts = [
        other.log_start
        for other in others
        if other.log_path == attempt.log_path and other.log_start > attempt.log_start
    ]
    return LogPart(Path(attempt.log_path), attempt.log_start, min(starts, default=None))
