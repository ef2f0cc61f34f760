"""What happened to a job: the events clients follow, in the past tense.

Progress within a frame is no event: it changes too often to be kept, and is read from
the attempt's row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lrc_toolbox.jobs.records import TaskId


class EventKind(str, Enum):
    """The kinds of event, each with what its `text` holds."""

    JOB_SUBMITTED = "job_submitted"  # the job's name
    JOB_STARTED = "job_started"
    JOB_PAUSED = "job_paused"  # why, unless a person did it
    JOB_RESUMED = "job_resumed"
    JOB_PRIORITY_CHANGED = "job_priority_changed"  # the new priority
    JOB_RETRIED = "job_retried"  # the frames, e.g. "3,7-9"
    JOB_DONE = "job_done"
    JOB_FAILED = "job_failed"  # why
    JOB_CANCELLED = "job_cancelled"
    JOB_REMOVED = "job_removed"
    TASK_STARTED = "task_started"
    TASK_DONE = "task_done"
    TASK_FAILED = "task_failed"  # why
    ATTEMPT_STARTED = "attempt_started"  # the log's path
    ATTEMPT_ENDED = "attempt_ended"  # how it ended
    FRAME_STARTED = "frame_started"
    FRAME_PROVED = "frame_proved"  # the picture's path
    FRAME_SKIPPED = "frame_skipped"  # the picture that was there already
    FRAME_RETRIED = "frame_retried"  # why it goes back to waiting
    FRAME_FAILED = "frame_failed"  # why it was given up
    FRAME_ODD = "frame_odd"  # what sets it apart from its neighbours
    RENDERER_RESTS = "renderer_rests"  # which has no licence, and until when
    RENDERER_GOES_ON = "renderer_goes_on"  # which has one again
    QUEUE_PAUSED = "queue_paused"
    QUEUE_RESUMED = "queue_resumed"
    QUEUE_STOPPED = "queue_stopped"
    RENDERS_STEPPED_BACK = "renders_stepped_back"  # for whose sake
    RENDERS_WENT_ON = "renders_went_on"
    GPU_LOST = "gpu_lost"  # its UUID
    SERVICE_STARTED = "service_started"
    SERVICE_STOPPED = "service_stopped"  # what is left, where it was told to end
    COMMAND_REFUSED = "command_refused"  # which command and why


JOB_ENDED = frozenset(
    {
        EventKind.JOB_DONE,
        EventKind.JOB_FAILED,
        EventKind.JOB_CANCELLED,
        EventKind.JOB_REMOVED,
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        seq: grows by at least one with every event of a queue; 0 until stored.
        at: when, seconds since 1970 UTC.
        job: the job's number, None for events of the queue or the service.
        task: the task it happened to, where it was one.
    """

    kind: EventKind
    at: float
    job: int | None = None
    task: TaskId | None = None
    frame: int | None = None
    attempt: int | None = None
    text: str = ""
    seq: int = 0
