"""What the tables show: one plain row for a job and one for a task.

Made from the queue's views on a worker thread, compared and shown on the GUI thread.
Nothing here imports Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from lrc_toolbox.jobs.records import JobRecord, TaskId
from lrc_toolbox.jobs.states import JobState, TaskState

if TYPE_CHECKING:
    from lrc_toolbox.queue import JobView, TaskView


class Phase(Enum):
    """How far a row is, as its dot and word say it; a pause shows as one."""

    WAITING = "Waiting"
    PAUSED = "Paused"
    RUNNING = "Running"
    CANCELLING = "Cancelling"
    DONE = "Done"
    FAILED = "Failed"
    CANCELLED = "Cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing happens any more unless a person asks for it."""
        return self in (Phase.DONE, Phase.FAILED, Phase.CANCELLED)


@dataclass(frozen=True, slots=True)
class Figures:
    """What jobs and tasks have in common to show.

    Attributes:
        percent: 0 to 100.
        started_at, ended_at, eta_at: seconds since 1970 UTC, None where unknown.
    """

    phase: Phase
    percent: float
    frames: int
    done: int
    failed: int
    started_at: float | None
    ended_at: float | None
    eta_at: float | None


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job of the queue.

    Attributes:
        folder: where its pictures go.
        reason: why it waits or failed, one sentence or empty.
    """

    id: int
    name: str
    figures: Figures
    priority: int
    paused: bool
    tasks: int
    scene: str
    folder: str
    reason: str
    note: str

    @property
    def job(self) -> int:
        """The number of the job it belongs to: its own."""
        return self.id


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of a job.

    Attributes:
        rendering: the frames in hand, as text.
        reason: why it waits or failed, and what is odd about its frames; or empty.
        picture: path of the newest proved picture, empty before the first.
        picture_frame: its frame number, empty likewise.
        thumbnail: path of its small JPEG, empty likewise.
    """

    id: TaskId
    layer: str
    camera: str
    figures: Figures
    rendering: str
    reason: str
    picture: str
    picture_frame: str
    thumbnail: str

    @property
    def job(self) -> int:
        """The number of the job it belongs to."""
        return self.id.job


Row = JobRow | TaskRow

_ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


def job_row(view: JobView, known: JobRow | None = None) -> JobRow:
    """Make the row of a job.

    Args:
        view: the job.
        known: the row made of it before, which is used again where the job had ended
            and has not been started anew since: most jobs of a long list have.
    """
    record = view.record
    if known is not None and view.state in _ENDED and _is_same_end(known, record):
        return known
    return JobRow(
        id=view.id,
        name=view.name,
        figures=_figures(_job_phase(view), view),
        priority=view.priority,
        paused=view.paused,
        tasks=record.task_count,
        scene=record.submission.scene,
        folder=record.submission.output_folder,
        reason=view.reason,
        note=record.submission.note,
    )


def task_row(view: TaskView) -> TaskRow:
    """Make the row of a task."""
    record = view.record
    frames = sorted(a.frame for a in view.attempts if a.frame is not None)
    return TaskRow(
        id=view.id,
        layer=view.layer,
        camera=view.camera,
        figures=_figures(Phase[TaskState(view.state).name], view),
        rendering=", ".join(map(str, frames)),
        reason=" ".join(filter(None, (record.reason, record.warning))),
        picture=record.last_picture,
        picture_frame=frame_of(record.last_picture),
        thumbnail=record.last_thumbnail,
    )


def picture_folder(row: Row, job: JobRow) -> str:
    """Say where the pictures of a row lie: its newest one's folder, if there is one."""
    if isinstance(row, TaskRow) and row.picture:
        return str(Path(row.picture).parent)
    return job.folder


def frame_of(picture: str) -> str:
    """Read a picture's frame number from its name, `shot.1001.exr`."""
    frame = Path(picture).stem.rpartition(".")[2]
    return str(int(frame)) if frame.lstrip("-").isdecimal() else frame


def _is_same_end(known: JobRow, record: JobRecord) -> bool:
    figures = known.figures
    return figures.phase.ended and figures.ended_at == record.ended_at


def _job_phase(view: JobView) -> Phase:
    if view.record.cancelling:
        return Phase.CANCELLING
    phase = Phase[JobState(view.state).name]
    return Phase.PAUSED if view.paused and not phase.ended else phase


def _figures(phase: Phase, view: JobView | TaskView) -> Figures:
    progress = view.progress
    return Figures(
        phase=phase,
        percent=progress.percent,
        frames=progress.frames,
        done=progress.done,
        failed=progress.failed,
        started_at=view.record.started_at,
        ended_at=view.record.ended_at,
        eta_at=progress.eta_at,
    )
