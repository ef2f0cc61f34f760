"""A mesh as one chunk of a Maya binary file: points, edges, faces, texture coordinates.

Gives what Maya ASCII stores as `.vt`, `.ed`, `.fc` and `.uvst`. Any thread.

Sources: meshes in files of Maya 8.5 and 2019, compared with Maya ASCII. The payload is:
the number of floats and three floats a point; the number of words and two words an edge
(the first has its highest bit set where the edge is hard); the number of words and a
word a corner: the edge, bit 31 where it runs backwards, bit 30 on an outline's last
corner or of a hole, bit 29 with it where the face ends; a word that was 0 in every file
seen; the number of UV sets, each with its index, name, coordinates and the coordinate
of each corner. What follows (colours, normals) is not read.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lrc_toolbox.scenes.storage import FaceWord, Stored
from lrc_toolbox.scenes.values import Value

_BACKWARDS = 0x8000_0000
_HARD = 0x8000_0000
_LAST = 0x2000_0000
_LOOP = 0x4000_0000
_INDEX = 0x1FFF_FFFF
_MOST_SETS = 256


class UvSet(NamedTuple):
    """Texture coordinates: the set's number, its points and each corner's point."""

    number: int
    points: tuple[float, ...]
    corners: tuple[int, ...]


class Mesh(NamedTuple):
    """The numbers of a mesh chunk: floats and words as they are stored."""

    points: tuple[float, ...]
    edges: tuple[int, ...]
    corners: tuple[int, ...]
    uv_sets: tuple[UvSet, ...]


class MeshPayload(NamedTuple):
    """A mesh chunk that is read when one of its parts is asked for."""

    data: Callable[[], bytes]
    skip: int

    def mesh(self) -> Mesh:
        """Read it all.

        Raises:
            ValueError: its counts do not fit its size.
        """
        data = self.data()
        points, at = _floats(data, self.skip)
        edges, at = _words(data, at)
        corners, at = _words(data, at)
        return Mesh(points, edges, corners, _uv_sets(data, at))

    def stored(self) -> Iterator[Stored]:
        """Its parts under the names that Maya ASCII has for them."""
        for attr, count in self._counts():
            yield Stored(attr, 0, count - 1, MeshPart(self, attr))

    def _counts(self) -> list[tuple[str, int]]:
        """How many elements each part has; the face list counts as one."""
        data = self.data()
        try:
            floats, at = _count(data, self.skip)
            words, _ = _count(data, at + floats * 4)
        except ValueError:
            # The parts tell what is wrong when they are read.
            return [("vt", 1)]
        return [("vt", floats // 3), ("ed", words // 2), ("fc", 1)]


class MeshPart(NamedTuple):
    """One of `vt`, `ed` and `fc` of a mesh chunk."""

    payload: MeshPayload
    attr: str

    def read(self) -> Value | None:
        """None: geometry is asked for by `numbers` and `faces`."""
        return None

    def numbers(self) -> array[float]:
        """X y z of each point; start, end and smoothness (1 or 0) of each edge."""
        mesh = self.payload.mesh()
        if self.attr == "vt":
            return array("d", mesh.points)
        numbers: array[float] = array("d")
        if self.attr == "ed":
            for low, high in zip(mesh.edges[::2], mesh.edges[1::2], strict=False):
                numbers.extend((low & ~_HARD, high, 0.0 if low & _HARD else 1.0))
        return numbers

    def empty(self) -> bool:
        """False: a mesh chunk has all parts."""
        return False

    def faces(self) -> Iterator[FaceWord]:
        """Outlines with the texture coordinates of every set behind each."""
        mesh = self.payload.mesh()
        begin, tag = 0, "f"
        first = 0
        for place, word in enumerate(mesh.corners, 1):
            if not word & (_LAST | _LOOP):
                continue
            yield FaceWord(tag, -1, [_edge(each) for each in mesh.corners[begin:place]])
            begin, tag = place, "h"
            if word & _LAST:
                for uvs in mesh.uv_sets:
                    yield FaceWord("mu", uvs.number, uvs.corners[first:place])
                first, tag = place, "f"


def _edge(word: int) -> int:
    edge = word & _INDEX
    return -1 - edge if word & _BACKWARDS else edge


def _floats(data: bytes, at: int) -> tuple[tuple[float, ...], int]:
    count, at = _count(data, at)
    return struct.unpack_from(f">{count}f", data, at), at + count * 4


def _words(data: bytes, at: int) -> tuple[tuple[int, ...], int]:
    count, at = _count(data, at)
    return struct.unpack_from(f">{count}I", data, at), at + count * 4


def _count(data: bytes, at: int) -> tuple[int, int]:
    """The length of a list and the offset of its first element."""
    count, at = _word(data, at)
    if count * 4 > len(data) - at:
        raise ValueError(f"a mesh claims {count:,} numbers")
    return count, at


def _word(data: bytes, at: int) -> tuple[int, int]:
    if at + 4 > len(data):
        raise ValueError("a mesh ends too early")
    return int.from_bytes(data[at : at + 4], "big"), at + 4


def _uv_sets(data: bytes, at: int) -> tuple[UvSet, ...]:
    """Every UV set that gives each corner a coordinate."""
    sets: list[UvSet] = []
    count, at = _word(data, at + 4)
    for _ in range(min(count, _MOST_SETS)):
        index, at = _word(data, at)
        at = data.find(b"\0", at) + 1
        if at <= 0:
            raise ValueError("the name of a UV set never ends")
        points, at = _floats(data, at)
        corners, at = _words(data, at)
        sets.append(UvSet(index, points, corners))
    return tuple(sets)
