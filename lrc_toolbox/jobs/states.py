"""The states of jobs, tasks, frames and attempts: one table each, and one door.

`docs/states.md` is printed from these tables by `python -m lrc_toolbox.jobs.states`.
Nothing here knows where states are kept.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from lrc_toolbox.jobs.errors import LrcError


class JobState(str, Enum):
    """How far a job is. Whether it is paused is a flag beside it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TaskState(str, Enum):
    """How far a task is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class FrameState(str, Enum):
    """How far a frame is."""

    WAITING = "waiting"
    SENT = "sent"
    RENDERING = "rendering"
    PROVING = "proving"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AttemptState(str, Enum):
    """How far an attempt is."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"
    LOST = "lost"


State = TypeVar("State", bound=Enum)


class IllegalMoveError(LrcError):
    """Code tried a move that its state table does not have.

    Attributes:
        what: the thing, e.g. "frame 17.2 at 1001".
        history: the states it had, oldest first, the refused one last.
    """

    def __init__(self, what: str, history: Sequence[Enum]) -> None:
        chain = " -> ".join(str(state.value) for state in history)
        super().__init__(f"{what} cannot move {chain}.")
        self.what = what
        self.history = tuple(history)


@dataclass(frozen=True)
class StateTable(Generic[State]):
    """The legal moves of one kind of thing.

    Attributes:
        noun: what moves: "job", "task", "frame" or "attempt".
        meaning: one sentence for each state.
        moves: from a state to each state it may become, with what makes it so.
    """

    noun: str
    meaning: Mapping[State, str]
    moves: Mapping[State, Mapping[State, str]]

    def move(
        self, what: str, current: State, to: State, history: Sequence[State] = ()
    ) -> State:
        """Return `to` where the table allows the move.

        Args:
            what: the thing, for the error.
            current: the state it has.
            to: the state it should get.
            history: the states before `current`, oldest first, for the error.

        Raises:
            IllegalMoveError: the table has no such move.
        """
        if to not in self.moves[current]:
            raise IllegalMoveError(what, (*history, current, to))
        return to

    def ended(self, state: State) -> bool:
        """Say whether a thing in this state stays so unless a person asks for more."""
        return state.value in _ENDED


_ENDED = frozenset({"done", "failed", "cancelled", "finished", "stopped", "lost"})

_J, _T, _F, _A = JobState, TaskState, FrameState, AttemptState

JOB = StateTable(
    "job",
    {
        _J.WAITING: "Nothing of it runs; `reason` says why.",
        _J.RUNNING: "At least one frame was started and some are not accounted for.",
        _J.DONE: "Every frame is proved.",
        _J.FAILED: "Every frame is accounted for, at least one was given up.",
        _J.CANCELLED: "A person ended it; its processes are gone.",
    },
    {
        _J.WAITING: {
            _J.RUNNING: "its first process starts",
            _J.FAILED: "its last open task is given up while nothing of it runs",
            _J.CANCELLED: "a person cancels it",
            _J.DONE: "every frame turns out to be proved while nothing of it runs",
        },
        _J.RUNNING: {
            _J.WAITING: "it is paused or stopped and its last process ends",
            _J.DONE: "its last frame is proved",
            _J.FAILED: "its last frame is accounted for and some were given up",
            _J.CANCELLED: "a person cancels it and its last process is gone",
        },
        _J.DONE: {_J.WAITING: "a person asks for frames again"},
        _J.FAILED: {_J.WAITING: "a person asks for frames again"},
        _J.CANCELLED: {_J.WAITING: "a person asks for frames again"},
    },
)

TASK = StateTable(
    "task",
    {
        _T.WAITING: "No process works on it.",
        _T.RUNNING: "A process works on it, or its last pictures are being proved.",
        _T.DONE: "Every frame is proved and no process works on it.",
        _T.FAILED: "Every frame is accounted for, at least one was given up.",
        _T.CANCELLED: "Its job was cancelled before every frame was accounted for.",
    },
    {
        _T.WAITING: {
            _T.RUNNING: "a process starts on it",
            _T.DONE: "the pictures of every frame are there already and are proved",
            _T.FAILED: "it is given up while no process works on it",
            _T.CANCELLED: "its job is cancelled",
        },
        _T.RUNNING: {
            _T.WAITING: "its last process ends with frames left to render",
            _T.DONE: "its last frame is proved",
            _T.FAILED: "its last frame is accounted for and some were given up",
            _T.CANCELLED: "its job is cancelled and its last process is gone",
        },
        _T.DONE: {_T.WAITING: "a person asks for frames again"},
        _T.FAILED: {_T.WAITING: "a person asks for frames again"},
        _T.CANCELLED: {_T.WAITING: "a person asks for frames again"},
    },
)

FRAME = StateTable(
    "frame",
    {
        _F.WAITING: "No process has it.",
        _F.SENT: "A process has it in line.",
        _F.RENDERING: "A process renders it.",
        _F.PROVING: "The process says it is written; its pictures are being read.",
        _F.DONE: "Every expected picture is there, whole, with the right size.",
        _F.FAILED: "It was given up; `failure` says why.",
        _F.CANCELLED: "Its job was cancelled before it was proved.",
    },
    {
        _F.WAITING: {
            _F.SENT: "a process is given it",
            _F.DONE: "its pictures are there already and are proved",
            _F.FAILED: "its task is given up",
            _F.CANCELLED: "its job is cancelled",
        },
        _F.SENT: {
            _F.RENDERING: "the process begins it",
            _F.PROVING: "the process ends; what it wrote is looked at",
            _F.WAITING: "the process ends or fails before it began it",
            _F.FAILED: "the process cannot render it and tries are used up",
            _F.CANCELLED: "its job is cancelled",
        },
        _F.RENDERING: {
            _F.PROVING: "the process reports its files, or ends",
            _F.WAITING: "the process ends without it and a try is left",
            _F.FAILED: "the process ends without it and no try is left",
            _F.CANCELLED: "its job is cancelled",
        },
        _F.PROVING: {
            _F.DONE: "its pictures are proved",
            _F.WAITING: "a picture is missing or broken and a try is left",
            _F.FAILED: "a picture is missing or broken and no try is left",
            _F.CANCELLED: "its job is cancelled and the picture is not proved",
        },
        _F.DONE: {_F.WAITING: "a person asks for it again"},
        _F.FAILED: {_F.WAITING: "a person asks for it again"},
        _F.CANCELLED: {_F.WAITING: "a person asks for it again"},
    },
)

ATTEMPT = StateTable(
    "attempt",
    {
        _A.STARTING: "Its process is about to be started; its grant is taken.",
        _A.RUNNING: "Its process runs.",
        _A.STOPPING: "Its process was asked to end and is killed if it does not.",
        _A.FINISHED: "Its process ended by itself, or went on to another task.",
        _A.FAILED: "Its process could not be started, crashed or reported an error.",
        _A.STOPPED: "Its process was ended on purpose and is gone.",
        _A.LOST: "The service was gone and so was the process when it came back.",
    },
    {
        _A.STARTING: {
            _A.RUNNING: "the process has a pid",
            _A.FAILED: "the process cannot be started",
            _A.LOST: "a new service finds no such process",
            _A.STOPPING: "a person cancels or stops it",
        },
        _A.RUNNING: {
            _A.STOPPING: "a person cancels or stops it, or it is past a limit",
            _A.FINISHED: "the process exits with 0, or goes on to another task",
            _A.FAILED: "the process exits with another code",
            _A.LOST: "a new service finds no such process",
        },
        _A.STOPPING: {
            _A.STOPPED: "the whole process tree is gone",
            _A.FAILED: "it was past a limit, or its layer was given up, and is gone",
            _A.LOST: "a new service finds no such process",
        },
        _A.FINISHED: {},
        _A.FAILED: {},
        _A.STOPPED: {},
        _A.LOST: {},
    },
)

TABLES: tuple[StateTable[Any], ...] = (JOB, TASK, FRAME, ATTEMPT)

_HEAD = """\
# States

Printed by `python -m lrc_toolbox.jobs.states`; change the tables there, not this file.
What has ended stays so unless a person asks for frames again; an attempt stays so for
good. Whether a job is paused is a flag beside its state.
"""


def describe(table: StateTable[Any]) -> str:
    """Write one table as a chapter of `docs/states.md`."""
    meaning = [
        f"| `{state.value}` | {text} | {'yes' if table.ended(state) else ''} |"
        for state, text in table.meaning.items()
    ]
    moves = [
        (state.value, to.value, cause)
        for state, reached in table.moves.items()
        for to, cause in reached.items()
    ]
    # The arrows carry no words: mermaid ends a label at a colon or semicolon.
    arrows = [f"    {state} --> {to}" for state, to, _ in moves]
    return "\n".join(
        [
            f"## {table.noun.capitalize()}",
            "",
            "| state | meaning | ended |",
            "| --- | --- | --- |",
            *meaning,
            "",
            "| from | to | when |",
            "| --- | --- | --- |",
            *(f"| `{state}` | `{to}` | {cause} |" for state, to, cause in moves),
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {next(iter(table.meaning)).value}",
            *arrows,
            "```",
        ]
    )


def main() -> None:
    """Print `docs/states.md`."""
    chapters = "\n\n".join(map(describe, TABLES))
    sys.stdout.write(f"{_HEAD}\n{chapters}\n")


if __name__ == "__main__":
    main()
