"""The commands that steer jobs. Each says what was asked; the service does it.

Every job named is looked up before anything is asked for, so that a mistyped number
changes nothing.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import typer

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.references import read_reference
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.states import JOB
from lrc_toolbox.jobs.wording import count, printable
from lrc_toolbox.queue import JobView, RenderQueue, UnknownJobError

# Longest wait for the service to take a command, in seconds; starting one takes about
# one. What it does not take in time it takes later.
_TAKEN_S = 5.0


def cancel(numbers: Sequence[int], as_json: bool) -> ExitCode:
    """Cancel jobs that have not ended."""
    with RenderQueue() as queue:
        jobs = [queue.job(number) for number in numbers]
        going = [job for job in jobs if not JOB.ended(job.state)]
        for job in going:
            queue.cancel(job.id)
        for job in going:
            _taken(
                queue, job.id, lambda now: now.record.cancelling or JOB.ended(now.state)
            )
    lines = [_cancelled(job) for job in jobs]
    return _report("cancel", lines, as_json, jobs=[job.id for job in going])


def _is_going(job: JobView) -> bool:
    return job.record.cancelling or JOB.ended(job.state)


def _cancelled(job: JobView) -> str:
    if JOB.ended(job.state):
        return f"{_called(job)} has ended already: {job.state.value}."
    return f"{_called(job)} is being cancelled; proved pictures stay."


def pause(numbers: Sequence[int], as_json: bool) -> ExitCode:
    """Pause jobs, or the whole queue where none is named."""
    with RenderQueue() as queue:
        jobs = [queue.job(number) for number in numbers]
        for target in _targets(numbers):
            queue.pause(target)
        for job in jobs:
            _taken(queue, job.id, lambda now: now.paused or JOB.ended(now.state))
    lines = [f"{_called(job)} is paused; frames in hand are finished." for job in jobs]
    whole = "The queue is paused; frames in hand are finished. `lrc resume` goes on."
    return _report("pause", lines or [whole], as_json, jobs=[job.id for job in jobs])


def resume(numbers: Sequence[int], as_json: bool) -> ExitCode:
    """Let jobs go on, or the whole queue where none is named."""
    with RenderQueue() as queue:
        jobs = [queue.job(number) for number in numbers]
        for target in _targets(numbers):
            queue.resume(target)
        for job in jobs:
            _taken(queue, job.id, lambda now: not now.paused)
    lines = [f"{_called(job)} goes on." for job in jobs]
    whole = "The queue goes on."
    return _report("resume", lines or [whole], as_json, jobs=[job.id for job in jobs])


def retry(
    reference: str, task: int | None, frames: str | None, as_json: bool
) -> ExitCode:
    """Render frames of a job or a task again."""
    number, ordinal = read_reference(reference)
    wanted = FrameRange.parse(frames) if frames is not None else None
    ordinal = ordinal if task is None else task
    with RenderQueue() as queue:
        job = queue.job(number)
        queue.retry(number, frames=wanted, task=ordinal)
        _taken(queue, number, lambda now: not JOB.ended(now.state))
    what = (
        "its frames that are not proved"
        if wanted is None
        else count(len(wanted), "frame")
    )
    line = f"{_called(job)} renders {what} again."
    return _report(
        "retry",
        [line],
        as_json,
        jobs=[number],
        task=ordinal,
        frames=None if wanted is None else str(wanted),
    )


def remove(numbers: Sequence[int], as_json: bool) -> ExitCode:
    """Forget jobs."""
    with RenderQueue() as queue:
        jobs = [queue.job(number) for number in numbers]
        queue.remove(*numbers)
        for job in jobs:
            _taken(queue, job.id, lambda _: False)
    lines = [f"{_called(job)} is removed; its pictures stay." for job in jobs]
    return _report("remove", lines, as_json, jobs=[job.id for job in jobs])


def remove_finished(as_json: bool) -> ExitCode:
    """Forget every job that has ended."""
    ended = {state for state in JOB.meaning if JOB.ended(state)}
    with RenderQueue() as queue:
        jobs = queue.jobs(ended)
        queue.clear()
    line = f"{count(len(jobs), 'job')} removed; pictures stay."
    return _report("remove", [line], as_json, jobs=[job.id for job in jobs])


def set_priority(number: int, priority: int, as_json: bool) -> ExitCode:
    """Change how soon a job comes."""
    with RenderQueue() as queue:
        job = queue.job(number)
        queue.set_priority(number, priority)
        _taken(queue, number, lambda now: now.priority == priority)
    line = f"{_called(job)} has priority {priority} now, {job.priority} before."
    return _report("priority", [line], as_json, jobs=[number], priority=priority)


def stop(as_json: bool) -> ExitCode:
    """End every render process; their frames wait."""
    with RenderQueue() as queue:
        queue.stop()
    line = "Render processes are being ended; their frames wait for `lrc resume`."
    return _report("stop", [line], as_json, jobs=[])


def _taken(queue: RenderQueue, number: int, look: Callable[[JobView], bool]) -> None:
    """Wait a moment until the service did what was asked, seen by `look`.

    So that what is typed next, `lrc retry 17; lrc watch 17`, sees it too.
    """
    end = time.monotonic() + _TAKEN_S
    with contextlib.suppress(UnknownJobError):
        while not look(queue.job(number)) and time.monotonic() < end:
            time.sleep(0.02)


def _targets(numbers: Sequence[int]) -> Sequence[int | None]:
    """Give the jobs, or None for the whole queue where none is named."""
    return numbers or [None]


def _called(job: JobView) -> str:
    return f"Job {job.id} ({printable(job.name)})"


def _report(
    command: str, lines: Sequence[str], as_json: bool, **facts: Any
) -> ExitCode:
    if as_json:
        print_document({"asked": command, **facts})
    else:
        typer.echo("\n".join(lines))
    return ExitCode.DONE
