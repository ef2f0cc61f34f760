"""Shading normals: smooth over soft edges, broken at hard ones, as Maya shows a mesh.

Runs in the worker's main thread.
"""

from __future__ import annotations

import numpy as np

from lrc_toolbox.engines.preview.polygons import Floats, Ints, Polygons


def corner_normals(polygons: Polygons) -> Floats:
    """Give each corner its shading normal.

    Faces around a point share a normal where soft edges join them; it is their mean,
    weighted by the angle each face has there. Normals that the scene prescribes win.

    Returns:
        (corners, 3), of length 1; (0, 0, 1) where every face around is degenerate.
    """
    flat = _unit(polygons.area_vectors())[polygons.faces]
    weighted = flat * _angles(polygons)[:, None]
    groups = _smoothing_groups(polygons)
    sums = np.zeros((int(np.max(groups, initial=-1)) + 1, 3))
    np.add.at(sums, groups, weighted)
    normals = _unit(sums)[groups]
    if polygons.normals is not None:
        given = np.isfinite(polygons.normals).all(axis=1)
        normals[given] = _unit(polygons.normals[given])
    return normals


def _smoothing_groups(polygons: Polygons) -> Ints:
    """Number the corners so that corners joined by soft edges have one number."""
    one, other = _joined_corners(polygons)
    groups = np.arange(len(polygons.corners))
    # Each round hands the lowest number one step further around a point, so the
    # number of rounds is at most half the faces around the busiest point.
    while True:
        lowest = np.minimum(groups[one], groups[other])
        before = groups.copy()
        np.minimum.at(groups, one, lowest)
        np.minimum.at(groups, other, lowest)
        groups = groups[groups]
        if np.array_equal(groups, before):
            return groups


def _joined_corners(polygons: Polygons) -> tuple[Ints, Ints]:
    """Pair the corners that lie on the same point at the two sides of a soft edge."""
    after = polygons.following
    begin, end = polygons.corners, polygons.corners[after]
    soft = np.flatnonzero(~polygons.hard)
    count = len(polygons.points)
    forward = begin[soft] * count + end[soft]
    backward = end[soft] * count + begin[soft]
    order = np.argsort(forward, kind="stable")
    place = np.searchsorted(forward[order], backward)
    place = np.minimum(place, max(len(order) - 1, 0))
    met = forward[order][place] == backward if len(order) else np.zeros(0, np.bool_)
    near, far = soft[met], soft[order[place[met]]]
    # The far edge runs the other way: it begins where the near one ends.
    return np.concatenate((near, after[near])), np.concatenate((after[far], far))


def _angles(polygons: Polygons) -> Floats:
    """(corners,), the angle of its face at each corner, radians."""
    here = polygons.points[polygons.corners]
    onward = _unit(here[polygons.following] - here)
    back = _unit(here[polygons.preceding] - here)
    angles: Floats = np.arccos(np.clip(np.einsum("ij,ij->i", onward, back), -1, 1))
    return angles


def _unit(vectors: Floats) -> Floats:
    """Scale vectors to length 1; those without a direction become (0, 0, 1)."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    fine = lengths > 1e-20
    scaled: Floats = np.where(fine, vectors / np.where(fine, lengths, 1), (0.0, 0, 1))
    return scaled
