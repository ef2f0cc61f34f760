"""The light from all around: one colour, one picture, or both.

Maya scenes may have several ambient lights and domes, Mitsuba has one environment: they
are added up here. What the camera sees of it is put behind the finished picture, so
that the picture's alpha still says where the objects are. Runs in the worker's main
thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import mitsuba as mi
import numpy as np

from lrc_toolbox.engines.preview.polygons import Floats
from lrc_toolbox.engines.preview.reading import Plugin, rgb

# Noise in the sky's share of light grows with sharp detail; a preview needs little.
_LIGHT_WIDTH = 512


@dataclass(slots=True)
class Sky:
    """What comes from all around.

    Attributes:
        color: (3,), what every direction sends as light.
        shown: (3,), what of that colour the camera sees.
        picture: what each direction sends beside it, (height, width, 3), latitude and
            longitude, the top row upwards; None where nothing more.
        turn: (3, 3), from the picture's directions to the world's, column vectors.
        picture_shown: the camera sees the picture.
        weight: how often it is asked for light, beside the other lights.
    """

    color: Floats = field(default_factory=lambda: np.zeros(3))
    shown: Floats = field(default_factory=lambda: np.zeros(3))
    picture: Floats | None = None
    turn: Floats = field(default_factory=lambda: np.eye(3))
    picture_shown: bool = False
    weight: float = 1.0

    @property
    def share(self) -> float:
        """How much light must be looked for; one colour is met whichever way one looks.

        Giving that little more than no samples takes a tenth to a quarter off the noise
        of scenes with a dome and lamps.
        """
        return 0.0 if self.picture is None else float(self.picture.mean()) * np.pi

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for skies that send the same light."""
        turn = self.turn.ravel().tolist()
        return (*self.color.tolist(), id(self.picture), *turn, self.weight)

    def emitter(self) -> Plugin | None:
        """Give Mitsuba's environment, None where all is dark."""
        if self.picture is None:
            if not self.color.any():
                return None
            red, green, blue = (float(part) for part in self.color)
            return {
                "type": "constant",
                "radiance": rgb((red, green, blue)),
                "sampling_weight": self.weight,
            }
        light = _reduced(self.picture) + self.color
        turn = np.eye(4)
        turn[:3, :3] = self.turn
        return {
            "type": "envmap",
            "bitmap": mi.Bitmap(light.astype(np.float32)),
            "sampling_weight": self.weight,
            "to_world": mi.ScalarTransform4f(turn.tolist()),
        }

    def behind(self, directions: Floats) -> Floats:
        """Give what the camera sees where nothing is in the way.

        Args:
            directions: (..., 3), from the camera, of length 1.

        Returns:
            (..., 3), linear colour.
        """
        seen = np.broadcast_to(self.shown, directions.shape)
        if self.picture is None or not self.picture_shown:
            return seen
        x, y, z = np.moveaxis(directions @ self.turn, -1, 0)
        # Latitude and longitude as OpenEXR's documentation has them, and Mitsuba: +Z is
        # in the middle of the picture, +X a quarter from its left.
        across = np.arctan2(x, -z) / (2 * np.pi) % 1.0
        down = np.arccos(np.clip(y, -1, 1)) / np.pi
        height, width = self.picture.shape[:2]
        column = np.minimum((across * width).astype(np.int64), width - 1)
        row = np.minimum((down * height).astype(np.int64), height - 1)
        both: Floats = seen + self.picture[row, column]
        return both


def _reduced(picture: Floats) -> Floats:
    """Average blocks of pixels until the picture is small enough."""
    block = -(-picture.shape[1] // _LIGHT_WIDTH)
    height, width = (side // block * block for side in picture.shape[:2])
    if block == 1 or not height:
        return picture
    blocks = picture[:height, :width].reshape(
        height // block, block, width // block, block, 3
    )
    mean: Any = blocks.mean(axis=(1, 3))
    return np.asarray(mean, np.float64)
