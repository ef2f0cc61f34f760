from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from lrc_toolbox.jobs.devices import Gpu, GpuReading
from lrc_toolbox.machine.disks import WatchedFolder
from lrc_toolbox.machine.host_registration import HostRegistration
from lrc_toolbox.machine.watch import MachineWatch

GPUS = GpuReading((Gpu("GPU-1", 0, "A card", 8192, 100),), source="nvml")


@pytest.fixture
def watch(tmp_path: Path) -> MachineWatch:
    folder = WatchedFolder(str(tmp_path), "state")
    return MachineWatch([folder], tmp_path / "hosts", lambda: GPUS)


def test_one_reading_holds_the_whole_computer(
    watch: MachineWatch, tmp_path: Path
) -> None:
    HostRegistration(tmp_path / "hosts").register()
    watch.wait(10)
    reading = watch.read(1000.0)
    assert reading.at == 1000.0
    assert reading.gpus is GPUS
    assert reading.cpu.logical == psutil.cpu_count()
    assert reading.memory.total_mib > 0
    assert [disk.problem for disk in reading.disks] == [""]
    assert os.getpid() in {host.pid for host in reading.hosts}
    assert reading.presence.problem or reading.presence.idle_s is not None


def test_after_waiting_the_first_reading_knows_loads(
    watch: MachineWatch, tmp_path: Path
) -> None:
    works = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        created_at = psutil.Process(works.pid).create_time()
        (tmp_path / "hosts").mkdir()
        (tmp_path / "hosts" / f"{works.pid}.json").write_text(
            f'{{"pid": {works.pid}, "created_at": {created_at}, "program": "maya", '
            f'"beat_at": {time.time()}}}'
        )
        watch.wait(10)
        reading = watch.read(time.time())
    finally:
        works.kill()
        works.wait()
    (host,) = (host for host in reading.hosts if host.pid == works.pid)
    assert host.cpus > 0
    assert reading.cpu.busy > 0


def test_folders_of_new_jobs_can_be_watched(
    watch: MachineWatch, tmp_path: Path
) -> None:
    watch.watch_folders([WatchedFolder(str(tmp_path / "pictures"), "output")])
    watch.wait(10)
    (disk,) = watch.read(time.time()).disks
    assert (disk.purpose, disk.problem) == ("output", "")
