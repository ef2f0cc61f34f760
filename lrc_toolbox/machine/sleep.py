"""Keeping the computer from going to sleep while something renders.

Each system has its own way; all of them end by themselves when this process does,
however it ends. The screen may go dark. One thread calls; nothing blocks.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from threading import Event, Thread
from typing import Protocol

_WHO = "LRC Toolbox"


class Awake(Protocol):
    """A request to the system not to go to sleep, made and taken back at will."""

    @property
    def held(self) -> bool:
        """Whether the system has agreed and keeps to it, as far as is known by now."""

    @property
    def problem(self) -> str:
        """Why the computer may go to sleep though it was asked not to, one sentence."""

    def start(self) -> None:
        """Ask the system to stay awake; fine where it was asked already."""

    def stop(self) -> None:
        """Let the system sleep when it likes; fine where it may already."""


def keeping_awake(why: str = "Rendering") -> Awake:
    """Give this system's way to stay awake; nothing is asked of it yet.

    Args:
        why: what the system shows to a person who asks what keeps it awake.
    """
    if sys.platform == "win32":
        return AwakeByThread()
    return AwakeByProgram(program_that_keeps_awake(why))


def program_that_keeps_awake(
    why: str, environment: Mapping[str, str] = os.environ
) -> list[str]:
    """Give the program that keeps this system awake for as long as it runs.

    It prints `held` when it has begun to.
    """
    if sys.platform == "darwin":
        # caffeinate(8): -i against sleep for want of input, -w until we are gone. Could
        # not be run where this was written.
        hold = f"echo held; exec caffeinate -i -w {os.getpid()}"
        return ["/bin/sh", "-c", hold]
    # systemd-inhibit(1) runs the program once logind has agreed. `cat` lives until its
    # input ends, which it also does when we are killed. Not "idle": that also keeps the
    # screen from being locked (systemd issues 29129 and 41982).
    logind = ["systemd-inhibit", "--what=sleep", "--mode=block", f"--who={_WHO}"]
    logind += [f"--why={why}", "/bin/sh", "-c", "echo held; exec cat"]
    return [*_for_gnome(why, environment), *logind]


def _for_gnome(why: str, environment: Mapping[str, str]) -> list[str]:
    """Give what goes before the program on a GNOME desktop.

    Before systemd 257 a lock has no effect on what the user that holds it asks for
    (systemd's INHIBITOR_LOCKS.md on "block-weak", issue 29818), and GNOME's own sleep
    is asked for by the user. Where its session does not answer, this warns and goes on.
    """
    program = "gnome-session-inhibit"
    desktops = environment.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    if "gnome" not in desktops or shutil.which(program) is None:
        return []
    return [program, "--app-id", _WHO, "--reason", why, "--inhibit", "suspend"]


class AwakeByProgram:
    """Awake for as long as a program runs."""

    def __init__(self, argv: Sequence[str]) -> None:
        """Prepare; nothing is started before `start`.

        Args:
            argv: the program; prints `held` once the system will stay awake, otherwise
                only what went wrong, and ends when its input does.
        """
        self._argv = list(argv)
        self._run: _Run | None = None

    @property
    def held(self) -> bool:
        """Whether the program said that it has begun, and has not ended."""
        return self._run is not None and self._run.held

    @property
    def problem(self) -> str:
        """Why the program ended by itself; empty where it did not."""
        return "" if self._run is None else self._run.problem

    def start(self) -> None:
        """Start the program, unless it runs; again, where it ended by itself."""
        if self._run is None or self._run.problem:
            self._run = _Run(self._argv)

    def stop(self) -> None:
        """End the program."""
        if self._run is not None:
            self._run.end()
            self._run = None


class _Run:
    """One run of the program, followed on a thread.

    Attributes:
        held: whether it said that it has begun, and has not ended.
        problem: why it ended.
    """

    def __init__(self, argv: list[str]) -> None:
        self.held = False
        self.problem = ""
        self._name = os.path.basename(argv[0])  # noqa: PTH119 - no path, a name
        self._process: subprocess.Popen[str] | None = None
        try:
            self._process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                # No terminal on which it could ask for a password.
                start_new_session=True,
            )
        except OSError as error:
            self._fail(error.strerror or "")
        else:
            Thread(target=self._follow, args=(self._process,), daemon=True).start()

    def end(self) -> None:
        """End the program; nothing is waited for."""
        if self._process is not None and self._process.stdin is not None:
            # What systemd-inhibit itself started ends with its input alone.
            with contextlib.suppress(OSError):
                self._process.stdin.close()
                self._process.terminate()

    def _follow(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        said = [""]
        with process:
            for line in map(str.strip, process.stdout):
                if line == "held":
                    self.held = True
                elif line:
                    said.append(line)
        self.held = False
        self._fail(said[-1])

    def _fail(self, reason: str) -> None:
        said = f": {reason.rstrip('.')}" if reason else ""
        self.problem = (
            f"The computer may go to sleep while it renders: {self._name} ended{said}."
        )


class AwakeByThread:
    """Awake for as long as a thread of this process says so, as Windows has it.

    Could not be run where this was written.
    """

    def __init__(self) -> None:
        self.held = False
        self.problem = ""
        self._stopping: Event | None = None

    def start(self) -> None:
        """Start the thread, unless it runs."""
        if self._stopping is None:
            self._stopping = Event()
            Thread(target=self._hold, args=(self._stopping,), daemon=True).start()

    def stop(self) -> None:
        """End the thread; Windows forgets with it what it asked for."""
        if self._stopping is not None:
            self._stopping.set()
            self._stopping = None
            self.held = False

    def _hold(self, stopping: Event) -> None:
        if sys.platform == "win32":
            import ctypes

            # winbase.h: ES_CONTINUOUS until the next call of this thread, and
            # ES_SYSTEM_REQUIRED. 0 is the answer to a request that makes no sense.
            state = ctypes.windll.kernel32.SetThreadExecutionState(0x80000001)
            self.held = bool(state)
            if not state:
                self.problem = "Windows refuses to stay awake while it renders."
            stopping.wait()
