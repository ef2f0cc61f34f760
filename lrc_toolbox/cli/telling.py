"""What following a job prints where nothing can be drawn over: lines, or JSON lines.

Pure but for the printing: events and views in, lines out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.cli.failed_frames import FailedFrames
from lrc_toolbox.cli.job_rows import headline, time_left, whole_percent
from lrc_toolbox.cli.json_lines import print_line
from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.wording import count, printable
from lrc_toolbox.queue import JobView, QueueProgress, ServiceStatus, TaskView

_Kind = EventKind
# Only what a person wants to read in the morning; that a process or a frame was
# started says nothing yet.
_SENTENCES: Mapping[EventKind, str] = {
    _Kind.JOB_SUBMITTED: "{job} is queued: {text}",
    _Kind.JOB_STARTED: "{job} is started",
    _Kind.JOB_PAUSED: "{job} is paused",
    _Kind.JOB_RESUMED: "{job} goes on",
    _Kind.JOB_PRIORITY_CHANGED: "{job} has priority {text} now",
    _Kind.JOB_RETRIED: "{job} renders frames again: {text}",
    _Kind.JOB_DONE: "{job} is done",
    _Kind.JOB_FAILED: "{job} failed: {text}",
    _Kind.JOB_CANCELLED: "{job} is cancelled",
    _Kind.JOB_REMOVED: "{job} is removed",
    _Kind.TASK_STARTED: "{task} is started",
    _Kind.TASK_DONE: "{task} is done",
    _Kind.TASK_FAILED: "{task} failed: {text}",
    _Kind.FRAME_PROVED: "{task} frame {frame} is done: {text}",
    _Kind.FRAME_SKIPPED: "{task} frame {frame} was there already: {text}",
    _Kind.FRAME_RETRIED: "{task} frame {frame} is tried again: {text}",
    _Kind.FRAME_FAILED: "{task} frame {frame} failed: {text}",
    _Kind.FRAME_ODD: "{task}: {text}",
    _Kind.RENDERER_RESTS: "{text}",
    _Kind.RENDERER_GOES_ON: "{text} has a licence again",
    _Kind.QUEUE_PAUSED: "the queue is paused",
    _Kind.QUEUE_RESUMED: "the queue goes on",
    _Kind.QUEUE_STOPPED: "the queue is stopped",
    _Kind.COMMAND_REFUSED: "refused: {text}",
}


class Teller(Protocol):
    """Says what happens to a job."""

    #: How many seconds lie between two reports of progress, at least.
    progress_s: float

    def event(self, event: Event, layer: str) -> None:
        """Tell one event; `layer` names its task, empty where it has none."""

    def progress(self, job: JobView, tasks: Sequence[TaskView]) -> None:
        """Tell how far the job is."""

    def queue(self, progress: QueueProgress, service: ServiceStatus) -> None:
        """Tell how the whole queue is."""

    def result(
        self,
        job: JobView,
        tasks: Sequence[TaskView],
        failures: Sequence[FailedFrames],
        code: ExitCode,
    ) -> None:
        """Tell how the job ended."""


class PlainLines:
    """A line of text for each event worth it, without control characters."""

    progress_s = 15.0

    def event(self, event: Event, layer: str) -> None:
        """Print an event's sentence with its time."""
        if (sentence := event_sentence(event, layer)) is not None:
            _say(event.at, sentence)

    def progress(self, job: JobView, tasks: Sequence[TaskView]) -> None:
        """Print percent, frames and time left."""
        now, progress = time.time(), job.progress
        left = time_left(progress, now)
        frames = f"{progress.done} of {count(progress.frames, 'frame')}"
        until = f", done in {left}" if left else ""
        which = f"job {job.id} ({job.name})"
        _say(now, f"{which} is at {whole_percent(progress)}%, {frames}{until}")

    def queue(self, progress: QueueProgress, service: ServiceStatus) -> None:
        """Print the jobs' numbers and the time left."""
        now = time.time()
        _say(now, headline(progress, service, now))

    def result(
        self,
        job: JobView,
        tasks: Sequence[TaskView],
        failures: Sequence[FailedFrames],
        code: ExitCode,
    ) -> None:
        """Print nothing: the events said it, and the summary follows."""


class JsonLines:
    """One JSON object a line, as docs/td-guide.md describes them."""

    progress_s = 1.0

    def event(self, event: Event, layer: str) -> None:
        """Print an event."""
        print_line(event_json(event))

    def progress(self, job: JobView, tasks: Sequence[TaskView]) -> None:
        """Print the progress of the job and its tasks."""
        print_line(
            {
                "event": "progress",
                "job": job.to_json(),
                "tasks": [task.to_json() for task in tasks],
            }
        )

    def queue(self, progress: QueueProgress, service: ServiceStatus) -> None:
        """Print the counts and progress of the queue, and its service."""
        state = {"queue": asdict(progress), "service": asdict(service)}
        print_line({"event": "queue_progress", **state})

    def result(
        self,
        job: JobView,
        tasks: Sequence[TaskView],
        failures: Sequence[FailedFrames],
        code: ExitCode,
    ) -> None:
        """Print the last line."""
        print_line(
            {
                "event": "result",
                "exit_code": int(code),
                "job": job.to_json(),
                "tasks": [task.to_json() for task in tasks],
                "failed_frames": [failed.to_json() for failed in failures],
            }
        )


def event_sentence(event: Event, layer: str) -> str | None:
    """Say in words what happened; None where it is not worth a line."""
    pattern = _SENTENCES.get(event.kind)
    if pattern is None:
        return None
    sentence = pattern.format(
        job=f"job {event.job}", task=layer, frame=event.frame, text=event.text
    )
    return printable(" ".join(sentence.removesuffix(": ").split()))


def event_json(event: Event) -> dict[str, Any]:
    """Describe an event for programs."""
    return {
        "event": event.kind.value,
        "seq": event.seq,
        "at": event.at,
        "job": event.job,
        "task": None if event.task is None else str(event.task),
        "frame": event.frame,
        "attempt": event.attempt,
        "text": event.text,
    }


def _say(at: float, sentence: str) -> None:
    clock = time.strftime("%H:%M:%S", time.localtime(at))
    sys.stdout.write(f"{clock} {sentence}\n")
    sys.stdout.flush()
