"""What clients ask of the service: the rows of the inbox.

A client checks a command before it appends it; the service checks again, because the
queue may have changed in between, and answers what it refuses with a
`command_refused` event.
"""

from __future__ import annotations

from dataclasses import dataclass

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import TaskId, TaskPlan
from lrc_toolbox.jobs.submission import Submission


@dataclass(frozen=True, slots=True)
class Submit:
    """Add a job; its number is the inbox number this command gets."""

    submission: Submission
    plans: tuple[TaskPlan, ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """End a job's processes and give up its remaining frames."""

    job: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Start nothing new of a job, or of the whole queue where `job` is None.

    Frames in hand are finished.
    """

    job: int | None


@dataclass(frozen=True, slots=True)
class Resume:
    """Undo `Pause`; with `job` None also `StopQueue`."""

    job: int | None


@dataclass(frozen=True, slots=True)
class StopQueue:
    """End every process now; their frames wait again, and nothing starts."""


@dataclass(frozen=True, slots=True)
class Remove:
    """Forget jobs and their logs; running ones are cancelled first. Pictures stay."""

    jobs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SetPriority:
    """Change how soon a job comes, 0 to 100, higher is sooner."""

    job: int
    priority: int


@dataclass(frozen=True, slots=True)
class Retry:
    """Render frames of a job again.

    Attributes:
        task: one task, or None for all of the job's.
        frames: exactly these, proved ones too; None for those that failed or were
            cancelled.
    """

    job: int
    task: TaskId | None = None
    frames: FrameRange | None = None


@dataclass(frozen=True, slots=True)
class StopService:
    """End the service: its processes end, their frames wait for the next service.

    Attributes:
        pid: the service it is meant for, so that one that was left unread does not end
            the next one; None for whichever reads it.
    """

    pid: int | None = None


Command = (
    Submit
    | Cancel
    | Pause
    | Resume
    | StopQueue
    | Remove
    | SetPriority
    | Retry
    | StopService
)
