"""Colour temperature: the linear colour of a body that glows at so many kelvin.

Knows no light and no renderer. Any thread.
"""

from __future__ import annotations

from lrc_toolbox.engines.preview.reading import Color

# Where the approximation holds.
_COLDEST, _HOTTEST = 1667.0, 25_000.0


def color_of(kelvin: float) -> Color:
    """Give the colour of a temperature in linear Rec. 709, as bright as white.

    Args:
        kelvin: 6500 is about white; kept within 1667 to 25000.

    The chromaticity follows Kim et al., US patent 7024034 (2006), which stays within
    a few thousandths of Planck's law.
    """
    x, y = _chromaticity(min(max(kelvin, _COLDEST), _HOTTEST))
    wide, deep = x / y, (1 - x - y) / y
    return (
        max(3.2404542 * wide - 1.5371385 - 0.4985314 * deep, 0.0),
        max(-0.9692660 * wide + 1.8760108 + 0.0415560 * deep, 0.0),
        max(0.0556434 * wide - 0.2040259 + 1.0572252 * deep, 0.0),
    )


def _chromaticity(kelvin: float) -> tuple[float, float]:
    t = 1000 / kelvin
    if kelvin <= 4000:
        x = ((-0.2661239 * t - 0.2343589) * t + 0.8776956) * t + 0.179910
    else:
        x = ((-3.0258469 * t + 2.1070379) * t + 0.2226347) * t + 0.240390
    if kelvin <= 2222:
        y = ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683
    elif kelvin <= 4000:
        y = ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867
    else:
        y = ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483
    return x, y
