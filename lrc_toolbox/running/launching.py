"""How a client makes sure that a service runs: it rings, and starts one if need be.

What is said of Windows could not be run here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import lrc_toolbox
from lrc_toolbox.jobs.errors import LrcError
from lrc_toolbox.running.home import HOME_VARIABLE, Home
from lrc_toolbox.running.policy_file import attempts_allowed
from lrc_toolbox.running.processes import Identity, detachment
from lrc_toolbox.running.waking import read_address, ring

#: The Python that runs the service; inside Maya `sys.executable` is Maya itself, and
#: starting it would start another Maya (MAYA.md), so `maya_host` names mayapy here.
PYTHON_VARIABLE = "LRC_PYTHON"


class ServiceStartError(LrcError):
    """The service could not be started.

    Attributes:
        python: the interpreter that was tried.
    """

    def __init__(self, python: str, reason: str) -> None:
        remedy = (
            f"What is queued stays queued. Set {PYTHON_VARIABLE} to a Python that has "
            "lrc-toolbox."
        )
        super().__init__(
            f"The service cannot be started with {python}: {reason}.", remedy=remedy
        )
        self.python = python


class ServiceEndedError(LrcError):
    """The service that was started last could not begin its work.

    Attributes:
        output: the file with all that it said.
    """

    def __init__(self, output: Path, said: str) -> None:
        super().__init__(
            f"The service could not begin: {said}",
            remedy=f"What is queued stays queued. {output} has all that it said.",
        )
        self.output = output


#: The exit code of a service that could not begin.
SERVICE_FAILED = 1

_deaths: dict[Path, str] = {}

# When a death was last told: who waits may have started a second service before the
# first one's end was known, and that one's end is no news.
_told_at: dict[Path, float] = {}


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """Whether a service runs for a state folder.

    Attributes:
        pid: its process, None where none runs.
        since: when it was started, seconds since 1970 UTC.
        slots: how many processes it runs side by side.
    """

    running: bool
    home: str
    pid: int | None = None
    since: float | None = None
    slots: int | None = None


def service_status(home: Home) -> ServiceStatus:
    """Say whether a service runs."""
    known = read_address(home)
    if known is None or Identity(known.pid, known.created_at).find() is None:
        return ServiceStatus(False, str(home.folder))
    slots = attempts_allowed(home.policy_file, known.slots)
    return ServiceStatus(True, str(home.folder), known.pid, known.created_at, slots)


def ensure_service(home: Home) -> None:
    """Wake the service, or start one; returns at once.

    Raises:
        ServiceStartError: no service answers and none can be started.
        ServiceEndedError: the one that was started here before could not begin.
    """
    if ring(home):
        return
    told = _deaths.pop(home.folder, None)
    if told is not None:
        _told_at[home.folder] = time.monotonic()
        raise ServiceEndedError(home.folder / "service.out", told)
    python = os.environ.get(PYTHON_VARIABLE) or sys.executable
    argv = [python, "-m", "lrc_toolbox.running", "--home", str(home.folder)]
    try:
        with (home.folder / "service.out").open("ab") as output:
            child = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=home.folder,
                env=_environment(home),
                **detachment(),
            )
    except OSError as error:
        raise ServiceStartError(python, str(error)) from error
    # It outlives us; should it not, somebody must take its exit code.
    threading.Thread(
        target=_await_end,
        args=(child, home, time.monotonic()),
        daemon=True,
        name="service",
    ).start()


def _await_end(child: subprocess.Popen[bytes], home: Home, started_at: float) -> None:
    """Keep what a service said that could not begin, for the next who wants one."""
    failed = child.wait() == SERVICE_FAILED
    if not failed or started_at < _told_at.get(home.folder, float("-inf")):
        return
    said = (home.folder / "service.out").read_text("utf-8", "replace").strip()
    _deaths[home.folder] = said.splitlines()[-1] if said else "it says nothing"


def wait_until_stopped(home: Home, timeout_s: float) -> bool:
    """Wait for a service to be gone; False where it still runs after the time."""
    known = read_address(home)
    end = time.monotonic() + timeout_s
    while known is not None and Identity(known.pid, known.created_at).find():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _environment(home: Home) -> dict[str, str]:
    """Give the service our packages, where they are not installed in its Python."""
    package = str(Path(lrc_toolbox.__file__).resolve().parent.parent)
    paths = [package, os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        HOME_VARIABLE: str(home.folder),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
