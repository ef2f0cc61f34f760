"""The grants that are out, by holder, and their sums.

The sums are kept up to date instead of being counted anew, so that a decision costs the
same beside four processes and beside thousands. What may be granted is the `ledger`'s
question.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, MutableMapping

from lrc_toolbox.jobs.grant import Grant


class Tally(MutableMapping[int, Grant]):
    """Grants by the number of the process that holds each.

    Attributes:
        memory_mib: memory that is granted.
        vram_mib: VRAM that is granted, by UUID, of the GPUs that anybody holds.
        renders: how many hold a part of each GPU, by UUID.
        free_cpus: CPUs that may be granted and nobody holds, ascending.
    """

    def __init__(self) -> None:
        self.memory_mib = 0
        self.vram_mib: dict[str, int] = {}
        self.renders: Counter[str] = Counter()
        self.free_cpus: list[int] = []
        self.allowed: frozenset[int] = frozenset()
        self._grants: dict[int, Grant] = {}
        # Where CPUs are few, two that were recovered may have one in common.
        self._on_cpu: Counter[int] = Counter()

    def allow(self, cpu_ids: Iterable[int]) -> None:
        """Say which CPUs may be granted from now on."""
        self.allowed = frozenset(cpu_ids)
        self.free_cpus = sorted(self.allowed.difference(self._on_cpu))

    def __getitem__(self, holder: int) -> Grant:
        return self._grants[holder]

    def __iter__(self) -> Iterator[int]:
        return iter(self._grants)

    def __len__(self) -> int:
        return len(self._grants)

    def __setitem__(self, holder: int, grant: Grant) -> None:
        before = self._grants.get(holder)
        self._grants[holder] = grant
        self._count(grant, 1)
        if before is not None:
            self._count(before, -1)
        if before is None or before.cpu_ids != grant.cpu_ids:
            self._give_back(before.cpu_ids if before is not None else ())
            self._take(grant.cpu_ids)

    def __delitem__(self, holder: int) -> None:
        grant = self._grants.pop(holder)
        self._count(grant, -1)
        self._give_back(grant.cpu_ids)

    def _count(self, grant: Grant, sign: int) -> None:
        self.memory_mib += sign * grant.memory_mib
        gpu = grant.gpu_uuid
        if gpu is None:
            return
        self.renders[gpu] += sign
        self.vram_mib[gpu] = self.vram_mib.get(gpu, 0) + sign * grant.vram_mib
        if not self.renders[gpu]:
            del self.vram_mib[gpu]

    def _take(self, cpu_ids: Iterable[int]) -> None:
        for cpu in cpu_ids:
            self._on_cpu[cpu] += 1
            place = bisect_left(self.free_cpus, cpu)
            if self.free_cpus[place : place + 1] == [cpu]:
                del self.free_cpus[place]

    def _give_back(self, cpu_ids: Iterable[int]) -> None:
        for cpu in cpu_ids:
            self._on_cpu[cpu] -= 1
            if not self._on_cpu[cpu]:
                del self._on_cpu[cpu]
                if cpu in self.allowed:
                    insort(self.free_cpus, cpu)
