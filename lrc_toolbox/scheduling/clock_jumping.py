"""What follows when the clock jumps: it was set, or the computer slept.

All that was counted from a moment in the past is counted from one as much later, so
that nothing seems silent, overdue or rested for the time that nobody lived through.
Times that people read (when something was started) stay as they were.
"""

from __future__ import annotations

from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import ClockJumped
from lrc_toolbox.scheduling.work import Worker


def clock_jumped(board: Board, event: ClockJumped) -> None:
    """Move every deadline by as much as the clock jumped."""
    for worker in board.workers.values():
        _shift(worker, event.by_s)
    for where in board.resting:
        task = board.task(where)
        if task is not None and task.not_before is not None:
            task.not_before += event.by_s
    for rest in board.renderer_rests.values():
        rest.until += event.by_s
    board.artist.shift(event.by_s)


def _shift(worker: Worker, by_s: float) -> None:
    worker.started_at += by_s
    worker.heard_at += by_s
    worker.saved_at += by_s
    if worker.frame_since is not None:
        worker.frame_since += by_s
    if worker.closed_at is not None:
        worker.closed_at += by_s
    if worker.resting_since is not None:
        worker.resting_since += by_s
