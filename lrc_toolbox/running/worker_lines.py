"""From a worker's lines to the scheduler's events.

What a worker prints comes from outside: a line that does not have what its kind needs
is passed over, as if the renderer had printed it.
"""

from __future__ import annotations

from typing import Any

from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.records import AttemptRecord, TaskId
from lrc_toolbox.scheduling.events import (
    FrameGivenUp,
    FrameProgressed,
    FrameStarted,
    FrameWritten,
    SchedulerEvent,
    TaskGivenUp,
)


def scheduler_event(
    line: dict[str, Any], attempt: AttemptRecord, process: int, now: float
) -> SchedulerEvent | None:
    """Read one worker event; None where it means nothing to the scheduler.

    Args:
        attempt: what its process is at; its task counts where the line names none. A
            program that was started for one task need not know that task's name.
    """
    try:
        return _read({"task": attempt.task, **line}, process, now)
    except (KeyError, TypeError, ValueError):
        return None


def _read(line: dict[str, Any], process: int, now: float) -> SchedulerEvent | None:
    match line["lrc"]:
        case "frame_started":
            return FrameStarted(process, _task(line), int(line["frame"]), now)
        case "frame_progressed":
            percent = float(line["percent"])
            return FrameProgressed(
                process, _task(line), int(line["frame"]), percent, now
            )
        case "frame_finished":
            seconds = max(0.0, float(line["seconds"]))
            return FrameWritten(process, _task(line), int(line["frame"]), seconds, now)
        case "frame_failed":
            frame, failure = int(line["frame"]), _failure(line)
            return FrameGivenUp(process, _task(line), frame, failure, now)
        case "task_failed":
            return TaskGivenUp(process, _task(line), _failure(line), now)
    return None


def _task(line: dict[str, Any]) -> TaskId:
    job, ordinal = str(line["task"]).split(".")
    return TaskId(int(job), int(ordinal))


def _failure(line: dict[str, Any]) -> Failure:
    known = {kind.value for kind in FailureClass}
    named = line.get("class")
    kind = FailureClass(named) if named in known else FailureClass.OTHER
    message = str(line.get("message", "")).strip()[:2000]
    ends = not message or message.endswith((".", "!", "?", ")"))
    # Sentences follow it where it is shown.
    return Failure(kind, message if ends else f"{message}.")
