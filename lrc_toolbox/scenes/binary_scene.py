"""Reading a Maya binary file into a graph.

Owns what the groups say. `maya_binary` finds the chunks, `building` changes the graph,
`binary_values` holds the attributes. Any thread.

Sources: SCENES.md of this project and files of Maya 8.5, 2019 and 2023.
"""

from __future__ import annotations

import math
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from lrc_toolbox.scenes.binary_types import NODE_TYPES, unknown_type
from lrc_toolbox.scenes.binary_values import (
    HELD_BYTES,
    BinaryBlock,
    BinaryChunk,
    HeldGroup,
    Payload,
    Timing,
    head_bytes,
    names_in,
)
from lrc_toolbox.scenes.building import GraphBuilder
from lrc_toolbox.scenes.hierarchy import Reference, SceneGraph
from lrc_toolbox.scenes.maya_binary import BinaryFile, Chunk
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import Encoding, Plugin

#: A header, name or connection longer than this is damage: paths are far shorter.
_LONGEST = 1 << 20
#: A node's group up to here is kept whole.
_HELD_GROUP = 4096
_SHARED, _ID = 0x01, 0x80
_ID_BYTES = 16
_NODE_TYPE = re.compile(r'-nodeType "([^"]*)"')
_COPY_NUMBER = re.compile(r"\{\d+\}$")


def read_binary(
    path: str | Path,
    *,
    partial: bool = False,
    wanted: Callable[[str], bool] | None = None,
) -> SceneGraph:
    """Read a Maya binary scene; see `graph.read_scene`.

    Raises:
        SceneReadError: the file is missing, truncated, damaged or no Maya binary scene.
    """
    reader = _Reader(path, wanted)
    try:
        with Path(path).open("rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise SceneReadError(path, "this is no file", remedy="Choose a scene.")
            reader.status = status
            file = BinaryFile(str(path), stream, status.st_size)
            reader.run(file)
    except (OSError, ValueError) as error:
        # ValueError: a NUL character inside the path itself.
        reason = getattr(error, "strerror", None) or str(error)
        raise SceneReadError(
            path, f"cannot be read: {reason}", remedy="Check the path."
        ) from error
    except SceneReadError as error:
        if not partial:
            raise
        reader.graph.damage = error
    return reader.finish()


class _Reader:
    """Takes group after group of one file."""

    def __init__(self, path: str | Path, wanted: Callable[[str], bool] | None) -> None:
        self.build = GraphBuilder(path, wanted)
        self.graph = self.build.graph
        self.path = str(path)
        self.wanted = wanted
        self.status: os.stat_result | None = None
        self.timing = Timing()
        self.types: dict[bytes, str] = {}
        #: groups of types that are not wanted, by type id.
        self.counted: dict[bytes, int] = {}
        self.heads = 0
        self.format = ""

    def run(self, file: BinaryFile) -> None:
        """Take everything.

        Raises:
            SceneReadError: the file is damaged.
        """
        self.format = file.format.name
        for group in file.groups(self.counted):
            if not group.group:
                continue
            if group.tag == b"HEAD":
                self.header(file, group)
            elif group.tag == b"SLCT":
                self.selected(file, group)
            elif group.tag == b"CONS":
                self.connections(file, group)
            elif group.tag in (b"FREF", b"FRDI"):
                self.reference(file, group)
            else:
                self.node(file, group)
        if self.heads < 2:
            raise file.damage(file.root.end, "the end that Maya writes is missing")

    def finish(self) -> SceneGraph:
        """The graph when there is nothing more to read."""
        for code, count in self.counted.items():
            self.graph.counts[self.type_name(code)] += count
        self.build.complete()
        self.graph.size = self.status.st_size if self.status else 0
        self.graph.encoding = Encoding(self.format, "", "", 0, self.heads >= 2)
        return self.graph

    def text(self, file: BinaryFile, chunk: Chunk) -> bytes:
        """A short payload whole."""
        if chunk.end - chunk.start > _LONGEST:
            raise file.damage(chunk.start, "a name is too long")
        return file.read(chunk.start, chunk.end - chunk.start)

    def header(self, file: BinaryFile, group: Chunk) -> None:
        """The first one says how to read the rest, the last one is the file's end."""
        self.heads += 1
        units = {b"LUNI": "", b"AUNI": "", b"TUNI": ""}
        ticks = 0.0
        for chunk in file.chunks(group.start, group.end):
            data = self.text(file, chunk)
            said = data.decode("utf-8", "replace").rstrip("\0")
            if chunk.tag in units:
                units[chunk.tag] = said
            elif chunk.tag == b"VERS":
                self.graph.maya_version = said
            elif chunk.tag == b"TDUR" and said.isdecimal():
                ticks = float(said[:20])
            elif chunk.tag == b"FINF":
                key, _, value = said.partition("\0")
                self.graph.info[key] = value
            elif chunk.tag == b"PLUG":
                self.plugin(data)
        if self.heads == 1:
            self.build.units(units[b"LUNI"], units[b"AUNI"], units[b"TUNI"])
            turn = 1.0 if self.graph.angle_unit == "rad" else math.degrees(1.0)
            self.timing = Timing(ticks or 6000.0, bool(ticks), self.graph.fps, turn)

    def plugin(self, data: bytes) -> None:
        r"""Name, version, flags; then the type id of each node type: `name\\0` + 4."""
        name, version, flags, rest = (data.split(b"\0", 3) + [b""] * 4)[:4]
        self.graph.plugins.append(
            Plugin(
                name.decode("utf-8", "replace"),
                version.decode("utf-8", "replace"),
                tuple(_NODE_TYPE.findall(flags.decode("utf-8", "replace"))),
            )
        )
        while b"\0" in rest:
            node_type, _, rest = rest.partition(b"\0")
            self.types[rest[:4]] = node_type.decode("utf-8", "replace")
            rest = rest[4:]

    def node(self, file: BinaryFile, group: Chunk) -> None:
        """A group named by a node's type id."""
        node_type = self.type_name(group.tag)
        if self.wanted is not None and not self.wanted(node_type):
            self.counted[group.tag] = 1
            return
        if group.end - group.start <= _HELD_GROUP:
            self.small_node(file, group, node_type)
            return
        chunks = file.chunks(group.start, group.end)
        first = next(chunks, None)
        if first is None or first.tag != b"CREA":
            raise file.damage(group.start, "a node without a name")
        node = self.create(node_type, self.text(file, first))
        self.attributes(file, node, chunks)

    def small_node(self, file: BinaryFile, group: Chunk, node_type: str) -> None:
        """The same where the whole group is kept."""
        data = file.read(group.start, group.end - group.start)
        file.leaves(data, group.start)
        header = file.format.header
        if data[:4] != b"CREA":
            raise file.damage(group.start, "a node without a name")
        (_, size) = file.format.leaf.unpack_from(data)
        node = self.create(node_type, data[header : header + size])
        rest = header + size + -size % file.format.alignment
        if node is not None and rest < len(data):
            held = HeldGroup(self.path, data[rest:], file.format)
            node.add_block(BinaryBlock(node_type, held, self.timing))

    def type_name(self, code: bytes) -> str:
        """Maya's name of a type id."""
        known = self.types.get(code) or NODE_TYPES.get(code.decode("latin-1"))
        return known or unknown_type(code)

    def create(self, node_type: str, data: bytes) -> Node | None:
        """What `CREA` says: flags, name, parent."""
        name, _, rest = data[1:].partition(b"\0")
        flags = data[0] if data else 0
        # Without a parent (0x80, from 2016 on) only the node's id of 16 bytes follows,
        # which can hold any byte; behind a parent's name it does no harm.
        above, _, _ = (rest[:-_ID_BYTES] if flags & _ID else rest).partition(b"\0")
        return self.build.create(
            node_type,
            name.decode("utf-8", "replace"),
            above.decode("utf-8", "replace"),
            shared=bool(flags & _SHARED),
        )

    def selected(self, file: BinaryFile, group: Chunk) -> None:
        """A group of attributes for a node that the file does not create."""
        chunks = file.chunks(group.start, group.end)
        first = next(chunks, None)
        if first is None or first.tag != b"SLCT":
            raise file.damage(group.start, "a selection without a name")
        name = self.text(file, first).decode("utf-8", "replace").rstrip("\0")
        self.attributes(file, self.build.known(name), chunks)

    def attributes(
        self, file: BinaryFile, node: Node | None, chunks: Iterator[Chunk]
    ) -> None:
        """Keep what the chunks store; small payloads as bytes."""
        status = self.status
        found: list[BinaryChunk] = []
        for tag, start, end, group in chunks:
            if group or node is None or status is None:
                continue
            head = file.read(start, head_bytes(end - start))
            held = head if end - start <= HELD_BYTES else None
            payload = Payload(
                self.path, start, end, status.st_mtime_ns, status.st_size, held
            )
            found.append(BinaryChunk(tag, head, payload))
        if node is not None and found:
            node.add_block(BinaryBlock(node.type, found, self.timing))

    def connections(self, file: BinaryFile, group: Chunk) -> None:
        """`CONS` holds `CONN` groups of `CWFL` and `RELA` chunks."""
        for inner in file.chunks(group.start, group.end):
            if not inner.group or inner.tag != b"CONN":
                continue
            for chunk in file.chunks(inner.start, inner.end):
                if chunk.tag == b"RELA":
                    self.graph.relationships += 1
                elif chunk.tag == b"CWFL":
                    self.connect(self.text(file, chunk))

    def connect(self, data: bytes) -> None:
        """A byte (1: the next free element), then both ends."""
        self.graph.connections += 1
        ends = names_in(data[1:])
        if len(ends) == 2:
            self.build.connect(*ends, next_free=data[0] == 1)

    def reference(self, file: BinaryFile, group: Chunk) -> None:
        """The path of another file; the rest of such a group is not known here."""
        for chunk in file.chunks(group.start, group.end):
            if chunk.tag == b"FREF":
                names = names_in(self.text(file, chunk) + b"\0")
                if names and names[0]:
                    self.graph.references.append(
                        Reference(_COPY_NUMBER.sub("", names[0]))
                    )
