"""A picture file, decoded whole, strip by strip: the one place that reads pictures.

Holds OpenImageIO's readers; knows nothing of jobs and judges nothing but whether the
file can be decoded. Memory stays bounded by one strip, whatever the picture's size.
Runs in the prover's process (`outputs.prover`), never in the service's or in Maya's: a
decoder fed with garbage may crash the process it runs in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import OpenImageIO

from lrc_toolbox.jobs.errors import LrcError

# The renders own the CPUs; a proof takes one thread.
OpenImageIO.attribute("threads", 1)
OpenImageIO.attribute("exr_threads", 1)
# Without this OpenImageIO hands a file that its suffix's reader refuses to every other
# reader it has, twenty decoders that were never meant to see it, and takes a PNG that
# is called .exr.
OpenImageIO.attribute("try_all_readers", 0)

# OpenEXR compresses up to 256 lines as one block (DWAB); a strip cut elsewhere would
# have the same block decoded twice.
_BLOCK_LINES = 256
# About what the caches hold.
_STRIP_BYTES = 4 << 20
# The finest step in which the end of a broken file is looked for: one ZIP block.
_SEARCH_LINES = 16


class BrokenPictureError(LrcError):
    """A picture file that is not whole.

    Attributes:
        path: the file.
        problem: what is wrong with it, a clause that follows the file's name.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{Path(path).name} {problem}")
        self.path = path
        self.problem = problem


@dataclass(frozen=True)
class Part:
    """One part (subimage) of a picture file, at full resolution.

    Attributes:
        index: its place in the file, from 0.
        channels: channel names as the file has them.
        display: x, y, width, height of the whole frame (OpenEXR's display window).
        data: x, y, width, height of the pixels that are stored.
        deep: every pixel has a list of samples.
        linear: values are scene-linear; else they are encoded for a display.
    """

    index: int
    channels: tuple[str, ...]
    display: tuple[int, int, int, int]
    data: tuple[int, int, int, int]
    deep: bool
    linear: bool
    spec: Any

    @property
    def tiled(self) -> bool:
        """Whether it is stored in tiles instead of lines."""
        return bool(self.spec.tile_width)


@dataclass(frozen=True)
class Strip:
    """Whole lines of one part, decoded.

    Attributes:
        y: the first line, counted as `Part.data` is.
        pixels: array of shape (lines, data width, channels) in the file's own type, or
            OpenImageIO's `DeepData` where the part is deep.
    """

    part: Part
    y: int
    pixels: Any


class PictureFile:
    """One open picture file; a context manager."""

    def __init__(self, path: str) -> None:
        """Open a file.

        Raises:
            BrokenPictureError: it is not a picture of the kind its suffix says.
        """
        self.path = path
        # Any: the stubs of 3.0 and 3.2 disagree about None and about deep strips.
        self._input: Any = OpenImageIO.ImageInput.open(path)
        if not self._input:
            reason = _first_line(OpenImageIO.geterror())
            raise BrokenPictureError(path, f"cannot be opened as a picture: {reason}")
        self.parts = tuple(self._read_parts())

    def __enter__(self) -> PictureFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._input.close()

    def strips(self) -> Iterator[Strip]:
        """Decode everything: all lines or tiles of all parts, in order.

        Raises:
            BrokenPictureError: something cannot be decoded; says where it ends.
        """
        for part in self.parts:
            _, first, _, height = part.data
            step = _strip_lines(part.spec)
            for y in range(first, first + height, step):
                end = min(y + step, first + height)
                pixels = self._read(part, y, end)
                if pixels is None:
                    raise self._broken(part, y, end)
                yield Strip(part, y, pixels)

    def _read_parts(self) -> Iterator[Part]:
        index = 0
        while self._input.seek_subimage(index, 0):
            yield _part(index, self._input.spec(index, 0))
            index += 1

    def _read(self, part: Part, y: int, end: int) -> Any:
        """Decode lines from `y` to before `end`; None where that fails."""
        x, _, width, _ = part.data
        source, kind = self._input, part.spec.format
        channels = (0, len(part.channels))
        if part.tiled:
            box = (part.index, 0, x, x + width, y, end, 0, 1, *channels)
            if part.deep:
                return source.read_native_deep_tiles(*box)
            return source.read_tiles(*box, kind)
        lines = (part.index, 0, y, end, 0, *channels)
        if part.deep:
            return source.read_native_deep_scanlines(*lines)
        return source.read_scanlines(*lines, kind)

    def _broken(self, part: Part, y: int, end: int) -> BrokenPictureError:
        """Say how far a part is whole whose strip from `y` to `end` is not."""
        reason = _first_line(self._input.geterror())
        if self._input.format_name() != "openexr":
            # Others decode all or nothing, so there is no telling how far.
            return BrokenPictureError(self.path, f"cannot be decoded: {reason}")
        _, first, _, height = part.data
        step = part.spec.tile_height if part.tiled else _SEARCH_LINES
        while y < end and self._read(part, y, min(y + step, end)) is not None:
            y += step
        last = first + (height - 1) // step * step
        rest_is_gone = self._read(part, last, first + height) is None
        self._input.geterror()  # else OpenImageIO prints it when the file is closed
        verb = "ends" if rest_is_gone else "is damaged"
        lines = "tiles" if part.tiled else "lines"
        where = f" in part {part.index + 1}" if len(self.parts) > 1 else ""
        percent = 100 * (y - first) // height
        return BrokenPictureError(
            self.path, f"{verb} after {percent} % of its {lines}{where}"
        )


def _part(index: int, spec: Any) -> Part:
    return Part(
        index=index,
        channels=tuple(spec.channelnames),
        display=(spec.full_x, spec.full_y, spec.full_width, spec.full_height),
        data=(spec.x, spec.y, spec.width, spec.height),
        deep=bool(spec.deep),
        # By type: OpenImageIO 3.0 and 3.2 name the colour spaces differently, and
        # renderers write float files linear, integer files for a display.
        linear=str(spec.format) in ("half", "float", "double"),
        spec=spec,
    )


def _strip_lines(spec: Any) -> int:
    block = _BLOCK_LINES
    if spec.tile_height:  # whole rows of tiles
        block = int(spec.tile_height) * max(1, _BLOCK_LINES // spec.tile_height)
    return block * max(1, _STRIP_BYTES // max(1, int(spec.scanline_bytes()) * block))


def _first_line(error: str) -> str:
    line = error.strip().partition("\n")[0]
    return line[:200] or "the decoder gave no reason"
