"""A scene as nodes: who is whose child, and what is connected to what.

Looks nodes up by name and path and follows connections by one step. How a file becomes
a graph is `graph`'s matter; nothing is evaluated here. A graph is not changed after it
was read; reading attributes fills caches, so use it on one thread at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lrc_toolbox.scenes.nodes import Node, Plug
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import Encoding, Plugin

#: Instances of instances multiply; past so many nodes in all DAG paths together a
#: scene is a mistake or an attack.
MAX_PATH_NODES = 30_000_000
_MOST_INSTANCES = 10_000

#: DAG types that may stand alone under the world without children.
_ROOT_TYPES = frozenset(("transform", "joint", "fosterParent"))


@dataclass(frozen=True, slots=True)
class Reference:
    """Another file that the scene loads; its nodes are not in the graph.

    Attributes:
        path: as written, without a copy number (`{2}`).
        node: the reference node (`charRN`); empty where the file does not name it.
        namespace: of its nodes; empty with `prefix`.
        prefix: of its nodes' names (`-rpr`); empty with `namespace`.
        type: `mayaAscii`, `mayaBinary`, `Alembic`...; empty where not said.
        loaded: Maya reads it when it opens the scene.
        depth: 1 for the scene's own, 2 for those of a reference, as the file lists.
    """

    path: str
    node: str = ""
    namespace: str = ""
    prefix: str = ""
    type: str = ""
    loaded: bool = True
    depth: int = 1


class SceneGraph:
    """A whole scene file.

    Attributes:
        path: the file it was read from.
        size: of that file in bytes.
        encoding: how the file is written.
        maya_version: as in the header, e.g. `2023` or `2025ff03`; empty if not said.
        linear_unit: the working unit of distances (`cm`, `m`, `mm`, `in`...).
        angle_unit: `deg` or `rad`.
        time_unit: Maya's name of it: `film`, `pal`, `ntsc`, `120fps`.
        fps: frames per second of the time unit; times in the graph are frames.
        nodes: every node in file order.
        references: other files it loads, which are not followed; nested ones too.
        plugins: what it requires, in file order; a name may come twice.
        info: `fileInfo` by key.
        counts: nodes that the file creates, by type.
        connections: how many connections the file makes.
        relationships: how many `relationship` statements it has.
        damage: why reading stopped early; None for a file that was read to its end.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.size = 0
        self.encoding = Encoding("", "", "", 0, True)
        self.maya_version = ""
        self.linear_unit = "cm"
        self.angle_unit = "deg"
        self.time_unit = "film"
        self.fps = 24.0
        self.nodes: list[Node] = []
        self.references: list[Reference] = []
        self.plugins: list[Plugin] = []
        self.info: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.connections = 0
        self.relationships = 0
        self.damage: SceneReadError | None = None
        #: what other parts work out about the whole scene once, by the type it has.
        self.kept: dict[type, object] = {}
        #: the first node of each name, and further ones.
        self._by_name: dict[str, Node] = {}
        self._namesakes: dict[str, list[Node]] = {}
        self._by_type: dict[str, list[Node]] = {}
        self._by_ending: dict[
            tuple[str, int], tuple[dict[tuple[str, ...], list[Node]], int]
        ] = {}

    @property
    def distance_unit(self) -> str:
        """The unit of the distances that the file stores.

        Maya binary keeps them in centimetres whatever the working unit, as it keeps
        angles in radians: one scene that was saved in cm, ft and m as well (`Elf.mb`,
        `RiggedElf_foot.mb`, `RiggedElf_meter.mb` of BabylonJS/Exporters, Maya 2018 and
        2019) holds the same numbers. Maya ASCII has them in the working unit.
        """
        return "cm" if self.encoding.binary else self.linear_unit

    def add(self, node: Node, parent: Node | None = None) -> None:
        """Take a node, under a parent where it has one."""
        self.nodes.append(node)
        if self._by_name.setdefault(node.name, node) is not node:
            self._namesakes.setdefault(node.name, []).append(node)
        self._by_type.setdefault(node.type, []).append(node)
        if parent is not None:
            node.hang(parent)

    def node(self, name: str) -> Node | None:
        """Look a node up by name or (partial) DAG path; a leading `:` is ignored."""
        if "|" not in name:
            return self._by_name.get(name.removeprefix(":"))
        parts = tuple(part.removeprefix(":") for part in name.split("|"))
        standing = self._standing(parts) if parts[-1] else ()
        return standing[0] if standing else None

    def _standing(self, parts: tuple[str, ...]) -> list[Node]:
        """The nodes whose DAG path ends with these names; `""` in front is the world.

        Indexed by name and length when first asked: scenes with ten thousand nodes of
        one name are common, and each is named by its path.
        """
        first = self._by_name.get(parts[-1])
        if first is None:
            return []
        others = self._namesakes.get(parts[-1], [])
        index, done = self._by_ending.get((parts[-1], len(parts)), ({}, 0))
        for node in others[done - 1 :] if done else [first, *others]:
            for ending in _endings(node, len(parts)):
                index.setdefault(ending, []).append(node)
        self._by_ending[parts[-1], len(parts)] = (index, 1 + len(others))
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

    def first_path(self, node: Node) -> tuple[Node, ...]:
        """The first of a node's DAG paths, however many there are."""
        upwards = [node]
        while upwards[-1].parents:
            upwards.append(upwards[-1].parents[0])
        return tuple(reversed(upwards))

    def short_path(self, path: tuple[Node, ...]) -> str:
        """As much of a DAG path's end as no other node shares: `cam`, `set|cam`."""
        names = tuple(node.name for node in path)
        if names[-1] not in self._namesakes:
            return names[-1]
        for length in range(2, len(path) + 1):
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


def iterate_paths(
    graph: SceneGraph, most: int | None = None
) -> Iterator[tuple[Node, ...]]:
    """Walk the DAG depth first, every instance, root first in each path.

    Args:
        graph: the scene.
        most: how long all paths together may be; `MAX_PATH_NODES` if not given.

    Raises:
        SceneReadError: they are longer.
    """
    stack: list[tuple[Node, ...]] = [(node,) for node in reversed(graph.roots())]
    count = 0
    while stack:
        path = stack.pop()
        count += len(path)
        check_paths(graph, count, most)
        yield path
        stack.extend((*path, child) for child in reversed(path[-1].children))


def check_paths(graph: SceneGraph, count: int, most: int | None = None) -> None:
    """Stop a walk over the hierarchy that has met too much.

    Args:
        graph: the scene.
        count: the lengths of all paths met so far, added up.
        most: how much that may be; `MAX_PATH_NODES` if not given.

    Raises:
        SceneReadError: it is more.
    """
    if count > (MAX_PATH_NODES if most is None else most):
        raise SceneReadError(
            graph.path,
            "instances of instances make too many objects of it",
            remedy="Render such a scene with Maya itself.",
        )
