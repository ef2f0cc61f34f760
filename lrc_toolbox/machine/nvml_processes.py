"""Which processes are on a GPU, as NVML lists them, and how busy each keeps it.

Two lists (compute, graphics) become one row for each process. Calls the driver, so it
runs in the probe's process only (`machine.gpu_probe`). One thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import PureWindowsPath
from typing import Any

import pynvml

from lrc_toolbox.jobs.devices import GpuProcess, GpuUse
from lrc_toolbox.machine.nvml_calls import ask, raise_if_gone

_MIB = 1 << 20

# The driver takes a sample every 1/6 to 1 s, depending on the product (nvidia-smi's
# manual page, "Utilization"). None for longer than this means that nothing runs.
_FRESH_S = 2.0


class ProcessLoads:
    """How much of a GPU's time each process took lately.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._newest = 0
        self._sampled_at = clock()
        self._loads: dict[int, float] = {}

    def read(self, handle: Any) -> dict[int, float] | None:
        """Ask for the samples since the last call.

        Returns:
            Shares from 0 to 1 by pid. The driver names only processes with a load; the
            others have none. None where the driver does not tell, as on cards cut into
            MIG devices.

        Raises:
            pynvml.NVMLError: the GPU is gone.
        """
        try:
            samples = pynvml.nvmlDeviceGetProcessUtilization(handle, self._newest)
        except pynvml.NVMLError_NotFound:  # no sample since then
            return self._faded()
        except pynvml.NVMLError as error:
            raise_if_gone(error)
            return None
        self._take(samples)
        return self._loads

    def _faded(self) -> dict[int, float]:
        if self._clock() - self._sampled_at > _FRESH_S:
            self._loads = {}
        return self._loads

    def _take(self, samples: Iterable[Any]) -> None:
        # Drivers also hand out samples of processes long gone with loads far above
        # 100 % (Syllo/nvtop#110); the pids are matched with the lists later.
        sane = [sample for sample in samples if sample.smUtil <= 100]
        if not sane:
            return
        newest_last = sorted(sane, key=lambda sample: int(sample.timeStamp))
        self._loads = {sample.pid: sample.smUtil / 100 for sample in newest_last}
        self._newest = newest_last[-1].timeStamp
        self._sampled_at = self._clock()


class ProcessNames:
    """The names of processes, each asked for once as long as it is listed."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def of(self, pid: int) -> str:
        """Give the name of a process' program; empty where the driver does not tell."""
        if pid not in self._names:
            self._names[pid] = _name(pid)
        return self._names[pid]

    def keep(self, pids: set[int]) -> None:
        """Forget all others: their pids may be used again."""
        for pid in self._names.keys() - pids:
            del self._names[pid]


def read_processes(
    handle: Any, loads: ProcessLoads | None, names: ProcessNames
) -> tuple[GpuProcess, ...]:
    """List the processes on a GPU or MIG device, by pid.

    Args:
        handle: NVML's for it.
        loads: what is known of their loads; None for a MIG device, which has none.
        names: where their names come from.

    Raises:
        pynvml.NVMLError: the GPU is gone.
    """
    # The names without _v3 raise another, unrelated error for drivers before 510.
    compute = _listed(pynvml.nvmlDeviceGetComputeRunningProcesses_v3, handle)
    graphics = _listed(pynvml.nvmlDeviceGetGraphicsRunningProcesses_v3, handle)
    if not compute and not graphics:
        return ()
    shares = loads.read(handle) if loads else None
    return tuple(
        GpuProcess(
            pid,
            _use(pid in graphics, pid in compute),
            _most(graphics.get(pid), compute.get(pid)),
            None if shares is None else shares.get(pid, 0.0),
            names.of(pid),
        )
        for pid in sorted(compute.keys() | graphics.keys())
    )


def _listed(call: Callable[[Any], list[Any]], handle: Any) -> dict[int, int | None]:
    """Ask for one list: VRAM in MiB by pid."""
    rows = ask(call, handle) or []
    held: dict[int, int | None] = {}
    for row in rows:  # a process has a row for each of its MIG compute instances
        used = row.usedGpuMemory
        mib = None if used is None else -(-used // _MIB)
        held[row.pid] = _most(held.get(row.pid), mib)
    return held


def _use(graphics: bool, compute: bool) -> GpuUse:
    if graphics and compute:
        return GpuUse.BOTH
    return GpuUse.GRAPHICS if graphics else GpuUse.COMPUTE


def _most(first: int | None, second: int | None) -> int | None:
    """A process in both lists has all of its VRAM in each."""
    known = [mib for mib in (first, second) if mib is not None]
    return max(known, default=None)


def _name(pid: int) -> str:
    try:
        said = pynvml.nvmlSystemGetProcessName(pid)
    except (pynvml.NVMLError, UnicodeDecodeError):  # another's, gone, or not in UTF-8
        return ""
    # A whole path in either system's manner, and of some programs arguments as well.
    return PureWindowsPath(str(said).split(" --", 1)[0]).name
