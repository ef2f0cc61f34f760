"""This Maya as a host session: says that it is there, and when it wants quiet.

The service keeps capacity back for it (`machine.hosts`) and has renders step back while
it asks for quiet. Nothing here fails: the artist's work goes on where the file of the
session cannot be written. Maya's main thread only.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from maya.api import OpenMaya

from lrc_toolbox.gui.qt import QtCore
from lrc_toolbox.machine.host_registration import HostRegistration
from lrc_toolbox.queue import Home

_log = logging.getLogger(__name__)

#: How often this session gives a sign of life, in milliseconds.
BEAT_MS = 10_000

# A condition that Maya's documentation names (MConditionMessage, its example
# conditionTest.cpp). There is none for playblasts or IPR: see `quiet`.
_PLAYING = "playingBack"
_PLAYBACK = "playback"


class ThisSession:
    """This Maya, and what it wants quiet for."""

    def __init__(self, folder: Path) -> None:
        """Prepare; nothing is written before `begin`.

        Args:
            folder: where sessions register.
        """
        self._registration = HostRegistration(folder)
        self._wanted: list[str] = []
        self._failed = False

    def begin(self) -> None:
        """Say that this session is there."""
        self._try(self._registration.register)

    def beat(self) -> None:
        """Give a sign of life."""
        busy_with = self._wanted[-1] if self._wanted else ""
        self._try(lambda: self._registration.beat(busy_with))

    def end(self) -> None:
        """Say that it goes."""
        self._registration.unregister()

    def want(self, what: str) -> None:
        """Ask for quiet from now on."""
        self._wanted.append(what)
        self.beat()

    def want_no_more(self, what: str) -> None:
        """Take back what was asked for; what was asked for beside it stays."""
        if what in self._wanted:
            self._wanted.remove(what)
            self.beat()

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            if not self._failed:
                _log.warning("The renders are not told of this Maya: %s", error)
            self._failed = True
        else:
            self._failed = False


class _Current:
    """The session of the panel, while there is one."""

    session: ThisSession | None = None


def begin(folder: Path, panel: QtCore.QObject) -> None:
    """Register this Maya for as long as the panel stands.

    Args:
        folder: where sessions register.
        panel: what the signs of life are given for.
    """
    session = ThisSession(folder)
    session.begin()
    _Current.session = session
    timer = QtCore.QTimer(panel)
    timer.timeout.connect(session.beat)
    timer.start(BEAT_MS)

    def played(playing: bool, _data: None) -> None:
        (session.want if playing else session.want_no_more)(_PLAYBACK)

    callback = OpenMaya.MConditionMessage.addConditionCallback(_PLAYING, played)

    def end(*_: object) -> None:
        OpenMaya.MMessage.removeCallback(callback)
        # Maya may have made the next panel before it deletes this one.
        if _Current.session is session:
            _Current.session = None
            session.end()

    panel.destroyed.connect(end)


@contextlib.contextmanager
def quiet(what: str) -> Iterator[None]:
    """Have renders step back from this Maya's devices while something runs.

        with quiet("playblast"):
            cmds.playblast(filename=..., format="image")

    For what Maya tells nobody of: playblasts, IPR, caching. It works without the panel,
    too. It is written down before the work begins: the work may hold this thread.

    Args:
        what: what for, as the queue shows it.
    """
    session, own = _Current.session, None
    if session is None:
        session = own = ThisSession(Home.of().hosts)
        own.begin()
    session.want(what)
    try:
        yield
    finally:
        session.want_no_more(what)
        if own is not None:
            own.end()
