"""What can be wrong with a queue file, told with the reason and the remedy.

Turns SQLite's own words into ours; decides nothing and opens nothing.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from lrc_toolbox.jobs.errors import LrcError

_OTHER_FOLDER = "Set LRC_HOME to another folder to begin a new queue."


class StoreError(LrcError):
    """The queue could not be read or written.

    Attributes:
        where: the queue file, or what stands for it.
        reason: what was wrong, without the place.
    """

    def __init__(self, where: Path | str, reason: str, *, remedy: str = "") -> None:
        super().__init__(f"{where}: {reason}", remedy=remedy)
        self.where = where
        self.reason = reason


class NotAQueueError(StoreError):
    """The file is no queue of ours; it is left as it is."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason, remedy=f"Move the file away. {_OTHER_FOLDER}")


class FutureQueueError(StoreError):
    """A newer LRC Toolbox wrote the file; it is left as it is.

    Attributes:
        found: the version of the file.
        known: the newest version this program knows.
    """

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            path,
            "the queue was written by a newer LRC Toolbox "
            f"(file version {found}, this program knows up to {known}).",
            remedy=f"Update LRC Toolbox. {_OTHER_FOLDER}",
        )
        self.found = found
        self.known = known


# SQLite's messages (sqlite3ErrStr in its main.c, unchanged for many years) are asked
# instead of its error codes: Python gives codes only from 3.11 on.
_REASONS: tuple[tuple[str, str, str], ...] = (
    (
        "database or disk is full",
        "the disk is full.",
        "Free some space on that disk; the queue goes on where it was.",
    ),
    (
        "attempt to write a readonly database",
        "the queue file may not be written.",
        "Give yourself the right to write it and its folder.",
    ),
    (
        "unable to open database file",
        "the queue file cannot be opened.",
        "See that its folder exists and that you may write there.",
    ),
    (
        "database is locked",
        "another process kept the queue file locked for too long.",
        "Try again; a backup or virus scanner may be holding it.",
    ),
    (
        "disk I/O error",
        "the disk did not take or give what it should.",
        "See whether the disk is full, over quota or failing.",
    ),
)


def explain(where: Path, error: sqlite3.Error) -> StoreError:
    """Return the error to raise for one of SQLite's."""
    said = str(error)
    if "file is not a database" in said:
        return NotAQueueError(where, "this file is no queue of LRC Toolbox.")
    if "database disk image is malformed" in said:
        return damaged(where)
    for words, reason, remedy in _REASONS:
        if words in said:
            return StoreError(where, reason, remedy=remedy)
    return StoreError(where, f"SQLite says: {said}.")


def damaged(where: Path) -> StoreError:
    """Return the error to raise for a file that is a queue, and broken."""
    return StoreError(
        where,
        "the queue file is damaged.",
        remedy=f"Move it away and keep it for a rescue. {_OTHER_FOLDER}",
    )
