"""How a client wakes the service: a local socket that carries no data.

The queue file is the protocol; this only saves the service from looking at it all the
time. A Unix domain socket, on Windows a named pipe: no port is opened. The service
listens on a thread of its own that sleeps until somebody connects.

The named pipe could not be tried on Windows here.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.connection import Client, Listener
from pathlib import Path

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.running.home import Home

# A Unix socket's path ends before byte 104 on macOS, 108 on Linux.
_LONGEST = 104
_SHORT_FOLDERS = ("/tmp", "/var/tmp")


class NoRoomForBellError(LrcError):
    """There is no folder for the service's socket.

    Attributes:
        folder: the folder for temporary files, whose path is too long.
    """

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"The path of {folder} is too long for a socket.",
            remedy="Set TMPDIR to a folder with a short path.",
        )
        self.folder = folder


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """Which service runs, and where it listens.

    Attributes:
        pid: its process.
        created_at: the operating system's creation time of that process.
        address: a socket's path, on Windows a pipe's name.
        slots: how many processes it runs side by side, None where the policy says.
    """

    pid: int
    created_at: float
    address: str
    slots: int | None


class Doorbell:
    """The service's side: calls `on_ring` from its own thread for every wake-up."""

    def __init__(self, on_ring: Callable[[], None]) -> None:
        self._on_ring = on_ring
        self._closing = False
        self._listener = Listener(_new_address())
        self.address = str(self._listener.address)
        self._thread = threading.Thread(target=self._answer, daemon=True, name="bell")
        self._thread.start()

    def _answer(self) -> None:
        while not self._closing:
            try:
                self._listener.accept().close()
            except OSError:
                continue
            self._on_ring()

    def close(self) -> None:
        """Stop listening; who rings afterwards finds nobody."""
        self._closing = True
        # A thread that waits in accept() is not woken by closing the socket: ring.
        with contextlib.suppress(OSError, EOFError):
            Client(self.address).close()
        self._thread.join(timeout=5)
        self._listener.close()


def ring(home: Home) -> bool:
    """Wake the service of a state folder; False where none answers."""
    known = read_address(home)
    if known is None:
        return False
    try:
        Client(known.address).close()
    except (OSError, EOFError):
        return False
    return True


def write_address(home: Home, address: ServiceAddress) -> None:
    """Say which service runs, in one step."""
    beside = home.service_file.with_suffix(".part")
    beside.write_text(json.dumps(asdict(address)), encoding="utf-8")
    beside.replace(home.service_file)


def read_address(home: Home) -> ServiceAddress | None:
    """Read which service runs, or ran last; None where none ever did."""
    try:
        known = json.loads(home.service_file.read_text(encoding="utf-8"))
        return ServiceAddress(**known)
    except (OSError, ValueError, TypeError):
        return None


def _new_address() -> str:
    name = f"lrc-{uuid.uuid4().hex}"
    if os.name == "nt":
        return rf"\\.\pipe\{name}"
    # Not in the state folder: that can lie deep, as can the folder for temporary files.
    for folder in (tempfile.gettempdir(), *_SHORT_FOLDERS):
        path = str(Path(folder) / f"{name}.sock")
        if len(os.fsencode(path)) < _LONGEST and os.access(folder, os.W_OK):
            return path
    raise NoRoomForBellError(tempfile.gettempdir())
