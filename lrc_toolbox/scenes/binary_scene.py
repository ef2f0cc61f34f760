"""Reading a Maya binary file into a graph.

Owns what the groups say. `maya_binary` finds the chunks, `building` changes the graph,
`binary_values` holds the attributes. Any thread.

Sources: SCENES.md of this project and files of Maya 8.5, 2019 and 2023.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from os import fstat
from pathlib import Path

from lrc_toolbox.scenes.binary_payloads import (
    BinaryChunk,
    FilePart,
    Origin,
    Timing,
)
from lrc_toolbox.scenes.binary_references import read_reference
from lrc_toolbox.scenes.binary_types import NODE_TYPES, unknown_type
from lrc_toolbox.scenes.binary_values import BinaryBlock
from lrc_toolbox.scenes.building import GraphBuilder
from lrc_toolbox.scenes.file_state import FileState
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.kinds import SHADES_OR_MOVES
from lrc_toolbox.scenes.maya_ascii import open_scene
from lrc_toolbox.scenes.maya_binary import LONGEST_NAME, BinaryFile, Chunk
from lrc_toolbox.scenes.nodes import Node, Plug
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import Encoding, Plugin

#: A node's group and a payload are kept in memory up to here.
_HELD_BYTES = 4096
#: Attribute names end within so many bytes.
_NAME_BYTES = 1024
_SHARED, _ID = 0x01, 0x80
_ID_BYTES = 16
_SHADES_OR_MOVES = re.compile(SHADES_OR_MOVES.encode())
#: Maya's own lists of all there is: connections to them say nothing either.
_LISTS = frozenset(
    [
        *(b":defaultShaderList1", b":defaultTextureList1", b":defaultLightSet"),
        *(b":defaultRenderUtilityList1", b":lightList1", b":postProcessList1"),
        *(b":renderPartition",),
    ]
)
_NODE_TYPE = re.compile(r'-nodeType "([^"]*)"')


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
    build = GraphBuilder(path)
    with open_scene(path) as stream:
        status = fstat(stream.fileno())
        build.graph.size = status.st_size
        try:
            file = BinaryFile(str(path), stream, status.st_size)
            state = FileState(file.path, status.st_size, status.st_mtime_ns)
            origin = Origin(state, file.format)
            reader = _Reader(build, file, origin, wanted)
            try:
                reader.run()
            finally:
                reader.finish()
        except OSError as error:
            raise SceneReadError(
                path,
                f"cannot be read: {error.strerror or error}",
                remedy="Check the disk.",
            ) from error
        except SceneReadError as error:
            if not partial:
                raise
            build.graph.damage = error
    build.complete()
    return build.graph


def _elsewhere(name: bytes) -> bool:
    """True for default nodes (`:time1`) and paths, which have to be looked for."""
    return name[:1] == b":" or b"|" in name


class _Reader:
    """Takes group after group of one file.

    Attributes:
        heads: headers so far; the second one is the end that Maya writes.
        lists_references: an `FRDI` group was there.
    """

    def __init__(
        self,
        build: GraphBuilder,
        file: BinaryFile,
        origin: Origin,
        wanted: Callable[[str], bool] | None,
    ) -> None:
        self.build = build
        self.graph = build.graph
        self.file = file
        self.origin = origin
        self.wanted = wanted
        self.heads = 0
        self.lists_references = False
        #: plug-ins' node types by type id.
        self.types: dict[bytes, str] = {}
        #: the same, Maya's own too, of those that are wanted.
        self.known_types: dict[bytes, str] = {}
        #: nodes that are kept, as the file writes their names; the first of each.
        self.kept: dict[bytes, Node] = {}
        #: groups of types that are not wanted, by type id.
        self.counted: dict[bytes, int] = {}
        self.actions: dict[bytes, Callable[[Chunk], None]] = {
            b"HEAD": self.header,
            b"SLCT": self.selected,
            b"CONS": self.connections,
            b"FREF": self.reference,
            b"FRDI": self.reference,
        }

    def run(self) -> None:
        """Take everything.

        Raises:
            SceneReadError: the file is damaged.
        """
        actions, node = self.actions, self.node
        for code, start, end, held in self.file.groups(self.counted, _HELD_BYTES):
            action = actions.get(code)
            if action is not None:
                action(Chunk(code, start, end, True))
            else:
                node(code, start, end, held)
        if self.heads < 2 or self.file.cut:
            end = self.file.root.end
            raise self.file.damage(end, "the end that Maya writes is missing")

    def finish(self) -> None:
        """Hand over what was only counted."""
        for code, count in self.counted.items():
            self.graph.counts[self.type_name(code)] += count
        self.graph.encoding = Encoding(
            self.file.format.name, "", "", 0, self.heads >= 2
        )

    def header(self, group: Chunk) -> None:
        """The first one says how to read the rest, the last one is the file's end."""
        self.heads += 1
        units = {b"LUNI": "", b"AUNI": "", b"TUNI": ""}
        ticks = 0.0
        for tag, data in self.file.payloads(group.start, group.end):
            said = data.decode("utf-8", "replace").rstrip("\0")
            if tag in units:
                units[tag] = said
            elif tag == b"VERS":
                self.graph.maya_version = said
            elif tag == b"TDUR" and said.isdecimal():
                ticks = float(said[:20])
            elif tag == b"FINF":
                key, _, value = said.partition("\0")
                self.graph.info[key] = value
            elif tag == b"PLUG":
                self.plugin(data)
        if self.heads == 1:
            self.build.units(units[b"LUNI"], units[b"AUNI"], units[b"TUNI"])
            turn = 1.0 if self.graph.angle_unit == "rad" else math.degrees(1.0)
            timing = Timing(ticks or 6000.0, bool(ticks), self.graph.fps, turn)
            self.origin = self.origin._replace(timing=timing)

    def plugin(self, data: bytes) -> None:
        """Name, version, flags; then the type id of each node type behind its name."""
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

    def node(self, code: bytes, start: int, end: int, held: bytes) -> None:
        """A group named by a node's type id; one that names no node is passed over.

        Maya has groups for other things too, and newer ones may come.
        """
        node_type = self.known_types.get(code)
        if node_type is None:
            node_type = self.type_name(code)
            if self.wanted is not None and not self.wanted(node_type):
                self.counted[code] = 1
                return
            self.known_types[code] = node_type
        if held:
            if held.startswith(b"CREA"):
                self.small_node(node_type, held, start)
        elif end - start > 4 and self.file.read(start, 4) == b"CREA":
            chunks = self.file.chunks(start, end)
            node = self.create(node_type, self.name(next(chunks)))
            self.attributes(node, chunks)

    def small_node(self, node_type: str, held: bytes, start: int) -> None:
        """The same where the whole group is kept."""
        layout = self.file.format
        self.file.leaves(held, start)
        _, size = layout.leaf.unpack_from(held)
        begin = layout.header
        node = self.create(node_type, held[begin : begin + size])
        begin += size + -size % layout.alignment
        if begin < len(held):
            node.add_block(BinaryBlock(node_type, held[begin:], self.origin))

    def type_name(self, code: bytes) -> str:
        """Maya's name of a type id."""
        known = self.types.get(code) or NODE_TYPES.get(code.decode("latin-1"))
        return known or unknown_type(code)

    def create(self, node_type: str, data: bytes) -> Node:
        """What `CREA` says: flags, name, parent."""
        name, _, rest = data[1:].partition(b"\0")
        flags = data[0] if data else 0
        # Without a parent (0x80, from 2016 on) only the node's id of 16 bytes follows,
        # which can hold any byte; behind a parent's name it does no harm.
        above, _, _ = (rest[:-_ID_BYTES] if flags & _ID else rest).partition(b"\0")
        node = Node(
            node_type,
            name.decode("utf-8", "replace").removeprefix(":"),
            shared=bool(flags & _SHARED),
        )
        self.graph.counts[node_type] += 1
        self.graph.add(node, self.parent(above) if above else None)
        self.kept.setdefault(name, node)
        return node

    def parent(self, name: bytes) -> Node | None:
        """A node by name or path."""
        return self.kept.get(name) or self.graph.node(name.decode("utf-8", "replace"))

    def selected(self, group: Chunk) -> None:
        """A group of attributes for a node that the file does not create."""
        chunks = self.file.chunks(group.start, group.end)
        first = next(chunks, None)
        if first is None or first.tag != b"SLCT":
            return
        name = self.name(first).rstrip(b"\0")
        node = self.build.known(name.decode("utf-8", "replace"))
        if node is not None and b"|" not in name:
            self.kept.setdefault(name, node)
        self.attributes(node, chunks)

    def name(self, chunk: Chunk) -> bytes:
        """A payload that holds names."""
        if chunk.end - chunk.start > LONGEST_NAME:
            raise self.file.damage(chunk.start, "a name is too long")
        return self.file.read(chunk.start, chunk.end - chunk.start)

    def attributes(self, node: Node | None, chunks: Iterator[Chunk]) -> None:
        """Keep what the chunks store; the heads only of large ones."""
        found: list[BinaryChunk] = []
        for tag, start, end, group in chunks:
            if group or node is None:
                continue
            if end - start <= _HELD_BYTES:
                payload = self.file.read(start, end - start)
                found.append(BinaryChunk(tag, payload, payload))
            else:
                part = FilePart(self.origin.file, start, end)
                head = self.file.read(start, _NAME_BYTES)
                found.append(BinaryChunk(tag, head, part))
        if node is not None and found:
            node.add_block(BinaryBlock(node.type, found, self.origin))

    def connections(self, group: Chunk) -> None:
        """`CONS` holds `CONN` groups of `CWFL` and `RELA` chunks."""
        for inner in self.file.chunks(group.start, group.end):
            if not inner.group or inner.tag != b"CONN":
                continue
            for tag, data in self.file.payloads(inner.start, inner.end):
                if tag == b"CWFL":
                    self.connect(data)
                elif tag == b"RELA":
                    self.graph.relationships += 1

    def connect(self, data: bytes) -> None:
        """A byte (1: the next free element), then both ends."""
        self.graph.connections += 1
        ends = data[1:].split(b"\0")
        if len(ends) != 3:
            return
        above, _, feeding = ends[0].partition(b".")
        below, _, fed = ends[1].partition(b".")
        source, target = self.kept.get(above), self.kept.get(below)
        if target is None and not _elsewhere(below):
            return
        if self.wanted and (below in _LISTS or _SHADES_OR_MOVES.match(fed)):
            return
        if source is not None and target is not None:
            self.build.link(
                Plug(source, source.short(feeding.decode("utf-8", "replace"))),
                Plug(target, target.short(fed.decode("utf-8", "replace"))),
                next_free=data[0] == 1,
            )
        elif source is not None or _elsewhere(above):
            self.build.connect(
                ends[0].decode("utf-8", "replace"),
                ends[1].decode("utf-8", "replace"),
                next_free=data[0] == 1,
            )
            self.keep_default(above)
            self.keep_default(below)

    def keep_default(self, name: bytes) -> None:
        """Find a default node (`:lambert1`) at once the next time."""
        if name[:1] == b":" and b"|" not in name:
            node = self.graph.node(name.decode("utf-8", "replace"))
            if node is not None:
                self.kept[name] = node

    def reference(self, group: Chunk) -> None:
        """Another file: `FRDI` groups list all that `FREF` groups have, and more."""
        for tag, data in self.file.payloads(group.start, group.end):
            listing = tag == b"FRDI"
            if not listing and (tag != b"FREF" or self.lists_references):
                continue
            self.lists_references |= listing
            reference = read_reference(tag, data)
            if reference is not None:
                self.graph.references.append(reference)
