"""A tree view that says a sentence while it is empty. GUI thread."""

from __future__ import annotations

from lrc_toolbox.gui.delegates import RowDelegate
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets


class SentenceView(QtWidgets.QTreeView):
    """A tree view with a sentence in place of rows that are not there."""

    def __init__(self, sentence: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._sentence = sentence
        self.setItemDelegate(RowDelegate(self))
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setTextElideMode(QtCore.Qt.TextElideMode.ElideMiddle)
        self.header().setTextElideMode(QtCore.Qt.TextElideMode.ElideRight)

    @property
    def sentence(self) -> str:
        """What it says while it is empty."""
        return self._sentence

    def say(self, sentence: str) -> None:
        """Change what it says while it is empty."""
        if sentence != self._sentence:
            self._sentence = sentence
            self.viewport().update()

    def fit_columns(self) -> None:
        """Give each column the width of its longest text and some air.

        The last one has all the room that is left anyway.
        """
        air = self.fontMetrics().averageCharWidth() * 2
        for column in range(self.model().columnCount() - 1):
            self.resizeColumnToContents(column)
            self.setColumnWidth(column, self.columnWidth(column) + air)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Paint the rows, or the sentence."""
        super().paintEvent(event)
        if self.model() is None or self.model().rowCount():
            return
        painter = QtGui.QPainter(self.viewport())
        colour = self.palette().color(QtGui.QPalette.ColorRole.PlaceholderText)
        painter.setPen(colour)
        em = self.fontMetrics().height()
        area = self.viewport().rect().adjusted(em, em, -em, -em)
        flags = QtCore.Qt.AlignmentFlag.AlignCenter | QtCore.Qt.TextFlag.TextWordWrap
        painter.drawText(area, int(flags), self._sentence)
        painter.end()
