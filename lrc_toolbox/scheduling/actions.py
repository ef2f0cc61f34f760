"""What the scheduler wants done, after the changes of the same decision were saved."""

from __future__ import annotations

from dataclasses import dataclass

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import AttemptRecord, JobRecord, TaskRecord


@dataclass(frozen=True, slots=True)
class StartProcess:
    """Start a process for an attempt; answered by `ProcessStarted` or `...NotStarted`.

    Attributes:
        frames: what it renders first, in this order; if it is not kept open a run of
            frames, ascending, and all that it renders.
    """

    job: JobRecord
    task: TaskRecord
    attempt: AttemptRecord
    frames: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BindProcess:
    """Let a process run on these CPUs only, from now on."""

    process: int
    cpu_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Tell a kept-open process to go on with another task of its job."""

    process: int
    job: JobRecord
    task: TaskRecord
    attempt: AttemptRecord


@dataclass(frozen=True, slots=True)
class SendFrames:
    """Give a kept-open process frames of the task it has open, in this order."""

    process: int
    task: TaskRecord
    frames: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CloseInput:
    """Tell a kept-open process that nothing more comes: it finishes and exits."""

    process: int


@dataclass(frozen=True, slots=True)
class StopProcess:
    """End a process and all it started; answered by `ProcessEnded` once all is gone."""

    process: int


@dataclass(frozen=True, slots=True)
class ProveFrame:
    """Look at a frame's pictures; answered by `FrameLooked`.

    Attributes:
        job: the job it is of.
        claimed: the process said that it wrote them. Where it did not, pictures that
            were there before it began prove nothing.
        since: when the attempt began, seconds since 1970 UTC.
    """

    job: JobRecord
    task: TaskRecord
    frame: int
    claimed: bool
    since: float


@dataclass(frozen=True, slots=True)
class FindExisting:
    """Find frames whose pictures are there already; answered by `ExistingFound`.

    Attributes:
        frames: of each task, those to look for.
    """

    job: JobRecord
    frames: tuple[tuple[TaskRecord, FrameRange], ...]


@dataclass(frozen=True, slots=True)
class LookAtExisting:
    """Look at pictures that no process of this job wrote; answered by `FrameLooked`."""

    task: TaskRecord
    frame: int


@dataclass(frozen=True, slots=True)
class ForgetJob:
    """Delete a removed job's logs and thumbnails. Pictures stay."""

    job: int


@dataclass(frozen=True, slots=True)
class EndService:
    """Leave, once every process is gone."""


Action = (
    StartProcess
    | BindProcess
    | OpenTask
    | SendFrames
    | CloseInput
    | StopProcess
    | ProveFrame
    | FindExisting
    | LookAtExisting
    | ForgetJob
    | EndService
)
