"""The bridge between the queue and the GUI: watches, reads on a thread, hands over.

Now and then it asks the queue's version and reads only if that has changed; what it
read arrives as one `Snapshot` in the GUI thread. What an artist asks of the queue goes
through here too, on a second thread, so that a slow request delays no news.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from lrc_toolbox.gui import trouble
from lrc_toolbox.gui.background import Background
from lrc_toolbox.gui.qt import QtCore, Signal, let_go
from lrc_toolbox.gui.rows import JobRow, TaskRow, job_row, task_row
from lrc_toolbox.gui.trouble import Report

if TYPE_CHECKING:
    from lrc_toolbox.queue import QueueProgress, RenderQueue, ServiceStatus

Given = TypeVar("Given")

_VISIBLE_MS = 250
_HIDDEN_MS = 1000
#: More than an artist scrolls through; `lrc queue` lists the older ones.
MOST_JOBS = 1000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the queue looked like at one moment.

    Attributes:
        jobs: the newest first, at most `MOST_JOBS`.
        tasks: of the jobs that are watched.
    """

    jobs: list[JobRow]
    tasks: dict[int, list[TaskRow]]
    queue: QueueProgress
    service: ServiceStatus


class QueueBridge(QtCore.QObject):
    """Brings news of a queue to the GUI thread, and requests to the queue."""

    refreshed: QtCore.Signal[tuple[Snapshot]] = Signal(object)
    troubled: QtCore.Signal[tuple[Exception]] = Signal(object)

    def __init__(self, queue: RenderQueue) -> None:
        super().__init__()
        self._queue = queue
        self._reader = Background("lrc-panel-reader", self._watch_failed)
        self._asker = Background("lrc-panel-asker", self.report)
        self._watched: frozenset[int] = frozenset()
        self._shown: tuple[int, frozenset[int]] | None = None
        self._reading = False
        self._closed = False
        self._last_trouble = ""
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_HIDDEN_MS)

    def report(self, error: Exception) -> None:
        """Log an error, and show it where the panel shows errors."""
        trouble.log(error)
        self.troubled.emit(error)

    def set_visible(self, visible: bool) -> None:
        """Look often while somebody sees it, seldom otherwise."""
        if self._closed:
            return
        self._timer.start(_VISIBLE_MS if visible else _HIDDEN_MS)
        if visible:
            self.look()

    def watch(self, jobs: Collection[int]) -> None:
        """Say whose tasks are shown; only theirs are read."""
        self._watched = frozenset(jobs)
        self.look()

    def look(self) -> None:
        """Read the queue now if anything has changed."""
        if not self._reading and not self._closed:
            self._reading = True
            self._reader.do(self._read, self._hand_over)

    def ask(
        self,
        request: Callable[[RenderQueue], Given],
        then: Callable[[Given], None] | None = None,
        failed: Report | None = None,
    ) -> None:
        """Ask something of the queue on a thread.

        Args:
            request: gets the queue; must touch no Qt object.
            then: gets what the request gave, in the GUI thread.
            failed: gets the error it ended in, likewise; else it is reported.
        """

        def go_on(given: Given) -> None:
            self.look()
            if then is not None:
                then(given)

        self._asker.do(lambda: request(self._queue), go_on, failed)

    def close(self) -> None:
        """End the threads; nothing is handed over any more, and it is gone."""
        self._closed = True
        self._reader.close()
        self._asker.close()
        let_go(self)

    # -- on the reader's thread ------------------------------------------------------
    def _read(self) -> tuple[tuple[int, frozenset[int]], Snapshot] | None:
        # The version comes first: what is written while the rest is read is then read
        # again rather than missed.
        state = (self._queue.version(), self._watched)
        if state == self._shown:
            return None
        queue = self._queue
        jobs = [job_row(v) for v in queue.jobs(limit=MOST_JOBS, newest_first=True)]
        watched = [row.id for row in jobs if row.id in state[1]]
        tasks = {job: [task_row(view) for view in queue.tasks(job)] for job in watched}
        return state, Snapshot(jobs, tasks, queue.progress(), queue.service_status())

    # -- in the GUI thread -----------------------------------------------------------
    def _hand_over(
        self, read: tuple[tuple[int, frozenset[int]], Snapshot] | None
    ) -> None:
        self._reading = False
        self._last_trouble = ""
        if read is not None:
            self._shown, snapshot = read
            self.refreshed.emit(snapshot)
            if self._watched != self._shown[1]:
                self.look()

    def _watch_failed(self, error: Exception) -> None:
        self._reading = False
        # It is tried again at every tick; once said is enough.
        if str(error) != self._last_trouble:
            self._last_trouble = str(error)
            self.report(error)
