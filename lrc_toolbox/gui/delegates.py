"""How cells that are more than text are painted: a state's dot, a bar, failed frames.

Sizes follow the font, so that they are right at every scale. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lrc_toolbox.gui import theme, wording
from lrc_toolbox.gui.job_model import ROW
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets
from lrc_toolbox.gui.rows import Figures, Phase

_Index = QtCore.QModelIndex | QtCore.QPersistentModelIndex
_Align = QtCore.Qt.AlignmentFlag
_LEFT = _Align.AlignLeft | _Align.AlignVCenter
_RIGHT = _Align.AlignRight | _Align.AlignVCenter

_ROW_HEIGHT = 1.55  # in heights of its text


class Ink(NamedTuple):
    """The colours of texts, which differ on a selected row."""

    text: QtGui.QColor
    wrong: QtGui.QColor


#: Paints a row's figures into a rectangle.
Content = Callable[[QtGui.QPainter, QtCore.QRect, Figures, Ink], None]


class RowDelegate(QtWidgets.QStyledItemDelegate):
    """Gives rows some air and ticks a visible edge."""

    def initStyleOption(
        self, option: QtWidgets.QStyleOptionViewItem, index: _Index
    ) -> None:
        """Fill in what the style paints."""
        super().initStyleOption(option, index)
        # Fusion makes the edge of an empty tick box from this colour, a shade darker;
        # from the dark palette's own it could not be seen.
        option.palette.setColor(
            QtGui.QPalette.ColorRole.Window, QtGui.QColor(theme.TICK_EDGE)
        )

    def sizeHint(
        self, option: QtWidgets.QStyleOptionViewItem, index: _Index
    ) -> QtCore.QSize:
        """Wish for a row that is higher than its text."""
        wish = super().sizeHint(option, index)
        wish.setHeight(round(option.fontMetrics.height() * _ROW_HEIGHT))
        return wish


class FiguresDelegate(RowDelegate):
    """Paints a cell's background as the style does, then its own content."""

    def __init__(self, content: Content, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._content = content

    def paint(
        self,
        painter: QtGui.QPainter,
        option: QtWidgets.QStyleOptionViewItem,
        index: _Index,
    ) -> None:
        """Paint one cell."""
        cell = QtWidgets.QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        cell.text = ""
        cell.widget.style().drawControl(
            QtWidgets.QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget
        )
        margin = cell.fontMetrics.averageCharWidth() // 2
        painter.save()
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setFont(cell.font)
        self._content(
            painter,
            cell.rect.adjusted(margin, 0, -margin, 0),
            index.data(ROW).figures,
            _ink(cell),
        )
        painter.restore()


def paint_state(
    painter: QtGui.QPainter, area: QtCore.QRect, figures: Figures, ink: Ink
) -> None:
    """Paint a coloured dot and the state's word."""
    size = painter.fontMetrics().ascent() * 0.62
    dot = QtCore.QRectF(area.left(), area.center().y() - size / 2 + 0.5, size, size)
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    painter.setBrush(QtGui.QColor(theme.PHASES[figures.phase]))
    painter.drawEllipse(dot)
    words = area.adjusted(round(size * 1.7), 0, 0, 0)
    _write(painter, words, figures.phase.value, ink.text)


def paint_progress(
    painter: QtGui.QPainter, area: QtCore.QRect, figures: Figures, ink: Ink
) -> None:
    """Paint a bar, frames given up in red at its end, and the percent beside it."""
    metrics = painter.fontMetrics()
    room = metrics.horizontalAdvance("100 %") + metrics.averageCharWidth()
    height = metrics.ascent() * 0.62
    bar = QtCore.QRectF(
        area.left(),
        area.center().y() - height / 2 + 0.5,
        max(0, area.width() - room),
        height,
    )
    shape = QtGui.QPainterPath()
    shape.addRoundedRect(bar, height / 2, height / 2)
    painter.setClipPath(shape)
    painter.fillRect(bar, QtGui.QColor(theme.TRACK))
    failed = bar.width() * figures.failed / max(1, figures.frames)
    done = min(bar.width() * figures.percent / 100, bar.width() - failed)
    painter.fillRect(
        QtCore.QRectF(bar.left(), bar.top(), done, height),
        QtGui.QColor(theme.PHASES[_bar_phase(figures.phase)]),
    )
    painter.fillRect(
        QtCore.QRectF(bar.right() - failed, bar.top(), failed, height),
        QtGui.QColor(theme.WRONG),
    )
    painter.setClipping(False)
    _write(painter, area, wording.percent(figures), ink.text, _RIGHT)


def paint_frames(
    painter: QtGui.QPainter, area: QtCore.QRect, figures: Figures, ink: Ink
) -> None:
    """Paint `18/24`, and in red how many were given up."""
    done = wording.frames_done(figures)
    _write(painter, area, done, ink.text)
    wide = painter.fontMetrics().horizontalAdvance(f"{done}  ")
    beside = area.adjusted(wide, 0, 0, 0)
    _write(painter, beside, wording.frames_failed(figures), ink.wrong)


def _write(
    painter: QtGui.QPainter,
    area: QtCore.QRect,
    words: str,
    colour: QtGui.QColor,
    align: QtCore.Qt.AlignmentFlag = _LEFT,
) -> None:
    shown = painter.fontMetrics().elidedText(
        words, QtCore.Qt.TextElideMode.ElideRight, area.width()
    )
    painter.setPen(colour)
    painter.drawText(area, int(align), shown)


def _bar_phase(phase: Phase) -> Phase:
    # What is done of a failed job is done; the red end says what is not.
    return Phase.DONE if phase is Phase.FAILED else phase


def _ink(cell: QtWidgets.QStyleOptionViewItem) -> Ink:
    palette: QtGui.QPalette = cell.palette
    role = QtGui.QPalette.ColorRole
    if cell.state & QtWidgets.QStyle.StateFlag.State_Selected:
        wrong = QtGui.QColor(theme.WRONG_SELECTED)
        return Ink(palette.color(role.HighlightedText), wrong)
    return Ink(palette.color(role.Text), QtGui.QColor(theme.WRONG))
