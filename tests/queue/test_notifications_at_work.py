"""A real service tells a real web server, program and desktop of real renders."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.queue import RenderQueue
from tests.notifying.receiver import Receiver, receiving

Submit = Callable[..., int]

NOTES = "import sys; open(sys.argv[1], 'a').write(' '.join(sys.argv[2:]) + '\\n')"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with receiving() as server:
        yield server


@pytest.fixture
def settings(home: Path, receiver: Receiver) -> Callable[..., None]:
    def write(**given: Any) -> None:
        home.mkdir(exist_ok=True)
        whole = {"desktop": False, "webhooks": [receiver.address], **given}
        (home / "notifications.json").write_text(json.dumps(whole), encoding="utf-8")

    write()
    return write


@pytest.mark.usefixtures("settings")
def test_done_and_failed_jobs_are_told_when_they_have_ended(
    queue: RenderQueue, submit: Submit, receiver: Receiver
) -> None:
    done, failed = submit(), submit("sys.exit(3)", frames="1-2", retries=0)
    told = {d["job"]["id"]: d for d in receiver.wait_for(2)}
    assert (told[done]["event"], told[done]["job"]["frames"]) == ("done", 3)
    assert (told[failed]["event"], told[failed]["job"]["failed"]) == ("failed", 2)
    assert "exit code 3" in told[failed]["reason"]
    assert queue.job(done).state is JobState.DONE
    assert len(receiver.arrived) == 2


def test_a_command_is_run_for_each_job_that_wants_it(
    queue: RenderQueue,
    submit: Submit,
    settings: Callable[..., None],
    until: Callable[..., None],
    tmp_path: Path,
    receiver: Receiver,
) -> None:
    noted = tmp_path / "noted"
    settings(command=[sys.executable, "-c", NOTES, str(noted), "<job>", "<state>"])
    first = submit(frames="1")
    quiet = submit(frames="1", notify={"events": []})
    queue.wait(quiet, timeout=60)
    last = submit(frames="1")
    until(lambda: noted.exists() and noted.read_text().count("\n") == 2)
    assert noted.read_text() == f"{first} done\n{last} done\n"


@pytest.mark.usefixtures("settings")
def test_the_next_service_tells_only_what_this_one_did_not(
    queue: RenderQueue, submit: Submit, receiver: Receiver, tmp_path: Path
) -> None:
    submit(frames="1")
    receiver.wait_for(1)
    job = submit("wait_for('go'); write()", frames="1")
    queue.resume()
    assert queue.stop_service()
    _, stopped = receiver.wait_for(2)
    assert stopped["event"] == "stopped"
    assert "1 job left" in stopped["reason"]
    (tmp_path / "go").touch()
    assert queue.wait(job, timeout=60).state is JobState.DONE
    assert [d["event"] for d in receiver.wait_for(3)] == ["done", "stopped", "done"]
    assert queue.stop_service()
    assert len(receiver.arrived) == 3


@pytest.mark.usefixtures("settings")
def test_a_stopped_queue_is_told(
    queue: RenderQueue, submit: Submit, receiver: Receiver, tmp_path: Path
) -> None:
    submit("wait_for('go'); write()", frames="1")
    queue.stop()
    [document] = receiver.wait_for(1)
    assert document["text"].startswith("Rendering was stopped.")
    (tmp_path / "go").touch()
    queue.resume()
    assert [d["event"] for d in receiver.wait_for(2)] == ["stopped", "done"]


@pytest.mark.skipif(sys.platform != "linux", reason="notify-send is Linux'")
def test_the_desktop_shows_a_failed_job(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    until: Callable[..., None],
) -> None:
    programs, shown = tmp_path / "bin", tmp_path / "shown"
    programs.mkdir()
    notes = f"printf '%s\\n' \"$@\" > '{shown}.part'; mv '{shown}.part' '{shown}'"
    (programs / "notify-send").write_text(f"#!/bin/sh\n{notes}\n")
    (programs / "notify-send").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    # Only now: the service that it starts is to find the program.
    submit: Submit = request.getfixturevalue("submit")
    submit("sys.exit(3)", frames="1", retries=0)
    until(shown.exists)
    assert "shot has failed" in shown.read_text().splitlines()
