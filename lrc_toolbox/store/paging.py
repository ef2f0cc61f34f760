"""One page of a long list: where it begins, which way it goes, how long it is."""

from __future__ import annotations

from typing import NamedTuple

_BEYOND_ALL = 2**63 - 1  # SQLite's greatest integer


class Page(NamedTuple):
    """A page of rows in order of a number.

    Attributes:
        after: only rows beyond this number in the order asked for; None for the start.
        limit: at most so many rows; None for all.
    """

    newest_first: bool = False
    after: int | None = None
    limit: int | None = None

    def sql(self, key: str) -> str:
        """Return what follows a WHERE and its conditions; takes `arguments`."""
        if self.newest_first:
            return f"AND {key} < ? ORDER BY {key} DESC LIMIT ?"
        return f"AND {key} > ? ORDER BY {key} LIMIT ?"

    @property
    def arguments(self) -> tuple[int, int]:
        """What the two question marks of `sql` stand for."""
        start = _BEYOND_ALL if self.newest_first else -_BEYOND_ALL
        # SQLite takes a negative limit for none.
        return (
            start if self.after is None else self.after,
            -1 if self.limit is None else self.limit,
        )

    def has(self, number: int) -> bool:
        """Say whether a number lies beyond `after`."""
        if self.after is None:
            return True
        return number < self.after if self.newest_first else number > self.after
