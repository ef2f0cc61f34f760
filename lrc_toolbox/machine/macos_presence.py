"""Whether the artist is at a Mac: last input, locked screen.

Runs `ioreg`, two seconds at most. It could not be run where this was written: how its
answers look is known from others' programs. Any thread.
"""

from __future__ import annotations

import re
import subprocess

from lrc_toolbox.jobs.devices import Presence

#: Longer than this no answer is waited for.
LIMIT_S = 2.0

# Nanoseconds since the last event of any keyboard, mouse or tablet.
_IDLE = re.compile(r'"HIDIdleTime" = (\d+)')
# The session at the screen; the second is there only while it is locked.
_AT_SCREEN = re.compile(r'"kCGSSessionOnConsoleKey"\s*=\s*Yes')
_LOCKED = re.compile(r'"CGSSessionScreenIsLocked"\s*=\s*(?:Yes|1)\b')


def read() -> Presence:
    """Ask the registry of devices and that of sessions."""
    try:
        devices = _ask("-r", "-d", "1", "-c", "IOHIDSystem")
        sessions = _ask("-n", "Root", "-d", "1")
    except (OSError, subprocess.SubprocessError) as error:
        return Presence(problem=f"ioreg does not answer: {error}.")
    return understand(devices, sessions)


def understand(devices: str, sessions: str) -> Presence:
    """Make sense of what `ioreg` prints.

    Args:
        devices: of the class IOHIDSystem.
        sessions: of the root entry.
    """
    idle = _IDLE.search(devices)
    idle_s = int(idle[1]) / 1e9 if idle else None
    locked = None
    if _AT_SCREEN.search(sessions):
        locked = _LOCKED.search(sessions) is not None
    if idle_s is None and locked is None:
        return Presence(problem="macOS tells nothing of this session.")
    return Presence(idle_s, locked)


def _ask(*arguments: str) -> str:
    answer = subprocess.run(
        ["ioreg", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    return answer.stdout
