"""Which frames of a job failed and why, gathered so that a person can read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lrc_toolbox.jobs.failures import Failure
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import FrameRecord, TaskId
from lrc_toolbox.jobs.states import FrameState

if TYPE_CHECKING:
    from lrc_toolbox.queue import RenderQueue, TaskView


@dataclass(frozen=True)
class FailedFrames:
    """Frames of one task that were given up for the same reason."""

    task: TaskId
    layer: str
    frames: FrameRange
    failure: Failure | None

    @property
    def sentence(self) -> str:
        """Why, in words a person understands."""
        return str(self.failure) if self.failure else "It is not known why."

    def to_json(self) -> dict[str, Any]:
        """Describe them for programs."""
        return {
            "task": str(self.task),
            "layer": self.layer,
            "frames": str(self.frames),
            "class": self.failure.kind.value if self.failure else "other",
            "message": self.failure.message if self.failure else "",
            "sentence": self.sentence,
        }


def read_failed_frames(
    queue: RenderQueue, tasks: Iterable[TaskView]
) -> list[FailedFrames]:
    """Read the failed frames of tasks, those with the same reason together."""
    found = []
    for task in tasks:
        if task.progress.failed:
            failed = by_reason(queue.frames(task.id))
            for failure, frames in failed.items():
                found.append(FailedFrames(task.id, task.layer, frames, failure))
    return found


def by_reason(frames: Iterable[FrameRecord]) -> dict[Failure | None, FrameRange]:
    """Gather failed frames by why they failed, in order of their first frame."""
    gathered: dict[Failure | None, list[int]] = {}
    for frame in frames:
        if frame.state is FrameState.FAILED:
            gathered.setdefault(frame.failure, []).append(frame.frame)
    return {failure: FrameRange.of(numbers) for failure, numbers in gathered.items()}
