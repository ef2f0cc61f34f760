"""Matrices as Maya builds them from a transform's attributes.

A matrix is 16 floats, row by row, for row vectors: `p * M`, translation in elements 12
to 14. Angles are degrees, distances the scene's numbers. Pure arithmetic. Any thread.

Source: Autodesk, node reference of `transform` and `joint` (Maya 2023):
`M = -sp * s * sh * sp * spt * -rp * ra * r * jo * rp * rpt * -is * t`, with `jo` and
`-is` on joints only.
"""

from __future__ import annotations

import math
from typing import TypeAlias

Matrix: TypeAlias = tuple[
    float, float, float, float, float, float, float, float,
    float, float, float, float, float, float, float, float,
]  # fmt: skip
Vector: TypeAlias = tuple[float, float, float]
#: Nine floats, row by row: the part of a matrix that turns and stretches.
Linear: TypeAlias = tuple[float, float, float, float, float, float, float, float, float]

IDENTITY: Matrix = (
    1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0,
    0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0,
)  # fmt: skip
ZERO: Vector = (0.0, 0.0, 0.0)
ONE: Vector = (1.0, 1.0, 1.0)

#: The axes of `.ro` 0 to 5, first applied first.
ROTATE_ORDERS = ((0, 1, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1), (1, 0, 2), (2, 1, 0))
_STRAIGHT: Linear = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def local_matrix(
    *,
    translate: Vector = ZERO,
    rotate: Vector = ZERO,
    order: int = 0,
    scale: Vector = ONE,
    shear: Vector = ZERO,
    rotate_pivot: Vector = ZERO,
    rotate_pivot_translate: Vector = ZERO,
    scale_pivot: Vector = ZERO,
    scale_pivot_translate: Vector = ZERO,
    rotate_axis: Vector = ZERO,
    joint_orient: Vector = ZERO,
    inverse_scale: Vector = ONE,
) -> Matrix:
    """Build the matrix from a node's space to its parent's.

    Every argument is the attribute of that name. Rotations are degrees about x, y and
    z, `rotate` in Maya's `order` 0 to 5 (anything else counts as 0, xyz), the others
    always xyz. `shear` is xy, xz, yz. `inverse_scale` is the parent joint's scale,
    which is taken out again: ones where segment scale compensation is off.
    """
    stretch = _stretch(scale, shear)
    turn = rotation(rotate, order)
    if rotate_axis != ZERO:
        turn = linear_product(rotation(rotate_axis), turn)
    if joint_orient != ZERO:
        turn = linear_product(turn, rotation(joint_orient))
    whole = linear_product(stretch, turn)
    origin = _minus(_plus(scale_pivot, scale_pivot_translate), rotate_pivot)
    origin = _minus(origin, linear_image(scale_pivot, stretch))
    origin = linear_image(origin, turn)
    origin = _plus(_plus(origin, rotate_pivot), rotate_pivot_translate)
    if inverse_scale != ONE:
        x, y, z = (1.0 / part if part else 1.0 for part in inverse_scale)
        whole = linear_product(whole, _stretch((x, y, z), ZERO))
        origin = (origin[0] * x, origin[1] * y, origin[2] * z)
    return from_linear(whole, _plus(origin, translate))


def rotation(degrees: Vector, order: int = 0) -> Linear:
    """The rotation of Euler angles in one of Maya's six orders."""
    if degrees == ZERO:
        return _STRAIGHT
    axes = ROTATE_ORDERS[order] if 0 <= order < len(ROTATE_ORDERS) else ROTATE_ORDERS[0]
    turn = _STRAIGHT
    for axis in axes:
        if degrees[axis]:
            turn = linear_product(turn, _about(axis, math.radians(degrees[axis])))
    return turn


def _about(axis: int, angle: float) -> Linear:
    c, s = math.cos(angle), math.sin(angle)
    if axis == 0:
        return (1.0, 0.0, 0.0, 0.0, c, s, 0.0, -s, c)
    if axis == 1:
        return (c, 0.0, -s, 0.0, 1.0, 0.0, s, 0.0, c)
    return (c, s, 0.0, -s, c, 0.0, 0.0, 0.0, 1.0)


def euler(turn: Linear, order: int = 0) -> Vector:
    """The Euler angles in degrees that give this rotation in one of Maya's orders."""
    axes = ROTATE_ORDERS[order] if 0 <= order < len(ROTATE_ORDERS) else ROTATE_ORDERS[0]
    i, j, k = axes
    odd = -1.0 if order in (3, 4, 5) else 1.0
    angles = [0.0, 0.0, 0.0]
    sine = max(-1.0, min(1.0, -odd * turn[3 * i + k]))
    angles[j] = math.asin(sine)
    if abs(sine) < 1.0 - 1e-12:
        angles[i] = math.atan2(odd * turn[3 * j + k], turn[3 * k + k])
        angles[k] = math.atan2(odd * turn[3 * i + j], turn[3 * i + i])
    else:
        # Gimbal lock: only the sum of the outer two is known, the last takes none.
        angles[i] = math.atan2(-odd * turn[3 * k + j], turn[3 * j + j])
    return (math.degrees(angles[0]), math.degrees(angles[1]), math.degrees(angles[2]))


def linear_product(a: Linear, b: Linear) -> Linear:
    """First a, then b."""
    a0, a1, a2, a3, a4, a5, a6, a7, a8 = a
    b0, b1, b2, b3, b4, b5, b6, b7, b8 = b
    return (
        a0 * b0 + a1 * b3 + a2 * b6, a0 * b1 + a1 * b4 + a2 * b7,
        a0 * b2 + a1 * b5 + a2 * b8, a3 * b0 + a4 * b3 + a5 * b6,
        a3 * b1 + a4 * b4 + a5 * b7, a3 * b2 + a4 * b5 + a5 * b8,
        a6 * b0 + a7 * b3 + a8 * b6, a6 * b1 + a7 * b4 + a8 * b7,
        a6 * b2 + a7 * b5 + a8 * b8,
    )  # fmt: skip


def linear_image(p: Vector, a: Linear) -> Vector:
    """Where a direction goes."""
    x, y, z = p
    return (
        x * a[0] + y * a[3] + z * a[6],
        x * a[1] + y * a[4] + z * a[7],
        x * a[2] + y * a[5] + z * a[8],
    )


def product(a: Matrix, b: Matrix) -> Matrix:
    """First a, then b; both affine (last column 0 0 0 1)."""
    if a is IDENTITY:
        return b
    if b is IDENTITY:
        return a
    turn = linear_product(linear_part(a), linear_part(b))
    return from_linear(turn, image((a[12], a[13], a[14]), b))


def image(p: Vector, m: Matrix) -> Vector:
    """Where a point goes."""
    x, y, z = p
    return (
        x * m[0] + y * m[4] + z * m[8] + m[12],
        x * m[1] + y * m[5] + z * m[9] + m[13],
        x * m[2] + y * m[6] + z * m[10] + m[14],
    )


def linear_part(m: Matrix) -> Linear:
    """The turning and stretching part."""
    return (m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10])


def from_linear(a: Linear, origin: Vector = ZERO) -> Matrix:
    """Put a turning part and a place together."""
    return (
        a[0], a[1], a[2], 0.0, a[3], a[4], a[5], 0.0,
        a[6], a[7], a[8], 0.0, *origin, 1.0,
    )  # fmt: skip


def inverse(m: Matrix) -> Matrix:
    """Undo an affine matrix; one that flattens space is given back as identity."""
    a, b, c, d, e, f, g, h, i = linear_part(m)
    low = (e * i - f * h, c * h - b * i, b * f - c * e)
    determinant = a * low[0] + d * low[1] + g * low[2]
    if not determinant or not math.isfinite(determinant):
        return IDENTITY
    turn: Linear = (
        low[0] / determinant, low[1] / determinant, low[2] / determinant,
        (f * g - d * i) / determinant, (a * i - c * g) / determinant,
        (c * d - a * f) / determinant, (d * h - e * g) / determinant,
        (b * g - a * h) / determinant, (a * e - b * d) / determinant,
    )  # fmt: skip
    x, y, z = linear_image((m[12], m[13], m[14]), turn)
    return from_linear(turn, (-x, -y, -z))


def _stretch(scale: Vector, shear: Vector) -> Linear:
    """Scale, then shear (rows of the shear matrix: 1 0 0 / xy 1 0 / xz yz 1)."""
    x, y, z = scale
    xy, xz, yz = shear
    return (x, 0.0, 0.0, y * xy, y, 0.0, z * xz, z * yz, z)


def _plus(a: Vector, b: Vector) -> Vector:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def _minus(a: Vector, b: Vector) -> Vector:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])
