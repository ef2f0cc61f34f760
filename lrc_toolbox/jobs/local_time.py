"""A moment as the clock on the wall shows it."""

from __future__ import annotations

from typing import NamedTuple


class LocalTime(NamedTuple):
    """A moment in local time.

    Attributes:
        weekday: 0 for Monday.
        minutes: since midnight, as the clock shows them: 03:00 is 180 on every day.
    """

    year: int
    month: int
    day: int
    weekday: int
    minutes: int
