"""The bytes of attribute chunks: kept, or read from the file when they are asked for.

What the bytes mean is `binary_values`' matter. Any thread.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lrc_toolbox.scenes.file_state import FileState
from lrc_toolbox.scenes.maya_binary import Format


class Timing(NamedTuple):
    """How a file counts time, and angles.

    Attributes:
        ticks: a second; 6000 until Maya 2016, then as the file says.
        wide: times have eight bytes, else four.
        fps: frames per second.
        turn: from radians to the scene's unit of angles.
    """

    ticks: float = 6000.0
    wide: bool = False
    fps: float = 24.0
    turn: float = math.degrees(1.0)

    def frames(self, ticks: int) -> float:
        """Ticks as frames."""
        return ticks / self.ticks * self.fps


class Origin(NamedTuple):
    """The file that payloads come from, as it was when it was read.

    Attributes:
        file: the file.
        format: FOR4 or FOR8.
        timing: how it counts time.
    """

    file: FileState
    format: Format
    timing: Timing = Timing()


class BinaryChunk(NamedTuple):
    """One attribute chunk of a node.

    Attributes:
        tag: what it is, e.g. `DBL3`.
        head: its first bytes, with the attribute's name and flags.
        whole: `head` is all of it.
        origin: the file.
        start: offset of the payload in the file; of no meaning where it is held.
        end: offset behind it.
    """

    tag: bytes
    head: bytes
    whole: bool
    origin: Origin
    start: int = 0
    end: int = 0

    def data(self) -> bytes:
        """The payload.

        Raises:
            SceneReadError: the file was changed or went away since it was read.
        """
        return self.head if self.whole else self.origin.file.read(self.start, self.end)


#: A small group's bytes, held whole, or its chunks.
Chunks = bytes | Sequence[BinaryChunk]


def chunks_of(held: Chunks, origin: Origin) -> Iterator[BinaryChunk]:
    """The chunks of a node; groups inside are left out.

    Args:
        held: a sequence, or bytes that `BinaryFile.leaves` has proved.
        origin: the file.
    """
    if not isinstance(held, bytes):
        yield from held
        return
    layout, at = origin.format, 0
    while at < len(held):
        tag, size = layout.leaf.unpack_from(held, at)
        first = at + layout.header
        at = first + size
        if tag not in layout.groups:
            yield BinaryChunk(tag, held[first:at], True, origin)
            at += -size % layout.alignment
