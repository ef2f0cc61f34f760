"""Round bodies: rings of points stacked along Y, closed by caps.

Spheres, cylinders, cones, pipes and tori are all turned here. Numbering is Maya's:
points ring by ring from the bottom, then the bottom's and the top's centre; faces strip
by strip, then the bottom cap, then the top cap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lrc_toolbox.engines.preview.polygons import Flags, Floats, Ints, Polygons


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring of points around Y.

    Attributes:
        v: texture coordinate of its points on the side.
        hard: the edges along it break the shading.
        flat: the strip up to the next ring belongs to a cap and is textured with it.
    """

    radius: float
    height: float
    v: float
    hard: bool = False
    flat: bool = False


@dataclass(frozen=True, slots=True)
class Cap:
    """What closes an end.

    Attributes:
        centre: height of the point in its middle; None makes one face of many corners.
        disc: (u, v, radius) of the round piece of texture on it; None goes on with
            the side's texture to a point, as at a sphere's pole.
        v: the centre's texture coordinate where there is no disc.
    """

    centre: float | None
    disc: tuple[float, float, float] | None = None
    v: float = 0.0


@dataclass(frozen=True, slots=True)
class Outline:
    """What is turned.

    Attributes:
        sides: points of a ring.
        first: the angle of a ring's first point, in steps of a side from +X towards -Z.
        u: texture coordinates of the seam's two sides.
        sharp: the edges from ring to ring break the shading, as a prism's do.
        looped: the last ring goes on to the first, as a torus does.
    """

    rings: Sequence[Ring]
    sides: int
    bottom: Cap | None = None
    top: Cap | None = None
    first: float = 1.0
    u: tuple[float, float] = (0.0, 1.0)
    sharp: bool = False
    looped: bool = False


@dataclass(slots=True)
class _Pieces:
    """Faces of one size as they come: (faces, corners) and (faces, corners, 2)."""

    corners: list[Ints]
    uvs: list[Floats]
    hard: list[Flags]

    def add(self, corners: Ints, uvs: Floats, hard: Flags) -> None:
        """Add faces; `hard` may be given for one face and holds for all."""
        self.corners.append(corners)
        self.uvs.append(uvs)
        self.hard.append(np.broadcast_to(hard, corners.shape))


def turn(outline: Outline) -> Polygons:
    """Turn an outline around Y."""
    pieces = _Pieces([], [], [])
    strips = len(outline.rings) - (0 if outline.looped else 1)
    for lower in range(strips):
        _strip(outline, lower, pieces)
    centre = len(outline.rings) * outline.sides
    for at_top, cap in ((False, outline.bottom), (True, outline.top)):
        if cap is not None:
            _close(outline, cap, at_top, centre, pieces)
            centre += cap.centre is not None
    sizes = [np.full(len(faces), faces.shape[1]) for faces in pieces.corners]
    return Polygons(
        _points(outline),
        np.concatenate(sizes),
        np.concatenate([faces.ravel() for faces in pieces.corners]),
        np.concatenate([uvs.reshape(-1, 2) for uvs in pieces.uvs]),
        np.concatenate([hard.ravel() for hard in pieces.hard]),
    )


def _points(outline: Outline) -> Floats:
    """(points, 3), the rings' and the caps' centres."""
    around = _circle(outline)
    rings = [
        np.column_stack(
            (
                ring.radius * around[:, 0],
                np.full(outline.sides, ring.height),
                ring.radius * around[:, 1],
            )
        )
        for ring in outline.rings
    ]
    caps = [cap for cap in (outline.bottom, outline.top) if cap is not None]
    centres = [[[0.0, cap.centre, 0.0]] for cap in caps if cap.centre is not None]
    return np.concatenate((*rings, *centres))


def _circle(outline: Outline) -> Floats:
    """(sides, 2), x and z of a ring of radius 1."""
    steps = np.arange(outline.sides) + outline.first
    angles = steps * (2 * np.pi / outline.sides)
    return np.column_stack((np.cos(angles), -np.sin(angles)))


def _seam(outline: Outline) -> Floats:
    """(sides + 1,), u of a ring's points; the first one is met again at the end."""
    return np.linspace(outline.u[0], outline.u[1], outline.sides + 1)


def _strip(outline: Outline, lower: int, pieces: _Pieces) -> None:
    """Add the quads between a ring and the one above it."""
    upper = (lower + 1) % len(outline.rings)
    below, above = outline.rings[lower], outline.rings[upper]
    here = np.arange(outline.sides)
    after = (here + 1) % outline.sides
    corners = np.stack((here, after, after, here), axis=1)
    corners += np.array([lower, lower, upper, upper]) * outline.sides
    hard = np.array([below.hard, outline.sharp, above.hard, outline.sharp])
    pieces.add(corners, _strip_uvs(outline, lower, upper), hard)


def _strip_uvs(outline: Outline, lower: int, upper: int) -> Floats:
    below, above = outline.rings[lower], outline.rings[upper]
    cap = outline.bottom if lower < len(outline.rings) / 2 else outline.top
    if below.flat and cap is not None and cap.disc is not None:
        widest = max(ring.radius for ring in outline.rings)
        at_top = cap is outline.top
        low = _disc(outline, cap.disc, at_top, below.radius / widest)
        high = _disc(outline, cap.disc, at_top, above.radius / widest)
        return np.stack((low, np.roll(low, -1, 0), np.roll(high, -1, 0), high), axis=1)
    u = _seam(outline)
    # The strip that closes a torus goes up past its last ring's v.
    top_v = above.v if upper else 2 * below.v - outline.rings[lower - 1].v
    low = np.column_stack((u, np.full(len(u), below.v)))
    high = np.column_stack((u, np.full(len(u), top_v)))
    return np.stack((low[:-1], low[1:], high[1:], high[:-1]), axis=1)


def _disc(
    outline: Outline, disc: tuple[float, float, float], at_top: bool, scale: float
) -> Floats:
    """(sides, 2), texture coordinates of a ring on a cap."""
    u, v, radius = disc
    flip = -1.0 if at_top else 1.0
    spread = _circle(outline) * (radius * scale)
    return np.column_stack((u + spread[:, 0], v + flip * spread[:, 1]))


def _close(
    outline: Outline, cap: Cap, at_top: bool, centre: int, pieces: _Pieces
) -> None:
    """Add a cap: triangles to its centre, or one face."""
    at = len(outline.rings) - 1 if at_top else 0
    ring = outline.rings[at]
    here = np.arange(outline.sides) + at * outline.sides
    uvs = _rim_uvs(outline, ring, cap, at_top)
    if cap.centre is None:
        # Seen from below the ring runs clockwise.
        way = slice(None) if at_top else slice(None, None, -1)
        pieces.add(here[None, way], uvs[None, :-1][:, way], np.array([ring.hard]))
        return
    after = np.roll(here, -1)
    first, second = (here, after) if at_top else (after, here)
    uv_first, uv_second = (uvs[:-1], uvs[1:]) if at_top else (uvs[1:], uvs[:-1])
    pieces.add(
        np.stack((first, second, np.full_like(first, centre)), axis=1),
        np.stack((uv_first, uv_second, _centre_uvs(outline, cap)), axis=1),
        np.array([ring.hard, outline.sharp, outline.sharp]),
    )


def _rim_uvs(outline: Outline, ring: Ring, cap: Cap, at_top: bool) -> Floats:
    """(sides + 1, 2), texture coordinates around a cap's rim."""
    if cap.disc is None:
        u = _seam(outline)
        return np.column_stack((u, np.full(len(u), ring.v)))
    widest = max(each.radius for each in outline.rings)
    rim = _disc(outline, cap.disc, at_top, ring.radius / widest)
    return np.concatenate((rim, rim[:1]))


def _centre_uvs(outline: Outline, cap: Cap) -> Floats:
    """(sides, 2), texture coordinates of a cap's centre in each triangle."""
    if cap.disc is not None:
        return np.tile(np.array(cap.disc[:2]), (outline.sides, 1))
    u = _seam(outline)
    return np.column_stack(((u[:-1] + u[1:]) / 2, np.full(outline.sides, cap.v)))
