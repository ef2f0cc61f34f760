"""The computer as clients see it: what it has, who holds what, what is kept and why.

Plain data, made anew for every look, and what follows from it. It is read in
`queue.machine_reading`; the JSON document stands in `queue.machine_document`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lrc_toolbox.jobs.capacity import Capacity
from lrc_toolbox.jobs.devices import Gpu, HostSession, MachineReading
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.jobs.records import AttemptRecord
from lrc_toolbox.jobs.wording import clock_time
from lrc_toolbox.scheduling.hours import Rule


@dataclass(frozen=True, slots=True)
class AttemptAtWork:
    """An attempt that has not ended, and what it holds.

    Attributes:
        job: its job's name.
        layer: the layer it renders.
        memory_mib: what it and all it started hold now, None where it is not known.
        vram_mib: the same on its GPU.
    """

    record: AttemptRecord
    job: str
    layer: str
    memory_mib: int | None = None
    vram_mib: int | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """How something of the computer is divided now: CPUs, or MiB.

    Attributes:
        maya: what host sessions hold.
        renders: what our renders hold.
        others: what everybody else holds, the system and drivers included; everything
            in use where nobody says whose it is.
        kept: free, and not for renders.
        free: free for renders.
    """

    maya: int
    renders: int
    others: int
    kept: int
    free: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be.

    Attributes:
        problem: what, one sentence or two.
        remedy: what to do about it; empty where nothing is known.
    """

    problem: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class MachineView:
    """The computer at one moment.

    Attributes:
        name: the computer's.
        reading: what it has and who uses it.
        policy: what is kept back for the artist.
        capacity: what all renders together may have, as the scheduler works it out.
        window: what the policy's windows of time say, and until when.
        away: the artist is not at the computer.
        stepping_back: for whose sake renders step back; empty where they do not.
        attempts: those at work, the oldest first.
        service_runs: a service runs for this queue.
        problems: what is not as it should be.
    """

    name: str
    reading: MachineReading
    policy: Policy
    capacity: Capacity
    window: Rule
    away: bool = False
    stepping_back: str = ""
    attempts: tuple[AttemptAtWork, ...] = ()
    service_runs: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def cpus(self) -> Division:
        """Divide the CPUs by whom they are granted to or kept for."""
        ids = self.reading.cpu.ids
        granted = {cpu for one in self.attempts for cpu in one.record.grant.cpu_ids}
        held = granted.intersection(ids)
        free = set(self.capacity.cpu_ids) - held
        return Division(0, len(held), 0, len(ids) - len(held) - len(free), len(free))

    @property
    def memory(self) -> Division:
        """Divide the memory, MiB.

        What several processes share is counted for each, so parts are cut to the whole.
        """
        memory = self.reading.memory
        used = max(0, memory.total_mib - memory.available_mib)
        renders = min(used, sum(one.memory_mib or 0 for one in self.attempts))
        maya = min(used - renders, sum(host.memory_mib for host in self.reading.hosts))
        room = self.capacity.memory_mib - renders
        free = max(0, min(memory.available_mib, room))
        others = used - renders - maya
        return Division(maya, renders, others, memory.available_mib - free, free)

    def vram(self, gpu: Gpu) -> Division:
        """Divide a GPU's VRAM, MiB."""
        hosts = {host.pid for host in self.reading.hosts}
        maya = renders = 0
        for process in gpu.processes:
            if process.attempt is not None:
                renders += process.vram_mib or 0
            elif process.pid in hosts:
                maya += process.vram_mib or 0
        share = self.capacity.gpu(gpu.uuid)
        room = 0 if share is None else share.vram_mib - renders
        free = max(0, min(gpu.free_mib, room))
        others = max(0, gpu.used_mib - maya - renders)
        return Division(maya, renders, others, gpu.free_mib - free, free)

    def hosts_on(self, gpu: Gpu) -> tuple[HostSession, ...]:
        """List the host sessions that use a GPU, as far as the driver tells."""
        there = {process.pid for process in gpu.processes}
        return tuple(host for host in self.reading.hosts if host.pid in there)

    @property
    def kept_back(self) -> tuple[str, ...]:
        """Say what is kept back and why, one sentence each; at least one."""
        return tuple(self._kept_back())

    def _kept_back(self) -> Iterator[str]:
        capacity = self.capacity
        whys = [capacity.cpu_why, capacity.memory_why]
        whys += [share.why for share in capacity.gpus]
        if capacity.closed:
            yield capacity.closed
        elif self.window.grants == "everything":
            yield self._everything()
        elif self.away and self.reading.hosts:
            yield "Nothing for Maya: the artist is away."
        elif not self.reading.hosts:
            yield "Nothing for Maya: none is open."
        yield from filter(None, whys)
        if self.stepping_back:
            yield f"Renders step back: {self.stepping_back}."

    def _everything(self) -> str:
        until = self.window.until
        if until is None:
            return "Nothing for Maya: the policy's windows grant everything."
        clock = clock_time(until, self.reading.at)
        return f"Nothing for Maya until {clock}: a window of the policy."

    def to_json(self) -> dict[str, Any]:
        """Give the document that docs/machine.schema.json describes."""
        from lrc_toolbox.queue.machine_document import machine_document

        return machine_document(self)
