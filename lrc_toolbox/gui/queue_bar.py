"""The line at the bottom: the whole queue's counts, progress and end, and its service.

GUI thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from lrc_toolbox.gui import questions, wording
from lrc_toolbox.gui.bridge import QueueBridge, Snapshot
from lrc_toolbox.gui.elided_label import ElidedLabel
from lrc_toolbox.gui.icons import icon
from lrc_toolbox.gui.qt import QtCore, QtGui, QtWidgets
from lrc_toolbox.gui.trouble import guarded

if TYPE_CHECKING:
    from lrc_toolbox.queue import QueueProgress, RenderQueue

# In widths of a character.
_NARROW = 120


class QueueBar(QtWidgets.QWidget):
    """Shows how the whole queue stands, and pauses or stops it."""

    def __init__(self, bridge: QueueBridge, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.report = bridge.report
        self._bridge = bridge
        self._paused = False
        self._percent = ""
        self._eta_at: float | None = None
        self.pause = self._button(self._pause)
        self.stop = self._button(self._ask_to_stop)
        self.stop.setText("Stop all…")
        self.stop.setIcon(icon("stop", self.palette()))
        self.stop.setToolTip("End every render process now; their frames wait again")
        self.counts = ElidedLabel(self, QtCore.Qt.TextElideMode.ElideRight)
        self.progress = QtWidgets.QProgressBar(self)
        self.progress.setAccessibleName("Progress of the whole queue")
        self.progress.setTextVisible(False)
        room = self.progress.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(room)
        self.progress.setMinimumWidth(self.fontMetrics().averageCharWidth() * 8)
        self.progress.setFixedHeight(self.fontMetrics().ascent())
        self.ready = QtWidgets.QLabel(self)
        self.service = QtWidgets.QLabel(self)
        self._lay_out()
        self._show_paused(False)

    def _button(self, slot: Callable[[], None]) -> QtWidgets.QToolButton:
        button = QtWidgets.QToolButton(self)
        button.setAutoRaise(True)
        button.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        gap = self.fontMetrics().averageCharWidth() * 2
        steering = QtWidgets.QHBoxLayout()
        steering.addWidget(self.pause)
        steering.addWidget(self.stop)
        steering.addStretch(1)
        steering.addWidget(self.service)
        standing = QtWidgets.QHBoxLayout()
        standing.setSpacing(gap)
        standing.addWidget(self.counts)
        standing.addWidget(self.progress, 1)
        standing.addWidget(self.ready)
        self._layout = QtWidgets.QBoxLayout(QtWidgets.QBoxLayout.Direction.LeftToRight)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(gap)
        self._layout.addLayout(steering)
        self._layout.addLayout(standing, 1)
        self.setLayout(self._layout)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show how the queue stands."""
        queue = snapshot.queue
        self.counts.show_text(counts(queue))
        is_open = queue.waiting + queue.running > 0
        self.progress.setVisible(is_open)
        self.progress.setValue(int(queue.progress.percent))
        self._percent = f"{int(queue.progress.percent)} %" if is_open else ""
        self._eta_at = queue.progress.eta_at if queue.running else None
        self.refresh_clock()
        self._show_service(snapshot)
        self._show_paused(queue.paused)

    def refresh_clock(self) -> None:
        """Show anew what follows from the time."""
        if self._eta_at is None:
            self.ready.setText(self._percent)
        else:
            eta = wording.remaining(self._eta_at, time.time())
            self.ready.setText(f"{self._percent}, ready in {eta}")

    def _show_service(self, snapshot: Snapshot) -> None:
        if snapshot.service.running:
            self.service.setText("Service running")
        else:
            missed = snapshot.service_is_missed
            self.service.setText("Service starting…" if missed else "Service asleep")
        self.service.setToolTip(
            "The process that renders, apart from this window. It starts by itself "
            f"when there is work.\nIts files are in {snapshot.service.home}"
        )

    def _show_paused(self, paused: bool) -> None:
        self._paused = paused
        self.pause.setText("Resume queue" if paused else "Pause queue")
        self.pause.setIcon(icon("resume" if paused else "pause", self.palette()))
        self.pause.setToolTip(
            "Start rendering again"
            if paused
            else "Finish the frames in hand, then rest"
        )

    # -- slots -----------------------------------------------------------------------
    @guarded
    def _pause(self) -> None:
        self._bridge.ask(_resume_all if self._paused else _pause_all)

    @guarded
    def _ask_to_stop(self) -> None:
        questions.confirm(
            self,
            "Stop all rendering?",
            "Every render process ends now. The frames they were at are rendered again "
            "when you resume the queue.",
            "Stop all",
            "Keep rendering",
            lambda: self._bridge.ask(_stop_all),
        )

    # -- events ----------------------------------------------------------------------
    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Put the buttons beside the figures, or above them where it is narrow."""
        super().resizeEvent(event)
        wide = self.width() > _NARROW * self.fontMetrics().averageCharWidth()
        to = QtWidgets.QBoxLayout.Direction
        self._layout.setDirection(to.LeftToRight if wide else to.TopToBottom)


def counts(queue: QueueProgress) -> str:
    """Write how many jobs there are of each kind; what there is none of is left out."""
    parts = [
        f"{number:,} {word}"
        for number, word in (
            (queue.running, "running"),
            (queue.waiting, "waiting"),
            (queue.failed, "failed"),
            (queue.cancelled, "cancelled"),
            (queue.completed, "done"),
        )
        if number
    ]
    return ", ".join(parts) or "No jobs"


def _pause_all(queue: RenderQueue) -> None:
    queue.pause()


def _resume_all(queue: RenderQueue) -> None:
    queue.resume()


def _stop_all(queue: RenderQueue) -> None:
    queue.stop()
