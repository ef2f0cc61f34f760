"""A scene as nodes, their stored attributes and their connections.

Owns who is whose child and what is connected to what. It evaluates nothing: `animation`,
`layers` and `pose` do. Attributes are read from the text when they are first asked for.
A graph is not changed after it was read; reading attributes fills caches, so use it on
one thread at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lrc_toolbox.scenes.values import Value


class Plug(NamedTuple):
    """One end of a connection: a node and the attribute as the file names it."""

    node: Node
    attr: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Another file that the scene loads; its nodes are not in the graph."""

    path: str
    namespace: str
    loaded: bool


class Node:
    """One node: its type, its place and its stored attributes.

    Attribute names may be given short (`t`, `tx`, `fl`) or long (`translate`,
    `translateX`, `focalLength`) where the long name is known, without a leading dot.
    A child of a compound is found in the compound (`tx` in `.t`) and the other way.

    Attributes:
        type: Maya's node type; for a default node that the file only selects
            (`:time1`), the type Maya gives it, or empty where unknown.
        name: without the leading `:` of the root namespace; not unique in the DAG.
        shared: created with `-s`, as Maya's start-up cameras are.
        parents: DAG parents; several through instancing, none for the world or for a
            node outside the DAG.
        children: DAG children in file order, instances included.
    """

    __slots__ = ("children", "name", "parents", "shared", "type")

    def __init__(self, node_type: str, name: str, *, shared: bool = False) -> None:
        self.type = node_type
        self.name = name
        self.shared = shared
        self.parents: list[Node] = []
        self.children: list[Node] = []

    def get(self, attr: str, default: Value | None = None) -> Value | None:
        """The stored value, else `default`, else Maya's default where it is known."""
        raise NotImplementedError

    def number(self, attr: str, default: float | None = None) -> float:
        """`get` as a float; bool counts as 0 and 1; 0.0 where nothing is known."""
        raise NotImplementedError

    def flag(self, attr: str, default: bool | None = None) -> bool:
        """`get` as a bool; False where nothing is known."""
        raise NotImplementedError

    def text(self, attr: str, default: str = "") -> str:
        """`get` as text."""
        raise NotImplementedError

    def vector(
        self, attr: str, default: tuple[float, ...] | None = None
    ) -> tuple[float, ...]:
        """`get` as numbers: `t` gives three even where only `.tx` is stored."""
        raise NotImplementedError

    def has(self, attr: str) -> bool:
        """True if the file stores a value for it."""
        raise NotImplementedError

    def numbers(self, attr: str) -> array[float]:
        """All numbers of an array attribute (`vt`, `ktv`, `pt`), in index order.

        Statements over several ranges are merged. Element width is not known here:
        `vt` gives x y z x y z, `ktv` time value time value. `uvst[0].uvsp` works too.
        """
        raise NotImplementedError

    def ranges(self, attr: str) -> list[tuple[int, int, str]]:
        """The stored pieces of an array attribute: (first index, last index, raw text).

        The text is what follows the name and any `-type`, untouched (`fc`'s is
        `f 4 0 1 2 3 mu 0 4 ...`). Last equals first for a single element.
        """
        raise NotImplementedError

    def attributes(self) -> list[str]:
        """Names of all stored attributes as the file has them, without the dot."""
        raise NotImplementedError


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

    path: str
    maya_version: str
    linear_unit: str
    angle_unit: str
    fps: float
    nodes: list[Node]
    references: list[Reference]

    def node(self, name: str) -> Node | None:
        """Look a node up by name or (partial) DAG path; a leading `:` is ignored."""
        raise NotImplementedError

    def of_type(self, *types: str) -> list[Node]:
        """All nodes of these types, in file order."""
        raise NotImplementedError

    def roots(self) -> list[Node]:
        """DAG nodes that hang under the world."""
        raise NotImplementedError

    def paths(self, node: Node) -> list[tuple[Node, ...]]:
        """Every DAG path to a node, root first; several through instancing."""
        raise NotImplementedError

    def source(self, node: Node, attr: str) -> Plug | None:
        """What feeds this attribute exactly; None if nothing does."""
        raise NotImplementedError

    def sources(self, node: Node, attr: str = "") -> list[tuple[str, Plug]]:
        """What feeds this attribute, its elements and children: (own attr, plug).

        `sources(engine, "dsm")` gives every element. Empty `attr`: the whole node.
        """
        raise NotImplementedError

    def targets(self, node: Node, attr: str = "") -> list[tuple[str, Plug]]:
        """What this attribute, its elements and children feed: (own attr, plug)."""
        raise NotImplementedError


def path_name(path: tuple[Node, ...]) -> str:
    """`|group1|pCube1|pCubeShape1` of a DAG path."""
    return "".join(f"|{node.name}" for node in path)


def read_scene(path: str | Path) -> SceneGraph:
    """Read a Maya ASCII scene.

    Raises:
        SceneReadError: the file is missing, binary, truncated or no Maya scene.
    """
    raise NotImplementedError


def iterate_paths(graph: SceneGraph) -> Iterator[tuple[Node, ...]]:
    """Walk the DAG depth first, every instance, root first in each path."""
    raise NotImplementedError
