"""One child process that proves pictures: starting, asking and ending it.

Knows nothing of queues and keys, which are `outputs.prover_client`'s. Used from one
thread; only `kill` may be called from any.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.outputs.messages import READY

_PACKAGES = Path(__file__).resolve().parents[2]
# Bytes a second below which a decoder counts as hanging: a slow network drive.
_SLOWEST_READ = 2_000_000
_START_S = 60.0
_LAST_WORDS_S = 10.0


class ProverEndedError(LrcError):
    """The child process ended, or was killed, before it answered.

    Attributes:
        how: how it ended, a clause: "crashed (signal 11)".
        timed_out: it was killed because it took too long.
    """

    def __init__(self, how: str, timed_out: bool = False) -> None:
        super().__init__(f"The process that proves pictures {how}.")
        self.how = how
        self.timed_out = timed_out


class ProverStartError(ProverEndedError):
    """No child process that could prove anything came up."""


class ProverProcess:
    """A running prover.

    Args:
        patience_s: how long an answer may take before what the size of its files adds.

    Raises:
        ProverStartError: it could not be started, or ended before it was ready.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._timed_out = threading.Event()
        try:
            self._process = _start()
        except OSError as error:
            raise ProverStartError(f"could not be started ({error})") from error
        if self._next_line(_START_S) != READY:
            ended = self._ended()
            raise ProverStartError(f"{ended.how} at its start", ended.timed_out)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def ask(self, line: bytes, paths: list[str]) -> bytes:
        """Send a request and wait for its answer.

        Args:
            line: the request.
            paths: the files it will read; their size makes the wait longer.

        Raises:
            ProverEndedError: it ended, or took too long and was killed.
        """
        try:
            _pipe(self._process.stdin).write(line)
            _pipe(self._process.stdin).flush()
        except OSError:  # it is gone already
            raise self._ended() from None
        answer = self._next_line(self._patience_s + _size(paths) / _SLOWEST_READ)
        if not answer.endswith(b"\n"):
            raise self._ended()
        return answer

    def kill(self) -> None:
        """End it now; a thread that waits in `ask` gets `ProverEndedError`."""
        self._process.kill()

    def end(self) -> None:
        """Let it end by itself and wait for that; kill it where it does not."""
        try:
            self._process.communicate(timeout=_LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.communicate()

    def _next_line(self, limit_s: float) -> bytes:
        """Read a line; where none comes in time, kill the process and return less."""
        alarm = threading.Timer(limit_s, self._give_up)
        alarm.daemon = True
        alarm.start()
        line: bytes = _pipe(self._process.stdout).readline()
        alarm.cancel()
        return line

    def _give_up(self) -> None:
        self._timed_out.set()
        self.kill()

    def _ended(self) -> ProverEndedError:
        """Take leave of a process that is gone, or as good as."""
        self.kill()
        self._process.communicate()
        if self._timed_out.is_set():
            return ProverEndedError("took too long and was ended", True)
        return ProverEndedError(f"crashed ({_exit(self._process.returncode)})")


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "lrc_toolbox.outputs.prover"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_PACKAGES,  # -m looks there first, so not in a folder of the artist's
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            # NumPy would start a thread for every CPU and use none.
            "OPENBLAS_NUM_THREADS": "1",
        },
        **_apart(),
    )


def _apart() -> dict[str, Any]:
    """Keep a Ctrl-C in the service's terminal, and a console window, away from it."""
    if sys.platform == "win32":  # not run by us so far
        new_group = subprocess.CREATE_NEW_PROCESS_GROUP
        return {"creationflags": subprocess.CREATE_NO_WINDOW | new_group}
    return {"start_new_session": True}


def _exit(code: int) -> str:
    if code < 0:
        return f"signal {-code}"
    # Windows' codes for crashes are known by their hexadecimal form (0xC0000005).
    return f"exit code {code:#x}" if code > 255 else f"exit code {code}"


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # asked for with PIPE
    return stream


def _size(paths: list[str]) -> int:
    """Add up the bytes of those files that are there."""
    total = 0
    for path in paths:
        with contextlib.suppress(OSError):
            total += Path(path).stat().st_size
    return total
