"""A thumbnail that grows from the strips of a picture while it is being proved.

Nothing is read here. What a display without a view transform shows: exposure as it is,
clamped, encoded as sRGB, alpha over dark grey. Runs in the prover's process.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO

from lrc_toolbox.jobs.pictures import temporary_path
from lrc_toolbox.outputs.decoding import Part, Strip

LONG_SIDE = 256  # pixels

# A thumbnail's pixel is the mean of up to 2 x 2 of the picture's: enough to take the
# jaggies away, and the cost does not grow with the picture.
_SAMPLES = 2
_BACKGROUND = 0.022  # linear; 41 of 255 on the display
_QUALITY = 85  # of 100
# Near enough to sRGB's own curve to tell black and dark from light.
_DISPLAY_GAMMA = 2.2


def _srgb(linear: Any) -> Any:
    """Encode linear values as IEC 61966-2-1 says."""
    low = linear * 12.92
    high = 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, low, high)


# 4096 steps are less than one of the display's 256 apart, also in the darks.
_STEPS = 4096
_ENCODED = np.round(255 * _srgb(np.arange(_STEPS) / (_STEPS - 1))).astype(np.uint8)
_PLAIN = np.round(255 * np.arange(_STEPS) / (_STEPS - 1)).astype(np.uint8)


class ThumbnailError(OSError):
    """A thumbnail that could not be written; the picture itself may be fine."""


class Thumbnail:
    """The small picture of one part, at most `LONG_SIDE` pixels on its long side.

    The whole frame is shown: what a cropped render left out is background.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self._colours, self._alpha = colour_channels(part.channels)
        x, y, width, height = part.display
        scale = min(1.0, LONG_SIDE / max(width, height))
        self._columns = _sample(x, width, max(1, round(width * scale)))
        self._rows = _sample(y, height, max(1, round(height * scale)))
        background = _BACKGROUND if part.linear else float(_srgb(_BACKGROUND))
        self._background = 0.0 if self._alpha is None else background
        # One plane a colour: NumPy is slow where the innermost axis has three values.
        size = (3, len(self._rows), len(self._columns))
        self._planes = np.full(size, self._background, np.float32)
        self._total, self._count, self._brightest = 0.0, 0, 0.0

    def add(self, strip: Strip) -> None:
        """Take a strip of the part; strips may come in any order."""
        x, _, width, _ = self.part.data
        end = strip.y + len(strip.pixels)
        lines = slice(*np.searchsorted(self._rows, (strip.y, end)))
        pixels = slice(*np.searchsorted(self._columns, (x, x + width)))
        chosen = strip.pixels.take(self._rows[lines] - strip.y, axis=0)
        chosen = chosen.take(self._columns[pixels] - x, axis=1)
        behind: Any = 0.0
        if self._alpha is not None:
            behind = (1 - _as_float(chosen[..., self._alpha])) * self._background
        for plane, channel in zip(self._planes, self._colours, strict=True):
            # OpenImageIO gives colours already multiplied by alpha, of PNG too.
            colour = _as_float(chosen[..., channel])
            self._measure(colour)
            plane[lines, pixels] = colour + behind

    @property
    def mean(self) -> float:
        """Mean of the colours that were added, scene-linear, each from 0 to 1.

        What a crop left out is no part of it, nor what shows through alpha.
        """
        return self._total / max(1, self._count)

    @property
    def brightest(self) -> float:
        """The highest of them."""
        return self._brightest

    def _measure(self, colour: Any) -> None:
        # fmax and fmin take the number where the other is NaN.
        within = np.fmin(np.fmax(colour, 0), 1)
        if not self.part.linear:
            within = within**_DISPLAY_GAMMA
        self._total += float(within.sum(dtype=np.float64))
        self._count += within.size
        self._brightest = max(self._brightest, float(within.max(initial=0.0)))

    def write(self, path: str) -> None:
        """Write it as JPEG, whole or not at all; its folder is made where missing.

        Raises:
            ThumbnailError: the disk refused.
        """
        picture = self._developed()
        height, width, _ = picture.shape
        spec = OpenImageIO.ImageSpec(width, height, 3, "uint8")
        spec["Compression"] = f"jpeg:{_QUALITY}"
        temporary = temporary_path(path)
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            output: Any = OpenImageIO.ImageOutput.create("jpg")
            if not output.open(temporary, spec) or not output.write_image(picture):
                raise ThumbnailError(output.geterror().strip())
            output.close()
            Path(temporary).replace(path)
        except OSError as error:
            Path(temporary).unlink(missing_ok=True)
            raise ThumbnailError(f"{path} was not written: {error}") from error

    def _developed(self) -> Any:
        """Clamp, average and encode: uint8 of shape (height, width, 3)."""
        # fmax and fmin take the number where the other is NaN.
        clamped = np.fmin(np.fmax(self._planes, 0), 1)
        starts = range(_SAMPLES)
        corners = [clamped[:, i::_SAMPLES, j::_SAMPLES] for i in starts for j in starts]
        mean = sum(corners[1:], corners[0]) / len(corners)
        curve = _ENCODED if self.part.linear else _PLAIN
        encoded = curve.take((mean * (_STEPS - 1) + 0.5).astype(np.uint16))
        return np.ascontiguousarray(encoded.transpose(1, 2, 0))


def colour_channels(channels: Sequence[str]) -> tuple[list[int], int | None]:
    """Find what to show of a part.

    Args:
        channels: the part's channel names.

    Returns:
        Three indices for red, green and blue (all the same for luminance and where
        nothing is named as a colour), and that of alpha or None.
    """
    places = {name.lower(): index for index, name in reversed([*enumerate(channels)])}
    if all(name in places for name in "rgb"):
        return [places[name] for name in "rgb"], places.get("a")
    return [places.get("y", 0)] * 3, places.get("a")


def _sample(start: int, length: int, pixels: int) -> Any:
    """Places of `_SAMPLES` for each of `pixels`, evenly over `length`, ascending."""
    count = pixels * _SAMPLES
    return start + ((np.arange(count) + 0.5) * length / count).astype(np.intp)


def _as_float(values: Any) -> Any:
    """Integers as 0 to 1, floats as they are, in single precision."""
    floats = values.astype(np.float32)
    if np.issubdtype(values.dtype, np.integer):
        floats /= np.iinfo(values.dtype).max
    return floats
