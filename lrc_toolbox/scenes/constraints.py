"""Constraints: where a constrained transform is put by its targets.

Aim, orient, parent and point. Several targets are averaged by weight where that is a
matter of places; of several turning targets the heaviest counts. Any thread.

Source: Autodesk's node reference of the four types.
"""

from __future__ import annotations

import math
import re
from typing import Protocol

from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.transforms import (
    Linear,
    Matrix,
    Vector,
    euler,
    image,
    inverse,
    linear_image,
    linear_part,
    linear_product,
    local_matrix,
    product,
    rotation,
)
from lrc_toolbox.scenes.values import Value

_TARGET = re.compile(r"^tg\[(\d{1,9})\]")
_SCENE_UP, _OBJECT_UP, _OBJECT_ROTATION_UP, _VECTOR_UP = 0, 1, 2, 3
_ORIGIN: Vector = (0.0, 0.0, 0.0)


class Places(Protocol):
    """What the functions here ask of an evaluation."""

    graph: SceneGraph

    def number(self, node: Node, attr: str, default: float | None = None) -> float:
        """An attribute's value."""

    def triple(self, node: Node, attr: str, usual: Vector = _ORIGIN) -> Vector:
        """An attribute's three values."""

    def degrees(self, node: Node, attr: str) -> Vector:
        """A rotation's three values."""

    def order(self, node: Node) -> int:
        """A transform's rotate order."""

    def world(self, path: tuple[Node, ...]) -> Matrix:
        """A node's matrix to the world."""

    def parent_world(self, path: tuple[Node, ...]) -> Matrix:
        """The matrix of the space that a node stands in."""


def point(places: Places, node: Node, attr: str) -> Value | None:
    """`ctx cty ctz`, `ct`: the constrained node's translation."""
    return _part(attr, "ct", _point(places, node))


def _point(places: Places, node: Node) -> Vector | None:
    owner = _constrained(places, node)
    targets = _targets(places, node)
    if owner is None or not targets:
        return None
    total = sum(weight for weight, _, _ in targets)
    mean = [0.0, 0.0, 0.0]
    for weight, _, target in targets:
        place = _pivot(places, target)
        mean = [
            part + weight / total * add for part, add in zip(mean, place, strict=True)
        ]
    to_parent = inverse(places.parent_world(owner))
    there = image((mean[0], mean[1], mean[2]), to_parent)
    return _less_pivots(places, owner[-1], _plus(there, places.triple(node, "o")))


def orient(places: Places, node: Node, attr: str) -> Value | None:
    """`crx cry crz`, `cr`: the constrained node's rotation."""
    owner = _constrained(places, node)
    targets = _targets(places, node)
    if owner is None or not targets:
        return None
    _, _, target = max(targets, key=lambda each: each[0])
    turn = _turn(places.world(target))
    turn = linear_product(rotation(places.degrees(node, "o")), turn)
    return _part(attr, "cr", _as_rotation(places, owner, turn))


def parent(places: Places, node: Node, attr: str) -> Value | None:
    """`ctx`..., `crx`...: both, as if the node were the target's child."""
    owner = _constrained(places, node)
    targets = _targets(places, node)
    if owner is None or not targets:
        return None
    _, index, target = max(targets, key=lambda each: each[0])
    offset = local_matrix(
        translate=places.triple(node, f"tg[{index}].tot"),
        rotate=places.degrees(node, f"tg[{index}].tor"),
    )
    goal = product(offset, places.world(target))
    if attr.startswith("cr"):
        return _part(attr, "cr", _as_rotation(places, owner, _turn(goal)))
    there = product(goal, inverse(places.parent_world(owner)))[12:15]
    place = _less_pivots(places, owner[-1], (there[0], there[1], there[2]))
    return _part(attr, "ct", place)


def aim(places: Places, node: Node, attr: str) -> Value | None:
    """`crx cry crz`, `cr`: turned so that the aim vector looks at the targets."""
    owner = _constrained(places, node)
    targets = _targets(places, node)
    if owner is None or not targets:
        return None
    total = sum(weight for weight, _, _ in targets)
    eye = _pivot(places, owner)
    direction = _ORIGIN
    for weight, _, target in targets:
        away = _minus(_pivot(places, target), eye)
        direction = _plus(direction, _times(away, weight / total))
    goal = _frame(direction, _world_up(places, node, eye))
    own = _frame(places.triple(node, "a", (1.0, 0.0, 0.0)), _up_vector(places, node))
    if goal is None or own is None:
        return None
    turn = linear_product(_transposed(own), goal)
    turn = linear_product(rotation(places.degrees(node, "o")), turn)
    return _part(attr, "cr", _as_rotation(places, owner, turn))


def _up_vector(places: Places, node: Node) -> Vector:
    return places.triple(node, "u", (0.0, 1.0, 0.0))


def _world_up(places: Places, node: Node, eye: Vector) -> Vector:
    """Which way is up at the goal (`.wut`): scene, an object, its turn, a vector."""
    kind = places.number(node, "wut", _VECTOR_UP)
    vector = places.triple(node, "wu", (0.0, 1.0, 0.0))
    plug = places.graph.source(node, "wum")
    if kind == _SCENE_UP or plug is None:
        return (0.0, 1.0, 0.0) if kind == _SCENE_UP else vector
    path = places.graph.first_path(plug.node)
    if kind == _OBJECT_UP:
        return _minus(_pivot(places, path), eye)
    if kind == _OBJECT_ROTATION_UP:
        return linear_image(vector, _turn(places.world(path)))
    return vector


def _constrained(places: Places, node: Node) -> tuple[Node, ...] | None:
    """The path of the node that the constraint drives: it hangs below it."""
    plug = places.graph.source(node, "cpim")
    owner = plug.node if plug else (node.parents[0] if node.parents else None)
    return places.graph.first_path(owner) if owner else None


def _targets(places: Places, node: Node) -> list[tuple[float, int, tuple[Node, ...]]]:
    """Weight, index and path of every target that has weight."""
    found: dict[int, Node] = {}
    for own, plug in places.graph.sources(node, "tg"):
        match = _TARGET.match(own)
        if match and own.endswith((".tpm", ".tt", ".tr")):
            found[int(match[1])] = plug.node
    weighed = []
    for index, target in sorted(found.items()):
        weight = places.number(node, f"tg[{index}].tw", 1.0)
        if weight > 0.0:
            weighed.append((weight, index, places.graph.first_path(target)))
    return weighed


def _pivot(places: Places, path: tuple[Node, ...]) -> Vector:
    """Where a transform's rotate pivot is in the world."""
    node = path[-1]
    place = _plus(places.triple(node, "t"), places.triple(node, "rp"))
    place = _plus(place, places.triple(node, "rpt"))
    return image(place, places.parent_world(path))


def _less_pivots(places: Places, node: Node, place: Vector) -> Vector:
    """The translation that brings the rotate pivot to a place in the parent's space."""
    place = _minus(place, places.triple(node, "rp"))
    return _minus(place, places.triple(node, "rpt"))


def _as_rotation(places: Places, owner: tuple[Node, ...], turn: Linear) -> Vector:
    """The rotate values that turn a node this way in the world."""
    node = owner[-1]
    turn = linear_product(turn, _transposed(_turn(places.parent_world(owner))))
    axis = places.degrees(node, "ra")
    turn = linear_product(_transposed(rotation(axis)), turn)
    if node.type == "joint":
        orient_ = rotation(places.degrees(node, "jo"))
        turn = linear_product(turn, _transposed(orient_))
    x, y, z = euler(turn, places.order(node))
    if places.graph.angle_unit == "rad":
        return (math.radians(x), math.radians(y), math.radians(z))
    return (x, y, z)


def _part(attr: str, stem: str, whole: Vector | None) -> Value | None:
    """One axis for `crx`, all for `cr`; None for another attribute."""
    if whole is None or not attr.startswith(stem):
        return None
    axis = "xyz".find(attr[len(stem) :]) if len(attr) > len(stem) else -1
    return whole if axis < 0 else whole[axis]


def _frame(ahead: Vector, up: Vector) -> Linear | None:
    """Three right-angled unit rows: ahead, up, and across both; None if they are 0."""
    first = _unit(ahead)
    if first is None:
        return None
    across = _unit(_cross(first, up))
    if across is None:
        # Up lies along the aim: any other direction keeps the frame upright.
        across = _unit(_cross(first, (up[1], up[2], up[0])))
    if across is None:
        return None
    return (*first, *_cross(across, first), *across)


def _turn(matrix: Matrix) -> Linear:
    """The rotation in a matrix, without its scale."""
    part = linear_part(matrix)
    x = _unit((part[0], part[1], part[2])) or (1.0, 0.0, 0.0)
    y = _unit(_minus(part[3:6], _times(x, _dot(part[3:6], x)))) or (0.0, 1.0, 0.0)
    return (*x, *y, *_cross(x, y))


def _transposed(a: Linear) -> Linear:
    return (a[0], a[3], a[6], a[1], a[4], a[7], a[2], a[5], a[8])


def _unit(v: Vector) -> Vector | None:
    length = math.sqrt(_dot(v, v))
    if not length > 1e-12 or not math.isfinite(length):
        return None
    return (v[0] / length, v[1] / length, v[2] / length)


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Vector, b: Vector) -> Vector:
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def _plus(a: Vector, b: Vector) -> Vector:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def _minus(a: Vector, b: Vector) -> Vector:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def _times(a: Vector, by: float) -> Vector:
    return (a[0] * by, a[1] * by, a[2] * by)
