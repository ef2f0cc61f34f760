"""Matrices as Maya builds them from a transform's attributes.

A matrix is 16 floats, row by row, for row vectors: `p * M`, translation in elements 12
to 14. Angles in here are degrees. Pure arithmetic. Any thread.

Source: Autodesk, MFnTransform and the transform node's documentation:
`M = -sp * s * sh * sp * spt * -rp * ra * r * jo * rp * rpt * -is * t`.
"""

from __future__ import annotations

from typing import TypeAlias

Matrix: TypeAlias = tuple[
    float, float, float, float, float, float, float, float,
    float, float, float, float, float, float, float, float,
]  # fmt: skip

IDENTITY: Matrix = (
    1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0,
    0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0,
)  # fmt: skip
