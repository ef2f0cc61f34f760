"""Questions to the artist, in dialogs that block nothing. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from lrc_toolbox.gui.qt import QtCore, QtWidgets


def confirm(
    parent: QtWidgets.QWidget,
    question: str,
    consequence: str,
    yes: str,
    no: str,
    then: Callable[[], None],
) -> None:
    """Ask before something that cannot be undone; the safe answer is the default.

    Args:
        parent: what the dialog belongs to.
        question: the question itself.
        consequence: what happens after a yes.
        yes: what the button that does it says.
        no: what the button that leaves everything as it is says.
        then: does it.
    """
    box = QtWidgets.QMessageBox(parent)
    box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QtWidgets.QMessageBox.Icon.Question)
    box.setText(question)
    box.setInformativeText(consequence)
    role = QtWidgets.QMessageBox.ButtonRole
    accept = box.addButton(yes, role.DestructiveRole)
    keep = box.addButton(no, role.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    accept.clicked.connect(lambda *_: then())
    box.open()


def ask_number(
    parent: QtWidgets.QWidget,
    title: str,
    label: str,
    value: int,
    then: Callable[[int], None],
) -> None:
    """Ask for a number from 0 to 100."""
    dialog = QtWidgets.QInputDialog(parent)
    dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setInputMode(QtWidgets.QInputDialog.InputMode.IntInput)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setIntRange(0, 100)
    dialog.setIntValue(value)
    dialog.intValueSelected.connect(then)
    dialog.open()
