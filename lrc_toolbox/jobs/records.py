"""The rows of the queue: job, task, frame and attempt, as the store keeps them.

Plain slotted dataclasses: the scheduler changes them, the store writes them, clients
read them. Every time is seconds since 1970 UTC; every duration is seconds. States are
the words of `jobs.states`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lrc_toolbox.jobs.failures import Failure
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.states import AttemptState, FrameState, JobState, TaskState
from lrc_toolbox.jobs.submission import Submission

#: How the reason of a job begins that no person paused.
PAUSED = "It was paused:"


class TaskId(NamedTuple):
    """Which task: the job's number and the task's place in it, counted from 1."""

    job: int
    ordinal: int

    def __str__(self) -> str:
        return f"{self.job}.{self.ordinal}"


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """What one task renders, settled when the job was submitted.

    Attributes:
        layer: the layer's name as the artist reads it ("masterLayer" for the default).
        camera: the camera's name.
        frames: what to render.
        pictures: the files that prove a frame; at least one.
        settings: what else the engine needs to render it, JSON values only.
    """

    layer: str
    camera: str
    frames: FrameRange
    pictures: tuple[ExpectedPicture, ...]
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class JobRecord:
    """One submission in the queue.

    Attributes:
        id: the job's number, given at submission and never used again.
        cancelling: a person cancelled it and its processes are not all gone yet.
        reason: why it waits or why it failed, one sentence; empty otherwise.
    """

    id: int
    submission: Submission
    state: JobState
    submitted_at: float
    priority: int
    paused: bool = False
    cancelling: bool = False
    started_at: float | None = None
    ended_at: float | None = None
    reason: str = ""
    task_count: int = 0

    @property
    def name(self) -> str:
        """What lists call it: the given name, else the scene's file name."""
        return self.submission.title


@dataclass(slots=True)
class TaskRecord:
    """One layer through one camera of a job.

    Attributes:
        done: number of proved frames.
        failed: number of frames given up.
        shown_percent: the highest percent ever shown; progress never goes back.
        frame_seconds: median of the recent frame times, None before the first frame.
        render_seconds: sum of the frame times so far.
        last_picture: path of the newest proved picture; empty before the first.
        last_thumbnail: path of that picture's thumbnail (JPEG, sRGB).
        warning: what is odd about its frames, for a person to look at; empty if none.
    """

    id: TaskId
    plan: TaskPlan
    state: TaskState
    done: int = 0
    failed: int = 0
    shown_percent: float = 0.0
    frame_seconds: float | None = None
    render_seconds: float = 0.0
    started_at: float | None = None
    ended_at: float | None = None
    reason: str = ""
    last_picture: str = ""
    last_thumbnail: str = ""
    warning: str = ""

    @property
    def total(self) -> int:
        """How many frames it has."""
        return len(self.plan.frames)


@dataclass(slots=True)
class FrameRecord:
    """One frame that has left `waiting` at least once.

    Attributes:
        tries: attempts that have started it.
        seconds: how long the last try rendered, None before its end.
    """

    task: TaskId
    frame: int
    state: FrameState
    tries: int = 0
    attempt: int | None = None
    started_at: float | None = None
    seconds: float | None = None
    failure: Failure | None = None


@dataclass(slots=True)
class AttemptRecord:
    """One process at work on one task, with its log.

    A kept-open process that goes on to another task of its job begins a new attempt
    with the same pid and log; `log_start` is where that attempt's part begins.

    Attributes:
        pid: None before the process was started.
        process_created_at: the operating system's creation time of that pid; with the
            pid it names the process for good, a pid alone is used again.
        log_read: bytes of the log whose events were taken into account.
        frame: the frame in hand, None between frames.
        percent: progress of that frame, 0 to 100.
        peak_memory_mib, peak_vram_mib: the most it and all it started were seen to
            hold at a time; None where nobody looked, or the driver does not say.
    """

    id: int
    task: TaskId
    state: AttemptState
    grant: Grant
    log_path: str
    log_start: int = 0
    log_read: int = 0
    pid: int | None = None
    process_created_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    exit_code: int | None = None
    failure: Failure | None = None
    frame: int | None = None
    percent: float = 0.0
    peak_memory_mib: int | None = None
    peak_vram_mib: int | None = None
