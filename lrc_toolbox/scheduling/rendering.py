"""What follows when a process begins, gets on with, writes or gives up a frame."""

from __future__ import annotations

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.records import FrameRecord
from lrc_toolbox.jobs.states import FrameState
from lrc_toolbox.scheduling.actions import ProveFrame
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import (
    FrameGivenUp,
    FrameLooked,
    FrameProgressed,
    FrameStarted,
    FrameWritten,
    TaskGivenUp,
)
from lrc_toolbox.scheduling.existing_frames import existing_looked
from lrc_toolbox.scheduling.failing import fail_frame, take_remedy
from lrc_toolbox.scheduling.frames_needed import frame_proved
from lrc_toolbox.scheduling.learning import learn_peaks
from lrc_toolbox.scheduling.licences import rendered
from lrc_toolbox.scheduling.noticing import notice
from lrc_toolbox.scheduling.oddity import Seen
from lrc_toolbox.scheduling.placing import close, feed
from lrc_toolbox.scheduling.retries import RULES, Remedy
from lrc_toolbox.scheduling.shown import show_progress
from lrc_toolbox.scheduling.work import TaskWork, Worker

#: How often, in seconds, progress within frames is written down at most.
PROGRESS_S = 0.25


def frame_started(board: Board, event: FrameStarted) -> None:
    """Note the frame in hand."""
    worker, task = _at_work(board, event.process, event.frame)
    if worker is None or task is None:
        return
    _begin(board, worker, task, event.frame, event.now)


def frame_progressed(board: Board, event: FrameProgressed) -> None:
    """Note how far the frame in hand is; shown progress never goes back."""
    worker, task = _at_work(board, event.process, event.frame)
    if worker is None or task is None:
        return
    _begin(board, worker, task, event.frame, event.now)
    attempt = worker.attempt
    attempt.percent = min(100.0, max(attempt.percent, event.percent))
    if event.now - worker.saved_at >= PROGRESS_S:
        worker.saved_at = event.now
        show_progress(board, task)
        board.save_attempt(attempt)


def frame_written(board: Board, event: FrameWritten) -> None:
    """Have the pictures looked at, and give the process its next frame."""
    worker, task = _at_work(board, event.process, event.frame)
    if worker is None or task is None:
        return
    _begin(board, worker, task, event.frame, event.now)
    frame = task.frames[event.frame]
    frame.seconds = event.seconds
    task.pace.add(event.seconds, warm=worker.written > 0)
    if worker.written == 0:
        board.cold.add((task.record.id, event.frame))
    task.record.frame_seconds = task.pace.frame_seconds
    worker.written += 1
    learn_peaks(board, worker, event.now)
    rendered(board, worker, event.now)
    _put_down(board, worker, event.frame)
    prove(board, task, frame, claimed=True, since=worker.attempt.started_at or 0.0)
    show_progress(board, task)
    feed(board, worker, event.now)


def frame_given_up(board: Board, event: FrameGivenUp) -> None:
    """Try a frame again or give it up, and give the process its next frame."""
    worker, task = _at_work(board, event.process, event.frame)
    if worker is None or task is None:
        return
    _begin(board, worker, task, event.frame, event.now)
    _put_down(board, worker, event.frame)
    fail_frame(board, task, task.frames[event.frame], event.failure, event.now)
    take_remedy(board, worker, event.failure, event.now)
    if not worker.kept_open:
        worker.told = event.failure
    if RULES[event.failure.kind].remedy is not Remedy.SAME:
        # This process keeps what was too little: the next one gets something else.
        close(board, worker, event.now)
    else:
        feed(board, worker, event.now)


def task_given_up(board: Board, event: TaskGivenUp) -> None:
    """Remember why; what follows is decided when the process is gone."""
    worker = board.workers.get(event.process)
    if worker is not None and worker.attempt.task == event.task:
        worker.failure = event.failure
        if worker.kept_open:
            close(board, worker, event.now)


def frame_looked(board: Board, event: FrameLooked) -> None:
    """Count a proved frame, or try one again whose pictures are not whole."""
    task = board.task(event.task)
    if task is None or event.frame not in task.proving:
        return
    if event.frame in task.looking:
        existing_looked(board, task, event)
        return
    task.proving.discard(event.frame)
    board.proving -= 1
    frame = task.frames[event.frame]
    excuse = task.excuses.pop(event.frame, None)
    board.touched[event.task] = None
    cold = (event.task, event.frame) in board.cold
    board.cold.discard((event.task, event.frame))
    if event.failure is not None:
        fail_frame(board, task, frame, excuse or event.failure, event.now)
        return
    record = task.record
    frame.failure = None
    board.move_frame(frame, FrameState.DONE)
    del task.frames[event.frame]
    record.done += 1
    record.render_seconds += frame.seconds or 0.0
    record.last_picture, record.last_thumbnail = event.picture, event.thumbnail
    task.dead_starts = 0
    task.in_a_row.clear()
    show_progress(board, task)
    board.say(
        EventKind.FRAME_PROVED,
        event.now,
        task=event.task,
        frame=event.frame,
        attempt=frame.attempt,
        text=event.picture,
    )
    frame_proved(board, event.task, event.frame, event.now)
    if event.look is not None:
        seconds = None if cold else frame.seconds
        seen = Seen(event.frame, event.look.size_bytes, event.look.brightest, seconds)
        notice(board, task, seen, event.now)


def prove(
    board: Board, task: TaskWork, frame: FrameRecord, *, claimed: bool, since: float
) -> None:
    """Have a frame's pictures looked at."""
    board.move_frame(frame, FrameState.PROVING)
    task.proving.add(frame.frame)
    board.proving += 1
    job = board.jobs[task.record.id.job].record
    board.actions.append(ProveFrame(job, task.record, frame.frame, claimed, since))


def _at_work(
    board: Board, process: int, frame: int
) -> tuple[Worker | None, TaskWork | None]:
    """Find who has the frame; nobody where the line is an old one, read again."""
    worker = board.workers.get(process)
    if worker is None or frame not in worker.frames:
        return None, None
    return worker, board.task(worker.attempt.task)


def _begin(
    board: Board, worker: Worker, task: TaskWork, number: int, now: float
) -> None:
    frame = task.frames[number]
    if frame.state is not FrameState.SENT:
        return
    frame.tries += 1
    frame.started_at = now
    board.move_frame(frame, FrameState.RENDERING)
    attempt = worker.attempt
    if worker.begun == 0 and attempt.id == worker.process:
        task.start_s = now - worker.started_at
    worker.begun += 1
    worker.frame_since = now
    attempt.frame, attempt.percent = number, 0.0
    board.save_attempt(attempt)
    board.say(
        EventKind.FRAME_STARTED, now, task=frame.task, frame=number, attempt=attempt.id
    )


def _put_down(board: Board, worker: Worker, number: int) -> None:
    worker.frames.pop(number, None)
    worker.frame_since = None
    worker.attempt.frame, worker.attempt.percent = None, 0.0
    board.save_attempt(worker.attempt)
