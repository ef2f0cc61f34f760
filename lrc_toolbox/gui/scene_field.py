"""The field that names a scene: typed, pasted, dropped, browsed for or chosen again.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lrc_toolbox.gui.draft import scene_path
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets, Signal

_FILTER = "Maya ASCII scenes (*.ma)"
_MOST_RECENT = 12
_MENU_WIDTH = 90  # in widths of a character


class SceneField(QtWidgets.QWidget):
    """A line for the scene's path with a browse and a recent button."""

    chosen: QtCore.Signal[tuple[str]] = Signal(str)

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._chosen = ""
        self._offered: Sequence[str] = []
        self.line = QtWidgets.QLineEdit(self)
        self.line.setPlaceholderText("Drop a Maya scene here, or type its path")
        self.line.setAccessibleName("Scene")
        self.line.setAcceptDrops(False)  # the form takes drops, wherever they fall
        self.line.returnPressed.connect(self._type)
        self.line.editingFinished.connect(self._leave)
        browse = QtWidgets.QPushButton("&Browse…", self)
        browse.setToolTip("Choose a scene file")
        browse.clicked.connect(self._browse)
        self._recent = QtWidgets.QToolButton(self)
        self._recent.setText("Recent")
        self._recent.setToolTip("Scenes that were rendered before")
        self._recent.setAccessibleName("Recent scenes")
        self._recent.setPopupMode(
            QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup
        )
        self._recent.setEnabled(False)
        self._recent.setMenu(QtWidgets.QMenu(self._recent))
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(browse)
        layout.addWidget(self._recent)
        self.setFocusProxy(self.line)

    def choose(self, path: str) -> None:
        """Show a path and say that it was chosen, also if it is the same one again."""
        self._chosen = scene_path(path)
        self.line.setText(self._chosen)
        if self._chosen:
            self.chosen.emit(self._chosen)

    def offer(self, scenes: Sequence[str]) -> None:
        """Offer scenes in the recent menu, the newest first."""
        if self._offered == scenes[:_MOST_RECENT]:
            return  # The menu may be open just now.
        self._offered = scenes[:_MOST_RECENT]
        menu = self._recent.menu()
        menu.clear()
        metrics = self.fontMetrics()
        room = metrics.averageCharWidth() * _MENU_WIDTH
        for path in self._offered:
            shown = metrics.elidedText(path, QtCore.Qt.TextElideMode.ElideMiddle, room)
            # An ampersand would make the next letter a mnemonic.
            action = menu.addAction(shown.replace("&", "&&"))
            action.triggered.connect(lambda *_, path=path: self.choose(path))
        self._recent.setEnabled(bool(scenes))

    def _type(self) -> None:
        self.choose(self.line.text())

    def _leave(self) -> None:
        if scene_path(self.line.text()) != self._chosen:
            self._type()

    def _browse(self) -> None:
        start = str(Path(self._chosen).parent) if self._chosen else ""
        path, _ = QtWidgets.QFileDialog.getOpenFileName(
            self, "Choose a Maya scene", start, _FILTER
        )
        if path:
            self.choose(path)


def dropped_scene(mime: QtCore.QMimeData) -> str:
    """Find the Maya ASCII scene in what is dragged over; empty where there is none."""
    for url in mime.urls():
        path = url.toLocalFile()
        if path.lower().endswith(".ma"):
            return path
    return ""


def accept_scene(event: QtGui.QDragEnterEvent) -> None:
    """Let a dragged scene be dropped, and nothing else."""
    if dropped_scene(event.mimeData()):
        event.acceptProposedAction()
