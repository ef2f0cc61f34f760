"""Host sessions: the interactive Mayas of this user, and what they take.

Known by what they say of themselves (`machine.host_registration`) and, where our panel
is not loaded, by their names. What is kept back for them is decided in `scheduling`.
One thread asks; the look at all processes has a thread of its own.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psutil

from lrc_toolbox.jobs.devices import HostSession
from lrc_toolbox.machine.aside import Aside
from lrc_toolbox.machine.cpus import SHORTEST_S
from lrc_toolbox.machine.host_programs import MAYA, HostProgram, is_host, is_service
from lrc_toolbox.machine.host_registration import HostFile, read_registrations
from lrc_toolbox.machine.identity import lives
from lrc_toolbox.machine.process_table import Entry, processes

#: How often all processes are looked at for names and children (docs/performance.md
#: has what that costs). A Maya takes longer to start.
SCAN_EVERY_S = 10.0

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class _Tree:
    """A session's processes, its own first."""

    root: psutil.Process
    children: tuple[psutil.Process, ...] = ()


class HostWatch:
    """The host sessions of this computer and how busy each was lately."""

    def __init__(
        self,
        folder: Path,
        program: HostProgram = MAYA,
        *,
        scan_every_s: float = SCAN_EVERY_S,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            folder: where sessions register.
            program: what counts as a host by its name.
            scan_every_s: how often all processes are looked at.
        """
        self._folder = folder
        self._program = program
        self._scan: Aside[Mapping[int, _Tree]] = Aside(
            self._look, first={}, every_s=scan_every_s
        )
        self._meter = _Meter()

    def read(self, now: float) -> tuple[HostSession, ...]:
        """Tell the sessions, in the order of their start.

        Args:
            now: seconds since 1970 UTC.
        """
        said = read_registrations(self._folder)
        trees = dict(self._scan.newest())
        for pid in said.keys() - trees.keys():
            with suppress(psutil.Error):
                trees[pid] = _Tree(psutil.Process(pid))
        found = [
            self._session(tree, said.get(pid), now)
            for pid, tree in trees.items()
            if lives(tree.root)
        ]
        self._meter.forget_others()
        return tuple(sorted(found, key=lambda session: session.created_at))

    def wait(self, limit_s: float) -> None:
        """Wait for the look at all processes that is under way."""
        self._scan.wait(limit_s)

    def _session(self, tree: _Tree, said: HostFile | None, now: float) -> HostSession:
        cpus, memory = 0.0, 0
        for process in (tree.root, *tree.children):
            with suppress(psutil.Error), process.oneshot():
                cpus += self._meter.cpus(process)
                memory += process.memory_info().rss
        return HostSession(
            pid=tree.root.pid,
            created_at=tree.root.create_time(),
            program=said.program if said else _program(tree.root),
            registered=said is not None,
            cpus=cpus,
            memory_mib=memory // _MIB,
            busy_with=said.busy_at(now) if said else "",
        )

    # -- on the thread beside --------------------------------------------------------
    def _look(self) -> dict[int, _Tree]:
        table = list(processes())
        roots = self._hosts(table) | read_registrations(self._folder).keys()
        children: dict[int, list[int]] = defaultdict(list)
        for entry in table:
            children[entry.parent].append(entry.pid)
        found = {}
        for pid in roots:
            with suppress(psutil.Error):
                below = tuple(_below(pid, children, roots))
                found[pid] = _Tree(psutil.Process(pid), below)
        return found

    def _hosts(self, table: Iterable[Entry]) -> set[int]:
        found = set()
        for entry in table:
            if entry.name.lower() in self._program.names:
                with suppress(psutil.Error):
                    if is_host(psutil.Process(entry.pid), self._program):
                        found.add(entry.pid)
        return found


def _below(
    pid: int, children: Mapping[int, list[int]], others: Iterable[int]
) -> Iterator[psutil.Process]:
    """Find what a session started, without other sessions and without our services."""
    for child in children.get(pid, ()):
        if child == os.getpid() or child in others:
            continue
        with suppress(psutil.Error):
            process = psutil.Process(child)
            if is_service(process.cmdline()):
                continue
            yield process
            yield from _below(child, children, others)


def _program(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return process.exe()
    return ""


class _Spent(NamedTuple):
    """The CPU time of a process at a moment, and how many CPUs it had kept busy."""

    at: float
    seconds: float
    cpus: float


class _Meter:
    """How many CPUs each process kept busy between two readings."""

    def __init__(self) -> None:
        self._known: dict[psutil.Process, _Spent] = {}
        self._seen: dict[psutil.Process, _Spent] = {}

    def cpus(self, process: psutil.Process) -> float:
        """Read how many CPUs a process kept busy since the reading before.

        0 for a process that is seen for the first time; as it was where too little time
        has passed.

        Raises:
            psutil.Error: it is gone.
        """
        times, now = process.cpu_times(), time.monotonic()
        seconds = times.user + times.system
        spent = self._known.get(process) or _Spent(now, seconds, 0.0)
        passed_s = now - spent.at
        if passed_s >= SHORTEST_S:
            cpus = max(0.0, seconds - spent.seconds) / passed_s
            spent = _Spent(now, seconds, cpus)
        self._seen[process] = spent
        return spent.cpus

    def forget_others(self) -> None:
        """End a reading of all processes: those that were not in it are forgotten."""
        self._known, self._seen = self._seen, {}
