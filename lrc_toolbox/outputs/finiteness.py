"""Pixels that are not numbers: NaN and infinity in the colours of a picture.

Renderers leave them behind now and then; worth a note, no reason to render again. Runs
in the prover's process.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lrc_toolbox.outputs.decoding import Strip

# Depth and other data may be infinite on purpose, where nothing was hit.
_COLOURS = frozenset("rgbay")
_HALF_EXPONENT = np.uint16(0x7C00)  # all ones: infinity or NaN, as IEEE 754 says


def count_not_finite(strip: Strip) -> int:
    """Count the pixels of a strip with a colour or alpha that is NaN or infinite.

    Args:
        strip: lines of a flat part; deep and integer ones count as 0.
    """
    if strip.part.deep or not np.issubdtype(strip.pixels.dtype, np.floating):
        return 0
    if _all_finite(strip.pixels):
        return 0
    finite = np.isfinite(strip.pixels)
    names = strip.part.channels
    places = [i for i, name in enumerate(names) if _last_word(name) in _COLOURS]
    return int((~finite[..., places].all(axis=-1)).sum())


def _all_finite(values: Any) -> bool:
    if values.dtype != np.float16:
        return bool(np.isfinite(values).all())
    # NumPy tests half floats one by one; as integers they take a fifth of the time.
    exponents = values.view(np.uint16) & _HALF_EXPONENT
    return bool(exponents.max(initial=0) < _HALF_EXPONENT)


def _last_word(channel: str) -> str:
    return channel.rpartition(".")[2].lower()
