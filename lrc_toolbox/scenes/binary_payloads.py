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


class FilePart(NamedTuple):
    """A payload that is left in its file: geometry, mostly.

    Attributes:
        file: the file.
        start: offset of the payload in it.
        end: offset behind it.
    """

    file: FileState
    start: int
    end: int


class BinaryChunk(NamedTuple):
    """One attribute chunk of a large node.

    Attributes:
        tag: what it is, e.g. `DBL3`.
        head: its first bytes, with the attribute's name and flags.
        payload: all of it.
    """

    tag: bytes
    head: bytes
    payload: Payload


#: Bytes that are held, or where they are.
Payload = bytes | FilePart
#: A small group's bytes, held whole, or its chunks.
Chunks = bytes | Sequence[BinaryChunk]


def payload_bytes(payload: Payload) -> bytes:
    """All bytes of a payload.

    Raises:
        SceneReadError: the file was changed or went away since it was read.
    """
    if isinstance(payload, bytes):
        return payload
    return payload.file.read(payload.start, payload.end)


def chunks_of(held: Chunks, layout: Format) -> Iterator[tuple[bytes, bytes, Payload]]:
    """The chunks of a node as in `BinaryChunk`; groups inside are left out.

    Args:
        held: a sequence, or bytes that `BinaryFile.leaves` has proved.
        layout: FOR4 or FOR8.
    """
    if not isinstance(held, bytes):
        yield from held
        return
    unpack, groups, header = layout.leaf.unpack_from, layout.groups, layout.header
    mask = layout.alignment - 1
    at, end = 0, len(held)
    while at < end:
        tag, size = unpack(held, at)
        first = at + header
        at = first + size
        if tag not in groups:
            data = held[first:at]
            yield tag, data, data
            at += -size & mask
