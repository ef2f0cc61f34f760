"""One transaction: all of a block's statements happen, or none of them.

Says nothing about what the statements are; errors pass through as SQLite raised them.
"""

from __future__ import annotations

import sqlite3
from types import TracebackType


class Transaction:
    """`with Transaction(db): ...`, to write; with `reading=True` to see one moment.

    A writing one waits for other writers when it begins, not in the middle.
    """

    __slots__ = ("_begin", "_db")

    def __init__(self, db: sqlite3.Connection, *, reading: bool = False) -> None:
        self._db = db
        self._begin = "BEGIN" if reading else "BEGIN IMMEDIATE"

    def __enter__(self) -> None:
        self._db.execute(self._begin)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._db.execute("COMMIT")
        finally:
            # Still open after an error, and after a COMMIT that found no room; where
            # the disk is full SQLite may have rolled back by itself.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
