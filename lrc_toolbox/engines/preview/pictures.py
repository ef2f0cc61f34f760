"""Picture files as linear arrays: where they are looked for and how they are read.

Runs in the worker's main thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its documentation calls it

from lrc_toolbox.engines.preview.polygons import Floats

# A preview shows no more detail; a folder of 16K textures would fill the memory.
_LARGEST = 2048
# A header can claim any size; past this the file is not a texture.
_MOST_PIXELS = 300_000_000


def find_picture(name: str, scene: Path) -> Path | None:
    """Look for a picture as Maya would, and then in the scene's own project.

    Scenes travel without their drive: after the path itself come the same path under
    the scene's folders, and the bare name in the usual places.

    Args:
        name: as the file node has it, perhaps with another system's drive.
        scene: the scene file.
    """
    return next((path for path in _candidates(name, scene) if path.is_file()), None)


def _candidates(name: str, scene: Path) -> Iterator[Path]:
    # PureWindowsPath takes both kinds of slash apart.
    given = PureWindowsPath(name)
    yield Path(name)
    relative = given.relative_to(given.anchor).as_posix()
    # <project>/scenes/shot/a.ma: the project is some folders up.
    folders = (scene.parent, *scene.parent.parents[:3])
    for folder in folders:
        yield folder / relative
        for place in ("sourceimages", "textures", "images"):
            if place in given.parts:
                tail = given.parts[given.parts.index(place) :]
                yield folder.joinpath(*tail)
            yield folder / place / given.name
        yield folder / given.name


def read_picture(path: Path, *, srgb: bool | None) -> Floats | None:
    """Read a picture as linear RGBA.

    Args:
        path: any format OpenImageIO reads.
        srgb: the file holds sRGB values; None to go by its type: 8 and 16 bit files
            do, floating point files do not.

    Returns:
        (height, width, 4), the top row first, at most 2048 pixels wide and high; None
        where the file is no picture.
    """
    # Maya takes the colours of a PNG as they are; OpenImageIO would darken them by
    # their alpha.
    as_stored = oiio.ImageSpec()
    as_stored.attribute("oiio:UnassociatedAlpha", 1)
    buffer = oiio.ImageBuf(str(path), 0, 0, as_stored)
    spec = buffer.spec()
    if buffer.has_error or not 0 < spec.width * spec.height <= _MOST_PIXELS:
        return None
    largest = max(spec.width, spec.height)
    if largest > _LARGEST:
        scale = _LARGEST / largest
        size = oiio.ROI(
            0, max(1, round(spec.width * scale)), 0, max(1, round(spec.height * scale))
        )
        buffer = oiio.ImageBufAlgo.resize(buffer, roi=size)
    pixels = buffer.get_pixels(oiio.FLOAT)
    if buffer.has_error or pixels is None or pixels.size == 0:
        return None
    picture = _with_alpha(np.asarray(pixels, np.float64))
    whole_numbers = spec.format.basetype not in (oiio.HALF, oiio.FLOAT, oiio.DOUBLE)
    if whole_numbers if srgb is None else srgb:
        picture[..., :3] = linear_from_srgb(picture[..., :3])
    return np.nan_to_num(picture, posinf=0.0, neginf=0.0)


def _with_alpha(pixels: Floats) -> Floats:
    """Make grey, grey with alpha and colour into colour with alpha."""
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    channels = pixels.shape[2]
    colour = pixels[..., :3] if channels >= 3 else pixels[..., :1].repeat(3, axis=2)
    has_alpha = channels in (2, 4)
    alpha = pixels[..., -1:] if has_alpha else np.ones((*pixels.shape[:2], 1))
    return np.concatenate((colour, alpha), axis=2)


def linear_from_srgb(values: Floats) -> Floats:
    """Undo the sRGB curve (IEC 61966-2-1)."""
    positive = np.maximum(values, 0.0)
    linear: Floats = np.where(
        positive <= 0.04045, positive / 12.92, ((positive + 0.055) / 1.055) ** 2.4
    )
    return linear


def srgb_from_linear(values: Floats) -> Floats:
    """Apply the sRGB curve (IEC 61966-2-1) to values of 0 to 1."""
    clipped = np.clip(values, 0.0, 1.0)
    curved: Floats = np.where(
        clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055
    )
    return curved
