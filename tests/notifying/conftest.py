"""Notices to tell, and a web server that hears of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from lrc_toolbox.jobs.records import JobRecord
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.notifying.notice import Notice
from tests.notifying.receiver import Receiver, receiving


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    # A studio's proxy would not find this computer by that name.
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with receiving() as server:
        yield server


@pytest.fixture
def notice() -> Callable[..., Notice]:
    """Make a notice of a job that has failed, unless told otherwise."""

    def make(**changes: object) -> Notice:
        submission = Submission(
            scene="/shots/houses.ma", output_folder="/shots/out", user="anna"
        )
        job = JobRecord(17, submission, JobState.FAILED, 1000.0, 50, started_at=1010.0)
        given: dict[str, object] = {
            "number": 379,
            "occasion": "failed",
            "at": 1133.0,
            "reason": "matte: Frame 3: The render process crashed.",
            "job": job,
            "frames": 48,
            "failed": 3,
            **changes,
        }
        return Notice(**given)  # type: ignore[arg-type]

    return make
