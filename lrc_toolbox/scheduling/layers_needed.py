"""Layers that come after other layers of their job.

A task is kept out of the line until every task of those layers is done. Where one of
them fails, what comes after it is given up too, so that the job comes to its end and
whoever waits for it hears of it; a retry takes up both.
"""

from __future__ import annotations

from collections.abc import Iterable

from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.records import TaskRecord
from lrc_toolbox.jobs.states import TaskState
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.failing import give_up_task
from lrc_toolbox.scheduling.work import JobWork, TaskWork


def order_layers(board: Board, job: JobWork, tasks: Iterable[TaskRecord]) -> None:
    """Work out anew which tasks each open task of a job comes after.

    Args:
        board: what is known.
        job: the job.
        tasks: of the job, at least those that are open or did not end well.
    """
    order = job.record.submission.layers_after
    if not order:
        return
    by_layer: dict[str, list[TaskRecord]] = {}
    for record in tasks:
        by_layer.setdefault(record.plan.layer, []).append(record)
    for work in list(job.tasks.values()):
        names = order.get(work.record.plan.layer, ())
        needed = [record for name in names for record in by_layer.get(name, ())]
        for record in needed:
            if record.id.ordinal not in job.tasks and record.state in _ENDED_BADLY:
                _give_up(board, job, work, record)
        _come_after(board, job, work, [r for r in needed if r.id.ordinal in job.tasks])


def layer_ended(board: Board, job: JobWork, ended: TaskRecord) -> None:
    """Let those tasks begin that waited for this one, or give them up with it."""
    if not job.record.submission.layers_after or job.record.cancelling:
        return
    for work in list(job.tasks.values()):
        if ended.id.ordinal not in work.after:
            continue
        if ended.state is not TaskState.DONE:
            _give_up(board, job, work, ended)
        work.after = work.after - {ended.id.ordinal}
        if not work.after and work.given_up is None:
            work.record.reason = ""
            board.save_task(work.record)
        board.index_task(job, work)
        board.line_up(job)


_ENDED_BADLY = (TaskState.FAILED, TaskState.CANCELLED)


def _come_after(
    board: Board, job: JobWork, work: TaskWork, needed: list[TaskRecord]
) -> None:
    work.after = frozenset(record.id.ordinal for record in needed)
    if needed and work.given_up is None:
        layers = ", ".join(dict.fromkeys(record.plan.layer for record in needed))
        work.record.reason = f"It comes after {layers}."
        board.save_task(work.record)
    board.index_task(job, work)


def _give_up(board: Board, job: JobWork, work: TaskWork, ended: TaskRecord) -> None:
    message = f"It comes after {ended.plan.layer}, which failed: retry the job."
    give_up_task(board, job, work, Failure(FailureClass.OTHER, message))
