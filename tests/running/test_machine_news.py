from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lrc_toolbox.jobs.devices import (
    CpuReading,
    Gpu,
    GpuProcess,
    GpuReading,
    GpuUse,
    MachineReading,
    MemoryReading,
)
from lrc_toolbox.machine.identity import identity_of
from lrc_toolbox.running.machine_news import MachineNews, vram_held
from lrc_toolbox.running.policy_file import PolicyFile
from lrc_toolbox.scheduling.events import MachineRead, UsageMeasured

CARD = "GPU-1"


class Workstation:
    """A computer with a GPU that a process uses."""

    def __init__(self, *processes: GpuProcess) -> None:
        self.awake = False
        self.gpu = Gpu(CARD, 0, "RTX A5000", 24_576, 3000, processes=processes)

    def read(self, now: float) -> MachineReading:
        gpus = GpuReading((self.gpu,), source="nvml")
        memory = MemoryReading(64_000, 50_000)
        return MachineReading(now, CpuReading((0, 1), 2, 2), memory, gpus)

    def stay_awake(self, wanted: bool) -> None:
        self.awake = wanted

    def rest(self) -> None:
        self.awake = False


def test_processes_on_a_gpu_are_known_as_ours_and_their_vram_is_measured(
    tmp_path: Path,
) -> None:
    argv = [sys.executable, "-c", "input()"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as child:
        identity = identity_of(child.pid)
        assert identity is not None
        mine = GpuProcess(child.pid, GpuUse.COMPUTE, 2100)
        foreign = GpuProcess(1, GpuUse.COMPUTE, 800)
        policy = PolicyFile(tmp_path / "policy.json")
        news = MachineNews(Workstation(mine, foreign), policy)
        end = time.monotonic() + 20
        usage: list[UsageMeasured] = []
        while not usage:
            assert time.monotonic() < end
            events = list(news.events(5.0, {3: identity}, {3: CARD}))
            usage = [event for event in events if isinstance(event, UsageMeasured)]
            time.sleep(0.01)
        assert child.stdin is not None
        child.stdin.close()
    (read,) = [event for event in events if isinstance(event, MachineRead)]
    (gpu,) = read.reading.gpus.gpus
    assert gpu.processes == (replace(mine, attempt=3), foreign)
    assert (usage[0].process, usage[0].vram_mib) == (3, 2100)
    assert usage[0].memory_mib > 0


def test_the_computer_is_kept_awake_while_something_renders(tmp_path: Path) -> None:
    computer = Workstation()
    path = tmp_path / "policy.json"
    news = MachineNews(computer, PolicyFile(path))
    me = identity_of(os.getpid())
    assert me is not None
    list(news.events(1.0, {1: me}, {}))
    assert computer.awake
    list(news.events(2.0, {}, {}))
    assert not computer.awake
    path.write_text('{"keep_awake": false}', encoding="utf-8")
    list(news.events(3.0, {1: me}, {}))
    assert not computer.awake


def test_the_next_look_is_due_a_second_later(tmp_path: Path) -> None:
    news = MachineNews(Workstation(), PolicyFile(tmp_path / "policy.json"))
    assert news.due_at == 0.0
    (event,) = news.events(100.0, {}, {})
    assert isinstance(event, MachineRead)
    assert news.due_at == 101.0


@pytest.mark.parametrize(
    ("used_mib", "processes", "held"),
    [
        (600, (), 0),
        (5000, (), None),  # in a container nobody is listed
        (5000, (GpuProcess(1, GpuUse.GRAPHICS, 4400),), 0),
        (5000, (GpuProcess(1, GpuUse.COMPUTE, 4400),), None),  # as the host numbers it
        (5000, (GpuProcess(1, GpuUse.BOTH, None),), 0),  # WDDM lists who, not how much
        (5000, (GpuProcess(7, GpuUse.COMPUTE, 3000),), 3000),
        (5000, (GpuProcess(7, GpuUse.BOTH, None),), None),
    ],
)
def test_that_a_render_uses_no_vram_is_told_only_where_all_are_named(
    used_mib: int, processes: tuple[GpuProcess, ...], held: int | None
) -> None:
    gpu = Gpu("GPU-0", 0, "RTX", 24_576, used_mib, processes=processes)
    assert vram_held(GpuReading((gpu,), "nvml"), "GPU-0", frozenset({7})) == held
    assert vram_held(GpuReading((gpu,), "nvml"), "GPU-1", frozenset({7})) is None
