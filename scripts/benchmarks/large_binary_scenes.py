"""Big Maya binary scenes to measure with, made of real ones at run time.

Takes the FOR8 scenes that lie in ``../shared/scenes`` where they are there, else nodes
of its own, and repeats their node groups and connections under new names. Maya ASCII is
``large_scenes``'.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.large_scenes import LargeScene, real_scenes

_HEADER = struct.Struct(">4s4xQ")
#: In the flags of `CREA`: one name follows, else the node's and its parent's.
_NO_PARENT = 0x80
_UUID = bytes(16)
_GROUPS = frozenset((b"FOR8", b"LIS8"))
#: Groups at the top of a file that are no nodes.
_NO_NODES = frozenset((b"HEAD", b"SLCT", b"CONS"))


class Chunk(NamedTuple):
    """One chunk of a FOR8 file: a group with its form and inner chunks, or a leaf."""

    tag: bytes
    form: bytes
    data: bytes


@dataclass(frozen=True)
class _Part:
    """One scene: its first header, its nodes, its selections and connections."""

    name: str
    header: bytes
    nodes: list[Chunk]
    selections: bytes
    links: list[bytes]
    footer: bytes


def chunks(data: bytes, start: int, end: int) -> Iterator[Chunk]:
    """The chunks of a stretch of a sound FOR8 file."""
    while start < end:
        tag, size = _HEADER.unpack_from(data, start)
        start += _HEADER.size
        inner = data[start : start + size]
        if tag in _GROUPS:
            yield Chunk(tag, inner[:4], inner[4:])
        else:
            yield Chunk(tag, b"", inner)
            size += -size % 8
        start += size


def leaf(tag: bytes, data: bytes) -> bytes:
    """A leaf chunk, filled up to eight bytes."""
    return _HEADER.pack(tag, len(data)) + data + b"\0" * (-len(data) % 8)


def group(form: bytes, data: bytes, tag: bytes = b"FOR8") -> bytes:
    """A group of chunks that are already written."""
    return _HEADER.pack(tag, len(data) + 4) + form + data


def write_binary_scene(path: Path, size: int, *, mesh_bytes: int = 0) -> LargeScene:
    """Writes a FOR8 scene of at least this many bytes.

    Args:
        path: the file to write.
        size: in bytes.
        mesh_bytes: give every mesh so many bytes of points; 0 leaves them as they are.
    """
    parts = _parts()
    blocks = [_node_blocks(part, mesh_bytes) for part in parts]
    links = [_link_blocks(part) for part in parts]
    per_round = sum(len(piece) for block in blocks for piece in block)
    rounds = -(-size // (per_round or 1))
    nodes, largest = 0, 0
    with path.open("wb") as file:
        file.write(_HEADER.pack(b"FOR8", 0) + b"Maya" + parts[0].header)
        for number in range(rounds):
            for place, block in enumerate(blocks):
                prefix = b"r%dp%d_" % (number, place) if number or place else b""
                for piece in block:
                    largest = max(largest, file.write(piece.renamed(prefix)))
                nodes += len(block)
        file.write(parts[0].selections)
        file.write(_connections(links, rounds))
        file.write(parts[0].footer)
        written = file.tell()
        file.seek(8)
        file.write(struct.pack(">Q", written - 16))
    made_from = f"{rounds} x {', '.join(part.name for part in parts)}"
    return LargeScene(path, written, nodes, largest, made_from)


@dataclass(frozen=True)
class _Renamable:
    """A node group whose name stands in its first chunk."""

    form: bytes
    flags: bytes
    names: tuple[bytes, ...]
    uuid: bytes
    rest: bytes

    def __len__(self) -> int:
        return len(self.rest) + 64

    def renamed(self, prefix: bytes) -> bytes:
        """The group with this in front of the node's and its parent's name."""
        names = b"".join(prefixed(name, prefix) + b"\0" for name in self.names)
        created = leaf(b"CREA", self.flags + names + self.uuid)
        return group(self.form, created + self.rest)


def prefixed(path: bytes, prefix: bytes) -> bytes:
    """Every part of a path with this in front; `:time1` and nothing as they are."""
    return b"|".join(
        prefix + part if part and not part.startswith(b":") else part
        for part in path.split(b"|")
    )


def _node_blocks(part: _Part, mesh_bytes: int) -> list[_Renamable]:
    return [_renamable(node, mesh_bytes) for node in part.nodes]


def _renamable(node: Chunk, mesh_bytes: int) -> _Renamable:
    created, *others = chunks(node.data, 0, len(node.data))
    count = 1 if created.data[0] & _NO_PARENT else 2
    *names, uuid = created.data[1:].split(b"\0", count)
    rest = b"".join(_grown(each, mesh_bytes) for each in others)
    return _Renamable(node.form, created.data[:1], tuple(names), uuid, rest)


def _grown(chunk: Chunk, mesh_bytes: int) -> bytes:
    """The chunk as it is, or a mesh's with as many numbers more as are asked for.

    The readers skip what is in it; only its size counts here.
    """
    if chunk.tag in _GROUPS:
        return group(chunk.form, chunk.data, chunk.tag)
    data = chunk.data
    if chunk.tag == b"MESH" and len(data) < mesh_bytes:
        data += data[-64:] * ((mesh_bytes - len(data)) // 64)
    return leaf(chunk.tag, data)


def _link_blocks(part: _Part) -> list[tuple[bytes, bytes, bytes]]:
    """Flag byte, source and target of every connection."""
    found = []
    for link in part.links:
        source, _, behind = link[1:].partition(b"\0")
        found.append((link[:1], source, behind.partition(b"\0")[0]))
    return found


def _connections(links: list[list[tuple[bytes, bytes, bytes]]], rounds: int) -> bytes:
    written = []
    for number in range(rounds):
        for place, block in enumerate(links):
            prefix = b"r%dp%d_" % (number, place) if number or place else b""
            for flag, source, target in block:
                ends = (prefixed(source, prefix), prefixed(target, prefix))
                written.append(leaf(b"CWFL", flag + b"\0".join(ends) + b"\0"))
    return group(b"CONS", group(b"CONN", b"".join(written)), b"LIS8")


def _parts() -> list[_Part]:
    real = [
        (file.name, data)
        for file in real_scenes("*.mb")
        if (data := file.read_bytes())[:4] == b"FOR8"
    ]
    return [_part(*scene) for scene in real or [("nodes of its own", _own_scene())]]


def _part(name: str, data: bytes) -> _Part:
    top = list(chunks(data, _HEADER.size + 4, len(data)))
    heads = [group(each.form, each.data) for each in top if each.form == b"HEAD"]
    selections = (group(each.form, each.data) for each in top if each.form == b"SLCT")
    return _Part(
        name,
        heads[0],
        [each for each in top if each.form not in _NO_NODES],
        b"".join(selections),
        [
            link.data
            for cons in top
            if cons.form == b"CONS"
            for conn in chunks(cons.data, 0, len(cons.data))
            for link in chunks(conn.data, 0, len(conn.data))
            if link.tag == b"CWFL"
        ],
        heads[-1],
    )


def _own_scene() -> bytes:
    """A small scene: a camera, a mesh with a few hundred points, a connection."""
    header = leaf(b"VERS", b"2025") + leaf(b"LUNI", b"cm") + leaf(b"TUNI", b"film")
    shift = leaf(b"DBL3", b"t\0 " + struct.pack(">3d", 1.0, 2.0, 3.0))
    lens = leaf(b"DBLE", b"fl\0 " + struct.pack(">d", 35.0))
    points = leaf(b"MESH", b"o\0 " + struct.pack(">300f", *range(300)))
    nodes = [
        group(b"XFRM", leaf(b"CREA", b"\x8cview\0" + _UUID) + shift),
        group(b"DCAM", leaf(b"CREA", b"\x04viewShape\0view\0" + _UUID) + lens),
        group(b"XFRM", leaf(b"CREA", b"\x8chull\0" + _UUID) + shift),
        group(b"DMSH", leaf(b"CREA", b"\x04hullShape\0hull\0" + _UUID) + points),
    ]
    link = leaf(b"CWFL", b"\0view.tx\0hull.tx\0")
    links = group(b"CONS", group(b"CONN", link), b"LIS8")
    footer = group(b"HEAD", leaf(b"OBJN", b"4\0"))
    inner = b"".join((group(b"HEAD", header), *nodes, links, footer))
    return group(b"Maya", inner)
