"""Commands as rows of the inbox, and rows as commands.

Owns the words and the JSON that a command is kept as; `store.inbox` keeps them.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from lrc_toolbox.jobs.commands import (
    Cancel,
    Command,
    Pause,
    Remove,
    Resume,
    Retry,
    SetPriority,
    StopQueue,
    StopService,
    Submit,
)
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.store.rows import (
    Row,
    read_frames,
    read_plans,
    read_submission,
    write_plans,
    write_submission,
)

SUBMIT = "submit"
COMMAND = ("kind", "body", "tasks", "frames", "plans")

# Those whose fields are plain numbers.
_PLAIN: dict[str, type[Cancel | Pause | Resume | StopQueue | SetPriority | StopService]]
_PLAIN = {
    "cancel": Cancel,
    "pause": Pause,
    "resume": Resume,
    "stop_queue": StopQueue,
    "set_priority": SetPriority,
    "stop_service": StopService,
}
_WORDS: dict[type[Command], str] = {kind: word for word, kind in _PLAIN.items()}


def command_row(command: Command) -> Row:
    """Return the `COMMAND` columns of a command."""
    if isinstance(command, Submit):
        return (
            SUBMIT,
            write_submission(command.submission),
            len(command.plans),
            sum(len(plan.frames) for plan in command.plans),
            write_plans(command.plans),
        )
    word, fields = _word_and_fields(command)
    return word, json.dumps(fields), 0, 0, None


def read_command(kind: str, body: str, plans: str | None) -> Command:
    """Return a command from its word, its JSON and, of a submission, its plans."""
    if kind == SUBMIT:
        return Submit(read_submission(body), read_plans(plans or "[]"))
    fields = json.loads(body)
    if kind == "remove":
        return Remove(tuple(fields["jobs"]))
    if kind == "retry":
        return _retry(**fields)
    return _PLAIN[kind](**fields)


def _word_and_fields(command: Command) -> tuple[str, dict[str, Any]]:
    if isinstance(command, Retry):
        frames = None if command.frames is None else str(command.frames)
        return "retry", {"job": command.job, "task": command.task, "frames": frames}
    if isinstance(command, Remove):
        return "remove", {"jobs": command.jobs}
    return _WORDS[type(command)], asdict(command)


def _retry(job: int, task: list[int] | None, frames: str | None) -> Retry:
    return Retry(
        job,
        None if task is None else TaskId(*task),
        None if frames is None else read_frames(frames),
    )
