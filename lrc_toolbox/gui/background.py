"""Work beside the GUI thread: one thread, one piece of work after another.

What the work gives is handed on in the GUI thread, and so is the error it ends in. This
is an edge: every error of such work is caught here, so that none ends a thread unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeVar

from lrc_toolbox.gui.qt import QtCore, Signal, let_go
from lrc_toolbox.gui.trouble import Report, guarded

Given = TypeVar("Given")
_Step = Callable[[], None]

# A scene on a network drive that is gone may hold its reader for minutes, and Maya must
# be able to close meanwhile: the thread is a daemon and waited for no longer than this.
_CLOSE_S = 3.0


class Background(QtCore.QObject):
    """A thread that does work for the GUI and brings back what it gives."""

    _returned: QtCore.Signal[tuple[_Step]] = Signal(object)

    def __init__(self, name: str, report: Report) -> None:
        """Start the thread.

        Args:
            name: of the thread, as debuggers show it.
            report: takes the errors of all work, in the GUI thread.
        """
        super().__init__()
        self.report = report
        self._waiting: SimpleQueue[Callable[[], _Step] | None] = SimpleQueue()
        self._closed = False
        self._handing_over = Lock()
        self._returned.connect(self._go_on, QtCore.Qt.ConnectionType.QueuedConnection)
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(
        self,
        work: Callable[[], Given],
        then: Callable[[Given], None],
        failed: Report | None = None,
    ) -> None:
        """Do work on the thread, then go on with what it gave in the GUI thread.

        Args:
            work: must touch no Qt object.
            then: gets what the work gave.
            failed: gets the error it ended in instead of `report`.
        """

        def piece() -> _Step:
            try:
                return partial(then, work())
            except Exception as error:  # noqa: BLE001 - an edge: reported, never lost
                return partial(failed or self.report, error)

        self._waiting.put(piece)

    def close(self) -> None:
        """End the thread after the work in hand; what it gives is not handed on."""
        with self._handing_over:
            self._closed = True
        self._waiting.put(None)
        self._thread.join(_CLOSE_S)
        let_go(self)

    def _run(self) -> None:
        while (piece := self._waiting.get()) is not None:
            if self._closed:
                return
            step = piece()
            # The lock keeps this object from being closed, and then deleted, between
            # the question and the signal.
            with self._handing_over:
                if not self._closed:
                    self._returned.emit(step)

    @guarded
    def _go_on(self, step: _Step) -> None:
        if not self._closed:
            step()
