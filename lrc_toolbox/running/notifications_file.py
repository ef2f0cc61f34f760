"""The notifications' file: read again when it changed, for several threads.

A file that is wrong changes nothing: the settings before it hold, and the error is told
once for each version of the file.
"""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Lock

from lrc_toolbox.jobs.notifications import NotificationsError, NotificationSettings

log = logging.getLogger(__name__)


class NotificationsFile:
    """The settings that hold now.

    Args:
        path: the file; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._settings = NotificationSettings()
        self._lock = Lock()

    def settings(self) -> NotificationSettings:
        """Give the settings; reads the file if it changed since the last time."""
        with self._lock:
            stamp = self._stamp()
            if stamp != self._seen:
                self._seen = stamp
                try:
                    self._settings = NotificationSettings.load(self._path)
                except NotificationsError as error:
                    log.error("the notifications before this hold: %s", error)
            return self._settings

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
