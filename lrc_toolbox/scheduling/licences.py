"""Renderers that got no licence: they rest, for all jobs, and are tried one at a time.

Whose processes run already goes on: they have theirs. How long a rest is stands in
`scheduling.retries`.
"""

from __future__ import annotations

import re

from lrc_toolbox.jobs.capacity import Lack, Resource
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.wording import clock_time
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.retries import RULES
from lrc_toolbox.scheduling.work import JobWork, RendererRest, Worker


def refuse(board: Board, worker: Worker, failure: Failure, now: float) -> None:
    """Let a renderer rest that got no licence, longer each time it is tried in vain."""
    renderer = _renderer(board.jobs[worker.attempt.task.job])
    rest = board.renderer_rests.get(renderer)
    if rest is not None and worker.process != rest.probe:
        return  # it began before the rest, so it says nothing new
    times = rest.times + 1 if rest is not None else 1
    until = now + RULES[FailureClass.LICENCE].wait_s(times)
    why = (
        f"{renderer} got no licence. It is tried again at {clock_time(until, now)}: "
        "free a licence, or see to its licence server; `lrc resume` with a job's "
        "number tries at once. Other renderers go on."
    )
    board.renderer_rests[renderer] = RendererRest(until, times, why)
    board.say(
        EventKind.RENDERER_RESTS,
        now,
        task=worker.attempt.task,
        attempt=worker.attempt.id,
        text=f"{why} {failure.message}".strip(),
    )


def lack_of_licence(board: Board, job: JobWork, now: float) -> Lack | None:
    """Say why nothing of a job may start for its renderer's sake; None where it may."""
    if not board.renderer_rests:  # as good as always
        return None
    renderer = _renderer(job)
    rest = board.renderer_rests.get(renderer)
    if rest is None:
        return None
    if now < rest.until:
        return Lack(Resource.LICENCE, rest.why)
    probe = board.workers.get(rest.probe) if rest.probe is not None else None
    if probe is None:
        return None
    number = probe.attempt.task.job
    why = f"{renderer} got no licence; job {number} finds out whether there is one now."
    return Lack(Resource.LICENCE, why)


def send_ahead(board: Board, worker: Worker) -> None:
    """Note who finds out whether a renderer that rested has a licence again."""
    rest = board.renderer_rests.get(_renderer(board.jobs[worker.attempt.task.job]))
    if rest is not None:
        rest.probe = worker.process


def rendered(board: Board, worker: Worker, now: float) -> None:
    """Let a renderer's jobs start again once the one that was tried rendered."""
    renderer = _renderer(board.jobs[worker.attempt.task.job])
    rest = board.renderer_rests.get(renderer)
    if rest is not None and rest.probe == worker.process:
        del board.renderer_rests[renderer]
        board.say(EventKind.RENDERER_GOES_ON, now, text=renderer)


def try_now(board: Board, job: JobWork, now: float) -> None:
    """End a renderer's rest: a person says that there is a licence again."""
    rest = board.renderer_rests.get(_renderer(job))
    if rest is not None:
        rest.until = min(rest.until, now)


def next_try(board: Board) -> float | None:
    """Say when the next renderer may be tried again."""
    rests = board.renderer_rests.values()
    return min((rest.until for rest in rests if not rest.due), default=None)


def note_due(board: Board, now: float) -> None:
    """Note which renderers may be tried again from now on."""
    for rest in board.renderer_rests.values():
        rest.due = rest.due or rest.until <= now


def _renderer(job: JobWork) -> str:
    submission = job.record.submission
    if submission.renderer or not submission.command:
        return submission.renderer or submission.engine
    # Programs have licences of their own, wherever they were installed.
    return re.split(r"[\\/]", submission.command[0])[-1]
