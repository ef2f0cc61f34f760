"""A line of text that fits where it stands. GUI thread."""

from __future__ import annotations

from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets


class ElidedLabel(QtWidgets.QLabel):
    """A line of text that loses a part where it is too long; the tip has it all.

    A path loses its middle: its start and its end say most.
    """

    def __init__(
        self,
        parent: QtWidgets.QWidget,
        loses: QtCore.Qt.TextElideMode = QtCore.Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__(parent)
        self._loses = loses
        self.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._whole = ""

    @property
    def whole(self) -> str:
        """The text as it was given."""
        return self._whole

    def show_text(self, text: str) -> None:
        """Show a text."""
        self._whole = text
        self.setToolTip(text)
        self.updateGeometry()
        self._cut()

    def sizeHint(self) -> QtCore.QSize:
        """Wish for room for all of the text."""
        metrics = self.fontMetrics()
        # Glyphs are not whole pixels wide: cut to just its width, a text may lose some.
        width = metrics.horizontalAdvance(self._whole) + metrics.averageCharWidth()
        return QtCore.QSize(width, metrics.height())

    def minimumSizeHint(self) -> QtCore.QSize:
        """Never make its window wider than it is."""
        return QtCore.QSize(0, self.fontMetrics().height())

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Cut the text anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        cut = self.fontMetrics().elidedText(self._whole, self._loses, self.width())
        self.setText(cut)
