"""What docs/td-guide.md promises to programs is what `--json` prints."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from lrc_toolbox.cli.exit_codes import ExitCode
from lrc_toolbox.jobs.events import EventKind
from lrc_toolbox.jobs.submission import Submission
from tests.cli.conftest import REPOSITORY, Lrc

GUIDE = (REPOSITORY / "docs" / "td-guide.md").read_text(encoding="utf-8")


def example(heading: str) -> dict[str, Any]:
    match = re.search(rf"### {heading}\n.*?```json\n(.*?)```", GUIDE, re.DOTALL)
    assert match is not None
    shown: dict[str, Any] = json.loads(match[1])
    return shown


def keys(document: Any) -> Any:
    """Reduce a document to its keys, lists to those of their first item."""
    if isinstance(document, dict):
        return {key: keys(value) for key, value in document.items()}
    if isinstance(document, list) and document and isinstance(document[0], dict):
        return [keys(document[0])]
    return None


def test_a_job_its_tasks_and_attempts_are_as_the_guide_shows_them(lrc: Lrc) -> None:
    lrc.crash_on(2)
    number = lrc.submit()
    assert lrc.here("watch", number).returncode == 1
    shown = lrc.json("queue", number)
    assert keys(shown["job"]) == keys(example("A job"))
    expected = keys(example("A task"))
    assert keys(shown["tasks"][0]) == {**expected, "attempts": None}
    assert keys(shown["failed_frames"][0]) == keys(example("Failed frames"))
    assert keys(shown["attempts"][0]) == keys(example("An attempt"))


def test_a_running_task_shows_its_attempts_as_the_guide_does(lrc: Lrc) -> None:
    lrc.let_render(False)
    number = lrc.submit("--layers", "beauty")
    follower = lrc.start("watch", number, "--json")
    assert follower.stdout is not None
    for line in follower.stdout:
        event = json.loads(line)
        if event["event"] == "progress" and event["tasks"][0]["attempts"]:
            break
    assert keys(event["tasks"][0]) == keys(example("A task"))
    lrc.here("cancel", number)
    follower.communicate(timeout=60)
    assert follower.returncode == 3


def test_events_and_errors_are_as_the_guide_shows_them(lrc: Lrc) -> None:
    told = lrc.here("render", lrc.job_file, "--frames", 1, "--json")
    events = [json.loads(line) for line in told.stdout.splitlines()]
    proved = next(event for event in events if event["event"] == "frame_proved")
    assert keys(proved) == keys(example("An event"))
    (result,) = (event for event in events if event["event"] == "result")
    named = re.search(r"\| `result` \|.*?\|(.*)\|", GUIDE)
    assert named is not None
    assert set(re.findall(r"`(\w+)`", named[1])) == set(result) - {"event"}
    assert keys(lrc.json("queue", 99999)) == keys(example("An error"))


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_is_named(kind: EventKind) -> None:
    assert f"`{kind.value}`" in GUIDE


@pytest.mark.parametrize("code", list(ExitCode))
def test_every_exit_code_is_explained(code: ExitCode) -> None:
    assert f"| {int(code)} |" in GUIDE


def test_the_job_file_shown_is_one() -> None:
    assert Submission.from_json(example("Job files")).priority == 60


def test_every_command_is_described(lrc: Lrc) -> None:
    listed = lrc.here("--help").stdout
    commands = re.findall(r"^│ ([a-z]+) ", listed, re.MULTILINE)
    assert len(commands) > 10
    assert [name for name in commands if f"`lrc {name}" not in GUIDE] == []
