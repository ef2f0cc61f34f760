"""Frames that come after the same frames of other jobs.

A frame is held until it is proved in every job that its own comes after: in the layer
of the same name, or in all layers of a job that has none of that name. A frame that the
other job does not render has nothing to wait for. What was proved before is told with
the command; what is proved afterwards is seen here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import NeededTask
from lrc_toolbox.scheduling.frame_marks import FrameMarks
from lrc_toolbox.scheduling.placing import feed
from lrc_toolbox.scheduling.work import JobWork, NeededFrames, TaskWork


def know_needed(board: Board, told: Mapping[int, Iterable[NeededTask]]) -> None:
    """Take in what jobs have proved that others come after; what is known stays."""
    for number, tasks in told.items():
        if number not in board.needed:
            board.needed[number] = {
                task.id.ordinal: NeededFrames(
                    task.layer, FrameMarks(task.frames, task.frames - task.proved)
                )
                for task in tasks
            }


def hold_frames(board: Board, job: JobWork, task: TaskWork, frames: FrameRange) -> None:
    """Take those out of a task's line that are not proved where they must be first.

    Args:
        board: what is known.
        job: the task's job.
        task: the task.
        frames: frames of it that are in line.
    """
    after = job.record.submission.frames_after
    if not after or not frames:
        return
    missing = FrameRange.empty()
    for number in after:
        if number not in board.needed:
            missing = frames
            break
        for need in _needs(board, number, task):
            missing = missing | need.missing.frames
    held = frames & missing
    if held:
        task.waiting.remove(held)
        if task.held is None:
            task.held = FrameMarks(task.record.plan.frames, held)
        else:
            task.held.add(held)


def frame_proved(board: Board, where: TaskId, frame: int, now: float) -> None:
    """Let those frames of other jobs go that waited for this one."""
    tasks = board.needed.get(where.job)
    if tasks is None:
        return
    tasks[where.ordinal].missing.discard(frame)
    for job in board.frame_dependants(where.job):
        for task in job.tasks.values():
            held = task.held is not None and task.held.holds(frame)
            if held and _is_free(board, job, task, frame):
                _let_go(board, job, task, frame, now)


def asked_again(board: Board, where: TaskId, frames: FrameRange) -> None:
    """Hold the frames of other jobs again whose own turn was not yet."""
    tasks = board.needed.get(where.job)
    if tasks is None:
        return
    tasks[where.ordinal].missing.add(frames)
    for job in board.frame_dependants(where.job):
        for task in job.tasks.values():
            hold_frames(board, job, task, task.waiting.frames & frames)


def _needs(board: Board, number: int, task: TaskWork) -> list[NeededFrames]:
    """Say what of a job a task comes after."""
    tasks = board.needed[number].values()
    layer = task.record.plan.layer
    return [need for need in tasks if need.layer == layer] or list(tasks)


def _is_free(board: Board, job: JobWork, task: TaskWork, frame: int) -> bool:
    return not any(
        number not in board.needed
        or any(need.missing.holds(frame) for need in _needs(board, number, task))
        for number in job.record.submission.frames_after
    )


def _let_go(board: Board, job: JobWork, task: TaskWork, frame: int, now: float) -> None:
    if task.held is not None:
        task.held.discard(frame)
    task.waiting.put_back(frame)
    board.index_task(job, task)
    board.line_up(job)
    for process in list(task.workers):
        feed(board, board.workers[process], now)
