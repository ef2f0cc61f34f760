"""How fast frames come: their typical time, and how many to send ahead.

The typical time of a task's frames is the median of its last `RECENT` frame times.
The first frame of every process is left out once there is another: it pays for
compiling kernels, filling caches and reading textures, and would spoil the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from statistics import median

#: How many frame times the median is taken over: few enough to follow a shot that gets
#: heavier, enough to shrug off one odd frame.
RECENT = 9

#: Longest time, in seconds, between a line in a worker's log and the answer in its
#: standard input. The service looks every 0.02 s; five times that is safe on a busy
#: machine.
ANSWER_S = 0.1

#: Most frames a worker may hold. They are the granularity of a cancel and of sharing.
MOST_AHEAD = 64


#: From this frame time on, in seconds, a worker holds no frame beyond the one in hand.
#: The wait for the next one, some 0.03 s, is below 0.3 % then. A frame that waits
#: behind a long one would end its task late, and keep a higher priority waiting.
LONG_S = 10.0


@dataclass(slots=True)
class Pace:
    """The recent frame times of a task, in seconds.

    A tuple, because most tasks of a long queue have none: an empty deque is 760 bytes.
    """

    recent: tuple[float, ...] = ()
    first: float | None = None

    def add(self, seconds: float, *, warm: bool) -> None:
        """Count a frame's time; not `warm` where it was a process's first."""
        if warm:
            self.recent = (*self.recent, seconds)[-RECENT:]
        else:
            self.first = seconds

    @property
    def frame_seconds(self) -> float | None:
        """The typical frame time; None before the first frame is through."""
        return median(self.recent) if self.recent else self.first


def frames_ahead(frame_seconds: float | None, waiting: int, workers: int) -> int:
    """Say how many frames a kept-open worker should hold, the one in hand included.

    Enough that it never idles until the service has seen its last line; no more, so
    that the last frames of a task, and those that take long, are shared out one by one.

    Args:
        frame_seconds: the task's typical frame time, if it is known.
        waiting: frames of the task that no process has.
        workers: processes at work on the task, this one included, and free places.
    """
    if frame_seconds is None:
        return 2 if waiting > workers else 1
    if frame_seconds >= LONG_S:
        return 1
    depth = min(MOST_AHEAD, 1 + max(1, ceil(ANSWER_S / max(frame_seconds, 1e-4))))
    if frame_seconds <= ANSWER_S:
        return max(1, min(depth, ceil(waiting / workers)))
    return depth if waiting >= workers else 1
