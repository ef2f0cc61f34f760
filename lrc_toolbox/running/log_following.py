"""Following a process's log: new bytes in, worker events and a percentage out.

Bounded in memory whatever the process prints: megabytes without a newline, gigabytes of
lines, bytes that are no UTF-8. Nothing is ever asked of the process.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: What begins an event of docs/worker-protocol.md, wherever it stands in a line: other
#: writers may have left half a line before it.
MARK = b'{"lrc":'

#: Most bytes read in one go, so that one flood cannot starve the other processes.
CHUNK = 4 * 1024 * 1024

#: Longest line that can be an event. A longer one is the renderer's business.
LONGEST_LINE = 256 * 1024

_PERCENT = re.compile(rb"(?<![\d.])(\d{1,3}(?:\.\d{1,6})?) ?%\Z")
_LINE_END = re.compile(rb"[\r\n]")


@dataclass(slots=True)
class Reading:
    """What one look at a log gave.

    Attributes:
        lines: the worker events, in order, as they were written.
        percent: the newest percentage in the renderer's own lines, 0 to 100.
        size: bytes read; 0 where nothing was new.
        more: there was more than one chunk: look again soon.
    """

    lines: list[dict[str, Any]] = field(default_factory=list)
    percent: float | None = None
    size: int = 0
    more: bool = False


class LogFollower:
    """Reads what is new in one log.

    Args:
        path: the log; it need not be there yet.
        offset: where to begin, in bytes.
        percentages: look for percentages in the renderer's own lines.
    """

    def __init__(self, path: Path, offset: int = 0, *, percentages: bool) -> None:
        self._path = path
        self._position = offset
        self._percentages = percentages
        self._rest = b""

    @property
    def taken(self) -> int:
        """Where the first line begins that was not read to its end."""
        return self._position - len(self._rest)

    def read(self, *, to_end: bool = False) -> Reading:
        """Read what is new, a chunk at most.

        Args:
            to_end: the process is gone: an unfinished last line counts as a line.
        """
        try:
            with self._path.open("rb") as log:
                log.seek(self._position)
                data = log.read(CHUNK)
        except OSError:
            return Reading()
        self._position += len(data)
        reading = Reading(size=len(data), more=len(data) == CHUNK)
        data = self._rest + data
        end = len(data) if to_end and not reading.more else _last_line_end(data)
        if self._percentages:
            reading.percent = newest_percent(data)
        reading.lines = worker_events(data, end)
        self._rest = data[max(end, len(data) - LONGEST_LINE) :]
        return reading


def worker_events(data: bytes, end: int) -> list[dict[str, Any]]:
    """Find the worker events in the whole lines before `end`.

    A line that only looks like one is the renderer's own and passed over.
    """
    events = []
    start = data.find(MARK, 0, end)
    while start >= 0:
        match = _LINE_END.search(data, start, end)
        stop = match.start() if match else end
        text = data[start:stop].decode("utf-8", "replace")
        try:
            event, _ = json.JSONDecoder().raw_decode(text)
        except ValueError:
            event = None
        if isinstance(event, dict):
            events.append(event)
        start = data.find(MARK, stop, end)
    return events


def newest_percent(data: bytes) -> float | None:
    """Find the last percentage from 0 to 100, without looking at every line.

    `rfind` reads hundreds of megabytes a second; a pattern on each line reads fifty
    (PERFORMANCE.md).
    """
    place = data.rfind(b"%")
    for _ in range(16):
        if place < 0:
            return None
        match = _PERCENT.search(data, max(0, place - 16), place + 1)
        if match and float(match[1]) <= 100:
            return float(match[1])
        place = data.rfind(b"%", 0, place)
    return None


def _last_line_end(data: bytes) -> int:
    return max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
