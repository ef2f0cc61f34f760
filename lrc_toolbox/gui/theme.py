"""Colours: the dark palette of the panel outside Maya, and one colour for each state.

Inside Maya the host's own palette stays; only the state colours are ours there. Every
text colour has a contrast of at least 4.5:1 on what it stands on (WCAG 2.1, 1.4.3),
every dot and bar at least 3:1 (1.4.11), which `tests/gui/test_gui_theme.py` measures.
GUI thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from lrc_toolbox.gui.qt import QtGui, QtWidgets
from lrc_toolbox.gui.rows import Phase

WINDOW = "#444444"
BASE = "#2b2b2b"
ALTERNATE = "#303030"
BUTTON = "#4e4e4e"
TEXT = "#e6e6e6"
BUTTON_TEXT = "#f2f2f2"
# Darkest of Maya's own highlight (#5285a6) that white text can be read on.
HIGHLIGHT = "#35617f"
HIGHLIGHTED_TEXT = "#ffffff"
# Fusion paints buttons lighter than this, as `BUTTON` too.
PROMINENT = "#1f4661"
FAINT = "#b4b4b4"
DISABLED = "#8c8c8c"
LINK = "#8fc4ee"
TICK_EDGE = "#d0d0d0"
TRACK = "#1d1d1d"

WRONG = "#ff9b92"
WRONG_SELECTED = "#ffcdc8"
ERROR_STRIP = "#5c2723"
NOTE_STRIP = "#27465c"

PHASES: dict[Phase, str] = {
    Phase.WAITING: "#b4b4b4",
    Phase.PAUSED: "#e8b64c",
    Phase.RUNNING: "#7db8e8",
    Phase.CANCELLING: "#e0ad80",
    Phase.DONE: "#7cc982",
    Phase.FAILED: "#ff948b",
    Phase.CANCELLED: "#c9b08f",
}


@dataclass(frozen=True)
class _Shade:
    role: QtGui.QPalette.ColorRole
    colour: str


def _shades() -> list[_Shade]:
    role = QtGui.QPalette.ColorRole
    return [
        _Shade(role.Window, WINDOW),
        _Shade(role.WindowText, TEXT),
        _Shade(role.Base, BASE),
        _Shade(role.AlternateBase, ALTERNATE),
        _Shade(role.Text, TEXT),
        _Shade(role.Button, BUTTON),
        _Shade(role.ButtonText, BUTTON_TEXT),
        _Shade(role.BrightText, WRONG),
        _Shade(role.ToolTipBase, BASE),
        _Shade(role.ToolTipText, TEXT),
        _Shade(role.Highlight, HIGHLIGHT),
        _Shade(role.HighlightedText, HIGHLIGHTED_TEXT),
        _Shade(role.Link, LINK),
        _Shade(role.LinkVisited, LINK),
        _Shade(role.PlaceholderText, FAINT),
        _Shade(role.Light, "#6a6a6a"),
        _Shade(role.Midlight, "#5a5a5a"),
        _Shade(role.Mid, "#3a3a3a"),
        _Shade(role.Dark, "#262626"),
        _Shade(role.Shadow, "#161616"),
    ]


def palette() -> QtGui.QPalette:
    """Make the dark palette, near to Maya's own."""
    made = QtGui.QPalette()
    group, role = QtGui.QPalette.ColorGroup, QtGui.QPalette.ColorRole
    for shade in _shades():
        made.setColor(shade.role, QtGui.QColor(shade.colour))
    for faded in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, faded, QtGui.QColor(DISABLED))
    return made


def prominent(host: QtGui.QPalette) -> QtGui.QPalette:
    """Make a palette for the one button that matters most, from the host's."""
    made = QtGui.QPalette(host)
    group, role = QtGui.QPalette.ColorGroup, QtGui.QPalette.ColorRole
    for of in (group.Active, group.Inactive):
        made.setColor(of, role.Button, QtGui.QColor(PROMINENT))
        made.setColor(of, role.ButtonText, QtGui.QColor(HIGHLIGHTED_TEXT))
    return made


def wear(application: QtWidgets.QApplication) -> None:
    """Give a stand-alone application the dark look; never called inside Maya."""
    application.setStyle("Fusion")
    application.setPalette(palette())
    application.setStyleSheet(
        f"QToolTip {{ color: {TEXT}; background: {BASE}; border: 1px solid {BUTTON}; }}"
    )
