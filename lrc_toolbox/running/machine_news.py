"""News of the computer for the scheduler: readings, the policy, what processes hold.

Looked at once a second while there is work, and not at all without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from lrc_toolbox.jobs.devices import Gpu, GpuReading, GpuUse, MachineReading
from lrc_toolbox.machine.identity import Identity
from lrc_toolbox.running.measuring import Measured, Measuring
from lrc_toolbox.running.policy_file import PolicyFile
from lrc_toolbox.scheduling.events import (
    MachineRead,
    SchedulerEvent,
    UsageMeasured,
)

#: How often, in seconds, the computer is looked at while there is work.
EVERY_S = 1.0


#: VRAM that nobody is named for, in MiB, beyond which somebody uses it. The driver
#: itself keeps some 300 to 600 on a card of 24 GiB.
UNNAMED_MIB = 1024


class MachineReader(Protocol):
    """Reads the computer; see `running.computer.Computer`."""

    def read(self, now: float) -> MachineReading:
        """Read it without waiting for anything that may take long."""

    def stay_awake(self, wanted: bool) -> None:
        """Keep the computer from sleeping, or let it."""

    def rest(self) -> None:
        """Look at nothing until the next reading."""


class MachineNews:
    """Turns readings into events.

    Args:
        machine: reads the computer.
        policy: what is kept back for whom.

    Attributes:
        due_at: when it is time to look again.
    """

    def __init__(self, machine: MachineReader, policy: PolicyFile) -> None:
        self._machine = machine
        self.policy = policy
        self._measuring = Measuring()
        self._told = 0
        self.due_at = 0.0

    def events(
        self,
        now: float,
        roots: Mapping[int, Identity],
        gpus: Mapping[int, str],
    ) -> Iterator[SchedulerEvent]:
        """Look at the computer, and tell what was measured since the last time.

        Args:
            roots: the render processes at work, by their numbers.
            gpus: the UUID of the GPU that a process was granted.
        """
        self.due_at = now + EVERY_S
        measured = self._measuring.newest(roots) if roots else Measured()
        reading = self._machine.read(now)
        reading = replace(reading, gpus=with_owners(reading.gpus, measured.owners))
        policy = self.policy.policy()
        self._machine.stay_awake(policy.keep_awake and bool(roots))
        yield MachineRead(reading, policy, now)
        if measured.number > self._told:
            self._told = measured.number
            for number, held in measured.held.items():
                vram = vram_held(reading.gpus, gpus.get(number), held.pids)
                yield UsageMeasured(number, held.memory_mib, vram, now)

    def rest(self) -> None:
        """Look at nothing while there is no work."""
        self._machine.rest()


def with_owners(gpus: GpuReading, owners: Mapping[int, int]) -> GpuReading:
    """Say which processes on the GPUs are ours.

    Args:
        owners: to which render process, by its number, a pid belongs.
    """
    return replace(gpus, gpus=tuple(_owned(gpu, owners) for gpu in gpus.gpus))


def _owned(gpu: Gpu, owners: Mapping[int, int]) -> Gpu:
    processes = (
        replace(process, attempt=owners.get(process.pid)) for process in gpu.processes
    )
    return replace(gpu, processes=tuple(processes))


def vram_held(gpus: GpuReading, uuid: str | None, pids: frozenset[int]) -> int | None:
    """Add up what processes hold on a GPU; None where the driver does not say."""
    gpu = next((gpu for gpu in gpus.gpus if gpu.uuid == uuid), None)
    if gpu is None:
        return None
    mine = [process for process in gpu.processes if process.pid in pids]
    if any(process.vram_mib is None for process in mine):
        return None
    if not mine and _somebody_is_not_named(gpu):
        return None
    return sum(process.vram_mib or 0 for process in mine)


def _somebody_is_not_named(gpu: Gpu) -> bool:
    """Say whether a process that is not listed may use a GPU all the same.

    In a container the driver lists no processes, or numbers them as its host does. That
    a render uses no VRAM must not be learned there: it would get no GPU from then on.
    """
    if any(
        process.attempt is None and process.use is GpuUse.COMPUTE
        for process in gpu.processes
    ):
        return True
    held = [process.vram_mib for process in gpu.processes]
    listed = sum(vram for vram in held if vram is not None)
    return None not in held and gpu.used_mib - listed > UNNAMED_MIB
