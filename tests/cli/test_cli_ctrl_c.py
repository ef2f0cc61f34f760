"""What Ctrl-C does to `lrc render`: in a terminal, and where nobody can be asked."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lrc_toolbox.queue import RenderQueue
from tests.cli.conftest import Lrc, wait_until

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="needs a pseudo-terminal, which Windows lacks"
)

# Makes the pseudo-terminal the child's own, so that Ctrl-C typed there reaches it.
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)


class Terminal:
    """`lrc` in a terminal of 80 x 24 characters."""

    def __init__(self, lrc: Lrc, *typed: object) -> None:
        import fcntl
        import pty
        import termios

        self._end, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, *lrc.argv(*typed)],
            stdin=other,
            stdout=other,
            stderr=other,
            cwd=lrc.folder,
            env=lrc.environment(TERM="xterm-256color"),
            start_new_session=True,
        )
        os.close(other)
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self._end, text.encode())

    def see(self, pattern: str, limit_s: float = 30.0) -> re.Match[str]:
        """Wait until something new was shown that matches."""
        end = time.monotonic() + limit_s
        while (match := re.search(pattern, self.shown)) is None:
            assert time.monotonic() < end, f"{pattern} not in {self.shown!r}"
            self._read(0.1)
        self.shown = self.shown[match.end() :]
        return match

    def code(self, limit_s: float = 30.0) -> int:
        """Wait for its end, reading on lest it stands still."""
        end = time.monotonic() + limit_s
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it does not end: {self.shown!r}"
            self._read(0.05)
        return self.process.returncode

    def _read(self, wait_s: float) -> None:
        if select.select([self._end], [], [], wait_s)[0]:
            try:
                self.shown += os.read(self._end, 65536).decode("utf-8", "replace")
            except OSError:  # Linux: the other end is closed
                time.sleep(wait_s)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._end)


@contextmanager
def held_render(lrc: Lrc) -> Iterator[tuple[Terminal, int]]:
    """`lrc render` of a job whose renderer waits, at work in a terminal."""
    lrc.let_render(False)
    terminal = Terminal(lrc, "render", lrc.job_file, "--layers", "beauty")
    try:
        number = int(terminal.see(r"Job (\d+)")[1])
        terminal.see("10% done: opening beauty")
        yield terminal, number
    finally:
        terminal.close()
        with RenderQueue(lrc.home) as queue:
            if queue.job(number).state.value in ("waiting", "running"):
                queue.cancel(number)
                queue.wait(number, 30)


def test_ctrl_c_asks_and_detaching_lets_the_render_go_on(lrc: Lrc) -> None:
    with held_render(lrc) as (terminal, number):
        terminal.type("\x03")
        terminal.see("etach")
        terminal.type("d\r")
        assert terminal.code() == 4
        terminal.see(f"lrc watch {number}")
        lrc.let_render()
        with RenderQueue(lrc.home) as queue:
            assert queue.wait(number, 30).state.value == "done"


def test_ctrl_c_asks_and_cancelling_ends_the_render(lrc: Lrc) -> None:
    with held_render(lrc) as (terminal, number):
        terminal.type("\x03")
        terminal.see("etach")
        terminal.type("c\r")
        assert terminal.code() == 3
        with RenderQueue(lrc.home) as queue:
            assert queue.job(number).state.value == "cancelled"


def test_ctrl_c_asks_and_following_on_sees_the_end(lrc: Lrc) -> None:
    with held_render(lrc) as (terminal, number):
        terminal.type("\x03")
        terminal.see("etach")
        terminal.type("what?\r")
        terminal.see("etach")
        terminal.type("f\r")
        terminal.see(f"Job {number}")
        lrc.let_render()
        assert terminal.code() == 0
        terminal.see("Pictures: ")


def test_a_second_ctrl_c_detaches_at_once(lrc: Lrc) -> None:
    with held_render(lrc) as (terminal, number):
        terminal.type("\x03")
        terminal.see("etach")
        terminal.type("\x03")
        assert terminal.code() == 130
        with RenderQueue(lrc.home) as queue:
            assert queue.job(number).state.value == "running"


def test_no_line_drawn_in_a_terminal_is_broken(lrc: Lrc) -> None:
    lrc.let_render()
    name = "a_job_whose_name_is_far_too_long_for_a_terminal_of_eighty_columns_" * 2
    terminal = Terminal(lrc, "render", lrc.job_file, "--name", name)
    try:
        assert terminal.code() == 0
        terminal._read(0)
        drawn = terminal.shown.replace(str(lrc.folder), "")
        lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn).splitlines()
        assert any("whole job" in line and "━" in line for line in lines)
        # What stands before a carriage return is drawn over.
        assert max(len(line) for line in re.split(r"[\r\n]", "\n".join(lines))) <= 80
    finally:
        terminal.close()


def test_ctrl_c_asks_nobody_where_there_is_no_terminal(lrc: Lrc) -> None:
    lrc.let_render(False)
    process = lrc.start("render", lrc.job_file, "--layers", "beauty", "--json")
    assert process.stdout is not None
    number = json.loads(process.stdout.readline())["job"]
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "")
    last = json.loads(rest.splitlines()[-1])
    assert last == {"event": "detached", "job": number, "exit_code": 130}
    assert lrc.here("cancel", number).returncode == 0


def test_following_survives_the_death_of_the_service(lrc: Lrc) -> None:
    lrc.let_render(False)
    process = lrc.start("render", lrc.job_file, "--layers", "beauty", "--json")
    assert process.stdout is not None
    kinds = iter(json.loads(line)["event"] for line in process.stdout)
    assert "frame_started" in kinds
    with RenderQueue(lrc.home) as queue:
        killed = queue.service_status().pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: queue.service_status().pid not in (None, killed))
    lrc.let_render()
    assert list(kinds)[-1] == "result"
    assert process.wait(timeout=30) == 0
