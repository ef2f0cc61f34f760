"""A real service beside a session that works like a Maya with our panel in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.queue import RenderQueue

#: Registers as an open Maya until its input ends; says what it is told as its business.
SESSION = """
import sys
from pathlib import Path
from lrc_toolbox.machine.host_registration import HostRegistration
session = HostRegistration(Path(sys.argv[1]))
session.register()
print("open", flush=True)
for line in sys.stdin:
    session.beat(line.strip())
    print("told", flush=True)
session.unregister()
"""


class Session:
    """An open Maya."""

    def __init__(self, hosts: Path) -> None:
        hosts.mkdir(parents=True, exist_ok=True)
        argv = [sys.executable, "-c", SESSION, str(hosts)]
        self._child = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._hear("open")

    def ask_for_quiet(self, what: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(f"{what}\n")
        self._child.stdin.flush()
        self._hear("told")

    def close(self) -> None:
        self._child.communicate()

    def _hear(self, word: str) -> None:
        assert self._child.stdout is not None
        assert self._child.stdout.readline().strip() == word


@pytest.fixture
def open_maya(home: Path) -> Iterator[Callable[[], Session]]:
    opened: list[Session] = []

    def open_it() -> Session:
        opened.append(Session(home / "hosts"))
        return opened[-1]

    yield open_it
    for session in opened:
        session.close()


def keep(home: Path, **settings: object) -> None:
    """Write a policy; one that keeps nothing but what a test is about."""
    home.mkdir(exist_ok=True)
    nothing: dict[str, object] = {
        "host_cores": 0,
        "host_cores_percent": 0,
        "present_cores_percent": 100,
        "host_memory_mib": 0,
        "host_memory_percent": 0,
    }
    policy = Policy.model_validate({**nothing, **settings})
    policy.save(home / "policy.json")


def test_nothing_starts_on_cores_that_are_kept_until_maya_is_closed(
    queue: RenderQueue, home: Path, submit, until, open_maya
) -> None:
    keep(home, host_cores=999)
    session = open_maya()
    job = submit(frames="1")
    until(lambda: "are kept for Maya" in queue.job(job).reason)
    assert queue.job(job).record.state is JobState.WAITING
    session.close()
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_a_change_of_the_policy_lets_a_waiting_job_start(
    queue: RenderQueue, home: Path, submit, until, open_maya
) -> None:
    keep(home, host_cores=999)
    open_maya()
    job = submit(frames="1")
    until(lambda: "are kept for Maya" in queue.job(job).reason)
    keep(home)
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_a_playblast_is_waited_for(
    queue: RenderQueue, home: Path, submit, until, open_maya
) -> None:
    keep(home, resume_after_s=0)
    session = open_maya()
    session.ask_for_quiet("playblast")
    job = submit(frames="1")
    until(lambda: "playblast" in queue.job(job).reason)
    session.ask_for_quiet("")
    assert queue.wait(job, timeout=60).state is JobState.DONE


def test_a_wrong_policy_changes_nothing_and_the_log_says_why(
    queue: RenderQueue, home: Path, submit
) -> None:
    home.mkdir(exist_ok=True)
    (home / "policy.json").write_text(json.dumps({"atempts": 3}), encoding="utf-8")
    assert queue.wait(submit(frames="1"), timeout=60).state is JobState.DONE
    log = (home / "service.log").read_text(encoding="utf-8")
    assert 'policy.json: "atempts" is unknown. Did you mean "attempts"?' in log


def test_memory_that_a_layer_needed_is_known_to_the_next_service(
    queue: RenderQueue, submit, until, tmp_path: Path
) -> None:
    holds = "held = b'x' * (150 << 20); wait_for('go'); write()"
    first = submit(holds, frames="1")

    def measured() -> bool:
        peaks = [attempt.peak_memory_mib for attempt in queue.attempts(first)]
        return any(peak is not None and peak >= 150 for peak in peaks)

    until(lambda: queue.attempts(first))
    until(measured)
    (tmp_path / "go").touch()
    assert queue.wait(first, timeout=60).state is JobState.DONE
    assert queue.stop_service()
    second = submit(frames="1")
    assert queue.wait(second, timeout=60).state is JobState.DONE
    (attempt,) = queue.attempts(second)
    assert 180 <= attempt.grant.memory_mib < 400
