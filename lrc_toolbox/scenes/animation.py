"""Animation curves: Maya's keys and tangents to a value at a time.

Times are frames of the scene, as `.ktv` stores them; values are degrees for angles and
in the unit of the stored distances. What a curve drives is `evaluation`'s matter. Any
thread.

Sources: Autodesk's node reference of `animCurve` (type numbers, infinities) and their
open library animx (Apache-2.0), which evaluates as Maya does: control points lie a
third of the tangent away; without weights only a tangent's slope counts; automatic
tangents are clamped to three times the slopes beside them. Stored tangents are in
seconds and in Maya's internal units (radians, centimetres).
"""

from __future__ import annotations

import math
from bisect import bisect_right

from lrc_toolbox.scenes.nodes import Node

FIXED, LINEAR, FLAT, STEP, SLOW, FAST, SPLINE, CLAMPED = 1, 2, 3, 5, 6, 7, 9, 10
PLATEAU, STEP_NEXT, AUTO, AUTO_MIX, AUTO_EASE, AUTO_CUSTOM = 16, 17, 18, 20, 21, 22

CONSTANT, GO_ON, CYCLE, CYCLE_RELATIVE, OSCILLATE = 0, 1, 3, 4, 5

#: Two keys this close in value make `clamped` tangents linear (Maya's own threshold).
_CLAMP = 0.05
#: Centimetres, in which Maya reckons, in one of each unit that a scene may be in.
CM_PER_UNIT = {
    "mm": 0.1, "cm": 1.0, "m": 100.0, "km": 100_000.0,
    "in": 2.54, "ft": 30.48, "yd": 91.44, "mi": 160_934.4,
}  # fmt: skip
#: A vertical tangent's slope: finite, so that the arithmetic stays so.
_STEEP = 1e9


class AnimCurve:
    """One curve, ready to be evaluated.

    Attributes:
        times: the keys' frames (driver values for `animCurveU*`), ascending.
        values: the keys' values.
        weighted: tangents have lengths of their own.
    """

    __slots__ = ("_fixed", "_kinds", "_post", "_pre", "times", "values", "weighted")

    def __init__(self, node: Node, fps: float, distance_unit: str = "cm") -> None:
        """Read a curve.

        Args:
            node: an `animCurve` node.
            fps: the scene's frames per second.
            distance_unit: of the curve's values, as in `SceneGraph`.
        """
        keys = sorted(
            (time, value, place)
            for piece in node.pieces("ktv")
            for place, (time, value) in enumerate(
                zip(piece.numbers[::2], piece.numbers[1::2], strict=False), piece.first
            )
            if math.isfinite(time) and math.isfinite(value)
        )
        self.times = [key[0] for key in keys]
        self.values = [key[1] for key in keys]
        self.weighted = node.flag("wgt", True)
        self._pre = node.integer("pre", CONSTANT)
        self._post = node.integer("pst", CONSTANT)
        places = [key[2] for key in keys]
        usual = node.integer("tan", SPLINE)
        self._kinds = [
            _per_key(node, attr, places, float(usual)) for attr in ("kit", "kot")
        ]
        by_time = node.type[len("animCurve") :].startswith("T")
        units = (fps if by_time else 1.0, _value_factor(node.type, fps, distance_unit))
        self._fixed = [
            [
                (x * units[0], y * units[1])
                for x, y in zip(
                    _per_key(node, f"k{side}x", places, 1.0),
                    _per_key(node, f"k{side}y", places, 0.0),
                    strict=True,
                )
            ]
            for side in ("i", "o")
        ]

    def value(self, time: float) -> float:
        """The curve's value at a frame; 0.0 for a curve without keys."""
        times, values = self.times, self.values
        if not times:
            return 0.0
        if time < times[0]:
            return self._before(time)
        if time > times[-1]:
            return self._after(time)
        return self._inside(time) if len(times) > 1 else values[0]

    def _inside(self, time: float) -> float:
        times, values = self.times, self.values
        right = bisect_right(times, time)
        if right >= len(times):
            return values[-1]
        left = right - 1
        if times[left] == time:
            return values[left]
        out_kind, in_kind = self._kinds[1][left], self._kinds[0][right]
        if out_kind == STEP:
            return values[left]
        if out_kind == STEP_NEXT:
            return values[right]
        span, rise = times[right] - times[left], values[right] - values[left]
        part = (time - times[left]) / span
        if out_kind == LINEAR and in_kind == LINEAR:
            return values[left] + rise * part
        start, end = self._tangent(left, 1), self._tangent(right, 0)
        if self.weighted:
            return values[left] + _bezier(part, span, rise, start, end)
        return values[left] + _hermite(part, span, rise, slope(start), slope(end))

    def _tangent(self, key: int, side: int) -> tuple[float, float]:
        """A key's tangent as (frames, value), side 0 in and 1 out."""
        kind = self._kinds[side][key]
        if kind in (FIXED, AUTO_CUSTOM):
            return self._fixed[side][key]
        times, values = self.times, self.values
        before, after = max(key - 1, 0), min(key + 1, len(times) - 1)
        other = before if side == 0 else after
        if other == key:
            other = after if side == 0 else before
        width = abs(times[other] - times[key])
        if before == key or after == key:
            # At an end there is one neighbour: automatic tangents lie flat.
            line = _ratio(values[after] - values[before], times[after] - times[before])
            flat = kind in (FLAT, SLOW, PLATEAU, AUTO, AUTO_MIX, AUTO_EASE)
            return (width, 0.0 if flat else line * width)
        points = [(times[at], values[at]) for at in (before, key, after)]
        return (width, _inner_slope(kind, points, side) * width)

    def _before(self, time: float) -> float:
        first, last = self.times[0], self.times[-1]
        if self._pre == GO_ON:
            return self.values[0] + (time - first) * slope(self._tangent(0, 0))
        if self._pre not in (CYCLE, CYCLE_RELATIVE, OSCILLATE) or last <= first:
            return self.values[0]
        turns = (time - first) / (last - first)
        return self._cycled(time, turns, self._pre)

    def _after(self, time: float) -> float:
        first, last = self.times[0], self.times[-1]
        if self._post == GO_ON:
            end = len(self.times) - 1
            return self.values[end] + (time - last) * slope(self._tangent(end, 1))
        if self._post not in (CYCLE, CYCLE_RELATIVE, OSCILLATE) or last <= first:
            return self.values[-1]
        turns = (time - first) / (last - first)
        return self._cycled(time, turns, self._post)

    def _cycled(self, time: float, lengths: float, kind: int) -> float:
        """The value where the curve repeats, so many of its lengths after its start."""
        first, last = self.times[0], self.times[-1]
        if not math.isfinite(lengths):
            return self.values[0]
        turns = math.floor(lengths)
        local = min(max(time - turns * (last - first), first), last)
        if kind == OSCILLATE and turns % 2:
            local = first + last - local
        value = self._inside(local)
        if kind == CYCLE_RELATIVE:
            value += turns * (self.values[-1] - self.values[0])
        return value


def _per_key(node: Node, attr: str, places: list[int], usual: float) -> list[float]:
    """One number a key, where only some keys may be stored."""
    stored = {
        place: number
        for piece in node.pieces(attr)
        for place, number in enumerate(piece.numbers, piece.first)
    }
    return [stored.get(place, usual) for place in places]


def _value_factor(node_type: str, fps: float, distance_unit: str) -> float:
    """From Maya's internal unit of a curve's tangents to that of its values."""
    kind = node_type[-1:]
    if kind == "A":
        return math.degrees(1.0)
    if kind == "L":
        return 1.0 / CM_PER_UNIT.get(distance_unit, 1.0)
    return fps if kind == "T" else 1.0


def slope(tangent: tuple[float, float]) -> float:
    """Value per frame of a tangent."""
    return _ratio(tangent[1], tangent[0])


def _ratio(rise: float, run: float) -> float:
    if run:
        return rise / run
    return math.copysign(_STEEP, rise) if rise else 0.0


def _inner_slope(kind: float, points: list[tuple[float, float]], side: int) -> float:
    """The slope of a computed tangent at a key between two others."""
    (px, py), (x, y), (nx, ny) = points
    back, ahead = _ratio(y - py, x - px), _ratio(ny - y, nx - x)
    spline = _ratio(ny - py, nx - px)
    if kind in (FLAT, SLOW):
        return 0.0
    if kind in (LINEAR, FAST):
        return back if side == 0 else ahead
    if kind == CLAMPED:
        near = abs(y - py) if side == 0 else abs(ny - y)
        return (back if side == 0 else ahead) if near <= _CLAMP else spline
    if kind in (PLATEAU, AUTO, AUTO_MIX, AUTO_EASE):
        return _clamped(_auto_slope(kind, points), back, ahead)
    return spline


def _auto_slope(kind: float, points: list[tuple[float, float]]) -> float:
    """What an automatic tangent aims at before it is clamped."""
    (px, py), (x, y), (nx, ny) = points
    if kind in (AUTO, PLATEAU):
        return _ratio(ny - py, nx - px)
    share = _ratio(x - px, nx - px)
    if kind == AUTO_EASE:
        # A cubic that gives the nearer neighbour more weight; -0.5 is Maya's choice.
        off = share - 0.5
        share = 0.5 + off * (1.5 - 2.0 * off * off)
    return (1.0 - share) * _ratio(y - py, x - px) + share * _ratio(ny - y, nx - x)


def _clamped(aim: float, back: float, ahead: float) -> float:
    """Keep an automatic tangent from overshooting: flat at a peak, never too steep."""
    signs = {math.copysign(1.0, number) for number in (aim, back, ahead)}
    if len(signs) > 1:
        return 0.0
    low, high = sorted((3.0 * back, 3.0 * ahead))
    return min(aim, low) if ahead >= 0.0 else max(aim, high)


def _hermite(part: float, span: float, rise: float, m0: float, m1: float) -> float:
    """The cubic through both keys with these slopes, above the first key's value."""
    a = span * (m0 + m1) - 2.0 * rise
    b = 3.0 * rise - span * (2.0 * m0 + m1)
    return part * (part * (part * a + b) + span * m0)


def _bezier(
    part: float,
    span: float,
    rise: float,
    start: tuple[float, float],
    end: tuple[float, float],
) -> float:
    """The weighted segment: solve x(u) = part, give y(u) above the first key."""
    x1, y1 = _handle(start, span)
    x2, y2 = _handle(end, span)
    x2, y2 = 1.0 - x2, rise - y2
    low, high, u = 0.0, 1.0, part
    for _ in range(60):
        x = u * (3.0 * (1.0 - u) * ((1.0 - u) * x1 + u * x2) + u * u)
        if abs(x - part) < 1e-12:
            break
        low, high = (u, high) if x < part else (low, u)
        u = 0.5 * (low + high)
    v = 1.0 - u
    return 3.0 * v * u * (v * y1 + u * y2) + u * u * u * rise


def _handle(tangent: tuple[float, float], span: float) -> tuple[float, float]:
    """A control point from its key: (share of the span, value).

    Maya shortens a handle that reaches past the other key, which keeps time going
    forward.
    """
    x, y = tangent[0] / (3.0 * span), tangent[1] / 3.0
    if x > 1.0:
        return 1.0, y / x
    return max(x, 0.0), y
