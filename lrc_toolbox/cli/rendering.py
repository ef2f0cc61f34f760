"""`lrc render` and `lrc submit`: queueing submissions, and what Ctrl-C means then."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import typer

from lrc_toolbox.cli.errors import show_error
from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.json_lines import print_document, print_line
from lrc_toolbox.cli.watching import choose_teller, follow
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.wording import count, printable
from lrc_toolbox.queue import JobEndedError, RenderQueue

_QUESTION = "[d]etach (the render goes on), [c]ancel it, or [f]ollow on? "


class OneJobError(LrcError):
    """`lrc render` was given several scenes."""

    def __init__(self, given: int) -> None:
        super().__init__(
            f"lrc render follows one job, not {given}.",
            remedy="Queue them with lrc submit and look at them with lrc watch.",
        )


def show_plans(submissions: Sequence[Submission], as_json: bool) -> ExitCode:
    """Say which tasks submissions would have; nothing is queued."""
    with RenderQueue() as queue:
        plans = [queue.plan(submission) for submission in submissions]
    pairs = list(zip(submissions, plans, strict=True))
    if as_json:
        print_document({"submissions": [_plan_json(*pair) for pair in pairs]})
        return ExitCode.DONE
    for submission, tasks in pairs:
        frames = count(sum(len(task.frames) for task in tasks), "frame")
        typer.echo(
            f"{printable(submission.title)}: {count(len(tasks), 'task')}, {frames}"
        )
        for task in tasks:
            pictures = ", ".join(picture.pattern for picture in task.pictures)
            where = f"{task.layer} through {task.camera}, frames {task.frames}"
            typer.echo(f"  {printable(where)}: {printable(pictures)}")
    return ExitCode.DONE


def submit(submissions: Sequence[Submission], as_json: bool) -> ExitCode:
    """Queue submissions, all or none, and tell their numbers."""
    with RenderQueue() as queue:
        numbers = queue.submit_many(submissions)
        jobs = [queue.job(number) for number in numbers]
    if as_json:
        print_document({"jobs": [job.to_json() for job in jobs]})
        return ExitCode.DONE
    for job in jobs:
        tasks = count(job.record.task_count, "task")
        frames = count(job.progress.frames, "frame")
        typer.echo(
            f"Job {job.id} ({printable(job.name)}) is queued: {tasks}, {frames}. "
            f"lrc watch {job.id} shows it."
        )
    return ExitCode.DONE


def render(submissions: Sequence[Submission], as_json: bool) -> ExitCode:
    """Queue a submission and follow it; the code says how it ended."""
    if len(submissions) != 1:
        raise OneJobError(len(submissions))
    with RenderQueue() as queue:
        number = queue.submit(submissions[0])
        code = None
        while code is None:
            code = _follow(queue, number, as_json)
    return code


def _follow(queue: RenderQueue, number: int, as_json: bool) -> ExitCode | None:
    """Follow a job; None where a person was asked and wants to follow on."""
    try:
        return follow(queue, number, choose_teller(as_json))
    except KeyboardInterrupt:
        return _interrupted(queue, number, as_json)
    except LrcError as error:
        # The job is queued, whatever is wrong with looking at it.
        show_error(error, as_json)
        return _detached(number, as_json, ExitCode.DETACHED)


def _interrupted(queue: RenderQueue, number: int, as_json: bool) -> ExitCode | None:
    """Ask what Ctrl-C means; None where the job is to be followed on."""
    if as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _detached(number, as_json, ExitCode.INTERRUPTED)
    try:
        answer = _ask()
    except (KeyboardInterrupt, EOFError):
        typer.echo()
        return _detached(number, as_json, ExitCode.INTERRUPTED)
    if answer == "d":
        return _detached(number, as_json, ExitCode.DETACHED)
    if answer == "c":
        # It may have ended while the question stood there.
        with contextlib.suppress(JobEndedError):
            queue.cancel(number)
    return None


def _ask() -> str:
    """Ask until there is an answer; Enter alone detaches, which harms nothing."""
    while True:
        sys.stdout.write(_QUESTION)
        sys.stdout.flush()
        answer = sys.stdin.readline()
        if not answer:
            raise EOFError
        letter = answer.strip().lower()[:1] or "d"
        if letter in "dcf":
            return letter


def _detached(number: int, as_json: bool, code: ExitCode) -> ExitCode:
    if as_json:
        print_line({"event": "detached", "job": number, "exit_code": int(code)})
    else:
        typer.echo(f"Job {number} goes on: lrc watch {number} shows it.", err=True)
    return code


def _plan_json(submission: Submission, tasks: Sequence[TaskPlan]) -> dict[str, Any]:
    return {
        "submission": submission.model_dump(mode="json"),
        "tasks": [
            {
                "layer": task.layer,
                "camera": task.camera,
                "frames": str(task.frames),
                "frame_count": len(task.frames),
                "pictures": [asdict(picture) for picture in task.pictures],
            }
            for task in tasks
        ],
    }
