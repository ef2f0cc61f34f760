"""What follows when a frame or a process fails: another try, a wait, or the end.

Carries out the table in `scheduling.retries`, and stops a task whose frames fail one
after the other in the same way.
"""

from __future__ import annotations

from lrc_toolbox.jobs.capacity import Lack
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.records import FrameRecord
from lrc_toolbox.jobs.states import FrameState
from lrc_toolbox.jobs.wording import clock_time, listed
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.learning import learn_shortage
from lrc_toolbox.scheduling.licences import refuse
from lrc_toolbox.scheduling.placing import feed, stop
from lrc_toolbox.scheduling.retries import RULES, Remedy, Then
from lrc_toolbox.scheduling.shown import show_progress
from lrc_toolbox.scheduling.work import JobWork, TaskWork, Worker


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
    charged = frame.tries > 0
    again = task.given_up is None and _charge_frame(job, task, frame, failure, now)
    if again:
        _wait(board, job, task, failure, frame.frame, now)
        wait_again(board, task, frame)
    else:
        _give_frame_up(board, task, frame, failure)
    board.say(
        EventKind.FRAME_RETRIED if again else EventKind.FRAME_FAILED,
        now,
        task=task.record.id,
        frame=frame.frame,
        attempt=frame.attempt,
        text=str(failure),
    )
    if task.given_up is None and charged:
        _mind_the_task(board, job, task, frame, again=again)


def _charge_frame(
    job: JobWork, task: TaskWork, frame: FrameRecord, failure: Failure, now: float
) -> bool:
    """Count a frame's failure, and say whether it is tried once more."""
    rule = RULES[failure.kind]
    if rule.tries is None:
        return frame.tries <= job.record.submission.retries
    spent = _spend(task, frame.frame, failure.kind)
    if spent >= rule.tries:
        return False
    frame.tries = max(0, frame.tries - 1)
    return True


def _spend(task: TaskWork, frame: int | None, kind: FailureClass) -> int:
    key = frame, kind
    task.spent[key] = task.spent.get(key, 0) + 1
    return task.spent[key]


def _wait(
    board: Board,
    job: JobWork,
    task: TaskWork,
    failure: Failure,
    frame: int | None,
    now: float,
) -> None:
    """Let nothing of a task start for a while, where its failure asks for that.

    A renderer without a licence waits for all of its jobs, see `scheduling.licences`.
    """
    rule = RULES[failure.kind]
    if not rule.first_wait_s or rule.remedy is Remedy.ANOTHER_LICENCE:
        return
    until = now + rule.wait_s(task.spent[frame, failure.kind])
    before = task.not_before
    task.not_before = until if before is None else max(before, until)
    board.resting.add(task.record.id)
    when = clock_time(task.not_before, now)
    layer = task.record.plan.layer
    task.record.reason = f"{failure} It is tried again at {when}."
    board.save_task(task.record)
    job.record.reason = f"{layer}: {task.record.reason}"
    board.save_job(job.record)


def something_rests(board: Board) -> bool:
    """Say whether a task waits for its time that nobody holds back."""
    return not board.queue_paused and any(
        board.jobs[where.job].may_start for where in board.resting
    )


def next_try(board: Board) -> float | None:
    """Say when `go_on` next has something to do."""
    tasks = map(board.task, board.resting)
    times = (task.not_before for task in tasks if task is not None)
    return min((at for at in times if at is not None), default=None)


def go_on(board: Board, now: float) -> None:
    """Let those tasks start again whose wait is over."""
    for where in sorted(board.resting):
        task = board.task(where)
        if task is not None and task.not_before is not None and task.not_before > now:
            continue
        board.resting.discard(where)
        if task is not None:
            _end_wait(board, task)
            for process in list(task.workers):
                feed(board, board.workers[process], now)


def _end_wait(board: Board, task: TaskWork) -> None:
    job = board.jobs[task.record.id.job]
    task.not_before = None
    task.record.reason = job.record.reason = ""
    board.save_task(task.record)
    board.save_job(job.record)
    board.index_task(job, task)
    board.line_up(job)


def forget_failures(board: Board, task: TaskWork) -> None:
    """Begin a task anew, because a person asks for frames of it again."""
    task.dead_starts = 0
    task.given_up = None
    task.spent = {}
    task.in_a_row = {}
    if task.not_before is not None:
        board.resting.discard(task.record.id)
        _end_wait(board, task)


def wait_again(board: Board, task: TaskWork, frame: FrameRecord) -> None:
    """Put a frame back to those that no process has; given up with its task."""
    if task.given_up is not None:
        _give_frame_up(board, task, frame, task.given_up)
        return
    board.move_frame(frame, FrameState.WAITING)
    task.waiting.put_back(frame.frame)
    job = board.jobs[task.record.id.job]
    board.index_task(job, task)
    board.line_up(job)


def _give_frame_up(
    board: Board, task: TaskWork, frame: FrameRecord, failure: Failure
) -> None:
    frame.failure = failure
    board.move_frame(frame, FrameState.FAILED)
    del task.frames[frame.frame]
    task.record.failed += 1
    task.first_failed = task.first_failed or f"Frame {frame.frame}: {failure}"
    show_progress(board, task)


# -- processes -------------------------------------------------------------------
def take_remedy(board: Board, worker: Worker, failure: Failure, now: float) -> None:
    """Learn from a process's failure what the next one must get."""
    learn_shortage(board, worker, failure, now)
    if failure.kind is FailureClass.LICENCE:
        refuse(board, worker, failure, now)


def count_dead_start(
    board: Board, job: JobWork, task: TaskWork, failure: Failure, now: float
) -> None:
    """Count a process that failed before it began a frame."""
    rule = RULES[failure.kind]
    if rule.tries is None:
        task.dead_starts += 1
        again = task.dead_starts <= job.record.submission.retries
    else:
        again = _spend(task, None, failure.kind) < rule.tries
    if again:
        _wait(board, job, task, failure, None, now)
    else:
        give_up_task(board, job, task, failure)


# -- whole tasks -----------------------------------------------------------------
def _mind_the_task(
    board: Board, job: JobWork, task: TaskWork, frame: FrameRecord, *, again: bool
) -> None:
    """Stop a task none of whose other frames can be hoped for."""
    failure = frame.failure
    if failure is None:
        return
    rule = RULES[failure.kind]
    if not again and rule.then is Then.STOP_TASK:
        give_up_task(board, job, task, failure)
    elif not (again and rule.patient):
        _count_in_a_row(board, job, task, frame, failure)


def _count_in_a_row(
    board: Board, job: JobWork, task: TaskWork, frame: FrameRecord, failure: Failure
) -> None:
    row = task.in_a_row
    if row and next(iter(row.values()))[0] is not failure.kind:
        row.clear()
    row[frame.frame] = failure.kind, frame.attempt
    asked = job.record.submission.stop_after
    limit = board.policy.stop_after if asked is None else asked
    # A chunk's frames all fail with their one process, which is one failure.
    kept_open = job.traits.kept_open
    times = len(row if kept_open else {attempt for _, attempt in row.values()})
    if 0 < limit <= times:
        frames = listed([str(number) for number in sorted(row)])
        message = (
            f"Frames {frames} failed in this way one after the other, so nothing more "
            f"of this layer is rendered. {failure.message} "
            "Mend the cause, then retry; `stop_after` says how many it takes."
        )
        give_up_task(board, job, task, Failure(failure.kind, message))


def give_up_task(board: Board, job: JobWork, task: TaskWork, failure: Failure) -> None:
    """Render nothing more of a task: its scene or its process fails every time.

    Frames that were never begun get no row: there may be a million of them.
    """
    task.record.reason = str(failure)
    task.given_up = failure
    drop_waiting(board, task, FrameState.FAILED, failure)
    for process in task.workers:
        worker = board.workers[process]
        worker.failure = worker.failure or failure
        stop(board, worker)
    board.touched[task.record.id] = None
    board.index_task(job, task)
    board.line_up(job)


def give_up_hopeless(
    board: Board, hopeless: list[tuple[JobWork, TaskWork, Lack]]
) -> None:
    """Give up the tasks that this computer can never render."""
    for job, task, lack in hopeless:
        failure = Failure(FailureClass.OUT_OF_GPU_MEMORY, lack.why)
        give_up_task(board, job, task, failure)


def drop_waiting(
    board: Board, task: TaskWork, to: FrameState, failure: Failure | None = None
) -> None:
    """Give up the frames that no process has."""
    for number in [n for n in task.frames if task.lies_idle(n)]:
        frame = task.frames.pop(number)
        frame.failure = failure or frame.failure
        board.move_frame(frame, to)
    task.waiting.clear()
    task.held = task.existing = None
