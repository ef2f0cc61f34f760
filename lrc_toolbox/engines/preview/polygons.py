"""Polygons as NumPy arrays, before a renderer needs triangles.

Owns the one form in which primitives and stored meshes are handed on. A *corner* is a
vertex of one face: a cube has 8 points and 24 corners. Nothing here knows Maya or
Mitsuba.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Polygons:
    """Faces of any size over shared points.

    Attributes:
        points: (points, 3), in the units of the scene.
        sizes: (faces,), corners of each face, 3 or more; faces lie one after another.
        corners: (corners,), the point of each corner, counter-clockwise seen from
            outside.
        uvs: (corners, 2) in Maya's sense, (0, 0) at the lower left of a picture; None
            where there are none.
        hard: (corners,), True where the edge from this corner to the next one of its
            face separates the shading of its two faces.
        normals: (corners, 3) as the scene prescribes them, NaN where it does not; None
            where it prescribes none.
    """

    points: Floats
    sizes: Ints
    corners: Ints
    uvs: Floats | None
    hard: Flags
    normals: Floats | None = None

    @property
    def starts(self) -> Ints:
        """(faces,), the first corner of each face."""
        starts: Ints = np.cumsum(self.sizes) - self.sizes
        return starts

    @property
    def faces(self) -> Ints:
        """(corners,), the face of each corner."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def following(self) -> Ints:
        """(corners,), the next corner around the same face."""
        after = np.arange(1, len(self.corners) + 1)
        after[self.starts + self.sizes - 1] = self.starts
        return after

    @property
    def preceding(self) -> Ints:
        """(corners,), the corner before around the same face."""
        before = np.arange(-1, len(self.corners) - 1)
        before[self.starts] = self.starts + self.sizes - 1
        return before

    def area_vectors(self) -> Floats:
        """(faces, 3), normals as long as twice the face's area, by Newell's method.

        Right for concave faces and the best plane for bent ones.
        """
        here = self.points[self.corners]
        there = here[self.following]
        vectors: Floats = np.add.reduceat(np.cross(here, there), self.starts, axis=0)
        return vectors

    def turned(self) -> Polygons:
        """Give the same faces with their other side out."""
        order = (2 * self.starts + self.sizes - 1)[self.faces]
        order = order - np.arange(len(self.corners))
        return Polygons(
            self.points,
            self.sizes,
            self.corners[order],
            None if self.uvs is None else self.uvs[order],
            # An edge now begins at the corner where it used to end.
            self.hard[self.preceding[order]],
            None if self.normals is None else -self.normals[order],
        )
