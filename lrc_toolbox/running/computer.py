"""This computer as the service sees it: watched while there is work, else left alone.

Used by the service's loop alone.
"""

from __future__ import annotations

import logging
import tempfile
import time

from lrc_toolbox.jobs.devices import GpuReading, MachineReading
from lrc_toolbox.machine.disks import WatchedFolder
from lrc_toolbox.machine.gpus import GpuWatch
from lrc_toolbox.machine.nvidia_device import nvidia_driver_is_there
from lrc_toolbox.machine.sleep import keeping_awake
from lrc_toolbox.machine.watch import MachineWatch
from lrc_toolbox.running.home import Home

log = logging.getLogger(__name__)

#: How long, in seconds, the first look may take to find the Mayas that are open.
SESSIONS_S = 1.0


class Computer:
    """Reads the computer, and keeps it awake.

    Args:
        home: where Mayas register, and whose disk is watched.
    """

    def __init__(self, home: Home) -> None:
        folders = (
            WatchedFolder(str(home.folder), "state"),
            WatchedFolder(tempfile.gettempdir(), "temp"),
        )
        self._gpus: GpuWatch | None = None
        self._watch = MachineWatch(folders, home.hosts, self._gpu_reading)
        self._awake = keeping_awake()
        self._asked = False
        self._complained = ""
        self._known = False

    def read(self, now: float) -> MachineReading:
        """Read it; only the first reading waits, for the Mayas that are open."""
        if not self._known:
            self._known = True
            began = time.monotonic()
            self._watch.wait_for_sessions(SESSIONS_S)
            log.info("sessions were looked for in %.2f s", time.monotonic() - began)
        return self._watch.read(now)

    def stay_awake(self, wanted: bool) -> None:
        """Keep the computer from sleeping, or let it; says once why it cannot."""
        if wanted and not self._asked:
            self._awake.start()
        elif self._asked and not wanted:
            self._awake.stop()
        self._asked = wanted
        problem = self._awake.problem
        if problem and problem != self._complained:
            self._complained = problem
            log.warning("%s", problem)

    def rest(self) -> None:
        """Look at nothing until the next reading."""
        self.stay_awake(False)
        # Where the driver hangs it is kept: another one would not know of the process
        # that is stuck there, and get a second one stuck.
        if self._gpus is not None and not self._gpus.reading().unread:
            self._gpus.close()
            self._gpus = None
        self._known = False

    def _gpu_reading(self) -> GpuReading:
        if self._gpus is None:
            if not nvidia_driver_is_there():
                return GpuReading(
                    problem="There is no NVIDIA driver.",
                    remedy="Renders use the CPU.",
                )
            self._gpus = GpuWatch()
        return self._gpus.reading()
