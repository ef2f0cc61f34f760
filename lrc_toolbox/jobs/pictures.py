"""The picture files a frame must leave behind, and where they lie.

Names only: whether a picture is really there and whole is proved in `outputs`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

_PADDING = re.compile(r"#+")


@dataclass(frozen=True, slots=True)
class ExpectedPicture:
    """One file that every frame of a task must produce.

    Attributes:
        pattern: absolute path in which a run of `#` stands for the frame number,
            padded with zeros to at least that many digits.
        width: pixels of the whole frame, not of a rendered region; 0: any will do.
        height: the same.
        channels: channel names that must be there, e.g. `("R", "G", "B", "A")`;
            more may be there. Empty: any channels will do.
    """

    pattern: str
    width: int
    height: int
    channels: tuple[str, ...] = ("R", "G", "B")

    def path(self, frame: int) -> str:
        """Return the file of one frame; -1 with `####` gives `-0001`, as Maya does."""
        return frame_path(self.pattern, frame)


@dataclass(frozen=True, slots=True)
class PictureLook:
    """A proved frame in numbers, to compare it with its neighbours.

    Attributes:
        size_bytes: of all its files.
        mean, brightest: of the colours of its first picture, scene-linear, each colour
            counted from 0 to 1 and looked at where the thumbnail does; None where it
            has no colours (deep data).
    """

    size_bytes: int
    mean: float | None = None
    brightest: float | None = None


def frame_path(pattern: str, frame: int) -> str:
    """Put a frame number into the last run of `#` of a path.

    Raises:
        ValueError: the pattern has no `#`.
    """
    runs = list(_PADDING.finditer(pattern))
    if not runs:
        raise ValueError(f"{pattern!r} has no # to put the frame number in")
    run = runs[-1]
    sign = "-" if frame < 0 else ""
    digits = str(abs(frame)).zfill(run.end() - run.start())
    return f"{pattern[: run.start()]}{sign}{digits}{pattern[run.end() :]}"


def temporary_path(path: str) -> str:
    """Return the name a worker writes under before it renames to `path`.

    It lies beside the target, so that the rename is atomic, and keeps the suffix, by
    which image libraries choose the format: `a/b.0001.exr` -> `a/.b.0001.part.exr`.
    """
    # os.path, because on Windows either slash may come before the name.
    folder, name = os.path.split(path)
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    return os.path.join(folder, f".{stem}.part{suffix}")  # noqa: PTH118
