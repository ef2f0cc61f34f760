"""Following jobs: looking at the queue again and again until a job has ended.

Blocks the thread that calls it; Ctrl-C comes out as `KeyboardInterrupt`. How it looks
is in `live_view` and `telling`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.live import Live

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.failed_frames import read_failed_frames
from lrc_toolbox.cli.job_rows import task_name
from lrc_toolbox.cli.live_view import JobPicture
from lrc_toolbox.cli.log_reading import LogPart, newest_line
from lrc_toolbox.cli.telling import Teller
from lrc_toolbox.jobs.events import Event
from lrc_toolbox.jobs.records import AttemptRecord
from lrc_toolbox.jobs.states import JOB, JobState
from lrc_toolbox.queue import JobView, RenderQueue, TaskView

# Seconds between two looks. Five a second is as much as an eye wants.
_DRAW_S = 0.2
#: Seconds without an event after which other things are looked at.
QUIET_S = 0.5
# Seconds between two questions whether the service is still there.
_SERVICE_S = 2.0

_OUTCOMES = {
    JobState.DONE: ExitCode.DONE,
    JobState.FAILED: ExitCode.FRAMES_FAILED,
    JobState.CANCELLED: ExitCode.CANCELLED,
}


def outcome(job: JobView) -> ExitCode:
    """Say with which code a command that followed an ended job ends."""
    return _OUTCOMES[job.state]


def draw_until_ended(queue: RenderQueue, number: int, screen: Console) -> JobView:
    """Draw a job over and over until it has ended.

    Raises:
        UnknownJobError: it was removed.
    """
    service = _ServiceWatch(queue)
    with Live(console=screen, auto_refresh=False) as live:
        for _ in changes(queue):
            picture = _look(queue, number)
            live.update(picture, refresh=True)
            if JOB.ended(picture.job.state):
                break
            service.look()
    return picture.job


def changes(queue: RenderQueue) -> Iterator[None]:
    """Yield when it is time to draw again, for ever.

    That is when something was written, and every second for the times that run on; but
    looking at a long queue takes a while, and must not take most of a processor.
    """
    while True:
        seen, begun = queue.version(), time.monotonic()
        yield
        took = time.monotonic() - begun
        soonest = begun + max(_DRAW_S, 5 * took)
        latest = max(soonest, begun + 1)
        time.sleep(max(0.0, soonest - time.monotonic()))
        while queue.version() == seen and time.monotonic() < latest:
            time.sleep(_DRAW_S)


def tell_until_ended(
    queue: RenderQueue, number: int, teller: Teller, after: int
) -> JobView:
    """Tell what happens to a job until it has ended.

    Args:
        queue: where the job is.
        number: the job's.
        teller: how it is told.
        after: only events with a greater number; 0 for all since its submission.

    Raises:
        UnknownJobError: it was removed.
    """
    layers = layers_of(queue.tasks(number))
    seen, due = -1, time.monotonic() + teller.progress_s
    for event in _happenings(queue, number, after):
        if event is not None:
            teller.event(event, layers.get(str(event.task), ""))
        if time.monotonic() >= due and (version := queue.version()) != seen:
            seen, due = version, time.monotonic() + teller.progress_s
            teller.progress(queue.job(number), queue.tasks(number))
    job, tasks = queue.job(number), queue.tasks(number)
    teller.result(job, tasks, read_failed_frames(queue, tasks), outcome(job))
    return job


def _happenings(queue: RenderQueue, number: int, seen: int) -> Iterator[Event | None]:
    """Yield a job's events until it has ended, and None whenever it is quiet."""
    service = _ServiceWatch(queue)
    ended = False
    while not ended:
        # Asked before the events are read, so that the last ones are read for sure.
        ended = JOB.ended(queue.job(number).state)
        for event in queue.follow(number, after=seen, timeout=QUIET_S):
            seen = event.seq
            yield event
        yield None
        service.look()


class _ServiceWatch:
    """Starts a service again if the one at work was killed; else all would wait."""

    def __init__(self, queue: RenderQueue) -> None:
        self._queue = queue
        self._due = time.monotonic() + _SERVICE_S

    def look(self) -> None:
        if time.monotonic() >= self._due:
            self._queue.ensure_service()
            self._due = time.monotonic() + _SERVICE_S


def _look(queue: RenderQueue, number: int) -> JobPicture:
    job, tasks = queue.job(number), queue.tasks(number)
    live = [attempt for task in tasks for attempt in task.attempts]
    return JobPicture(job, tasks, time.time(), _newest_log_line(live))


def _newest_log_line(attempts: Sequence[AttemptRecord]) -> str:
    """Read the newest line of the log that was written last."""
    written = []
    for attempt in attempts:
        path = Path(attempt.log_path)
        # A process about to be started has no log yet.
        if path.exists():
            written.append((path.stat().st_mtime, attempt.id, path, attempt.log_start))
    if not written:
        return ""
    *_, path, start = max(written)
    return newest_line(LogPart(path, start))


def layers_of(tasks: Sequence[TaskView]) -> dict[str, str]:
    """Name tasks by their layers, and by their cameras where there are several."""
    cameras = len({task.camera for task in tasks}) > 1
    return {str(task.id): task_name(task, camera=cameras) for task in tasks}
