"""The jobs and their tasks as Qt's item views read them.

An adapter over plain rows: `show_jobs` and `show_tasks` bring it up to date by the
smallest edits, so that selection, expansion and scroll position stay. It reads nothing
itself. GUI thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from enum import IntEnum
from textwrap import fill
from typing import Any, NamedTuple

from lrc_toolbox.gui import wording
from lrc_toolbox.gui.diff import Edits, edits
from lrc_toolbox.gui.qt import QtCore
from lrc_toolbox.gui.rows import JobRow, Row, TaskRow

_Role = QtCore.Qt.ItemDataRole
_Index = QtCore.QModelIndex | QtCore.QPersistentModelIndex

#: The row itself, for delegates and for what acts on the selection.
ROW = _Role.UserRole + 1

#: Letters to a line of a sentence beside the mouse.
_TIP_WIDTH = 72


class Column(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    STATE = 1
    PROGRESS = 2
    FRAMES = 3
    ETA = 4
    ELAPSED = 5
    RENDERING = 6
    CAMERA = 7
    PRIORITY = 8


class _Heading(NamedTuple):
    text: str
    tip: str


_HEADINGS = {
    Column.NAME: _Heading("Job / layer", "The job, and below it its render layers"),
    Column.STATE: _Heading("State", "What is happening to it"),
    Column.PROGRESS: _Heading("Progress", "Frames done, and how far those in hand are"),
    Column.FRAMES: _Heading("Frames", "Pictures proved, of all; given up in red"),
    Column.ETA: _Heading("Ready", "Time left, and the time of day it will be ready"),
    Column.ELAPSED: _Heading("Elapsed", "How long it has been at work"),
    Column.RENDERING: _Heading("Now", "The frames being rendered"),
    Column.CAMERA: _Heading("Camera", "The camera a layer is rendered through"),
    Column.PRIORITY: _Heading("Priority", "0 to 100, higher is sooner"),
}

_RIGHT = QtCore.Qt.AlignmentFlag.AlignRight | QtCore.Qt.AlignmentFlag.AlignVCenter
_LEFT = QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter


class JobModel(QtCore.QAbstractItemModel):
    """Jobs at the top, each with its tasks below.

    A task's index carries its job's number, a job's index 0: numbers stay right while
    rows come and go.
    """

    def __init__(
        self,
        parent: QtCore.QObject | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._jobs: list[JobRow] = []
        self._tasks: dict[int, list[TaskRow]] = {}
        self._places: dict[int, int] = {}

    # -- what changes it -------------------------------------------------------------
    def show_jobs(self, rows: Sequence[JobRow]) -> None:
        """Show these jobs; those in both lists must stand in the same order."""
        steps = edits(self._jobs, rows, lambda row: row.id)
        self._edit(QtCore.QModelIndex(), self._jobs, rows, steps)
        self._tasks = {job: t for job, t in self._tasks.items() if job in self._places}

    def show_tasks(self, job: int, rows: Sequence[TaskRow]) -> None:
        """Show these tasks below a job that is shown."""
        below = self._tasks.setdefault(job, [])
        steps = edits(below, rows, lambda row: row.id)
        self._edit(self.index_of(job), below, rows, steps)

    def refresh_clock(self) -> None:
        """Have the views draw anew what follows from the time."""
        for place, row in enumerate(self._jobs):
            if not row.figures.phase.ended and row.figures.started_at is not None:
                self._announce_clock(QtCore.QModelIndex(), place, place)
                below = self._tasks.get(row.id, [])
                if below:
                    self._announce_clock(self.index_of(row.id), 0, len(below) - 1)

    def _announce_clock(
        self, parent: QtCore.QModelIndex, first: int, last: int
    ) -> None:
        self.dataChanged.emit(
            self.index(first, Column.ETA, parent),
            self.index(last, Column.ELAPSED, parent),
            [_Role.DisplayRole],
        )

    def _edit(
        self,
        parent: QtCore.QModelIndex,
        shown: list[Any],
        rows: Sequence[Row],
        steps: Edits,
    ) -> None:
        for run in steps.removed:
            self.beginRemoveRows(parent, run.first, run.last)
            del shown[run.first : run.last + 1]
            self._places = {job.id: place for place, job in enumerate(self._jobs)}
            self.endRemoveRows()
        for run in steps.inserted:
            self.beginInsertRows(parent, run.first, run.last)
            shown[run.first : run.first] = rows[run.first : run.last + 1]
            self._places = {job.id: place for place, job in enumerate(self._jobs)}
            self.endInsertRows()
        shown[:] = rows
        for run in steps.changed:
            self.dataChanged.emit(
                self.index(run.first, 0, parent),
                self.index(run.last, len(Column) - 1, parent),
                [],
            )

    # -- what is asked of it ---------------------------------------------------------
    def index_of(self, job: int) -> QtCore.QModelIndex:
        """Find a job's index; invalid where it is not shown."""
        place = self._places.get(job)
        return QtCore.QModelIndex() if place is None else self.createIndex(place, 0, 0)

    def index_of_row(self, row: Row) -> QtCore.QModelIndex:
        """Find a row's index, whatever it looks like now; invalid where it is gone."""
        above = self.index_of(row.job)
        if isinstance(row, JobRow) or not above.isValid():
            return above
        for place, task in enumerate(self._tasks.get(row.job, ())):
            if task.id == row.id:
                return self.index(place, 0, above)
        return QtCore.QModelIndex()

    def job_of(self, row: Row) -> JobRow:
        """Find the job of a row that is shown."""
        return self._jobs[self._places[row.job]]

    def tasks_of(self, job: int) -> Sequence[TaskRow]:
        """Give the tasks shown below a job."""
        return self._tasks.get(job, ())

    def row_at(self, index: _Index) -> Row | None:
        """Find the row of an index."""
        if not index.isValid():
            return None
        job = index.internalId()
        return self._tasks[job][index.row()] if job else self._jobs[index.row()]

    # -- QAbstractItemModel ----------------------------------------------------------
    def index(
        self, row: int, column: int, parent: _Index = QtCore.QModelIndex()
    ) -> QtCore.QModelIndex:
        """Give the index of a place."""
        if not self.hasIndex(row, column, parent):
            return QtCore.QModelIndex()
        job = self._jobs[parent.row()].id if parent.isValid() else 0
        return self.createIndex(row, column, job)

    def parent(self, child: _Index) -> QtCore.QModelIndex:  # type: ignore[override]
        """Give a task's job; jobs have no parent."""
        job = child.internalId() if child.isValid() else 0
        return self.index_of(job) if job else QtCore.QModelIndex()

    def rowCount(self, parent: _Index = QtCore.QModelIndex()) -> int:
        """Count the jobs, or a job's tasks that were read."""
        if not parent.isValid():
            return len(self._jobs)
        if parent.internalId() or parent.column() > 0:
            return 0
        return len(self._tasks.get(self._jobs[parent.row()].id, ()))

    def columnCount(self, parent: _Index = QtCore.QModelIndex()) -> int:
        """Count the columns, the same everywhere."""
        return len(Column)

    def hasChildren(self, parent: _Index = QtCore.QModelIndex()) -> bool:
        """Say whether a job has tasks, also before they were read."""
        if not parent.isValid():
            return bool(self._jobs)
        if parent.internalId() or parent.column() > 0:
            return False
        return self._jobs[parent.row()].tasks > 0

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Give a cell's text, tip, alignment or row."""
        row = self.row_at(index)
        if row is None:
            return None
        column = Column(index.column())
        if role == _Role.DisplayRole:
            return self._text(row, column)
        if role == ROW:
            return row
        if role == _Role.ToolTipRole:
            return self._tip(row, column)
        return _alignment(column) if role == _Role.TextAlignmentRole else None

    def headerData(
        self,
        section: int,
        orientation: QtCore.Qt.Orientation,
        role: int = _Role.DisplayRole,
    ) -> Any:
        """Give a column's heading and its tip."""
        if orientation != QtCore.Qt.Orientation.Horizontal or section >= len(Column):
            return None
        heading = _HEADINGS[Column(section)]
        if role == _Role.DisplayRole:
            return heading.text
        if role == _Role.ToolTipRole:
            return heading.tip
        return _alignment(section) if role == _Role.TextAlignmentRole else None

    # -- cells -----------------------------------------------------------------------
    def _text(self, row: Row, column: Column) -> str:
        figures = row.figures
        if column is Column.NAME:
            return wording.title(row)
        if column is Column.STATE:
            return figures.phase.value
        if column is Column.PROGRESS:
            return wording.percent(figures)
        if column is Column.FRAMES:
            return wording.frames(figures)
        if column is Column.ETA:
            return wording.eta(figures, self._clock())
        if column is Column.ELAPSED:
            return wording.elapsed(figures, self._clock())
        return _own_text(row, column)

    def _tip(self, row: Row, column: Column) -> str:
        if row.reason:
            # Qt breaks no lines of plain text, and a sentence is wider than a panel.
            return fill(row.reason, _TIP_WIDTH)
        if column is Column.NAME and isinstance(row, JobRow):
            return "\n".join(filter(None, (row.name, row.scene, row.note)))
        return self._text(row, column)


def _alignment(column: int) -> int:
    return int(_RIGHT if column == Column.PRIORITY else _LEFT)


def _own_text(row: Row, column: Column) -> str:
    if isinstance(row, JobRow):
        return str(row.priority) if column is Column.PRIORITY else ""
    if column is Column.RENDERING:
        return row.rendering
    return row.camera if column is Column.CAMERA else ""
