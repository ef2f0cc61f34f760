"""Opens folders and files with the programs the desktop has for them."""

from __future__ import annotations

from pathlib import Path

from lrc_toolbox.gui.qt import QtCore, QtGui
from lrc_toolbox.jobs.errors import LrcError


class CannotOpenError(LrcError):
    """A folder or file cannot be opened.

    Attributes:
        path: the folder or file.
    """

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        super().__init__(f"{path} {problem}.", remedy=remedy)
        self.path = path


def existing(path: str, remedy: str) -> str:
    """Give a path back if something is there. Any thread: it may be a slow drive.

    Raises:
        CannotOpenError: nothing is there.
    """
    if not Path(path).exists():
        raise CannotOpenError(path, "is not there", remedy)
    return path


def show(path: str) -> None:
    """Open a folder or file as a double click would. GUI thread.

    Raises:
        CannotOpenError: the desktop has no program for it.
    """
    if not QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(path)):
        raise CannotOpenError(
            path, "could not be opened by this desktop", "Open it by hand."
        )
