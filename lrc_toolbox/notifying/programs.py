"""Running a program of somebody else's, not longer than it may take.

Blocks; its threads are the caller's. Nothing goes through a shell. What is said of
Windows could not be run here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence

import psutil

from lrc_toolbox.jobs.wording import printable
from lrc_toolbox.notifying.not_told import NotToldError

#: How many bytes of what a program said are looked at for its last line.
_SAID = 4096


def run_program(
    way: str,
    argv: Sequence[str],
    *,
    limit_s: float,
    environment: Mapping[str, str] | None = None,
    remedy: str = "",
) -> None:
    """Run a program to its end; what it started in the background may live on.

    Args:
        way: which way of telling it serves, for the error.
        limit_s: it is killed, with all it started, after so many seconds.
        environment: variables beside those of this process.
        remedy: what to do where it ends with an error.

    Raises:
        NotToldError: it cannot be started, takes too long or ends with an error.
    """
    # A file: a pipe would be waited for until the last grandchild closes it.
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            problem = f"{argv[0]} cannot be started: {reason}."
            other = "Name a program that is there, with its whole path."
            raise NotToldError(way, problem, remedy=other) from error
        try:
            code = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            _kill_tree(process)
            problem = f"{argv[0]} had not ended after {limit_s:g} s and was killed."
            raise NotToldError(way, problem, remedy=remedy) from None
        if code != 0:
            said.seek(max(0, said.tell() - _SAID))
            last = _last_line(said.read().decode("utf-8", "replace"))
            problem = f"{argv[0]} ended with exit code {code}. {last}".strip()
            raise NotToldError(way, problem, remedy=remedy)


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    left: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        left = psutil.Process(process.pid).children(recursive=True)
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    for one in left:
        with contextlib.suppress(psutil.Error):
            one.kill()
    process.kill()
    process.wait()


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return printable(lines[-1])[:300] if lines else "It said nothing."
