"""Values of a scene's attributes at one frame, under one layer's overrides.

Follows connections to animation curves, constraints and simple arithmetic. A node that
is not understood is noted once per type and the stored value stands. Matrices of the
hierarchy come from here too. One thread at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from lrc_toolbox.scenes import arithmetic, constraints
from lrc_toolbox.scenes.animation import AnimCurve
from lrc_toolbox.scenes.attributes import children, parent_of
from lrc_toolbox.scenes.hierarchy import SceneGraph
from lrc_toolbox.scenes.layers import LayerContent
from lrc_toolbox.scenes.nodes import Node, Plug, as_integer, as_number, as_vector
from lrc_toolbox.scenes.render_setup import apply_overrides
from lrc_toolbox.scenes.transforms import (
    IDENTITY,
    ROTATE_ORDERS,
    Matrix,
    Vector,
    local_matrix,
    product,
)
from lrc_toolbox.scenes.values import Value

#: Chains of connections longer than this are cut: they are loops, or worse.
_DEEPEST = 40
#: Attributes that make a transform's matrix, compounds and their children.
_PLACING = frozenset(
    [
        *("t", "tx", "ty", "tz", "r", "rx", "ry", "rz", "s", "sx", "sy", "sz"),
        *("sh", "shxy", "shxz", "shyz", "ro", "ra", "rax", "ray", "raz", "opm"),
        *("rp", "rpx", "rpy", "rpz", "rpt", "rptx", "rpty", "rptz", "it"),
        *("sp", "spx", "spy", "spz", "spt", "sptx", "spty", "sptz"),
        *("jo", "jox", "joy", "joz", "is", "isx", "isy", "isz", "ssc"),
    ]
)


@dataclass(slots=True)
class Memory:
    """What stays true from frame to frame of one layer.

    Attributes:
        curves: animation curves, read.
        matrices: local matrices of transforms that nothing moves.
        still: for a node and a question about it, an answer that never changes.
    """

    curves: dict[Node, AnimCurve] = field(default_factory=dict)
    matrices: dict[Node, Matrix] = field(default_factory=dict)
    still: dict[Node, bool] = field(default_factory=dict)


class Evaluation:
    """The scene at one frame of one layer."""

    def __init__(
        self, graph: SceneGraph, frame: float, content: LayerContent, memory: Memory
    ) -> None:
        self.graph = graph
        self.frame = frame
        self.notes: list[str] = []
        self._noted: set[str] = set()
        self._content = content
        self._memory = memory
        self._changed = {node for node, _ in content.overrides}
        self._values: dict[tuple[Node, str], Value | None] = {}
        self._worlds: dict[tuple[Node, ...], Matrix] = {}
        self._busy: set[tuple[Node, str]] = set()

    def note(self, about: str, sentence: str) -> None:
        """Say a sentence unless something was said about this already."""
        if about not in self._noted:
            self._noted.add(about)
            self.notes.append(sentence)

    def value(
        self, node: Node, attr: str, default: Value | None = None
    ) -> Value | None:
        """The attribute's value here; `default` where nothing says anything."""
        attr = node.short(attr)
        if not node.incoming and node not in self._changed:
            return node.get(attr, default)
        key = (node, attr)
        if key not in self._values:
            if key in self._busy or len(self._busy) > _DEEPEST:
                return node.get(attr, default)
            self._busy.add(key)
            try:
                self._values[key] = self._resolve(node, attr)
            finally:
                self._busy.discard(key)
        value = self._values[key]
        return node.get(attr, default) if value is None else value

    def number(self, node: Node, attr: str, default: float | None = None) -> float:
        """`value` as a float."""
        return as_number(self.value(node, attr, default))

    def flag(self, node: Node, attr: str, default: bool | None = None) -> bool:
        """`value` as a bool."""
        return bool(self.number(node, attr, default))

    def vector(
        self, node: Node, attr: str, default: tuple[float, ...] | None = None
    ) -> tuple[float, ...]:
        """`value` as numbers."""
        return as_vector(self.value(node, attr, default))

    def triple(self, node: Node, attr: str, usual: Vector = (0.0, 0.0, 0.0)) -> Vector:
        """`value` as exactly three numbers; `usual` where there are no three finite."""
        found = self.vector(node, attr, usual)
        if len(found) < 3 or not all(map(math.isfinite, found)):
            return usual
        return (found[0], found[1], found[2])

    def order(self, node: Node) -> int:
        """A transform's rotate order, 0 to 5; 0 for anything else."""
        order = as_integer(self.value(node, "ro"))
        return order if 0 <= order < len(ROTATE_ORDERS) else 0

    def source(self, node: Node, attr: str) -> Plug | None:
        """What feeds an attribute here, a layer's connection first."""
        attr = node.short(attr)
        for change in reversed(self._content.overrides.get((node, attr), [])):
            return change.source
        return self.graph.source(node, attr)

    def _resolve(self, node: Node, attr: str) -> Value | None:
        """Connection, then parts, then layer overrides; None: as stored."""
        value = self._fed(node, attr)
        if value is None:
            value = self._from_compound(node, attr)
        if value is None:
            value = self._from_parts(node, attr)
        changes = self._content.overrides.get((node, attr))
        if changes:
            value = node.get(attr) if value is None else value
            value = apply_overrides(value, changes)
            if changes[-1].source is not None:
                fed = self._output(changes[-1].source, node, attr)
                value = value if fed is None else fed
        return value

    def _fed(self, node: Node, attr: str) -> Value | None:
        plug = self.graph.source(node, attr)
        return None if plug is None else self._output(plug, node, attr)

    def _from_compound(self, node: Node, attr: str) -> Value | None:
        """A child's share of what its whole compound is fed or overridden with."""
        found = parent_of(node.type, attr)
        if found is None:
            return None
        parent, place = found
        if parent not in node.incoming and not self._content.overrides.get(
            (node, parent)
        ):
            return None
        whole = self.value(node, parent)
        return whole[place] if isinstance(whole, tuple) and place < len(whole) else None

    def _from_parts(self, node: Node, attr: str) -> Value | None:
        """A compound whose children are fed or overridden one by one."""
        names = children(node.type, attr)
        overrides = self._content.overrides
        if not any(
            name in node.incoming or (node, name) in overrides for name in names
        ):
            return None
        stored = as_vector(node.get(attr)) or (0.0,) * len(names)
        return tuple(
            self.number(node, name, stored[place] if place < len(stored) else 0.0)
            for place, name in enumerate(names)
        )

    def _output(self, plug: Plug, node: Node, attr: str) -> Value | None:
        """What another node puts out; None, with a note, where that is not known."""
        owner = plug.node
        if owner.type.startswith("animCurve"):
            return self._curve(owner)
        compute = arithmetic.COMPUTE.get(owner.type) or _CONSTRAINTS.get(owner.type)
        if compute is not None:
            return compute(self, owner, plug.attr)
        if is_applied_override(owner):
            return self.value(owner, "ori")
        value = self.value(owner, plug.attr)
        if value is None:
            self.note(
                owner.type,
                f"{owner.type or 'unknown'} nodes are not evaluated (first met: "
                f"{owner.name}, on {node.name}.{attr}): the stored value stands.",
            )
        return value

    def is_evaluated(self, plug: Plug) -> bool:
        """True for what is followed to a number: animation and its small helpers."""
        kind = plug.node.type
        return (
            kind.startswith("animCurve")
            or kind in arithmetic.COMPUTE
            or kind in _CONSTRAINTS
            or is_applied_override(plug.node)
        )

    def _curve(self, node: Node) -> float:
        curve = self._memory.curves.get(node)
        if curve is None:
            curve = AnimCurve(node, self.graph.fps, self.graph.distance_unit)
            self._memory.curves[node] = curve
        driver = self.graph.source(node, "i")
        if driver is None or driver.node.type == "time":
            return curve.value(self.frame)
        return curve.value(self.number(node, "i"))

    def is_still(self, node: Node, attrs: frozenset[str]) -> bool:
        """True if nothing changes these attributes, neither in time nor by layer."""
        return attrs.isdisjoint(node.incoming) and node not in self._changed

    def world(self, path: tuple[Node, ...]) -> Matrix:
        """The matrix from the last node's space to the world."""
        known = self._worlds
        length = len(path)
        while length and path[:length] not in known:
            length -= 1
        matrix = known[path[:length]] if length else IDENTITY
        for end in range(length, len(path)):
            node = path[end]
            matrix = self._step(node, matrix)
            known[path[: end + 1]] = matrix
        return matrix

    def parent_world(self, path: tuple[Node, ...]) -> Matrix:
        """The matrix of the space that the last node stands in."""
        parent = self.world(path[:-1])
        inherits = self.flag(path[-1], "it", True)
        return product(self._offset(path[-1]), parent if inherits else IDENTITY)

    def _step(self, node: Node, parent: Matrix) -> Matrix:
        if not node.children and node.parents and node.type not in _PLACED:
            return parent  # a shape stands where its transform stands
        inherits = self.flag(node, "it", True)
        own = product(self.local(node), self._offset(node))
        return product(own, parent) if inherits else own

    def _offset(self, node: Node) -> Matrix:
        """Offset parent matrix, Maya 2020 and newer."""
        if not node.has("opm") and "opm" not in node.incoming:
            return IDENTITY
        return _sixteen(self.vector(node, "opm"))

    def local(self, node: Node) -> Matrix:
        """A transform's own matrix."""
        known = self._memory.matrices.get(node)
        if known is not None:
            return known
        still = self.is_still(node, _PLACING)
        placed = not still or node.stores_any(_PLACING)
        matrix = self._local(node) if placed else IDENTITY
        if still:
            self._memory.matrices[node] = matrix
        return matrix

    def _local(self, node: Node) -> Matrix:
        one = (1.0, 1.0, 1.0)
        joint = node.type == "joint"
        compensates = joint and self.flag(node, "ssc", True)
        return local_matrix(
            translate=self.triple(node, "t"),
            rotate=self.degrees(node, "r"),
            order=self.order(node),
            scale=self.triple(node, "s", one),
            shear=self.triple(node, "sh"),
            rotate_pivot=self.triple(node, "rp"),
            rotate_pivot_translate=self.triple(node, "rpt"),
            scale_pivot=self.triple(node, "sp"),
            scale_pivot_translate=self.triple(node, "spt"),
            rotate_axis=self.degrees(node, "ra"),
            joint_orient=self.degrees(node, "jo") if joint else (0.0, 0.0, 0.0),
            inverse_scale=self.triple(node, "is", one) if compensates else one,
        )

    def degrees(self, node: Node, attr: str) -> Vector:
        """A rotation in degrees, whatever the scene's unit is."""
        x, y, z = self.triple(node, attr)
        if self.graph.angle_unit != "rad":
            return (x, y, z)
        return (x * _DEGREE, y * _DEGREE, z * _DEGREE)


def is_applied_override(node: Node) -> bool:
    """True for what Render Setup puts in front of an attribute while a layer shows.

    A scene that was saved so has them; `ori` is the value without the layer, whose
    overrides are applied anew from its collections.
    """
    return node.type.startswith("apply") and node.type.endswith("Override")


_DEGREE = 57.29577951308232
#: Childless nodes below others that have a place of their own all the same.
_PLACED = frozenset(("transform", "joint", "fosterParent", "lodGroup", "ikHandle"))
_CONSTRAINTS: dict[str, Callable[[Evaluation, Node, str], Value | None]] = {
    "aimConstraint": constraints.aim,
    "orientConstraint": constraints.orient,
    "parentConstraint": constraints.parent,
    "pointConstraint": constraints.point,
}


def _sixteen(numbers: tuple[float, ...]) -> Matrix:
    if len(numbers) != 16:
        return IDENTITY
    (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q) = numbers
    return (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)
