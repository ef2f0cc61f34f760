from __future__ import annotations

import os
from pathlib import Path

import pytest

from lrc_toolbox.jobs.records import JobRecord
from lrc_toolbox.jobs.states import JobState
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.running.scene_copies import copy_path, drop_old_copies, make_copy


def job(scene: Path, number: int = 7) -> JobRecord:
    submission = Submission(scene=str(scene), output_folder="/out", user="artist")
    return JobRecord(number, submission, JobState.WAITING, 1_700_000_000.0, 50)


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    scene = tmp_path / "shot 010.ma"
    scene.write_bytes(b"//Maya ASCII 2024 scene\n")
    return scene


def test_a_copy_is_named_after_scene_time_and_job(scene, tmp_path):
    name = copy_path(tmp_path, job(scene)).name
    assert name.startswith("render_shot 010_20231")
    assert name.endswith("_7.ma")


def test_a_copy_is_made_once_whatever_the_artist_saves_meanwhile(scene, tmp_path):
    copy = copy_path(tmp_path, job(scene))
    make_copy(str(scene), copy)
    scene.write_bytes(b"changed")
    make_copy(str(scene), copy)
    assert copy.read_bytes() == b"//Maya ASCII 2024 scene\n"


def test_the_newest_copies_and_those_in_use_are_kept(scene, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    copies = [copy_path(folder, job(scene, number)) for number in range(1, 10)]
    for age, copy in enumerate(copies):
        make_copy(str(scene), copy)
        os.utime(copy, (1000 + age, 1000 + age))
    (folder / ".render_left over.ma.part").write_bytes(b"half")
    drop_old_copies(folder, in_use={copies[0]})
    assert sorted(folder.iterdir()) == sorted([copies[0], *copies[-5:]])


def test_files_that_are_not_ours_stay(scene, tmp_path):
    drop_old_copies(tmp_path, in_use=(), kept=0)
    assert scene.exists()
