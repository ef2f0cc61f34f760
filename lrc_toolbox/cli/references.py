"""How a job or one of its tasks is named on the command line: `17` or `17.2`."""

from __future__ import annotations

import re

from lrc_toolbox.jobs.errors import LrcError


class WrongReferenceError(LrcError):
    """What should name a job or a task does not.

    Attributes:
        text: what was typed.
    """

    def __init__(self, text: str) -> None:
        super().__init__(
            f'"{text}" names no job and no task.',
            remedy="Write a number as `lrc queue` lists them, or JOB.TASK as in 17.2.",
        )
        self.text = text


def read_reference(text: str) -> tuple[int, int | None]:
    """Read a job's number and, where one is named, the task's place in it.

    Raises:
        WrongReferenceError: it is neither a job nor a task.
    """
    match = re.fullmatch(r"(\d{1,15})(?:\.(\d{1,9}))?", text)
    if match is None:
        raise WrongReferenceError(text)
    return int(match[1]), int(match[2]) if match[2] else None
