"""A GPU that several processes compute on: each gets an equal part of its time."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

#: What of its speed a GPU loses for each further process that computes on it: taking
#: turns empties its caches. An assumption, on the careful side.
CROWDING = 0.05

At = Callable[[float, Callable[[], None]], None]


class SharedGpu:
    """What computes on one GPU, and who is through next.

    The time a lone process would have had so far (`_served`) grows the slower, the more
    there are; each is through when it has grown by what it needs.

    Args:
        at: has something done at a time.
    """

    def __init__(self, at: At) -> None:
        self._at = at
        self._served = 0.0
        self._seen = 0.0
        self._line: list[tuple[float, int, Callable[[], None]]] = []
        self._joined = 0
        self._changes = 0

    def compute(self, seconds: float, now: float, done: Callable[[], None]) -> None:
        """Compute for what takes so long alone, then call `done`."""
        self._catch_up(now)
        self._joined += 1
        heappush(self._line, (self._served + seconds, self._joined, done))
        self._wake_for_the_first(now)

    def _speed(self) -> float:
        count = len(self._line)
        return max(0.5, 1.0 - CROWDING * (count - 1)) / count if count else 0.0

    def _catch_up(self, now: float) -> None:
        self._served += (now - self._seen) * self._speed()
        self._seen = now

    def _wake_for_the_first(self, now: float) -> None:
        self._changes += 1
        if self._line:
            change = self._changes
            wait = max(0.0, self._line[0][0] - self._served) / self._speed()
            self._at(now + wait, lambda: self._through(change, now + wait))

    def _through(self, change: int, now: float) -> None:
        if change != self._changes:
            return
        self._catch_up(now)
        _, _, done = heappop(self._line)
        self._wake_for_the_first(now)
        done()
