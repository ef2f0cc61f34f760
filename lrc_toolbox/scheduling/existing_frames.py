"""Frames whose pictures are there already: found, looked at, and skipped if proved.

Tasks whose submission wants that are searched once, when nothing but capacity holds
them back any more. Frames without pictures are given out at once; the others are looked
at a few at a time, so that pictures of processes at work need not wait for them, and
are given out where they are not whole.
"""

from __future__ import annotations

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import FrameRecord
from lrc_toolbox.jobs.states import FrameState
from lrc_toolbox.scheduling.actions import FindExisting, LookAtExisting
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import ExistingFound, FrameLooked
from lrc_toolbox.scheduling.frames_needed import frame_proved
from lrc_toolbox.scheduling.shown import show_progress
from lrc_toolbox.scheduling.work import JobWork, TaskWork

#: How many pictures are in line to be looked at. The prover takes one after the other;
#: one in line behind it keeps it busy.
LOOKS_AT_ONCE = 2

_REASON = "Pictures that are there already are being looked at."


def search_first(board: Board, job: JobWork) -> None:
    """Let a job's open tasks wait until their pictures were searched for."""
    if job.record.submission.existing == "render":
        return
    for ordinal, task in job.tasks.items():
        task.searched = False
        board.unsearched.setdefault(job.record.id, set()).add(ordinal)


def render_anyway(
    board: Board, job: JobWork, task: TaskWork, again: FrameRange
) -> None:
    """Keep frames that a person asked for from being skipped by the next service.

    A frame with a row is not searched for.
    """
    if job.record.submission.existing == "render":
        return
    for number in again:
        frame = FrameRecord(task.record.id, number, FrameState.WAITING)
        task.frames[number] = frame
        board.save_frame(frame)


def find_and_look(board: Board) -> None:
    """Search for the pictures of tasks whose turn it is, and look at what was found."""
    for number in list(board.unsearched):
        job = board.jobs.get(number)
        if job is None:
            del board.unsearched[number]
        elif job.may_start and not board.leaving:
            _search(board, job)
    while board.existing and board.looks < LOOKS_AT_ONCE and _look(board):
        pass


def _search(board: Board, job: JobWork) -> None:
    ordinals = board.unsearched[job.record.id]
    ready = [
        n for n in sorted(ordinals) if n not in job.tasks or not job.tasks[n].after
    ]
    ordinals.difference_update(ready)
    if not ordinals:
        del board.unsearched[job.record.id]
    tasks = [job.tasks[ordinal] for ordinal in ready if ordinal in job.tasks]
    if tasks:
        wanted = tuple(
            (task.record, task.waiting.frames - FrameRange.of(task.frames))
            for task in tasks
        )
        board.searches += 1
        board.actions.append(FindExisting(job.record, wanted))
        _give_reason(board, job, _REASON)


def existing_found(board: Board, event: ExistingFound) -> None:
    """Give out the frames without pictures, and look at the others."""
    board.searches -= 1
    job = board.jobs.get(event.job)
    if job is None:
        return
    for where, found in event.found.items():
        task = job.tasks.get(where.ordinal)
        if task is None or task.searched:
            continue
        task.searched = True
        there = (task.waiting.frames & found) - FrameRange.of(task.frames)
        if there:
            task.existing = task.waiting.part(there)
            board.existing.setdefault(event.job, []).append(where.ordinal)
        board.index_task(job, task)
    board.line_up(job)
    _end_reason(board, job)


def _look(board: Board) -> bool:
    """Have the next picture looked at; False where there is none."""
    open_jobs = [
        board.jobs[number] for number in board.existing if number in board.jobs
    ]
    if not open_jobs:
        board.existing.clear()
        return False
    job = min(open_jobs, key=lambda one: one.rank)
    ordinals = board.existing[job.record.id]
    task = job.tasks.get(ordinals[0])
    if task is not None and task.existing:
        [frame] = task.existing.take(1)
        task.looking.add(frame)
        task.proving.add(frame)
        board.proving += 1
        board.looks += 1
        board.actions.append(LookAtExisting(task.record, frame))
    if task is None or not task.existing:
        ordinals.pop(0)
        if not ordinals:
            del board.existing[job.record.id]
    return True


def existing_looked(board: Board, task: TaskWork, event: FrameLooked) -> None:
    """Skip a frame whose pictures are proved, or let it be rendered."""
    job = board.jobs[event.task.job]
    for frames in (task.looking, task.proving):
        frames.discard(event.frame)
    board.proving -= 1
    board.looks -= 1
    board.touched[event.task] = None
    if event.failure is None:
        _skip(board, task, event)
    elif not job.record.cancelling and task.given_up is None:
        task.waiting.put_back(event.frame)
        board.index_task(job, task)
        board.line_up(job)
    _end_reason(board, job)


def _skip(board: Board, task: TaskWork, event: FrameLooked) -> None:
    frame = FrameRecord(event.task, event.frame, FrameState.WAITING)
    board.move_frame(frame, FrameState.DONE)
    record = task.record
    record.done += 1
    record.last_picture, record.last_thumbnail = event.picture, event.thumbnail
    show_progress(board, task)
    kind, picture = EventKind.FRAME_SKIPPED, event.picture
    board.say(kind, event.now, task=event.task, frame=event.frame, text=picture)
    frame_proved(board, event.task, event.frame, event.now)


def _give_reason(board: Board, job: JobWork, reason: str) -> None:
    job.record.reason = reason
    board.save_job(job.record)


def _end_reason(board: Board, job: JobWork) -> None:
    if job.record.reason != _REASON or job.record.id in board.existing:
        return
    if all(task.searched and not task.looking for task in job.tasks.values()):
        _give_reason(board, job, "")
