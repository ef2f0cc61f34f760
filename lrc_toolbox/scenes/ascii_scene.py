"""Reading a Maya ASCII file into a graph.

Owns what the statements say. `ascii_pieces` cuts the file, `building` changes the
graph. Any thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from lrc_toolbox.scenes.ascii_pieces import Piece, Pieces
from lrc_toolbox.scenes.ascii_values import (
    HeldText,
    TextBlock,
    TextInFile,
    TextSource,
)
from lrc_toolbox.scenes.building import GraphBuilder, without_copy_number
from lrc_toolbox.scenes.file_state import FileState
from lrc_toolbox.scenes.hierarchy import Reference, SceneGraph
from lrc_toolbox.scenes.kinds import SHADES_OR_MOVES
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import Encoding, Plugin
from lrc_toolbox.scenes.values import read_words

#: Attributes of one node up to this size stay in memory; larger ones are geometry.
_HELD_BYTES = 2048

_VERSION = re.compile(r"^//Maya ASCII (\S+) scene", re.MULTILINE)
_CREATE = re.compile(
    rb'createNode (\w+)((?: -(?:s|shared|ss|skipSelect))*) -n "([^"\\]*)"'
    rb'(?: -p "([^"\\]*)")?;'
)
_SELECT = re.compile(rb'select -ne "?([^\s;"/]+)"?;')
#: Looked for where statements end: names and numbers in between are passed over.
_ADDS = re.compile(rb";\s*addAttr")
_CONNECTS = re.compile(r'connectAttr "([^"]+)" "([^"]+)"([^;"]*);')
#: The same without those that only shade and move things.
_TELLING_CONNECTS = re.compile(
    rf'connectAttr "([^"]+)" "([^".]+\.(?!{SHADES_OR_MOVES})[^"]+)"([^;"]*);'
)


def read_ascii(
    path: str | Path,
    *,
    partial: bool = False,
    wanted: Callable[[str], bool] | None = None,
) -> SceneGraph:
    """Read a Maya ASCII scene; see `graph.read_scene`.

    Raises:
        SceneReadError: the file is missing, binary, truncated or no Maya scene.
    """
    pieces = Pieces(path)
    reader = _Reader(pieces, wanted)
    try:
        for piece in pieces:
            reader.take(piece)
    except SceneReadError as error:
        if not partial:
            raise
        reader.graph.damage = error
    graph = reader.finish()
    graph.size = pieces.size
    version = _VERSION.search(pieces.head, 0, 400)
    graph.maya_version = version.group(1) if version else graph.maya_version
    graph.encoding = Encoding(
        binary="",
        codeset=pieces.codeset,
        newline="CRLF" if "\r\n" in pieces.head else "LF",
        non_ascii=pieces.non_ascii,
        complete=pieces.complete,
    )
    return graph


class _Reader:
    """Takes piece after piece of one file."""

    def __init__(self, pieces: Pieces, wanted: Callable[[str], bool] | None) -> None:
        self.pieces = pieces
        self.build = GraphBuilder(pieces.path, wanted)
        self.every = wanted is None
        self.graph = self.build.graph
        self.path = str(pieces.path)
        self.codec = pieces.codec
        self.state = FileState.of(pieces.path)
        self.current: Node | None = None
        self.loose: list[str] = []
        #: `-rdi` lines were there.
        self.lists_references = False
        self.actions: dict[str, Callable[[str], None]] = {
            "createNode": self.create,
            "setAttr": self.set_attr,
            "addAttr": self.add_attr,
            "select": self.select,
            "connectAttr": self.connect,
            "disconnectAttr": self.disconnect,
            "parent": self.parent,
            "currentUnit": self.unit,
            "requires": self.require,
            "fileInfo": self.info,
            "file": self.reference,
            "relationship": self.relationship,
        }

    def take(self, piece: Piece) -> None:
        """Apply one piece: a node with its attributes, connections, or statements."""
        if piece.connections:
            self.connections(piece)
        elif piece.statements is None:
            self.node(piece)
        else:
            self.statements(piece.statements)

    def statements(self, found: Iterable[tuple[str, str]]) -> None:
        """Apply single statements in their order."""
        for keyword, text in found:
            action = self.actions.get(keyword)
            if action is not None:
                action(text)

    def finish(self) -> SceneGraph:
        """The graph when there is nothing more to read."""
        self.flush()
        self.build.complete()
        return self.graph

    def node(self, piece: Piece) -> None:
        """A `createNode` or `select` with the attributes that follow it."""
        self.flush()
        created = _CREATE.match(piece.data)
        if created is not None:
            node_type, shared, name, above = created.groups()
            self.current = self.build.create(
                node_type.decode("ascii", "replace"),
                name.decode(self.codec, "replace"),
                above.decode(self.codec, "replace") if above else "",
                shared=b"-s" in shared,
            )
            self.attributes(piece, created.end())
            return
        selected = _SELECT.match(piece.data)
        if selected is not None:
            name = selected.group(1).decode(self.codec, "replace")
            self.current = self.build.known(name)
            self.attributes(piece, selected.end())
            return
        self.statements(self.pieces.cut(piece.data, piece.start))

    def attributes(self, piece: Piece, begin: int) -> None:
        if self.current is None or piece.end - piece.start - begin < 3:
            return
        source: TextSource
        if piece.whole and len(piece.data) - begin <= _HELD_BYTES:
            source = HeldText(piece.data[begin:], self.codec)
        else:
            place = piece.start + begin, piece.end
            # What the head of a giant does not show may be there all the same.
            adding = not piece.whole or _ADDS.search(piece.data) is not None
            source = TextInFile(self.state, *place, self.codec, adding)
        self.current.add_block(TextBlock(source, self.path))

    def connections(self, piece: Piece) -> None:
        """Many `connectAttr` in a row."""
        text = piece.data.decode(self.codec, "replace")
        count = text.count('connectAttr "')
        plain = text.count('"') == 4 * count and text.count(";") == count
        if not plain or "setAttr " in text or "addAttr " in text:
            self.statements(self.pieces.cut(piece.data, piece.start))
            return
        self.graph.connections += count
        connects = _CONNECTS if self.every else _TELLING_CONNECTS
        for source, target, flags in connects.findall(text):
            self.build.connect(source, target, next_free="-na" in flags)

    def flush(self) -> None:
        """Give the current node the attribute statements that stood alone."""
        if self.loose and self.current is not None:
            text = HeldText("".join(self.loose).encode(), "utf-8")
            self.current.add_block(TextBlock(text, self.path))
        self.loose = []

    def create(self, text: str) -> None:
        self.flush()
        words = read_words(text)
        self.current = None
        if words:
            self.current = self.build.create(
                words[0],
                _after(words, "-n", "-name") or f"{words[0]}1",
                _after(words, "-p", "-parent"),
                shared="-s" in words or "-shared" in words,
            )

    def set_attr(self, text: str) -> None:
        quote = text.find('"')
        if quote >= 0 and not text.startswith(".", quote + 1):
            node = self.build.known(text[quote + 1 :].partition(".")[0])
            if node is not None and node is not self.current:
                held = HeldText(f"setAttr{text};".encode(), "utf-8")
                node.add_block(TextBlock(held, self.path))
                return
            if node is None:
                return
        self.loose.append(f"setAttr{text};\n")

    def add_attr(self, text: str) -> None:
        self.loose.append(f"addAttr{text};\n")

    def select(self, text: str) -> None:
        self.flush()
        names = [word for word in read_words(text) if not word.startswith("-")]
        self.current = self.build.known(names[-1]) if names else None

    def connect(self, text: str) -> None:
        self.graph.connections += 1
        words = read_words(text)
        ends = [word for word in words if "." in word and not word.startswith("-")]
        if len(ends) >= 2:
            next_free = "-na" in words or "-nextAvailable" in words
            self.build.connect(ends[0], ends[1], next_free=next_free)

    def disconnect(self, text: str) -> None:
        ends = [word for word in read_words(text) if "." in word]
        if len(ends) >= 2:
            self.build.disconnect(ends[0], ends[1])

    def parent(self, text: str) -> None:
        words = read_words(text)
        names = [word for word in words if not word.startswith("-")]
        to_world = "-w" in words or "-world" in words
        above = "" if to_world or len(names) < 2 else names.pop()
        add = "-add" in words or "-addObject" in words
        self.build.parent(names, above, add=add)

    def unit(self, text: str) -> None:
        words = read_words(text)
        self.build.units(
            _after(words, "-l", "-linear"),
            _after(words, "-a", "-angle"),
            _after(words, "-t", "-time"),
        )

    def require(self, text: str) -> None:
        words = read_words(text)
        types = tuple(
            words[at + 1]
            for at, word in enumerate(words[:-1])
            if word in ("-nodeType", "-nt")
        )
        if len(words) < 2:
            return
        name, version = words[-2], words[-1]
        if name == "maya":
            self.graph.maya_version = self.graph.maya_version or version
        else:
            self.graph.plugins.append(Plugin(name, version, types))

    def info(self, text: str) -> None:
        words = read_words(text)
        if len(words) == 2:
            self.graph.info[words[0]] = words[1]

    def relationship(self, text: str) -> None:
        self.graph.relationships += 1

    def reference(self, text: str) -> None:
        words = read_words(text)
        # `-rdi` lines carry the load state: `-dr 1` means not loaded. Deeper ones
        # are what the references themselves referred to when the scene was saved.
        # Where nobody wrote any, the `-r` lines that load the files say all there is.
        depth = _after(words, "-rdi", "-referenceDepthInfo")
        listing = depth.isdecimal()
        if not listing and (
            self.lists_references or not {"-r", "-reference"} & {*words}
        ):
            return
        self.lists_references |= listing
        self.graph.references.append(
            Reference(
                path=without_copy_number(words[-1]),
                node=_after(words, "-rfn", "-referenceNode"),
                namespace=_after(words, "-ns", "-namespace"),
                prefix=_after(words, "-rpr", "-renamingPrefix"),
                type=_after(words, "-typ", "-type"),
                loaded=_after(words, "-dr", "-deferReference") != "1",
                depth=int(depth[:6]) if listing else 1,
            )
        )


def _after(words: list[str], *flags: str) -> str:
    """The word behind a flag; empty where the flag is absent."""
    for place, word in enumerate(words[:-1]):
        if word in flags:
            return words[place + 1]
    return ""
