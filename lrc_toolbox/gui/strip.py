"""The message strip: the newest error or note with its remedy, until it is dismissed.

GUI thread.
"""

from __future__ import annotations

from lrc_toolbox.gui import theme, trouble
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets


class MessageStrip(QtWidgets.QFrame):
    """A line above the panel that says what went wrong and what to do."""

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Message")
        self.setFrameShape(QtWidgets.QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._text = QtWidgets.QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(
            QtCore.Qt.TextInteractionFlag.TextSelectableByMouse
        )
        close = QtWidgets.QToolButton(self)
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Dismiss this message")
        close.setAccessibleName("Dismiss this message")
        close.clicked.connect(self.hide)
        layout = QtWidgets.QHBoxLayout(self)
        layout.addWidget(self._text, 1)
        layout.addWidget(close, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_error(self, error: Exception) -> None:
        """Say what went wrong, and on a line of its own the remedy."""
        what, remedy = trouble.sentence(error)
        self._say(f"{what}\n{remedy}".strip(), theme.ERROR_STRIP)

    def show_note(self, text: str) -> None:
        """Say something that went right."""
        self._say(text, theme.NOTE_STRIP)

    def _say(self, text: str, ground: str) -> None:
        palette = self.palette()
        role = QtGui.QPalette.ColorRole
        palette.setColor(role.Window, QtGui.QColor(ground))
        for ink in (role.WindowText, role.ButtonText):
            palette.setColor(ink, QtGui.QColor(theme.HIGHLIGHTED_TEXT))
        self.setPalette(palette)
        self._text.setText(text)
        self.show()
