"""The scheduler's one door: an event goes in, a decision comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.scheduling import (
    asking,
    capacity_changing,
    clock_jumping,
    ending,
    existing_frames,
    failing,
    learning,
    licences,
    limits,
    recovering,
    rendering,
)
from lrc_toolbox.scheduling.actions import Action, EndService
from lrc_toolbox.scheduling.board import Board
from lrc_toolbox.scheduling.events import (
    CapacityChanged,
    ClockJumped,
    CommandAsked,
    ExistingFound,
    FrameGivenUp,
    FrameLooked,
    FrameProgressed,
    FrameStarted,
    FrameWritten,
    MachineRead,
    OutputRead,
    ProcessEnded,
    ProcessNotStarted,
    ProcessStarted,
    RetryAsked,
    SchedulerEvent,
    TaskGivenUp,
    Ticked,
    UsageKnown,
    UsageMeasured,
    WorkRecovered,
)
from lrc_toolbox.scheduling.hours import Calendar
from lrc_toolbox.scheduling.placing import start_what_fits
from lrc_toolbox.scheduling.work import EngineTraits
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
        traits_of: says what must be known of a submission's engine.
        calendar: local time, for windows of time.
    """

    def __init__(
        self,
        log_folder: str,
        traits_of: Callable[[Submission], EngineTraits],
        calendar: Calendar,
    ) -> None:
        self._board = Board(log_folder, traits_of)
        self._calendar = calendar

    @property
    def idle(self) -> bool:
        """Nothing runs and nothing could start before somebody asks for something."""
        board = self._board
        stuck = board.queue_paused or next(board.in_line(), None) is None
        busy = board.workers or board.proving or failing.something_rests(board)
        busy = busy or board.searches
        return stuck and not busy

    @property
    def next_deadline(self) -> float | None:
        """When a `Ticked` event is needed, seconds since 1970 UTC; None for never."""
        board = self._board
        deadlines = (
            limits.next_deadline(board),
            failing.next_try(board),
            licences.next_try(board),
        )
        return min((at for at in deadlines if at is not None), default=None)

    def handle(self, event: SchedulerEvent) -> Decision:
        """Take one event into account and decide what follows."""
        board = self._board
        board.changes, board.actions, board.touched = Changes(), [], {}
        self._dispatch(event)
        ending.settle(board, event.now)
        existing_frames.find_and_look(board)
        while hopeless := start_what_fits(board, event.now):
            failing.give_up_hopeless(board, hopeless)
            ending.settle(board, event.now)
        ending.rest(board)
        if board.leaving and not board.workers:
            board.actions.append(EndService())
        return Decision(board.changes, board.actions)

    def _dispatch(self, event: SchedulerEvent) -> None:
        board = self._board
        match event:
            case CommandAsked():
                asking.command_asked(board, event)
            case RetryAsked():
                asking.retry_asked(board, event)
            case WorkRecovered():
                recovering.work_recovered(board, event)
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
            case ExistingFound():
                existing_frames.existing_found(board, event)
            case CapacityChanged():
                capacity_changing.change_capacity(board, event.capacity, event.now)
            case MachineRead():
                board.policy = event.policy
                capacity_changing.machine_read(board, event, self._calendar)
                limits.mind_all_memory(board, event.reading.memory)
            case UsageKnown():
                board.usage.update((usage.key, usage) for usage in event.usage)
            case UsageMeasured():
                learning.usage_measured(board, event)
                limits.mind_own_memory(board, event.process)
            case ClockJumped():
                clock_jumping.clock_jumped(board, event)
            case Ticked():
                limits.end_overdue(board, event.now)
                failing.go_on(board, event.now)
                licences.note_due(board, event.now)
