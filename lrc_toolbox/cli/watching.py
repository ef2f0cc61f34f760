"""`lrc watch`: following one job to its end, or the whole queue until Ctrl-C."""

from __future__ import annotations

import contextlib
import time

import typer
from rich.console import Console
from rich.live import Live

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.following import (
    QUIET_S,
    changes,
    draw_until_ended,
    layers_of,
    outcome,
    tell_until_ended,
)
from lrc_toolbox.cli.job_rows import OPEN, headline
from lrc_toolbox.cli.json_lines import print_line
from lrc_toolbox.cli.live_view import QueuePicture
from lrc_toolbox.cli.summary import print_summary
from lrc_toolbox.cli.telling import JsonLines, PlainLines, Teller
from lrc_toolbox.cli.terminal import console, is_live
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.queue import JobView, RenderQueue, UnknownJobError

# More than fit any terminal; a queue may hold a hundred thousand.
_MOST_JOBS = 200


def watch_job(number: int, as_json: bool) -> ExitCode:
    """Follow a job until it has ended; the code says how it did.

    Raises:
        UnknownJobError: there is no such job.
    """
    with RenderQueue() as queue:
        after = queue.last_event()
        teller = choose_teller(as_json)
        job, tasks = queue.job(number), queue.tasks(number)
        if teller is not None:
            teller.progress(job, tasks)
        return follow(queue, number, teller, after)


def choose_teller(as_json: bool) -> Teller | None:
    """Choose how following is told; None where the terminal can be drawn over."""
    if as_json:
        return JsonLines()
    return None if is_live(console()) else PlainLines()


def follow(
    queue: RenderQueue, number: int, teller: Teller | None, after: int = 0
) -> ExitCode:
    """Follow a job until it has ended; the code says how it did.

    Args:
        queue: where the job is.
        number: the job's.
        teller: how it is told; None to draw it.
        after: tell only events with a greater number.
    """
    screen = console()
    try:
        if teller is None:
            job = draw_until_ended(queue, number, screen)
        else:
            job = tell_until_ended(queue, number, teller, after)
    except UnknownJobError:
        return _removed(number, isinstance(teller, JsonLines))
    if not isinstance(teller, JsonLines):
        print_summary(queue, job, screen)
    return outcome(job)


def _removed(number: int, as_json: bool) -> ExitCode:
    if as_json:
        code = int(ExitCode.CANCELLED)
        print_line({"event": "job_removed", "job": number, "exit_code": code})
    else:
        typer.echo(f"Job {number} was removed.")
    return ExitCode.CANCELLED


def watch_queue(as_json: bool) -> ExitCode:
    """Follow the whole queue until Ctrl-C."""
    teller = choose_teller(as_json)
    with RenderQueue() as queue:
        try:
            if teller is None:
                _draw_queue(queue, console())
            else:
                _tell_queue(queue, teller)
        except KeyboardInterrupt:
            pass  # the only way out
    return ExitCode.INTERRUPTED


def _draw_queue(queue: RenderQueue, screen: Console) -> None:
    with Live(console=screen, auto_refresh=False) as live:
        for _ in changes(queue):
            live.update(_picture(queue), refresh=True)


def _picture(queue: RenderQueue) -> QueuePicture:
    now, progress = time.time(), queue.progress()
    jobs = queue.jobs(states=OPEN, limit=_MOST_JOBS)
    jobs.sort(key=_urgency)
    return QueuePicture(
        jobs=jobs,
        total=progress.waiting + progress.running,
        headline=headline(progress, queue.service_status(), now),
        now=now,
    )


def _urgency(job: JobView) -> tuple[bool, int, int]:
    return (job.state is not JobState.RUNNING, -job.priority, job.id)


def _tell_queue(queue: RenderQueue, teller: Teller) -> None:
    layers: dict[str, str] = {}
    seen, told, due = queue.last_event(), -1, 0.0
    while True:
        if time.monotonic() >= due and (version := queue.version()) != told:
            told, due = version, time.monotonic() + teller.progress_s
            teller.queue(queue.progress(), queue.service_status())
        for event in queue.follow(after=seen, timeout=QUIET_S):
            seen = event.seq
            if event.task is not None and str(event.task) not in layers:
                layers.update(_layers(queue, event.task.job))
            teller.event(event, layers.get(str(event.task), ""))
            if time.monotonic() >= due:
                break


def _layers(queue: RenderQueue, number: int) -> dict[str, str]:
    """Name a job's tasks with their job; of a job that is gone there is nothing."""
    with contextlib.suppress(UnknownJobError):
        named = layers_of(queue.tasks(number))
        return {task: f"job {number} {layer}" for task, layer in named.items()}
    return {}
