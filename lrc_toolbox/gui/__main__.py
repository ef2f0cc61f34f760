"""The panel in a window of its own: `python -m lrc_toolbox.gui [SCENE]`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from lrc_toolbox.gui import qt, theme
from lrc_toolbox.gui.panel import Panel
from lrc_toolbox.gui.qt import QtCore, QtWidgets
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.queue import RenderQueue


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the panel and stay until its window is closed; renders go on after that."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    application = make_application()
    try:
        queue = RenderQueue(chosen.home)
    except LrcError as error:
        sys.exit(str(error))
    with queue:
        panel = Panel(queue)
        panel.resize(panel.fontMetrics().averageCharWidth() * 170, 860)
        panel.show()
        if chosen.scene:
            panel.choose_scene(chosen.scene)
        code = qt.run()
        panel.close_down()
    del application
    return code


def make_application() -> QtWidgets.QApplication:
    """Make the application with its dark look; sharp on high-resolution screens."""
    attribute = QtCore.Qt.ApplicationAttribute
    if qt.BINDING == "PySide2":
        # Qt 6 always does so; Qt 5 must be told before the application is made.
        QtCore.QCoreApplication.setAttribute(attribute.AA_EnableHighDpiScaling)
        QtCore.QCoreApplication.setAttribute(attribute.AA_UseHighDpiPixmaps)
    application = QtWidgets.QApplication(sys.argv[:1])
    application.setApplicationName("LRC Toolbox")
    theme.wear(application)
    return application


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lrc_toolbox.gui",
        description="Submit Maya scenes for rendering and watch the queue.",
    )
    parser.add_argument("scene", nargs="?", help="a Maya ASCII scene for the form")
    parser.add_argument("--home", help="state folder, instead of LRC_HOME")
    return parser


if __name__ == "__main__":
    sys.exit(main())
