"""What follows when a process begins, gets on with, writes or gives up a frame."""

from __future__ import annotations

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure
from lrc_toolbox.jobs.records import FrameRecord
from lrc_toolbox.jobs.states import FrameState
from lrc_toolbox.scheduling.actions import ProveFrame
from lrc_toolbox.scheduling.board import Board, TaskWork, Worker
from lrc_toolbox.scheduling.events import (
    FrameGivenUp,
    FrameLooked,
    FrameProgressed,
    FrameStarted,
    FrameWritten,
    TaskGivenUp,
)
from lrc_toolbox.scheduling.learning import SHORTAGES, learn_peaks, learn_shortage
from lrc_toolbox.scheduling.placing import close, feed
from lrc_toolbox.scheduling.retries import try_again

#: How often, in seconds, progress within frames is written down at most.
PROGRESS_S = 0.25

#: How much of a frame counts as done while its picture is being read.
WRITTEN = 0.99


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
    task.record.frame_seconds = task.pace.frame_seconds
    worker.written += 1
    learn_peaks(board, worker, event.now)
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
    if event.failure.kind in SHORTAGES:
        # The same grant would be too small again: the next process gets another.
        learn_shortage(board, worker, event.failure, event.now)
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
    task.proving.discard(event.frame)
    board.proving -= 1
    frame = task.frames[event.frame]
    excuse = task.excuses.pop(event.frame, None)
    board.touched[event.task] = None
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
    show_progress(board, task)
    board.say(
        EventKind.FRAME_PROVED,
        event.now,
        task=event.task,
        frame=event.frame,
        attempt=frame.attempt,
        text=event.picture,
    )


def prove(
    board: Board, task: TaskWork, frame: FrameRecord, *, claimed: bool, since: float
) -> None:
    """Have a frame's pictures looked at."""
    board.move_frame(frame, FrameState.PROVING)
    task.proving.add(frame.frame)
    board.proving += 1
    board.actions.append(ProveFrame(task.record, frame.frame, claimed, since))


def fail_frame(
    board: Board, task: TaskWork, frame: FrameRecord, failure: Failure, now: float
) -> None:
    """Put a frame back to wait for another try, or give it up."""
    job = board.jobs[task.record.id.job]
    frame.failure = failure
    board.touched[task.record.id] = None
    if job.record.cancelling:
        board.move_frame(frame, FrameState.CANCELLED)
        del task.frames[frame.frame]
        return
    again = try_again(failure.kind, frame.tries, job.record.submission.retries)
    if again:
        wait_again(board, task, frame)
    else:
        board.move_frame(frame, FrameState.FAILED)
        del task.frames[frame.frame]
        task.record.failed += 1
        task.first_failed = task.first_failed or f"Frame {frame.frame}: {failure}"
        show_progress(board, task)
    board.say(
        EventKind.FRAME_RETRIED if again else EventKind.FRAME_FAILED,
        now,
        task=task.record.id,
        frame=frame.frame,
        attempt=frame.attempt,
        text=str(failure),
    )


def wait_again(board: Board, task: TaskWork, frame: FrameRecord) -> None:
    """Put a frame back to those that no process has."""
    board.move_frame(frame, FrameState.WAITING)
    task.waiting.put_back(frame.frame)
    job = board.jobs[task.record.id.job]
    board.index_task(job, task)
    board.line_up(job)


def show_progress(board: Board, task: TaskWork) -> None:
    """Raise the progress that people see to what is true; never lower it."""
    record = task.record
    in_hand = sum(
        board.workers[process].attempt.percent / 100 for process in task.workers
    )
    whole = record.done + record.failed + WRITTEN * (len(task.proving) + in_hand)
    record.shown_percent = max(record.shown_percent, 100 * whole / record.total)
    board.save_task(record)


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
        task.start_s = now - (attempt.started_at or now)
    worker.begun += 1
    attempt.frame, attempt.percent = number, 0.0
    board.save_attempt(attempt)
    board.say(
        EventKind.FRAME_STARTED, now, task=frame.task, frame=number, attempt=attempt.id
    )


def _put_down(board: Board, worker: Worker, number: int) -> None:
    worker.frames.pop(number, None)
    worker.attempt.frame, worker.attempt.percent = None, 0.0
    board.save_attempt(worker.attempt)
