"""What follows when a proved frame turns out odd: it is told, and may pause its job."""

from __future__ import annotations

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.records import PAUSED
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.oddity import Seen
from lrc_toolbox.scheduling.work import JobWork, TaskWork

#: How many odd frames a task's warning tells of; the events tell of all.
_TOLD = 3
_MORE = "More frames are odd; the events tell which."


def notice(board: Board, task: TaskWork, seen: Seen, now: float) -> None:
    """Compare a proved frame with its neighbours, and tell what is odd."""
    for number, sentence in task.seen.add(seen):
        _warn(board, task, number, sentence, now)


def _warn(board: Board, task: TaskWork, number: int, sentence: str, now: float) -> None:
    record = task.record
    board.say(EventKind.FRAME_ODD, now, task=record.id, frame=number, text=sentence)
    told = record.warning.count("Frame ")
    if told < _TOLD:
        record.warning = f"{record.warning} {sentence}".strip()
    elif _MORE not in record.warning:
        record.warning = f"{record.warning} {_MORE}"
    board.save_task(record)
    job = board.jobs[record.id.job]
    if job.record.submission.pause_when_odd and not job.record.cancelling:
        _pause(board, job, sentence, now)


def _pause(board: Board, job: JobWork, sentence: str, now: float) -> None:
    record = job.record
    record.reason = f"{PAUSED} {sentence} Look at it, then resume or cancel it."
    if not record.paused:
        record.paused = True
        board.line_up(job)
        board.say(EventKind.JOB_PAUSED, now, job=record.id, text=sentence)
    board.save_job(record)
