"""The tables of the page about this computer: Mayas, renders and disks as rows.

Pure: views in, rows out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len

from lrc_toolbox.cli.columns import Bar, Cell, Column, Rows, fixed
from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.wording import printable

if TYPE_CHECKING:
    from lrc_toolbox.jobs.devices import DiskReading, HostSession
    from lrc_toolbox.queue import AttemptAtWork, MachineView

_INDENT = 2
_GAP = 2
_LEAST_NAME = 8
_LEAST_FOLDER = 20
_DISK_BAR = 16
# From this share on a disk is drawn as a warning: a night of pictures may not fit.
_NEARLY_FULL = 95.0


def gib(mib: int) -> str:
    """Write MiB as GiB, without the unit: `23.1`, `128`."""
    return f"{mib / 1024:.1f}" if mib < 100 * 1024 else f"{mib / 1024:.0f}"


def host_rows(view: MachineView) -> Rows:
    """Lay out host sessions: program, how it is known, what it takes, which GPU."""
    hosts = view.reading.hosts
    gpus = view.reading.gpus.gpus
    names = [Cell(_program(host)) for host in hosts]
    pids = [Cell(f"process {host.pid}", "dim") for host in hosts]
    known = [Cell(_known_by(host), "dim") for host in hosts]
    cpus = [Cell(f"{host.cpus:.1f} CPUs") for host in hosts]
    memory = [Cell(f"{gib(host.memory_mib)} GiB") for host in hosts]
    where = [
        Cell(", ".join(f"GPU {g.index}" for g in gpus if host in view.hosts_on(g)))
        for host in hosts
    ]
    asks = [Cell(_asks(host), "yellow") for host in hosts]
    rows = Rows(
        [
            fixed("", names),
            fixed("", cpus, right=True),
            fixed("", memory, right=True),
            fixed("", where),
            fixed("", asks),
            fixed("", pids, 2),
            fixed("", known, 1),
        ],
        indent=_INDENT,
        gap=_GAP,
    )
    for cells in zip(names, cpus, memory, where, asks, pids, known, strict=True):
        rows.add(*cells)
    return rows


def _program(host: HostSession) -> str:
    """Name a Maya by its version, which stands in its folder's name."""
    year = re.search(r"maya\W?(\d{4})", host.program, re.IGNORECASE)
    return f"Maya {year[1]}" if year else "Maya"


def _known_by(host: HostSession) -> str:
    return "panel loaded" if host.registered else "found by its name"


def _asks(host: HostSession) -> str:
    return f"asks for quiet: {printable(host.busy_with)}" if host.busy_with else ""


def attempt_rows(view: MachineView) -> Rows:
    """Lay out attempts: task, job, layer, frame, and what they hold of their grants."""
    at_work = view.attempts
    index = {gpu.uuid: str(gpu.index) for gpu in view.reading.gpus.gpus}
    tasks = [Cell(str(one.record.task), "bold") for one in at_work]
    jobs = [Cell(printable(one.job)) for one in at_work]
    layers = [Cell(printable(one.layer)) for one in at_work]
    gpus = [Cell(index.get(one.record.grant.gpu_uuid or "", "")) for one in at_work]
    vram = [Cell(_of(one.vram_mib, one.record.grant.vram_mib)) for one in at_work]
    memory = [Cell(_of(one.memory_mib, one.record.grant.memory_mib)) for one in at_work]
    cpus = [Cell(str(FrameRange.of(one.record.grant.cpu_ids))) for one in at_work]
    hands = [Cell(_hand(one), "cyan") for one in at_work]
    rows = Rows(
        [
            fixed("task", tasks),
            _names("job", jobs),
            _names("layer", layers),
            fixed("frame", hands, 2),
            fixed("GPU", gpus, right=True),
            fixed("VRAM GiB", vram, right=True),
            fixed("memory GiB", memory, 3, right=True),
            fixed("CPUs", cpus, 1),
        ],
        indent=_INDENT,
        gap=_GAP,
    )
    rows.add_header()
    for cells in zip(tasks, jobs, layers, hands, gpus, vram, memory, cpus, strict=True):
        rows.add(*cells)
    return rows


def _names(header: str, cells: list[Cell]) -> Column:
    longest = max(len(header), *(cell_len(cell.text) for cell in cells))
    return Column(header, longest, min(longest, _LEAST_NAME))


def _of(used_mib: int | None, granted_mib: int) -> str:
    """Write what is held of what was granted; of nothing granted nothing."""
    if not granted_mib:
        return "" if used_mib is None else gib(used_mib)
    used = "?" if used_mib is None else gib(used_mib)
    return f"{used} of {gib(granted_mib)}"


def _hand(one: AttemptAtWork) -> str:
    record = one.record
    if record.frame is None:
        return record.state.value if record.state.value != "running" else ""
    return (
        f"{record.frame} {int(record.percent)}%"
        if record.percent
        else f"{record.frame}"
    )


def disk_rows(view: MachineView) -> Rows:
    """Lay out disks: what for, the folder, how full, what is free."""
    disks = [disk for disk in view.reading.disks if disk.total_mib]
    purposes = [Cell(disk.purpose, "dim") for disk in disks]
    folders = [Cell(printable(disk.folder)) for disk in disks]
    free = [Cell(_free(disk)) for disk in disks]
    longest = max(cell_len(cell.text) for cell in folders)
    rows = Rows(
        [
            fixed("", purposes),
            Column("", longest, min(longest, _LEAST_FOLDER)),
            Column("", _DISK_BAR, _DISK_BAR, dropped=1),
            fixed("", free, right=True),
        ],
        indent=_INDENT,
        gap=_GAP,
    )
    for disk, purpose, folder, room in zip(disks, purposes, folders, free, strict=True):
        percent = 100 * (disk.total_mib - disk.free_mib) / disk.total_mib
        style = "yellow" if percent >= _NEARLY_FULL else "green"
        rows.add(purpose, folder, Bar(percent, style), room)
    return rows


def _free(disk: DiskReading) -> str:
    return f"{_size(disk.free_mib)} of {_size(disk.total_mib)} free"


def _size(mib: int) -> str:
    return f"{mib / 1024**2:.1f} TiB" if mib >= 1024**2 else f"{gib(mib)} GiB"
