"""Being told of changes: a thread that watches the queue for a callback."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

#: How often, in seconds, a follower asks whether anything was written. The question
#: takes a few microseconds (`Store.version`); nothing is read unless it did.
FOLLOW_S = 0.05


class Subscription:
    """Calls `look` on a thread of its own after every change, until stopped.

    Args:
        version: differs after a change.
        look: called once at the start and then after changes, at most every `FOLLOW_S`.
    """

    def __init__(self, version: Callable[[], int], look: Callable[[], None]) -> None:
        self._version = version
        self._look = look
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="follow")
        self._thread.start()

    def stop(self) -> None:
        """Call no more; returns when a call in progress is through."""
        self._stopped.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _watch(self) -> None:
        seen = -1
        while not self._stopped.is_set():
            now = self._version()
            if now != seen:
                seen = now
                try:
                    self._look()
                except Exception:
                    # An edge: the callback is the user's, and the next change may
                    # find it well again.
                    log.exception("a progress callback failed")
            self._stopped.wait(FOLLOW_S)
