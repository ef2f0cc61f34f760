"""The room on the disks that the queue writes to.

Asked on threads: a share whose server is gone holds whoever asks, for minutes. One
thread reads what they found.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from lrc_toolbox.jobs.devices import DiskReading
from lrc_toolbox.machine.aside import Aside

#: Disks fill in minutes, not in seconds.
EVERY_S = 10.0

#: From here on a disk that does not answer is said to hang. A sleeping hard disk takes
#: up to ten seconds to turn, and nothing waits for this.
HANGS_S = 15.0

_MIB = 1 << 20


class WatchedFolder(NamedTuple):
    """A folder whose disk is watched, and what it is used for.

    Attributes:
        purpose: "output", "state" or "temp".
    """

    path: str
    purpose: str


class DiskWatch:
    """The disks of some folders, as they were lately."""

    def __init__(
        self,
        folders: Iterable[WatchedFolder],
        read: Callable[[WatchedFolder], DiskReading] | None = None,
        *,
        every_s: float = EVERY_S,
        hangs_s: float = HANGS_S,
    ) -> None:
        self._read = read or read_disk
        self._every_s = every_s
        self._hangs_s = hangs_s
        self._watched: dict[WatchedFolder, Aside[DiskReading]] = {}
        self.watch(folders)

    def watch(self, folders: Iterable[WatchedFolder]) -> None:
        """Watch these folders from now on; what is known of them is kept."""
        self._watched = {
            folder: self._watched.get(folder) or self._aside(folder)
            for folder in folders
        }

    def read(self) -> tuple[DiskReading, ...]:
        """Give what is known, in the folders' order; never waits."""
        return tuple(self._told(aside) for aside in self._watched.values())

    def wait(self, limit_s: float) -> None:
        """Wait for what is being read now, this long for all of it."""
        end = time.monotonic() + limit_s
        for aside in self._watched.values():
            aside.wait(end - time.monotonic())

    def _aside(self, folder: WatchedFolder) -> Aside[DiskReading]:
        unknown = DiskReading(*folder, 0, 0, "It has not answered yet.")
        return Aside(lambda: self._read(folder), first=unknown, every_s=self._every_s)

    def _told(self, aside: Aside[DiskReading]) -> DiskReading:
        newest, held_s = aside.newest(), aside.held_s()
        if held_s < self._hangs_s:
            return newest
        return replace(
            newest, problem=f"It has not answered for {held_s:.0f} s: does it hang?"
        )


def read_disk(folder: WatchedFolder) -> DiskReading:
    """Read the room on a folder's disk; the folder need not exist yet.

    May block for as long as the system does. Quotas of users are not seen.
    """
    try:
        usage = shutil.disk_usage(nearest_existing(Path(folder.path)))
    except OSError as error:
        return DiskReading(*folder, 0, 0, f"{error.strerror or error}.")
    return DiskReading(*folder, usage.total // _MIB, usage.free // _MIB)


def nearest_existing(folder: Path) -> Path:
    """Give the folder, or the nearest one above it that exists.

    Raises:
        OSError: there is none, as on a drive that is not there, or it cannot be seen.
    """
    for path in (folder, *folder.parents):
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        return path
    raise FileNotFoundError(2, "There is no such drive", folder.anchor)
