"""A divided box on a lattice, numbered as Maya's cube is.

Points row by row over the front, the top, the back and the bottom, then the insides of
the right and the left; faces in the same order of sides. Seen in saved meshes for the
undivided cube; for divided ones it is the same rule carried on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrc_toolbox.engines.preview.polygons import Flags, Floats, Ints, Polygons


@dataclass(frozen=True, slots=True)
class Box:
    """What box.

    Attributes:
        size: along X, Y and Z.
        across: divisions along each.
        raised: how far its middle lies above the origin.
    """

    size: tuple[float, float, float]
    across: tuple[int, int, int]
    raised: float = 0.0


# Each side: the lattice corner where its first face begins, the axes along its rows
# and up its columns (signed, from 1), and its place in the cross of Maya's texture.
_SIDES = (
    ((0, 0, 1), 1, 2, (0.375, 0.0), (0.25, 0.25)),
    ((0, 1, 1), 1, -3, (0.375, 0.25), (0.25, 0.25)),
    ((0, 1, 0), 1, -2, (0.375, 0.5), (0.25, 0.25)),
    ((0, 0, 0), 1, 3, (0.375, 0.75), (0.25, 0.25)),
    ((1, 0, 1), -3, 2, (0.625, 0.0), (0.25, 0.25)),
    ((0, 0, 0), 3, 2, (0.125, 0.0), (0.25, 0.25)),
)


def box(shape: Box) -> Polygons:
    """Make a box."""
    sides = [_side(shape.across, *side) for side in _SIDES]
    places = np.concatenate([places for places, _ in sides])
    numbers = _numbers(shape.across)
    corners = np.array([numbers[x, y, z] for x, y, z in places.tolist()])
    points = np.array(list(numbers), np.float64) / np.array(shape.across) - 0.5
    points *= np.array(shape.size)
    points[:, 1] += shape.raised
    return Polygons(
        points,
        np.full(len(corners) // 4, 4),
        corners,
        np.concatenate([uvs for _, uvs in sides]),
        _hard(places, np.array(shape.across)),
    )


def _side(
    across: tuple[int, int, int],
    origin: tuple[int, int, int],
    right: int,
    up: int,
    uv: tuple[float, float],
    uv_size: tuple[float, float],
) -> tuple[Ints, Floats]:
    """Lattice places (corners, 3) and texture coordinates of one side's faces."""
    columns, rows = across[abs(right) - 1], across[abs(up) - 1]
    row, column = (grid.ravel() for grid in np.mgrid[0:rows, 0:columns])
    steps = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    along = (column[:, None] + steps[:, 0]).ravel()
    upward = (row[:, None] + steps[:, 1]).ravel()
    places = np.tile(np.array(origin) * np.array(across), (len(along), 1))
    places[:, abs(right) - 1] += along * (1 if right > 0 else -1)
    places[:, abs(up) - 1] += upward * (1 if up > 0 else -1)
    share = np.column_stack((along / columns, upward / rows))
    return places, np.array(uv) + share * np.array(uv_size)


def _numbers(across: tuple[int, int, int]) -> dict[tuple[int, int, int], int]:
    """Number the lattice places: rows over front, top, back and bottom, then sides."""
    wide, high, deep = across
    rows = [(y, deep) for y in range(high + 1)]
    rows += [(high, z) for z in range(deep - 1, -1, -1)]
    rows += [(y, 0) for y in range(high - 1, -1, -1)]
    rows += [(0, z) for z in range(1, deep)]
    places = [(x, y, z) for y, z in rows for x in range(wide + 1)]
    for x, depths in ((wide, range(deep - 1, 0, -1)), (0, range(1, deep))):
        places += [(x, y, z) for y in range(1, high) for z in depths]
    return {place: number for number, place in enumerate(places)}


def _hard(places: Ints, across: Ints) -> Flags:
    """(corners,), True for edges of the box itself, which lie on two of its sides."""
    here = places.reshape(-1, 4, 3)
    there = np.roll(here, -1, axis=1)
    both = ((here == 0) & (there == 0)) | ((here == across) & (there == across))
    hard: Flags = (both.sum(axis=2) >= 2).ravel()
    return hard
