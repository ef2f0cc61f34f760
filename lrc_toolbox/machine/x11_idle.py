"""How long nobody touched keyboard and mouse of an X11 display.

Asks the display's own server (MIT-SCREEN-SAVER extension) through libxcb. Not through
Xlib and libXss: Xlib ends the whole process when the server goes, as it does when the
artist logs out. Calls block for as long as the server does. One thread at a time.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any

from lrc_toolbox.jobs.devices import Presence

# The extension's second request, "ScreenSaverQueryInfo", with the length in four bytes
# that every request carries (Xext, saver.pdf; X Window System Protocol, chapter 1).
_QUERY_INFO = 1
_LENGTH = 2

# Where a reply about an extension says whether there is one.
_PRESENT = 8

# Extensions that have no library of their own beside libxcb are numbered by libxcb; a
# zero there asks for a number.
_UNNUMBERED = 0


class _Vector(ctypes.Structure):
    """`struct iovec`."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Extension(ctypes.Structure):
    """`xcb_extension_t`."""

    _fields_ = (("name", ctypes.c_char_p), ("number", ctypes.c_int))


class _Request(ctypes.Structure):
    """`xcb_protocol_request_t`."""

    _fields_ = (
        ("count", ctypes.c_size_t),
        ("extension", ctypes.POINTER(_Extension)),
        ("opcode", ctypes.c_uint8),
        ("no_reply", ctypes.c_uint8),
    )


class _Question(ctypes.Structure):
    """The request as it goes to the server; libxcb fills in the first and third."""

    _fields_ = (
        ("major", ctypes.c_uint8),
        ("minor", ctypes.c_uint8),
        ("length", ctypes.c_uint16),
        ("drawable", ctypes.c_uint32),
    )


class _Answer(ctypes.Structure):
    """The server's reply."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("state", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("window", ctypes.c_uint32),
        ("ms_until_saver", ctypes.c_uint32),
        ("ms_since_input", ctypes.c_uint32),
    )


class _Screens(ctypes.Structure):
    """`xcb_screen_iterator_t`; a screen begins with its root window's number."""

    _fields_ = (
        ("screen", ctypes.POINTER(ctypes.c_uint32)),
        ("left", ctypes.c_int),
        ("index", ctypes.c_int),
    )


class X11Idle:
    """A connection to a display that is made when needed, again after it broke."""

    def __init__(self, display: str) -> None:
        """Prepare; nothing is connected before `read`.

        Args:
            display: as in `DISPLAY`, ":0".
        """
        self._display = display
        self._xcb: Any = None
        self._connection: int | None = None
        self._extension = _Extension(b"MIT-SCREEN-SAVER", _UNNUMBERED)

    def read(self) -> Presence:
        """Ask how long ago the last input was; nothing is said of a lock."""
        if not _is_local(self._display):
            return Presence(
                problem=f"The display {self._display} belongs to another computer."
            )
        if not self._connect():
            return Presence(problem=f"The display {self._display} does not answer.")
        idle_ms = self._ask()
        if idle_ms is None:
            self._disconnect()
            problem = f"The display {self._display} does not tell of input."
            return Presence(problem=problem)
        return Presence(idle_s=idle_ms / 1000)

    def _connect(self) -> bool:
        if self._connection is not None:
            return True
        self._xcb = self._xcb or _load()
        if self._xcb is None:
            return False
        self._connection = self._xcb.xcb_connect(os.fsencode(self._display), None)
        if self._xcb.xcb_connection_has_error(self._connection):
            self._disconnect()
        return self._connection is not None

    def _disconnect(self) -> None:
        self._xcb.xcb_disconnect(self._connection)
        self._connection = None

    def _ask(self) -> int | None:
        xcb, connection = self._xcb, self._connection
        extension = xcb.xcb_get_extension_data(
            connection, ctypes.byref(self._extension)
        )
        if not extension or not extension[_PRESENT]:
            return None
        sequence = self._send(self._root())
        failure = ctypes.c_void_p()
        reply = xcb.xcb_wait_for_reply(connection, sequence, ctypes.byref(failure))
        try:
            return int(reply.contents.ms_since_input) if reply else None
        finally:
            _free(reply)
            _free(failure)

    def _root(self) -> int:
        setup = self._xcb.xcb_get_setup(self._connection)
        return int(self._xcb.xcb_setup_roots_iterator(setup).screen[0])

    def _send(self, root: int) -> int:
        question = _Question(minor=_QUERY_INFO, length=_LENGTH, drawable=root)
        # libxcb wants two free places before the data (xcbext.h, xcb_send_request).
        parts = (_Vector * 3)()
        parts[2].base = ctypes.addressof(question)
        parts[2].length = ctypes.sizeof(question)
        request = _Request(1, ctypes.pointer(self._extension), _QUERY_INFO, 0)
        checked = 1  # an error comes with the reply, not into the queue of events
        return int(
            self._xcb.xcb_send_request(
                self._connection, checked, ctypes.byref(parts[2]), ctypes.byref(request)
            )
        )


def _is_local(display: str) -> bool:
    """Say whether a display is this computer's: ":0", not "localhost:10.0" of ssh."""
    return display.partition(":")[0] in ("", "unix")


def _load() -> Any:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return None
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    xcb.xcb_get_extension_data.restype = ctypes.POINTER(ctypes.c_uint8)
    xcb.xcb_get_extension_data.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    xcb.xcb_get_setup.restype = ctypes.c_void_p
    xcb.xcb_get_setup.argtypes = (ctypes.c_void_p,)
    xcb.xcb_setup_roots_iterator.restype = _Screens
    xcb.xcb_setup_roots_iterator.argtypes = (ctypes.c_void_p,)
    xcb.xcb_send_request.restype = ctypes.c_uint
    xcb.xcb_send_request.argtypes = (
        *(ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p),
    )
    xcb.xcb_wait_for_reply.restype = ctypes.POINTER(_Answer)
    xcb.xcb_wait_for_reply.argtypes = (
        *(ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p),
    )
    return xcb


def _free(memory: Any) -> None:
    """Give back what libxcb took from C's malloc."""
    if memory:
        free = ctypes.CDLL(None).free
        free.argtypes = (ctypes.c_void_p,)
        free(memory)
