"""One picture file held against what was asked of it, in a single read.

Joins what reads (`outputs.decoding`), counts (`outputs.finiteness`) and draws
(`outputs.thumbnails`). What is asked and why is said at `outputs.proof.prove`. Runs in
the prover's process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.outputs.decoding import BrokenPictureError, Part, PictureFile
from lrc_toolbox.outputs.finiteness import count_not_finite
from lrc_toolbox.outputs.thumbnails import Thumbnail

__all__ = ["BrokenPictureError", "Examination", "examine", "missing_channels"]


@dataclass(frozen=True)
class Examination:
    """A file that is whole and as asked.

    Attributes:
        notes: what a person may want to know.
        thumbnail: drawn, not yet written; None where not asked for or all is deep.
    """

    notes: tuple[str, ...]
    thumbnail: Thumbnail | None


def examine(picture: ExpectedPicture, path: str, *, draw: bool) -> Examination:
    """Decode one file fully.

    Args:
        picture: what was asked of it.
        path: the file of one frame.
        draw: whether a thumbnail is wanted.

    Raises:
        BrokenPictureError: it is not whole, or not the size or channels asked for.
    """
    not_finite = 0
    with PictureFile(path) as file:
        _require_asked(picture, file)
        shown = _shown_part(file.parts) if draw else None
        thumbnail = None if shown is None else Thumbnail(shown)
        for strip in file.strips():
            not_finite += count_not_finite(strip)
            if thumbnail is not None and strip.part is shown:
                thumbnail.add(strip)
    return Examination(_notes(path, not_finite), thumbnail)


def _require_asked(picture: ExpectedPicture, file: PictureFile) -> None:
    """Hold a file's size and channels against what was asked for."""
    _, _, width, height = file.parts[0].display
    asked = (picture.width or width, picture.height or height)
    if (width, height) != asked:
        problem = f"is {width} x {height} instead of {asked[0]} x {asked[1]}"
        raise BrokenPictureError(file.path, problem)
    names = [name for part in file.parts for name in part.channels]
    missing = missing_channels(picture.channels, names)
    if missing:
        word = "channel" if len(missing) == 1 else "channels"
        has = ", ".join(names[:20])
        problem = f"lacks the {word} {', '.join(missing)}; it has {has}"
        raise BrokenPictureError(file.path, problem)


def missing_channels(asked: Sequence[str], present: Iterable[str]) -> list[str]:
    """List the asked channels that no present one meets, as `prove` says."""
    there = {name.lower() for name in present}
    colours = [name for name in asked if name.lower() != "a"]
    if len(colours) == 1 and "y" in there:
        there.add(colours[0].lower())
    return [name for name in asked if name.lower() not in there]


def _shown_part(parts: Sequence[Part]) -> Part | None:
    """Choose the part for the thumbnail: colours first, deep ones never."""
    flat = [part for part in parts if not part.deep]
    coloured = [part for part in flat if not missing_channels("RGB", part.channels)]
    return next(iter(coloured or flat), None)


def _notes(path: str, not_finite: int) -> tuple[str, ...]:
    if not not_finite:
        return ()
    pixels = "1 pixel that is" if not_finite == 1 else f"{not_finite} pixels that are"
    return (f"{Path(path).name} has {pixels} NaN or Inf.",)
