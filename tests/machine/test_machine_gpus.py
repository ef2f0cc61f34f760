"""Real probe processes that answer, hang, crash or never start; no driver behind them.

What could not be tried: a process that the kernel does not let go (state D), for which
one stands that is not really killed; Windows.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from lrc_toolbox.jobs.devices import GpuReading
from lrc_toolbox.machine.gpu_probe_client import GpuProbe, GpusUnreadError
from lrc_toolbox.machine.gpus import GpuReader, GpuWatch, Try, read_gpus
from tests.programs import write_program

LIMIT_S = 60.0
HANGS = {"hang": True}
FAST = (Try(30.0, 0.01),)
# The driver's patience is over at once; only a hang is waited for in full.
SHORT = (Try(0.3, 0.01),)

Make = Callable[..., dict[str, Any]]
Watch = Callable[..., GpuWatch]


@pytest.fixture
def watch() -> Iterator[Watch]:
    watches = []

    def start(**arguments: Any) -> GpuWatch:
        watches.append(GpuWatch(**{"every_s": 0.01, **arguments}))
        return watches[-1]

    yield start
    for made in watches:
        made.close()


def until(
    watch: GpuWatch, true: Callable[[GpuReading], bool], limit_s: float = LIMIT_S
) -> GpuReading:
    end = time.monotonic() + limit_s
    while not true(reading := watch.reading()):
        assert time.monotonic() < end, reading
        time.sleep(0.005)
    return reading


def probes() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # a zombie is none, too
            if any("gpu_probe" in word for word in child.cmdline()):
                found.append(child)
    return found


def wait_gone() -> None:
    """What was killed may take a moment to go."""
    end = time.monotonic() + LIMIT_S
    while left := probes():
        assert time.monotonic() < end, left
        time.sleep(0.005)


def test_a_watch_follows_what_the_driver_says(
    driver: Any, watch: Watch, card: Make
) -> None:
    driver.tell(card())
    watched = watch()
    assert watched.first_reading(LIMIT_S).gpus[0].temperature_c == 61
    driver.tell(card(nvmlDeviceGetTemperature=70), card(1))
    # A second card is not looked for while all is well; the first one is.
    until(watched, lambda reading: reading.gpus[0].temperature_c == 70)


def test_nobody_waits_for_a_driver_that_hangs(
    driver: Any, watch: Watch, card: Make
) -> None:
    driver.tell(card(), nvmlInit=HANGS)
    watched = watch(tries=[Try(3600.0, 1.0)])
    assert watched.reading().pending
    assert watched.first_reading(0.0).gpus == ()


def test_a_driver_that_is_late_once_keeps_its_gpus(
    driver: Any, watch: Watch, card: Make
) -> None:
    driver.tell(card())
    watched = watch(tries=[Try(2.0, 3600.0)])
    assert watched.first_reading(LIMIT_S).problem == ""
    driver.tell(card(nvmlDeviceGetPowerUsage=HANGS))
    late = until(watched, lambda reading: reading.problem != "")
    assert late.problem == "The NVIDIA driver has not answered for 2 s."
    assert late.remedy
    assert [gpu.index for gpu in late.gpus] == [0]


def test_a_driver_that_is_late_twice_loses_its_gpus_until_it_answers(
    driver: Any, watch: Watch, card: Make
) -> None:
    driver.tell(card())
    watched = watch(tries=[Try(2.0, 0.01), Try(0.3, 0.01)])
    assert len(watched.first_reading(LIMIT_S).gpus) == 1
    driver.tell(card(nvmlDeviceGetPowerUsage=HANGS))
    assert until(watched, lambda reading: reading.gpus == ()).problem
    driver.tell(card())
    until(watched, lambda reading: bool(reading.gpus) and not reading.problem)


def test_a_probe_that_hangs_is_killed_and_the_next_one_reads(
    driver: Any, watch: Watch, card: Make
) -> None:
    driver.tell(card(), nvmlInit=HANGS)
    watched = watch(tries=SHORT)
    hung = until(watched, lambda reading: not reading.pending)
    assert hung.problem.startswith("The NVIDIA driver h")  # has not answered, or hangs
    driver.tell(nvmlInit=None)
    until(watched, lambda reading: bool(reading.gpus) and not reading.problem)
    assert len(probes()) == 1


@pytest.mark.parametrize(
    ("end", "how"), [({"signal": 11}, "signal 11"), ({"exit": 3}, "exit code 3")]
)
def test_a_call_that_crashes_takes_only_the_probe_along(
    driver: Any, watch: Watch, card: Make, end: dict[str, int], how: str
) -> None:
    driver.tell(card(nvmlDeviceGetMemoryInfo=end))
    watched = watch(tries=FAST)
    crashed = until(
        watched, lambda reading: reading.problem != "" and how in str(reading)
    )
    assert crashed.problem == f"The process that reads GPUs ended ({how})."
    assert "lrc_toolbox.machine.gpu_probe" in crashed.remedy
    driver.tell(card())
    until(watched, lambda reading: reading.problem == "")


def test_while_a_probe_is_stuck_in_the_driver_no_other_is_started(
    driver: Any, card: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.tell(card(nvmlDeviceGetTemperature=HANGS))
    reader = GpuReader()
    kill = subprocess.Popen.kill
    with monkeypatch.context() as patched:
        # As the kernel does while a call of the driver is under way.
        patched.setattr(subprocess.Popen, "kill", lambda self: None)
        with pytest.raises(GpusUnreadError, match="has not answered") as late:
            reader.read(1.0)
    left = late.value.process
    assert left is not None
    try:
        for _ in range(3):
            with pytest.raises(GpusUnreadError, match="The NVIDIA driver hangs"):
                reader.read(1.0)
        assert [probe.pid for probe in probes()] == [left.pid]
    finally:
        kill(left)
        left.wait(LIMIT_S)
    driver.tell(card())
    assert len(reader.read(LIMIT_S).gpus) == 1
    reader.close()
    wait_gone()


def test_whoever_holds_the_probe_s_pipe_is_not_waited_for(
    driver: Any, tmp_path: Path, card: Make
) -> None:
    # This python runs the probe as a child of its own. It alone is killed, and the pipe
    # stays open, as it does while a call is stuck in the driver.
    driver.tell(card(), nvmlInit=HANGS)
    python = write_program(
        tmp_path / "python",
        "import subprocess, sys\nsubprocess.call([sys.executable, *sys.argv[1:]])\n",
    )
    reading = read_gpus(0.3, str(python))
    orphans = [
        process
        for process in psutil.process_iter(["cmdline"])
        if "lrc_toolbox.machine.gpu_probe" in (process.info["cmdline"] or [])
        and process.environ().get("LRC_STAND_IN_GPUS") == str(driver.file)
    ]
    for orphan in orphans:
        orphan.kill()
    assert "has not answered" in reading.problem
    assert len(orphans) == 1


def test_closing_ends_a_reading_under_way_and_its_process(
    driver: Any, card: Make
) -> None:
    driver.tell(card(), nvmlInit=HANGS)
    watched = GpuWatch(tries=[Try(3600.0, 3600.0)])
    end = time.monotonic() + LIMIT_S
    while not probes():
        assert time.monotonic() < end
        time.sleep(0.005)
    watched.close()
    wait_gone()


def test_the_probe_goes_when_whoever_started_it_is_killed(
    driver: Any, card: Make
) -> None:
    driver.tell(card())
    program = """
import os, signal
from lrc_toolbox.machine.gpu_probe_client import GpuProbe
probe = GpuProbe()
probe.ask(60)
print(probe.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    pid = int(done.stdout)
    end = time.monotonic() + LIMIT_S
    while _runs(pid):
        assert time.monotonic() < end
        time.sleep(0.005)


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_one_probe_answers_all_readings(driver: Any, card: Make) -> None:
    driver.tell(card())
    reader = GpuReader()
    first = reader.read(LIMIT_S)
    (probe,) = probes()
    assert reader.read(LIMIT_S) == first
    assert probes() == [probe]
    reader.close()


def test_a_reading_taken_once_leaves_no_process(driver: Any, card: Make) -> None:
    driver.tell(card())
    assert len(read_gpus(LIMIT_S).gpus) == 1
    driver.tell(nvmlInit=HANGS)
    assert "has not answered for 0.3 s" in read_gpus(0.3).problem
    wait_gone()


def test_a_python_that_is_not_there_is_named(driver: Any, tmp_path: Path) -> None:
    missing = str(tmp_path / "mayapy")
    reading = read_gpus(LIMIT_S, missing)
    assert missing in reading.problem
    assert "LRC_PYTHON" in reading.remedy


def test_a_python_that_does_not_start_is_no_fault_of_the_driver(
    driver: Any, tmp_path: Path
) -> None:
    python = write_program(tmp_path / "mayapy", "import signal\nsignal.pause()\n")
    probe = GpuProbe(str(python), start_s=0.3)
    with pytest.raises(GpusUnreadError, match=r"mayapy has not started") as late:
        probe.ask(LIMIT_S)
    assert not late.value.hangs
    wait_gone()


def test_a_probe_of_another_version_is_told_and_the_watch_goes_on(
    driver: Any, watch: Watch, tmp_path: Path, card: Make
) -> None:
    driver.tell(card())
    python = write_program(
        tmp_path / "python",
        "import sys\n"
        'print(\'{"probe": "ready"}\', flush=True)\n'
        "for line in sys.stdin:\n"
        '    print(\'{"gpus": [], "news": 1}\', flush=True)\n',
    )
    watched = watch(python=str(python), tries=FAST)
    told = watched.first_reading(LIMIT_S)
    assert "of another version" in told.problem
    assert (told.pending, told.unread) == (False, True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    until(watched, lambda reading: bool(reading.gpus))


def test_the_variable_names_the_python_of_the_probe(
    driver: Any, card: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.tell(card())
    monkeypatch.setenv("LRC_PYTHON", str(tmp_path / "mayapy"))
    with pytest.raises(GpusUnreadError, match="mayapy"):
        GpuProbe()
    monkeypatch.delenv("LRC_PYTHON")
    probe = GpuProbe()
    probe.ask(LIMIT_S)  # before it runs, it has no command line
    assert Path(psutil.Process(probe.pid).cmdline()[0]) == Path(sys.executable)
    probe.end()


def test_without_the_library_nvidia_smi_is_asked(
    driver: Any, nvidia_smi: Any, card: Make
) -> None:
    row = {
        "index": "0",
        "uuid": "GPU-1",
        "pci.bus_id": "00000000:17:00.0",
        "name": "NVIDIA RTX A6000",
        "driver_version": "550.54.14",
        "memory.total": "49140",
        "memory.free": "48535",
        "compute_cap": "8.6",
        "utilization.gpu": "3",
        "temperature.gpu": "41",
        "power.draw": "24.11",
        "enforced.power.limit": "300.00",
        "mig.mode.current": "[N/A]",
    }
    nvidia_smi(cards=[row], processes=[])
    driver.tell(card(), nvmlInit={"error": 12})
    assert read_gpus(LIMIT_S).source == "nvidia-smi"
    # A probe that crashes is no reason to have no GPUs either.
    driver.tell(nvmlInit={"signal": 11})
    assert read_gpus(LIMIT_S).source == "nvidia-smi"
    # What the driver says for itself is not asked for twice.
    driver.tell(nvmlInit={"error": 18})
    assert read_gpus(LIMIT_S).source == "nvml"


def test_a_driver_that_hangs_is_not_asked_by_nvidia_smi_too(
    driver: Any, nvidia_smi: Any, card: Make
) -> None:
    nvidia_smi(instead="it was asked", exit=255)
    driver.tell(card(), nvmlInit=HANGS)
    assert "has not answered" in read_gpus(0.3).problem


def test_without_a_driver_the_reading_is_empty_and_calm(driver: Any) -> None:
    driver.tell(nvmlInit={"error": 12})
    reading = read_gpus(LIMIT_S)
    assert (reading.gpus, reading.source) == ((), "")
    assert reading.problem


def test_the_real_library_is_read_or_says_what_is_missing() -> None:
    reading = read_gpus(LIMIT_S)
    assert reading.gpus or reading.problem
    assert "GPUs cannot be read" not in reading.problem
    assert "ended" not in reading.problem


def test_without_the_package_the_reading_names_it(
    driver: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pynvml.py").write_text('raise ImportError("No module named pynvml")\n')
    monkeypatch.syspath_prepend(tmp_path)
    reading = read_gpus(LIMIT_S)
    assert reading.problem == "GPUs cannot be read: No module named pynvml."
    assert reading.remedy.startswith("Install nvidia-ml-py")
