from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from lrc_toolbox.jobs.devices import DiskReading
from lrc_toolbox.machine.disks import DiskWatch, WatchedFolder, read_disk
from tests.machine.waiting import until

MIB = 1 << 20


def test_a_folder_s_disk_has_the_room_that_the_system_tells(tmp_path: Path) -> None:
    reading = read_disk(WatchedFolder(str(tmp_path), "state"))
    system = os.statvfs(tmp_path)
    assert reading.total_mib == system.f_blocks * system.f_frsize // MIB
    assert 0 < reading.free_mib <= reading.total_mib
    assert (reading.purpose, reading.problem) == ("state", "")


def test_a_folder_that_is_not_there_yet_has_the_room_of_the_one_above(
    tmp_path: Path,
) -> None:
    folder = WatchedFolder(str(tmp_path / "shots" / "010" / "beauty"), "output")
    reading = read_disk(folder)
    assert reading.folder == folder.path
    assert reading.total_mib == read_disk(WatchedFolder(str(tmp_path), "x")).total_mib
    assert not (tmp_path / "shots").exists()


def test_a_folder_below_a_file_has_the_room_of_the_file_s_disk(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    reading = read_disk(WatchedFolder(str(tmp_path / "file" / "below"), "output"))
    assert reading.total_mib > 0


@pytest.mark.skipif(os.name != "posix", reason="Windows has other names that are wrong")
def test_a_folder_that_cannot_be_asked_for_tells_why() -> None:
    reading = read_disk(WatchedFolder("/" + "x" * 300, "output"))
    assert (reading.total_mib, reading.free_mib) == (0, 0)
    assert "too long" in reading.problem


def test_the_watch_tells_every_folder_in_order(tmp_path: Path) -> None:
    folders = [WatchedFolder(str(tmp_path / name), "output") for name in "ba"]
    watch = DiskWatch(folders)
    watch.read()
    watch.wait(10)
    assert [reading.folder for reading in watch.read()] == [f.path for f in folders]
    assert all(reading.free_mib for reading in watch.read())


def test_a_share_that_hangs_holds_nobody_and_the_others_are_still_read(
    tmp_path: Path,
) -> None:
    go_on = threading.Event()
    share, local = WatchedFolder("share", "output"), WatchedFolder("local", "temp")
    answers = {share: iter([DiskReading("share", "output", 900, 800)])}

    def read(folder: WatchedFolder) -> DiskReading:
        if folder == local:
            return read_disk(WatchedFolder(str(tmp_path), "temp"))
        answer = next(answers[share], None)
        if answer is None:
            go_on.wait()
            return DiskReading("share", "output", 900, 700)
        return answer

    watch = DiskWatch([share, local], read, every_s=0, hangs_s=0.05)
    until(lambda: "hang" in watch.read()[0].problem)
    hanging, fine = watch.read()
    assert (hanging.total_mib, hanging.free_mib) == (900, 800)
    assert fine.free_mib > 0
    assert not fine.problem
    go_on.set()
    until(lambda: watch.read()[0] == DiskReading("share", "output", 900, 700))


def test_folders_may_come_and_go_while_what_is_known_is_kept(tmp_path: Path) -> None:
    state = WatchedFolder(str(tmp_path), "state")
    watch = DiskWatch([state])
    watch.read()
    watch.wait(10)
    output = WatchedFolder(str(tmp_path / "pictures"), "output")
    watch.watch([output, state])
    first, second = watch.read()
    assert first.folder == output.path
    assert second.free_mib > 0
    watch.wait(10)
    watch.watch([state])
    assert [reading.purpose for reading in watch.read()] == ["state"]
