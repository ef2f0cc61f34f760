"""Maya's polygon primitives, made from the attributes of their generator nodes.

Points and faces come in Maya's order, as far as meshes saved by Maya show it, so that
offsets and materials given by their numbers land where they belong. Seen in such files:
undivided cube, sphere, plane, cylinder; the others follow the same rules. Defaults are
the nodes' own, which a file leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import pi, sin, sqrt
from typing import Protocol

import numpy as np

from lrc_toolbox.engines.preview.box import Box, box
from lrc_toolbox.engines.preview.lathe import Cap, Outline, Ring, turn
from lrc_toolbox.engines.preview.polygons import Floats, Polygons

# More than this is a slip of the keyboard or an attack, not a primitive.
_MOST_DIVISIONS = 2000
# The round pieces of texture on Maya's cylinder, as its files have them.
_BOTTOM_DISC = (0.5, 0.15625, 0.15625)
_TOP_DISC = (0.5, 0.84375, 0.15625)
_SIDE_U = (0.375, 0.625)


class Attributes(Protocol):
    """The numbers of one generator node, as the pose has them."""

    def number(self, attr: str, default: float) -> float:
        """One number."""

    def vector(self, attr: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """Several numbers."""


def primitive(kind: str, attributes: Attributes) -> Polygons | None:
    """Make what a generator node makes.

    Args:
        kind: the node's type, e.g. `polyCube`.
        attributes: its numbers, by the short names that files use.

    Returns:
        The polygons, or None where the type is not known.
    """
    maker = _MAKERS.get(kind)
    if maker is None:
        return None
    made = maker(attributes)
    axis = attributes.vector("ax", (0.0, 1.0, 0.0))
    points = made.points @ _upright_to(np.array(axis, np.float64))
    return Polygons(points, made.sizes, made.corners, made.uvs, made.hard)


def _upright_to(axis: Floats) -> Floats:
    """(3, 3) for row vectors, the shortest turn that brings +Y onto the axis."""
    length = float(np.linalg.norm(axis))
    if length < 1e-12:
        return np.eye(3)
    x, y, z = axis / length
    if y < -1 + 1e-9:
        return np.diag((1.0, -1.0, -1.0))
    # Rodrigues' formula for the rotation from (0, 1, 0) to (x, y, z).
    share = 1 / (1 + y)
    return np.array(
        (
            (1 - x * x * share, -x, -x * z * share),
            (x, y, z),
            (-x * z * share, -z, 1 - z * z * share),
        )
    )


def _divisions(attributes: Attributes, attr: str, default: int, least: int = 1) -> int:
    return max(least, min(_MOST_DIVISIONS, int(attributes.number(attr, default))))


def _raised(attributes: Attributes, height: float) -> float:
    """How far the middle lies above the origin: `heightBaseline` -1 stands on it."""
    return -attributes.number("heightBaseline", 0.0) * height / 2


def _cube(attributes: Attributes) -> Polygons:
    height = attributes.number("h", 1.0)
    return box(
        Box(
            (attributes.number("w", 1.0), height, attributes.number("d", 1.0)),
            (
                _divisions(attributes, "sw", 1),
                _divisions(attributes, "sh", 1),
                _divisions(attributes, "sd", 1),
            ),
            _raised(attributes, height),
        )
    )


def _plane(attributes: Attributes) -> Polygons:
    columns = _divisions(attributes, "sw", 10)
    rows = _divisions(attributes, "sh", 10)
    row, column = (grid.ravel() for grid in np.mgrid[0 : rows + 1, 0 : columns + 1])
    share = np.column_stack((column / columns, row / rows))
    wide, high = attributes.number("w", 1.0), attributes.number("h", 1.0)
    points = np.column_stack(
        ((share[:, 0] - 0.5) * wide, np.zeros(len(share)), (0.5 - share[:, 1]) * high)
    )
    first = np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)
    steps = np.array((0, 1, columns + 2, columns + 1))
    corners = (first.reshape(-1, 1) + steps).ravel()
    return Polygons(
        points,
        np.full(rows * columns, 4),
        corners,
        share[corners],
        np.zeros(len(corners), np.bool_),
    )


def _sphere(attributes: Attributes) -> Polygons:
    radius = attributes.number("r", 1.0)
    sides = _divisions(attributes, "sa", 20, 3)
    rows = _divisions(attributes, "sh", 20, 2)
    raised = _raised(attributes, 2 * radius)
    angles = [pi * row / rows for row in range(1, rows)]
    rings = [
        Ring(
            radius * sin(angle),
            raised - radius * float(np.cos(angle)),
            row / rows,
        )
        for row, angle in enumerate(angles, 1)
    ]
    bottom, top = Cap(raised - radius, v=0.0), Cap(raised + radius, v=1.0)
    return turn(Outline(rings, sides, bottom, top))


def _cylinder(attributes: Attributes) -> Polygons:
    radius, height = attributes.number("r", 1.0), attributes.number("h", 2.0)
    low = _raised(attributes, height) - height / 2
    across = _divisions(attributes, "sc", 0, 0)
    rows = _divisions(attributes, "sh", 1)
    side = [
        Ring(radius, low + height * row / rows, 0.3125 + 0.375 * row / rows)
        for row in range(rows + 1)
    ]
    rings = _with_rims(side, across, close_top=True)
    bottom = Cap(low if across else None, _BOTTOM_DISC)
    top = Cap(low + height if across else None, _TOP_DISC)
    sides = _divisions(attributes, "sa", 20, 3)
    return turn(Outline(rings, sides, bottom, top, u=_SIDE_U))


def _cone(attributes: Attributes) -> Polygons:
    radius, height = attributes.number("r", 1.0), attributes.number("h", 2.0)
    return _pointed(attributes, radius, height, _divisions(attributes, "sa", 20, 3))


def _pyramid(attributes: Attributes) -> Polygons:
    # Every edge is as long as the side; that gives the height.
    sides = _divisions(attributes, "ns", 4, 3)
    edge = attributes.number("w", 1.0)
    radius = edge / (2 * sin(pi / sides))
    height = sqrt(max(edge * edge - radius * radius, 0.0))
    return _pointed(attributes, radius, height, sides, sharp=True)


def _pointed(
    attributes: Attributes,
    radius: float,
    height: float,
    sides: int,
    *,
    sharp: bool = False,
) -> Polygons:
    """A cone or a pyramid."""
    low = _raised(attributes, height) - height / 2
    across = _divisions(attributes, "sc", 0, 0)
    rows = _divisions(attributes, "sh", 1)
    side = [
        Ring(
            radius * (1 - row / rows),
            low + height * row / rows,
            0.25 + 0.75 * row / rows,
        )
        for row in range(rows)
    ]
    rings = _with_rims(side, across, close_top=False)
    bottom = Cap(low if across else None, (0.5, 0.125, 0.125))
    top = Cap(low + height, v=1.0)
    return turn(Outline(rings, sides, bottom, top, u=(0.25, 0.75), sharp=sharp))


def _prism(attributes: Attributes) -> Polygons:
    sides = _divisions(attributes, "ns", 3, 3)
    height = attributes.number("l", 2.0)
    radius = attributes.number("w", 1.0) / (2 * sin(pi / sides))
    low = _raised(attributes, height) - height / 2
    across = _divisions(attributes, "sc", 0, 0)
    rows = _divisions(attributes, "sh", 1)
    side = [
        Ring(radius, low + height * row / rows, 0.3125 + 0.375 * row / rows)
        for row in range(rows + 1)
    ]
    bottom = Cap(low if across else None, _BOTTOM_DISC)
    top = Cap(low + height if across else None, _TOP_DISC)
    rings = _with_rims(side, across, close_top=True)
    return turn(Outline(rings, sides, bottom, top, u=_SIDE_U, sharp=True))


def _with_rims(side: list[Ring], across: int, *, close_top: bool) -> list[Ring]:
    """Make the ends of a side hard and put the rings of divided caps around it."""

    def rim(ring: Ring, *, flat: bool = False) -> Ring:
        return Ring(ring.radius, ring.height, ring.v, hard=True, flat=flat)

    def inner(ring: Ring, share: float) -> Ring:
        return Ring(ring.radius * share, ring.height, ring.v, flat=True)

    first, last = side[0], side[-1]
    shares = [step / across for step in range(1, across)]
    below = [inner(first, share) for share in shares]
    if not close_top:
        return [*below, rim(first), *side[1:]]
    above = [inner(last, share) for share in reversed(shares)]
    return [*below, rim(first), *side[1:-1], rim(last, flat=bool(above)), *above]


def _torus(attributes: Attributes) -> Polygons:
    radius = attributes.number("r", 1.0)
    thick = attributes.number("sr", 0.5)
    rows = _divisions(attributes, "sh", 20, 3)
    sides = _divisions(attributes, "sa", 20, 3)
    twist = np.radians(attributes.number("tw", 0.0))
    raised = _raised(attributes, 2 * thick)
    angles = [2 * pi * row / rows + float(twist) for row in range(rows)]
    rings = [
        Ring(
            radius + thick * float(np.cos(angle)),
            raised + thick * sin(angle),
            row / rows,
        )
        for row, angle in enumerate(angles)
    ]
    return turn(Outline(rings, sides, looped=True))


def _pipe(attributes: Attributes) -> Polygons:
    outer, height = attributes.number("r", 1.0), attributes.number("h", 2.0)
    inner = max(outer - attributes.number("t", 0.5), 0.0)
    low = _raised(attributes, height) - height / 2
    rows = _divisions(attributes, "sh", 1)
    across = _divisions(attributes, "sc", 1)
    outline = _pipe_outline(outer, inner, low, height, rows, across)
    last = len(outline)
    rings = [
        Ring(radius, up, at / last, hard=at in (0, rows, rows + across, last - across))
        for at, (radius, up) in enumerate(outline)
    ]
    sides = _divisions(attributes, "sa", 20, 3)
    return turn(Outline(rings, sides, first=0.0, looped=True))


def _pipe_outline(
    outer: float, inner: float, low: float, height: float, rows: int, across: int
) -> list[tuple[float, float]]:
    """(radius, height) around a pipe's wall: up outside, over the top, down inside."""
    steps = [row / rows for row in range(rows)]
    shares = [step / across for step in range(across)]
    thick = outer - inner
    walls = [(outer, low + height * step) for step in steps]
    walls += [(outer - thick * share, low + height) for share in shares]
    walls += [(inner, low + height * (1 - step)) for step in steps]
    return walls + [(inner + thick * share, low) for share in shares]


def _disc(attributes: Attributes) -> Polygons:
    """A disc of quads; Maya's modes of division are not told apart."""
    radius = attributes.number("radius", 1.0)
    sides = _divisions(attributes, "sides", 3, 3)
    rows = 2 ** max(0, min(6, int(attributes.number("subdivisions", 3)) - 1))
    kites = [_kite(radius, sides, side, rows) for side in range(sides)]
    places = np.concatenate(kites)
    flat, corners = np.unique(places.round(9), axis=0, return_inverse=True)
    points = np.column_stack((flat[:, 0], np.zeros(len(flat)), flat[:, 1]))
    uvs = flat[corners.ravel()] / max(2 * abs(radius), 1e-12) * (1, -1) + 0.5
    return Polygons(
        points,
        np.full(len(places) // 4, 4),
        corners.ravel(),
        uvs,
        np.zeros(len(places), np.bool_),
    )


def _kite(radius: float, sides: int, side: int, rows: int) -> Floats:
    """(corners, 2), x and z of the quads between the centre and one side's middle.

    A kite from the centre over the middles of two neighbouring sides; its two outer
    edges are bent onto the circle.
    """
    wedge = 2 * pi / sides
    row, column = (grid.ravel() for grid in np.mgrid[0:rows, 0:rows])
    steps = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    u = (column[:, None] + steps[:, 0]).ravel() / rows
    v = (row[:, None] + steps[:, 1]).ravel() / rows
    reach = np.maximum(u, v)
    lean = np.where(reach > 0, (v - u) / np.where(reach > 0, reach, 1), 0)
    angles = wedge * (side + 0.5 * (1 + lean))
    around = np.column_stack((np.cos(angles), -np.sin(angles)))
    places: Floats = around * (radius * reach[:, None])
    return places


_MAKERS: Mapping[str, Callable[[Attributes], Polygons]] = {
    "polyCube": _cube,
    "polySphere": _sphere,
    "polyPlane": _plane,
    "polyCylinder": _cylinder,
    "polyCone": _cone,
    "polyTorus": _torus,
    "polyPipe": _pipe,
    "polyPrism": _prism,
    "polyPyramid": _pyramid,
    "polyDisc": _disc,
}
