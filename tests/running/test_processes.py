from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from lrc_toolbox.engines.engine import Launch
from lrc_toolbox.running import processes
from lrc_toolbox.running.processes import Identity, end_tree, find_by_attempt

#: A process that starts a child that starts a child, the last one in a session of its
#: own whose parent leaves: found neither by parentage nor by session.
TREE = """
import os, subprocess, sys, time
depth = int(sys.argv[1])
def tell():
    # In one piece: an unbuffered print writes the number and the line's end apart,
    # and four processes share this log.
    os.write(1, f"{os.getpid()}\\n".encode())
tell()
if depth > 0:
    subprocess.Popen([sys.executable, __file__, str(depth - 1)])
    if depth == 2:
        subprocess.Popen([sys.executable, __file__, "-1"])
if depth == -1:
    if os.fork():
        os._exit(0)
    os.setsid()
    tell()
time.sleep(600)
"""

posix_only = pytest.mark.skipif(os.name == "nt", reason="sessions are POSIX")


def until(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started = []

    def start_it(*argv: str, attempt: int = 4242) -> subprocess.Popen[bytes]:
        launch = Launch((sys.executable, *argv))
        child = processes.start(launch, attempt, tmp_path / "a.log")
        started.append(child)
        return child

    yield start_it
    for child in started:
        child.kill()
        child.wait()


def test_output_goes_to_the_log_and_the_attempt_is_named(start, tmp_path):
    code = "import os; print(os.environ['LRC_ATTEMPT'])"
    assert start("-c", code, attempt=77).wait() == 0
    assert (tmp_path / "a.log").read_text().strip() == "77"


#: A process with a thread and a child, which tells their numbers and waits.
BUSY = """
import subprocess, sys, threading, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux binds threads one by one")
def test_a_running_process_is_bound_with_its_threads_and_children(start, tmp_path):
    child = start("-c", BUSY)
    log = tmp_path / "a.log"
    until(lambda: log.read_text().endswith("\n"))
    grandchild = int(log.read_text())
    identity = processes.identity_of(child.pid)
    assert identity is not None
    cpu = max(os.sched_getaffinity(0))
    processes.rebind(identity, [cpu])
    threads = psutil.Process(child.pid).threads()
    assert len(threads) == 2
    for number in (*(thread.id for thread in threads), grandchild):
        assert os.sched_getaffinity(number) == {cpu}
    psutil.Process(grandchild).kill()


def test_renders_come_after_what_people_work_with(start):
    child = start("-c", "input()")
    before = psutil.Process(child.pid).nice()
    processes.step_behind(child.pid)
    after = psutil.Process(child.pid).nice()
    if os.name == "nt":
        assert after == psutil.BELOW_NORMAL_PRIORITY_CLASS
    else:
        assert after == max(before, processes.NICENESS)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no affinity here")
def test_a_bound_process_and_what_it_starts_keep_to_their_cpus(start, tmp_path):
    code = (
        "import os, subprocess, sys; sys.stdin.read();"
        "code = 'import os; print(os.sched_getaffinity(0))';"
        "subprocess.run([sys.executable, '-c', code])"
    )
    child = start("-c", code)
    cpu = min(os.sched_getaffinity(0))
    processes.bind(child.pid, [cpu])
    child.stdin.close()
    child.wait()
    assert (tmp_path / "a.log").read_text().strip() == str({cpu})


def test_a_program_that_is_not_there_is_an_error_that_names_it(tmp_path):
    with pytest.raises(OSError, match="no-such-renderer"):
        processes.start(Launch(("no-such-renderer",)), 1, tmp_path / "a.log")


def test_a_process_is_known_again_by_pid_and_creation_time(start):
    child = start("-c", "import time; time.sleep(600)")
    identity = processes.identity_of(child.pid)
    assert identity is not None
    assert identity.find() is not None
    assert Identity(child.pid, identity.created_at - 60).find() is None
    child.kill()
    child.wait()
    assert identity.find() is None


def test_a_zombie_is_gone(start):
    child = start("-c", "pass")
    identity = processes.identity_of(child.pid)
    assert identity is not None
    until(lambda: identity.find() is None)
    assert child.returncode is None
    child.wait()


@posix_only
def test_nothing_of_a_tree_is_left_alive(start, tmp_path):
    script = tmp_path / "tree.py"
    script.write_text(TREE)
    child = start(str(script), "2", attempt=91)
    log = tmp_path / "a.log"
    until(lambda: len(log.read_text().split()) == 5)
    pids = [int(text) for text in log.read_text().split()]
    identity = processes.identity_of(child.pid)
    assert identity is not None
    end_tree(identity, 91, grace_s=0.2)
    child.wait()
    assert [pid for pid in pids if alive(pid)] == []


@posix_only
def test_a_process_that_ignores_being_asked_is_killed(start, tmp_path):
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(600)"
    )
    child = start("-c", code)
    until(lambda: "deaf" in (tmp_path / "a.log").read_text())
    identity = processes.identity_of(child.pid)
    assert identity is not None
    end_tree(identity, 4242, grace_s=0.3)
    assert child.wait() == -signal.SIGKILL


@posix_only
def test_a_process_that_outlives_its_starter_is_noticed(start):
    code = (
        "import subprocess, sys;"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
    )
    child = start("-c", code)
    child.wait()
    assert processes.survivors(child.pid)
    end_tree(Identity(child.pid, time.time()), 4242, grace_s=0.2)
    until(lambda: not processes.survivors(child.pid))


def test_a_process_whose_pid_was_not_written_down_is_found_by_its_attempt(start):
    child = start("-c", "import time; time.sleep(600)", attempt=987654)
    until(lambda: find_by_attempt(987654) is not None)
    found = find_by_attempt(987654)
    assert found is not None
    assert found.pid == child.pid
    assert find_by_attempt(987655) is None


def test_the_same_attempt_of_another_queue_is_not_taken_for_it(start, monkeypatch):
    monkeypatch.setenv("LRC_HOME", "/one queue")
    child = start("-c", "import time; time.sleep(600)", attempt=555001)
    until(lambda: find_by_attempt(555001) is not None)
    monkeypatch.setenv("LRC_HOME", "/another queue")
    assert find_by_attempt(555001) is None
    end_tree(Identity(2**22 + 1, 0.0), 555001, grace_s=0.1)
    assert child.poll() is None
