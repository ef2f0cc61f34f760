"""The frames of a task that no process has, in the order they are given out.

Costs as much as their runs, and a number for each frame that was put back. Pure; used
by the scheduler alone.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.scheduling.frame_order import ASCENDING, FrameOrder

_NONE = FrameRange.empty()


class WaitingFrames:
    """Frames in line; what is put back comes at its own place again.

    Args:
        order: of all frames of the task.
        frames: those that wait.
    """

    __slots__ = ("_back", "_line", "_order")

    def __init__(self, order: FrameOrder, frames: FrameRange = _NONE) -> None:
        self._order = order
        self._line = order.places(frames)
        # Places of single frames that came to wait later, negative and ascending, so
        # that the next one is at the end.
        self._back: list[int] = []

    def __len__(self) -> int:
        return len(self._line) + len(self._back)

    def __bool__(self) -> bool:
        return bool(self._line) or bool(self._back)

    def holds(self, frame: int) -> bool:
        """Say whether a frame of the task waits."""
        place = self._order.place(frame)
        at = bisect_left(self._back, -place)
        return self._back[at : at + 1] == [-place] or place in self._line

    @property
    def frames(self) -> FrameRange:
        """All of them; costs as much as there are, unless they are in plain order."""
        frame = self._order.frame
        back = FrameRange.of(frame(-place) for place in self._back)
        if self._order is ASCENDING:
            return self._line | back
        return FrameRange.of(map(frame, self._line)) | back

    def take(self, count: int) -> list[int]:
        """Take the next frames out of the line, in their order."""
        places = self._next(count)
        self._drop(places)
        return list(map(self._order.frame, places))

    def take_run(self, count: int) -> FrameRange:
        """Take the next frames as far as they have one step between them.

        Most command lines take a start, an end and a step.
        """
        places = self._next(count)
        frames = list(map(self._order.frame, places))
        even = _even(frames)
        self._drop(places[:even])
        return FrameRange.of(frames[:even])

    def put_back(self, frame: int) -> None:
        """Let one more frame wait."""
        insort(self._back, -self._order.place(frame))

    def add(self, frames: FrameRange) -> None:
        """Let more frames wait, none of which does."""
        self._line = self._line | self._order.places(frames)

    def remove(self, frames: FrameRange) -> None:
        """Take frames out of the line, whether they are in it or not."""
        places = self._order.places(frames)
        self._line = self._line - places
        self._back = [place for place in self._back if -place not in places]

    def part(self, frames: FrameRange) -> WaitingFrames:
        """Take frames out of the line into one of their own, in the same order."""
        self.remove(frames)
        return WaitingFrames(self._order, frames)

    def clear(self) -> None:
        """Let none wait any more."""
        self._line, self._back = _NONE, []

    def _next(self, count: int) -> Sequence[int]:
        ahead = list(self._line.take(count)[0])
        if not self._back:
            return ahead
        back = [-place for place in self._back[-count:]]
        return sorted(ahead + back)[:count]

    def _drop(self, places: Sequence[int]) -> None:
        if not places:
            return
        left = len(places)
        while self._back and -self._back[-1] <= places[-1]:
            self._back.pop()
            left -= 1
        self._line = self._line.take(left)[1]


def _even(frames: Sequence[int]) -> int:
    """Say how many of the first frames make a run as frame ranges print them."""
    if len(frames) < 2:
        return len(frames)
    step = frames[1] - frames[0]
    end = 2
    while end < len(frames) and frames[end] - frames[end - 1] == step:
        end += 1
    return end if end > 2 or abs(step) == 1 else 1
