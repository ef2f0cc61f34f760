"""The whole computer in one reading: what it has, who uses it, is the artist there?

Puts the parts' newest readings together and never waits for any. What renders may have
of it is worked out in `scheduling`. One thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from lrc_toolbox.jobs.devices import GpuReading, MachineReading
from lrc_toolbox.machine.cgroups import limit_folders
from lrc_toolbox.machine.cpus import SHORTEST_S, CpuWatch
from lrc_toolbox.machine.disks import DiskWatch, WatchedFolder
from lrc_toolbox.machine.hosts import HostWatch
from lrc_toolbox.machine.memory import read_memory
from lrc_toolbox.machine.presence import PresenceWatch

#: How often the control groups are looked for: a process is moved to others by hand.
_GROUPS_EVERY_S = 10.0


class MachineWatch:
    """This computer, read as often as once per second.

    Args:
        folders: whose disks to watch; see `watch_folders`.
        hosts_folder: where Mayas register.
        gpus: gives the newest reading of the GPUs without waiting for the driver.
    """

    def __init__(
        self,
        folders: Iterable[WatchedFolder],
        hosts_folder: Path,
        gpus: Callable[[], GpuReading],
    ) -> None:
        self._gpus = gpus
        self._cpus = CpuWatch()
        self._hosts = HostWatch(hosts_folder)
        self._presence = PresenceWatch()
        self._disks = DiskWatch(folders)
        self._groups: list[Path] = []
        self._groups_at = float("-inf")

    def read(self, now: float) -> MachineReading:
        """Read everything, in a few milliseconds at most.

        Loads are those of the time since the reading before. What has a thread of its
        own (GPUs, sessions without our panel, presence, disks) is as it was told last;
        in the first reading it is not known yet.

        Args:
            now: seconds since 1970 UTC.
        """
        return MachineReading(
            at=now,
            cpu=self._cpus.read(),
            memory=read_memory(self._limits()),
            gpus=self._gpus(),
            hosts=self._hosts.read(now),
            presence=self._presence.read(),
            disks=self._disks.read(),
        )

    def wait(self, limit_s: float) -> None:
        """Wait until the next reading knows everything but GPUs, loads included.

        For the first one: before it no session may be known that capacity is kept for.

        Args:
            limit_s: after this time, what hangs is left alone.
        """
        end = time.monotonic() + limit_s
        self.read(time.time())
        for part in (self._hosts, self._presence, self._disks):
            part.wait(end - time.monotonic())
        self.read(time.time())
        time.sleep(min(SHORTEST_S, max(0.0, end - time.monotonic())))

    def wait_for_sessions(self, limit_s: float) -> None:
        """Wait until the next reading knows every Maya, also those without our panel.

        Args:
            limit_s: after this time, what hangs is left alone.
        """
        self._hosts.read(time.time())
        self._hosts.wait(limit_s)

    def watch_folders(self, folders: Iterable[WatchedFolder]) -> None:
        """Watch the disks of these folders from now on."""
        self._disks.watch(folders)

    def _limits(self) -> list[Path]:
        now = time.monotonic()
        if now - self._groups_at >= _GROUPS_EVERY_S:
            self._groups, self._groups_at = limit_folders("memory"), now
        return self._groups
