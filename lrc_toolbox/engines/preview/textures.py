"""Textures: from Maya's texture nodes to what Mitsuba samples.

Owns which nodes are understood and how Maya places them. A picture that is not there is
painted in its node's default colour, as Maya does. Runs in the worker's main thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path
from typing import Any

import mitsuba as mi
import numpy as np

from lrc_toolbox.engines.preview.pictures import find_picture, read_picture
from lrc_toolbox.engines.preview.polygons import Floats
from lrc_toolbox.engines.preview.ramps import ramp_key, ramp_picture
from lrc_toolbox.engines.preview.reading import Color, Notes, Reading, rgb
from lrc_toolbox.scenes.graph import Plug
from lrc_toolbox.scenes.pose import Pose

_WHITE: Color = (1.0, 1.0, 1.0)
_GREY: Color = (0.5, 0.5, 0.5)

_FILE_NAMES = {
    "file": "ftn",
    "aiImage": "filename",
    "PxrTexture": "filename",
    "RedshiftTextureSampler": "tex0",
}
#: Nodes that change a colour: what they change is shown unchanged, with a note.
_PASSED = {
    "gammaCorrect": "v",
    "multiplyDivide": "i1",
    "blendColors": "c1",
    "layeredTexture": "cs[0].c",
    "remapHsv": "cl",
    "contrast": "v",
    "projection": "im",
    "aiColorCorrect": "input",
    "aiMultiply": "input1",
    "RedshiftColorCorrection": "input",
}
_MOST_PASSED = 10


@dataclass(frozen=True, slots=True)
class Paint:
    """A colour or a texture.

    Attributes:
        value: what Mitsuba takes as a parameter.
        key: equal for equal paints.
        mean: its colour, or the mean of its texture.
    """

    value: Any
    key: tuple[Any, ...]
    mean: Color


def plain(color: Color) -> Paint:
    """Paint one linear colour."""
    return Paint(rgb(color), ("rgb", *color), color)


@dataclass(frozen=True, slots=True)
class Use:
    """How a texture is used.

    Attributes:
        gain: multiplies it.
        alpha: its alpha is wanted instead of its colour.
        inverse: 1 minus it is wanted, as opacity is to transparency.
    """

    gain: Color = _WHITE
    alpha: bool = False
    inverse: bool = False

    def of(self, picture: Floats) -> Floats:
        """Give what is wanted of a picture, (height, width, 3)."""
        wanted = picture[..., 3:].repeat(3, axis=2) if self.alpha else picture[..., :3]
        wanted = 1 - wanted if self.inverse else wanted
        scaled: Floats = np.maximum(wanted * np.array(self.gain), 0.0)
        return scaled


class Textures:
    """The textures of one scene, each read once."""

    def __init__(self, scene: Path, notes: Notes) -> None:
        self._scene = scene
        self._notes = notes
        self._pictures: dict[tuple[Any, ...], Floats | None] = {}
        self._bitmaps: dict[tuple[Any, ...], tuple[Any, Color]] = {}

    def paint(
        self, pose: Pose, plug: Plug, gain: Color = _WHITE, *, inverse: bool = False
    ) -> Paint | None:
        """Give what a texture's output paints.

        Args:
            pose: where the texture's attributes are read.
            plug: the node and its output; `outAlpha` and `outTransparency` are
                understood as well as colours.
            gain: multiplies it.
            inverse: give 1 minus the value.

        Returns:
            The paint, or None where the node is not understood; it is noted then.
        """
        transparency = plug.attr.startswith("ot")
        alpha = transparency or plug.attr.startswith("oa")
        return self._paint(
            Reading(pose, plug.node), Use(gain, alpha, inverse != transparency)
        )

    def file_picture(self, reading: Reading) -> Floats | None:
        """Give the linear picture of a file node, (height, width, 4), if it is there.

        A missing one is noted.
        """
        if reading.node.type not in _FILE_NAMES:
            return None
        name = reading.text(_FILE_NAMES[reading.node.type])
        space = reading.text("cs").lower()
        key = ("file", name, space)
        if key not in self._pictures:
            self._pictures[key] = self._read(name, space)
        return self._pictures[key]

    def _read(self, name: str, space: str) -> Floats | None:
        path = find_picture(name, self._scene) if name else None
        if path is None:
            self._notes.add(
                f"The texture {name or '(no name)'} is not there; its node's default "
                "colour is shown."
            )
            return None
        # Maya's names for spaces differ by configuration; these words are common.
        srgb = None if not space else "srgb" in space or "rec.709" in space
        picture = read_picture(path, srgb=srgb)
        if picture is None:
            self._notes.add(f"The texture {path} cannot be read.")
        return picture

    def _paint(self, reading: Reading, use: Use, passed: int = 0) -> Paint | None:
        kind = reading.node.type
        if kind in _FILE_NAMES:
            return self._file(reading, use)
        if kind == "checker":
            return _checker(reading, use)
        if kind == "ramp":
            return self._bitmap(
                ("ramp", *ramp_key(reading)), ramp_picture(reading), reading, use
            )
        inner = reading.source(_PASSED[kind]) if kind in _PASSED else None
        if inner is not None and passed < _MOST_PASSED:
            self._notes.add(f"Nodes of type {kind} pass their input on unchanged.")
            return self._paint(reading.of(inner.node), use, passed + 1)
        self._notes.add(f"Textures of type {kind} are not shown.")
        return None

    def _file(self, reading: Reading, use: Use) -> Paint:
        picture = self.file_picture(reading)
        if picture is None:
            # What is not there is opaque.
            color = _WHITE if use.alpha else reading.color("dc", _GREY)
            flat = use.of(np.array([[[*color, 1.0]]]))[0, 0]
            return plain((float(flat[0]), float(flat[1]), float(flat[2])))
        gain = reading.color("cg", _WHITE)
        offset = reading.color("co")
        key = ("file", id(picture), gain, offset)
        if (gain, offset) != (_WHITE, (0.0, 0.0, 0.0)):
            picture = picture.copy()
            picture[..., :3] = picture[..., :3] * np.array(gain) + np.array(offset)
        return self._bitmap(key, picture, reading, use)

    def _bitmap(
        self, key: tuple[Any, ...], picture: Floats, reading: Reading, use: Use
    ) -> Paint:
        placed = _placement(reading)
        bitmap_key = (*key, use)
        if bitmap_key not in self._bitmaps:
            wanted = use.of(picture)
            red, green, blue = (float(part) for part in wanted.mean(axis=(0, 1)))
            bitmap = mi.Bitmap(wanted.astype(np.float32))
            self._bitmaps[bitmap_key] = (bitmap, (red, green, blue))
        bitmap, mean = self._bitmaps[bitmap_key]
        texture = {
            "type": "bitmap",
            "bitmap": bitmap,
            "raw": True,
            "to_uv": mi.ScalarTransform3f(_matrix(*placed).tolist()),
        }
        return Paint(texture, (*bitmap_key, placed), mean)


def _checker(reading: Reading, use: Use) -> Paint:
    one = reading.color("c1", _WHITE)
    two = reading.color("c2")
    placed = _placement(reading)
    pair = use.of(np.array([[[*one, 1.0], [*two, 1.0]]]))[0]
    texture = {
        "type": "checkerboard",
        "color0": rgb((pair[0, 0], pair[0, 1], pair[0, 2])),
        "color1": rgb((pair[1, 0], pair[1, 1], pair[1, 2])),
        "to_uv": mi.ScalarTransform3f(_matrix(*placed).tolist()),
    }
    red, green, blue = (float(part) for part in pair.mean(axis=0))
    return Paint(texture, ("checker", one, two, placed, use), (red, green, blue))


_Placement = tuple[float, float, float, float, float]


def _placement(texture: Reading) -> _Placement:
    """Repeat, offset and turn of a texture's place2dTexture node."""
    plug = texture.source("uv")
    if plug is None or plug.node.type != "place2dTexture":
        return (1.0, 1.0, 0.0, 0.0, 0.0)
    place = texture.of(plug.node)
    repeat_u, repeat_v = place.vector("re", (1.0, 1.0))
    offset_u, offset_v = place.vector("of", (0.0, 0.0))
    return repeat_u, repeat_v, offset_u, offset_v, place.number("r", 0.0)


def _matrix(
    repeat_u: float, repeat_v: float, offset_u: float, offset_v: float, turn: float
) -> Floats:
    """(3, 3), from Maya's texture coordinates to Mitsuba's, whose v runs down."""
    spin = radians(turn)
    # place2dTexture turns around the middle, then repeats, then offsets.
    turned = np.array(((cos(spin), sin(spin)), (-sin(spin), cos(spin))))
    scaled = np.diag((repeat_u, repeat_v)) @ turned
    middle = np.array((0.5, 0.5))
    moved = np.diag((repeat_u, repeat_v)) @ (middle - turned @ middle)
    moved += (offset_u, offset_v)
    down = np.diag((1.0, -1.0))
    matrix = np.eye(3)
    matrix[:2, :2] = down @ scaled
    matrix[:2, 2] = down @ moved + (0.0, 1.0)
    return matrix
