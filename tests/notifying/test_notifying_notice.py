from __future__ import annotations

import json
from collections.abc import Callable
from typing import get_args

import pytest

from lrc_toolbox.jobs.notifications import OCCASIONS, TOKENS, Occasion
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.notifying.notice import Notice

Make = Callable[..., Notice]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"occasion": "done"}, "houses is done"),
        ({"occasion": "failed"}, "houses has failed"),
        ({"occasion": "stopped"}, "houses was stopped"),
        ({"occasion": "cancelled"}, "houses was cancelled"),
        ({"occasion": "stopped", "layer": "fg"}, "houses, layer fg, was stopped"),
        ({"occasion": "stopped", "job": None}, "Rendering was stopped"),
        ({"number": 0, "job": None}, "Notifications work"),
    ],
)
def test_the_title_says_what_happened(
    notice: Make, changes: dict[str, object], said: str
) -> None:
    assert notice(**changes).title() == said


def test_the_text_says_how_much_and_why(notice: Make) -> None:
    failed = "3 of 48 frames failed. matte: Frame 3: The render process crashed."
    assert notice().text(1134.0) == failed
    assert notice(occasion="done", reason="").text(1134.0) == "48 frames in 2:03."


def test_a_late_notice_says_when_it_happened(notice: Make) -> None:
    assert "That was at" not in notice().text(1133.0 + 299)
    assert "That was at" in notice().text(1133.0 + 301)


def test_there_is_a_value_for_every_token(notice: Make) -> None:
    tokens = notice().tokens()
    assert set(tokens) == set(TOKENS)
    assert tokens == {
        "job": "17",
        "name": "houses",
        "state": "failed",
        "reason": "matte: Frame 3: The render process crashed.",
        "output": "/shots/out",
        "frames": "48",
        "failed": "3",
    }
    assert notice(job=None).tokens()["job"] == ""


def test_every_occasion_is_listed() -> None:
    assert get_args(Occasion) == OCCASIONS


def test_a_document_is_read_by_slack_and_discord_alike(notice: Make) -> None:
    document = notice().document(1134.0)
    assert document["text"].startswith("houses has failed. 3 of 48")
    assert document["content"] == document["text"]
    assert (document["event"], document["seq"]) == ("failed", 379)
    assert document["job"]["output_folder"] == "/shots/out"
    assert json.loads(json.dumps(document)) == document


def test_a_name_calls_nobody_in_a_chat(notice: Make) -> None:
    named = notice()
    called = Submission(
        scene="/s/a.ma", output_folder="/o", name="<!channel> @everyone & <b>"
    )
    assert named.job is not None
    named.job.submission = called
    document = named.document(1134.0)
    assert document["text"].startswith("&lt;!channel&gt; @everyone &amp; &lt;b&gt; has")
    assert document["content"].startswith("<!channel> @everyone & <b> has failed")
    assert document["allowed_mentions"] == {"parse": []}


def test_a_long_reason_still_fits_into_a_chat(notice: Make) -> None:
    assert len(notice(reason="why " * 5000).document(1134.0)["content"]) < 2000


def test_a_terminals_control_characters_are_not_passed_on(notice: Make) -> None:
    assert "\x1b" not in notice(reason="\x1b[2Jgone").text(1134.0)
