"""What can be done with the selected jobs and tasks: their actions and when they apply.

Each action asks one thing of the queue through the bridge. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lrc_toolbox.gui import desktop, questions
from lrc_toolbox.gui.bridge import QueueBridge
from lrc_toolbox.gui.icons import icon
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets
from lrc_toolbox.gui.rows import JobRow, Phase, Row, TaskRow, picture_folder
from lrc_toolbox.gui.trouble import guarded
from lrc_toolbox.jobs.wording import count

if TYPE_CHECKING:
    from lrc_toolbox.queue import RenderQueue

_PRIORITIES = (("&Next", 90), ("&High", 70), ("N&ormal", 50), ("&Low", 30))


class JobActions(QtCore.QObject):
    """The actions of the toolbar and the context menu, for what is selected."""

    def __init__(self, bridge: QueueBridge, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.report = bridge.report
        self._bridge = bridge
        self._widget = parent
        self._rows: list[Row] = []
        self._jobs: list[JobRow] = []
        self._pausing = True
        self.pause = self._action("Pause", "Finish the frames in hand, start no others")
        self.cancel = self._action("Cancel…", "End its render processes and give it up")
        self.retry = self._action("Retry failed", "Render what failed or was cancelled")
        self.remove = self._action("Remove…", "Take it off the list; pictures stay")
        self.open_folder = self._action(
            "Open folder", "Open the folder of its pictures"
        )
        self.open_log = self._action("Open log", "Open the log of its newest process")
        self.remove.setShortcut(QtGui.QKeySequence(QtCore.Qt.Key.Key_Delete))
        self.priority = self._priority_menu()
        self._connect()
        self.select([], [])

    def all(self) -> list[QtGui.QAction | None]:
        """Give the actions in their order; None stands for a separator."""
        return [
            self.pause,
            self.cancel,
            self.retry,
            self.remove,
            None,
            self.open_folder,
            self.open_log,
        ]

    def select(self, rows: Sequence[Row], jobs: Sequence[JobRow]) -> None:
        """Apply to these rows from now on.

        Args:
            rows: what is selected, jobs and tasks.
            jobs: the jobs of these rows, each once.
        """
        self._rows, self._jobs = list(rows), list(jobs)
        open_jobs = [job for job in jobs if not job.figures.phase.ended]
        self._pausing = not open_jobs or not all(job.paused for job in open_jobs)
        self.pause.setText("Pause" if self._pausing else "Resume")
        self.pause.setIcon(self._icon("pause" if self._pausing else "resume"))
        self.pause.setEnabled(bool(open_jobs))
        self.cancel.setEnabled(
            any(job.figures.phase is not Phase.CANCELLING for job in open_jobs)
        )
        self.retry.setEnabled(any(_has_lost_frames(row) for row in rows))
        self.remove.setEnabled(bool(jobs))
        self.priority.setEnabled(bool(open_jobs))
        self.open_folder.setEnabled(len(rows) == 1)
        self.open_log.setEnabled(
            len(rows) == 1 and rows[0].figures.started_at is not None
        )

    # -- making them -----------------------------------------------------------------
    def _action(self, text: str, tip: str) -> QtGui.QAction:
        action = QtGui.QAction(text, self)
        action.setToolTip(tip)
        action.setShortcutContext(QtCore.Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return action

    def _icon(self, name: str) -> QtGui.QIcon:
        return icon(name, self._widget.palette())

    def _priority_menu(self) -> QtWidgets.QMenu:
        menu = QtWidgets.QMenu("Priority", self._widget)
        for text, priority in _PRIORITIES:
            action = menu.addAction(f"{text} ({priority})")
            action.triggered.connect(
                lambda *_, priority=priority: self._set_priority(priority)
            )
        menu.addSeparator()
        menu.addAction("Other…").triggered.connect(self._ask_priority)
        return menu

    def _connect(self) -> None:
        for action, name, slot in (
            (self.pause, "pause", self._pause),
            (self.cancel, "cancel", self._cancel),
            (self.retry, "retry", self._retry),
            (self.remove, "remove", self._remove),
            (self.open_folder, "folder", self._open_folder),
            (self.open_log, "log", self._open_log),
        ):
            action.setIcon(self._icon(name))
            action.triggered.connect(slot)

    # -- slots -----------------------------------------------------------------------
    @guarded
    def _pause(self) -> None:
        pausing = self._pausing
        self._for_each(lambda q, job: q.pause(job) if pausing else q.resume(job))

    @guarded
    def _cancel(self) -> None:
        questions.confirm(
            self._widget,
            f"Cancel {_named(self._jobs)}?",
            "The render processes end now. Pictures that are done stay.",
            "Cancel the render",
            "Keep rendering",
            lambda: self._for_each(lambda queue, job: queue.cancel(job)),
        )

    @guarded
    def _retry(self) -> None:
        rows = [row for row in self._rows if _has_lost_frames(row)]
        self._bridge.ask(lambda queue: _retry(queue, rows))

    @guarded
    def _remove(self) -> None:
        jobs = self._jobs
        if all(job.figures.phase.ended for job in jobs):
            self._for_each(lambda queue, job: queue.remove(job))
            return
        questions.confirm(
            self._widget,
            f"Remove {_named(jobs)}?",
            "It has not ended: its render processes end now. Pictures that are done "
            "stay.",
            "Remove it",
            "Keep it",
            lambda: self._for_each(lambda queue, job: queue.remove(job)),
        )

    @guarded
    def _open_folder(self) -> None:
        folder = picture_folder(self._rows[0], self._jobs[0])
        remedy = "It is made when the first picture is written."
        self._bridge.ask(lambda _: desktop.existing(folder, remedy), desktop.show)

    @guarded
    def _open_log(self) -> None:
        row = self._rows[0]
        self._bridge.ask(lambda queue: _newest_log(queue, row), desktop.show)

    @guarded
    def _set_priority(self, priority: int) -> None:
        self._for_each(lambda queue, job: queue.set_priority(job, priority))

    @guarded
    def _ask_priority(self) -> None:
        questions.ask_number(
            self._widget,
            "Priority",
            f"Priority of {_named(self._jobs)}, 0 to 100, higher is sooner:",
            self._jobs[0].priority,
            self._set_priority,
        )

    def _for_each(self, request: Callable[[RenderQueue, int], object]) -> None:
        jobs = [job.id for job in self._jobs]
        self._bridge.ask(lambda queue: [request(queue, job) for job in jobs])


def _named(jobs: Sequence[JobRow]) -> str:
    return (
        f"{jobs[0].name} #{jobs[0].id}" if len(jobs) == 1 else count(len(jobs), "job")
    )


def _has_lost_frames(row: Row) -> bool:
    figures = row.figures
    return figures.failed > 0 or (
        figures.phase is Phase.CANCELLED and figures.done < figures.frames
    )


def _retry(queue: RenderQueue, rows: Sequence[Row]) -> None:
    for row in rows:
        queue.retry(row.job, task=row.id if isinstance(row, TaskRow) else None)


def _newest_log(queue: RenderQueue, row: Row) -> str:
    attempts = [
        attempt
        for attempt in queue.attempts(row.job)
        if not isinstance(row, TaskRow) or attempt.task == row.id
    ]
    if not attempts:
        raise desktop.CannotOpenError(
            "The log", "does not exist yet", "It appears when rendering starts."
        )
    return desktop.existing(attempts[-1].log_path, "It was removed or has been moved.")
