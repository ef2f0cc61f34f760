"""The bridge between the queue and the GUI: watches, reads on a thread, hands over.

Now and then it asks the queue's version and reads only if that has changed; what it
read arrives as one `Snapshot` in the GUI thread. What an artist asks of the queue goes
through here too, on a second thread, so that a slow request delays no news.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lrc_toolbox.gui import trouble
from lrc_toolbox.gui.background import Background
from lrc_toolbox.gui.qt import QtCore, Signal, let_go
from lrc_toolbox.gui.rows import JobRow, TaskRow, job_row, task_row
from lrc_toolbox.gui.trouble import Report
from lrc_toolbox.queue import UnknownJobError

if TYPE_CHECKING:
    from lrc_toolbox.queue import QueueProgress, RenderQueue, ServiceStatus

Given = TypeVar("Given")

_VISIBLE_MS = 250
_HIDDEN_MS = 1000
# Reading a long list takes the interpreter from the GUI thread: after a read it rests
# so many times as long.
_REST = 8
# How often a service that was killed is started again, as `lrc watch` does.
_SERVICE_S = 5.0
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

    @property
    def service_is_missed(self) -> bool:
        """Whether there is work and no service to do it: it was killed."""
        is_open = self.queue.waiting + self.queue.running > 0
        return is_open and not self.queue.paused and not self.service.running


class _State(NamedTuple):
    """What a snapshot was made of; the same again needs no other snapshot."""

    version: int
    watched: frozenset[int]
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
        self._rows: dict[int, JobRow] = {}
        self._shown: _State | None = None
        self._rest_until = 0.0
        self._service_is_missed = False
        self._service_due = 0.0
        self._reading = False
        self._closed = False
        self._last_trouble = ""
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self._tick)
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
    def _read(self) -> tuple[_State, Snapshot] | None:
        # The version comes first: what is written while the rest is read is then read
        # again rather than missed. A killed service writes nothing.
        begun = time.monotonic()
        service = self._queue.service_status()
        state = _State(self._queue.version(), self._watched, service)
        if state == self._shown:
            return None
        views = self._queue.jobs(limit=MOST_JOBS, newest_first=True)
        jobs = [job_row(view, self._rows.get(view.id)) for view in views]
        self._rows = {row.id: row for row in jobs}
        tasks = self._read_tasks(state.watched & self._rows.keys())
        snapshot = Snapshot(jobs, tasks, self._queue.progress(), service)
        ended = time.monotonic()
        self._rest_until = ended + _REST * (ended - begun)
        return state, snapshot

    def _read_tasks(self, jobs: Collection[int]) -> dict[int, list[TaskRow]]:
        tasks: dict[int, list[TaskRow]] = {}
        for job in jobs:
            # It may have been removed since the jobs were read.
            with contextlib.suppress(UnknownJobError):
                tasks[job] = [task_row(view) for view in self._queue.tasks(job)]
        return tasks

    # -- in the GUI thread -----------------------------------------------------------
    def _tick(self) -> None:
        now = time.monotonic()
        if now >= self._rest_until:
            self.look()
        if self._service_is_missed and now >= self._service_due:
            self._service_due = now + _SERVICE_S
            self._asker.do(
                self._queue.ensure_service, lambda _: None, self._report_once
            )

    def _hand_over(self, read: tuple[_State, Snapshot] | None) -> None:
        self._reading = False
        if read is not None:
            self._last_trouble = ""
            self._shown, snapshot = read
            self._service_is_missed = snapshot.service_is_missed
            self.refreshed.emit(snapshot)
            if self._watched != self._shown.watched:
                self.look()

    def _watch_failed(self, error: Exception) -> None:
        self._reading = False
        self._report_once(error)

    def _report_once(self, error: Exception) -> None:
        # It is tried again and again; once said is enough.
        if str(error) != self._last_trouble:
            self._last_trouble = str(error)
            self.report(error)
