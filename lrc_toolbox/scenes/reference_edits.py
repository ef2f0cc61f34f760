"""What a scene changes about the nodes of its references: the edits of reference nodes.

Reads what answers about cameras and layers need of an `.ed` value, the same for `.ma`
and `.mb`; which cameras there are is `following`'s matter. Any thread that owns the
graph.

Source: real files of Maya 2009 to 2025 (22 of the shared scenes, and others of public
repositories). A value is a list of words, each edit a number for its kind and what it
needs: `0 node parent flags` moves, `2 node attribute value` sets,
`5 n reference plug placeholder` connects with a plug of the scene (n is 1 to 4) or
`5 0 reference source target placeholder placeholder` within the reference. A
placeholder stands for a plug of the reference in the scene's own connections:
`connectAttr "setRN.phl[2]" "beauty.adjs[0].plg"`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lrc_toolbox.scenes.attributes import short_name
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.nodes import Node, Plug
from lrc_toolbox.scenes.values import number

#: What snapshots say of cameras, by the short names.
_CAMERA_ATTRIBUTES = frozenset(("rnd", "o", "fl"))
#: Past these moves and levels a path is a mistake or an attack.
_MOST_MOVES, _MOST_LEVELS = 20, 1000
_PLACEHOLDER = re.compile(r"^(.+)\.placeHolderList(\[\d{1,9}\])$")
_MOVE, _SET, _CONNECT = "0", "2", "5"
#: The second number of a connection within the reference, and the other ones.
_WITHIN, _ACROSS = "0", frozenset("1234")
#: Flags of setAttr that are followed by a word; the others stand alone.
_FLAGS_WITH_WORD = frozenset(
    [
        *("-k", "-l", "-cb", "-ca", "-s", "-ch"),
        *("-keyable", "-lock", "-channelBox", "-caching", "-size", "-capacityHint"),
    ]
)


@dataclass(slots=True)
class ReferenceEdits:
    """The edits of all reference nodes of one file.

    Attributes:
        moves: the DAG path of a node's new parent by the path it had; empty for the
            world.
        values: by DAG path and short attribute name, of cameras.
        plugs: what a placeholder stands for: `setRN.phl[2]` ->
            `|set:cam|set:camShape.renderable`.
    """

    moves: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, float]] = field(default_factory=dict)
    plugs: dict[str, str] = field(default_factory=dict)

    def places(self, path: str) -> list[str]:
        """A path of a reference and what it becomes move by move, the last one valid.

        Edits that were made before a move name the node by its old path.
        """
        found = [path]
        while len(found) <= _MOST_MOVES:
            after = self._moved(found[-1])
            if after in found:
                break
            found.append(after)
        return found

    def _moved(self, path: str) -> str:
        """A path after the move of the lowest node of it that was moved."""
        node = path
        for _ in range(_MOST_LEVELS if self.moves else 0):
            if node in self.moves:
                name = node.rpartition("|")[2]
                return f"{self.moves[node]}|{name}{path[len(node) :]}"
            node = node.rpartition("|")[0]
        return path


def read_edits(graph: SceneGraph) -> ReferenceEdits:
    """The edits that a file makes on its references and on theirs."""
    edits = ReferenceEdits()
    for node in graph.of_type("reference"):
        found = node.get("ed")
        words = found if isinstance(found, tuple) else ()
        _take(tuple(word for word in words if isinstance(word, str)), edits)
    return edits


def _take(words: tuple[str, ...], edits: ReferenceEdits) -> None:
    """Find the edits by how they look, not by counting: unknown kinds do no harm."""
    for place, word in enumerate(words):
        if word == _SET:
            _take_value(words[place + 1 : place + 4], edits)
        elif word == _MOVE:
            _take_move(words[place + 1 : place + 4], edits)
        elif word.endswith("]"):
            _take_plug(words, place, edits)


def _take_value(words: tuple[str, ...], edits: ReferenceEdits) -> None:
    if len(words) < 3 or not words[0].startswith("|"):
        return
    path, attr, text = words
    short = short_name("camera", attr)
    value = _set_value(text) if short in _CAMERA_ATTRIBUTES else None
    if value is not None:
        edits.values.setdefault(path, {})[short] = value


def _set_value(text: str) -> float | None:
    """The number that setAttr would set: `" -av -k 1 0"` sets 0, `" -av"` nothing."""
    words = text.split()
    while words and words[0].startswith("-") and words[0][1:2].isalpha():
        del words[: 2 if words[0] in _FLAGS_WITH_WORD else 1]
    value = number(words[0]) if len(words) == 1 else float("nan")
    return None if value != value else value


def _take_move(words: tuple[str, ...], edits: ReferenceEdits) -> None:
    if len(words) < 3 or not words[2].lstrip().startswith("-"):
        return
    path, above, _ = words
    if path.startswith("|") and (not above or above.startswith("|")):
        edits.moves[path] = above


def _take_plug(words: tuple[str, ...], place: int, edits: ReferenceEdits) -> None:
    match = _PLACEHOLDER.match(words[place])
    plug = _plug_before(words, place) if match else ""
    if match and plug:
        edits.plugs[f"{match[1]}.phl{match[2]}"] = plug


def _plug_before(words: tuple[str, ...], place: int) -> str:
    """The plug that the placeholder at this place stands for; empty if none is said."""
    head = words[max(place - 6, 0) : place]
    if head[-4:-3] == (_CONNECT,) and head[-3] in _ACROSS:
        return head[-1]
    for back in (5, 6):
        if head[-back:][:2] == (_CONNECT, _WITHIN) and len(head) >= back:
            return head[-2]
    return ""


def link_placeholders(graph: SceneGraph, edits: ReferenceEdits) -> None:
    """Let plugs of adopted nodes take the places of their placeholders.

    A legacy layer's override of a camera of a reference is then like any other. What
    stands for a node that the graph lacks stays as it is.

    Args:
        graph: the scene, with the nodes of its references that matter.
        edits: of the same scene.
    """
    for placeholder, text in edits.plugs.items():
        name, _, attr = placeholder.rpartition(".")
        path, _, real = text.partition(".")
        node, owner = graph.node(name), _node_at(graph, edits, path)
        if node is not None and owner is not None:
            _stand_in(Plug(node, attr), Plug(owner, owner.short(real)))


def _node_at(graph: SceneGraph, edits: ReferenceEdits, path: str) -> Node | None:
    """The node that an edit names, by its path now or by one it had before."""
    if not path.startswith("|"):
        return None
    found = (graph.node(each) for each in edits.places(path))
    return next((node for node in found if node is not None), None)


def _stand_in(placeholder: Plug, real: Plug) -> None:
    fed = placeholder.node.outgoing.pop(placeholder.attr, [])
    for below in fed:
        ends = below.node.incoming[below.attr]
        ends[:] = [real if end == placeholder else end for end in ends]
    feeding = placeholder.node.incoming.pop(placeholder.attr, [])
    for above in feeding:
        ends = above.node.outgoing[above.attr]
        ends[:] = [real if end == placeholder else end for end in ends]
    if fed:
        real.node.outgoing.setdefault(real.attr, []).extend(fed)
    if feeding:
        real.node.incoming.setdefault(real.attr, []).extend(feeding)
