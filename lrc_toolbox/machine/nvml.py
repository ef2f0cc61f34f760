"""One reading of the GPUs through NVML, the library of the NVIDIA driver.

A call that the driver refuses costs one figure, a card that is gone costs that card.
Calls can hang for ever or crash, so this runs in a process of its own
(`machine.gpu_probe`), which `machine.gpus` watches. One thread.

Sources: NVML API Reference Guide (docs.nvidia.com/deploy/nvml-api), the module `pynvml`
of nvidia-ml-py 12.535 to 13. Read without a driver at hand: no line of this was run on
a real GPU by us so far.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pynvml

from lrc_toolbox.jobs.devices import Gpu, GpuKind, GpuReading
from lrc_toolbox.machine.gpu_troubles import (
    NvmlCode,
    Trouble,
    explain_card,
    explain_driver,
    joined,
)
from lrc_toolbox.machine.nvml_calls import ask
from lrc_toolbox.machine.nvml_processes import (
    ProcessLoads,
    ProcessNames,
    read_processes,
)

_MIB = 1 << 20

# How long a connection with a trouble is kept: opening one can take seconds, and a card
# that was reset or plugged in is seen by a new one only.
_REOPEN_S = 60.0


@dataclass(slots=True)
class _Card:
    """A card that answered when the connection was opened."""

    handle: Any
    place: tuple[int, int, int]
    uuid: str
    name: str
    kind: GpuKind
    capability: tuple[int, int] | None
    index: int = 0
    loads: ProcessLoads = field(default_factory=ProcessLoads)

    def __str__(self) -> str:
        return f"GPU {self.index} ({self.name})"


class _Connection:
    """NVML, opened: it stays so, as opening can take seconds."""

    def __init__(self) -> None:
        self.cards: list[_Card] = []
        self.troubles: list[Trouble] = []
        pynvml.nvmlInit()
        try:
            self.driver = str(ask(pynvml.nvmlSystemGetDriverVersion) or "")
            self.cuda = _cuda_version()
            self._meet_all(pynvml.nvmlDeviceGetCount())
        except pynvml.NVMLError:
            self.close()
            raise
        self._number()

    def _meet_all(self, count: int) -> None:
        for number in range(count):
            try:
                self.cards.append(_meet(number))
            except (pynvml.NVMLError, _NotForUsError) as error:
                self.troubles.append(_trouble(error, f"GPU {number}"))

    def _number(self) -> None:
        """Count the cards in PCI order.

        NVML promises no order; CUDA has this one with `CUDA_DEVICE_ORDER=PCI_BUS_ID`.
        A card keeps its number when another one is lost.
        """
        self.cards.sort(key=lambda card: card.place)
        for index, card in enumerate(self.cards):
            card.index = index

    def close(self) -> None:
        with contextlib.suppress(pynvml.NVMLError):  # it may have gone with the driver
            pynvml.nvmlShutdown()


class _NotForUsError(Exception):
    """A card that no program on this system can render with."""


class NvmlReader:
    """Reads the GPUs, over and over, through one connection.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._connection: _Connection | None = None
        self._opened_at = 0.0
        self._incomplete = False
        self._names = ProcessNames()

    def read(self) -> GpuReading:
        """Read all GPUs; what goes wrong is told in the reading.

        Returns:
            Its `source` is empty where the driver's library is not there at all.
        """
        try:
            connection = self._connected()
        except pynvml.NVMLError as error:
            return _refusal(error)
        reading = self._read(connection)
        if not reading.gpus:  # the driver may have been loaded anew
            self._close()
        return reading

    def _connected(self) -> _Connection:
        if self._incomplete and self._clock() - self._opened_at > _REOPEN_S:
            self._close()
        if self._connection is None:
            self._connection = _Connection()
            self._opened_at = self._clock()
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, connection: _Connection) -> GpuReading:
        gpus: list[Gpu] = []
        troubles = list(connection.troubles)
        for card in connection.cards:
            try:
                gpus += list(_read_card(card, self._names))
            except pynvml.NVMLError as error:
                troubles.append(_trouble(error, str(card)))
        self._incomplete = bool(troubles)
        troubles.extend(_silent(gpus))
        self._names.keep({row.pid for gpu in gpus for row in gpu.processes})
        if not gpus and not troubles:
            troubles.append(Trouble("The NVIDIA driver runs, but it finds no GPU."))
        problem, remedy = joined(troubles)
        return GpuReading(
            tuple(gpus), "nvml", connection.driver, connection.cuda, problem, remedy
        )


def _meet(number: int) -> _Card:
    """Ask a card for what stays the same.

    Raises:
        pynvml.NVMLError: it does not answer.
        _NotForUsError: nothing can render on it here.
    """
    handle = pynvml.nvmlDeviceGetHandleByIndex(number)
    mode = ask(pynvml.nvmlDeviceGetVirtualizationMode, handle)
    name = str(ask(pynvml.nvmlDeviceGetName, handle) or "NVIDIA GPU")
    if mode in (
        pynvml.NVML_GPU_VIRTUALIZATION_MODE_HOST_VGPU,
        pynvml.NVML_GPU_VIRTUALIZATION_MODE_HOST_VSGA,
    ):
        raise _NotForUsError(f"{name} is shared out to virtual machines")
    vgpu = mode == pynvml.NVML_GPU_VIRTUALIZATION_MODE_VGPU
    pci = ask(pynvml.nvmlDeviceGetPciInfo, handle)
    return _Card(
        handle,
        # Without a place it comes after all others, in NVML's order.
        (pci.domain, pci.bus, pci.device) if pci else (1 << 32, number, 0),
        str(pynvml.nvmlDeviceGetUUID(handle)),
        name,
        GpuKind.VGPU if vgpu else GpuKind.WHOLE,
        ask(pynvml.nvmlDeviceGetCudaComputeCapability, handle),
    )


def _read_card(card: _Card, names: ProcessNames) -> Iterator[Gpu]:
    """Read a card, and the MIG devices it is cut into.

    Raises:
        pynvml.NVMLError: it is gone.
    """
    total_mib, used_mib = _memory(card.handle)
    utilisation = ask(pynvml.nvmlDeviceGetUtilizationRates, card.handle)
    sensor = pynvml.NVML_TEMPERATURE_GPU
    whole = Gpu(
        card.uuid,
        card.index,
        card.name,
        total_mib,
        used_mib,
        card.kind,
        compute_capability=card.capability,
        busy=utilisation.gpu / 100 if utilisation else None,
        temperature_c=ask(pynvml.nvmlDeviceGetTemperature, card.handle, sensor),
        power_w=_watts(ask(pynvml.nvmlDeviceGetPowerUsage, card.handle)),
        power_limit_w=_watts(ask(pynvml.nvmlDeviceGetEnforcedPowerLimit, card.handle)),
    )
    modes = ask(pynvml.nvmlDeviceGetMigMode, card.handle)  # [now, after a reset]
    if modes and modes[0] == pynvml.NVML_DEVICE_MIG_ENABLE:
        # Its own list would name every process of its MIG devices once more.
        yield replace(whole, kind=GpuKind.MIG_PARENT)
        yield from _read_mig_devices(card, names)
    else:
        yield replace(whole, processes=read_processes(card.handle, card.loads, names))


def _read_mig_devices(card: _Card, names: ProcessNames) -> Iterator[Gpu]:
    """Read the MIG devices of a card.

    They tell no load, temperature or power: "On MIG-enabled GPUs, querying device
    utilization rates is not currently supported" (NVML reference); the same holds for
    `nvmlDeviceGetProcessUtilization`.
    """
    for number in range(ask(pynvml.nvmlDeviceGetMaxMigDeviceCount, card.handle) or 0):
        # A handle dies with its compute instance, so it is asked for each time.
        # Places that are not taken answer NotFound.
        handle = ask(pynvml.nvmlDeviceGetMigDeviceHandleByIndex, card.handle, number)
        uuid = ask(pynvml.nvmlDeviceGetUUID, handle) if handle else None
        if uuid is None:
            continue
        total_mib, used_mib = _memory(handle)
        yield Gpu(
            str(uuid),
            card.index,
            str(ask(pynvml.nvmlDeviceGetName, handle) or card.name),
            total_mib,
            used_mib,
            GpuKind.MIG,
            parent=card.uuid,
            compute_capability=card.capability,
            processes=read_processes(handle, None, names),
        )


def _memory(handle: Any) -> tuple[int, int]:
    """Ask for total and used VRAM in MiB; zeros where the driver does not tell.

    A card in MIG mode tells only users with the right to; cards that share the
    computer's memory (Grace, DGX Spark) tell nobody.
    """
    memory = ask(pynvml.nvmlDeviceGetMemoryInfo, handle)
    if memory is None:
        return 0, 0
    # Whether `used` counts what the driver keeps for itself has changed between
    # drivers; what is not free cannot be had either way.
    return memory.total // _MIB, (memory.total - memory.free) // _MIB


def _watts(milliwatts: int | None) -> float | None:
    return None if milliwatts is None else milliwatts / 1000


def _cuda_version() -> str:
    number = ask(pynvml.nvmlSystemGetCudaDriverVersion_v2)  # 12040 for 12.4
    return f"{number // 1000}.{number % 1000 // 10}" if number else ""


def _silent(gpus: list[Gpu]) -> Iterator[Trouble]:
    """Name the GPUs that could be granted, if their VRAM were known."""
    for gpu in gpus:
        if gpu.grantable and not gpu.total_mib:
            yield Trouble(f"GPU {gpu.index} ({gpu.name}) does not tell its VRAM.")


def _trouble(error: Exception, card: str) -> Trouble:
    if isinstance(error, _NotForUsError):
        return Trouble(f"{card} cannot render here: {error}.")
    return explain_card(int(getattr(error, "value", 0)), str(error), card)


def _refusal(error: Exception) -> GpuReading:
    code = int(getattr(error, "value", 0))
    problem, remedy = explain_driver(code, str(error))
    source = "" if code == NvmlCode.LIBRARY_NOT_FOUND else "nvml"
    return GpuReading(source=source, problem=problem, remedy=remedy)
