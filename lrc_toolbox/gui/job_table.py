"""The tree of jobs and their tasks: columns, selection, and whose tasks are wanted.

GUI thread.
"""

from __future__ import annotations

from lrc_toolbox.gui import delegates
from lrc_toolbox.gui.job_model import ROW, Column, JobModel
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets, Signal
from lrc_toolbox.gui.rows import JobRow, Phase, Row
from lrc_toolbox.gui.sentence_view import SentenceView

_NO_JOBS = (
    "Nothing in the queue yet.\nChoose a scene above, tick its layers and press Render."
)
# In widths of a character.
_WIDTHS = {
    Column.NAME: 26,
    Column.STATE: 14,
    Column.PROGRESS: 22,
    Column.FRAMES: 20,
    Column.ETA: 18,
    Column.ELAPSED: 10,
    Column.RENDERING: 11,
    Column.CAMERA: 16,
    Column.PRIORITY: 9,
}
# What goes first where there is too little room for all.
_DROPPED = (
    Column.PRIORITY,
    Column.CAMERA,
    Column.RENDERING,
    Column.ELAPSED,
    Column.FRAMES,
    Column.ETA,
)
_OPENED_AT_START = 3


class JobTable(SentenceView):
    """Shows the queue; says what is selected and whose tasks it wants."""

    #: The numbers of the jobs whose tasks are to be shown.
    wanted: QtCore.Signal[tuple[frozenset[int]]] = Signal(object)
    #: Other rows are selected.
    chosen: QtCore.Signal[tuple[()]] = Signal()

    def __init__(self, model: JobModel, parent: QtWidgets.QWidget) -> None:
        super().__init__(_NO_JOBS, parent)
        self._jobs = model
        self._open: set[int] = set()
        self._to_reveal: int | None = None
        self._started = False
        self._top: Row | None = None
        # Before the view itself hears of it and begins to lay out anew.
        model.rowsAboutToBeInserted.connect(self._note_top)
        model.rowsAboutToBeRemoved.connect(self._note_top)
        self.setModel(model)
        self.setAccessibleName("Jobs and their layers")
        self.setSelectionMode(
            QtWidgets.QAbstractItemView.SelectionMode.ExtendedSelection
        )
        self.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.CustomContextMenu)
        self._set_up_columns()
        self.expanded.connect(self._note_open)
        self.collapsed.connect(self._note_closed)
        self.selectionModel().selectionChanged.connect(self._note_selection)

    def _set_up_columns(self) -> None:
        for column, content in (
            (Column.STATE, delegates.paint_state),
            (Column.PROGRESS, delegates.paint_progress),
            (Column.FRAMES, delegates.paint_frames),
        ):
            self.setItemDelegateForColumn(
                column, delegates.FiguresDelegate(content, self)
            )
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(
            Column.NAME, QtWidgets.QHeaderView.ResizeMode.Stretch
        )
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width * self._character())

    def _character(self) -> int:
        return self.fontMetrics().averageCharWidth()

    # -- what others do with it ------------------------------------------------------
    def selected(self) -> list[Row]:
        """Give the selected rows from top to bottom."""
        indexes = self.selectionModel().selectedRows()
        return [row for row in map(self._jobs.row_at, indexes) if row is not None]

    def selected_jobs(self) -> list[JobRow]:
        """Give the jobs of the selected rows, each once."""
        jobs = {row.job: self._jobs.job_of(row) for row in self.selected()}
        return list(jobs.values())

    def reveal(self, job: int) -> None:
        """Select and open a job, now or as soon as it is shown."""
        self._to_reveal = job
        self.refreshed()

    def refreshed(self) -> None:
        """Go on after the model was brought up to date."""
        self._keep_top()
        if not self._started and self._jobs.rowCount():
            self._started = True
            self._open_running()
        if self._to_reveal is not None:
            index = self._jobs.index_of(self._to_reveal)
            if index.isValid():
                self._to_reveal = None
                self.setCurrentIndex(index)
                self.expand(index)
                self.scrollTo(index)

    def _keep_top(self) -> None:
        if self._top is not None:
            index = self._jobs.index_of_row(self._top)
            self.scrollTo(index, QtWidgets.QAbstractItemView.ScrollHint.PositionAtTop)
            self._top = None

    def _open_running(self) -> None:
        rows = [self._jobs.index(at, 0) for at in range(self._jobs.rowCount())]
        running = [i for i in rows if i.data(ROW).figures.phase is Phase.RUNNING]
        for index in running[:_OPENED_AT_START]:
            self.expand(index)
        self.setCurrentIndex(running[0] if running else rows[0])

    # -- slots -----------------------------------------------------------------------
    def _note_open(self, index: QtCore.QModelIndex) -> None:
        self._open.add(index.data(ROW).id)
        self._want()

    def _note_closed(self, index: QtCore.QModelIndex) -> None:
        self._open.discard(index.data(ROW).id)
        self._want()

    def _note_top(self) -> None:
        # Rows that come or go above would move what is looked at. Somebody who looks
        # at the very top wants to see what comes.
        if self._top is None and self.verticalScrollBar().value() > 0:
            self._top = self._jobs.row_at(self.indexAt(QtCore.QPoint(1, 1)))

    def _note_selection(self) -> None:
        self._want()
        self.chosen.emit()

    def _want(self) -> None:
        self.wanted.emit(frozenset(self._open | {row.job for row in self.selected()}))

    # -- events ----------------------------------------------------------------------
    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Leave out the least needed columns where there is no room for them."""
        super().resizeEvent(event)
        room = self.viewport().width() / self._character()
        needed = sum(_WIDTHS.values())
        for column in _DROPPED:
            hidden = needed > room
            self.setColumnHidden(column, hidden)
            needed -= _WIDTHS[column] if hidden else 0
