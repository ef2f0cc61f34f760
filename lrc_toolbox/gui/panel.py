"""The panel: submit a scene, watch the queue, look at the newest picture.

Puts the parts together and connects them; each does its own work. It stands in a window
of its own (`python -m lrc_toolbox.gui`) or docked in Maya (`maya_host.docking`). GUI
thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lrc_toolbox.gui.background import Background
from lrc_toolbox.gui.bridge import QueueBridge, Snapshot
from lrc_toolbox.gui.icons import icon
from lrc_toolbox.gui.job_actions import JobActions
from lrc_toolbox.gui.job_model import JobModel
from lrc_toolbox.gui.job_table import JobTable
from lrc_toolbox.gui.picture_pane import PicturePane
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets
from lrc_toolbox.gui.queue_bar import QueueBar
from lrc_toolbox.gui.rows import TaskRow
from lrc_toolbox.gui.scene_reader import SceneReader
from lrc_toolbox.gui.strip import MessageStrip
from lrc_toolbox.gui.submit_form import SubmitForm
from lrc_toolbox.gui.trouble import guarded
from lrc_toolbox.jobs.submission import Submission

if TYPE_CHECKING:
    from lrc_toolbox.queue import RenderQueue

_CLOCK_MS = 1000
# In heights of a line: enough for six layers.
_FORM_HEIGHT = 19
_PICTURE_WIDTH = 24
# In widths of a character: below the first the picture goes under the table, below the
# second nothing fits. Without the second, what stands side by side would set a least
# width above the first, and a wide panel could not be made narrow.
_NARROW = 120
_LEAST_WIDTH = 60


class Panel(QtWidgets.QWidget):
    """The whole panel on one queue.

    It takes its threads down with it; the queue stays the opener's to close.
    """

    def __init__(
        self, queue: RenderQueue, parent: QtWidgets.QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Batch Render Manager")
        self.bridge = QueueBridge(queue)
        self.report = self.bridge.report
        self._scenes = SceneReader(self.report)
        self._pictures = Background("lrc-panel-pictures", self.report)
        self.strip = MessageStrip(self)
        self.form = SubmitForm(self._scenes, self.report, self)
        self.jobs = JobModel(self)
        self.table = JobTable(self.jobs, self)
        self.job_actions = JobActions(self.bridge, self.table)
        self.picture = PicturePane(self._pictures, self)
        self.bar = QueueBar(self.bridge, self)
        self._clock = QtCore.QTimer(self)
        self._busy = False
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * _LEAST_WIDTH)
        self._lay_out()
        self._connect()

    # -- making it -------------------------------------------------------------------
    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        jobs = QtWidgets.QWidget(self)
        jobs_layout = QtWidgets.QVBoxLayout(jobs)
        jobs_layout.setContentsMargins(0, 0, 0, 0)
        jobs_layout.addWidget(self._toolbar())
        jobs_layout.addWidget(self.table, 1)
        self._lower = QtWidgets.QSplitter(QtCore.Qt.Orientation.Horizontal, self)
        self._lower.addWidget(jobs)
        self._lower.addWidget(self.picture)
        self._lower.setStretchFactor(0, 1)
        self._lower.setSizes([em * _PICTURE_WIDTH * 3, em * _PICTURE_WIDTH])
        halves = QtWidgets.QSplitter(QtCore.Qt.Orientation.Vertical, self)
        halves.addWidget(self.form)
        halves.addWidget(self._lower)
        halves.setStretchFactor(1, 1)
        halves.setSizes([em * _FORM_HEIGHT, em * _FORM_HEIGHT * 2])
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(self.strip)
        layout.addWidget(halves, 1)
        layout.addWidget(self.bar)

    def _toolbar(self) -> QtWidgets.QToolBar:
        toolbar = QtWidgets.QToolBar("Jobs", self)
        toolbar.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        toolbar.setIconSize(QtCore.QSize(16, 16))
        for action in self.job_actions.all():
            if action is None:
                toolbar.addSeparator()
            else:
                toolbar.addAction(action)
                self.table.addAction(action)
        # What has no room is behind this button, whose own icon is black on dark.
        more = toolbar.findChild(QtWidgets.QToolButton, "qt_toolbar_ext_button")
        if more is not None:
            more.setIcon(icon("more", self.palette()))
        return toolbar

    def _connect(self) -> None:
        self.bridge.refreshed.connect(self._show)
        self.bridge.troubled.connect(self.strip.show_error)
        self.form.render_asked.connect(self._submit)
        self.table.wanted.connect(self.bridge.watch)
        self.table.chosen.connect(self._show_chosen)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self._clock.timeout.connect(self._tick)
        self.destroyed.connect(_closing(self.bridge, self._scenes, self._pictures))

    # -- what others do with it ------------------------------------------------------
    def choose_scene(self, path: str) -> None:
        """Put a scene into the form, as if it was typed there."""
        self.form.scene.choose(path)

    def close_down(self) -> None:
        """End the panel's threads; it shows no more news afterwards."""
        self._clock.stop()
        _closing(self.bridge, self._scenes, self._pictures)()

    # -- slots -----------------------------------------------------------------------
    @guarded
    def _show(self, snapshot: Snapshot) -> None:
        self.jobs.show_jobs(snapshot.jobs)
        for job, tasks in snapshot.tasks.items():
            self.jobs.show_tasks(job, tasks)
        self.table.refreshed()
        self.form.scene.offer(list(dict.fromkeys(row.scene for row in snapshot.jobs)))
        self.bar.show_snapshot(snapshot)
        self._busy = snapshot.queue.running > 0
        self._show_chosen()

    @guarded
    def _show_chosen(self) -> None:
        rows = self.table.selected()
        self.job_actions.select(rows, self.table.selected_jobs())
        tasks: list[TaskRow] = []
        for row in rows:
            tasks += [row] if isinstance(row, TaskRow) else self.jobs.tasks_of(row.id)
        self.picture.show_tasks(tasks)
        self.picture.show_reason(rows[0] if len(rows) == 1 else None)

    @guarded
    def _submit(self, submission: Submission) -> None:
        def queued(job: int) -> None:
            self.form.submitted()
            self.table.reveal(job)

        def refused(error: Exception) -> None:
            self.form.submitted()
            self.report(error)

        self.bridge.ask(lambda queue: queue.submit(submission), queued, refused)

    @guarded
    def _show_menu(self, place: QtCore.QPoint) -> None:
        if not self.table.indexAt(place).isValid():
            return
        menu = QtWidgets.QMenu(self.table)
        menu.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.job_actions.all():
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        menu.addMenu(self.job_actions.priority)
        menu.popup(self.table.viewport().mapToGlobal(place))

    @guarded
    def _tick(self) -> None:
        if self._busy:
            self.jobs.refresh_clock()
            self.bar.refresh_clock()

    # -- events ----------------------------------------------------------------------
    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """Follow the queue closely while it is seen."""
        super().showEvent(event)
        self.bridge.set_visible(True)
        self._clock.start(_CLOCK_MS)

    def hideEvent(self, event: QtGui.QHideEvent) -> None:
        """Follow the queue loosely while it is not seen."""
        super().hideEvent(event)
        self.bridge.set_visible(False)
        self._clock.stop()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Put the picture beside the table, or below it where it is narrow."""
        super().resizeEvent(event)
        wide = self.width() > _NARROW * self.fontMetrics().averageCharWidth()
        beside, below = QtCore.Qt.Orientation.Horizontal, QtCore.Qt.Orientation.Vertical
        if self._lower.orientation() != (beside if wide else below):
            self._lower.setOrientation(beside if wide else below)
            length = max(self._lower.width(), self._lower.height())
            self._lower.setSizes([length * 2 // 3, length // 3])


def _closing(
    bridge: QueueBridge, scenes: SceneReader, pictures: Background
) -> Callable[..., None]:
    # Holds the parts themselves: when a widget says that it is destroyed, it can no
    # longer be asked for them.
    def close(*_: object) -> None:
        bridge.close()
        scenes.close()
        pictures.close()

    return close
