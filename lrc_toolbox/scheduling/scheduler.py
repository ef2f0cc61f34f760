"""The scheduler's one door: an event goes in, a decision comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lrc_toolbox.jobs.commands import Submit
from lrc_toolbox.scheduling import asking, ending, recovering, rendering
from lrc_toolbox.scheduling.actions import Action, EndService
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import (
    CapacityChanged,
    CommandAsked,
    FrameGivenUp,
    FrameLooked,
    FrameProgressed,
    FrameStarted,
    FrameWritten,
    OutputRead,
    ProcessEnded,
    ProcessNotStarted,
    ProcessStarted,
    RetryAsked,
    SchedulerEvent,
    TaskGivenUp,
    Ticked,
    WorkRecovered,
)
from lrc_toolbox.scheduling.placing import start_what_fits
from lrc_toolbox.store.interface import Changes


@dataclass(frozen=True, slots=True)
class Decision:
    """What an event leads to: first save the changes, then do the actions."""

    changes: Changes
    actions: list[Action]


class Scheduler:
    """Decides what is started, sent, proved, tried again and stopped.

    Args:
        log_folder: where attempts' logs go, with `/` between folders.
        kept_open: says of an engine's name whether its processes stay open.
    """

    def __init__(self, log_folder: str, kept_open: Callable[[str], bool]) -> None:
        self._board = Board(log_folder)
        self._kept_open = kept_open

    @property
    def idle(self) -> bool:
        """Nothing runs and nothing could start before somebody asks for something."""
        board = self._board
        stuck = board.queue_paused or next(board.in_line(), None) is None
        return stuck and not board.workers and not board.proving

    @property
    def next_deadline(self) -> float | None:
        """When a `Ticked` event is needed, seconds since 1970 UTC; None for never."""
        return ending.next_deadline(self._board)

    def handle(self, event: SchedulerEvent) -> Decision:
        """Take one event into account and decide what follows."""
        board = self._board
        board.changes, board.actions, board.touched = Changes(), [], {}
        self._dispatch(event)
        ending.settle(board, event.now)
        start_what_fits(board, event.now)
        ending.rest(board)
        if board.leaving and not board.workers:
            board.actions.append(EndService())
        return Decision(board.changes, board.actions)

    def _dispatch(self, event: SchedulerEvent) -> None:
        board = self._board
        match event:
            case CommandAsked():
                kept_open = self._is_kept_open(event)
                asking.command_asked(board, event, kept_open=kept_open)
            case RetryAsked():
                kept_open = self._kept_open(event.job.submission.engine)
                asking.retry_asked(board, event, kept_open=kept_open)
            case WorkRecovered():
                kinds = {
                    job.id: self._kept_open(job.submission.engine) for job in event.jobs
                }
                recovering.work_recovered(board, event, kinds)
            case ProcessStarted():
                ending.process_started(board, event)
            case ProcessNotStarted():
                ending.process_not_started(board, event)
            case ProcessEnded():
                ending.process_ended(board, event)
            case OutputRead():
                ending.output_read(board, event)
            case FrameStarted():
                rendering.frame_started(board, event)
            case FrameProgressed():
                rendering.frame_progressed(board, event)
            case FrameWritten():
                rendering.frame_written(board, event)
            case FrameGivenUp():
                rendering.frame_given_up(board, event)
            case TaskGivenUp():
                rendering.task_given_up(board, event)
            case FrameLooked():
                rendering.frame_looked(board, event)
            case CapacityChanged():
                board.ledger.resize(event.cpu_ids, event.slots)
            case Ticked():
                ending.stop_silent(board, event.now)

    def _is_kept_open(self, event: CommandAsked) -> bool:
        command = event.command
        return isinstance(command, Submit) and self._kept_open(
            command.submission.engine
        )
