"""All about one job as lines of text. Pure: views and records in, lines out.

Paths stay whole, so that they can be copied; the terminal breaks long lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from lrc_toolbox.cli.failed_frames import FailedFrames
from lrc_toolbox.jobs.records import AttemptRecord
from lrc_toolbox.jobs.states import AttemptState
from lrc_toolbox.jobs.wording import clock_time, count, duration, listed, printable

if TYPE_CHECKING:
    from lrc_toolbox.queue import JobView

_MOST_ATTEMPTS = 12
_BAD = {AttemptState.FAILED, AttemptState.LOST}


def fact_lines(job: JobView, now: float) -> Iterator[Text]:
    """Yield what a job is: where it comes from, where it goes, who asked, when."""
    asked = job.record.submission
    facts = [
        ("scene", asked.scene),
        ("pictures", asked.output_folder),
        ("engine", asked.engine),
        ("priority", str(job.priority)),
        ("asked", _asked(job, now)),
        ("after", listed([f"job {number}" for number in asked.depends_on])),
        ("note", asked.note),
        ("reason", job.reason),
    ]
    for label, value in facts:
        if value:
            yield Text.assemble((f"  {label:<9}", "dim"), printable(value))


def _asked(job: JobView, now: float) -> str:
    record = job.record
    parts = [f"{clock_time(record.submitted_at, now)} by {record.submission.user}"]
    if record.started_at is not None:
        parts.append(f"started {clock_time(record.started_at, now)}")
    if record.ended_at is not None:
        parts.append(f"ended {clock_time(record.ended_at, now)}")
    return ", ".join(parts)


def failure_lines(failures: Sequence[FailedFrames]) -> Iterator[Text]:
    """Yield which frames failed and why."""
    for failed in failures:
        frames = f"frame{'' if len(failed.frames) == 1 else 's'} {failed.frames}"
        where = f"  {failed.task} {failed.layer}, {frames}: "
        yield Text.assemble(
            (printable(where), "red"), printable(" ".join(failed.sentence.split()))
        )


def attempt_lines(attempts: Sequence[AttemptRecord], now: float) -> Iterator[Text]:
    """Yield the newest attempts, oldest first, each with its log."""
    older = len(attempts) - _MOST_ATTEMPTS
    if older > 0:
        yield Text(f"  {count(older, 'older attempt')} not shown", "dim")
    for attempt in attempts[-_MOST_ATTEMPTS:]:
        style = "red" if attempt.state in _BAD else ""
        facts = (
            f"  {attempt.id:>4}  {attempt.task!s:<7} {attempt.state.value:<9}"
            f"{_took(attempt, now):>8}  "
        )
        yield Text.assemble((facts, style), printable(attempt.log_path))
        if attempt.failure is not None:
            why = printable(" ".join(str(attempt.failure).split()))
            yield Text(f"        {why}", "red")


def _took(attempt: AttemptRecord, now: float) -> str:
    if attempt.started_at is None:
        return ""
    end = now if attempt.ended_at is None else attempt.ended_at
    return duration(end - attempt.started_at)


def attempt_json(attempt: AttemptRecord) -> dict[str, Any]:
    """Describe an attempt for programs."""
    return {
        "id": attempt.id,
        "task": str(attempt.task),
        "state": attempt.state.value,
        "pid": attempt.pid,
        "started_at": attempt.started_at,
        "ended_at": attempt.ended_at,
        "exit_code": attempt.exit_code,
        "failure": str(attempt.failure) if attempt.failure else "",
        "cpu_ids": list(attempt.grant.cpu_ids),
        "memory_mib": attempt.grant.memory_mib,
        "gpu_uuid": attempt.grant.gpu_uuid,
        "vram_mib": attempt.grant.vram_mib,
        "peak_memory_mib": attempt.peak_memory_mib,
        "peak_vram_mib": attempt.peak_vram_mib,
        "log": attempt.log_path,
        "log_start": attempt.log_start,
    }
