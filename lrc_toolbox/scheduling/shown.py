"""The progress that people see: raised to what is true, never lowered."""

from __future__ import annotations

from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.work import TaskWork

#: How much of a frame counts as done while its picture is being read.
WRITTEN = 0.99


def show_progress(board: Board, task: TaskWork) -> None:
    """Raise the progress that people see to what is true; never lower it."""
    record = task.record
    in_hand = sum(
        board.workers[process].attempt.percent / 100 for process in task.workers
    )
    whole = record.done + record.failed + WRITTEN * (len(task.proving) + in_hand)
    record.shown_percent = max(record.shown_percent, 100 * whole / record.total)
    board.save_task(record)
