"""Whether the clock jumps: it was set, or the computer slept.

Compares the clock on the wall with the steady one, and both with how long the loop
meant to wait. Linux' and macOS' steady clocks stand still while the computer sleeps;
Windows' goes on (GetTickCount64), so there only the wait tells: one that was to take
20 ms and took eight hours was slept through. Used by the service's loop.
"""

from __future__ import annotations

import time
from collections.abc import Callable

#: Jumps below this, in seconds, are left alone: a busy computer's loop comes late by
#: some seconds, and nothing that is waited for is that exact.
JUMP_S = 10.0


class ClockWatch:
    """Watches the clock from one wait of a loop to the next.

    Args:
        wall: seconds since 1970 UTC, as the computer's clock has them.
        steady: seconds of a clock that nobody can set.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._woke = (wall(), steady())
        self._slept_at = steady()
        self._wait_s = 0.0

    def begin_wait(self, wait_s: float) -> None:
        """Note that the loop waits, for so long at most."""
        self._slept_at = self._steady()
        self._wait_s = wait_s

    def end_wait(self) -> float:
        """Say by how many seconds the clock jumped since the last wait ended.

        Returns:
            How much further the clock went than time was lived through: below 0 where
            it was set back, 0 where it did not jump.
        """
        wall, steady = self._wall(), self._steady()
        worked_s = self._slept_at - self._woke[1]
        waited_s = min(steady - self._slept_at, self._wait_s)
        jump_s = wall - self._woke[0] - worked_s - waited_s
        self._woke = wall, steady
        return jump_s if abs(jump_s) > JUMP_S else 0.0
