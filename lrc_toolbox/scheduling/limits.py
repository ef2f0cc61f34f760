"""What a process may not exceed: silence, a frame's time, memory, the size of its log.

Says when the next limit is reached, and has processes ended that are past one. What
follows for their frames is decided in `scheduling.failing`, when they are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lrc_toolbox.jobs.devices import MemoryReading
from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.states import AttemptState
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.patience import stall_s
from lrc_toolbox.scheduling.placing import REST_S, close, stop
from lrc_toolbox.scheduling.work import Worker

#: How long, in seconds, a process may take to leave after its input was closed.
#: `maya.standalone.uninitialize()` is known to hang (MAYA.md).
LEAVE_S = 60.0


class Deadline(NamedTuple):
    """When a process is ended if nothing changes.

    Attributes:
        kind: what it is ended for; None where its frames are none the worse for it.
    """

    at: float
    kind: FailureClass | None = None


def next_deadline(board: Board) -> float | None:
    """Say when `end_overdue` next has something to do."""
    running = (
        _deadline(board, worker).at
        for worker in board.workers.values()
        if worker.attempt.state is AttemptState.RUNNING
    )
    return min(running, default=None)


def end_overdue(board: Board, now: float) -> None:
    """End the processes that said nothing, rendered, or did not leave, for too long."""
    for worker in board.workers.values():
        deadline = _deadline(board, worker)
        if now < deadline.at or worker.attempt.state is not AttemptState.RUNNING:
            continue
        if worker.resting_since is not None and not worker.closed:
            close(board, worker, now)
        else:
            _end(board, worker, _failure(board, worker, deadline.kind))


def _deadline(board: Board, worker: Worker) -> Deadline:
    if worker.closed_at is not None and not worker.frames:
        return Deadline(worker.closed_at + LEAVE_S)
    if worker.resting_since is not None:
        return Deadline(worker.resting_since + REST_S)
    return min(_limits(board, worker), key=lambda deadline: deadline.at)


def _limits(board: Board, worker: Worker) -> Iterator[Deadline]:
    submission = board.jobs[worker.attempt.task.job].record.submission
    yield Deadline(worker.heard_at + stall_s(submission), FailureClass.STALLED)
    limit = submission.frame_limit_s
    if limit is not None and worker.frame_since is not None:
        at = worker.frame_since + limit * _frames_in_hand(worker)
        yield Deadline(at, FailureClass.TIMEOUT)


def _frames_in_hand(worker: Worker) -> int:
    """A program that reports nothing may take as long as its frames may together."""
    return 1 if worker.kept_open else max(1, len(worker.frames))


def _failure(board: Board, worker: Worker, kind: FailureClass | None) -> Failure | None:
    submission = board.jobs[worker.attempt.task.job].record.submission
    if kind is FailureClass.STALLED:
        silence = f"No output for {stall_s(submission):g} s"
        return Failure(kind, f"{silence}; `stall_s` says how long is too long.")
    limit = submission.frame_limit_s
    if kind is not FailureClass.TIMEOUT or limit is None:
        return None
    count = _frames_in_hand(worker)
    what = f"Frame {worker.attempt.frame}" if count == 1 else f"{count} frames"
    return Failure(
        kind,
        f"{what} took longer than {count * limit:g} s; `frame_limit_s` allows "
        f"{limit:g} s for a frame.",
    )


def mind_own_memory(board: Board, process: int) -> None:
    """End a process that holds more memory than its submission allows."""
    worker = board.workers.get(process)
    if worker is None:
        return
    submission = board.jobs[worker.attempt.task.job].record.submission
    limit = submission.memory_limit_mib
    if limit is not None and worker.memory_mib > limit:
        message = (
            f"It held {worker.memory_mib} MiB; `memory_limit_mib` allows {limit} MiB."
        )
        _end(board, worker, Failure(FailureClass.OUT_OF_MEMORY, message))


def mind_all_memory(board: Board, memory: MemoryReading) -> None:
    """End the process furthest above its grant when hardly any memory is free.

    One at a time: what it held is free only when it is gone.
    """
    floor_mib = memory.total_mib * board.policy.least_free_memory_percent / 100
    workers = board.workers.values()
    leaving = any(w.attempt.state is AttemptState.STOPPING for w in workers)
    if leaving or memory.available_mib >= floor_mib:
        return
    furthest = max(workers, key=_above_grant, default=None)
    if furthest is None or _above_grant(furthest) <= 0:
        return
    message = (
        f"{memory.available_mib} MiB were free on the computer and it held "
        f"{furthest.memory_mib} MiB, {_above_grant(furthest)} more than its share."
    )
    _end(board, furthest, Failure(FailureClass.OUT_OF_MEMORY, message))


def _above_grant(worker: Worker) -> int:
    running = worker.attempt.state is AttemptState.RUNNING
    return worker.memory_mib - worker.attempt.grant.memory_mib if running else 0


def mind_log(board: Board, worker: Worker) -> None:
    """End a process that floods its log; what it wrote so far stays to be read."""
    limit_mib = board.policy.log_mib
    if limit_mib and worker.attempt.log_read > limit_mib << 20:
        message = (
            f"Its log grew beyond {limit_mib} MiB. See what it repeats in it and turn "
            "that off, or raise `log_mib` in the policy."
        )
        _end(board, worker, Failure(FailureClass.OTHER, message))


def _end(board: Board, worker: Worker, failure: Failure | None) -> None:
    if worker.attempt.state is AttemptState.RUNNING:
        worker.failure = worker.failure or failure
        stop(board, worker)
