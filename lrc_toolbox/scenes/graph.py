"""A scene as nodes and their connections, read from a Maya ASCII file.

Owns who is whose child, what is connected to what, and what each statement does to
that. It evaluates nothing: `animation`, `layers` and `pose` do. A graph is not changed
after it was read; reading attributes fills caches, so use it on one thread at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lrc_toolbox.scenes.maya_ascii import SceneReadError, read_text, statements
from lrc_toolbox.scenes.nodes import Node, Plug
from lrc_toolbox.scenes.values import read_words

__all__ = ["Node", "Plug", "Reference", "SceneGraph", "iterate_paths", "path_name"]
__all__ += ["read_scene"]

_HEADER = re.compile(r"^//Maya ASCII (\S+) scene", re.MULTILINE)
_CREATE = re.compile(
    r'\s+(\w+)((?:\s+-(?:s|shared|ss|skipSelect))*)\s+-(?:n|name)\s+"([^"]*)"'
    r'(?:\s+-(?:p|parent)\s+"([^"]*)")?'
)
_PAIR = re.compile(r'"([^"]+)"\s+"([^"]+)"')

# Source: Maya's currentUnit command reference, time units and linear units.
_FPS = {
    "game": 15.0, "film": 24.0, "pal": 25.0, "ntsc": 30.0, "show": 48.0,
    "palf": 50.0, "ntscf": 60.0, "sec": 1.0, "millisec": 1000.0,
    "min": 1 / 60, "hour": 1 / 3600,
}  # fmt: skip
_NAMED_FPS = re.compile(r"^([\d.]+)(?:fps|df)$")
_UNITS = {
    "millimeter": "mm", "centimeter": "cm", "meter": "m", "kilometer": "km",
    "inch": "in", "foot": "ft", "yard": "yd", "mile": "mi",
    "degree": "deg", "radian": "rad",
}  # fmt: skip

#: Types of the nodes that every Maya scene has without creating them.
_DEFAULT_TYPES = {
    "time1": "time",
    "defaultRenderGlobals": "renderGlobals",
    "defaultResolution": "resolution",
    "defaultRenderQuality": "renderQuality",
    "initialShadingGroup": "shadingEngine",
    "initialParticleSE": "shadingEngine",
    "lambert1": "lambert",
    "standardSurface1": "standardSurface",
    "openPBRSurface1": "openPBRSurface",
    "particleCloud1": "particleCloud",
    "defaultRenderLayer": "renderLayer",
    "renderLayerManager": "renderLayerManager",
    "defaultLayer": "displayLayer",
    "layerManager": "displayLayerManager",
    "defaultLightSet": "objectSet",
    "defaultObjectSet": "objectSet",
    "hardwareRenderingGlobals": "hardwareRenderingGlobals",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """Another file that the scene loads; its nodes are not in the graph."""

    path: str
    namespace: str
    loaded: bool


class SceneGraph:
    """A whole scene file.

    Attributes:
        path: the file it was read from.
        maya_version: as in the header, e.g. `2023` or `2025ff03`; empty if not said.
        linear_unit: distances are numbers in this unit (`cm`, `m`, `mm`, `in`...).
        angle_unit: `deg` or `rad`.
        fps: frames per second of `currentUnit -t`; times in the file are frames.
        nodes: every node in file order.
        references: other files it loads, which are not followed.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.maya_version = ""
        self.linear_unit = "cm"
        self.angle_unit = "deg"
        self.fps = 24.0
        self.nodes: list[Node] = []
        self.references: list[Reference] = []
        #: what other parts work out about the whole scene once, by the type it has.
        self.kept: dict[type, object] = {}
        self._by_name: dict[str, list[Node]] = {}
        self._by_type: dict[str, list[Node]] = {}
        self._by_ending: dict[
            tuple[str, int], tuple[dict[tuple[str, ...], list[Node]], int]
        ] = {}

    def add(self, node: Node, parent: Node | None = None) -> None:
        """Take a node, under a parent where it has one."""
        self.nodes.append(node)
        self._by_name.setdefault(node.name, []).append(node)
        self._by_type.setdefault(node.type, []).append(node)
        if parent is not None:
            node.parents.append(parent)
            parent.children.append(node)

    def node(self, name: str) -> Node | None:
        """Look a node up by name or (partial) DAG path; a leading `:` is ignored."""
        if "|" not in name:
            found = self._by_name.get(name.removeprefix(":"))
            return found[0] if found else None
        parts = tuple(part.removeprefix(":") for part in name.split("|"))
        standing = self._standing(parts) if parts[-1] else ()
        return standing[0] if standing else None

    def _standing(self, parts: tuple[str, ...]) -> list[Node]:
        """The nodes whose DAG path ends with these names; `""` in front is the world.

        Indexed by name and length when first asked: scenes with ten thousand nodes of
        one name are common, and each is named by its path.
        """
        found = self._by_name.get(parts[-1], [])
        index, done = self._by_ending.get((parts[-1], len(parts)), ({}, 0))
        for node in found[done:]:
            for ending in _endings(node, len(parts)):
                index.setdefault(ending, []).append(node)
        self._by_ending[parts[-1], len(parts)] = (index, len(found))
        return index.get(parts, [])

    def reparented(self) -> None:
        """Forget what was indexed about paths: a node was moved or instanced."""
        self._by_ending.clear()

    def of_type(self, *types: str) -> list[Node]:
        """All nodes of these types; per type in file order."""
        return [node for kind in types for node in self._by_type.get(kind, ())]

    def types(self) -> set[str]:
        """Every node type that occurs."""
        return set(self._by_type)

    def roots(self) -> list[Node]:
        """DAG nodes that hang under the world."""
        return [
            node
            for node in self.nodes
            if not node.parents and (node.children or node.type in _ROOT_TYPES)
        ]

    def paths(self, node: Node) -> list[tuple[Node, ...]]:
        """Every DAG path to a node, root first; several through instancing.

        The place of a path in the list is the instance number that `.iog[n]` counts.

        Raises:
            SceneReadError: there are more than `MAX_PATH_NODES`.
        """
        done: list[tuple[Node, ...]] = []
        stack: list[tuple[Node, ...]] = [(node,)]
        count = 0
        while stack:
            path = stack.pop()
            count += len(path)
            check_paths(self, count)
            if not path[0].parents:
                done.append(path)
            stack.extend((above, *path) for above in reversed(path[0].parents))
        return done

    def short_path(self, path: tuple[Node, ...]) -> str:
        """As much of a DAG path's end as no other node shares: `cam`, `set|cam`."""
        names = tuple(node.name for node in path)
        if len(self._by_name[names[-1]]) == 1:
            return names[-1]
        for length in range(2, len(path)):
            if len(self._standing(names[-length:])) <= 1:
                return "|".join(names[-length:])
        return "|".join(("", *names))

    def source(self, node: Node, attr: str) -> Plug | None:
        """What feeds this attribute exactly; None if nothing does."""
        plugs = node.incoming.get(node.short(attr))
        return plugs[-1] if plugs else None

    def sources(self, node: Node, attr: str = "") -> list[tuple[str, Plug]]:
        """What feeds this attribute, its elements and children: (own attr, plug).

        `sources(engine, "dsm")` gives every element. Empty `attr`: the whole node.
        """
        return _below(node.incoming, node.short(attr))

    def targets(self, node: Node, attr: str = "") -> list[tuple[str, Plug]]:
        """What this attribute, its elements and children feed: (own attr, plug)."""
        return _below(node.outgoing, node.short(attr))


#: What is there even in a new scene and is asked for by name.
_ALWAYS = (
    "time1",
    "defaultRenderGlobals",
    "defaultResolution",
    "lambert1",
    "initialShadingGroup",
    "defaultRenderLayer",
)

#: Instances of instances multiply; past so many nodes in all DAG paths together a
#: scene is a mistake or an attack.
MAX_PATH_NODES = 30_000_000
_MOST_INSTANCES = 10_000

#: DAG types that may stand alone under the world without children.
_ROOT_TYPES = frozenset(("transform", "joint", "fosterParent"))


def _below(plugs: dict[str, list[Plug]], attr: str) -> list[tuple[str, Plug]]:
    return [
        (own, plug)
        for own, ends in plugs.items()
        if not attr or own == attr or own.startswith((f"{attr}[", f"{attr}."))
        for plug in ends
    ]


def _endings(node: Node, length: int) -> list[tuple[str, ...]]:
    """The last names of a node's DAG paths, `""` for the world above the root."""
    level: list[tuple[Node | None, tuple[str, ...]]] = [(node, (node.name,))]
    for _ in range(length - 1):
        level = [
            (above, (above.name if above else "", *names))
            for low, names in level
            if low is not None
            for above in low.parents or (None,)
        ][:_MOST_INSTANCES]
    return [names for _, names in level]


def path_name(path: tuple[Node, ...]) -> str:
    """`|group1|pCube1|pCubeShape1` of a DAG path."""
    return "".join(f"|{node.name}" for node in path)


def iterate_paths(graph: SceneGraph) -> Iterator[tuple[Node, ...]]:
    """Walk the DAG depth first, every instance, root first in each path.

    Raises:
        SceneReadError: there are more than `MAX_PATH_NODES`.
    """
    stack: list[tuple[Node, ...]] = [(node,) for node in reversed(graph.roots())]
    count = 0
    while stack:
        path = stack.pop()
        count += len(path)
        check_paths(graph, count)
        yield path
        stack.extend((*path, child) for child in reversed(path[-1].children))


def check_paths(graph: SceneGraph, count: int) -> None:
    """Stop a walk over the hierarchy that has met too much.

    Args:
        graph: the scene.
        count: the lengths of all paths met so far, added up.

    Raises:
        SceneReadError: it is more than `MAX_PATH_NODES`.
    """
    if count > MAX_PATH_NODES:
        raise SceneReadError(
            graph.path,
            "instances of instances make too many objects of it",
            remedy="Render such a scene with Maya itself.",
        )


def read_scene(path: str | Path) -> SceneGraph:
    """Read a Maya ASCII scene.

    Raises:
        SceneReadError: the file is missing, binary, truncated or no Maya scene.
    """
    text = read_text(path)
    reader = _Reader(path, text)
    reader.run()
    if not reader.graph.nodes:
        raise SceneReadError(
            path,
            "it holds no nodes",
            remedy="The file is truncated or no Maya scene: save the scene again.",
        )
    reader.complete()
    return reader.graph


class _Reader:
    """Applies statement after statement to one graph."""

    def __init__(self, path: str | Path, text: str) -> None:
        self.graph = SceneGraph(path)
        self.text = text
        self.current: Node | None = None
        header = _HEADER.search(text, 0, 400)
        self.graph.maya_version = header.group(1) if header else ""
        self.actions: dict[str, Callable[[int, int], None]] = {
            "createNode": self.create,
            "setAttr": self.set_attr,
            "addAttr": self.add_attr,
            "select": self.select,
            "connectAttr": self.connect,
            "disconnectAttr": self.disconnect,
            "parent": self.parent,
            "currentUnit": self.unit,
            "requires": self.require,
            "file": self.reference,
        }

    def run(self) -> None:
        actions = self.actions
        for keyword, start, end in statements(self.text, self.graph.path):
            action = actions.get(keyword)
            if action is not None:
                action(start, end)

    def complete(self) -> None:
        """Add the nodes that every Maya scene has, where the file is silent on them."""
        for name in _ALWAYS:
            self._node(f":{name}")
        settings = self.graph.node("defaultRenderGlobals")
        shader = settings.text("dss") if settings else ""
        if shader:
            self._node(f":{shader}")

    def create(self, start: int, end: int) -> None:
        match = _CREATE.match(self.text, start, end)
        if match is not None and match.end() >= end:
            node_type, shared, name, above = match.groups()
        else:
            words = read_words(self.text[start:end])
            if not words:
                return
            node_type = words[0]
            shared = next((word for word in words if word in ("-s", "-shared")), "")
            name = _after(words, "-n", "-name") or f"{node_type}1"
            above = _after(words, "-p", "-parent")
        name = name.removeprefix(":")
        node = Node(node_type, name, shared=bool(shared), text=self.text)
        self.graph.add(node, self.graph.node(above) if above else None)
        self.current = node

    def set_attr(self, start: int, end: int) -> None:
        quote = self.text.find('"', start, end)
        if quote < 0:
            return
        node = self.current
        if not self.text.startswith(".", quote + 1):
            owner = self.text[quote + 1 : end].partition(".")[0]
            node = self._node(owner)
        if node is not None:
            node.add_statement(start, end)

    def add_attr(self, start: int, end: int) -> None:
        if self.current is not None:
            self.current.add_dynamic(start, end)

    def select(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        names = [word for word in words if not word.startswith("-")]
        self.current = self._node(names[-1]) if names else None

    def _node(self, name: str) -> Node | None:
        """A node by name; Maya's default nodes come to be when they are named."""
        node = self.graph.node(name)
        if node is not None:
            return node
        plain = name.removeprefix(":")
        if "|" in plain or not (name.startswith(":") or plain in _DEFAULT_TYPES):
            return None
        node = Node(_DEFAULT_TYPES.get(plain, ""), plain, shared=True, text=self.text)
        self.graph.add(node)
        return node

    def connect(self, start: int, end: int) -> None:
        match = _PAIR.search(self.text, start, end)
        ends = self._ends(match)
        if match is None or ends is None:
            return
        source, target = ends
        next_free = "-na" in self.text[match.end() : end]
        feeds = target.node.incoming.setdefault(target.attr, [])
        if not next_free:
            for old in feeds:
                _forget(old.node.outgoing, old.attr, target)
            feeds.clear()
        feeds.append(source)
        source.node.outgoing.setdefault(source.attr, []).append(target)

    def disconnect(self, start: int, end: int) -> None:
        ends = self._ends(_PAIR.search(self.text, start, end))
        if ends is not None:
            source, target = ends
            _forget(target.node.incoming, target.attr, source)
            _forget(source.node.outgoing, source.attr, target)

    def _ends(self, match: re.Match[str] | None) -> tuple[Plug, Plug] | None:
        if match is None:
            return None
        source, target = self._plug(match.group(1)), self._plug(match.group(2))
        return (source, target) if source and target else None

    def _plug(self, text: str) -> Plug | None:
        name, _, attr = text.partition(".")
        node = self._node(name)
        # None: the node comes from a reference, which is not followed.
        return Plug(node, node.short(attr)) if node else None

    def parent(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        names = [word for word in words if not word.startswith("-")]
        to_world = "-w" in words or "-world" in words
        above = None if to_world or len(names) < 2 else self.graph.node(names.pop())
        for node in filter(None, map(self.graph.node, names)):
            if "-add" not in words and "-addObject" not in words:
                for old in node.parents:
                    old.children.remove(node)
                node.parents.clear()
            if above is not None and not _is_below(above, node):
                node.parents.append(above)
                above.children.append(node)
        self.graph.reparented()

    def unit(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        linear = _after(words, "-l", "-linear")
        angle = _after(words, "-a", "-angle")
        time = _after(words, "-t", "-time")
        graph = self.graph
        graph.linear_unit = _UNITS.get(linear, linear) or graph.linear_unit
        graph.angle_unit = _UNITS.get(angle, angle) or graph.angle_unit
        named = _NAMED_FPS.match(time)
        graph.fps = float(named[1]) if named else _FPS.get(time, graph.fps)

    def require(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        if len(words) == 2 and words[0] == "maya" and not self.graph.maya_version:
            self.graph.maya_version = words[1]

    def reference(self, start: int, end: int) -> None:
        words = read_words(self.text[start:end])
        # `-rdi 1` lines describe the scene's own references, deeper ones their own;
        # `-dr 1` on that line means that the reference is not loaded.
        if _after(words, "-rdi", "-referenceDepthInfo") == "1":
            space = _after(words, "-ns", "-namespace") or _after(words, "-rpr")
            loaded = _after(words, "-dr", "-deferReference") != "1"
            self.graph.references.append(Reference(words[-1], space, loaded))


def _after(words: list[str], *flags: str) -> str:
    """The word behind a flag; empty where the flag is absent."""
    for place, word in enumerate(words[:-1]):
        if word in flags:
            return words[place + 1]
    return ""


def _forget(plugs: dict[str, list[Plug]], attr: str, end: Plug) -> None:
    if end in plugs.get(attr, ()):
        plugs[attr].remove(end)


def _is_below(node: Node, above: Node) -> bool:
    """True if `node` is `above` or hangs under it: a cycle in the making."""
    seen = {node}
    stack = [node]
    while stack:
        low = stack.pop()
        if low is above:
            return True
        fresh = [parent for parent in low.parents if parent not in seen]
        seen.update(fresh)
        stack.extend(fresh)
    return False
