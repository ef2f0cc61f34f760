"""Hand-made jobs and tasks for the tests of what is shown."""

from __future__ import annotations

import time

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    JobRecord,
    TaskId,
    TaskPlan,
    TaskRecord,
)
from lrc_toolbox.jobs.states import AttemptState, JobState, TaskState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.queue import JobView, Progress, TaskView

NOW = time.mktime((2026, 3, 14, 12, 0, 0, 0, 0, -1))


def progress(
    done: int = 0,
    frames: int = 24,
    *,
    failed: int = 0,
    percent: float | None = None,
    elapsed: float | None = None,
    left: float | None = None,
) -> Progress:
    return Progress(
        percent=100 * (done + failed) / frames if percent is None else percent,
        frames=frames,
        done=done,
        failed=failed,
        elapsed_s=elapsed,
        eta_s=left,
        eta_at=None if left is None else NOW + left,
    )


def job(
    state: JobState = JobState.RUNNING,
    *,
    number: int = 17,
    name: str = "cartoonhouses",
    reason: str = "",
    paused: bool = False,
    cancelling: bool = False,
    at: Progress | None = None,
) -> JobView:
    submission = Submission(
        scene="/scenes/houses.ma", output_folder="/out", name=name, user="anna"
    )
    record = JobRecord(
        id=number,
        submission=submission,
        state=state,
        submitted_at=NOW - 100,
        priority=50,
        paused=paused,
        cancelling=cancelling,
        started_at=NOW - 90,
        task_count=3,
    )
    return JobView(record, at or progress(), reason)


def task(
    layer: str,
    state: TaskState = TaskState.RUNNING,
    *,
    ordinal: int = 1,
    camera: str = "persp",
    at: Progress | None = None,
    reason: str = "",
    warning: str = "",
    hands: tuple[tuple[int | None, float], ...] = (),
    attempt_state: AttemptState = AttemptState.RUNNING,
) -> TaskView:
    done = at or progress()
    picture = ExpectedPicture(f"/out/{layer}.####.exr", 64, 36)
    plan = TaskPlan(layer, camera, FrameRange.of(range(1, done.frames + 1)), (picture,))
    where = TaskId(17, ordinal)
    record = TaskRecord(where, plan, state, reason=reason, warning=warning)
    attempts = tuple(
        AttemptRecord(
            id=30 + place,
            task=record.id,
            state=attempt_state,
            grant=Grant((0, 1)),
            log_path=f"/logs/{30 + place}.log",
            frame=frame,
            percent=percent,
        )
        for place, (frame, percent) in enumerate(hands)
    )
    return TaskView(record, done, attempts)
