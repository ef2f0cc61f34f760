from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lrc_toolbox.jobs.notifications import (
    NotificationsError,
    NotificationSettings,
    Notify,
    filled,
)
from lrc_toolbox.jobs.submission import Submission, SubmissionError

REPOSITORY = Path(__file__).resolve().parents[2]
ADDRESS = "https://hooks.slack.com/services/T0/B0/secret"


def refusal(**given: Any) -> NotificationsError:
    with pytest.raises(NotificationsError) as refused:
        NotificationSettings.read(given, "n.json")
    assert str(refused.value).startswith("n.json: ")
    return refused.value


def test_without_a_file_the_desktop_is_told_of_what_matters(tmp_path: Path) -> None:
    settings = NotificationSettings.load(tmp_path / "notifications.json")
    assert settings.desktop
    assert settings.events == ("done", "failed", "stopped")
    assert (settings.command, settings.webhooks) == ((), ())


def test_a_file_is_read_as_the_guide_shows_it(tmp_path: Path) -> None:
    guide = (REPOSITORY / "docs/td-guide.md").read_text("utf-8")
    shown = guide.split("## Who is told")[1].split("```json\n")[1].split("```")[0]
    path = tmp_path / "notifications.json"
    path.write_text(shown, encoding="utf-8-sig")
    settings = NotificationSettings.load(path)
    assert set(json.loads(shown)) == set(NotificationSettings.model_fields)
    assert settings.webhooks[0].startswith("https://hooks.slack.com/")


@pytest.mark.parametrize(
    ("given", "key", "told"),
    [
        ({"event": ["done"]}, "event", 'Did you mean "events"?'),
        ({"events": ["dne"]}, "events", '"dne"'),
        ({"events": "done"}, "events", 'a list of "done"'),
        ({"desktop": "maybe"}, "desktop", "true or false"),
        ({"desktop_after_s": -1}, "desktop_after_s", "from 0 up"),
        ({"desktop_after_s": True}, "desktop_after_s", "from 0 up"),
        ({"command_limit_s": 0}, "command_limit_s", "above 0"),
        ({"command": "say hello"}, "command", "a list of texts"),
        ({"command": ["say", "<nam>"]}, "command", 'Did you mean "<name>"?'),
        ({"command": [" "]}, "command", "no program"),
    ],
)
def test_what_is_wrong_is_told_by_name_with_what_it_must_be(
    given: dict[str, Any], key: str, told: str
) -> None:
    error = refusal(**given)
    assert error.key == key
    assert told in str(error)


@pytest.mark.parametrize(
    "wrong",
    [
        "file:///etc/secret",
        "ftp://host/secret",
        "hooks.slack.com/secret",
        "https:///secret",
        "https://anna:secret@host/x",
        "https://host:port/secret",
        "https://host:0/secret",
        "http://[secret",
        "https://host/a secret",
        "https://host/x\r\nX-Header: secret",
        "https://höst/secret",
        7,
        ["https://secret"],
        {"secret": 1},
    ],
)
def test_a_wrong_address_is_refused_and_not_shown(wrong: object) -> None:
    for given in (wrong, [wrong], [ADDRESS, wrong]):
        if given == ["https://secret"]:
            continue  # A list with a whole address in it.
        error = refusal(webhooks=given)
        assert error.key == "webhooks"
        assert "secret" not in str(error)


def test_one_address_needs_no_list_and_counts_once() -> None:
    assert NotificationSettings.read({"webhooks": ADDRESS}).webhooks == (ADDRESS,)
    twice = NotificationSettings.read({"webhooks": [ADDRESS, ADDRESS]})
    assert twice.webhooks == (ADDRESS,)


def test_printing_settings_or_a_submission_shows_no_address() -> None:
    settings = NotificationSettings.read({"webhooks": ADDRESS})
    submission = Submission(
        scene="/s/a.ma", output_folder="/o", notify=Notify(webhooks=(ADDRESS,))
    )
    assert "secret" not in f"{settings!r} {settings} {submission!r} {submission}"


def test_a_job_says_otherwise_part_by_part() -> None:
    settings = NotificationSettings.read({"webhooks": ADDRESS, "command": ["say"]})
    job = Notify(events=("failed",), command=())
    mine = settings.for_job(job)
    assert mine.events == ("failed",)
    assert mine.command == ()
    assert mine.webhooks == (ADDRESS,)
    assert settings.for_job(None) is settings


@pytest.mark.parametrize(
    ("notify", "told"),
    [
        ({"evnts": []}, 'In "notify": "evnts" is unknown. Did you mean "events"?'),
        ({"events": ["dne"]}, 'In "notify": "events" holds "dne".'),
        ([ADDRESS], '"notify" is no object.'),
        ({"webhooks": "ftp://x/secret"}, 'In "notify": "webhooks" has something'),
    ],
)
def test_what_is_wrong_in_a_submission_names_the_place(
    notify: object, told: str
) -> None:
    fields: dict[str, Any] = {"scene": "/s/a.ma", "output_folder": "/o"}
    with pytest.raises(SubmissionError) as refused:
        Submission(**fields, notify=notify)  # type: ignore[arg-type]
    assert refused.value.key == "notify"
    assert told in str(refused.value)
    assert "secret" not in str(refused.value)


def test_tokens_are_filled_in_once_and_may_be_written_plainly() -> None:
    values = {"name": "<job>", "job": "17"}
    assert filled(["<name>", "a<job>b", "<<job>>"], values) == [
        "<job>",
        "a17b",
        "<job>",
    ]


def test_the_published_schema_is_that_of_the_settings() -> None:
    argv = [sys.executable, "-m", "lrc_toolbox.jobs.notifications"]
    printed = subprocess.run(
        argv, cwd=REPOSITORY, capture_output=True, check=True, encoding="utf-8"
    )
    published = REPOSITORY / "docs/notifications.schema.json"
    assert published.read_text("utf-8") == printed.stdout
    schema = json.loads(printed.stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"$schema": "x", "webhooks": [ADDRESS]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"events": ["dne"]}, schema)
