"""Finished frames on disk: OpenEXR for compositing, PNG for looking at.

Owns how pixels become files. Each is written under a temporary name beside its place
and renamed, so that a picture that is there is whole. Runs in the worker's main thread.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import OpenImageIO as oiio  # noqa: N813 - as its documentation calls it

from lrc_toolbox.engines.preview.pictures import srgb_from_linear
from lrc_toolbox.engines.preview.render import Picture
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.pictures import temporary_path

# Brighter than this, colours are bent towards white instead of cut off.
_SHOULDER = 0.7


class PictureWriteError(LrcError):
    """A picture could not be written.

    Attributes:
        path: where it should have gone.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"The picture {path} could not be written: {reason}.",
            remedy="See that the folder can be written to and the disk has room.",
        )
        self.path = path


def write_picture(path: str, picture: Picture) -> None:
    """Write a picture in the format of its suffix.

    Args:
        path: absolute; `.exr` gets half floats R, G, B and A, `.png` gets 8 bits of
            sRGB over black. Missing folders are made.
        picture: (height, width, 4), linear, colour multiplied by alpha.

    Raises:
        PictureWriteError: the folder cannot be written to, the disk is full, or the
            suffix is of another format.
    """
    suffix = Path(path).suffix.lower()
    temporary = temporary_path(path)
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if suffix == ".exr":
            _write(temporary, picture.astype(np.float16), ("R", "G", "B", "A"))
        elif suffix == ".png":
            _write(temporary, _shown(picture), ("R", "G", "B"))
        else:
            raise PictureWriteError(path, f"{suffix or 'no suffix'} is no format here")
        Path(temporary).replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise PictureWriteError(path, error.strerror or str(error)) from error


def _write(path: str, pixels: npt.NDArray[np.generic], names: tuple[str, ...]) -> None:
    """Write pixels.

    Raises:
        OSError: they could not be written.
    """
    height, width, channels = pixels.shape
    kind = oiio.HALF if pixels.dtype == np.float16 else oiio.UINT8
    spec = oiio.ImageSpec(width, height, channels, kind)
    spec.channelnames = names
    spec.attribute("compression", "zip")
    spec.attribute("oiio:ColorSpace", "lin_rec709" if kind == oiio.HALF else "sRGB")
    spec.attribute("Software", "LRC Toolbox preview")
    output = oiio.ImageOutput.create(path)
    if output is None or not output.open(path, spec):
        raise OSError(oiio.geterror() if output is None else output.geterror())
    written = output.write_image(np.ascontiguousarray(pixels))
    if not output.close() or not written:
        raise OSError(output.geterror())


def _shown(picture: Picture) -> npt.NDArray[np.uint8]:
    """Tone map for a screen, (height, width, 3)."""
    colour = picture[..., :3].astype(np.float64)
    over = np.maximum(colour - _SHOULDER, 0.0)
    room = 1 - _SHOULDER
    bent = np.minimum(colour, _SHOULDER) + room * over / (over + room)
    shown: npt.NDArray[np.uint8] = np.round(srgb_from_linear(bent) * 255).astype(
        np.uint8
    )
    return shown
