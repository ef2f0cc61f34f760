"""Frame ranges: sets of frame numbers that cost as much as their runs.

Owns what a frame range is and how it is printed. How text is read stands in
`jobs.frame_text`, how runs are joined and cut in `jobs.runs`. No thread matters here:
a frame range never changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from lrc_toolbox.jobs.frame_text import (
    FrameRangeError,
    read_in_order,
    read_runs,
)
from lrc_toolbox.jobs.runs import compact, cut, join, meet

__all__ = ["FrameRange", "FrameRangeError"]

_NO_FRAMES: Final = range(0)


class FrameRange:
    """An immutable set of frame numbers in ascending order.

    Two are equal where they hold the same frames, however they came about. Printed, a
    run of frames is `1-10`, with a step `1-9x2`; a step takes three frames to be
    printed as one, so `1,3` and `1-2`; `parse(str(x)) == x`. The empty one prints as
    empty text, which `parse` refuses.
    """

    __slots__ = ("_at", "_head", "_len", "_pieces", "_runs")

    def __init__(self, runs: tuple[range, ...] = ()) -> None:
        """Hold runs as `jobs.runs.compact` gives them; use `parse` or `of` instead."""
        self._runs: tuple[range, ...] | None = runs
        # What `take` leaves is a view on the same runs from a place on, so that a loop
        # of takes copies nothing; its own runs are only worked out when asked for.
        self._pieces = runs
        self._at = 0
        self._head = runs[0] if runs else _NO_FRAMES
        self._len = sum(map(len, runs))

    @classmethod
    def parse(cls, text: str, *, keep_ends: bool = True) -> FrameRange:
        """Read frames as people write them.

        `1001`, `1001-1100`, `1,5,10-20`, with a step `1-100x5`, all but a step
        `1-100y5`, negative `-10--1`. `..` may stand for the hyphen, blanks around
        hyphens, commas and the step do not matter, nor do order and repetition.

        Args:
            text: the frames.
            keep_ends: a step takes in the first and the last frame of its range:
                `1-10x5` is 1, 6 and 10 instead of 1 and 6.

        Raises:
            FrameRangeError: the text cannot be read, holds a number of more than 9
                digits or more than 10 million frames.
        """
        return cls(read_runs(text, keep_ends=keep_ends))

    @staticmethod
    def parse_in_order(text: str, *, keep_ends: bool = True) -> tuple[range, ...]:
        """Read frames in the order they are written; see `frame_text.read_in_order`.

        Raises:
            FrameRangeError: as `parse` does.
        """
        return read_in_order(text, keep_ends=keep_ends)

    @classmethod
    def of_runs(cls, runs: Iterable[range]) -> FrameRange:
        """Hold ascending runs, each beginning after the one before."""
        return cls(compact(runs))

    @classmethod
    def of(cls, frames: Iterable[int]) -> FrameRange:
        """Gather frames, in any order and with repetitions."""
        if isinstance(frames, FrameRange):
            return frames
        if isinstance(frames, range):
            return cls(compact([frames if frames.step > 0 else frames[::-1]]))
        return cls(compact(range(frame, frame + 1) for frame in sorted(set(frames))))

    @classmethod
    def empty(cls) -> FrameRange:
        """Give the range without frames."""
        return cls()

    @property
    def runs(self) -> tuple[range, ...]:
        """The frames as ascending runs that do not overlap, as they are printed."""
        if self._runs is None:
            self._runs = compact((self._head, *self._pieces[self._at + 1 :]))
        return self._runs

    @property
    def first(self) -> int:
        """The lowest frame.

        Raises:
            ValueError: there is no frame.
        """
        if not self:
            raise ValueError("a frame range without frames has no first frame")
        return self._head[0]

    @property
    def last(self) -> int:
        """The highest frame.

        Raises:
            ValueError: there is no frame.
        """
        if not self:
            raise ValueError("a frame range without frames has no last frame")
        return self._pieces[-1][-1]

    def take(self, count: int) -> tuple[FrameRange, FrameRange]:
        """Part the range into its first `count` frames and the rest."""
        taken: list[range] = []
        at, head, wanted = self._at, self._head, min(count, self._len)
        while wanted > 0:
            taken.append(head[:wanted])
            wanted -= len(taken[-1])
            head = head[len(taken[-1]) :]
            if not head and at + 1 < len(self._pieces):
                at += 1
                head = self._pieces[at]
        first = FrameRange(compact(taken))
        return first, self._from(at, head, self._len - len(first))

    def _from(self, at: int, head: range, length: int) -> FrameRange:
        """Give what begins with `head`, what is left of the piece at `at`."""
        rest = FrameRange()
        if length:
            rest._runs = None
            rest._pieces, rest._at, rest._head, rest._len = (
                self._pieces,
                at,
                head,
                length,
            )
        return rest

    def __len__(self) -> int:
        return self._len

    def __bool__(self) -> bool:
        return self._len > 0

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self.runs)

    def __contains__(self, frame: object) -> bool:
        if not isinstance(frame, int):
            return False
        at = bisect_right(self.runs, frame, key=lambda run: run[0]) - 1
        return at >= 0 and frame in self.runs[at]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FrameRange):
            return NotImplemented
        return self._len == other._len and self.runs == other.runs

    def __hash__(self) -> int:
        return hash(self.runs)

    def __or__(self, other: FrameRange) -> FrameRange:
        if not self or not other:
            return self or other
        return FrameRange(join(self.runs, other.runs))

    def __sub__(self, other: FrameRange) -> FrameRange:
        return FrameRange(cut(self.runs, other.runs)) if other else self

    def __and__(self, other: FrameRange) -> FrameRange:
        return FrameRange(meet(self.runs, other.runs))

    def __str__(self) -> str:
        return ",".join(map(_print_run, self.runs))

    def __repr__(self) -> str:
        return f"FrameRange({str(self)!r})"


def _print_run(run: range) -> str:
    if len(run) == 1:
        return str(run[0])
    step = "" if run.step == 1 else f"x{run.step}"
    return f"{run[0]}-{run[-1]}{step}"
