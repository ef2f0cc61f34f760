"""`lrc log`: showing the end of a log, or logs as they grow."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document, print_line
from lrc_toolbox.cli.log_choice import (
    NoLogError,
    Wanted,
    begun,
    log_part,
    look,
    nothing_started,
    telling_most,
)
from lrc_toolbox.cli.log_reading import GrowingLog, LogPart, Tail, read_tail
from lrc_toolbox.cli.references import read_reference
from lrc_toolbox.jobs.records import AttemptRecord
from lrc_toolbox.jobs.states import ATTEMPT, JOB
from lrc_toolbox.queue import RenderQueue

# How often, in seconds, a growing log is looked at: as fast as lines can be read.
_LOOK_S = 0.2


def show_log(wanted: Wanted, as_json: bool) -> ExitCode:
    """Print the end of a log: of what runs, else of what failed, else of the newest.

    Raises:
        NoLogError: there is no such log.
    """
    with RenderQueue() as queue:
        known = look(queue, wanted)
        if not known.wanted:
            raise nothing_started(queue, wanted)
        attempt = telling_most(known.wanted)
        tail = _tail(log_part(attempt, known.all), wanted)
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
    """Print the logs of all that runs as they grow, until nothing can come any more.

    Raises:
        NoLogError: there is no such log and there will be none.
    """
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
    known = look(queue, wanted)
    logs: dict[int, GrowingLog] = {}
    through = {one.id for one in known.wanted if ATTEMPT.ended(one.state)}
    for attempt in begun(known.wanted):
        part = log_part(attempt, known.all)
        tail = _tail(part, wanted)
        yield from ((attempt, line) for line in tail.lines)
        logs[attempt.id] = GrowingLog(part, tail.position, events=wanted.events)
    number, _ = read_reference(wanted.reference)
    while True:
        # Asked before the logs are read: what is written until then is read for sure.
        over = JOB.ended(queue.job(number).state)
        known = look(queue, wanted)
        for attempt in known.wanted:
            if attempt.id not in through:
                log = _log_of(attempt, known.all, logs, wanted)
                yield from ((attempt, line) for line in _added(attempt, log))
                if ATTEMPT.ended(attempt.state):
                    through.add(attempt.id)
        if over and not known.wanted:
            raise nothing_started(queue, wanted)
        if over or wanted.attempt in through:
            return
        time.sleep(_LOOK_S)


def _log_of(
    attempt: AttemptRecord,
    every: Sequence[AttemptRecord],
    logs: dict[int, GrowingLog],
    wanted: Wanted,
) -> GrowingLog:
    part = log_part(attempt, every)
    if attempt.id not in logs:
        # A process that goes on to another task goes on with its log, of which some
        # may have been read already.
        read = [log.position for log in logs.values() if log.part.path == part.path]
        start = max([part.start, *read])
        logs[attempt.id] = GrowingLog(part, start, events=wanted.events)
    logs[attempt.id].part = part
    return logs[attempt.id]


def _added(attempt: AttemptRecord, log: GrowingLog) -> Iterator[str]:
    # A process about to be started has no log file yet.
    with contextlib.suppress(FileNotFoundError):
        yield from log.added()
    if ATTEMPT.ended(attempt.state):
        yield from log.rest()


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
