"""Why a job stands where it stands, and each of its tasks: one sentence each.

From the rows that the scheduler wrote and from its own decision; nothing is decided
here. Sentences of what waits name a remedy. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from lrc_toolbox.jobs.capacity import Blocked
from lrc_toolbox.jobs.records import AttemptRecord, JobRecord, TaskId, TaskRecord
from lrc_toolbox.jobs.states import TASK, AttemptState, JobState, TaskState
from lrc_toolbox.jobs.wording import count, listed
from lrc_toolbox.scheduling.progress import Progress


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """Why a task stands where it stands.

    Attributes:
        why: one sentence or two, with the remedy where it waits.
    """

    id: TaskId
    layer: str
    camera: str
    state: TaskState
    why: str


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """Why a job stands where it stands, and each of its tasks.

    Attributes:
        why: one sentence or two, with the remedy where it waits.
        tasks: in their order.
    """

    id: int
    name: str
    state: JobState
    why: str
    tasks: tuple[TaskAnswer, ...]

    def to_json(self) -> dict[str, Any]:
        """Give what docs/td-guide.md describes as an answer."""
        return {
            "job": self.id,
            "name": self.name,
            "state": self.state.value,
            "why": self.why,
            "tasks": [
                {
                    "id": str(task.id),
                    "layer": task.layer,
                    "camera": task.camera,
                    "state": task.state.value,
                    "why": task.why,
                }
                for task in self.tasks
            ],
        }


@dataclass(frozen=True, slots=True)
class Situation:
    """What the queue says of a job and of what is around it.

    Attributes:
        held: by whom the job as a whole is held back; empty by nobody.
        lack: what it lacks where nobody holds it back.
        blocked: the jobs that would come next, and what they lack.
        live: the job's attempts that have not ended.
        proving: the tasks of which pictures are being read.
        stepping_back: for whose sake renders step back; empty where they do not.
    """

    job: JobRecord
    progress: Progress
    held: str
    lack: str
    blocked: Sequence[Blocked]
    live: Sequence[AttemptRecord]
    proving: Collection[TaskId]
    stepping_back: str

    @property
    def waits(self) -> str:
        """Say what it waits for."""
        return self.held or self.lack


def answer(situation: Situation, tasks: Sequence[TaskRecord]) -> JobAnswer:
    """Answer for a job and for each of its tasks."""
    job = situation.job
    busy = {attempt.task for attempt in situation.live} | set(situation.proving)
    fresh = (
        task.id
        for task in tasks
        if not (TASK.ended(task.state) or task.reason or task.id in busy)
    )
    following = next(fresh, None)
    answers = tuple(
        TaskAnswer(
            task.id,
            task.plan.layer,
            task.plan.camera,
            task.state,
            _of_task(situation, task, comes_next=task.id == following),
        )
        for task in tasks
    )
    return JobAnswer(job.id, job.name, job.state, _of_job(situation), answers)


# -- jobs ------------------------------------------------------------------------
def _of_job(situation: Situation) -> str:
    job, progress = situation.job, situation.progress
    frames = f"{progress.done} of {count(progress.frames, 'frame')}"
    retry = f"`lrc retry {job.id}` renders what is missing."
    match job.state:
        case JobState.DONE:
            return f"It is done: {frames} are proved."
        case JobState.FAILED:
            return f"It failed, {frames} are proved. {job.reason} {retry}"
        case JobState.CANCELLED:
            return f"It was cancelled, {frames} are proved. {retry}"
    if job.state is JobState.RUNNING and not situation.held:
        return _of_running(situation, frames)
    return situation.waits


def _of_running(situation: Situation, frames: str) -> str:
    job, live = situation.job, situation.live
    if live:
        work = f"{len(live)} processes" if len(live) > 1 else "a process"
        # Between two frames, or at rest for the artist, which its task tells.
        does = "renders with" if any(one.frame is not None for one in live) else "has"
        said = f"It {does} {work}, {frames} are proved."
    elif situation.proving:
        said = f"Pictures of it are being read, {frames} are proved."
    else:
        return situation.waits
    return f"{said} {job.reason}".strip()


# -- tasks -----------------------------------------------------------------------
def _of_task(situation: Situation, task: TaskRecord, *, comes_next: bool) -> str:
    if TASK.ended(task.state):
        return _of_ended(task)
    live = [one for one in situation.live if one.task == task.id]
    if live:
        said = _of_work(situation, live)
    elif task.id in situation.proving:
        said = "Its pictures are being read."
    elif task.reason and not situation.held:
        said = task.reason
    else:
        said = _of_waiting(situation, comes_next=comes_next)
    return f"{said} {task.warning}".strip()


def _of_ended(task: TaskRecord) -> str:
    frames = f"{task.done} of {count(task.total, 'frame')}"
    if task.state is TaskState.DONE:
        return f"It is done: {frames} are proved. {task.warning}".strip()
    if task.state is TaskState.CANCELLED:
        return f"It was cancelled, {frames} are proved."
    why = task.reason or f"{count(task.failed, 'frame')} failed."
    return f"It failed, {frames} are proved. {why}"


def _of_work(situation: Situation, live: Sequence[AttemptRecord]) -> str:
    hands = sorted((one.frame, one.percent) for one in live if one.frame is not None)
    if hands:
        shown = [f"{frame} ({int(percent)}%)" for frame, percent in hands]
        return f"It renders frame{'s'[: len(hands) - 1]} {listed(shown)}."
    if all(one.state is AttemptState.STOPPING for one in live):
        return "Its process is being ended."
    if situation.stepping_back:
        why = situation.stepping_back
        return f"Its process rests with the scene open: {why}."
    return "Its process opens the scene, or is given its next frame."


def _of_waiting(situation: Situation, *, comes_next: bool) -> str:
    number = situation.job.id
    mine = next((one for one in situation.blocked if one.job == number), None)
    if situation.held or mine is None:
        return situation.waits
    if comes_next:
        return mine.lack.why
    return f"Other layers of its job come first. {mine.lack.why}"
