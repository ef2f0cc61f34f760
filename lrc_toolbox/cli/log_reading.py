"""Reading renderers' logs from the end, bounded in memory whatever a renderer wrote.

Logs may hold gigabytes, lines of megabytes, bytes that are not UTF-8, terminal
controls and carriage returns. Which log is read is decided in `logs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.running.log_following import MARK

_BLOCK = 64 * 1024
_MOST_BYTES = 8 * 1024 * 1024
_LONGEST_LINE = 4000


@dataclass(frozen=True, slots=True)
class LogPart:
    """Which bytes of a log file belong to one attempt.

    Attributes:
        start: first byte.
        end: one past the last, None for the end of the file, wherever that is.
    """

    path: Path
    start: int = 0
    end: int | None = None

    def size_now(self) -> int:
        """Say where the part ends at this moment.

        Raises:
            OSError: the file cannot be read.
        """
        size = self.path.stat().st_size
        return size if self.end is None else min(size, self.end)


@dataclass(frozen=True, slots=True)
class Tail:
    """The last lines of a log part.

    Attributes:
        lines: oldest first, ready to be shown.
        left_out: bytes before the first line that were not looked at.
        position: the byte after the last line, where following goes on.
    """

    lines: list[str]
    left_out: int
    position: int


def read_tail(part: LogPart, lines: int, *, events: bool = False) -> Tail:
    """Read the last lines, from the end backwards, at most 8 MiB.

    Args:
        part: what to read.
        lines: how many lines to give back at most.
        events: also give back the worker's event lines.

    Raises:
        OSError: the file cannot be read.
    """
    end = part.size_now()
    room = max(0, end - part.start)
    size = min(_BLOCK, room)
    with part.path.open("rb") as file:
        while True:
            file.seek(end - size)
            found = _whole_lines(file.read(size), size < room, events)
            if len(found) >= lines or size >= min(room, _MOST_BYTES):
                break
            size = min(size * 4, room, _MOST_BYTES)
    shown = found[-lines:] if lines else []
    return Tail([shown_line(line) for line in shown], room - size, end)


def newest_line(part: LogPart) -> str:
    """Read the newest line a renderer wrote; empty where there is none to be read."""
    try:
        tail = read_tail(part, 1)
    except OSError:
        return ""
    return tail.lines[-1] if tail.lines else ""


class GrowingLog:
    """Reads what is added to a log part, whole lines only.

    A line longer than 4,000 characters is given back cut; the rest is dropped unread.

    Attributes:
        part: what it reads; its end may become known later.
        position: the byte up to which it was read.
    """

    def __init__(self, part: LogPart, position: int, *, events: bool = False) -> None:
        self.part = part
        self.position = position
        self._events = events
        self._begun = b""
        self._dropping = False

    def added(self) -> Iterator[str]:
        """Yield the lines that are complete now; returns at the end of the file.

        Raises:
            OSError: the file cannot be read.
        """
        with self.part.path.open("rb") as file:
            file.seek(self.position)
            while (room := self.part.size_now() - self.position) > 0:
                block = file.read(min(_BLOCK, room))
                if not block:
                    break
                self.position += len(block)
                yield from self._split(block)

    def rest(self) -> Iterator[str]:
        """Yield the last line if it has no end; for a log that is complete."""
        if self._begun and not self._dropping:
            yield shown_line(self._begun)
        self._begun = b""

    def _split(self, block: bytes) -> Iterator[str]:
        *whole, begun = (self._begun + block).split(b"\n")
        for line in whole:
            if self._dropping:
                self._dropping = False
            elif (own := line if self._events else _without_event(line)) is not None:
                yield shown_line(own)
        if not self._dropping and len(begun) > _LONGEST_LINE:
            yield shown_line(begun)
            self._dropping = True
        self._begun = b"" if self._dropping else begun


def shown_line(line: bytes) -> str:
    """Decode a line, cut it where it is absurdly long, escape what would harm."""
    # A renderer that draws over its own line means the last thing it wrote.
    text = line.rstrip(b"\r").rpartition(b"\r")[2]
    cut = len(text) - _LONGEST_LINE
    shown = printable(text[:_LONGEST_LINE].decode("utf-8", "replace"))
    return f"{shown} ({cut:,} more bytes)" if cut > 0 else shown


def _whole_lines(data: bytes, begins_inside: bool, events: bool) -> list[bytes]:
    lines = data.split(b"\n")
    if begins_inside and len(lines) > 1:
        del lines[0]
    if not lines[-1]:
        lines.pop()
    if events:
        return lines
    return [own for own in map(_without_event, lines) if own is not None]


def _without_event(line: bytes) -> bytes | None:
    """Leave out a worker's message; None where the line is nothing else.

    Another writer may have left half a line before it.
    """
    own, mark, _ = line.partition(MARK)
    return None if mark and not own else own
