"""Telling people of a real queue's events, by real programs and a real web server."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.events import Event, EventKind
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.notifications import Notify
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import JobRecord, TaskId, TaskPlan, TaskRecord
from lrc_toolbox.jobs.states import JobState, TaskState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.notifying.ways import Command, Webhook
from lrc_toolbox.running.home import Home
from lrc_toolbox.running.notifier import Notifier
from lrc_toolbox.running.told import Told
from lrc_toolbox.store.interface import Changes
from lrc_toolbox.store.sqlite_file import SqliteStore
from tests.notifying.receiver import Answer, Receiver, receiving

K = EventKind

NOTES = "import sys; open(sys.argv[1], 'a').write(' '.join(sys.argv[2:]) + '\\n')"


class Stage:
    """A queue whose events are written by the test, and who is told of them."""

    def __init__(self, folder: Path, receiver: Receiver) -> None:
        self.home = Home.of(folder / "home")
        self.home.create()
        self.store = SqliteStore(self.home.queue_file, writer=True)
        self.receiver = receiver
        self.noted = folder / "noted"
        self.settings(webhooks=[receiver.address])
        self.notifier = self.service()

    def settings(self, **given: Any) -> None:
        whole = {"desktop": False, **given}
        self.home.notifications_file.write_text(json.dumps(whole), encoding="utf-8")

    def service(self, *waits_s: float) -> Notifier:
        """Begin as a service does, with the waits between two tries of a webhook."""
        ways = (Command(), Webhook(waits_s))
        return Notifier(self.home, self.store.last_event(), ways)

    def next_service(self, *waits_s: float) -> None:
        self.notifier.close()
        self.notifier = self.service(*waits_s)
        self.notifier.ring()

    def job(
        self, number: int = 1, state: JobState = JobState.DONE, **more: Any
    ) -> None:
        fields = {"scene": "/s/houses.ma", "output_folder": "/o", **more}
        record = JobRecord(number, Submission(**fields), state, 1.0, 50, task_count=2)
        plans = [
            TaskPlan(layer, "persp", FrameRange.parse("1-24"), (PICTURE,))
            for layer in ("beauty", "matte")
        ]
        self.tasks = [
            TaskRecord(TaskId(number, place), plan, TaskState.WAITING)
            for place, plan in enumerate(plans, start=1)
        ]
        self.store.save(Changes(jobs=[record], new_tasks=self.tasks))

    def happens(self, *events: Event) -> None:
        """Save events and tell of them, as the service's loop does."""
        self.store.save(Changes(events=list(events)))
        self.notifier.hear(events)

    def ends(
        self, number: int = 1, kind: EventKind = K.JOB_DONE, text: str = ""
    ) -> None:
        self.happens(Event(kind, time.time(), number, text=text))

    def quiet(self) -> None:
        """Wait until everybody was told."""
        until(lambda: not self.notifier.busy)

    @property
    def told(self) -> list[str]:
        """What the webhook was told, in words."""
        self.quiet()
        return [document["text"] for document in self.receiver.documents]


PICTURE = ExpectedPicture("/o/a.####.exr", 16, 9, ("R", "G", "B"))


def until(what: Any, limit_s: float = 30.0) -> None:
    end = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.01)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with receiving() as receiver:
        stage = Stage(tmp_path, receiver)
        yield stage
        receiver.let_go.set()
        stage.notifier.close()
        stage.store.close()


def test_a_job_that_is_done_is_told_with_its_numbers(stage: Stage) -> None:
    stage.job()
    stage.ends()
    [document] = stage.receiver.wait_for(1)
    assert document["text"].startswith("houses is done. 48 frames in ")
    assert document["event"] == "done"
    assert (document["job"]["id"], document["job"]["frames"]) == (1, 48)
    assert document["seq"] == stage.store.last_event()


def test_what_was_told_is_not_told_by_the_next_service(stage: Stage) -> None:
    stage.job()
    stage.ends()
    assert len(stage.told) == 1
    stage.next_service()
    stage.ends(kind=K.JOB_FAILED)
    assert len(stage.told) == 2


def test_what_happened_before_anybody_ever_told_is_no_news(stage: Stage) -> None:
    stage.job()
    stage.store.save(Changes(events=[Event(K.JOB_DONE, 1.0, 1)]))
    for way in ("command", "webhook"):
        stage.home.told_file(way).unlink()
    stage.next_service()
    assert stage.told == []


def test_what_happened_while_no_service_told_is_told_later(stage: Stage) -> None:
    stage.job()
    long_ago = time.time() - 7200
    stage.store.save(Changes(events=[Event(K.JOB_DONE, long_ago, 1)]))
    stage.next_service()
    [text] = stage.told
    assert "That was at" in text


def test_a_queue_that_was_begun_anew_is_told_of(stage: Stage) -> None:
    Told(5000).save(stage.home.told_file("webhook"))
    stage.next_service()
    stage.job()
    stage.ends()
    assert len(stage.told) == 1


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (K.JOB_DONE, "", "houses is done"),
        (K.JOB_FAILED, "matte: it crashed.", "houses has failed"),
        (K.JOB_PAUSED, "Frame 3 is black.", "houses was stopped. Frame 3 is black."),
        (K.JOB_PAUSED, "", None),
        (K.JOB_CANCELLED, "", None),
        (K.JOB_STARTED, "", None),
        (K.JOB_RETRIED, "3", None),
    ],
)
def test_events_that_people_care_about_are_told(
    stage: Stage, kind: EventKind, text: str, told: str | None
) -> None:
    stage.job()
    stage.ends(kind=kind, text=text)
    stage.ends(kind=K.JOB_DONE)
    said = stage.told[:-1]
    assert [one.startswith(str(told)) for one in said] == (
        [] if told is None else [True]
    )


def test_cancelled_jobs_are_told_where_somebody_wants_it(stage: Stage) -> None:
    stage.settings(webhooks=[stage.receiver.address], events=["cancelled"])
    stage.job(state=JobState.CANCELLED)
    stage.ends(kind=K.JOB_CANCELLED)
    stage.ends(kind=K.JOB_DONE)
    assert stage.told == ["houses was cancelled."]


def layer_fails(stage: Stage, ordinal: int, *more: Event) -> None:
    """Save what the scheduler does when a layer of job 1 has failed."""
    task, now = stage.tasks[ordinal - 1], time.time()
    task.state, task.ended_at = TaskState.FAILED, now
    failed = Event(K.TASK_FAILED, now, 1, task.id, text="It crashed.")
    stage.store.save(Changes(tasks=[task], events=[failed, *more]))
    stage.notifier.hear([failed, *more])


def test_the_first_layer_that_fails_is_told_while_the_others_go_on(
    stage: Stage,
) -> None:
    stage.job(state=JobState.RUNNING)
    layer_fails(stage, 2)
    layer_fails(stage, 1)
    assert stage.told == ["houses, layer matte, was stopped. It crashed."]


def test_the_last_layer_that_fails_is_told_as_the_job_only(stage: Stage) -> None:
    stage.job(state=JobState.FAILED)
    ended = Event(K.JOB_FAILED, time.time(), 1, text="matte: It crashed.")
    layer_fails(stage, 2, ended)
    [text] = stage.told
    assert text.startswith("houses has failed")


def test_a_stopped_queue_and_a_service_with_work_left_are_told(stage: Stage) -> None:
    stage.job(1, JobState.WAITING)
    stage.job(2, JobState.RUNNING)
    stage.happens(Event(K.QUEUE_STOPPED, time.time()))
    stage.happens(Event(K.SERVICE_STOPPED, time.time()))
    stage.happens(Event(K.SERVICE_STOPPED, time.time(), text="2 jobs are left."))
    queue, service = stage.told
    assert "The queue was stopped with 2 jobs left" in queue
    assert service == "Rendering was stopped. 2 jobs are left."
    assert stage.receiver.documents[0]["job"] is None


def test_a_job_that_was_removed_is_told_to_nobody(stage: Stage) -> None:
    stage.job(1)
    stage.job(2)
    stage.store.save(
        Changes(events=[Event(K.JOB_DONE, time.time(), 1)], removed_jobs=[1])
    )
    stage.ends(2)
    assert len(stage.told) == 1


def test_a_job_may_say_otherwise(stage: Stage) -> None:
    stage.job(1, notify=Notify(events=()))
    stage.job(2, notify=Notify(webhooks=()))
    stage.job(3, notify=Notify(command=(sys.executable, "-c", NOTES, str(stage.noted))))
    for number in (1, 2, 3):
        stage.ends(number)
    assert [d["job"]["id"] for d in (stage.quiet(), stage.receiver.documents)[1]] == [3]
    assert stage.noted.read_text() == "\n"


def test_a_command_that_fails_is_logged_once_and_stays_visible(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.settings(command=["/no/such/program"])
    stage.job()
    for _ in range(3):
        stage.ends()
    stage.quiet()
    warnings = [r for r in caplog.records if r.levelno == logging.WARNING]
    assert len(warnings) == 1
    told = Told.load(stage.home.told_file("command"))
    assert told is not None
    assert "/no/such/program cannot be started" in told.problem
    stage.settings(command=[sys.executable, "-c", NOTES, str(stage.noted)])
    stage.ends()
    stage.quiet()
    told = Told.load(stage.home.told_file("command"))
    assert told is not None
    assert told.problem == ""


def test_no_secret_gets_into_a_log_or_a_file(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stage.receiver.answers[:] = [Answer(404)]
    stage.job()
    stage.ends()
    assert len(stage.told) == 1
    files = stage.home.told_file("webhook").parent.iterdir()
    kept = "".join(path.read_text() for path in files)
    assert "127.0.0.1 answered 404" in caplog.text
    assert "127.0.0.1 answered 404" in kept
    assert "do-not-show" not in caplog.text + kept


def test_a_settings_file_that_is_wrong_is_told_once_and_changes_nothing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.job()
    stage.ends()
    assert len(stage.told) == 1
    stage.home.notifications_file.write_text('{"webhoks": []}')
    stage.ends()
    stage.ends()
    assert len(stage.told) == 3
    errors = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert len(errors) == 1
    assert 'Did you mean "webhooks"?' in errors[0]


def test_a_webhook_that_is_down_holds_up_no_command(stage: Stage) -> None:
    stage.settings(
        webhooks=[stage.receiver.address],
        command=[sys.executable, "-c", NOTES, str(stage.noted), "<job>", "<state>"],
    )
    stage.receiver.answers[:] = [Answer(holds=True)]
    stage.job(1)
    stage.job(2)
    stage.ends(1)
    stage.ends(2, K.JOB_FAILED)
    until(lambda: stage.noted.exists() and stage.noted.read_text().count("\n") == 2)
    assert stage.noted.read_text() == "1 done\n2 failed\n"
    assert stage.notifier.busy
    stage.receiver.let_go.set()
    assert [document["seq"] for document in stage.receiver.wait_for(2)] == [1, 2]


def test_what_a_service_that_leaves_could_not_tell_is_told_by_the_next(
    stage: Stage,
) -> None:
    stage.next_service(600.0)
    stage.receiver.answers[:] = [Answer(503)]
    stage.job()
    stage.ends()
    stage.receiver.wait_for(1)
    began = time.monotonic()
    stage.next_service()
    assert time.monotonic() - began < 60
    first, second = stage.receiver.wait_for(2)
    assert first["seq"] == second["seq"]


def test_a_service_waits_for_nobody_for_long_when_it_leaves(stage: Stage) -> None:
    stage.receiver.answers[:] = [Answer(holds=True)]
    stage.job()
    stage.ends()
    stage.receiver.wait_for(1)
    stage.notifier.close(limit_s=0.1)
    assert stage.notifier.busy


def killed_while_telling(stage: Stage, may_kill: Any) -> None:
    """Let a process tell what is not told, and kill it when the test says so."""
    argv = [sys.executable, str(Path(__file__).with_name("notifying_child.py"))]
    paths = [str(REPOSITORY), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    child = subprocess.Popen([*argv, str(stage.home.folder)], env=environment)
    with child:
        until(may_kill)
        child.kill()
        assert child.wait(30) == -signal.SIGKILL


REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="looks at a signal")
def test_a_service_killed_while_it_tells_a_webhook_lets_the_next_tell_it_again(
    stage: Stage,
) -> None:
    stage.receiver.answers[:] = [Answer(holds=True)]
    stage.job()
    stage.store.save(Changes(events=[Event(K.JOB_DONE, time.time(), 1)]))
    killed_while_telling(stage, lambda: stage.receiver.arrived)
    stage.receiver.let_go.set()
    stage.next_service()
    first, second = stage.receiver.wait_for(2)
    assert first["seq"] == second["seq"]
    stage.next_service()
    assert len(stage.told) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="looks at a signal")
def test_a_command_that_ends_the_service_is_not_run_again(stage: Stage) -> None:
    ends = f"echo ran >> '{stage.noted}'; exec sleep 10"
    stage.settings(command=["/bin/sh", "-c", ends])
    stage.job()
    stage.store.save(Changes(events=[Event(K.JOB_DONE, time.time(), 1)]))
    killed_while_telling(stage, stage.noted.exists)
    stage.next_service()
    stage.quiet()
    assert stage.noted.read_text() == "ran\n"
