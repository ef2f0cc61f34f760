"""What clients see of jobs, tasks and the queue: rows with their progress.

Plain data, made anew for every look; changing it changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from lrc_toolbox.jobs.records import AttemptRecord, JobRecord, TaskId, TaskRecord
from lrc_toolbox.jobs.states import JobState, TaskState
from lrc_toolbox.scheduling.progress import Progress


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as clients see it.

    Attributes:
        reason: why it waits, or why it failed, one sentence; empty otherwise.
    """

    record: JobRecord
    progress: Progress
    reason: str

    @property
    def id(self) -> int:
        """Its number."""
        return self.record.id

    @property
    def name(self) -> str:
        """What lists call it."""
        return self.record.name

    @property
    def state(self) -> JobState:
        """How far it is."""
        return self.record.state

    @property
    def paused(self) -> bool:
        """Whether a person holds it back."""
        return self.record.paused

    @property
    def priority(self) -> int:
        """How soon it comes, 0 to 100, higher is sooner."""
        return self.record.priority

    def to_json(self) -> dict[str, Any]:
        """Give what docs/td-guide.md describes as a job."""
        record, submission = self.record, self.record.submission
        return {
            "id": record.id,
            "name": record.name,
            "state": record.state.value,
            "paused": record.paused,
            "priority": record.priority,
            "reason": self.reason,
            "scene": submission.scene,
            "engine": submission.engine,
            "output_folder": submission.output_folder,
            "user": submission.user,
            "note": submission.note,
            "tasks": record.task_count,
            "submitted_at": record.submitted_at,
            "started_at": record.started_at,
            "ended_at": record.ended_at,
            "progress": asdict(self.progress),
        }


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as clients see it.

    Attributes:
        attempts: those of its attempts that have not ended.
    """

    record: TaskRecord
    progress: Progress
    attempts: tuple[AttemptRecord, ...]

    @property
    def id(self) -> TaskId:
        """Which task."""
        return self.record.id

    @property
    def layer(self) -> str:
        """The render layer."""
        return self.record.plan.layer

    @property
    def camera(self) -> str:
        """The camera."""
        return self.record.plan.camera

    @property
    def state(self) -> TaskState:
        """How far it is."""
        return self.record.state

    def to_json(self) -> dict[str, Any]:
        """Give what docs/td-guide.md describes as a task."""
        record = self.record
        return {
            "id": str(record.id),
            "layer": record.plan.layer,
            "camera": record.plan.camera,
            "frames": str(record.plan.frames),
            "state": record.state.value,
            "reason": record.reason,
            "warning": record.warning,
            "pictures": [picture.pattern for picture in record.plan.pictures],
            "frame_seconds": record.frame_seconds,
            "render_seconds": record.render_seconds,
            "last_picture": record.last_picture,
            "last_thumbnail": record.last_thumbnail,
            "started_at": record.started_at,
            "ended_at": record.ended_at,
            "progress": asdict(self.progress),
            "attempts": [
                {
                    "id": attempt.id,
                    "state": attempt.state.value,
                    "pid": attempt.pid,
                    "frame": attempt.frame,
                    "percent": attempt.percent,
                    "cpu_ids": list(attempt.grant.cpu_ids),
                    "log": attempt.log_path,
                }
                for attempt in self.attempts
            ],
        }


@dataclass(frozen=True, slots=True)
class QueueProgress:
    """The whole queue: its open jobs together.

    Attributes:
        waiting, running: open jobs.
        completed, failed, cancelled: ended jobs still listed.
        paused: a person holds the whole queue back.
        progress: over the frames of the open jobs.
    """

    waiting: int
    running: int
    completed: int
    failed: int
    cancelled: int
    paused: bool
    progress: Progress
