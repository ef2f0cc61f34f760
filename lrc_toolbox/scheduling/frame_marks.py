"""A mark on some frames of a range, that comes and goes one frame at a time.

A byte for each frame of the range: a set of frames in pieces would cost more with every
frame that is taken out of it. Pure; used by the scheduler alone.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, compress

from lrc_toolbox.jobs.frames import FrameRange


class FrameMarks:
    """Marks on frames.

    Args:
        frames: those that may have a mark.
        marked: those of them that have one.
    """

    __slots__ = ("_count", "_frames", "_lows", "_marks", "_starts")

    def __init__(self, frames: FrameRange, marked: FrameRange) -> None:
        self._frames = frames
        self._lows = tuple(run[0] for run in frames.runs)
        self._starts = (0, *accumulate(map(len, frames.runs)))
        self._marks = bytearray(len(frames))
        self._count = 0
        self.add(marked)

    def __bool__(self) -> bool:
        return self._count > 0

    def holds(self, frame: int) -> bool:
        """Say whether a frame has a mark; one that is not in the range has none."""
        at = self._at(frame)
        return at is not None and bool(self._marks[at])

    @property
    def frames(self) -> FrameRange:
        """The frames that have a mark."""
        if self._count == len(self._marks):
            return self._frames
        marked = compress(self._frames, self._marks)
        return FrameRange.of_runs(range(frame, frame + 1) for frame in marked)

    def add(self, frames: FrameRange) -> None:
        """Mark frames; those that are not in the range are passed over."""
        if frames == self._frames:
            self._marks = bytearray(b"\1") * len(frames)
            self._count = len(frames)
            return
        for frame in frames:
            at = self._at(frame)
            if at is not None and not self._marks[at]:
                self._marks[at] = 1
                self._count += 1

    def discard(self, frame: int) -> None:
        """Take a frame's mark away."""
        at = self._at(frame)
        if at is not None and self._marks[at]:
            self._marks[at] = 0
            self._count -= 1

    def _at(self, frame: int) -> int | None:
        which = bisect_right(self._lows, frame) - 1
        if which < 0 or frame not in self._frames.runs[which]:
            return None
        return self._starts[which] + self._frames.runs[which].index(frame)
