"""In which order a task's frames are given out.

An order is a pair of sums, from a frame to its place in line and back, so that no order
of a hundred thousand frames is ever written out. Which frames wait, and which of them
comes next, is `scheduling.waiting_frames`' matter. Pure; any thread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Protocol

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.submission import Submission


class FrameOrder(Protocol):
    """Says which place in line each frame of a task has; the lowest comes first."""

    def place(self, frame: int) -> int:
        """Say where a frame stands."""

    def frame(self, place: int) -> int:
        """Say which frame stands at a place."""

    def places(self, frames: FrameRange) -> FrameRange:
        """Say where many frames stand."""


def frame_order(
    submission: Submission, frames: FrameRange, *, kept_open: bool
) -> FrameOrder:
    """Give the order that a submission asks for.

    Args:
        submission: what was asked for.
        frames: all frames of the task.
        kept_open: its processes take frames one by one. One that renders a chunk does
            so in its own way: then chunks are what has an order.
    """
    match submission.order:
        case "descending":
            return DESCENDING
        case "preview_first":
            block = 1 if kept_open else submission.chunk_size or 1
            return _preview_first(frames, block)
        case "as_given" if submission.frames is not None:
            return _as_given(submission.frames, submission.keep_ends, frames)
    return ASCENDING


@lru_cache(maxsize=64)
def _preview_first(frames: FrameRange, block: int) -> FrameOrder:
    return PreviewFirst(frames, block)


@lru_cache(maxsize=64)
def _as_given(text: str, keep_ends: bool, frames: FrameRange) -> FrameOrder:
    given = FrameRange.parse_in_order(text, keep_ends=keep_ends)
    missing = frames - FrameRange.parse(text, keep_ends=keep_ends)
    return AsGiven((*given, *missing.runs), frames)


class Ascending:
    """The lowest frame first: a frame is its own place."""

    def place(self, frame: int) -> int:
        """Say where a frame stands."""
        return frame

    def frame(self, place: int) -> int:
        """Say which frame stands at a place."""
        return place

    def places(self, frames: FrameRange) -> FrameRange:
        """Say where many frames stand."""
        return frames


class Descending:
    """The highest frame first."""

    def place(self, frame: int) -> int:
        """Say where a frame stands."""
        return -frame

    def frame(self, place: int) -> int:
        """Say which frame stands at a place."""
        return -place

    def places(self, frames: FrameRange) -> FrameRange:
        """Say where many frames stand."""
        return FrameRange.of_runs(
            range(-run[-1], -run[0] + 1, run.step) for run in reversed(frames.runs)
        )


ASCENDING = Ascending()
DESCENDING = Descending()


class AsGiven:
    """As they are listed.

    Args:
        pieces: runs of frames, one after the other, without a common frame; those with
            a negative step run down.
        frames: all of the task, each of which is in a piece.
    """

    def __init__(self, pieces: Sequence[range], frames: FrameRange) -> None:
        self._frames = frames
        self._starts = (0, *accumulate(map(len, pieces)))
        self._pieces = tuple(pieces)
        # A shuffled list is single frames, and too many of them to be searched.
        self._single = {
            piece[0]: start
            for piece, start in zip(pieces, self._starts, strict=False)
            if len(piece) == 1
        }
        self._long = [
            (piece, start)
            for piece, start in zip(pieces, self._starts, strict=False)
            if len(piece) > 1
        ]

    def place(self, frame: int) -> int:
        """Say where a frame stands."""
        if frame in self._single:
            return self._single[frame]
        piece, start = next(one for one in self._long if frame in one[0])
        return start + piece.index(frame)

    def frame(self, place: int) -> int:
        """Say which frame stands at a place."""
        at = bisect_right(self._starts, place) - 1
        return self._pieces[at][place - self._starts[at]]

    def places(self, frames: FrameRange) -> FrameRange:
        """Say where many frames stand."""
        if len(self._frames) < self._starts[-1]:
            return FrameRange.of(map(self.place, frames))
        every = FrameRange.of(range(self._starts[-1]))
        return _places(self.place, frames, self._frames, every)


class PreviewFirst:
    """First, middle and last, then the middle of each half, and so on.

    Frames are counted from 0 to n - 1; m is the largest power of 2 that is not above
    n - 1. The count j * (n - 1) // m, with j from 0 to m, halves the range again and
    again as j goes through m / 2, m / 4 and 3 m / 4, m / 8 ... What no j meets, less
    than every second frame, comes last, ascending.

    Args:
        frames: all of the task.
        block: so many neighbours stay together and count as one.
    """

    def __init__(self, frames: FrameRange, block: int = 1) -> None:
        self._frames = frames
        self._runs = frames.runs
        self._starts = (0, *accumulate(map(len, self._runs)))
        self._lows = tuple(run[0] for run in self._runs)
        self._count = len(frames)
        self._block = block
        self._blocks = -(-self._count // block)
        self._last = self._blocks - 1
        self._grid = 1 << (self._last.bit_length() - 1) if self._last > 0 else 0

    def place(self, frame: int) -> int:
        """Say where a frame stands."""
        at = bisect_right(self._lows, frame) - 1
        block, within = divmod(
            self._starts[at] + self._runs[at].index(frame), self._block
        )
        return self._block_place(block) * self._block + within

    def frame(self, place: int) -> int:
        """Say which frame stands at a place."""
        rank, within = divmod(place, self._block)
        count = self._block_at(rank) * self._block + within
        at = bisect_right(self._starts, count) - 1
        return self._runs[at][count - self._starts[at]]

    def places(self, frames: FrameRange) -> FrameRange:
        """Say where many frames stand."""
        # All but the end of the last block, which may be shorter than the others.
        gap = self._blocks * self._block - self._count
        end = (self._block_place(self._last) + 1) * self._block
        every = FrameRange.of(range(self._blocks * self._block))
        every = every - FrameRange.of(range(end - gap, end))
        return _places(self.place, frames, self._frames, every)

    def _block_at(self, rank: int) -> int:
        last, grid = self._last, self._grid
        if rank == 0:
            return 0
        if rank > grid:
            missed = rank - grid
            return -(-missed * grid // (last - grid)) * last // grid - 1
        if rank <= 2:
            step = grid if rank == 2 or grid == 1 else grid // 2
        else:
            level = (rank - 1).bit_length()
            step = (2 * (rank - 1) - (1 << level) + 1) * grid >> level
        return step * last // grid

    def _block_place(self, block: int) -> int:
        last, grid = self._last, self._grid
        if block == 0:
            return 0
        step = -(-block * grid // last)
        if step * last // grid != block:
            # Between the steps before and after it; each one before left out at most
            # one block.
            return grid + 1 + (step - 1) * last // grid - (step - 1)
        if step == grid:
            return min(2, grid)
        level = (grid // (step & -step)).bit_length() - 1
        if level == 1:
            return 1
        return 1 + (1 << (level - 1)) + ((step >> (grid.bit_length() - 1 - level)) >> 1)


def _places(
    place: Callable[[int], int],
    frames: FrameRange,
    whole: FrameRange,
    every: FrameRange,
) -> FrameRange:
    """Work out the places of frames, or of those that are not among them.

    Args:
        place: of one frame.
        frames: some of the task's.
        whole: all of them.
        every: the places of all of them.
    """
    if 2 * len(frames) <= len(whole):
        return FrameRange.of(map(place, frames))
    return every - FrameRange.of(map(place, whole - frames))
