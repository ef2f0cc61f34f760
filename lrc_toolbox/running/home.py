"""Where the queue keeps its files: one folder per user, moved by `LRC_HOME`.

Paths only; nothing is created before `Home.create`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.jobs.records import TaskId

#: The environment variable that moves all state to another folder.
HOME_VARIABLE = "LRC_HOME"


class HomeError(LrcError):
    """The state folder cannot be used.

    Attributes:
        folder: the one that cannot be made.
    """

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The state folder {folder} cannot be made: {reason}.",
            remedy=f"Set {HOME_VARIABLE} to a folder that you may write to.",
        )
        self.folder = folder


@dataclass(frozen=True)
class Home:
    """The state folder and what lies where in it."""

    folder: Path

    @classmethod
    def of(cls, folder: Path | str | None = None) -> Home:
        """Take the given folder, else `LRC_HOME`, else the user's data folder."""
        chosen = folder or os.environ.get(HOME_VARIABLE)
        if not chosen:
            chosen = platformdirs.user_data_dir("lrc-toolbox", appauthor=False)
        return cls(Path(chosen).expanduser().absolute())

    def create(self) -> None:
        """Make the folders; fine where they are there already.

        Raises:
            HomeError: one of them cannot be made.
        """
        for folder in (self.logs, self.thumbnails, self.scene_copies):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise HomeError(folder, error.strerror or str(error)) from error

    @property
    def queue_file(self) -> Path:
        """The SQLite database."""
        return self.folder / "queue.sqlite"

    @property
    def logs(self) -> Path:
        """Attempts' logs: a folder per job, a file per process."""
        return self.folder / "logs"

    @property
    def thumbnails(self) -> Path:
        """Thumbnails of proved frames: a folder per job."""
        return self.folder / "thumbnails"

    @property
    def scene_copies(self) -> Path:
        """Copies of scenes that attempts render."""
        return self.folder / "scenes"

    @property
    def policy_file(self) -> Path:
        """What is kept back for the artist; see `jobs.policy`."""
        return self.folder / "policy.json"

    @property
    def notifications_file(self) -> Path:
        """Who is told of jobs; see `jobs.notifications`."""
        return self.folder / "notifications.json"

    @property
    def hosts(self) -> Path:
        """What open Mayas say of themselves: a file for each."""
        return self.folder / "hosts"

    @property
    def lock_file(self) -> Path:
        """Locked by the one service of this folder for as long as it lives."""
        return self.folder / "service.lock"

    @property
    def service_file(self) -> Path:
        """Says which service runs and where it can be woken."""
        return self.folder / "service.json"

    @property
    def service_log(self) -> Path:
        """What the service has to say."""
        return self.folder / "service.log"

    def told_file(self, way: str) -> Path:
        """What a way of telling has told; see `running.told`."""
        return self.folder / "notified" / f"{way}.json"

    def thumbnail(self, task: TaskId, frame: int) -> Path:
        """Where a frame's thumbnail goes."""
        return self.thumbnails / str(task.job) / f"{task.ordinal}.{frame}.jpg"
