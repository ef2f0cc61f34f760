"""Meshes as a Maya file stores them: points, edges and faces made of edges.

Reads one mesh node's attributes into polygons. What shape a generator makes stands in
`primitives`, which of the two a shape needs is decided in `geometry`. Runs in the
worker's main thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lrc_toolbox.engines.preview.polygons import Floats, Ints, Polygons
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.scenes.nodes import Node

# Maya writes 1e+20 for a normal that is not locked; the mesh's own is used then.
_NO_NORMAL = 1e19
# An index far past what is stored would take memory without end.
_SPARSEST = 1000


class MeshError(LrcError):
    """A mesh's numbers do not make a mesh.

    Attributes:
        node: the mesh's name.
        problem: what is wrong with it.
    """

    def __init__(self, node: str, problem: str) -> None:
        super().__init__(
            f"The mesh {node} cannot be read: {problem}.",
            remedy="Save the scene again in Maya.",
        )
        self.node = node
        self.problem = problem


def stored_polygons(node: Node) -> Polygons:
    """Read the faces that a mesh node stores, its point offsets included.

    Raises:
        MeshError: an index points nowhere, or a number is no number.
    """
    try:
        faces = _read_faces(node)
        edges = rows(node, "ed", 3).astype(np.int64)
        points = rows(node, "vt", 3)
        return _assemble(node, faces, edges, _offset(points, node))
    except (ValueError, IndexError, OverflowError) as error:
        raise MeshError(node.name, str(error)) from error


def rows(node: Node, attr: str, width: int) -> Floats:
    """(elements, width), an array attribute with every element at its index.

    Raises:
        ValueError: the stored values do not fill the stored ranges.
    """
    pieces = [piece for piece in node.pieces(attr) if len(piece.numbers)]
    count = max((piece.last + 1 for piece in pieces), default=0)
    stored = sum(len(piece.numbers) for piece in pieces)
    if count * width > _SPARSEST * stored + 1000:
        raise ValueError(f".{attr} names element {count - 1} but stores {stored}")
    table = np.zeros((count, width))
    for first, last, numbers in pieces:
        table[first : last + 1] = np.array(numbers).reshape(last + 1 - first, width)
    return table


def add_offsets(polygons: Polygons, node: Node) -> Polygons:
    """Move a generator's points by the offsets (`.pt`) that the shape stores.

    Raises:
        MeshError: the offsets cannot be read.
    """
    try:
        points = _offset(polygons.points, node)
    except ValueError as error:
        raise MeshError(node.name, str(error)) from error
    return Polygons(
        points, polygons.sizes, polygons.corners, polygons.uvs, polygons.hard
    )


def _offset(points: Floats, node: Node) -> Floats:
    offsets = np.nan_to_num(rows(node, "pt", 3))
    # More offsets than points: the shape was made by steps that are not followed.
    count = min(len(points), len(offsets))
    moved: Floats = points.copy()
    moved[:count] += offsets[:count]
    return moved


@dataclass(slots=True)
class _Faces:
    """Faces as the file lists them.

    Attributes:
        sizes: corners of each face, bridges to its holes included.
        edges: the edge that begins at each corner, as the file counts; see `_bridge`.
        uv_ids: the texture coordinate of each corner, -1 where there is none.
        listed: each corner's place in the file's own count, for its normals.
    """

    sizes: list[int] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    uv_ids: list[int] = field(default_factory=list)
    listed: list[int] = field(default_factory=list)


def _read_faces(node: Node) -> _Faces:
    """Read `polyFaces`: `f` outline, `h` hole, `mu` texture coordinates."""
    uv_set = _current_uv_set(node)
    faces, corner = _Faces(), 0
    loops: list[list[int]] = []
    uv_ids: list[int] = []
    for word in node.faces("fc"):
        if word.tag == "f" and loops:
            corner = _add_face(faces, loops, uv_ids, corner)
            loops, uv_ids = [], []
        if word.tag in ("f", "h"):
            loops.append(list(word.numbers))
        elif word.tag == "mu" and word.set == uv_set:
            uv_ids += word.numbers
    if loops:
        _add_face(faces, loops, uv_ids, corner)
    return faces


def _current_uv_set(node: Node) -> int:
    """The index of the texture coordinates that the mesh shows."""
    current = node.text("cuvs")
    names = {int(name): node.text(f"uvst[{name}].uvsn") for name in _uv_sets(node)}
    return next((at for at, name in names.items() if name == current), 0)


def _uv_sets(node: Node) -> list[str]:
    stored = [attr for attr in node.attributes() if attr.startswith("uvst[")]
    return sorted({attr[5 : attr.index("]")] for attr in stored if "]" in attr})


def _add_face(
    faces: _Faces, loops: list[list[int]], uv_ids: list[int], corner: int
) -> int:
    """Add one face, its holes joined to its outline by bridges.

    Returns:
        The number of corners the file has listed so far.
    """
    total = sum(map(len, loops))
    if not loops[0]:
        raise ValueError("a face has no corners")
    uv_ids = uv_ids if len(uv_ids) == total else [-1] * total
    order = list(range(len(loops[0])))
    begin = len(loops[0])
    for hole in loops[1:]:
        # Out over the bridge, around the hole, and back to where it began.
        order += [0, *range(begin, begin + len(hole)), begin]
        begin += len(hole)
    edges = [edge for loop in loops for edge in loop]
    faces.sizes.append(len(order))
    faces.edges += [edges[at] for at in order]
    faces.uv_ids += [uv_ids[at] for at in order]
    faces.listed += [corner + at for at in order]
    return corner + total


def _assemble(node: Node, faces: _Faces, edges: Ints, points: Floats) -> Polygons:
    ids = np.array(faces.edges, np.int64)
    turned = ids < 0
    ids = np.where(turned, -1 - ids, ids)
    _require_below(len(edges), ids, "a face names edge")
    corners = np.where(turned, edges[ids, 1], edges[ids, 0])
    _require_below(len(points), corners, "an edge names point")
    polygons = Polygons(
        points,
        np.array(faces.sizes, np.int64),
        corners,
        _uvs(node, np.array(faces.uv_ids, np.int64)),
        edges[ids, 2] == 0,
        _normals(node, np.array(faces.listed, np.int64)),
    )
    return polygons.turned() if node.flag("op") else polygons


def _require_below(count: int, ids: Ints, what: str) -> None:
    wrong = ids[(ids < 0) | (ids >= count)]
    if len(wrong):
        raise ValueError(f"{what} {wrong[0]} of {count}")


def _uvs(node: Node, ids: Ints) -> Floats | None:
    table = rows(node, f"uvst[{_current_uv_set(node)}].uvsp", 2)
    if not len(table) or (ids < 0).all():
        return None
    _require_below(len(table), np.maximum(ids, 0), "a face names texture point")
    uvs: Floats = np.where(ids[:, None] < 0, 0.0, table[np.maximum(ids, 0)])
    return uvs


def _normals(node: Node, listed: Ints) -> Floats | None:
    """Locked normals, one per listed corner; ignored where the count is another."""
    table = rows(node, "n", 3)
    if not len(table) or len(table) != int(np.max(listed, initial=-1)) + 1:
        return None
    normals = table[listed]
    normals[(np.abs(normals) > _NO_NORMAL).any(axis=1)] = np.nan
    return normals
