"""Which task gets the next process, and which frames a process gets next.

Priority first (0 to 100, higher is sooner), then age. Within a job: tasks that no
process has begun, in their order; then the task with the most work left is helped.

A process steps back at the end of its frame where the artist needs what it uses: it
rests with its scene open for a while, then leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lrc_toolbox.jobs.capacity import Blocked, Lack, Resource
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.grant import Grant
from lrc_toolbox.jobs.records import AttemptRecord, FrameRecord
from lrc_toolbox.jobs.states import AttemptState, FrameState, JobState, TaskState
from lrc_toolbox.scheduling.actions import (
    CloseInput,
    OpenTask,
    SendFrames,
    StartProcess,
    StopProcess,
)
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.gpu_choosing import could_hold, could_hold_now
from lrc_toolbox.scheduling.helping import next_task, rounds
from lrc_toolbox.scheduling.licences import lack_of_licence, send_ahead
from lrc_toolbox.scheduling.pace import frames_ahead
from lrc_toolbox.scheduling.work import JobWork, TaskWork, Worker

#: How long, in seconds, a process rests with its scene open before it leaves. Loading
#: a scene takes 30 s to minutes, a look at a playblast less.
REST_S = 120.0

#: How many jobs that lack a GPU are passed over in search of one that fits, and how
#: many are written down with what they lack.
PASSED_OVER = 64

#: From this frame time on, in seconds, a process near an artist holds one frame at a
#: time, so that it can step back after that; the wait for the next one, some 0.03 s,
#: is then below 2 %.
SHORT_S = 2.0

#: What a job may lack while others, which do not need it, go on.
_OTHERS_GO_ON = frozenset({Resource.GPU, Resource.LICENCE})


@dataclass(slots=True)
class _Line:
    """What jobs that come first, and lack something, keep from those behind them."""

    blocked: list[Blocked] = field(default_factory=list)
    spared: dict[str, str] = field(default_factory=dict)
    places: int = 0
    passed_over: int = 0


def start_what_fits(board: Board, now: float) -> list[tuple[JobWork, TaskWork, Lack]]:
    """Start processes for the jobs in line until nothing more fits.

    A job that does not fit is not overtaken by a later one: small jobs that slip past
    would keep a job that wants many CPUs waiting for ever. One that waits for a GPU or
    a licence is passed over by those that need neither; a place is kept for it.

    Returns:
        Tasks that this computer can never render.
    """
    asked = board.spared.items()
    line = _Line(spared={gpu: f"{why}: it starts after that." for gpu, why in asked})
    hopeless: list[tuple[JobWork, TaskWork, Lack]] = []
    if not (board.queue_paused or board.leaving):
        for job, sparing in rounds(board):
            lack = _start_tasks(board, job, line, hopeless, now, sparing=sparing)
            if lack is not None and board.needed:
                _dismiss_resting(board, now)
            if lack is not None and not _others_go_on(board, job, lack):
                break
            if line.passed_over >= PASSED_OVER:
                break
    board.note_blocked(tuple(line.blocked))
    return hopeless


def _start_tasks(
    board: Board,
    job: JobWork,
    line: _Line,
    hopeless: list[tuple[JobWork, TaskWork, Lack]],
    now: float,
    *,
    sparing: bool,
) -> Lack | None:
    while (task := next_task(board, job, sparing=sparing)) is not None:
        grant = _grant(board, job, task, line, now)
        if isinstance(grant, Lack):
            if grant.resource is Resource.NEVER:
                hopeless.append((job, task, grant))
            else:
                _let_others_by(board, job, task, line, grant)
            return grant
        _start(board, job, task, grant, now)
    return None


def _grant(
    board: Board, job: JobWork, task: TaskWork, line: _Line, now: float
) -> Grant | Lack:
    lack = lack_of_licence(board, job, now)
    if lack is not None:
        return lack
    if board.held_back:
        why = f"{board.held_back}: renders go on when that is over."
        return Lack(Resource.ARTIST, why)
    return board.ledger.fit(board.needs(job, task), line.spared, line.places)


def _let_others_by(
    board: Board, job: JobWork, task: TaskWork, line: _Line, lack: Lack
) -> None:
    """Keep what a job waits for from those behind it."""
    if any(known.job == job.record.id for known in line.blocked):
        return
    if len(line.blocked) < PASSED_OVER:
        line.blocked.append(Blocked(job.record.id, lack))
    if lack.resource is not Resource.GPU:
        return
    line.passed_over += 1
    capacity, needs = board.ledger.capacity, board.needs(job, task)
    # One that has a process already gets on without a second.
    waits = job.record.state is JobState.WAITING
    if waits and line.places < len(could_hold(capacity, needs)):
        line.places += 1
    # One that waits for Maya leaves what Maya does not need to others.
    for share in could_hold_now(capacity, needs):
        which = (
            f"Job {job.record.id} comes first on GPU {share.index}; a higher priority "
            "brings this one forward."
        )
        line.spared.setdefault(share.uuid, which)


def _others_go_on(board: Board, job: JobWork, lack: Lack) -> bool:
    """Say whether jobs behind one that lacks something may start before it."""
    if lack.resource in _OTHERS_GO_ON:
        return True
    if lack.resource is not Resource.MEMORY:
        return False
    task = next_task(board, job)
    return task is not None and board.ledger.waits_for_maya(board.needs(job, task))


def feed(board: Board, worker: Worker, now: float) -> None:
    """Give a kept-open process its next frames, another task, or leave to go."""
    if worker.closed or worker.attempt.state is not AttemptState.RUNNING:
        return
    job = board.jobs[worker.attempt.task.job]
    task = job.tasks[worker.attempt.task.ordinal]
    steps_back = _steps_back(board, worker)
    goes_on = not (_must_yield(board, worker, job, now) or _overdrawn(board, worker))
    if goes_on and not steps_back:
        _send_ahead(board, worker, job, task)
        if not worker.frames and worker.budget is None:
            _go_on(board, worker, job, now)
    if worker.frames:
        if worker.resting_since is not None:
            # It had nothing to say meanwhile, so it was not silent.
            worker.resting_since, worker.heard_at = None, now
        return
    waits = task.waiting and (steps_back or task.not_before is not None)
    if goes_on and (waits or _comes_soon(board, task, now)):
        worker.resting_since = worker.resting_since or now
    else:
        close(board, worker, now)


def _comes_soon(board: Board, task: TaskWork, now: float) -> bool:
    """Say whether other jobs render what a task waits for, and nobody needs its place.

    Its process stays then: loading the scene anew for every frame takes longer.
    """
    if not task.held or any(_could_start(board, job, now) for job in board.in_line()):
        return False
    after = board.jobs[task.record.id.job].record.submission.frames_after
    return any(worker.attempt.task.job in after for worker in board.workers.values())


def _could_start(board: Board, job: JobWork, now: float) -> bool:
    """Say whether a job would take a place if one were free."""
    if lack_of_licence(board, job, now) is not None:
        return False
    return next_task(board, job) is not None


def _dismiss_resting(board: Board, now: float) -> None:
    """Let processes leave that rest for frames of other jobs: their place is needed."""
    for worker in board.workers.values():
        task = board.task(worker.attempt.task)
        if worker.resting_since is not None and task is not None and task.held:
            close(board, worker, now)


def _go_on(board: Board, worker: Worker, job: JobWork, now: float) -> None:
    """Give a process that is through with its task another one of its job."""
    following = next_task(board, job)
    if following is None:
        return
    if board.ledger.go_on(worker.process, board.needs(job, following)):
        _hand_over(board, worker, job, following, now)
        _send_ahead(board, worker, job, following)


def _steps_back(board: Board, worker: Worker) -> bool:
    """Say whether the artist needs, for a while, what a process uses."""
    return bool(board.held_back) or worker.attempt.grant.gpu_uuid in board.spared


def _overdrawn(board: Board, worker: Worker) -> bool:
    """Say whether a process holds what is kept back now."""
    return bool(board.ledger.overdrawn(worker.process))


def close(board: Board, worker: Worker, now: float) -> None:
    """Tell a kept-open process that nothing more comes."""
    if not worker.closed:
        worker.closed = True
        worker.closed_at = now
        board.actions.append(CloseInput(worker.process))


def stop(board: Board, worker: Worker) -> None:
    """Have a process ended; its frames are settled when it is gone."""
    if worker.attempt.state is AttemptState.STOPPING:
        return
    board.move_attempt(worker.attempt, AttemptState.STOPPING)
    board.actions.append(StopProcess(worker.process))


def _must_yield(board: Board, worker: Worker, job: JobWork, now: float) -> bool:
    if board.queue_paused or board.leaving or not job.may_start:
        return True
    for first in board.in_line():
        if first.record.priority <= job.record.priority:
            return False
        if lack_of_licence(board, first, now) is not None:
            continue
        task = next_task(board, first)
        if task is not None and _leaving_helps(board, worker, first, task):
            return True
    return False


def _leaving_helps(
    board: Board, worker: Worker, first: JobWork, task: TaskWork
) -> bool:
    """Say whether a job that comes first could start if a process left.

    One that is passed over would let it start again at once, its scene loaded anew.
    """
    lack = next((b.lack for b in board.blocked if b.job == first.record.id), None)
    if lack is None or not _others_go_on(board, first, lack):
        return True
    if lack.resource is not Resource.GPU:
        return False
    gpus = could_hold_now(board.ledger.capacity, board.needs(first, task))
    return any(share.uuid == worker.attempt.grant.gpu_uuid for share in gpus)


def _start(
    board: Board, job: JobWork, task: TaskWork, grant: Grant, now: float
) -> None:
    attempt = _new_attempt(board, task, grant, now)
    chunk, kept_open = job.record.submission.chunk_size, job.traits.kept_open
    worker = Worker(attempt.id, attempt, kept_open, heard_at=now, started_at=now)
    worker.budget = chunk if kept_open else None
    worker.closed = not kept_open
    board.workers[worker.process] = worker
    board.ledger.take(worker.process, grant, board.needs(job, task))
    send_ahead(board, worker)
    task.workers.add(worker.process)
    if kept_open:
        frames = _take_next(worker, task, _ahead(board, worker, task))
    else:
        frames = tuple(task.waiting.take_run(chunk or 1))
    _assign(board, worker, task, frames)
    _mark_running(board, job, task, now)
    _announce(board, attempt, now)
    board.index_task(job, task)
    board.line_up(job)
    board.actions.append(StartProcess(job.record, task.record, attempt, frames))


def _new_attempt(
    board: Board, task: TaskWork, grant: Grant, now: float
) -> AttemptRecord:
    number = board.next_attempt
    board.next_attempt += 1
    where = task.record.id
    log = f"{board.log_folder}/{where.job}/{where.ordinal}-{number}.log"
    return AttemptRecord(
        number, where, AttemptState.STARTING, grant, log, started_at=now
    )


def _announce(board: Board, attempt: AttemptRecord, now: float) -> None:
    board.save_attempt(attempt)
    kind, log = EventKind.ATTEMPT_STARTED, attempt.log_path
    board.say(kind, now, task=attempt.task, attempt=attempt.id, text=log)


def _hand_over(
    board: Board, worker: Worker, job: JobWork, task: TaskWork, now: float
) -> None:
    """Begin a new attempt, on another task of the job, in the same process."""
    old = worker.attempt
    previous = job.tasks[old.task.ordinal]
    old.ended_at = now
    board.move_attempt(old, AttemptState.FINISHED)
    board.say(EventKind.ATTEMPT_ENDED, now, task=old.task, attempt=old.id)
    previous.workers.discard(worker.process)
    board.touched[previous.record.id] = None
    attempt = _new_attempt(board, task, board.ledger.held[worker.process], now)
    attempt.state = AttemptState.RUNNING
    attempt.log_path = old.log_path
    attempt.log_start = attempt.log_read = old.log_read
    attempt.pid, attempt.process_created_at = old.pid, old.process_created_at
    worker.attempt = attempt
    worker.begun = worker.written = 0
    task.workers.add(worker.process)
    _mark_running(board, job, task, now)
    _announce(board, attempt, now)
    board.actions.append(OpenTask(worker.process, job.record, task.record, attempt))


def _mark_running(board: Board, job: JobWork, task: TaskWork, now: float) -> None:
    if task.record.started_at is None:
        task.record.started_at = now
        board.say(EventKind.TASK_STARTED, now, task=task.record.id)
    board.move_task(task.record, TaskState.RUNNING)
    if job.record.started_at is None:
        job.record.started_at = now
        board.say(EventKind.JOB_STARTED, now, job=job.record.id)
    if job.record.state is not JobState.RUNNING:
        job.record.reason = ""
        board.move_job(job.record, JobState.RUNNING)


def _send_ahead(board: Board, worker: Worker, job: JobWork, task: TaskWork) -> None:
    missing = _ahead(board, worker, task) - len(worker.frames)
    if missing <= 0 or not task.may_be_fed:
        return
    frames = _take_next(worker, task, missing)
    _assign(board, worker, task, frames)
    board.index_task(job, task)
    board.line_up(job)
    if frames:
        board.actions.append(SendFrames(worker.process, task.record, frames))


def _ahead(board: Board, worker: Worker, task: TaskWork) -> int:
    seconds = task.record.frame_seconds
    if board.hosts and seconds is not None and seconds >= SHORT_S:
        return 1
    idle_places = max(0, board.ledger.places - len(board.ledger.held))
    return frames_ahead(seconds, len(task.waiting), len(task.workers) + idle_places)


def _take_next(worker: Worker, task: TaskWork, count: int) -> tuple[int, ...]:
    """Take frames for a kept-open process out of the line, no more than it may get."""
    if worker.budget is not None:
        count = min(count, worker.budget)
    frames = tuple(task.waiting.take(count))
    if worker.budget is not None:
        worker.budget -= len(frames)
    return frames


def _assign(
    board: Board, worker: Worker, task: TaskWork, frames: tuple[int, ...]
) -> None:
    for number in frames:
        frame = task.frames.get(number)
        if frame is None:
            frame = FrameRecord(task.record.id, number, FrameState.WAITING)
            task.frames[number] = frame
        frame.attempt = worker.attempt.id
        board.move_frame(frame, FrameState.SENT)
        worker.frames[number] = None
