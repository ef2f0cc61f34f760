"""Windows of time: which rule holds at a moment, and when the next one begins.

Local time comes from a `Calendar` that is handed in, so that no clock is read here and
a change to or from daylight-saving time can be told as a story.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from lrc_toolbox.jobs.local_time import LocalTime
from lrc_toolbox.jobs.policy import DAYS, Policy, Window

_WEEKDAYS = (
    *("Monday", "Tuesday", "Wednesday", "Thursday"),
    *("Friday", "Saturday", "Sunday"),
)


class Calendar(Protocol):
    """Local time, whatever the time zone and its changes."""

    def at(self, epoch: float) -> LocalTime:
        """Say what the clock on the wall shows."""

    def epoch(self, year: int, month: int, day: int, minutes: int) -> float:
        """Say when it shows that; `day` may lie outside of the month."""


class Rule(NamedTuple):
    """What holds at a moment.

    Attributes:
        grants: "everything", "reserved" or "nothing".
        until: when that may change, seconds since 1970 UTC; None for never.
        opens: when renders may start again where nothing is granted, by the clock on
            the wall: "at 19:00", "on Monday at 07:00"; empty for never.
    """

    grants: str
    until: float | None = None
    opens: str = ""


def rule_at(policy: Policy, calendar: Calendar, now: float) -> Rule:
    """Find the rule that holds, and when the next window begins or ends."""
    if not policy.windows:
        return Rule(policy.otherwise)
    grants = _grants(policy, calendar.at(now))
    changes = sorted({at for at in _edges(policy, calendar, now) if at > now})
    until = next(iter(changes), None)
    opens = next(
        (at for at in changes if _grants(policy, calendar.at(at)) != "nothing"), None
    )
    if grants != "nothing" or opens is None:
        return Rule(grants, until)
    return Rule(grants, until, _told(calendar.at(opens), calendar.at(now)))


def _told(then: LocalTime, now: LocalTime) -> str:
    clock = f"at {then.minutes // 60:02}:{then.minutes % 60:02}"
    return clock if then.day == now.day else f"on {_WEEKDAYS[then.weekday]} {clock}"


def _grants(policy: Policy, local: LocalTime) -> str:
    for window in policy.windows:
        if _holds(window, local):
            return window.grants
    return policy.otherwise


def _holds(window: Window, local: LocalTime) -> bool:
    begins, ends = _minutes(window.begins), _minutes(window.ends)
    if begins < ends:
        return begins <= local.minutes < ends and _on(window, local.weekday)
    yesterday = (local.weekday - 1) % 7
    return (local.minutes >= begins and _on(window, local.weekday)) or (
        local.minutes < ends and _on(window, yesterday)
    )


def _on(window: Window, weekday: int) -> bool:
    return not window.days or DAYS[weekday] in window.days


def _edges(policy: Policy, calendar: Calendar, now: float) -> Iterator[float]:
    """Every beginning and end of a window in the next week, in no order."""
    today = calendar.at(now)
    for ahead in range(9):
        for window in policy.windows:
            for edge in (window.begins, window.ends):
                yield calendar.epoch(
                    today.year, today.month, today.day + ahead, _minutes(edge)
                )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
