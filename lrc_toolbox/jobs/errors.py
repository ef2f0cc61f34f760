"""The one parent of every error this project raises on purpose.

Concrete errors live beside the code that raises them. Each says what was wrong,
where, and what to do about it, and carries those facts as attributes.
"""

from __future__ import annotations


class LrcError(Exception):
    """Something a person asked for cannot be done, with the reason and the remedy.

    Attributes:
        remedy: one sentence saying what to do about it; empty where nothing helps.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} {self.remedy}" if self.remedy else message
