"""Did a process write a picture, or was it there before?

Asked only of frames that no process reported: a picture from last week proves nothing
about a process that exits with 0 and wrote none.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from lrc_toolbox.jobs.failures import Failure, FailureClass
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import TaskId

#: Time stamps of some file systems are this coarse, in seconds (FAT: 2 s).
COARSE_S = 2.0

_Stamp = tuple[int, int, int] | None


class Freshness:
    """Remembers what lay in the place of each frame before it was given out."""

    def __init__(self) -> None:
        self._before: dict[tuple[TaskId, int], list[_Stamp]] = {}

    def note(
        self, task: TaskId, pictures: Sequence[ExpectedPicture], frames: Sequence[int]
    ) -> None:
        """Remember the files in the places of some frames."""
        for frame in frames:
            stamps = [_stamp(picture.path(frame)) for picture in pictures]
            self._before[task, frame] = stamps

    def forget(self, task: TaskId, frame: int) -> None:
        """The frame was settled."""
        self._before.pop((task, frame), None)

    def lack(
        self,
        task: TaskId,
        pictures: Sequence[ExpectedPicture],
        frame: int,
        since: float,
    ) -> Failure | None:
        """Name a picture that is missing or was there before; None where all are new.

        Args:
            since: where nothing was noted (by a service that is gone), a picture is new
                if its file was changed at this time or later, seconds since 1970 UTC.
        """
        before = self._before.get((task, frame))
        for index, picture in enumerate(pictures):
            path = picture.path(frame)
            stamp = _stamp(path)
            if stamp is None:
                message = f"{path} was not written."
                return Failure(FailureClass.OUTPUT_MISSING, message)
            old = before is not None and before[index] == stamp
            if old or (before is None and stamp[0] / 1e9 < since - COARSE_S):
                message = f"{path} was there before and was not written again."
                return Failure(FailureClass.OUTPUT_MISSING, message)
        return None


def _stamp(path: str) -> _Stamp:
    try:
        seen = os.stat(path)  # noqa: PTH116  (half the time of Path.stat)
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino
