"""A value that is read beside the caller, because reading it may take long or hang.

A folder on a share that is gone, a display whose server is stopped, a driver: each can
hold whoever asks. Here a thread of its own asks, and only that one is held.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Aside(Generic[Value]):
    """The newest value of something that is read every so often on a thread.

    Not more than one reading is under way: one that hangs is not followed by others.
    To be asked from one thread.
    """

    def __init__(
        self, read: Callable[[], Value], *, first: Value, every_s: float
    ) -> None:
        """Prepare; nothing is read before `newest` is called.

        Args:
            read: gives the value; runs on the thread. What goes wrong is to be in the
                value: an exception leaves the last one standing.
            first: the value until the first reading is through.
            every_s: how long after a reading's start the next may start.
        """
        self._read = read
        self._value = first
        self._every_s = every_s
        self._began = float("-inf")
        self._thread: Thread | None = None

    def newest(self) -> Value:
        """Give what the last reading gave, and start the next when it is time."""
        now = time.monotonic()
        if now - self._began >= self._every_s and not self._under_way():
            self._began = now
            self._thread = Thread(target=self._run, name="lrc-aside", daemon=True)
            self._thread.start()
        return self._value

    def held_s(self) -> float:
        """Say how long the reading under way has taken by now; 0 where none is."""
        return time.monotonic() - self._began if self._under_way() else 0.0

    def wait(self, limit_s: float) -> None:
        """Wait until the reading under way is through, but not longer than this."""
        if self._thread is not None:
            self._thread.join(max(0.0, limit_s))

    def _under_way(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        self._value = self._read()
