"""How a starting service takes over what its predecessor left."""

from __future__ import annotations

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import AttemptRecord, FrameRecord, JobRecord
from lrc_toolbox.jobs.states import AttemptState, FrameState, JobState, TaskState
from lrc_toolbox.scheduling.actions import StopProcess
from lrc_toolbox.scheduling.asking import cancel
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import WorkRecovered
from lrc_toolbox.scheduling.existing_frames import search_first
from lrc_toolbox.scheduling.frames_needed import hold_frames, know_needed
from lrc_toolbox.scheduling.layers_needed import order_layers
from lrc_toolbox.scheduling.rendering import prove
from lrc_toolbox.scheduling.work import JobWork, Worker, new_task_work

_LOST = Failure(FailureClass.OTHER, "The process was gone when the service came back.")
_IN_HAND = (FrameState.SENT, FrameState.RENDERING)


def work_recovered(board: Board, event: WorkRecovered) -> None:
    """Put everything that has not ended back on the board.

    Frames of a process that is gone are looked at: those whose picture was finished
    count, the others wait again and no try is charged. A process that still runs is
    followed to its end; its input went with the old service, so it gets no more.
    """
    board.next_attempt = event.next_attempt
    board.queue_paused = event.queue_paused
    know_needed(board, event.needed)
    for record in event.jobs:
        _put_back(board, record, event)
    for task in event.tasks:
        settled = event.settled.get(task.id, FrameRange.empty())
        job = board.jobs[task.id.job]
        work = new_task_work(job, task, task.plan.frames - settled)
        work.pace.first = task.frame_seconds
        if task.reason:  # it waited for its time, and does not any more
            task.reason = ""
            board.save_task(task)
        if task.state is TaskState.RUNNING:
            board.touched[task.id] = None
    attempts = {attempt.id: attempt for attempt in event.attempts}
    alive = {number: attempts[number] for number in event.alive}
    for attempt in alive.values():
        _adopt(board, attempt, event.now)
    for attempt in event.attempts:
        if attempt.id not in alive:
            _lose(board, attempt, event.now)
    for frame in event.frames:
        _take_frame(board, frame, attempts, alive)
    for job in list(board.jobs.values()):
        search_first(board, job)
        order_layers(board, job, [work.record for work in job.tasks.values()])
        if job.record.submission.frames_after:
            for work in job.tasks.values():
                hold_frames(board, job, work, work.waiting.frames)
        _line_up(board, job, event.now)


def _put_back(board: Board, record: JobRecord, event: WorkRecovered) -> None:
    needed = record.submission.depends_on
    traits = board.traits_of(record.submission)
    job = JobWork(record, traits, spoiled=record.id in event.spoiled)
    job.needs = {n for n in needed if event.needs.get(n) is not JobState.DONE}
    board.add_job(job)
    if record.reason and not record.paused:
        record.reason = ""
        board.save_job(record)


def _adopt(board: Board, attempt: AttemptRecord, now: float) -> None:
    job = board.jobs[attempt.task.job]
    worker = Worker(attempt.id, attempt, job.traits.kept_open, closed=True)
    worker.heard_at = now
    worker.started_at = attempt.started_at or now
    worker.begun = 1
    board.workers[attempt.id] = worker
    board.ledger.take(attempt.id, attempt.grant)
    job.tasks[attempt.task.ordinal].workers.add(attempt.id)
    if attempt.state is AttemptState.STOPPING:
        board.actions.append(StopProcess(attempt.id))


def _lose(board: Board, attempt: AttemptRecord, now: float) -> None:
    attempt.ended_at, attempt.frame, attempt.percent = now, None, 0.0
    board.move_attempt(attempt, AttemptState.LOST)
    kind, text = EventKind.ATTEMPT_ENDED, _LOST.message
    board.say(kind, now, task=attempt.task, attempt=attempt.id, text=text)


def _take_frame(
    board: Board,
    frame: FrameRecord,
    attempts: dict[int, AttemptRecord],
    alive: dict[int, AttemptRecord],
) -> None:
    task = board.task(frame.task)
    if task is None:
        return
    task.frames[frame.frame] = frame
    if frame.state is FrameState.WAITING:
        return
    task.waiting.remove(FrameRange.of([frame.frame]))
    attempt = attempts.get(frame.attempt or 0)
    since = (attempt.started_at if attempt else None) or 0.0
    if frame.state is FrameState.PROVING:
        frame.state = FrameState.RENDERING
        prove(board, task, frame, claimed=True, since=since)
    elif frame.attempt in alive and frame.state in _IN_HAND:
        worker = board.workers[frame.attempt]
        worker.frames[frame.frame] = None
        if frame.state is FrameState.RENDERING:
            worker.frame_since = frame.started_at
    else:
        frame.tries = 0
        task.excuses[frame.frame] = _LOST
        prove(board, task, frame, claimed=False, since=since)


def _line_up(board: Board, job: JobWork, now: float) -> None:
    for task in job.tasks.values():
        board.index_task(job, task)
    board.line_up(job)
    if job.record.cancelling:
        job.record.cancelling = False
        cancel(board, job, now)
