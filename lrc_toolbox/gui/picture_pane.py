"""The newest picture of what is selected, with its frame and its path. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from lrc_toolbox.gui.background import Background
from lrc_toolbox.gui.elided_label import ElidedLabel
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets
from lrc_toolbox.gui.rows import Row, TaskRow

NOTHING = "The newest picture of the selected job or layer appears here."
LOST = "The small picture cannot be read. The picture itself is at the path below."


class _Loaded(NamedTuple):
    task: TaskRow
    image: QtGui.QImage


class PicturePane(QtWidgets.QWidget):
    """Shows the newest proved picture of some tasks, small."""

    def __init__(self, background: Background, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._background = background
        self._asked: list[tuple[str, str]] | None = None
        self.canvas = Canvas(self)
        self.title = ElidedLabel(self)
        self.path = ElidedLabel(self)
        self.reason = QtWidgets.QLabel(self)
        self.reason.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.reason.setWordWrap(True)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.reason)
        layout.addWidget(self.title)
        layout.addWidget(self.path)
        layout.addWidget(self.canvas, 1)
        self.show_tasks(())

    def show_tasks(self, tasks: Sequence[TaskRow]) -> None:
        """Show the newest picture of these tasks; read it only if there is another."""
        with_picture = [task for task in tasks if task.thumbnail]
        asked = [(task.thumbnail, task.picture) for task in with_picture]
        if asked == self._asked:
            return
        self._asked = asked
        if not asked:
            self.canvas.say(NOTHING)
            self.title.show_text("")
            self.path.show_text("")
            return

        def show(loaded: _Loaded) -> None:
            if asked == self._asked:
                self._show(loaded)

        self._background.do(lambda: _load_newest(with_picture), show)

    def show_reason(self, row: Row | None) -> None:
        """Say why a row waits or why it failed; nothing where there is no reason."""
        text = row.reason if row is not None else ""
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def _show(self, loaded: _Loaded) -> None:
        task = loaded.task
        if loaded.image.isNull():
            self.canvas.say(LOST)
        else:
            self.canvas.show_image(loaded.image)
        self.title.show_text(
            f"{task.layer} · {task.camera} · frame {task.picture_frame}"
        )
        self.path.show_text(task.picture)


def _load_newest(tasks: Sequence[TaskRow]) -> _Loaded:
    # Runs on a thread: of Qt's picture classes only QImage may be used there.
    newest = max(tasks, key=lambda task: _changed_at(task.thumbnail))
    return _Loaded(newest, QtGui.QImage(newest.thumbnail))


def _changed_at(path: str) -> float:
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0


class Canvas(QtWidgets.QWidget):
    """Paints an image as large as fits, or a sentence where there is none."""

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._image = QtGui.QImage()
        self._scaled = QtGui.QPixmap()
        self._sentence = ""
        em = self.fontMetrics().height()
        self.setMinimumSize(em * 8, em * 6)

    @property
    def sentence(self) -> str:
        """What it says in place of an image."""
        return self._sentence

    def sizeHint(self) -> QtCore.QSize:
        """Wish for the size of a small picture."""
        em = self.fontMetrics().height()
        return QtCore.QSize(em * 17, em * 12)

    def show_image(self, image: QtGui.QImage) -> None:
        """Show an image."""
        self._image, self._sentence = image, ""
        self._scaled = QtGui.QPixmap()
        self.update()

    def say(self, sentence: str) -> None:
        """Show a sentence in place of an image."""
        self._image, self._sentence = QtGui.QImage(), sentence
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Paint the image or the sentence."""
        painter = QtGui.QPainter(self)
        if self._image.isNull():
            self._paint_sentence(painter)
        else:
            pixmap = self._fitting()
            shown = QtCore.QRect(
                QtCore.QPoint(), pixmap.size() / pixmap.devicePixelRatio()
            )
            shown.moveLeft((self.width() - shown.width()) // 2)
            painter.drawPixmap(shown, pixmap)
        painter.end()

    def _fitting(self) -> QtGui.QPixmap:
        # Scaled in pixels of the screen, not in Qt's points, to be sharp at 200 %.
        ratio = self.devicePixelRatioF()
        room = self.size() * ratio
        size = self._image.size().scaled(
            room, QtCore.Qt.AspectRatioMode.KeepAspectRatio
        )
        if self._scaled.size() != size:
            smooth = QtCore.Qt.TransformationMode.SmoothTransformation
            fit = QtCore.Qt.AspectRatioMode.IgnoreAspectRatio
            self._scaled = QtGui.QPixmap.fromImage(
                self._image.scaled(size, fit, smooth)
            )
        self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

    def _paint_sentence(self, painter: QtGui.QPainter) -> None:
        em = self.fontMetrics().height()
        painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.PlaceholderText))
        flags = QtCore.Qt.AlignmentFlag.AlignCenter | QtCore.Qt.TextFlag.TextWordWrap
        area = self.rect().adjusted(em, em, -em, -em)
        painter.drawText(area, int(flags), self._sentence)
