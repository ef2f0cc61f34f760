"""Presence, with a real X server where there is one. Windows and macOS: not run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lrc_toolbox.jobs.devices import Presence
from lrc_toolbox.machine import login_session, macos_presence
from lrc_toolbox.machine.login_session import LoginSession
from lrc_toolbox.machine.presence import (
    PresenceWatch,
    Source,
    combined,
    sources_of,
)
from lrc_toolbox.machine.x11_idle import X11Idle
from tests.machine.waiting import until

# Presses and releases a key as a keyboard would (XTEST extension).
PRESS = """
import ctypes, sys
x, test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
x.XOpenDisplay.restype = ctypes.c_void_p
display = ctypes.c_void_p(x.XOpenDisplay(sys.argv[1].encode()))
for down in (1, 0):
    test.XTestFakeKeyEvent(display, 38, down, 0)
x.XSync(display, 0)
"""


class Server:
    """A real X server without a screen."""

    def __init__(self, folder: Path) -> None:
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{told.readline().strip()}"

    def press_a_key(self) -> None:
        subprocess.run([sys.executable, "-c", PRESS, self.display], check=True)

    def restart(self) -> None:
        self.end()
        self.process = subprocess.Popen(
            ["Xvfb", self.display, "-nolisten", "tcp", "-noreset"],
            stderr=subprocess.DEVNULL,
        )

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb")
    running = Server(tmp_path)
    yield running
    running.end()


def idle(display: X11Idle) -> float:
    told = display.read()
    assert told.idle_s is not None, told.problem
    return told.idle_s


# -- X11 -----------------------------------------------------------------------------
def test_time_without_input_grows_until_a_key_is_pressed(server: Server) -> None:
    display = X11Idle(server.display)
    first = idle(display)
    until(lambda: idle(display) >= first + 0.4)
    before = idle(display)
    try:
        server.press_a_key()
    except subprocess.CalledProcessError:
        pytest.skip("needs libXtst to press a key")
    assert idle(display) < before


def test_a_display_that_goes_leaves_the_process_alone_and_may_come_back(
    server: Server,
) -> None:
    display = X11Idle(server.display)
    idle(display)
    server.end()
    assert display.read().problem
    assert display.read().problem == f"The display {server.display} does not answer."
    server.restart()
    until(lambda: display.read().idle_s is not None)


def test_a_display_of_another_computer_says_nothing_of_this_one() -> None:
    told = X11Idle("localhost:10.0").read()
    assert told.idle_s is None
    assert "another computer" in told.problem


# -- the login manager ---------------------------------------------------------------
def told(**properties: str) -> dict[str, str]:
    return {"Type": "wayland", "Remote": "no", "LockedHint": "no", **properties}


def test_an_idle_session_is_so_since_its_hint() -> None:
    properties = told(IdleHint="yes", IdleSinceHint="1700000000000000")
    presence = login_session.understand(properties, now=1_700_000_600.0)
    assert presence == Presence(idle_s=600.0, locked=False)


def test_a_session_that_is_not_idle_counts_as_touched_now() -> None:
    properties = told(IdleHint="no", IdleSinceHint="0", LockedHint="yes")
    assert login_session.understand(properties, 0.0) == Presence(0.0, True)


def test_a_session_over_ssh_says_nothing_of_the_screen() -> None:
    presence = login_session.understand(told(Remote="yes", IdleHint="yes"), 0.0)
    assert (presence.idle_s, presence.locked) == (None, None)
    assert "ssh" in presence.problem


def loginctl(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program of this name in front: logind itself cannot run in a test."""
    program = folder / "loginctl"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.mark.skipif(os.name != "posix", reason="loginctl is Linux's")
def test_the_session_at_the_screen_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        f'case "$1 $2" in "show-user {os.getuid()}") echo Display=c7;; '
        '"show-session c7") echo IdleHint=no; echo LockedHint=yes;; '
        "*) exit 1;; esac"
    )
    loginctl(tmp_path, monkeypatch, script)
    session = LoginSession(booted=tmp_path)
    assert session.read() == Presence(0.0, True)
    loginctl(tmp_path, monkeypatch, "exit 1")
    assert "does not answer" in session.read().problem
    loginctl(tmp_path, monkeypatch, "echo Display=")
    assert session.read().problem == "This user has no session at a screen."


def test_a_system_without_systemd_is_not_asked(tmp_path: Path) -> None:
    assert "no login manager" in LoginSession(booted=tmp_path / "no").read().problem


# -- macOS ---------------------------------------------------------------------------
# Cut to what is read; the layout of `ioreg`.
DEVICES = '+-o IOHIDSystem\n  | {\n  |   "HIDIdleTime" = 90500000000\n  | }\n'
SESSIONS = (
    '+-o Root\n    "IOConsoleUsers" = ({{"kCGSSessionOnConsoleKey"=Yes,'
    '"kCGSSessionUserIDKey"=501{more}}})\n'
)


def test_a_mac_tells_of_input_and_lock() -> None:
    locked = SESSIONS.format(more=',"CGSSessionScreenIsLocked"=Yes')
    assert macos_presence.understand(DEVICES, locked) == Presence(90.5, True)
    unlocked = SESSIONS.format(more="")
    assert macos_presence.understand(DEVICES, unlocked) == Presence(90.5, False)


def test_a_mac_that_tells_nothing_says_so() -> None:
    assert macos_presence.understand("", "").problem


# -- all together --------------------------------------------------------------------
def test_each_fact_comes_from_the_first_who_knows_it() -> None:
    display, manager = Presence(idle_s=3.0), Presence(idle_s=0.0, locked=True)
    assert combined([display, manager]) == Presence(3.0, True)
    gone = Presence(problem="The display :0 does not answer.")
    assert combined([gone, manager]) == manager


def test_where_nobody_knows_anything_everybody_s_reason_is_told() -> None:
    told = combined([Presence(problem="No display."), Presence(problem="No manager.")])
    assert told == Presence(problem="No display. No manager.")


def test_without_a_display_only_the_login_manager_is_asked() -> None:
    if sys.platform in ("win32", "darwin"):
        pytest.skip("has one source")
    assert len(sources_of({})) == 1
    assert len(sources_of({"DISPLAY": ":0"})) == 2
    assert len(sources_of({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"})) == 1


def test_a_source_that_hangs_says_nothing_and_holds_nobody() -> None:
    go_on = threading.Event()
    answers = iter([Presence(idle_s=1.0)])

    def hang() -> Presence:
        answer = next(answers, None)
        if answer is None:
            go_on.wait()
            return Presence(idle_s=2.0)
        return answer

    watch = PresenceWatch([Source(hang, 0.0)], hangs_s=0.05)
    until(lambda: watch.read() == Presence(idle_s=1.0))
    until(lambda: watch.read() == Presence(problem="The desktop does not answer."))
    go_on.set()
    until(lambda: watch.read() == Presence(idle_s=2.0))


def test_this_system_s_own_sources_give_an_answer() -> None:
    watch = PresenceWatch()
    watch.read()
    watch.wait(10)
    told = watch.read()
    assert told.problem or told.idle_s is not None or told.locked is not None
