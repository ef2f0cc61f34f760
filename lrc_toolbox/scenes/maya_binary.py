"""The chunks of a Maya binary file: where each begins and ends.

Walks FOR4 and FOR8 files with plain reads and seeks, and proves that every size fits
its parent. What chunks mean is `binary_scene`'s and `binary_values`' matter. The file
is open only while it is walked. Any thread.

Sources: SCENES.md of this project and files of Maya 8.5, 2019 and 2023. FOR4: tag, u32
size, four-byte alignment. FOR8: tag, four bytes of anything, u64 size, eight-byte
alignment. Groups start with a form type, which their size counts; only leaves are
padded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from lrc_toolbox.scenes.scene_read_error import SceneReadError

#: One read from the file. Larger ones are slower: Python gets memory for them from the
#: system anew each time, and what lies behind the head of a mesh is read for nothing.
WINDOW_BYTES = 1 << 16
#: No name is longer, nor anything else that is read whole because it is no attribute.
LONGEST_NAME = 1 << 18

_REMEDY = "The file is truncated or damaged: save the scene again."


class Chunk(NamedTuple):
    """One leaf, or the head of a group.

    Attributes:
        tag: four bytes, e.g. `DBLE`; for a group its form type, e.g. `XFRM`.
        start: offset of the payload in the file; for a group, behind the form type.
        end: offset behind the payload, without padding.
        group: it holds chunks.
    """

    tag: bytes
    start: int
    end: int
    group: bool


class Format(NamedTuple):
    """How sizes are written.

    Attributes:
        name: `FOR4` or `FOR8`.
        header: bytes before a payload.
        size: where in the header the size is.
        unpack: reads the size.
        alignment: leaves are padded to a multiple of so many bytes.
        groups: tags of groups.
        leaf: reads tag and size.
        group: reads tag, size and form type.
    """

    name: str
    header: int
    size: int
    unpack: struct.Struct
    alignment: int
    groups: frozenset[bytes]
    leaf: struct.Struct
    group: struct.Struct


_FORMATS = {
    b"FOR4": Format(
        "FOR4",
        8,
        4,
        struct.Struct(">I"),
        4,
        frozenset((b"FOR4", b"LIS4", b"CAT4", b"PRO4")),
        struct.Struct(">4sI"),
        struct.Struct(">4sI4s"),
    ),
    b"FOR8": Format(
        "FOR8",
        16,
        8,
        struct.Struct(">Q"),
        8,
        frozenset((b"FOR8", b"LIS8", b"CAT8", b"PRO8")),
        struct.Struct(">4s4xQ"),
        struct.Struct(">4s4xQ4s"),
    ),
}


class BinaryFile:
    """An open file and the part of it that is in memory.

    Attributes:
        path: the file.
        size: of the file in bytes.
        format: FOR4 or FOR8.
        root: the group that holds the scene, as far as the file goes.
        cut: the file ends before that group does.
    """

    def __init__(self, path: str, stream: BinaryIO, size: int) -> None:
        """Read the root's header.

        Raises:
            SceneReadError: this is no Maya binary scene.
        """
        self.path = path
        self.size = size
        self._stream = stream
        self._buffer = b""
        self._first = 0
        found = _FORMATS.get(self.read(0, min(4, size)))
        if found is None:
            raise self.damage(0, "this is no Maya binary scene")
        self.format = found
        first = found.header + 4
        _, held, form = found.group.unpack(self.read(0, first))
        if form != b"Maya":
            raise self.damage(0, "this is no Maya scene")
        self.cut = found.header + held > size
        # What is there of a file that was cut off is worth reading: trouble is told
        # where it begins.
        self.root = Chunk(form, first, min(found.header + held, size), True)

    def damage(self, position: int, problem: str) -> SceneReadError:
        """The error for trouble at this offset."""
        return SceneReadError(
            self.path,
            f"{problem} (at byte {position:,})",
            position=position,
            remedy=_REMEDY,
        )

    def read(self, position: int, count: int) -> bytes:
        """So many bytes of the file.

        Raises:
            SceneReadError: the file ends before.
        """
        low = position - self._first
        if low < 0 or low + count > len(self._buffer):
            self._window(position, count)
            low = 0
        return self._buffer[low : low + count]

    def _window(self, position: int, count: int) -> bytes:
        """Move the part that is in memory to here; at least so many bytes.

        Raises:
            SceneReadError: the file ends before.
        """
        self._stream.seek(position)
        self._buffer = self._stream.read(max(count, WINDOW_BYTES))
        self._first = position
        if len(self._buffer) < count:
            raise self.damage(position, "the file ends too early")
        return self._buffer

    def chunks(self, start: int, end: int) -> Iterator[Chunk]:
        """The chunks between two offsets, those inside groups left out.

        Raises:
            SceneReadError: a size does not fit.
        """
        header, at, unpack, alignment = self.format[1:5]
        groups = self.format.groups
        position = start
        while position < end:
            if end - position < header:
                raise self.damage(position, "half a chunk at the end of its group")
            head = self.read(position, header)
            tag = head[:4]
            (size,) = unpack.unpack_from(head, at)
            first = position + header
            last = first + size
            if last > end:
                raise self.damage(position, f"a chunk claims {size:,} bytes")
            if tag in groups:
                if size < 4:
                    raise self.damage(position, "a group without a type")
                yield Chunk(self.read(first, 4), first + 4, last, True)
                position = last
            else:
                yield Chunk(tag, first, last, False)
                # The last padding may be cut off: nothing is in it.
                position = min(last + -size % alignment, max(end, last))

    def groups(
        self, counted: dict[bytes, int], held_bytes: int
    ) -> Iterator[tuple[bytes, int, int, bytes]]:
        """The scene's groups: form type, start, end, and what is in the small ones.

        Plain tuples: a file may have a million.

        Args:
            counted: groups of these types are only counted there.
            held_bytes: what is in larger groups is not read, which leaves it empty.

        Raises:
            SceneReadError: a size does not fit.
        """
        unpack, tags = self.format.group.unpack_from, self.format.groups
        header = self.format.header
        position, end = self.root.start, self.root.end
        window = self._window(position, min(header + 4, end - position))
        first, low = position, 0
        while end - position >= header + 4:
            low = position - first
            if low + header + 4 > len(window):
                window, first, low = self._window(position, header + 4), position, 0
            tag, size, form = unpack(window, low)
            after = position + header + size
            if tag not in tags or size < 4 or after > end:
                break
            if form in counted:
                counted[form] += 1
                position = after
                continue
            held = b""
            if size <= held_bytes:
                if low + header + size > len(window):
                    window, first = self._window(position, header + size), position
                    low = 0
                held = window[low + header + 4 : low + header + size]
            yield form, position + header + 4, after, held
            position = after
        # Leaves between groups, half a chunk and sizes that lie: rare, with care.
        for form, start, last, group in self.chunks(position, end):
            if group:
                yield form, start, last, b""

    def leaves(self, data: bytes, base: int) -> None:
        """Prove that chunks fill a group.

        Args:
            data: the group's chunks.
            base: their offset in the file.

        Raises:
            SceneReadError: a size does not fit.
        """
        unpack, tags = self.format.leaf.unpack_from, self.format.groups
        header, mask = self.format.header, self.format.alignment - 1
        at, end = 0, len(data)
        while at < end:
            if end - at < header:
                raise self.damage(base + at, "half a chunk at the end of its group")
            tag, size = unpack(data, at)
            after = at + header + size
            if after > end:
                raise self.damage(base + at, f"a chunk claims {size:,} bytes")
            at = after if tag in tags else after + (-size & mask)

    def payloads(self, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
        """Tag and payload of every short leaf between two offsets; groups are skipped.

        Raises:
            SceneReadError: a size does not fit, or a leaf is longer than a name.
        """
        pattern, tags = self.format.leaf, self.format.groups
        header, mask = self.format.header, self.format.alignment - 1
        position, here = start, self._first
        while position < end:
            low = position - here
            if low < 0 or low + header > len(self._buffer):
                if end - position < header:
                    raise self.damage(position, "half a chunk at the end of its group")
                self.read(position, header)
                here, low = self._first, position - self._first
            tag, size = pattern.unpack_from(self._buffer, low)
            first = position + header
            last = first + size
            if last > end:
                raise self.damage(position, f"a chunk claims {size:,} bytes")
            if tag in tags:
                position = last
                continue
            if size > LONGEST_NAME:
                raise self.damage(position, "a name is too long")
            low += header
            if low + size > len(self._buffer):
                self.read(first, size)
                here, low = self._first, first - self._first
            yield tag, self._buffer[low : low + size]
            here = self._first
            position = last + (-size & mask)
