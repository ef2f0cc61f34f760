"""Shapes in their own space: read or made once, kept while nothing about them changes.

Owns the choice between a mesh's stored faces and its generator, and what is kept from
frame to frame. Runs in the worker's main thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from lrc_toolbox.engines.preview.meshes import MeshError, add_offsets, stored_polygons
from lrc_toolbox.engines.preview.polygons import Ints, Polygons
from lrc_toolbox.engines.preview.primitives import primitive
from lrc_toolbox.engines.preview.reading import Notes, Reading
from lrc_toolbox.engines.preview.triangles import Triangles, triangulate
from lrc_toolbox.scenes.nodes import Node
from lrc_toolbox.scenes.pose import Assignment, Pose, ShapeInstance
from lrc_toolbox.scenes.transforms import IDENTITY, Matrix

Value = float | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The triangles of a shape that wear one material.

    Attributes:
        triangles: in the shape's own space; the same object as long as it is the same.
        surface: the surface shader, None where there is none.
    """

    triangles: Triangles
    surface: Node | None


@dataclass(slots=True)
class _Recorder:
    """A generator's attributes, remembered as they are read."""

    reading: Reading
    read: dict[str, Value] = field(default_factory=dict)

    def number(self, attr: str, default: float) -> float:
        self.read[attr] = value = self.reading.number(attr, default)
        return value

    def vector(self, attr: str, default: tuple[float, ...]) -> tuple[float, ...]:
        self.read[attr] = value = self.reading.vector(attr, default)
        return value


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made of a shape, from which values of its generator."""

    read: dict[str, Value]
    triangles: Triangles | None

    def still_holds(self, reading: Reading) -> bool:
        """Say whether the generator has the same values in this pose."""
        return all(
            reading.vector(attr, value) == value
            if isinstance(value, tuple)
            else reading.number(attr, value) == value
            for attr, value in self.read.items()
        )


_Place = tuple[Node, Node, Matrix]
_Choice = tuple[int, tuple[range, ...]]


class Geometry:
    """The triangles of one scene's shapes."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._kept: dict[_Place, _Kept] = {}
        self._parts: dict[tuple[Triangles, tuple[_Choice, ...]], list[Triangles]] = {}

    def parts(self, pose: Pose, shape: ShapeInstance) -> list[Part]:
        """Give a shape's triangles by material; empty where it cannot be shown."""
        triangles = self._triangles(pose, shape)
        if triangles is None or not len(triangles.indices):
            return []
        assignments = shape.assignments
        if all(each.faces is None for each in assignments):
            surface = assignments[-1].surface if assignments else None
            return [Part(triangles, surface)]
        return self._by_faces(triangles, assignments)

    def _by_faces(
        self, triangles: Triangles, assignments: tuple[Assignment, ...]
    ) -> list[Part]:
        choices = tuple(
            (number, each.faces or ()) for number, each in enumerate(assignments)
        )
        wearing = _wearing(int(np.max(triangles.faces)) + 1, assignments)
        numbers = np.unique(wearing[triangles.faces]).tolist()
        key = (triangles, choices)
        if key not in self._parts:
            self._parts[key] = [
                triangles.of_faces(wearing == number) for number in numbers
            ]
        return [
            Part(piece, None if number < 0 else assignments[number].surface)
            for number, piece in zip(numbers, self._parts[key], strict=True)
        ]

    def _triangles(self, pose: Pose, shape: ShapeInstance) -> Triangles | None:
        source = shape.geometry_source
        if source is None:
            self._notes.add(f"{shape.path} has no geometry.")
            return None
        place = (shape.node, source, shape.geometry_matrix)
        kept = self._kept.get(place)
        reading = Reading(pose, source)
        if kept is None or not kept.still_holds(reading):
            recorder = _Recorder(reading)
            triangles = self._made(shape, source, recorder)
            if kept is not None:
                self._forget_parts(kept.triangles)
            kept = self._kept[place] = _Kept(recorder.read, triangles)
        return kept.triangles

    def _forget_parts(self, gone: Triangles | None) -> None:
        self._parts = {
            key: parts for key, parts in self._parts.items() if key[0] is not gone
        }

    def _made(
        self, shape: ShapeInstance, source: Node, recorder: _Recorder
    ) -> Triangles | None:
        try:
            polygons = self._polygons(source, recorder)
            if polygons is None:
                self._notes.add(
                    f"Shapes made by {source.type} are left out ({shape.path})."
                )
                return None
            if shape.geometry_matrix != IDENTITY:
                polygons = _moved(polygons, shape.geometry_matrix)
            if shape.node.number("dsm") > 0:
                self._notes.add("Smooth mesh previews are shown unsmoothed.")
            if source is not shape.node:
                polygons = add_offsets(polygons, shape.node)
        except MeshError as error:
            self._notes.add(f"{error} It is left out.")
            return None
        return triangulate(polygons)

    def _polygons(self, source: Node, recorder: _Recorder) -> Polygons | None:
        if source.type == "mesh":
            return stored_polygons(source)
        return primitive(source.type, recorder)


def _moved(polygons: Polygons, matrix: Matrix) -> Polygons:
    change = np.array(matrix, np.float64).reshape(4, 4)
    points = polygons.points @ change[:3, :3] + change[3, :3]
    # Locked normals do not survive; they would have to be turned as well.
    return replace(polygons, points=points, normals=None)


def _wearing(count: int, assignments: tuple[Assignment, ...]) -> Ints:
    """(faces,), the number of the assignment that each face wears, -1 for none."""
    wearing = np.full(count, -1)
    for number, assignment in enumerate(assignments):
        runs = assignment.faces
        for run in (range(count),) if runs is None else runs:
            wearing[run.start : run.stop : run.step] = number
    return wearing
