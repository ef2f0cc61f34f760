"""Maya's ramp texture, painted into a small picture.

Along V, along U and around the middle; other kinds are painted along V. Stops are
joined by straight lines, or held where the ramp says "none". Nothing here knows
Mitsuba.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lrc_toolbox.engines.preview.polygons import Floats
from lrc_toolbox.engines.preview.reading import Color, Reading

_SIZE = 256
# The `type` attribute of Maya's ramp node.
_ALONG_U = 1
_CIRCULAR = 4
_HELD = 0

Stop = tuple[float, Color]


def ramp_stops(reading: Reading) -> tuple[Stop, ...]:
    """Read the stops of a ramp, ordered by place; Maya's own where none is stored."""
    numbers = sorted(
        {
            int(attr[4 : attr.index("]")])
            for attr in reading.node.attributes()
            if attr.startswith("cel[") and attr[4 : attr.index("]")].isdigit()
        }
    )
    stops = [
        (
            reading.number(f"cel[{number}].ep", 0.0),
            reading.color(f"cel[{number}].ec"),
        )
        for number in numbers
    ]
    return tuple(sorted(stops)) or ((0.0, (0.0, 0.0, 0.0)), (1.0, (1.0, 1.0, 1.0)))


def ramp_key(reading: Reading) -> tuple[Any, ...]:
    """Give what decides how a ramp looks."""
    return (
        int(reading.number("t", 0)),
        int(reading.number("in", 1)),
        ramp_stops(reading),
    )


def ramp_picture(reading: Reading) -> Floats:
    """Paint a ramp.

    Returns:
        (256, 256, 4), the top row first.
    """
    kind, interpolation, stops = ramp_key(reading)
    v, u = np.mgrid[0:_SIZE, 0:_SIZE].astype(np.float64) / (_SIZE - 1)
    along = 1 - v
    if kind == _ALONG_U:
        along = u
    elif kind == _CIRCULAR:
        along = np.hypot(u - 0.5, v - 0.5) * 2
    places = np.array([place for place, _ in stops])
    colors = np.array([color for _, color in stops])
    if interpolation == _HELD:
        stop = np.clip(np.searchsorted(places, along, side="right") - 1, 0, None)
        painted = colors[stop]
    else:
        painted = np.stack(
            [np.interp(along, places, colors[:, part]) for part in range(3)], axis=2
        )
    return np.concatenate((painted, np.ones((_SIZE, _SIZE, 1))), axis=2)
