"""Whether the artist is at the computer: since when no key, no mouse; locked or not.

Each system is asked in its own way (`windows_presence`, `x11_idle`, `login_session`,
`macos_presence`), on threads. One thread reads what they found.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lrc_toolbox.jobs.devices import Presence
from lrc_toolbox.machine import macos_presence, windows_presence
from lrc_toolbox.machine.aside import Aside
from lrc_toolbox.machine.login_session import LoginSession
from lrc_toolbox.machine.x11_idle import X11Idle

#: From here on a source that does not answer says nothing any more: what it said before
#: would keep the computer from an artist who is back, or renders from one that left.
HANGS_S = 5.0


class Source(NamedTuple):
    """Somebody who knows something of the artist.

    Attributes:
        read: asks; may block.
        every_s: how often; those that start programs cost more.
    """

    read: Callable[[], Presence]
    every_s: float


class PresenceWatch:
    """What is known of the artist from all sources together."""

    def __init__(
        self, sources: Iterable[Source] | None = None, *, hangs_s: float = HANGS_S
    ) -> None:
        """Prepare; nobody is asked yet.

        Args:
            sources: who to ask, the best first; by default what this system has.
            hangs_s: how long a source may take.
        """
        chosen = sources_of(os.environ) if sources is None else sources
        self._sources = [
            Aside(source.read, first=Presence(), every_s=source.every_s)
            for source in chosen
        ]
        self._hangs_s = hangs_s

    def read(self) -> Presence:
        """Tell what is known by now; never waits."""
        return combined([self._told(source) for source in self._sources])

    def wait(self, limit_s: float) -> None:
        """Wait for those that are being asked, this long for all of them."""
        end = time.monotonic() + limit_s
        for source in self._sources:
            source.wait(end - time.monotonic())

    def _told(self, source: Aside[Presence]) -> Presence:
        newest = source.newest()
        if source.held_s() < self._hangs_s:
            return newest
        return Presence(problem="The desktop does not answer.")


def combined(told: Iterable[Presence]) -> Presence:
    """Take each fact from the first who knows it; say why none is known."""
    known = list(told)
    idle_s = next((one.idle_s for one in known if one.idle_s is not None), None)
    locked = next((one.locked for one in known if one.locked is not None), None)
    if idle_s is None and locked is None:
        return Presence(problem=" ".join(one.problem for one in known if one.problem))
    return Presence(idle_s, locked)


def sources_of(environment: Mapping[str, str]) -> list[Source]:
    """Choose who to ask on this system."""
    if sys.platform == "win32":
        return [Source(windows_presence.read, 2.0)]
    if sys.platform == "darwin":
        return [Source(macos_presence.read, 5.0)]
    return [*_display(environment), Source(LoginSession().read, 5.0)]


def _display(environment: Mapping[str, str]) -> list[Source]:
    # Under Wayland the X server sees only what goes to X programs, so that its idle
    # time says nothing (Mutter, bugzilla.gnome.org 706005).
    if environment.get("WAYLAND_DISPLAY") or not environment.get("DISPLAY"):
        return []
    return [Source(X11Idle(environment["DISPLAY"]).read, 2.0)]
