"""The render layers of a scene with their ticks, as Qt's item views read them.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from lrc_toolbox.gui.qt import QtCore
from lrc_toolbox.scenes.snapshot import LayerSnapshot

_Role = QtCore.Qt.ItemDataRole
_Flag = QtCore.Qt.ItemFlag
_Index = QtCore.QModelIndex | QtCore.QPersistentModelIndex


class Column(IntEnum):
    """The columns, from left to right."""

    LAYER = 0
    FRAMES = 1
    SIZE = 2
    CAMERAS = 3
    RENDERER = 4


_HEADINGS = ("Layer", "Frames", "Size", "Cameras", "Renderer")


class LayerModel(QtCore.QAbstractTableModel):
    """One row for each layer; the first column carries the tick."""

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._layers: list[LayerSnapshot] = []
        self._ticked: set[str] = set()

    def show_layers(self, layers: Sequence[LayerSnapshot]) -> None:
        """Show another scene's layers, those that Maya would render ticked."""
        self.beginResetModel()
        self._layers = sorted(layers, key=lambda layer: layer.order)
        self._ticked = {layer.name for layer in layers if layer.renderable}
        self.endResetModel()

    def ticked(self) -> frozenset[str]:
        """Give the names of the ticked layers."""
        return frozenset(self._ticked)

    def tick_all(self, ticked: bool) -> None:
        """Tick every layer, or none."""
        self._ticked = {layer.name for layer in self._layers} if ticked else set()
        if self._layers:
            last = self.index(len(self._layers) - 1, Column.LAYER)
            self.dataChanged.emit(self.index(0, 0), last, [_Role.CheckStateRole])

    # -- QAbstractTableModel ---------------------------------------------------------
    def rowCount(self, parent: _Index = QtCore.QModelIndex()) -> int:
        """Count the layers."""
        return 0 if parent.isValid() else len(self._layers)

    def columnCount(self, parent: _Index = QtCore.QModelIndex()) -> int:
        """Count the columns."""
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: _Index) -> QtCore.Qt.ItemFlag:
        """Say what can be done with a cell."""
        if not index.isValid():
            return _Flag.NoItemFlags
        flags = (
            _Flag.ItemIsEnabled | _Flag.ItemIsSelectable | _Flag.ItemNeverHasChildren
        )
        if index.column() == Column.LAYER:
            flags |= _Flag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Give a cell's text, tip or tick."""
        if not index.isValid():
            return None
        layer = self._layers[index.row()]
        column = Column(index.column())
        if role == _Role.DisplayRole:
            return _text(layer, column)
        if role == _Role.ToolTipRole:
            return _tip(layer, column)
        if role == _Role.CheckStateRole and column is Column.LAYER:
            state = QtCore.Qt.CheckState
            return state.Checked if layer.name in self._ticked else state.Unchecked
        return None

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        """Tick or untick a layer."""
        if role != _Role.CheckStateRole or index.column() != Column.LAYER:
            return False
        name = self._layers[index.row()].name
        if QtCore.Qt.CheckState(value) == QtCore.Qt.CheckState.Checked:
            self._ticked.add(name)
        else:
            self._ticked.discard(name)
        self.dataChanged.emit(index, index, [role])
        return True

    def headerData(
        self,
        section: int,
        orientation: QtCore.Qt.Orientation,
        role: int = _Role.DisplayRole,
    ) -> Any:
        """Give a column's heading."""
        if orientation != QtCore.Qt.Orientation.Horizontal or section >= len(Column):
            return None
        return _HEADINGS[section] if role == _Role.DisplayRole else None


def _text(layer: LayerSnapshot, column: Column) -> str:
    if column is Column.LAYER:
        return layer.name
    if column is Column.FRAMES:
        return str(layer.frames)
    if column is Column.SIZE:
        return f"{layer.resolution[0]} x {layer.resolution[1]}"
    if column is Column.CAMERAS:
        return ", ".join(layer.cameras) or "none renderable"
    return layer.renderer


def _tip(layer: LayerSnapshot, column: Column) -> str:
    if column is Column.LAYER and not layer.renderable:
        return f"{layer.name}: switched off in the scene; tick it to render it anyway"
    return _text(layer, column)
