"""What Linux's login manager knows of the artist: locked, idle, which kind of screen.

Runs `loginctl`, which asks systemd-logind. Blocks for as long as that takes, two
seconds at most. One thread at a time.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from lrc_toolbox.jobs.devices import Presence

#: Longer than this no answer is waited for.
LIMIT_S = 2.0

# sd_booted(3): a system without this folder was not started by systemd.
_BOOTED = Path("/run/systemd/system")
_PROPERTIES = ("Type", "Remote", "IdleHint", "IdleSinceHint", "LockedHint")


class LoginSession:
    """This user's session at the screen, found again when it ended."""

    def __init__(self, booted: Path = _BOOTED) -> None:
        """Prepare; nothing is asked before `read`.

        Args:
            booted: a folder that is there where systemd runs.
        """
        self._booted = booted
        self._session = ""

    def read(self) -> Presence:
        """Ask whether the screen is locked and since when nobody was there."""
        if not self._booted.is_dir():
            return Presence(problem="This system has no login manager (systemd).")
        try:
            # What logind calls a user's display is its session with a screen; the
            # service itself may have been started over ssh.
            self._session = self._session or _ask(
                "show-user", str(os.getuid()), ("Display",)
            ).get("Display", "")
            if not self._session:
                return Presence(problem="This user has no session at a screen.")
            told = _ask("show-session", self._session, _PROPERTIES)
        except (OSError, subprocess.SubprocessError) as error:
            self._session = ""
            return Presence(problem=f"The login manager does not answer: {error}.")
        return understand(told, time.time())


def understand(told: Mapping[str, str], now: float) -> Presence:
    """Make sense of a session's properties (org.freedesktop.login1(5)).

    A desktop gives the hint after a delay of its own, five minutes in GNOME as it
    comes: until then nobody counts as idle, and the delay is not counted afterwards.

    Args:
        told: of `Type`, `Remote`, `IdleHint`, `IdleSinceHint` (microseconds since 1970
            UTC) and `LockedHint`.
        now: seconds since 1970 UTC.
    """
    if told.get("Remote") == "yes":
        return Presence(problem="The session is another computer's (ssh).")
    idle_s = None
    if told.get("IdleHint") == "yes":
        idle_s = max(0.0, now - int(told.get("IdleSinceHint", "0")) / 1e6)
    elif told.get("IdleHint") == "no":
        idle_s = 0.0
    locked = told.get("LockedHint")
    return Presence(idle_s, None if locked is None else locked == "yes")


def _ask(verb: str, whom: str, properties: tuple[str, ...]) -> dict[str, str]:
    """Ask for properties.

    Raises:
        OSError: there is no loginctl.
        subprocess.SubprocessError: it does not know, or not in time.
    """
    wanted = [f"--property={name}" for name in properties]
    answer = subprocess.run(
        ["loginctl", verb, whom, *wanted],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    lines = (line.partition("=") for line in answer.stdout.splitlines())
    return {name: value for name, _, value in lines}
