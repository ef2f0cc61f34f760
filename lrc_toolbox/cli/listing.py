"""`lrc queue`: the jobs of the queue as a table, or all about one job."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.failed_frames import FailedFrames, read_failed_frames
from lrc_toolbox.cli.job_details import (
    attempt_json,
    attempt_lines,
    fact_lines,
    failure_lines,
)
from lrc_toolbox.cli.job_rows import OPEN, headline, job_rows, state_word, task_rows
from lrc_toolbox.cli.json_lines import print_document
from lrc_toolbox.cli.terminal import console, is_live
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.nearest import did_you_mean
from lrc_toolbox.jobs.records import AttemptRecord
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.queue import JobView, RenderQueue, TaskView

# How many jobs that ended are listed beside those that have not: the last night's.
_RECENT = 10
_SCREENFULS = 200


class UnknownStateError(LrcError):
    """A state that jobs do not have.

    Attributes:
        name: what was typed.
    """

    def __init__(self, name: str) -> None:
        known = [state.value for state in JobState]
        super().__init__(
            f'No job is ever "{name}".',
            remedy=did_you_mean(name, known),
        )
        self.name = name


def show_queue(everything: bool, states: Sequence[str], as_json: bool) -> ExitCode:
    """List jobs: those in the given states, else the unended and the latest ended."""
    wanted = read_states(states)
    screen = console()
    # Nobody scrolls back through more; a pipe or a program gets all.
    limit = _SCREENFULS if is_live(screen) and not as_json else None
    with RenderQueue() as queue:
        if wanted or everything:
            jobs = queue.jobs(wanted or None, limit)
        else:
            jobs = _current_jobs(queue, limit)
        progress, service = queue.progress(), queue.service_status()
    if as_json:
        print_document(
            {
                "jobs": [job.to_json() for job in jobs],
                "queue": asdict(progress),
                "service": asdict(service),
            }
        )
        return ExitCode.DONE
    now = time.time()
    if jobs:
        screen.print(job_rows(jobs, now))
    if limit is not None and len(jobs) >= limit:
        screen.print(f"Only {limit} jobs are shown; lrc queue --all | less shows all.")
    screen.print(headline(progress, service, now), style="bold", soft_wrap=True)
    return ExitCode.DONE


def read_states(names: Sequence[str]) -> set[JobState]:
    """Read states named by commas or repeated.

    Raises:
        UnknownStateError: there is no such state.
    """
    known = {state.value: state for state in JobState}
    states = set()
    for name in (part.strip() for text in names for part in text.split(",")):
        if name not in known:
            raise UnknownStateError(name)
        states.add(known[name])
    return states


def _current_jobs(queue: RenderQueue, limit: int | None) -> list[JobView]:
    recent = queue.jobs(set(JobState) - OPEN, limit=_RECENT, newest_first=True)
    jobs = [*queue.jobs(OPEN, limit), *recent]
    return sorted(jobs, key=lambda job: job.id)


def show_job(number: int, as_json: bool) -> ExitCode:
    """Show all about one job: its tasks, what failed and why, attempts, logs."""
    with RenderQueue() as queue:
        job, tasks = queue.job(number), queue.tasks(number)
        failures = read_failed_frames(queue, tasks)
        attempts = queue.attempts(number)
    if as_json:
        print_document(
            {
                "job": job.to_json(),
                "tasks": [task.to_json() for task in tasks],
                "failed_frames": [failed.to_json() for failed in failures],
                "attempts": [attempt_json(attempt) for attempt in attempts],
            }
        )
    else:
        _print_job(console(), job, tasks, failures, attempts)
    return ExitCode.DONE


def _print_job(
    screen: Console,
    job: JobView,
    tasks: Sequence[TaskView],
    failures: Sequence[FailedFrames],
    attempts: Sequence[AttemptRecord],
) -> None:
    now = time.time()
    word = state_word(job)
    title = Text(f"Job {job.id}  {printable(job.name)}  ", "bold")
    _print(screen, [title.append(word.text, word.style), *fact_lines(job, now)])
    screen.print()
    screen.print(task_rows(tasks, now, whole=job if len(tasks) > 1 else None))
    if failures:
        _print(screen, [Text("\nFailed frames", "bold"), *failure_lines(failures)])
    if attempts:
        lines = attempt_lines(attempts, now)
        _print(screen, [Text("\nAttempts and their logs", "bold"), *lines])


def _print(screen: Console, lines: Iterable[Text]) -> None:
    for line in lines:
        screen.print(line, soft_wrap=True)
