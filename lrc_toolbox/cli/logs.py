"""Which log `lrc log` shows, and showing it: its end at once, or as it grows."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document, print_line
from lrc_toolbox.cli.log_reading import GrowingLog, LogPart, Tail, read_tail
from lrc_toolbox.cli.references import read_reference
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.records import AttemptRecord
from lrc_toolbox.jobs.states import ATTEMPT, JOB, AttemptState
from lrc_toolbox.jobs.wording import listed
from lrc_toolbox.queue import RenderQueue

# How often, in seconds, a growing log is looked at: as fast as lines can be read.
_LOOK_S = 0.2


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


def show_log(wanted: Wanted, as_json: bool) -> ExitCode:
    """Print the end of a log."""
    with RenderQueue() as queue:
        attempts = _attempts(queue, wanted)
        attempt = _choose(attempts, wanted)
        tail = _tail(log_part(attempt, attempts), wanted)
    if as_json:
        print_document(
            {
                "attempt": attempt.id,
                "task": str(attempt.task),
                "state": attempt.state.value,
                "path": attempt.log_path,
                "bytes_left_out": tail.left_out,
                "lines": tail.lines,
            }
        )
    else:
        _print([f"--- {_title(attempt)}", *tail.lines])
    return ExitCode.DONE


def follow_log(wanted: Wanted, as_json: bool) -> ExitCode:
    """Print a log as it grows, and those of later attempts, until all has ended."""
    with RenderQueue() as queue:
        before = None
        for attempt, line in _growing_lines(queue, wanted):
            if as_json:
                print_line(_line_event(attempt, line))
                continue
            if attempt.id != before:
                _print([f"--- {_title(attempt)}"])
                before = attempt.id
            _print([line])
    return ExitCode.DONE


def _growing_lines(
    queue: RenderQueue, wanted: Wanted
) -> Iterator[tuple[AttemptRecord, str]]:
    attempts = _attempts(queue, wanted)
    attempt = _choose(attempts, wanted)
    tail = _tail(log_part(attempt, attempts), wanted)
    yield from ((attempt, line) for line in tail.lines)
    read_to = tail.position
    while True:
        log = GrowingLog(log_part(attempt, attempts), read_to, events=wanted.events)
        for line in _until_ended(queue, attempt, log):
            yield attempt, line
        later = _next_attempt(queue, attempt, wanted)
        if later is None:
            return
        # A process that goes on to another task goes on with its log, of which some
        # may have been read already.
        same = later.log_path == attempt.log_path
        read_to = max(later.log_start, log.position) if same else later.log_start
        attempt = later


def _until_ended(
    queue: RenderQueue, attempt: AttemptRecord, log: GrowingLog
) -> Iterator[str]:
    while True:
        # Asked before the log is read: what is written until then is read for sure.
        ended = _has_ended(queue, attempt)
        # A process about to be started has no log file yet.
        with contextlib.suppress(FileNotFoundError):
            yield from log.added()
        if ended:
            yield from log.rest()
            return
        time.sleep(_LOOK_S)


def _has_ended(queue: RenderQueue, attempt: AttemptRecord) -> bool:
    states = [
        one.state for one in queue.attempts(attempt.task.job) if one.id == attempt.id
    ]
    return not states or ATTEMPT.ended(states[0])


def _next_attempt(
    queue: RenderQueue, attempt: AttemptRecord, wanted: Wanted
) -> AttemptRecord | None:
    """Wait for a later attempt; None once there can be none."""
    while wanted.attempt is None:
        over = JOB.ended(queue.job(attempt.task.job).state)
        for later in _attempts(queue, wanted):
            if later.id > attempt.id:
                return later
        if over:
            return None
        time.sleep(_LOOK_S)
    return None


def _attempts(queue: RenderQueue, wanted: Wanted) -> list[AttemptRecord]:
    number, ordinal = read_reference(wanted.reference)
    job = queue.job(number)
    attempts = queue.attempts(number)
    if ordinal is not None:
        attempts = [one for one in attempts if one.task.ordinal == ordinal]
        tasks = [str(task.id) for task in queue.tasks(number)]
        if wanted.reference not in tasks:
            raise NoLogError(
                wanted.reference,
                f"Job {number} has no task {ordinal}.",
                remedy=f"Its tasks are {listed(tasks)}.",
            )
    if not attempts:
        message = f"{wanted.reference} has no log yet: nothing of it was started."
        raise NoLogError(wanted.reference, message, remedy=job.reason)
    return attempts


def _choose(attempts: Sequence[AttemptRecord], wanted: Wanted) -> AttemptRecord:
    """Take the attempt that was named, else what runs, what failed, what is newest."""
    if wanted.attempt is not None:
        for attempt in attempts:
            if attempt.id == wanted.attempt:
                return attempt
        known = [str(attempt.id) for attempt in reversed(attempts)]
        raise NoLogError(
            wanted.reference,
            f"{wanted.reference} has no attempt {wanted.attempt}.",
            remedy=f"Its attempts are {listed(known)}.",
        )
    live = [one for one in attempts if not ATTEMPT.ended(one.state)]
    failed = [one for one in attempts if one.state is AttemptState.FAILED]
    return (live or failed or list(attempts))[-1]


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


def _tail(part: LogPart, wanted: Wanted) -> Tail:
    try:
        return read_tail(part, wanted.lines, events=wanted.events)
    except FileNotFoundError:
        return Tail([], 0, part.start)
    except OSError as error:
        raise NoLogError(
            wanted.reference, f"{part.path} cannot be read: {error.strerror}."
        ) from error


def _title(attempt: AttemptRecord) -> str:
    state = attempt.state.value
    return f"attempt {attempt.id} of task {attempt.task}, {state}: {attempt.log_path}"


def _line_event(attempt: AttemptRecord, line: str) -> dict[str, Any]:
    return {
        "event": "log_line",
        "attempt": attempt.id,
        "task": str(attempt.task),
        "line": line,
    }


def _print(lines: Sequence[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()
