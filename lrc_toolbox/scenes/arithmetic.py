"""The small nodes that stand between a curve and what it drives.

One function a node type: what it puts out at one of its attributes. Any thread.

Source: Autodesk's node reference.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

from lrc_toolbox.scenes.nodes import Node, Plug
from lrc_toolbox.scenes.values import Value


class Values(Protocol):
    """What the functions here ask of an evaluation."""

    frame: float

    def value(
        self, node: Node, attr: str, default: Value | None = None
    ) -> Value | None:
        """The attribute's value here."""

    def number(self, node: Node, attr: str, default: float | None = None) -> float:
        """`value` as a float."""

    def source(self, node: Node, attr: str) -> Plug | None:
        """What feeds an attribute here."""


def _time(values: Values, node: Node, attr: str) -> Value | None:
    return values.frame


def _unit_conversion(values: Values, node: Node, attr: str) -> Value | None:
    """Degrees stay degrees: Maya's factor between radians and plain numbers is 1 here.

    Curves and attributes are kept in the scene's units, Maya converts internal ones.
    """
    factor = values.number(node, "cf", 1.0)
    angle = any(
        math.isclose(factor, each, rel_tol=1e-4)
        for each in (math.degrees(1.0), math.radians(1.0))
    )
    return values.number(node, "i") * (1.0 if angle else factor)


def _sum(values: Values, node: Node, attr: str) -> Value | None:
    return values.number(node, "i1") + values.number(node, "i2")


def _product(values: Values, node: Node, attr: str) -> Value | None:
    return values.number(node, "i1") * values.number(node, "i2")


def _multiply_divide(values: Values, node: Node, attr: str) -> Value | None:
    return _by_axis(values, node, attr, _operate)


def _operate(values: Values, node: Node, axis: str) -> float:
    a = values.number(node, f"i1{axis}")
    b = values.number(node, f"i2{axis}", 1.0)
    operation = values.number(node, "op", 1.0)
    if operation == 1:
        return a * b
    if operation == 2:
        return a / b if b else 0.0
    if operation == 3:
        try:
            power = a**b
        except (OverflowError, ZeroDivisionError):
            return 0.0
        return power if isinstance(power, float) else 0.0
    return a


def _reverse(values: Values, node: Node, attr: str) -> Value | None:
    return _by_axis(
        values, node, attr, lambda at, own, axis: 1.0 - at.number(own, f"i{axis}")
    )


def _by_axis(
    values: Values,
    node: Node,
    attr: str,
    one: Callable[[Values, Node, str], float],
) -> Value:
    """One axis for `ox`, all three for `o`."""
    if attr[-1:] in "xyz" and len(attr) > 1:
        return one(values, node, attr[-1])
    return tuple(one(values, node, axis) for axis in "xyz")


def _pair_blend(values: Values, node: Node, attr: str) -> Value | None:
    """Between two sets of translation or rotation; rotations by their angles."""
    if attr in ("ot", "or"):
        return tuple(_blended(values, node, attr[1] + axis) for axis in "xyz")
    if attr[:2] in ("ot", "or"):
        return _blended(values, node, attr[1:])
    return None


def _blended(values: Values, node: Node, name: str) -> float:
    kind, axis = name[0], name[1]
    first = values.number(node, f"i{kind}{axis}1")
    second = values.number(node, f"i{kind}{axis}2")
    # Mode 1 takes the first input alone, 2 the second, 0 blends by weight.
    mode = values.number(node, f"{kind}{axis}m" if kind == "t" else "rm")
    weight = values.number(node, "w", 1.0)
    if mode in (1, 2):
        weight = mode - 1.0
    return first + (second - first) * weight


def _layered(values: Values, node: Node, attr: str) -> Value | None:
    """An animation layer on a plain number: the layers' weighted sum."""
    a = values.number(node, "ia") * values.number(node, "wa", 1.0)
    return a + values.number(node, "ib") * values.number(node, "wb", 1.0)


def _enabled(values: Values, node: Node, attr: str) -> Value | None:
    """The Light Editor's item says whether its light is on."""
    return values.value(node, "sen", True)


COMPUTE: dict[str, Callable[[Values, Node, str], Value | None]] = {
    "time": _time,
    "unitConversion": _unit_conversion,
    "addDoubleLinear": _sum,
    "multDoubleLinear": _product,
    "multiplyDivide": _multiply_divide,
    "reverse": _reverse,
    "pairBlend": _pair_blend,
    "animBlendNodeAdditive": _layered,
    "animBlendNodeAdditiveDL": _layered,
    "animBlendNodeAdditiveDA": _layered,
    "animBlendNodeAdditiveF": _layered,
    "lightItem": _enabled,
    "lightGroup": _enabled,
}
