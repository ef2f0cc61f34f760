"""A panel on a real queue, off screen."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

# Before the first application is made; a screen, where there is one, is not needed.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from lrc_toolbox.gui import theme
from lrc_toolbox.gui.panel import Panel
from lrc_toolbox.gui.qt import QtCore, QtWidgets
from lrc_toolbox.queue import RenderQueue
from tests.queue.conftest import begun, home, picture, queue, submit, until

__all__ = ["begun", "home", "picture", "queue", "submit", "until"]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QtWidgets.QApplication]:
    return QtWidgets.QApplication


@pytest.fixture
def dark(qapp: QtWidgets.QApplication) -> None:
    theme.wear(qapp)


@pytest.fixture
def panel(qtbot, dark: None, queue: RenderQueue) -> Iterator[Panel]:
    panel = Panel(queue)
    panel.resize(1400, 900)
    panel.show()
    yield panel
    panel.close_down()
    panel.close()
    panel.deleteLater()
    QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)


@pytest.fixture
def see(qtbot):
    """Wait until the panel shows something."""

    def wait(condition, limit_s: float = 30.0) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=int(limit_s * 1000))

    return wait
