from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from lrc_toolbox.jobs.failures import FailureClass
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import TaskId
from lrc_toolbox.running.freshness import Freshness

TASK = TaskId(1, 1)


@pytest.fixture
def picture(tmp_path: Path) -> ExpectedPicture:
    return ExpectedPicture(f"{tmp_path.as_posix()}/a.####.exr", 64, 36)


def test_a_picture_written_after_the_frame_was_given_out_is_fresh(picture):
    freshness = Freshness()
    freshness.note(TASK, [picture], [1])
    Path(picture.path(1)).write_bytes(b"new")
    assert freshness.lack(TASK, [picture], 1, time.time()) is None


def test_a_picture_that_was_there_before_proves_nothing(picture):
    Path(picture.path(1)).write_bytes(b"last week")
    freshness = Freshness()
    freshness.note(TASK, [picture], [1])
    failure = freshness.lack(TASK, [picture], 1, time.time())
    assert failure is not None
    assert failure.kind is FailureClass.OUTPUT_MISSING
    assert "before" in failure.message


def test_a_picture_that_replaces_an_old_one_is_fresh(picture):
    path = Path(picture.path(1))
    path.write_bytes(b"old")
    freshness = Freshness()
    freshness.note(TASK, [picture], [1])
    beside = path.with_suffix(".part")
    beside.write_bytes(b"new")
    beside.replace(path)
    assert freshness.lack(TASK, [picture], 1, time.time()) is None


def test_a_missing_picture_is_named(picture):
    failure = Freshness().lack(TASK, [picture], 1, 0.0)
    assert failure is not None
    assert picture.path(1) in failure.message


def test_after_a_new_service_the_clock_decides(picture):
    path = Path(picture.path(1))
    path.write_bytes(b"picture")
    os.utime(path, (1000.0, 1000.0))
    assert Freshness().lack(TASK, [picture], 1, 2000.0) is not None
    assert Freshness().lack(TASK, [picture], 1, 900.0) is None
