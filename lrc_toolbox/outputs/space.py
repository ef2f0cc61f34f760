"""Room for pictures: whether an output folder can be written, asked at submission.

Makes the folder where it is missing. Whether it still has room while a job runs is seen
when a picture is proved. Runs in the client that submits.
"""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from pathlib import Path

from lrc_toolbox.jobs.errors import LrcError

#: Less free space than this is refused: some frames of a few tens of MiB each.
LEAST_FREE_MIB = 200

_PROBE = bytes(4096)  # a whole block, so that a full disk shows
_MIB = 1 << 20


class OutputFolderError(LrcError):
    """Pictures cannot be written into an output folder.

    Attributes:
        folder: the folder.
        problem: why, a clause.
    """

    def __init__(self, folder: str, problem: str, *, remedy: str) -> None:
        message = f"Pictures cannot be written to {folder}: {problem}."
        super().__init__(message, remedy=remedy)
        self.folder = folder
        self.problem = problem


def require_writable(
    folder: str | os.PathLike[str], *, least_free_mib: int = LEAST_FREE_MIB
) -> None:
    """Make an output folder, with those above it, and prove that it takes files.

    Args:
        folder: an absolute path.
        least_free_mib: how much must be free on its disk.

    Raises:
        OutputFolderError: it cannot be made, cannot be written, or its disk is full.
    """
    path = Path(folder)
    if not path.is_absolute():
        remedy = "Give a folder of the computer that renders."
        raise OutputFolderError(
            str(path), "this system has no such path", remedy=remedy
        )
    try:
        path.mkdir(parents=True, exist_ok=True)
        _write_and_remove(path)
        free_mib = shutil.disk_usage(path).free // _MIB
    except OSError as error:
        raise _refused(path, error) from error
    if free_mib < least_free_mib:
        problem = f"only {free_mib} MiB are free, at least {least_free_mib} MiB must be"
        raise OutputFolderError(str(path), problem, remedy=_MAKE_ROOM)


_MAKE_ROOM = "Make room on that disk or choose another folder."


def _write_and_remove(folder: Path) -> None:
    # Not tempfile: on Windows it tries thousands of names where none may be written.
    probe = folder / f".lrc-{uuid.uuid4().hex}.probe"
    try:
        probe.write_bytes(_PROBE)
    finally:
        probe.unlink(missing_ok=True)


def _refused(folder: Path, error: OSError) -> OutputFolderError:
    """Put what the system said into words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputFolderError(str(folder), "its disk is full", remedy=_MAKE_ROOM)
    in_the_way = _file_in_the_way(folder)
    if in_the_way is not None:
        problem = f"{in_the_way} is a file"
        remedy = "Move that file away or choose another folder."
        return OutputFolderError(str(folder), problem, remedy=remedy)
    problem = (error.strerror or str(error)).lower()
    remedy = "Choose a folder you may write to."
    return OutputFolderError(str(folder), problem, remedy=remedy)


def _file_in_the_way(folder: Path) -> Path | None:
    # os.path, because Path.is_file raises where a folder above may not be looked into.
    paths = (folder, *folder.parents)
    return next((path for path in paths if os.path.isfile(path)), None)  # noqa: PTH113
