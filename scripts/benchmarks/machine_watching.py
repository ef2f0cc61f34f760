"""What watching the computer costs: readings of it, one a second, as the service does.

With as many processes as an artist's workstation has, and an open Maya (a sleeping
program in its place) among them. In CPU time, that of the programs asked included.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.figures import Figure
from lrc_toolbox.machine.disks import WatchedFolder
from lrc_toolbox.machine.gpus import GpuWatch
from lrc_toolbox.machine.host_registration import HostFile
from lrc_toolbox.machine.process_table import processes
from lrc_toolbox.machine.watch import MachineWatch

# An artist's Linux or Windows workstation has 300 to 500.
_PROCESSES = 400
_PURPOSES = ("state", "temp", "output")


def measure_machine_watching(*, quick: bool) -> list[Figure]:
    """Reads the computer for a while, then looks at all processes in both ways."""
    with tempfile.TemporaryDirectory() as name, _sleepers() as running:
        folder = Path(name)
        _register(folder, running[0])
        share, readings = _watch(folder, readings=12 if quick else 60)
    with _sleepers():
        count = len(psutil.pids())
        ours, theirs = _looks(5 if quick else 20)
    return [
        Figure("watching the computer, of a core", share, "%", aim=1.0),
        Figure.of("one reading", readings, "ms", aim=5.0),
        Figure.of(f"a look at {count} processes", ours, "ms"),
        Figure.of("the same by psutil.process_iter", theirs, "ms"),
    ]


def _watch(folder: Path, readings: int) -> tuple[float, list[float]]:
    """Reads once a second: percent of a core, and how long each reading took in ms."""
    folders = [WatchedFolder(str(folder), purpose) for purpose in _PURPOSES]
    gpus = GpuWatch()
    gpus.first_reading(10)
    watch = MachineWatch(folders, folder, gpus.reading)
    watch.wait(10)
    others, own, began = _others_s(), time.process_time(), time.monotonic()
    took = []
    for number in range(1, readings + 1):
        start = time.perf_counter()
        watch.read(time.time())
        took.append(1000 * (time.perf_counter() - start))
        time.sleep(max(0.0, began + number - time.monotonic()))
    own, passed_s = time.process_time() - own, time.monotonic() - began
    spent_s = own + _others_s() - others
    gpus.close()
    return 100 * spent_s / passed_s, took


def _others_s() -> float:
    """CPU time of what this process started, such as the probe of the GPUs."""
    ended = psutil.Process().cpu_times()
    running = [child.cpu_times() for child in psutil.Process().children()]
    spent_s = sum(child.user + child.system for child in running)
    return spent_s + ended.children_user + ended.children_system


def _looks(runs: int) -> tuple[list[float], list[float]]:
    ours, theirs = [], []
    for _ in range(runs):
        start = time.process_time()
        list(processes())
        middle = time.process_time()
        list(psutil.process_iter(["name", "ppid"]))
        ours.append(1000 * (middle - start))
        theirs.append(1000 * (time.process_time() - middle))
    return ours, theirs


@contextmanager
def _sleepers() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Fills the computer up with sleeping processes."""
    missing = max(1, _PROCESSES - len(psutil.pids()))
    running = [subprocess.Popen(["sleep", "3600"]) for _ in range(missing)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.wait()


def _register(folder: Path, host: subprocess.Popen[bytes]) -> None:
    said = HostFile(
        pid=host.pid,
        created_at=psutil.Process(host.pid).create_time(),
        program="maya",
        beat_at=time.time(),
    )
    path = folder / f"{host.pid}.json"
    path.write_text(said.model_dump_json(), encoding="utf-8")
