"""Records as rows of the queue file, and rows as records.

Owns the order of the columns and the form of what is kept as JSON. No SQL is run here,
and `store.migrations` owns the tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from functools import lru_cache
from typing import Any

from lrc_toolbox.jobs.capacity import Blocked, Lack, Resource
from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import (
    AttemptRecord,
    FrameRecord,
    JobRecord,
    TaskId,
    TaskPlan,
    TaskRecord,
)
from lrc_toolbox.jobs.states import AttemptState, FrameState, JobState, TaskState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.usage import Usage

Row = Sequence[Any]


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Keys first, then what never changes, as `store.saving` needs them.
JOB = _columns(
    "id state priority paused cancelling submitted_at started_at ended_at reason "
    "task_count"
)
TASK = _columns(
    "job ordinal frames state done failed shown_percent frame_seconds render_seconds "
    "started_at ended_at reason last_picture last_thumbnail warning"
)
FRAME = _columns(
    "job ordinal frame state tries attempt started_at seconds failure message"
)
ATTEMPT = _columns(
    "id job ordinal state cpu_ids memory_mib gpu_uuid vram_mib log_path log_start "
    "log_read pid process_created_at started_at ended_at exit_code failure message "
    "frame percent peak_memory_mib peak_vram_mib"
)
USAGE = _columns("key memory_mib vram_mib memory_short_mib vram_short_mib seen_at")
BLOCKED = _columns("place job resource why")
EVENT = _columns("seq at kind job ordinal frame attempt text")

# Made once: json.dumps makes an encoder for every call that names separators.
# ASCII, because a file name that is no UTF-8 (Linux) is kept whole by JSON's escapes.
_encode = json.JSONEncoder(separators=(",", ":")).encode


def storable(text: str) -> str:
    """Replace what UTF-8 cannot hold: halves of characters, out of broken names."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=1024)
def read_frames(text: str) -> FrameRange:
    """Read a frame range as `str` printed it, also the empty one."""
    return FrameRange.parse(text, keep_ends=False) if text else FrameRange.empty()


# Clients ask for their jobs again and again; a submission never changes.
@lru_cache(maxsize=2048)
def read_submission(text: str) -> Submission:
    """Read a submission from its JSON."""
    return Submission.from_json(text, "the queue file")


def write_submission(submission: Submission) -> str:
    """Write a submission as JSON."""
    return submission.model_dump_json()


def write_plan(plan: TaskPlan) -> str:
    """Write a plan as JSON."""
    return _encode(plan_fields(plan))


def write_plans(plans: Sequence[TaskPlan]) -> str:
    """Write the plans of a submission as one JSON list."""
    return _encode([plan_fields(plan) for plan in plans])


def plan_fields(plan: TaskPlan) -> dict[str, Any]:
    """Return a plan as JSON values."""
    return {
        "layer": plan.layer,
        "camera": plan.camera,
        "frames": str(plan.frames),
        "pictures": [
            [picture.pattern, picture.width, picture.height, picture.channels]
            for picture in plan.pictures
        ],
        "settings": plan.settings,
    }


def read_plan(text: str) -> TaskPlan:
    """Read what `write_plan` wrote."""
    return _plan(json.loads(text))


def read_plans(text: str) -> tuple[TaskPlan, ...]:
    """Read what `write_plans` wrote."""
    return tuple(map(_plan, json.loads(text)))


def _plan(fields: dict[str, Any]) -> TaskPlan:
    return TaskPlan(
        fields["layer"],
        fields["camera"],
        read_frames(fields["frames"]),
        tuple(
            ExpectedPicture(pattern, width, height, tuple(channels))
            for pattern, width, height, channels in fields["pictures"]
        ),
        fields["settings"],
    )


def job_row(job: JobRecord) -> Row:
    """Return the `JOB` columns of a job; its submission is kept apart."""
    return (
        job.id,
        job.state.value,
        job.priority,
        int(job.paused),
        int(job.cancelling),
        job.submitted_at,
        job.started_at,
        job.ended_at,
        storable(job.reason),
        job.task_count,
    )


def job_record(row: Row, submission: str) -> JobRecord:
    """Return a job from its `JOB` columns and its submission."""
    return JobRecord(
        id=row[0],
        submission=read_submission(submission),
        state=JobState(row[1]),
        priority=row[2],
        paused=bool(row[3]),
        cancelling=bool(row[4]),
        submitted_at=row[5],
        started_at=row[6],
        ended_at=row[7],
        reason=row[8],
        task_count=row[9],
    )


def task_row(task: TaskRecord) -> Row:
    """Return the `TASK` columns of a task; its plan is kept apart."""
    return (
        *task.id,
        task.total,
        task.state.value,
        task.done,
        task.failed,
        task.shown_percent,
        task.frame_seconds,
        task.render_seconds,
        task.started_at,
        task.ended_at,
        storable(task.reason),
        storable(task.last_picture),
        storable(task.last_thumbnail),
        storable(task.warning),
    )


def task_record(row: Row, plan: str) -> TaskRecord:
    """Return a task from its `TASK` columns and its plan."""
    return TaskRecord(
        TaskId(row[0], row[1]), read_plan(plan), TaskState(row[3]), *row[4:]
    )


def frame_row(frame: FrameRecord) -> Row:
    """Return the `FRAME` columns of a frame."""
    return (
        *frame.task,
        frame.frame,
        frame.state.value,
        frame.tries,
        frame.attempt,
        frame.started_at,
        frame.seconds,
        *_failure_row(frame.failure),
    )


def frame_record(row: Row) -> FrameRecord:
    """Return a frame from its `FRAME` columns."""
    return FrameRecord(
        TaskId(row[0], row[1]),
        row[2],
        FrameState(row[3]),
        tries=row[4],
        attempt=row[5],
        started_at=row[6],
        seconds=row[7],
        failure=_failure(row[8], row[9]),
    )


def attempt_row(attempt: AttemptRecord) -> Row:
    """Return the `ATTEMPT` columns of an attempt."""
    grant = attempt.grant
    return (
        attempt.id,
        *attempt.task,
        attempt.state.value,
        " ".join(map(str, grant.cpu_ids)),
        grant.memory_mib,
        grant.gpu_uuid,
        grant.vram_mib,
        storable(attempt.log_path),
        attempt.log_start,
        attempt.log_read,
        attempt.pid,
        attempt.process_created_at,
        attempt.started_at,
        attempt.ended_at,
        attempt.exit_code,
        *_failure_row(attempt.failure),
        attempt.frame,
        attempt.percent,
        attempt.peak_memory_mib,
        attempt.peak_vram_mib,
    )


def attempt_record(row: Row) -> AttemptRecord:
    """Return an attempt from its `ATTEMPT` columns."""
    return AttemptRecord(
        row[0],
        TaskId(row[1], row[2]),
        AttemptState(row[3]),
        Grant(tuple(map(int, row[4].split())), *row[5:8]),
        log_path=row[8],
        log_start=row[9],
        log_read=row[10],
        pid=row[11],
        process_created_at=row[12],
        started_at=row[13],
        ended_at=row[14],
        exit_code=row[15],
        failure=_failure(row[16], row[17]),
        frame=row[18],
        percent=row[19],
        peak_memory_mib=row[20],
        peak_vram_mib=row[21],
    )


def usage_row(usage: Usage) -> Row:
    """Return the `USAGE` columns of what is known of a layer."""
    return (storable(usage.key), *astuple(usage)[1:])


def blocked_row(place: int, blocked: Blocked) -> Row:
    """Return the `BLOCKED` columns of the job at a place in line."""
    lack = blocked.lack
    return place, blocked.job, lack.resource.value, storable(lack.why)


def blocked_record(row: Row) -> Blocked:
    """Return a job in line, and what it lacks, from its `BLOCKED` columns."""
    return Blocked(row[1], Lack(Resource(row[2]), row[3]))


def event_row(event: Event) -> Row:
    """Return the `EVENT` columns of an event, all but its number."""
    return (
        event.at,
        event.kind.value,
        event.job if event.task is None else event.task.job,
        None if event.task is None else event.task.ordinal,
        event.frame,
        event.attempt,
        storable(event.text),
    )


def event_record(row: Row) -> Event:
    """Return an event from its `EVENT` columns."""
    seq, at, kind, job, ordinal, frame, attempt, text = row
    task = None if ordinal is None else TaskId(job, ordinal)
    return Event(EventKind(kind), at, job, task, frame, attempt, text, seq)


def _failure_row(failure: Failure | None) -> tuple[str | None, str | None]:
    if failure is None:
        return None, None
    return failure.kind.value, storable(failure.message)


def _failure(kind: str | None, message: str | None) -> Failure | None:
    return None if kind is None else Failure(FailureClass(kind), message or "")
