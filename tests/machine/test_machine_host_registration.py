from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from lrc_toolbox.machine.host_registration import (
    BUSY_HOLDS_S,
    HostFile,
    HostRegistration,
    read_registrations,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "hosts"


def write(folder: Path, said: HostFile, name: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / (name or f"{said.pid}.json")
    path.write_text(said.model_dump_json())
    return path


def myself(**other: object) -> HostFile:
    me = psutil.Process()
    facts = {"pid": me.pid, "created_at": me.create_time(), "program": "maya.bin"}
    return HostFile.model_validate({**facts, "beat_at": time.time(), **other})


def test_a_session_is_there_once_it_registered_and_gone_afterwards(
    folder: Path,
) -> None:
    registration = HostRegistration(folder)
    assert read_registrations(folder) == {}
    registration.register()
    (said,) = read_registrations(folder).values()
    assert said.pid == os.getpid()
    assert said.program == psutil.Process().exe()
    assert abs(said.beat_at - time.time()) < 60
    registration.unregister()
    assert read_registrations(folder) == {}
    registration.unregister()


def test_each_sign_of_life_is_newer_and_leaves_one_file(folder: Path) -> None:
    registration = HostRegistration(folder)
    registration.register()
    first = read_registrations(folder)[os.getpid()].beat_at
    registration.beat()
    assert read_registrations(folder)[os.getpid()].beat_at > first
    assert [path.name for path in folder.iterdir()] == [f"{os.getpid()}.json"]


def test_what_a_session_is_busy_with_stays_until_it_says_otherwise(
    folder: Path,
) -> None:
    registration = HostRegistration(folder)
    registration.register()
    registration.beat("playblast")
    registration.beat()
    assert read_registrations(folder)[os.getpid()].busy_with == "playblast"
    registration.beat("")
    assert read_registrations(folder)[os.getpid()].busy_with == ""


def test_what_was_said_long_ago_keeps_renders_waiting_no_more() -> None:
    said = myself(beat_at=1000.0, busy_with="playblast")
    assert said.busy_at(1000.0 + BUSY_HOLDS_S - 1) == "playblast"
    assert said.busy_at(1000.0 + BUSY_HOLDS_S) == ""


def test_a_session_that_ended_without_a_word_is_cleared_away(folder: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    created_at = psutil.Process(child.pid).create_time()
    path = write(folder, myself(pid=child.pid, created_at=created_at))
    assert list(read_registrations(folder)) == [child.pid]
    child.kill()
    child.wait()
    assert read_registrations(folder) == {}
    assert not path.exists()


def test_a_session_that_is_dead_but_not_buried_does_not_count(folder: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process = psutil.Process(child.pid)
    write(folder, myself(pid=child.pid, created_at=process.create_time()))
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert process.status() == psutil.STATUS_ZOMBIE
        assert read_registrations(folder) == {}
    finally:
        child.wait()


def test_a_pid_that_belongs_to_somebody_else_by_now_is_no_session(
    folder: Path,
) -> None:
    path = write(folder, myself(created_at=psutil.Process().create_time() - 3600))
    assert read_registrations(folder) == {}
    assert not path.exists()


def test_a_session_that_gives_no_sign_for_hours_is_there_as_long_as_it_runs(
    folder: Path,
) -> None:
    write(folder, myself(beat_at=time.time() - 7200))
    assert list(read_registrations(folder)) == [os.getpid()]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 4}', "\x00"])
def test_a_file_that_makes_no_sense_is_cleared_away(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / f"{os.getpid()}.json").write_text(text)
    assert read_registrations(folder) == {}
    assert list(folder.iterdir()) == []


def test_a_file_under_another_pid_is_cleared_away(folder: Path) -> None:
    write(folder, myself(), name="1.json")
    assert read_registrations(folder) == {}
    assert list(folder.iterdir()) == []


def test_a_part_of_a_file_stays_while_its_writer_lives(folder: Path) -> None:
    mine = write(folder, myself(), name=f"{os.getpid()}.part")
    lost = write(folder, myself(), name="999999999.part")
    assert read_registrations(folder) == {}
    assert mine.exists()
    assert not lost.exists()


def test_other_people_s_files_are_left_alone(folder: Path) -> None:
    folder.mkdir()
    for name in ("notes.txt", "12a.json", "12345678901.json"):
        (folder / name).touch()
    assert read_registrations(folder) == {}
    assert len(list(folder.iterdir())) == 3


def test_a_newer_version_may_say_more(folder: Path) -> None:
    path = write(folder, myself())
    path.write_text(path.read_text().replace("{", '{"scene": "shot.ma", ', 1))
    assert list(read_registrations(folder)) == [os.getpid()]
