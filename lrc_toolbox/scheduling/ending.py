"""What follows when a process is gone, and when a task or a job comes to its end."""

from __future__ import annotations

from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.jobs.states import AttemptState, FrameState, JobState, TaskState
from lrc_toolbox.scheduling.actions import ForgetJob
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import (
    FrameStarted,
    OutputRead,
    ProcessEnded,
    ProcessNotStarted,
    ProcessStarted,
)
from lrc_toolbox.scheduling.failing import (
    count_dead_start,
    take_remedy,
    wait_again,
)
from lrc_toolbox.scheduling.layers_needed import layer_ended
from lrc_toolbox.scheduling.learning import learn_peaks
from lrc_toolbox.scheduling.licences import rendered
from lrc_toolbox.scheduling.limits import mind_log
from lrc_toolbox.scheduling.placing import feed
from lrc_toolbox.scheduling.rendering import frame_started, prove
from lrc_toolbox.scheduling.shown import show_progress
from lrc_toolbox.scheduling.work import JobWork, TaskWork, Worker

#: What Linux' out-of-memory killer sends; `signal.SIGKILL` is not there on Windows.
_SIGKILL = 9


def process_started(board: Board, event: ProcessStarted) -> None:
    """Note the pid; a process that renders one chunk begins its first frame."""
    worker = board.workers[event.process]
    attempt = worker.attempt
    attempt.pid, attempt.process_created_at = event.pid, event.created_at
    worker.heard_at = event.now
    if attempt.state is AttemptState.STARTING:
        board.move_attempt(attempt, AttemptState.RUNNING)
    board.save_attempt(attempt)
    if not worker.kept_open:
        first = next(iter(worker.frames))
        started = FrameStarted(event.process, attempt.task, first, event.now)
        frame_started(board, started)
    else:
        feed(board, worker, event.now)


def process_not_started(board: Board, event: ProcessNotStarted) -> None:
    """Count it as a process that failed before it began a frame."""
    board.workers[event.process].failure = event.failure
    process_ended(board, ProcessEnded(event.process, None, event.now))


def output_read(board: Board, event: OutputRead) -> None:
    """Note that a process lives, and how much of its log was taken into account."""
    worker = board.workers.get(event.process)
    if worker is not None:
        worker.heard_at = event.now
        worker.attempt.log_read = event.log_read
        mind_log(board, worker)


def process_ended(board: Board, event: ProcessEnded) -> None:
    """Release the grant, and settle the frames that the process had."""
    worker = board.workers.pop(event.process, None)
    if worker is None:
        return
    board.ledger.release(worker.process)
    attempt = worker.attempt
    job = board.jobs[attempt.task.job]
    task = job.tasks[attempt.task.ordinal]
    task.workers.discard(worker.process)
    board.touched[task.record.id] = None
    on_purpose = attempt.state is AttemptState.STOPPING and worker.failure is None
    failure = None if on_purpose else _what_went_wrong(worker, event)
    # A process that is ended because its layer was given up has itself not failed.
    own = None if failure is task.given_up else failure
    if own is not None and own is not worker.told:
        take_remedy(board, worker, own, event.now)
    elif (failure or worker.told) is None and not worker.kept_open and not on_purpose:
        learn_peaks(board, worker, event.now)
        rendered(board, worker, event.now)
    _close_attempt(board, worker, event, own)
    unreported = not worker.kept_open and bool(worker.frames)
    if unreported and failure is None and not on_purpose:
        _count_chunk(task, worker, event.now)
    _settle_frames(board, job, task, worker, failure, on_purpose=on_purpose)
    if own is not None and worker.begun == 0 and not job.record.cancelling:
        count_dead_start(board, job, task, own, event.now)
    show_progress(board, task)
    board.index_task(job, task)
    board.line_up(job)


def _what_went_wrong(worker: Worker, event: ProcessEnded) -> Failure | None:
    if worker.failure is not None:
        return worker.failure
    if event.failure is not None:
        return event.failure
    if event.exit_code == -_SIGKILL and _above_its_grant(worker):
        message = (
            f"The system killed it while it held {worker.memory_mib} MiB, which its "
            "out-of-memory killer does (`dmesg` or `journalctl -k` says so)."
        )
        return Failure(FailureClass.OUT_OF_MEMORY, message)
    if event.exit_code and worker.told is not None:
        return worker.told
    if event.exit_code:
        return Failure(FailureClass.CRASH, f"It ended with {_exit(event.exit_code)}.")
    if worker.kept_open and worker.frames and not worker.closed:
        message = "It left by itself with frames to render."
        return Failure(FailureClass.CRASH, message)
    return None


def _above_its_grant(worker: Worker) -> bool:
    return worker.memory_mib > worker.attempt.grant.memory_mib > 0


def _exit(code: int) -> str:
    # Popen gives -N for a process that signal N ended; Windows gives large codes that
    # people look up as 32-bit hexadecimal numbers.
    if code < -256 or code > 255:
        return f"exit code {code} (0x{code & 0xFFFFFFFF:08X})"
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _close_attempt(
    board: Board, worker: Worker, event: ProcessEnded, failure: Failure | None
) -> None:
    attempt = worker.attempt
    attempt.ended_at, attempt.exit_code = event.now, event.exit_code
    attempt.failure, attempt.frame, attempt.percent = failure, None, 0.0
    if failure is not None:
        state = AttemptState.FAILED
    elif attempt.state is AttemptState.STOPPING:
        state = AttemptState.STOPPED
    else:
        state = AttemptState.FINISHED
    board.move_attempt(attempt, state)
    text = str(failure) if failure else ""
    board.say(
        EventKind.ATTEMPT_ENDED,
        event.now,
        task=attempt.task,
        attempt=attempt.id,
        text=text,
    )


def _count_chunk(task: TaskWork, worker: Worker, now: float) -> None:
    """Share a process's time out over the frames it rendered, its start included."""
    seconds = (now - worker.started_at) / len(worker.frames)
    for number in worker.frames:
        task.frames[number].seconds = seconds
    task.pace.add(seconds, warm=True)
    task.record.frame_seconds = task.pace.frame_seconds


def _settle_frames(
    board: Board,
    job: JobWork,
    task: TaskWork,
    worker: Worker,
    failure: Failure | None,
    *,
    on_purpose: bool,
) -> None:
    """Settle what the process did not report: look at it, or let it wait again."""
    since = worker.attempt.started_at or 0.0
    for number in worker.frames:
        frame = task.frames[number]
        begun = frame.state is FrameState.RENDERING
        if job.record.cancelling:
            board.move_frame(frame, FrameState.CANCELLED)
            del task.frames[number]
        elif on_purpose or (worker.kept_open and not begun):
            frame.tries -= begun
            wait_again(board, task, frame)
        else:
            if failure is not None or worker.kept_open:
                task.excuses[number] = failure or Failure(
                    FailureClass.OUTPUT_MISSING, "The process left without it."
                )
            frame.tries = max(1, frame.tries)
            prove(board, task, frame, claimed=False, since=since)


def settle(board: Board, now: float) -> None:
    """End the tasks and jobs that this decision brought to their end."""
    # Again while any ended: a layer that was given up takes with it what comes after.
    while sum(_settle_task(board, where, now) for where in list(board.touched)):
        pass


def _settle_task(board: Board, where: TaskId, now: float) -> bool:
    task = board.task(where)
    if task is None or not task.settled:
        return False
    job = board.jobs[where.job]
    _end_task(board, job, task, now)
    layer_ended(board, job, task.record)
    if not job.tasks:
        end_job(board, job, now)
    return True


def rest(board: Board) -> None:
    """Mark as waiting what lost its last process and got no other."""
    for where in board.touched:
        task = board.task(where)
        if task is None or not task.idle or task.record.state is not TaskState.RUNNING:
            continue
        board.move_task(task.record, TaskState.WAITING)
        job = board.jobs[where.job]
        if job.record.state is JobState.RUNNING and _rests(job):
            board.move_job(job.record, JobState.WAITING)


def _rests(job: JobWork) -> bool:
    return all(task.idle for task in job.tasks.values() if task.record.started_at)


def _end_task(board: Board, job: JobWork, task: TaskWork, now: float) -> None:
    record = task.record
    record.ended_at = now
    board.resting.discard(record.id)
    if task.not_before is not None and task.given_up is None:
        record.reason = ""
    del job.tasks[record.id.ordinal]
    if record.done == record.total:
        record.shown_percent = 100.0
        board.move_task(record, TaskState.DONE)
        board.say(EventKind.TASK_DONE, now, task=record.id)
    elif job.record.cancelling:
        board.move_task(record, TaskState.CANCELLED)
    else:
        record.failed = record.total - record.done
        record.shown_percent = 100.0
        record.reason = record.reason or _how_many_failed(task)
        job.spoiled = True
        job.record.reason = f"{record.plan.layer}: {record.reason}"
        board.move_task(record, TaskState.FAILED)
        board.say(EventKind.TASK_FAILED, now, task=record.id, text=record.reason)


def _how_many_failed(task: TaskWork) -> str:
    count, first = task.record.failed, task.first_failed
    if count == 1:
        return first or "One frame failed."
    return f"{count} frames failed. {first}".strip()


def end_job(board: Board, job: JobWork, now: float) -> None:
    """End a job whose tasks have all ended, and let go those that wait for it."""
    record = job.record
    board.drop_job(job)
    record.ended_at = now
    if record.cancelling:
        record.cancelling = False
        _finish(board, job, JobState.CANCELLED, EventKind.JOB_CANCELLED, now)
    elif job.spoiled:
        _finish(board, job, JobState.FAILED, EventKind.JOB_FAILED, now)
    else:
        _finish(board, job, JobState.DONE, EventKind.JOB_DONE, now)
        for other in board.dependants(record.id):
            other.needs.discard(record.id)
            board.line_up(other)
    if job.removing:
        forget(board, record.id, now)


def _finish(
    board: Board, job: JobWork, state: JobState, kind: EventKind, now: float
) -> None:
    board.move_job(job.record, state)
    board.say(kind, now, job=job.record.id, text=job.record.reason)


def forget(board: Board, job: int, now: float) -> None:
    """Delete a job's rows and what the service wrote beside them."""
    board.needed.pop(job, None)
    board.changes.removed_jobs.append(job)
    board.say(EventKind.JOB_REMOVED, now, job=job)
    board.actions.append(ForgetJob(job))
