"""The pictures that a render leaves behind: which frames, what format, which names.

How a scene's names are spelled is `output_names`' matter. Values only: safe on any
thread and comparable.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameSpan:
    """Frames as Maya states them.

    Attributes:
        start: the first frame.
        end: the last one, included.
        step: from one frame to the next.
    """

    start: float
    end: float
    step: float = 1.0

    @property
    def count(self) -> int:
        """How many frames; 0 where start, end and step make none."""
        if self.step <= 0 or self.end < self.start:
            return 0
        steps = (self.end - self.start) / self.step
        # A step of 0.1 ends a hair before its end.
        return int(steps + 1e-6) + 1 if math.isfinite(steps) else 0

    def __str__(self) -> str:
        """As `jobs.frames` reads it: `1-10`, `1-10x2`, `537`; whole frames only."""
        first, last, step = round(self.start), round(self.end), round(self.step)
        if first == last:
            return str(first)
        return f"{first}-{last}x{step}" if step > 1 else f"{first}-{last}"


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """What kind of picture is written.

    Attributes:
        name: a person's word: `OpenEXR`, `Maya IFF`.
        extension: without a dot: `exr`, `iff`.
        number: Maya's `imageFormat`; 51 means that `key` names the format.
        key: `imfPluginKey`; empty if not set.
    """

    name: str
    extension: str
    number: int = 7
    key: str = ""


@dataclass(frozen=True, slots=True)
class FrameNaming:
    """Where the frame number stands in a picture's name.

    Attributes:
        padding: digits, filled up with zeros; 1 for none.
        separator: between name and number: `.`, `_` or nothing.
        before_extension: `name.0001.exr`; else `name.exr.0001`.
        extension: the name ends with one.
        numbered: there is a frame number at all (animation is on).
        first_number: of the first picture where frames are renumbered; None where the
            number is the frame.
        number_step: from one picture's number to the next where they are renumbered.
    """

    padding: int = 1
    separator: str = "."
    before_extension: bool = True
    extension: bool = True
    numbered: bool = True
    first_number: float | None = None
    number_step: float = 1.0

    def numbers(self, frames: FrameSpan) -> FrameSpan:
        """The numbers in the names of these frames' pictures."""
        if self.first_number is None:
            return frames
        last = self.first_number + (frames.count - 1) * self.number_step
        return FrameSpan(self.first_number, last, self.number_step)


@dataclass(frozen=True, slots=True)
class OutputSequence:
    """The pictures that one layer, camera and AOV leave behind.

    Attributes:
        layer: the layer's name.
        camera: the camera's name.
        aov: the AOV that has files of its own; empty for the picture itself.
        pattern: path below the project's images folder (or absolute), with `/`, every
            token expanded, `#` for each digit of the frame number.
        frames: which frames.
        numbers: those in the names; others than the frames where they are renumbered.
    """

    layer: str
    camera: str
    aov: str
    pattern: str
    frames: FrameSpan
    numbers: FrameSpan

    @property
    def count(self) -> int:
        """How many files; frames between two whole numbers share one.

        No `len()`: a damaged scene may count past what that can say.
        """
        numbers = self.numbers
        if "#" not in self.pattern or numbers.count < 2:
            return min(1, numbers.count)
        if numbers.step >= 1:
            return numbers.count
        last = numbers.start + (numbers.count - 1) * numbers.step
        return _whole(last) - _whole(numbers.start) + 1

    def path(self, number: float) -> str:
        """The file with this number in its name."""
        start = self.pattern.find("#")
        if start < 0:
            return self.pattern
        count = len(self.pattern[start:]) - len(self.pattern[start:].lstrip("#"))
        whole = _whole(number)
        sign = "-" if whole < 0 else ""
        text = sign + str(abs(whole)).zfill(count - len(sign))
        return self.pattern[:start] + text + self.pattern[start + count :]

    def paths(self) -> Iterator[str]:
        """Every file in frame order, each once."""
        step = max(self.numbers.step, 1)
        for place in range(self.count):
            yield self.path(self.numbers.start + place * step)


def _whole(number: float) -> int:
    """The number that a file name counts; a step of 0.1 ends a hair before its end."""
    return math.floor(number + 1e-6) if math.isfinite(number) else 0
