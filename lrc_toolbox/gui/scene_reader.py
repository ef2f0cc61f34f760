"""Reads what a chosen scene offers to render, off the GUI thread.

A production scene takes seconds to read. If another one is chosen meanwhile, only that
one's answer arrives.
"""

from __future__ import annotations

from lrc_toolbox.gui.background import Background
from lrc_toolbox.gui.qt import QtCore, Signal, let_go
from lrc_toolbox.gui.trouble import Report
from lrc_toolbox.scenes.snapshot import SceneSnapshot
from lrc_toolbox.scenes.taking import read_snapshot


class SceneReader(QtCore.QObject):
    """Reads scenes one after another; the newest question is the one answered."""

    read: QtCore.Signal[tuple[SceneSnapshot]] = Signal(object)
    failed: QtCore.Signal[tuple[Exception]] = Signal(object)

    def __init__(self, report: Report) -> None:
        super().__init__()
        self._background = Background("lrc-panel-scenes", report)
        self._asked = 0

    def ask(self, path: str) -> None:
        """Read a scene; `read` or `failed` follows."""
        self._asked += 1
        number = self._asked

        def hand_over(scene: SceneSnapshot) -> None:
            if number == self._asked:
                self.read.emit(scene)

        def fail(error: Exception) -> None:
            if number == self._asked:
                self.failed.emit(error)

        self._background.do(lambda: read_snapshot(path), hand_over, fail)

    def close(self) -> None:
        """End the thread; a scene still being read is left alone."""
        self._asked += 1
        self._background.close()
        let_go(self)
