"""Workstations for stories: their GPUs, the Mayas on them, and who sits before them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lrc_toolbox.jobs.devices import (
    CpuReading,
    Gpu,
    GpuProcess,
    GpuReading,
    GpuUse,
    HostSession,
    MachineReading,
    MemoryReading,
    Presence,
)

GIB = 1024


@dataclass
class Workstation:
    """A computer whose reading can be changed between two looks at it.

    Attributes:
        cpus: logical CPUs, two to each core.
        gpus: VRAM of each GPU, MiB.
    """

    cpus: int = 16
    gpus: tuple[int, ...] = ()
    memory_mib: int = 64 * GIB
    hosts: list[HostSession] = field(default_factory=list)
    processes: dict[int, list[GpuProcess]] = field(default_factory=dict)
    presence: Presence = field(default_factory=lambda: Presence(0.0, False))
    lost: set[int] = field(default_factory=set)
    unread: bool = False

    def open_maya(self, *on_gpus: int, vram_mib: int = 1500) -> int:
        """Open a Maya that draws on these GPUs; gives its pid."""
        pid = 100 + len(self.hosts)
        self.hosts.append(HostSession(pid, 1.0, "maya", memory_mib=4 * GIB))
        for index in on_gpus:
            self.use(index, GpuProcess(pid, GpuUse.GRAPHICS, vram_mib, load=0.0))
        return pid

    def close_maya(self, pid: int) -> None:
        self.hosts = [host for host in self.hosts if host.pid != pid]
        for processes in self.processes.values():
            processes[:] = [one for one in processes if one.pid != pid]

    def use(self, index: int, process: GpuProcess) -> None:
        self.processes.setdefault(index, []).append(process)

    def load(self, pid: int, *, gpu: float = 0.0, cpus: float = 0.0) -> None:
        """Say how busy a Maya keeps the GPUs it draws on, and the CPUs."""
        self.hosts = [
            replace(host, cpus=cpus) if host.pid == pid else host for host in self.hosts
        ]
        for processes in self.processes.values():
            processes[:] = [
                replace(one, load=gpu) if one.pid == pid else one for one in processes
            ]

    def ask_for_quiet(self, pid: int, what: str) -> None:
        self.hosts = [
            replace(host, busy_with=what) if host.pid == pid else host
            for host in self.hosts
        ]

    def reading(self, now: float) -> MachineReading:
        source = "" if self.unread else "nvml"
        gpus = () if self.unread else self._gpus()
        problem = "The NVIDIA driver hangs." if self.unread else ""
        return MachineReading(
            now,
            CpuReading(tuple(range(self.cpus)), self.cpus // 2, self.cpus),
            MemoryReading(self.memory_mib, self.memory_mib - 8 * GIB),
            GpuReading(gpus, source, problem=problem, unread=self.unread),
            tuple(self.hosts),
            self.presence,
        )

    def _gpus(self) -> tuple[Gpu, ...]:
        found = []
        for index, total in enumerate(self.gpus):
            if index in self.lost:
                continue
            processes = tuple(self.processes.get(index, ()))
            used = 200 + sum(process.vram_mib or 0 for process in processes)
            gpu = Gpu(uuid(index), index, "RTX", total, used, processes=processes)
            found.append(gpu)
        return tuple(found)


def uuid(index: int) -> str:
    """Name the GPU of an index."""
    return f"GPU-{index}"
