"""The artist: there or away, at heavy work or not.

Follows the readings of the machine. Loads must stay high for some seconds before
renders step back, and calm for longer before they go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lrc_toolbox.jobs.devices import Gpu, HostSession, MachineReading
from lrc_toolbox.jobs.policy import Policy

#: Stands for the processors among the devices that are followed.
CPU = "cpu"


@dataclass(slots=True)
class _Device:
    """One device's load by host sessions.

    Attributes:
        high_since: since when it has been above the threshold, None below it.
        calm_since: since when it has been below it.
        why: what was seen, while renders step back.
    """

    high_since: float | None = None
    calm_since: float | None = None
    why: str = ""


@dataclass(slots=True)
class Artist:
    """What the readings say of the artist so far."""

    away: bool = False
    _devices: dict[str, _Device] = field(default_factory=dict)

    def follow(self, reading: MachineReading, policy: Policy) -> None:
        """Take a reading into account."""
        presence = reading.presence
        long_idle = (presence.idle_s or 0.0) >= policy.away_after_s > 0
        self.away = bool(presence.locked) or long_idle
        loads = _loads(reading, policy)
        for name in loads.keys() | self._devices.keys():
            device = self._devices.setdefault(name, _Device())
            _follow(device, loads.get(name, _CALM), policy, reading.at)

    def shift(self, by_s: float) -> None:
        """Move what was counted from a moment in the past: the clock jumped."""
        for device in self._devices.values():
            if device.high_since is not None:
                device.high_since += by_s
            if device.calm_since is not None:
                device.calm_since += by_s

    def asks_for(self, device: str) -> str:
        """Say why renders on a device step back; empty where they need not.

        Args:
            device: a GPU's UUID, or `CPU`.
        """
        known = self._devices.get(device)
        return known.why if known is not None else ""


@dataclass(frozen=True, slots=True)
class _Load:
    high: bool = False
    at_once: bool = False
    why: str = ""


_CALM = _Load()


def _follow(device: _Device, load: _Load, policy: Policy, now: float) -> None:
    if not load.high:
        device.high_since = None
        if device.calm_since is None:
            device.calm_since = now
        if now - device.calm_since >= policy.resume_after_s:
            device.why = ""
        return
    device.calm_since = None
    if device.high_since is None:
        device.high_since = now
    if load.at_once or now - device.high_since >= policy.yield_after_s:
        device.why = load.why


def _loads(reading: MachineReading, policy: Policy) -> dict[str, _Load]:
    """Say of each device how much of it host sessions take."""
    asking = next((host for host in reading.hosts if host.busy_with), None)
    loads = {CPU: _cpu_load(reading, policy, asking)}
    for gpu in reading.gpus.gpus:
        if any(process.pid in _pids(reading) for process in gpu.processes):
            loads[gpu.uuid] = _gpu_load(gpu, reading, policy, asking)
    return loads


def _cpu_load(
    reading: MachineReading, policy: Policy, asking: HostSession | None
) -> _Load:
    if asking is not None:
        return _Load(True, True, f"Maya asks for it ({asking.busy_with})")
    share = sum(host.cpus for host in reading.hosts) / max(1, len(reading.cpu.ids))
    high = 100 * share > policy.yield_cpu_percent
    return _Load(high, False, "Maya is working hard on the CPU")


def _gpu_load(
    gpu: Gpu, reading: MachineReading, policy: Policy, asking: HostSession | None
) -> _Load:
    if asking is not None:
        return _Load(True, True, f"Maya asks for it ({asking.busy_with})")
    pids = _pids(reading)
    loads = [process.load for process in gpu.processes if process.pid in pids]
    known = [load for load in loads if load is not None]
    if known:
        share = sum(known)
    elif any(process.attempt is not None for process in gpu.processes):
        share = 0.0  # our own renders' load cannot be told from the artist's
    else:
        share = gpu.busy or 0.0
    high = 100 * share > policy.yield_gpu_percent
    return _Load(high, False, f"Maya is working hard on GPU {gpu.index}")


def _pids(reading: MachineReading) -> frozenset[int]:
    return frozenset(host.pid for host in reading.hosts)
