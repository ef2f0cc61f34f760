"""`lrc notify`, with a real web server to tell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Lrc, wait_until
from tests.notifying.receiver import Answer, Receiver, receiving


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with receiving() as server:
        yield server


def write(lrc: Lrc, **settings: object) -> None:
    lrc.home.mkdir(exist_ok=True)
    text = json.dumps({"desktop": False, **settings})
    (lrc.home / "notifications.json").write_text(text, encoding="utf-8")


def test_everybody_is_told_and_it_says_what_came_of_it(
    lrc: Lrc, receiver: Receiver
) -> None:
    # What is told of otherwise does not matter to a test.
    write(lrc, webhooks=[receiver.address], command=[sys.executable, "-V"], events=[])
    told = lrc.here("notify", "test")
    assert told.returncode == 0
    assert "webhook (127.0.0.1): told" in told.stdout
    assert told.stdout.startswith("command (")
    [document] = receiver.documents
    assert document["text"].startswith("Notifications work.")
    assert (document["seq"], document["job"]) == (0, None)


def test_who_cannot_be_told_is_named_with_the_reason_after_one_try(
    lrc: Lrc, receiver: Receiver
) -> None:
    write(lrc, webhooks=[receiver.address], command=["/no/such/program"])
    receiver.answers[:] = [Answer(503, body="come back"), Answer(503)]
    told = lrc.here("notify", "test")
    assert told.returncode == 2
    assert "answered 503 Service Unavailable. come back" in told.stdout
    assert "/no/such/program cannot be started" in told.stdout
    assert len(receiver.arrived) == 1
    document = lrc.json("notify", "test")
    assert [one["told"] for one in document["told"]] == [False, False]
    assert document["exit_code"] == 2
    assert "do-not-show" not in told.stdout + json.dumps(document)


def test_settings_are_shown_without_what_is_secret(
    lrc: Lrc, receiver: Receiver
) -> None:
    write(lrc, webhooks=[receiver.address], events=["failed"])
    shown = lrc.here("notify").stdout
    assert "told of  failed" in shown
    assert "webhook  127.0.0.1" in shown
    assert "desktop  off" in shown
    document = lrc.json("notify")
    assert document["events"] == ["failed"]
    assert [way["way"] for way in document["ways"]] == ["desktop", "command", "webhook"]
    assert "do-not-show" not in shown + json.dumps(document)
    assert lrc.here("notify", "path").stdout.strip() == document["path"]


def test_what_came_of_it_the_last_time_is_shown(lrc: Lrc) -> None:
    write(lrc, command=["/no/such/program", "<name>"])
    number = lrc.submit("--layers", "beauty", "--name", "told")
    assert lrc.here("watch", number).returncode == 0

    def history() -> str:
        return lrc.here("notify").stdout

    wait_until(lambda: "/no/such/program cannot be started" in history())
    write(lrc)


def test_a_wrong_file_is_told_with_place_and_remedy(lrc: Lrc) -> None:
    write(lrc, webhoks=[])
    for typed in (("notify",), ("notify", "test")):
        told = lrc.here(*typed)
        assert told.returncode == 2
        assert 'notifications.json: "webhoks" is unknown.' in told.stderr
        assert 'Did you mean "webhooks"?' in told.stderr
    write(lrc)


def test_nobody_to_tell_is_said(lrc: Lrc) -> None:
    write(lrc)
    assert "Nobody is told" in lrc.here("notify", "test").stdout
