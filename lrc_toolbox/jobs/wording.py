"""How people are told durations, clock times, counts and names, in every way in.

Pure text, no colours. Names come from scenes and logs and may hold anything, so what is
shown has gone through `printable` first.
"""

from __future__ import annotations

import time
import unicodedata

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def duration(seconds: float) -> str:
    """Write a duration: `0:07`, `1:32`, `2:05:10`, `3d 04h`."""
    whole = max(0, round(seconds))
    if whole >= 2 * _DAY:
        return f"{whole // _DAY}d {whole % _DAY // _HOUR:02}h"
    hours, rest = divmod(whole, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def clock_time(at: float, now: float) -> str:
    """Write a moment in local time: `14:05` today, `Sat 02:10`, else `24 Dec 02:10`.

    Args:
        at: seconds since 1970 UTC.
        now: the moment it is read, which decides how much of the date is needed.
    """
    moment, today = time.localtime(at), time.localtime(now)
    if moment[:3] == today[:3]:
        return time.strftime("%H:%M", moment)
    pattern = "%a %H:%M" if abs(at - now) < 6 * _DAY else "%d %b %H:%M"
    return time.strftime(pattern, moment)


def count(number: int, noun: str) -> str:
    """Write a number with its noun: `1 frame`, `24,000 frames`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(items: list[str], limit: int = 6) -> str:
    """Join names for a sentence, naming how many were left out past the limit."""
    shown = ", ".join(items[:limit])
    return f"{shown} and {len(items) - limit} more" if len(items) > limit else shown


def printable(text: str) -> str:
    r"""Escape what would move the cursor, colour or reorder a terminal's text.

    Control, format and surrogate characters become `\x1b`, `\u202e` and the like; a tab
    becomes a blank.
    """
    if text.isprintable():
        return text
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character == "\t":
        return " "
    # Cc control, Cf format (bidirectional overrides), Cs lone surrogates of undecodable
    # file names, Zl and Zp line and paragraph separators.
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character.encode("unicode_escape", "backslashreplace").decode("ascii")
    return character
