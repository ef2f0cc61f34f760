"""Host sessions, with real processes under a name of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from lrc_toolbox.jobs.devices import HostSession
from lrc_toolbox.machine.host_programs import MAYA, HostProgram
from lrc_toolbox.machine.hosts import HostWatch
from lrc_toolbox.machine.process_table import processes

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="names a program by a link to Python"
)

WAITS = "input()"
WORKS = "while True: pass"


def has_child(*arguments: str) -> str:
    """Give a program that starts another Python, tells its pid and waits."""
    argv = [sys.executable, "-c", "while True: pass", *arguments]
    return (
        f"import subprocess; print(subprocess.Popen({argv}).pid, flush=True); input()"
    )


# At most 15 letters, of this test process alone.
NAME = f"lrch{os.getpid()}"
HOST = HostProgram(names=frozenset({NAME}), without_window=MAYA.without_window)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start Python under the host's name, or another one, and end it afterwards."""
    started: list[subprocess.Popen[str]] = []

    def starting(program: str, *more: str, name: str = NAME) -> subprocess.Popen[str]:
        link = tmp_path / name
        if not link.exists():
            link.symlink_to(sys.executable)
        child = subprocess.Popen(
            [str(link), "-c", program, *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        return child

    yield starting
    for child in started:
        if child.poll() is None:
            for below in psutil.Process(child.pid).children(recursive=True):
                below.kill()
            child.kill()
        child.communicate()


@pytest.fixture
def watch(tmp_path: Path) -> HostWatch:
    return HostWatch(tmp_path / "hosts", HOST, scan_every_s=0)


def sessions(watch: HostWatch) -> dict[int, HostSession]:
    watch.read(time.time())
    watch.wait(10)
    return {session.pid: session for session in watch.read(time.time())}


def until(watch: HostWatch, true: Callable[[dict[int, HostSession]], bool]) -> None:
    end = time.monotonic() + 20
    while not true(sessions(watch)):
        assert time.monotonic() < end
        time.sleep(0.02)


def register(watch: HostWatch, folder: Path, pid: int, busy_with: str = "") -> None:
    said = (
        f'{{"pid": {pid}, "created_at": {psutil.Process(pid).create_time()}, '
        f'"program": "maya.bin", "beat_at": {time.time()}, "busy_with": "{busy_with}"}}'
    )
    folder.mkdir(exist_ok=True)
    (folder / f"{pid}.json").write_text(said)


def test_every_process_is_in_the_table_with_its_parent_and_name(start) -> None:
    child = start(WAITS)
    until_named = time.monotonic() + 10
    while True:
        found = {entry.pid: entry for entry in processes()}
        if found[child.pid].name == NAME:
            break
        assert time.monotonic() < until_named
    assert found[child.pid].parent == os.getpid()
    assert found[os.getpid()].parent == os.getppid()


def test_an_open_maya_is_found_by_its_name(start, watch: HostWatch) -> None:
    child = start(WAITS)
    until(watch, lambda found: child.pid in found)
    session = sessions(watch)[child.pid]
    assert not session.registered
    assert session.memory_mib > 0
    assert session.program == psutil.Process(child.pid).exe()
    assert session.created_at == psutil.Process(child.pid).create_time()


@pytest.mark.parametrize("flag", ["-batch", "-prompt"])
def test_a_maya_without_a_window_is_no_session(
    start, watch: HostWatch, flag: str
) -> None:
    batch, shown = start(WAITS, flag), start(WAITS)
    until(watch, lambda found: shown.pid in found)
    assert batch.pid not in sessions(watch)


def test_other_programs_are_no_sessions(start, watch: HostWatch) -> None:
    other, shown = start(WAITS, name=f"{NAME}py"), start(WAITS)
    until(watch, lambda found: shown.pid in found)
    assert other.pid not in sessions(watch)


def test_a_maya_that_closed_is_gone_at_once(start, tmp_path: Path) -> None:
    watch = HostWatch(tmp_path / "hosts", HOST, scan_every_s=3600)
    child = start("print(flush=True); input()")
    child.stdout.readline()
    assert child.pid in sessions(watch)
    child.communicate("\n")
    assert watch.read(time.time()) == ()


def test_a_registered_session_is_there_before_anybody_looks_for_names(
    start, tmp_path: Path
) -> None:
    watch = HostWatch(tmp_path / "hosts", HOST, scan_every_s=3600)
    sessions(watch)
    child = start(WAITS, name="anything")
    register(watch, tmp_path / "hosts", child.pid, "playblast")
    (session,) = watch.read(time.time())
    assert session.registered
    assert (session.pid, session.program) == (child.pid, "maya.bin")
    assert session.busy_with == "playblast"


def test_a_session_that_is_registered_and_found_is_told_once(
    start, watch: HostWatch, tmp_path: Path
) -> None:
    child = start(WAITS)
    until(watch, lambda found: child.pid in found)
    register(watch, tmp_path / "hosts", child.pid)
    (session,) = (s for s in watch.read(time.time()) if s.pid == child.pid)
    assert session.registered


def test_the_load_is_measured_over_the_time_between_readings(
    start, watch: HostWatch
) -> None:
    child, idle = start(WORKS), start(WAITS)
    until(watch, lambda found: child.pid in found and found[child.pid].cpus > 0)
    found = sessions(watch)
    assert 0 < found[child.pid].cpus < 1.5
    assert found[idle.pid].cpus < found[child.pid].cpus


def test_what_a_session_starts_counts_as_its_own(start, watch: HostWatch) -> None:
    child = start(has_child())
    until(watch, lambda found: child.pid in found and found[child.pid].cpus > 0.1)


def test_a_service_that_was_started_from_maya_is_not_maya_s_load(
    start, watch: HostWatch
) -> None:
    service = start(has_child("-m", "lrc_toolbox.running"))
    alike = start(has_child())
    pid = int(service.stdout.readline())
    until(watch, lambda found: alike.pid in found and found[alike.pid].cpus > 0.1)
    assert psutil.Process(pid).cpu_times().user > 0
    assert sessions(watch)[service.pid].cpus < 0.1


def test_sessions_come_in_the_order_of_their_start(start, watch: HostWatch) -> None:
    first, second = start(WAITS), start(WAITS)
    until(watch, lambda found: {first.pid, second.pid} <= found.keys())
    told = [session.created_at for session in watch.read(time.time())]
    assert told == sorted(told)


def test_where_nothing_runs_there_are_no_sessions(watch: HostWatch) -> None:
    assert sessions(watch) == {}
