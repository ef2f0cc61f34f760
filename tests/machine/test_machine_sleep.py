"""Staying awake. Windows and macOS, and a system that agrees, could not be run here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lrc_toolbox.machine.sleep import (
    AwakeByProgram,
    keeping_awake,
    program_that_keeps_awake,
)
from tests.machine.waiting import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs programs of Unix")

# As systemd-inhibit does: runs what it was given, in a process of its own.
HOLDS = ["/bin/sh", "-c", "/bin/sh -c 'echo held; exec cat'; exit $?"]


#: What other tests of this run left at work, a renderer that several use.
_others: set[psutil.Process] = set()


def programs() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True)) - _others


@pytest.fixture(autouse=True)
def only_ours() -> None:
    _others.clear()
    _others.update(programs())


def runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def awake() -> Iterator[AwakeByProgram]:
    made = AwakeByProgram(HOLDS)
    yield made
    made.stop()
    until(lambda: not programs())


def test_it_is_held_from_the_program_s_word_until_it_is_stopped(
    awake: AwakeByProgram,
) -> None:
    assert not awake.held
    awake.start()
    until(lambda: awake.held)
    assert len(programs()) == 2
    awake.stop()
    assert not awake.held
    until(lambda: not programs())
    assert awake.problem == ""


def test_starting_twice_starts_one_program_and_stopping_twice_is_fine(
    awake: AwakeByProgram,
) -> None:
    awake.start()
    awake.start()
    until(lambda: awake.held)
    assert len(programs()) == 2
    awake.stop()
    awake.stop()


def test_it_can_be_started_again(awake: AwakeByProgram) -> None:
    for _ in range(3):
        awake.start()
        awake.stop()
    awake.start()
    until(lambda: awake.held)
    until(lambda: len(programs()) == 2)


def test_a_program_that_ends_by_itself_tells_why(awake: AwakeByProgram) -> None:
    awake.start()
    until(lambda: awake.held)
    for program in programs():
        program.kill()
    until(lambda: not awake.held)
    until(lambda: awake.problem != "")
    assert awake.problem.startswith("The computer may go to sleep while it renders")
    awake.start()
    until(lambda: awake.held)
    assert awake.problem == ""


def test_a_system_that_refuses_is_quoted() -> None:
    refuses = AwakeByProgram(["/bin/sh", "-c", "echo 'Access denied.' >&2; exit 1"])
    refuses.start()
    until(lambda: refuses.problem != "")
    assert refuses.problem.endswith(": sh ended: Access denied.")
    assert not refuses.held


def test_a_program_that_is_not_there_is_told() -> None:
    missing = AwakeByProgram(["lrc-no-such-program"])
    missing.start()
    assert "No such file" in missing.problem
    missing.stop()


def test_nothing_stays_awake_after_a_process_that_was_killed() -> None:
    program = (
        "import time; from lrc_toolbox.machine.sleep import AwakeByProgram\n"
        f"awake = AwakeByProgram({HOLDS!r}); awake.start()\n"
        "while not awake.held: time.sleep(0.01)\n"
        "import psutil\n"
        "print(*(p.pid for p in psutil.Process().children(True)), flush=True); input()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout is not None
    holders = [psutil.Process(int(pid)) for pid in child.stdout.readline().split()]
    assert len(holders) == 2
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    until(lambda: not any(map(runs, holders)))


@pytest.mark.skipif(sys.platform != "linux", reason="GNOME is Linux's")
@pytest.mark.parametrize("desktop", ["ubuntu:GNOME", "KDE"])
def test_gnome_is_asked_before_the_login_manager(
    desktop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, options in (("gnome-session-inhibit", 6), ("systemd-inhibit", 4)):
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\necho "{name}" >&2\nshift {options}\nexec "$@"\n'
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    argv = program_that_keeps_awake("Testing", {"XDG_CURRENT_DESKTOP": desktop})
    awake = AwakeByProgram(argv)
    awake.start()
    until(lambda: awake.held)
    assert (argv[0] == "gnome-session-inhibit") == (desktop != "KDE")
    awake.stop()
    until(lambda: not programs())


def test_this_system_agrees_or_says_why_not() -> None:
    awake = keeping_awake("Testing")
    awake.start()
    until(lambda: awake.held or awake.problem != "", limit_s=60)
    awake.stop()
    until(lambda: not programs())
