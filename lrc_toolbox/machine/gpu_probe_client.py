"""The process that reads GPUs, seen from the one that wants to know.

Owns starting, asking and leaving one child (`machine.gpu_probe`). When to ask and what
follows a failure is decided in `machine.gpus`. Used from one thread; only `kill` may be
called from any. What is said of Windows could not be run here.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from lrc_toolbox.jobs.devices import GpuReading
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.machine.gpu_messages import READ, READY, read_reading

#: Names the Python that runs our processes, as `running.launching` does: inside Maya
#: `sys.executable` is Maya itself, and starting it would open another Maya (MAYA.md).
PYTHON_VARIABLE = "LRC_PYTHON"

_PACKAGES = Path(__file__).resolve().parents[2]
_MODULE = "lrc_toolbox.machine.gpu_probe"

# How long a killed process gets to vanish. One that is stuck in the driver never does.
_VANISH_S = 0.2


class GpusUnreadError(LrcError):
    """The GPUs could not be read: the process that reads them ended or hangs.

    Attributes:
        hangs: the driver gave no answer in time; else the process ended.
        process: what was left behind; while it is there, the driver hangs still.
    """

    def __init__(
        self,
        message: str,
        remedy: str,
        *,
        hangs: bool = False,
        process: subprocess.Popen[bytes] | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.message = message
        self.hangs = hangs
        self.process = process


def driver_hangs(process: subprocess.Popen[bytes], waited_s: float) -> GpusUnreadError:
    """Kill a process that waits for the driver, and make the error that says so.

    Args:
        process: it may be past killing: a call that hangs in the kernel ends when it
            likes (leptonai/gpud#117, open-gpu-kernel-modules#1333).
        waited_s: how long it was waited for.
    """
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_VANISH_S)
    return GpusUnreadError(
        f"The NVIDIA driver has not answered for {waited_s:g} s.",
        "If this stays, restart the computer.",
        hangs=True,
        process=process,
    )


class GpuProbe:
    """A running probe.

    Args:
        python: the interpreter; where None, the one that `LRC_PYTHON` names, or ours.
        start_s: how long it may take to start, which has nothing to do with the driver:
            a cold disk or a virus scanner may hold it up.

    Raises:
        GpusUnreadError: it cannot be started.
    """

    def __init__(self, python: str | None = None, *, start_s: float = 30.0) -> None:
        self._python = python or os.environ.get(PYTHON_VARIABLE) or sys.executable
        self._start_s = start_s
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._ready = False
        try:
            self._process = _start(self._python)
        except OSError as error:
            raise self._unstarted(f"cannot be started ({error})") from error
        # A thread, as Windows' pipes cannot be waited for with a time limit. It ends
        # with the process, so it may outlive us where that is stuck in the driver.
        threading.Thread(
            target=_pass_on,
            args=(_pipe(self._process.stdout), self._lines.put),
            name="gpu-probe",
            daemon=True,
        ).start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def ask(self, patience_s: float) -> GpuReading:
        """Have the GPUs read.

        Args:
            patience_s: how long the driver may take.

        Raises:
            GpusUnreadError: the process ended, or the driver took longer; then it is
                of no more use.
        """
        if not self._ready:
            self._await_start()
        with contextlib.suppress(OSError):  # it is gone: the next line says so
            _pipe(self._process.stdin).write(READ)
        line = self._next_line(patience_s)
        if line is None:
            self._close_input()
            raise driver_hangs(self._process, patience_s)
        if not line:
            raise self._ended()
        return self._understood(line)

    def kill(self) -> None:
        """End it now; a thread that waits in `ask` gets `GpusUnreadError`."""
        self._process.kill()
        self._lines.put(b"")

    def end(self) -> None:
        """Kill it and leave nothing behind, unless the driver holds it."""
        self.kill()
        self._close_input()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_VANISH_S)

    def _await_start(self) -> None:
        line = self._next_line(self._start_s)
        if line is None:
            self.end()
            raise self._unstarted(f"has not started within {self._start_s:g} s")
        if line != READY:
            raise self._ended()
        self._ready = True

    def _understood(self, line: bytes) -> GpuReading:
        try:
            return read_reading(line)
        except ValueError as error:
            self.end()
            raise GpusUnreadError(
                "The process that reads GPUs is of another version than this one.",
                "Start the service again; LRC Toolbox was changed under it.",
            ) from error

    def _next_line(self, limit_s: float) -> bytes | None:
        """Wait for a line: empty where the process ended, None where none came."""
        try:
            return self._lines.get(timeout=limit_s)
        except queue.Empty:
            return None

    def _close_input(self) -> None:
        with contextlib.suppress(OSError):
            _pipe(self._process.stdin).close()

    def _unstarted(self, how: str) -> GpusUnreadError:
        return GpusUnreadError(
            f"GPUs cannot be read: {self._python} {how}.",
            f"Set {PYTHON_VARIABLE} to a Python that has lrc-toolbox.",
        )

    def _ended(self) -> GpusUnreadError:
        self.end()
        how = _exit(self._process.returncode)
        return GpusUnreadError(
            f"The process that reads GPUs ended ({how}).",
            f'Run "{self._python}" -m {_MODULE} to see why.',
        )


def _start(python: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [python, "-m", _MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Nobody follows it; its exit code is told, and how to run it by hand.
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd=_PACKAGES,  # -m looks there first, so not in a folder of the artist's
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        **_apart(),
    )


def _apart() -> dict[str, Any]:
    """Keep a Ctrl-C in our terminal, and a console window, away from it."""
    if sys.platform == "win32":
        new_group = subprocess.CREATE_NEW_PROCESS_GROUP
        return {"creationflags": subprocess.CREATE_NO_WINDOW | new_group}
    return {"start_new_session": True}


def _pass_on(pipe: IO[bytes], put: Callable[[bytes], None]) -> None:
    """Hand over whole lines as they come, and an empty one at the end."""
    kept = b""
    with pipe:
        while piece := os.read(pipe.fileno(), 1 << 16):
            *lines, kept = (kept + piece).split(b"\n")
            for line in lines:
                put(line + b"\n")
    put(b"")


def _exit(code: int | None) -> str:
    if code is None:
        return "it does not go"
    if code < 0:
        return f"signal {-code}"
    # Windows' codes for crashes are known by their hexadecimal form (0xC0000005).
    return f"exit code {code:#x}" if code > 255 else f"exit code {code}"


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # asked for with PIPE
    return stream
