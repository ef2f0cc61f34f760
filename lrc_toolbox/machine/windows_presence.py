"""Whether the artist is at a Windows computer: last input, locked screen.

Could not be run where this was written: types and numbers are from Microsoft's
documentation of winuser.h and wtsapi32.h. Any thread.
"""

from __future__ import annotations

import sys

from lrc_toolbox.jobs.devices import Presence

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _CURRENT_SERVER = None
    _CURRENT_SESSION = 0xFFFFFFFF
    _SESSION_INFO_EX = 25  # WTS_INFO_CLASS
    _LOCKED, _UNLOCKED = 0, 1  # the other way round before Windows 8

    class _LastInput(ctypes.Structure):
        """`LASTINPUTINFO`; the time counts milliseconds as `GetTickCount` does."""

        _fields_ = (("size", wintypes.UINT), ("time", wintypes.DWORD))

    class _SessionInfo(ctypes.Structure):
        """The beginning of `WTSINFOEXW`; its union starts at a multiple of 8 bytes."""

        _fields_ = (
            ("level", wintypes.DWORD),
            ("filling", wintypes.DWORD),
            ("session", wintypes.ULONG),
            ("state", ctypes.c_int),
            ("flags", wintypes.LONG),
        )

    def read() -> Presence:
        """Ask for the session that this process runs in."""
        idle_s, locked = _idle_s(), _locked()
        if idle_s is None and locked is None:
            return Presence(problem="Windows tells nothing of this session.")
        return Presence(idle_s, locked)

    def _idle_s() -> float | None:
        last = _LastInput(size=ctypes.sizeof(_LastInput))
        if not ctypes.windll.user32.GetLastInputInfo(ctypes.byref(last)):
            return None
        # Both begin again from 0 after 49.7 days.
        now = int(ctypes.windll.kernel32.GetTickCount())
        return float((now - last.time) & 0xFFFFFFFF) / 1000

    def _locked() -> bool | None:
        information, size = ctypes.c_void_p(), wintypes.DWORD()
        wts = ctypes.windll.wtsapi32
        if not wts.WTSQuerySessionInformationW(
            _CURRENT_SERVER,
            wintypes.DWORD(_CURRENT_SESSION),
            _SESSION_INFO_EX,
            ctypes.byref(information),
            ctypes.byref(size),
        ):
            return None
        try:
            told = ctypes.cast(information, ctypes.POINTER(_SessionInfo)).contents
            known = told.level == 1 and told.flags in (_LOCKED, _UNLOCKED)
            return told.flags == _LOCKED if known else None
        finally:
            wts.WTSFreeMemory(information)
