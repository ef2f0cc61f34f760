"""The one import of a Qt binding: PySide2 or PySide6 through Qt.py, whichever is there.

Every other file takes Qt's modules from here; `tests/test_import_walls.py` holds that.
Typed by the stubs of types-PySide6 and of Qt.py, which fit both bindings for what Qt.py
lets through.
"""

from __future__ import annotations

from typing import TypeVar, cast

import Qt
from Qt import QtCompat, QtCore, QtGui, QtWidgets

__all__ = ["BINDING", "QtCore", "QtGui", "QtWidgets", "Signal", "let_go", "run", "wrap"]

#: "PySide2" or "PySide6".
BINDING = Qt.__binding__
Signal = QtCore.Signal

Wrapped = TypeVar("Wrapped", bound=QtCore.QObject)


def wrap(address: int, kind: type[Wrapped]) -> Wrapped:
    """Get the Python object of a widget that C++ owns, as Maya hands them out.

    Args:
        address: the pointer, e.g. from `maya.OpenMayaUI.MQtUtil.findControl`.
        kind: the Qt class that it is.
    """
    return cast(Wrapped, QtCompat.wrapInstance(address, kind))


def let_go(thing: QtCore.QObject) -> None:
    """Have an object that has no parent deleted by Qt, in its own thread.

    Left to Python, it may go in whatever thread the garbage collector happens to run,
    and Qt crashes. Does nothing where Qt has deleted it already.
    """
    if QtCompat.isValid(thing):
        thing.deleteLater()


def run() -> int:
    """Run the application's event loop until it ends; return its exit code."""
    return int(QtCompat.QApplication.exec_())
