"""Frames that are odd beside their neighbours: black, far smaller, far slower.

Pure comparison of numbers; a picture that is odd may be right. Each rule compares with
the median of the nearest frames, and with the nearest extreme too: of a run of
odd frames the first is told, and a shot that changes gradually is not odd at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from lrc_toolbox.jobs.wording import duration

#: How many frames are remembered: enough that the frames beside one are among them
#: though several processes deliver them out of order.
REMEMBERED = 24

#: How many of the nearest ones a frame is compared with, and how many it takes.
NEAREST = 5
FEWEST = 3

#: Scene-linear values: below the first step of an 8-bit display, which begins at
#: 1/255/12.92 = 0.0003; and what a person sees as more than black.
BLACK = 0.0003
VISIBLE = 0.01

#: How many times smaller. Compressed pictures of one shot hardly differ by half; where
#: an object goes, a third goes with it.
SMALLER = 3.0

#: How many times slower, and by how many seconds at least: short frames vary more.
SLOWER = 3.0
SLOWER_BY_S = 60.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a proved frame.

    Attributes:
        size_bytes: of all its files.
        brightest: highest value of a colour, scene-linear; None where there is none.
        seconds: how long it rendered; None where that pays for more than the frame.
        judged: it was compared with enough others.
    """

    frame: int
    size_bytes: int
    brightest: float | None = None
    seconds: float | None = None
    judged: bool = False


@dataclass(slots=True)
class Neighbourhood:
    """The newest proved frames of a task."""

    seen: tuple[Seen, ...] = ()

    def add(self, frame: Seen) -> list[tuple[int, str]]:
        """Take a proved frame.

        Returns:
            The frames that turn out odd with it, each with a sentence: this one, or
            one that had too few neighbours before.
        """
        others = tuple(one for one in self.seen if one.frame != frame.frame)
        self.seen = (*others, frame)[-REMEMBERED:]
        if len(self.seen) <= FEWEST:
            return []
        found = []
        for one in self.seen:
            if not one.judged:
                sentence = oddity(one, _nearest(one, self.seen))
                found += [(one.frame, sentence)] if sentence else []
        self.seen = tuple(
            one if one.judged else replace(one, judged=True) for one in self.seen
        )
        return found


def oddity(frame: Seen, nearest: Sequence[Seen]) -> str:
    """Say what sets a frame apart from those beside it; empty where nothing does.

    Args:
        nearest: other frames, the nearest one first; at least one.
    """
    sentences = _black(frame, nearest), _small(frame, nearest), _slow(frame, nearest)
    return next(filter(None, sentences), "")


def _nearest(frame: Seen, seen: Sequence[Seen]) -> list[Seen]:
    others = [one for one in seen if one.frame != frame.frame]
    return sorted(others, key=lambda one: abs(one.frame - frame.frame))[:NEAREST]


def _black(frame: Seen, nearest: Sequence[Seen]) -> str:
    lights = [one.brightest for one in nearest if one.brightest is not None]
    if frame.brightest is None or frame.brightest > BLACK or not lights:
        return ""
    if min(lights[0], median(lights)) < VISIBLE:
        return ""
    return f"Frame {frame.frame} is black and the frames beside it are not."


def _small(frame: Seen, nearest: Sequence[Seen]) -> str:
    sizes = [one.size_bytes for one in nearest]
    usual = median(sizes)
    if frame.size_bytes * SMALLER >= usual or frame.size_bytes * 2 >= min(sizes):
        return ""
    return (
        f"Frame {frame.frame} has {_size(frame.size_bytes)}, the frames beside it "
        f"{_size(usual)}: something may be missing in it."
    )


def _slow(frame: Seen, nearest: Sequence[Seen]) -> str:
    times = [one.seconds for one in nearest if one.seconds is not None]
    if frame.seconds is None or len(times) < FEWEST:
        return ""
    usual = median(times)
    far = frame.seconds > SLOWER * usual and frame.seconds > 2 * max(times)
    if not far or frame.seconds < usual + SLOWER_BY_S:
        return ""
    return (
        f"Frame {frame.frame} took {duration(frame.seconds)}, the frames beside it "
        f"{duration(usual)}."
    )


def _size(size_bytes: float) -> str:
    if size_bytes >= 1 << 20:
        return f"{size_bytes / (1 << 20):.1f} MiB"
    return f"{max(1, round(size_bytes / 1024))} KiB"
