"""Polygons cut into triangles: fans where faces are convex, ears where they are not.

Runs in the worker's main thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lrc_toolbox.engines.preview.normals import corner_normals
from lrc_toolbox.engines.preview.polygons import Flags, Floats, Ints, Polygons

# Cutting ears costs the cube of the corners; a face with more is cut as a fan.
_MOST_CORNERS = 500


@dataclass(frozen=True, slots=True, eq=False)
class Triangles:
    """A mesh as a renderer takes it; every corner is a vertex of its own.

    Two are equal only if they are the same: what is kept from frame to frame is known
    by that.

    Attributes:
        positions: (vertices, 3).
        normals: (vertices, 3), of length 1.
        uvs: (vertices, 2); zeros where the mesh has none.
        indices: (triangles, 3), counter-clockwise seen from outside.
        faces: (triangles,), the polygon that each triangle was cut from.
        box: (8, 3), the corners of the box around it; zeros where there is nothing.
    """

    positions: Floats
    normals: Floats
    uvs: Floats
    indices: Ints
    faces: Ints
    box: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", _box(self.positions))

    def of_faces(self, chosen: Flags) -> Triangles:
        """Keep the triangles of some polygons.

        Args:
            chosen: (polygons,), True for those to keep.
        """
        kept = chosen[self.faces]
        used, indices = np.unique(self.indices[kept], return_inverse=True)
        return Triangles(
            self.positions[used],
            self.normals[used],
            self.uvs[used],
            indices.reshape(-1, 3),
            self.faces[kept],
        )


def _box(points: Floats) -> Floats:
    if not len(points):
        return np.zeros((8, 3))
    choice = np.array(np.meshgrid((0, 1), (0, 1), (0, 1))).reshape(3, -1).T
    corners: Floats = np.where(choice == 1, points.max(axis=0), points.min(axis=0))
    return corners


def triangulate(polygons: Polygons) -> Triangles:
    """Cut every face into triangles and give its corners shading normals."""
    planes = polygons.area_vectors()
    plain = _is_fan(polygons, planes)
    pieces = [_fans(polygons, plain)]
    pieces += [
        _ears(polygons, int(face), planes[face]) for face in np.flatnonzero(~plain)
    ]
    indices = np.concatenate(pieces)
    faces = polygons.faces[indices[:, 0]]
    order = np.argsort(faces, kind="stable")
    uvs = np.zeros((len(polygons.corners), 2)) if polygons.uvs is None else polygons.uvs
    return Triangles(
        polygons.points[polygons.corners],
        corner_normals(polygons),
        uvs,
        indices[order],
        faces[order],
    )


def _is_fan(polygons: Polygons, planes: Floats) -> Flags:
    """(faces,), True where triangles around the first corner do: convex ones."""
    here = polygons.points[polygons.corners]
    into = here - here[polygons.preceding]
    out = here[polygons.following] - here
    faces = polygons.faces
    turns = np.einsum("ij,ij->i", np.cross(into, out), planes[faces])
    slack = -1e-9 * np.einsum("ij,ij->i", planes, planes)
    bent = np.zeros(len(polygons.sizes), np.bool_)
    np.logical_or.at(bent, faces, turns < slack[faces])
    plain: Flags = ~bent | (polygons.sizes <= 3) | (polygons.sizes > _MOST_CORNERS)
    return plain


def _fans(polygons: Polygons, plain: Flags) -> Ints:
    """(triangles, 3), corners of the triangles of all faces that are cut as fans."""
    # Real files hold faces of two corners; they give no triangle.
    sizes = np.maximum(polygons.sizes[plain] - 2, 0)
    starts = polygons.starts[plain]
    first = np.repeat(starts, sizes)
    step = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.stack((first, first + step + 1, first + step + 2), axis=1)


def _ears(polygons: Polygons, face: int, plane: Floats) -> Ints:
    """(triangles, 3), corners of the triangles of one concave face."""
    start, size = int(polygons.starts[face]), int(polygons.sizes[face])
    corners = np.arange(start, start + size)
    flat = _flattened(polygons.points[polygons.corners[corners]], plane)
    outline = list(range(size))
    cut: list[tuple[int, int, int]] = []
    while len(outline) > 3:
        ears = (at for at in range(len(outline)) if _is_ear(flat, outline, at))
        # An outline that crosses itself may have no ear; any corner then does.
        ear = next(ears, 0)
        cut.append(_around(outline, ear))
        del outline[ear]
    cut.append((outline[0], outline[1], outline[2]))
    pieces: Ints = corners[np.array(cut)]
    return pieces


def _flattened(outline: Floats, plane: Floats) -> Floats:
    """(corners, 2), a face's outline seen along its main axis, counter-clockwise."""
    main = int(np.argmax(np.abs(plane)))
    flat = outline[:, [(1, 2), (2, 0), (0, 1)][main]]
    return flat * (-1.0, 1.0) if plane[main] < 0 else flat


def _around(outline: list[int], at: int) -> tuple[int, int, int]:
    return outline[at - 1], outline[at], outline[(at + 1) % len(outline)]


def _is_ear(flat: Floats, outline: list[int], at: int) -> bool:
    """Say whether the corner sticks out and no other corner lies in its triangle."""
    ends = _around(outline, at)
    a, b, c = flat[list(ends)]
    if _left(a, b, c) <= 0:
        return False
    others = flat[[corner for corner in outline if corner not in ends]]
    inside = (_left(a, b, others) >= 0) & (_left(b, c, others) >= 0)
    inside &= _left(c, a, others) >= 0
    # The bridge to a hole visits its ends twice: twins of a corner do not count.
    for end in (a, b, c):
        inside &= (others != end).any(axis=1)
    return not bool(inside.any())


def _left(a: Floats, b: Floats, points: Floats) -> Floats:
    """Positive for points to the left of the line from a to b."""
    along, up = (b - a)[..., 0], (b - a)[..., 1]
    side: Floats = along * (points[..., 1] - a[1]) - up * (points[..., 0] - a[0])
    return side
