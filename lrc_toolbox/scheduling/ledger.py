"""Who holds what: the one place where grants are given and taken back.

What is given never makes the sum of all grants exceed the capacity. When the capacity
shrinks, CPUs are taken back at once; memory and VRAM stay with their holders until they
are done, and nothing more is given meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from lrc_toolbox.jobs.capacity import Capacity, Lack, Resource
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.jobs.wording import count
from lrc_toolbox.scheduling.gpu_choosing import (
    LEAST_VRAM_MIB,
    choose_gpu,
    could_hold_now,
    vram_wanted,
)
from lrc_toolbox.scheduling.needs import ROOM, Needs
from lrc_toolbox.scheduling.tally import Tally

#: With less memory free than this, in MiB, nothing unknown is started beside others:
#: Maya without a scene takes as much.
LEAST_MEMORY_MIB = 1024

_A_PLACE_IS_KEPT = (
    "The last place is kept for a job that comes first and waits for a GPU: it starts "
    "after that one; a higher priority brings it forward."
)


class _Begun(NamedTuple):
    """What a process started with.

    Attributes:
        cpus: how many it was granted.
        memory_guessed: nobody knows how much memory it needs.
        alone: nobody knows how much VRAM it needs, so it has a GPU to itself.
    """

    cpus: int
    memory_guessed: bool = False
    alone: bool = False


class Ledger:
    """The grants that are out, against the capacity."""

    def __init__(self) -> None:
        self._capacity = Capacity()
        self._held = Tally()
        self._begun: dict[int, _Begun] = {}

    # -- what there is -----------------------------------------------------------
    @property
    def capacity(self) -> Capacity:
        """What all grants together may hold."""
        return self._capacity

    @property
    def held(self) -> Mapping[int, Grant]:
        """The grants that are out, by the number of the process that holds each."""
        return self._held

    @property
    def places(self) -> int:
        """How many grants there may be at a time."""
        return self._capacity.places

    def held_vram(self) -> dict[str, int]:
        """VRAM that is granted on each GPU, MiB by UUID."""
        return dict(self._held.vram_mib)

    # -- giving and taking back --------------------------------------------------
    def take(self, holder: int, grant: Grant, needs: Needs | None = None) -> None:
        """Write a grant down under the number of the process that holds it.

        Args:
            needs: what it was found for; None for one that was given long ago.
        """
        self._held[holder] = grant
        guessed = needs is not None and needs.memory_mib is None
        alone = needs is not None and needs.vram_mib is None
        self._begun[holder] = _Begun(len(grant.cpu_ids), guessed, alone)

    def release(self, holder: int) -> None:
        """Strike a grant; a holder that has none is fine."""
        self._held.pop(holder, None)
        self._begun.pop(holder, None)

    def resize(self, capacity: Capacity) -> dict[int, Grant]:
        """Change what may be granted.

        Returns:
            The grants that changed with it, by holder. CPUs that are kept back now are
            exchanged for free ones; who has none left gets some of the holder that has
            most. Where there are fewer CPUs than holders, the last ones keep theirs
            until they leave, see `overdrawn`. CPUs that come back go first to those
            that have fewer than they started with.
        """
        back = frozenset(capacity.cpu_ids).difference(self._capacity.cpu_ids)
        places = self.places
        self._capacity = capacity
        self._held.allow(capacity.cpu_ids)
        allowed = self._held.allowed
        before = dict(self._held)
        for holder in sorted(before, key=lambda one: self._allowed_of(one, allowed)):
            self._exchange(holder, allowed, back)
        for holder in before:
            if not self._allowed_of(holder, allowed):
                self._take_from_the_richest(holder, allowed)
            if places != self.places:
                self._guess_memory_anew(holder)
            self._keep_alone(holder)
        return {
            holder: grant
            for holder, grant in self._held.items()
            if grant != before[holder]
        }

    def _guess_memory_anew(self, holder: int) -> None:
        """Make room for more places: an equal share is less where there are more."""
        grant = self._held[holder]
        if self._begun[holder].memory_guessed and self.places:
            share = min(grant.memory_mib, self._capacity.memory_mib // self.places)
            self._held[holder] = replace(grant, memory_mib=share)

    def _keep_alone(self, holder: int) -> None:
        """Let what is unknown have all of its GPU, also when there is more of it."""
        grant = self._held[holder]
        if grant.gpu_uuid is None or not self._begun[holder].alone:
            return
        free = self._free_vram().get(grant.gpu_uuid, 0)
        if free >= LEAST_VRAM_MIB:
            self._held[holder] = replace(grant, vram_mib=grant.vram_mib + free)

    def _allowed_of(self, holder: int, allowed: frozenset[int]) -> int:
        return len(allowed.intersection(self._held[holder].cpu_ids))

    def _exchange(
        self, holder: int, allowed: frozenset[int], back: frozenset[int]
    ) -> None:
        """Give a holder free CPUs for those it must not use any more."""
        cpus = self._held[holder].cpu_ids
        keeps = tuple(cpu for cpu in cpus if cpu in allowed)
        free = self._held.free_cpus
        lost = len(cpus) - len(keeps)
        exchanged = free[:lost]
        missing = self._begun[holder].cpus - len(keeps) - len(exchanged)
        returned = [cpu for cpu in free[lost:] if cpu in back][: max(0, missing)]
        if lost or returned:
            self._give_cpus(holder, (*keeps, *exchanged, *returned))

    def _give_cpus(self, holder: int, cpus: tuple[int, ...]) -> None:
        if cpus:
            grant = self._held[holder]
            self._held[holder] = replace(grant, cpu_ids=tuple(sorted(cpus)))

    def _take_from_the_richest(self, holder: int, allowed: frozenset[int]) -> None:
        richest = max(self._held, key=lambda one: self._allowed_of(one, allowed))
        cpus = tuple(cpu for cpu in self._held[richest].cpu_ids if cpu in allowed)
        if len(cpus) > 1:
            self._give_cpus(richest, cpus[: (len(cpus) + 1) // 2])
            self._give_cpus(holder, cpus[(len(cpus) + 1) // 2 :])

    def adjust(self, holder: int, *, vram_mib: int | None, memory_mib: int) -> Grant:
        """Change a grant to what turned out to be needed, as far as that is free.

        Args:
            vram_mib: None where that is not known yet.

        Returns:
            What it holds from now on.
        """
        grant = self._held[holder]
        begun = self._begun[holder]
        alone = begun.alone and vram_mib is None
        self._begun[holder] = _Begun(begun.cpus, memory_guessed=False, alone=alone)
        free_vram = self._free_vram().get(grant.gpu_uuid or "", 0)
        vram = grant.vram_mib if vram_mib is None else vram_mib
        self._held[holder] = adjusted = replace(
            grant,
            vram_mib=_changed(grant.vram_mib, vram, free_vram),
            memory_mib=_changed(grant.memory_mib, memory_mib, self._free_memory()),
        )
        return adjusted

    def go_on(self, holder: int, needs: Needs) -> bool:
        """Let a process go on to work with other needs, where what it lacks is free.

        Returns:
            Whether it may; if so, its grant is changed to these needs.
        """
        grant = self._held.pop(holder)
        vram = self._vram_to_go_on(grant, needs)
        memory: int | Lack = grant.memory_mib
        if needs.memory_mib is not None:
            memory = self._memory_for(needs)
        may = vram is not None and not isinstance(memory, Lack)
        if vram is not None and not isinstance(memory, Lack):
            grant = replace(grant, vram_mib=vram, memory_mib=memory)
            begun = self._begun[holder]
            self._begun[holder] = _Begun(
                begun.cpus,
                memory_guessed=needs.memory_mib is None and begun.memory_guessed,
                alone=needs.gpu is not GpuNeed.NONE and needs.vram_mib is None,
            )
        self._held[holder] = grant
        return may

    def _vram_to_go_on(self, grant: Grant, needs: Needs) -> int | None:
        if needs.gpu is GpuNeed.NONE:
            return 0
        if grant.gpu_uuid is None:
            chosen = choose_gpu(self._capacity, {}, needs, {})
            either = needs.gpu is GpuNeed.EITHER and not needs.more_vram_than_mib
            return 0 if either or chosen is None else None
        share = self._capacity.gpu(grant.gpu_uuid)
        if share is None or needs.gpu_uuid not in (None, share.uuid):
            return None
        wanted = vram_wanted(share, needs)
        most = max(grant.vram_mib, self._free_vram()[share.uuid])
        return wanted if needs.more_vram_than_mib < wanted <= most else None

    def overdrawn(self, holder: int) -> str:
        """Say why a holder must leave at its next frame; empty where it may stay."""
        grant, capacity = self._held.get(holder), self._capacity
        if grant is None:
            return ""
        if capacity.closed:
            return capacity.closed
        if self._held.allowed.isdisjoint(grant.cpu_ids):
            return capacity.cpu_why or "Its CPUs are not there any more."
        if grant.gpu_uuid is None or capacity.gpus_pending or capacity.gpus_unread:
            return ""
        share = capacity.gpu(grant.gpu_uuid)
        if share is None:
            return f"The GPU {grant.gpu_uuid} is gone."
        return share.why if share.leave else ""

    # -- finding what fits -------------------------------------------------------
    def fit(
        self,
        needs: Needs,
        spared: Mapping[str, str] = MappingProxyType({}),
        places_kept: int = 0,
    ) -> Grant | Lack:
        """Find a grant for a process that could start now, or say what is lacking.

        Args:
            spared: GPUs on which nothing may start now, by UUID, and the sentence why.
            places_kept: places, each with its share of the CPUs, that are left free
                for jobs that come first and wait for a GPU.
        """
        capacity = self._capacity
        if capacity.closed:
            return Lack(Resource.TIME, capacity.closed)
        if not capacity.attempts:
            return Lack(Resource.CPUS, "The computer is being looked at, a second.")
        if not capacity.cpu_ids:
            return Lack(Resource.CPUS, _no_cpus(capacity))
        if self.waits_for_maya(needs):
            return self._lack_of_memory(_least_memory(needs))
        full = len(self._held) >= self.places
        if full and (needs.gpu is GpuNeed.NONE or could_hold_now(capacity, needs)):
            return Lack(Resource.ATTEMPTS, self._all_taken())
        gpu = choose_gpu(
            capacity, self._held.vram_mib, needs, spared, self._held.renders
        )
        # First, also where there is no place: a place that is freed would not help it.
        if isinstance(gpu, Lack):
            return gpu
        if full:
            return Lack(Resource.ATTEMPTS, self._all_taken())
        if not self._held:
            # The one that waits may have to wait for Maya, all day.
            places_kept = 0
        if len(self._held) + places_kept >= self.places:
            return Lack(Resource.ATTEMPTS, _A_PLACE_IS_KEPT)
        cpus = self._cpus_for(needs, places_kept)
        if isinstance(cpus, Lack):
            return cpus
        memory = self._memory_for(needs)
        if isinstance(memory, Lack):
            return memory
        if gpu is None:
            return Grant(cpus, memory)
        share, vram = gpu
        return Grant(cpus, memory, share.uuid, vram)

    def _all_taken(self) -> str:
        places = "The only place is" if self.places == 1 else "All places are"
        starts = (
            f"{places} taken by renders: it starts when one ends; a higher priority "
            "brings it forward"
        )
        capacity = self._capacity
        if capacity.attempts < len(capacity.cpu_ids):
            return f"{starts}, more `attempts` in the policy make more places."
        kept = f" {capacity.cpu_why}" if capacity.cpu_why else ""
        return f"{starts}, and there are no more places than CPUs for renders.{kept}"

    def _cpus_for(self, needs: Needs, places_kept: int) -> tuple[int, ...] | Lack:
        count_all, free = len(self._capacity.cpu_ids), self._held.free_cpus
        share = max(1, count_all // self.places)
        # What does not divide evenly goes to the last ones.
        even = max(share, len(free) // (self.places - len(self._held)))
        wanted = min(needs.threads or even, count_all)
        usable = max(0, len(free) - places_kept * share)
        if usable >= wanted:
            return tuple(free[:wanted])
        fewer = "; fewer `cpu_threads` let it start sooner" if needs.threads else ""
        return Lack(
            Resource.CPUS,
            f"It needs {count(wanted, 'CPU')} and {usable} may be used now: it starts "
            f"when renders end{fewer}.",
        )

    def waits_for_maya(self, needs: Needs) -> bool:
        """Say whether something lacks memory that no end of a render would free."""
        capacity = self._capacity
        return bool(capacity.memory_why) and _least_memory(needs) > capacity.memory_mib

    def _memory_for(self, needs: Needs) -> int | Lack:
        capacity, free = self._capacity, max(0, self._free_memory())
        alone = not self._held
        if needs.memory_mib is None:
            wanted = _least_memory(needs)
            given = min(free, capacity.memory_mib // self.places)
        else:
            wanted = _least_memory(needs) if alone else needs.memory_mib
            given = min(free, needs.memory_mib)
        # Where nothing is kept for Maya, the only one had better try than wait for
        # memory that may never come.
        if wanted <= free or (alone and not capacity.memory_why):
            return given
        return self._lack_of_memory(wanted)

    def _lack_of_memory(self, wanted_mib: int) -> Lack:
        capacity, free = self._capacity, max(0, self._free_memory())
        until = "renders end or programs are closed"
        if capacity.memory_why and wanted_mib > capacity.memory_mib:
            until = "Maya is closed or the artist is away"
        why = (
            f"It needs {wanted_mib} MiB of memory and {free} MiB may be used now: it "
            f"starts when {until}. {capacity.memory_why}"
        )
        return Lack(Resource.MEMORY, why.strip())

    def _free_memory(self) -> int:
        return self._capacity.memory_mib - self._held.memory_mib

    def _free_vram(self) -> dict[str, int]:
        held = self._held.vram_mib
        return {
            share.uuid: share.vram_mib - held.get(share.uuid, 0)
            for share in self._capacity.gpus
        }


def _least_memory(needs: Needs) -> int:
    """Say with how much memory a process may try where it is alone, MiB.

    What it was seen to use needs no room above it then.
    """
    if needs.memory_mib is None:
        return LEAST_MEMORY_MIB
    return ceil(needs.memory_mib / ROOM)


def _changed(held: int, wanted: int, free: int) -> int:
    """Say what to hold instead: more than before only as far as that is free."""
    return min(wanted, held + max(0, free))


def _no_cpus(capacity: Capacity) -> str:
    why = capacity.cpu_why or "There are no CPUs that it may use."
    return f"{why} Close Maya, or lower `host_cores` in the policy."
