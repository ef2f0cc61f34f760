"""Faces become triangles that cover them exactly, and normals follow soft edges."""

from __future__ import annotations

import numpy as np
import pytest

from lrc_toolbox.engines.preview.polygons import Floats, Polygons
from lrc_toolbox.engines.preview.triangles import triangulate


def polygons(
    points: list[tuple[float, float, float]],
    faces: list[list[int]],
    *,
    hard: bool = True,
) -> Polygons:
    corners = [corner for face in faces for corner in face]
    return Polygons(
        np.array(points, np.float64),
        np.array([len(face) for face in faces]),
        np.array(corners),
        None,
        np.full(len(corners), hard),
    )


def areas(mesh: Polygons) -> Floats:
    """Signed areas of the triangles along +Z."""
    triangles = triangulate(mesh)
    a, b, c = np.moveaxis(triangles.positions[triangles.indices], 1, 0)
    signed: Floats = np.cross(b - a, c - a)[:, 2] / 2
    return signed


# An L, a star, a comb and a spiral: what fans get wrong.
L_SHAPE = [(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)]
STAR = [
    (np.cos(a) * r, np.sin(a) * r)
    for a, r in zip(np.arange(10) * np.pi / 5, [2, 0.6] * 5, strict=True)
]
COMB = [(0, 0), (5, 0), (5, 3), (4, 3), (4, 1), (3, 1), (3, 3), (2, 3), (2, 1), (0, 1)]


@pytest.mark.parametrize("outline", [L_SHAPE, STAR, COMB], ids=["L", "star", "comb"])
@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_concave_faces_are_covered_once_by_triangles_that_all_face_outwards(
    outline: list[tuple[float, float]], turn: int
) -> None:
    rolled = outline[turn:] + outline[:turn]
    signed = areas(polygons([(x, y, 0) for x, y in rolled], [list(range(len(rolled)))]))
    x, y = np.array(rolled).T
    whole = (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2
    assert len(signed) == len(rolled) - 2
    assert (signed > 0).all()
    assert signed.sum() == pytest.approx(whole)


def test_a_face_seen_from_behind_is_cut_with_its_own_side_out() -> None:
    outline = [(x, y, 0.0) for x, y in reversed(L_SHAPE)]
    signed = areas(polygons(outline, [list(range(6))]))
    assert (signed < 0).all()
    assert signed.sum() == pytest.approx(-3)


def test_concave_faces_keep_the_number_of_their_polygon() -> None:
    outline = [(x, y, 0.0) for x, y in L_SHAPE]
    mesh = polygons(outline, [[0, 1, 2], list(range(6)), [0, 2, 3]])
    triangles = triangulate(mesh)
    assert triangles.faces.tolist() == [0, 1, 1, 1, 1, 2]
    kept = triangles.of_faces(np.array([False, True, False]))
    assert len(kept.indices) == 4
    assert np.isin(kept.positions, np.array(outline)).all()


def test_an_outline_that_crosses_itself_still_ends() -> None:
    bow_tie = [(0, 0, 0), (2, 2, 0), (2, 0, 0), (0, 2, 0), (1, 5, 0), (-1, 1, 0)]
    assert len(triangulate(polygons(bow_tie, [list(range(6))])).indices) == 4


def test_faces_without_area_give_no_nonsense() -> None:
    mesh = polygons([(0, 0, 0), (1, 0, 0), (2, 0, 0)], [[0, 1], [0, 1, 2]])
    triangles = triangulate(mesh)
    assert len(triangles.indices) == 1
    assert np.isfinite(triangles.normals).all()


def tent(*, hard: bool) -> Polygons:
    """Two squares that meet at a right angle along X."""
    points = [(0, 0, 1), (1, 0, 1), (1, 1, 0), (0, 1, 0), (1, 0, -1), (0, 0, -1)]
    return polygons(
        [(float(x), float(y), float(z)) for x, y, z in points],
        [[0, 1, 2, 3], [3, 2, 4, 5]],
        hard=hard,
    )


def test_a_soft_edge_shares_one_normal_between_its_faces() -> None:
    normals = triangulate(tent(hard=False)).normals
    ridge = normals[[2, 3, 4, 5]]
    np.testing.assert_allclose(ridge, np.tile((0.0, 1.0, 0.0), (4, 1)), atol=1e-12)
    np.testing.assert_allclose(normals[0], (0, 2**-0.5, 2**-0.5), atol=1e-12)


def test_a_hard_edge_keeps_each_face_its_own_normal() -> None:
    normals = triangulate(tent(hard=True)).normals
    np.testing.assert_allclose(normals[2], (0, 2**-0.5, 2**-0.5), atol=1e-12)
    np.testing.assert_allclose(normals[4], (0, 2**-0.5, -(2**-0.5)), atol=1e-12)


def test_one_hard_edge_ends_a_smooth_surface_only_along_itself() -> None:
    # Three walls in a row, soft between the first two, hard between the last two.
    points = [
        *[(0.0, 0.0, 0.0), (1.0, 0.0, 0.5), (2.0, 0.0, 0.5), (3.0, 0.0, 0.0)],
        *[(0.0, 1.0, 0.0), (1.0, 1.0, 0.5), (2.0, 1.0, 0.5), (3.0, 1.0, 0.0)],
    ]
    mesh = polygons(points, [[0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6]], hard=False)
    mesh.hard[[5, 11]] = True  # 2 -> 6 seen from its two faces
    normals = triangulate(mesh).normals
    np.testing.assert_allclose(normals[1], normals[4])
    assert not np.allclose(normals[5], normals[8])


def test_locked_normals_win_and_unlocked_ones_are_worked_out() -> None:
    locked = np.full((8, 3), np.nan)
    locked[2] = (0, 0, 5)
    mesh = tent(hard=False)
    mesh = Polygons(
        mesh.points, mesh.sizes, mesh.corners, mesh.uvs, mesh.hard, normals=locked
    )
    normals = triangulate(mesh).normals
    np.testing.assert_allclose(normals[2], (0, 0, 1))
    np.testing.assert_allclose(normals[3], (0, 1, 0), atol=1e-12)


def test_turning_a_mesh_around_turns_its_triangles_and_keeps_its_hard_edges() -> None:
    mesh = tent(hard=False)
    mesh.hard[0] = True  # 0 -> 1, in the first face alone
    turned = mesh.turned()
    edges = zip(turned.corners, turned.corners[turned.following], strict=True)
    hard = [edge for edge, is_hard in zip(edges, turned.hard, strict=True) if is_hard]
    assert hard == [(1, 0)]
    before, after = mesh.area_vectors(), turned.area_vectors()
    np.testing.assert_allclose(after, -before)
