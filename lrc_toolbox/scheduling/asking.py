"""What follows when a person asks for something: the commands of the inbox."""

from __future__ import annotations

from lrc_toolbox.jobs.commands import (
    Cancel,
    Pause,
    Remove,
    Resume,
    SetPriority,
    StopQueue,
    StopService,
    Submit,
)
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.records import JobRecord, TaskId, TaskRecord
from lrc_toolbox.jobs.states import JOB, FrameState, JobState, TaskState
from lrc_toolbox.scheduling import licences
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.ending import end_job, forget
from lrc_toolbox.scheduling.events import CommandAsked, RetryAsked
from lrc_toolbox.scheduling.existing_frames import render_anyway, search_first
from lrc_toolbox.scheduling.failing import drop_waiting, forget_failures
from lrc_toolbox.scheduling.frames_needed import (
    asked_again,
    hold_frames,
    know_needed,
)
from lrc_toolbox.scheduling.layers_needed import order_layers
from lrc_toolbox.scheduling.learning import forget_shortages
from lrc_toolbox.scheduling.placing import stop
from lrc_toolbox.scheduling.work import JobWork, new_task_work


def command_asked(board: Board, event: CommandAsked) -> None:
    """Do what a command says, or say why not."""
    board.changes.inbox_done = event.number
    match event.command:
        case Submit():
            _submit(board, event, event.command)
        case Pause(job=None):
            _pause_queue(board, event.now)
        case Resume(job=None):
            _resume_queue(board, event.now)
        case StopQueue():
            _stop_queue(board, event.now)
        case StopService() if not event.ended:
            board.leaving = True
            _stop_all(board)
        case Remove(jobs=jobs):
            _remove(board, jobs, event.now)
        case Cancel(job=number) | Pause(job=number) | Resume(job=number):
            _ask_job(board, event, number)
        case SetPriority(job=number):
            _ask_job(board, event, number)


def _ask_job(board: Board, event: CommandAsked, number: int | None) -> None:
    job = board.jobs.get(number) if number is not None else None
    if job is None or job.record.cancelling:
        _refuse(board, event, number)
        return
    match event.command:
        case Cancel():
            cancel(board, job, event.now)
        case Pause():
            _set_paused(board, job, True, EventKind.JOB_PAUSED, event.now)
        case Resume():
            licences.try_now(board, job, event.now)
            _set_paused(board, job, False, EventKind.JOB_RESUMED, event.now)
        case SetPriority(priority=priority):
            board.step_out(job)
            job.record.priority = priority
            board.line_up(job)
            board.save_job(job.record)
            kind = EventKind.JOB_PRIORITY_CHANGED
            board.say(kind, event.now, job=job.record.id, text=str(priority))


def _refuse(board: Board, event: CommandAsked, number: int | None) -> None:
    what = type(event.command).__name__.lower()
    why = "has ended" if event.ended else "is not in the queue"
    text = f"{what}: job {number} {why}."
    board.say(EventKind.COMMAND_REFUSED, event.now, job=number, text=text)


def _submit(board: Board, event: CommandAsked, command: Submit) -> None:
    submission = command.submission
    record = JobRecord(
        event.number,
        submission,
        JobState.WAITING,
        submitted_at=event.now,
        priority=submission.priority,
        task_count=len(command.plans),
    )
    job = JobWork(record, board.traits_of(submission))
    job.needs = {n for n in submission.depends_on if not _done(event.needs.get(n))}
    for ordinal, plan in enumerate(command.plans, start=1):
        task = TaskRecord(TaskId(record.id, ordinal), plan, TaskState.WAITING)
        new_task_work(job, task, plan.frames)
        board.changes.new_tasks.append(task)
    _put_in_line(board, job, event)
    board.add_job(job)
    forget_shortages(board, job, event.now)
    board.line_up(job)
    board.save_job(record)
    board.say(EventKind.JOB_SUBMITTED, event.now, job=record.id, text=record.name)


def _put_in_line(board: Board, job: JobWork, event: CommandAsked) -> None:
    """Let those tasks of a new job begin that come after nothing else."""
    know_needed(board, event.needed)
    search_first(board, job)
    for task in job.tasks.values():
        hold_frames(board, job, task, task.record.plan.frames)
        board.index_task(job, task)
    order_layers(board, job, [task.record for task in job.tasks.values()])


def _done(state: JobState | None) -> bool:
    return state is JobState.DONE


def cancel(board: Board, job: JobWork, now: float) -> None:
    """End a job's processes; it is cancelled when the last of them is gone."""
    job.record.cancelling = True
    board.step_out(job)
    board.save_job(job.record)
    for task in job.tasks.values():
        drop_waiting(board, task, FrameState.CANCELLED)
        board.touched[task.record.id] = None
    for worker in list(board.workers.values()):
        if worker.attempt.task.job == job.record.id:
            stop(board, worker)
    if not job.tasks:
        end_job(board, job, now)


def _set_paused(
    board: Board, job: JobWork, paused: bool, kind: EventKind, now: float
) -> None:
    if job.record.paused == paused:
        return
    job.record.paused = paused
    if not paused:
        job.record.reason = ""
    board.line_up(job)
    board.save_job(job.record)
    board.say(kind, now, job=job.record.id)


def _pause_queue(board: Board, now: float) -> None:
    board.queue_paused = board.changes.queue_paused = True
    board.say(EventKind.QUEUE_PAUSED, now)


def _resume_queue(board: Board, now: float) -> None:
    board.queue_paused = board.changes.queue_paused = False
    board.say(EventKind.QUEUE_RESUMED, now)


def _stop_queue(board: Board, now: float) -> None:
    board.queue_paused = board.changes.queue_paused = True
    board.say(EventKind.QUEUE_STOPPED, now)
    _stop_all(board)


def _stop_all(board: Board) -> None:
    for worker in board.workers.values():
        stop(board, worker)


def _remove(board: Board, numbers: tuple[int, ...], now: float) -> None:
    for number in numbers:
        job = board.jobs.get(number)
        if job is None:
            forget(board, number, now)
        else:
            job.removing = True
            if not job.record.cancelling:
                cancel(board, job, now)


def retry_asked(board: Board, event: RetryAsked) -> None:
    """Let frames wait again: those not proved, or exactly those asked for."""
    board.changes.inbox_done = event.number
    job = board.jobs.get(event.job.id)
    if job is None:
        job = JobWork(event.job, board.traits_of(event.job.submission))
    if job.record.cancelling:
        return
    know_needed(board, event.needed)
    asked = FrameRange.empty()
    for read in event.tasks:
        if event.command.task in (None, read.id):
            asked = asked | _retry_task(board, job, read, event)
    if not asked:
        text = f"retry: job {event.job.id} has no such frames to render again."
        board.say(EventKind.COMMAND_REFUSED, event.now, job=event.job.id, text=text)
        return
    job.spoiled = any(_stays_spoiled(job, task) for task in event.tasks)
    order_layers(board, job, event.tasks)
    forget_shortages(board, job, event.now)
    _reopen(board, job)
    board.say(EventKind.JOB_RETRIED, event.now, job=event.job.id, text=str(asked))


def _retry_task(
    board: Board, job: JobWork, read: TaskRecord, event: RetryAsked
) -> FrameRange:
    work = job.tasks.get(read.id.ordinal)
    record = work.record if work else read
    proved = event.proved.get(read.id, FrameRange.empty())
    wanted = event.command.frames
    again = (
        record.plan.frames - proved if wanted is None else record.plan.frames & wanted
    )
    if work is not None:
        again = again - work.unassigned - FrameRange.of(work.frames)
    if not again:
        return again
    if work is None:
        work = new_task_work(job, record, FrameRange.empty())
        work.pace.first = record.frame_seconds
        record.ended_at, record.reason = None, ""
        board.move_task(record, TaskState.WAITING)
    left_out = record.plan.frames - proved - again - work.unassigned
    work.waiting.add(again)
    hold_frames(board, job, work, again)
    asked_again(board, record.id, again)
    forget_failures(board, work)
    record.warning = ""
    record.done = len(proved - again)
    record.failed = len(left_out - FrameRange.of(work.frames))
    record.shown_percent = 100 * (record.done + record.failed) / record.total
    board.save_task(record)
    board.changes.reset_frames.append((record.id, again))
    render_anyway(board, job, work, again)
    board.index_task(job, work)
    return again


def _stays_spoiled(job: JobWork, read: TaskRecord) -> bool:
    work = job.tasks.get(read.id.ordinal)
    return (work.record.failed if work else read.failed) > 0


def _reopen(board: Board, job: JobWork) -> None:
    record = job.record
    if record.id not in board.jobs:
        board.add_job(job)
    if JOB.ended(record.state):
        record.ended_at, record.reason = None, ""
        board.move_job(record, JobState.WAITING)
    board.line_up(job)
