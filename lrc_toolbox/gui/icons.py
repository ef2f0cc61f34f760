"""The toolbar's icons, drawn in the palette's text colour, sharp at every scale.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from lrc_toolbox.gui.qt import QtCore, QtGui

_GRID = 16.0
_Draw = Callable[[QtGui.QPainter], None]


def icon(name: str, palette: QtGui.QPalette) -> QtGui.QIcon:
    """Draw an icon.

    Args:
        name: `pause`, `resume`, `stop`, `cancel`, `retry`, `remove`, `folder`, `log`
            or `more`.
        palette: gives the colours for enabled and disabled.
    """
    made = QtGui.QIcon()
    group, role = QtGui.QPalette.ColorGroup, QtGui.QPalette.ColorRole
    for mode, of in (
        (QtGui.QIcon.Mode.Normal, group.Active),
        (QtGui.QIcon.Mode.Disabled, group.Disabled),
    ):
        for scale in (1, 2, 3):
            colour = palette.color(of, role.ButtonText)
            made.addPixmap(_pixmap(_DRAWINGS[name], colour, scale), mode)
    return made


def _pixmap(draw: _Draw, colour: QtGui.QColor, scale: int) -> QtGui.QPixmap:
    pixmap = QtGui.QPixmap(int(_GRID) * scale, int(_GRID) * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(QtCore.Qt.GlobalColor.transparent)
    painter = QtGui.QPainter(pixmap)
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    pen = QtGui.QPen(colour, 1.6)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    draw(painter)
    painter.end()
    return pixmap


def _line(painter: QtGui.QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolyline(QtGui.QPolygonF([QtCore.QPointF(*point) for point in points]))


def _fill(painter: QtGui.QPainter, *points: tuple[float, float]) -> None:
    painter.setBrush(painter.pen().color())
    painter.drawPolygon(QtGui.QPolygonF([QtCore.QPointF(*point) for point in points]))


def _pause(painter: QtGui.QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.drawRect(QtCore.QRectF(4.5, 3.5, 1.6, 9))
    painter.drawRect(QtCore.QRectF(9.9, 3.5, 1.6, 9))


def _resume(painter: QtGui.QPainter) -> None:
    _fill(painter, (5, 3.5), (12.5, 8), (5, 12.5))


def _stop(painter: QtGui.QPainter) -> None:
    _fill(painter, (4, 4), (12, 4), (12, 12), (4, 12))


def _cancel(painter: QtGui.QPainter) -> None:
    _line(painter, (4, 4), (12, 12))
    _line(painter, (12, 4), (4, 12))


def _retry(painter: QtGui.QPainter) -> None:
    # Angles of drawArc are sixteenths of a degree, from three o'clock leftwards round.
    painter.drawArc(QtCore.QRectF(3, 3, 10, 10), 20 * 16, 290 * 16)
    _line(painter, (13.2, 2.6), (12.8, 6.2), (9.4, 5.6))


def _remove(painter: QtGui.QPainter) -> None:
    _line(painter, (3, 4.5), (13, 4.5))
    _line(painter, (6.3, 4.2), (6.6, 2.5), (9.4, 2.5), (9.7, 4.2))
    _line(painter, (4.4, 4.8), (5.1, 13.5), (10.9, 13.5), (11.6, 4.8))


def _folder(painter: QtGui.QPainter) -> None:
    _line(
        painter,
        (2, 12.5),
        (2, 3.5),
        (6, 3.5),
        (7.5, 5.2),
        (14, 5.2),
        (14, 12.5),
        (2, 12.5),
    )


def _log(painter: QtGui.QPainter) -> None:
    _line(painter, (3.5, 2), (12.5, 2), (12.5, 14), (3.5, 14), (3.5, 2))
    for height in (5, 8, 11):
        _line(painter, (6, height), (10, height))


def _more(painter: QtGui.QPainter) -> None:
    _line(painter, (4, 4.5), (7.5, 8), (4, 11.5))
    _line(painter, (8.5, 4.5), (12, 8), (8.5, 11.5))


_DRAWINGS: dict[str, _Draw] = {
    "pause": _pause,
    "resume": _resume,
    "stop": _stop,
    "cancel": _cancel,
    "retry": _retry,
    "remove": _remove,
    "folder": _folder,
    "log": _log,
    "more": _more,
}
