"""Who holds what: the one place where grants are given and taken back.

What is given never makes the sum of all grants exceed the capacity. When the capacity
shrinks, CPUs are taken back at once; memory and VRAM stay with their holders until they
are done, and nothing more is given meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from lrc_toolbox.jobs.capacity import Capacity, GpuShare, Lack, Resource
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.scheduling.needs import Needs

#: A GPU with less than so much VRAM to grant, in MiB, is not tried with something
#: unknown: a CUDA context alone takes some hundreds.
LEAST_VRAM_MIB = 1024

_A_PLACE_IS_KEPT = (
    "The last place is kept for a job that comes first and waits for a GPU: it starts "
    "after that one; a higher priority brings it forward."
)


class Ledger:
    """The grants that are out, against the capacity."""

    def __init__(self) -> None:
        self._capacity = Capacity()
        self._held: dict[int, Grant] = {}

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
        return min(self._capacity.attempts, len(self._capacity.cpu_ids))

    def held_vram(self) -> dict[str, int]:
        """VRAM that is granted on each GPU, MiB by UUID."""
        held: dict[str, int] = {}
        for grant in self._held.values():
            if grant.gpu_uuid is not None:
                held[grant.gpu_uuid] = held.get(grant.gpu_uuid, 0) + grant.vram_mib
        return held

    # -- giving and taking back --------------------------------------------------
    def take(self, holder: int, grant: Grant) -> None:
        """Write a grant down under the number of the process that holds it."""
        self._held[holder] = grant

    def release(self, holder: int) -> None:
        """Strike a grant; a holder that has none is fine."""
        self._held.pop(holder, None)

    def resize(self, capacity: Capacity) -> dict[int, Grant]:
        """Change what may be granted.

        Returns:
            The grants whose CPUs changed with it, by holder. CPUs that are kept back
            now are exchanged for free ones; who has none left gets some of the holder
            that has most. Where there are fewer CPUs than holders, the last ones keep
            theirs until they leave, see `overdrawn`.
        """
        self._capacity = capacity
        allowed = frozenset(capacity.cpu_ids)
        before = dict(self._held)
        poor = [
            holder
            for holder, grant in self._held.items()
            if not allowed.issuperset(grant.cpu_ids)
        ]
        for holder in poor:
            keeps = tuple(cpu for cpu in before[holder].cpu_ids if cpu in allowed)
            lost = len(before[holder].cpu_ids) - len(keeps)
            self._give_cpus(holder, (*keeps, *self._free_cpus()[:lost]))
        for holder in poor:
            if not allowed.intersection(self._held[holder].cpu_ids):
                self._take_from_the_richest(holder, allowed)
        return {
            holder: grant
            for holder, grant in self._held.items()
            if grant.cpu_ids != before[holder].cpu_ids
        }

    def _give_cpus(self, holder: int, cpus: tuple[int, ...]) -> None:
        if cpus:
            grant = self._held[holder]
            self._held[holder] = replace(grant, cpu_ids=tuple(sorted(cpus)))

    def _take_from_the_richest(self, holder: int, allowed: frozenset[int]) -> None:
        richest = max(
            self._held, key=lambda one: len(allowed & set(self._held[one].cpu_ids))
        )
        cpus = tuple(cpu for cpu in self._held[richest].cpu_ids if cpu in allowed)
        if len(cpus) > 1:
            self._give_cpus(richest, cpus[: (len(cpus) + 1) // 2])
            self._give_cpus(holder, cpus[(len(cpus) + 1) // 2 :])

    def adjust(self, holder: int, *, vram_mib: int, memory_mib: int) -> Grant:
        """Change a grant to what turned out to be needed, as far as that is free.

        Returns:
            What it holds from now on.
        """
        grant = self._held.pop(holder)
        free_vram = self._free_vram().get(grant.gpu_uuid or "", 0)
        free_memory = self._free_memory()
        self._held[holder] = adjusted = replace(
            grant,
            vram_mib=max(min(vram_mib, grant.vram_mib), min(vram_mib, free_vram)),
            memory_mib=max(
                min(memory_mib, grant.memory_mib), min(memory_mib, free_memory)
            ),
        )
        return adjusted

    def overdrawn(self, holder: int) -> str:
        """Say why a holder must leave at its next frame; empty where it may stay."""
        grant = self._held.get(holder)
        if grant is None:
            return ""
        if not set(grant.cpu_ids) & set(self._capacity.cpu_ids):
            return self._capacity.cpu_why or "Its CPUs are not there any more."
        if grant.gpu_uuid is None:
            return ""
        share = self._capacity.gpu(grant.gpu_uuid)
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
        if not capacity.cpu_ids:
            return Lack(Resource.CPUS, _no_cpus(capacity))
        if len(self._held) >= self.places:
            return Lack(Resource.ATTEMPTS, self._all_taken())
        gpu = self._gpu_for(needs, spared)
        if isinstance(gpu, Lack):
            return gpu
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
        return (
            f"All {self.places} places are taken: it starts when one is free; "
            "a higher priority brings it forward."
        )

    def covers(self, holder: int, needs: Needs) -> bool:
        """Say whether a process may go on to work with these needs."""
        grant = self._held[holder]
        if needs.gpu is GpuNeed.NONE:
            return True
        if grant.gpu_uuid is None:
            return needs.gpu is GpuNeed.EITHER and not needs.more_vram_than_mib
        share = self._capacity.gpu(grant.gpu_uuid)
        wanted = needs.vram_mib or (share.vram_mib if share else 0)
        pinned = needs.gpu_uuid in (None, grant.gpu_uuid)
        return pinned and max(wanted, needs.more_vram_than_mib) <= grant.vram_mib

    def _cpus_for(self, needs: Needs, places_kept: int) -> tuple[int, ...] | Lack:
        count = len(self._capacity.cpu_ids)
        share = max(1, count // self.places)
        wanted = min(needs.threads or share, count)
        free = self._free_cpus()
        if len(free) - places_kept * share >= wanted:
            return free[:wanted]
        return Lack(
            Resource.CPUS,
            f"It needs {wanted} CPUs and {len(free)} are free: it starts when "
            "renders end; fewer `cpu_threads` let it start sooner.",
        )

    def _memory_for(self, needs: Needs) -> int | Lack:
        capacity, free = self._capacity, self._free_memory()
        if needs.memory_mib is None:
            return max(0, min(free, capacity.memory_mib // self.places))
        # Where it is the only one, trying beats waiting for memory that may never come.
        if needs.memory_mib <= free or not self._held:
            return min(needs.memory_mib, max(0, free))
        return Lack(
            Resource.MEMORY,
            f"It needs {needs.memory_mib} MiB of memory and {max(0, free)} MiB are "
            "free: it starts when renders end or programs are closed.",
        )

    def _free_memory(self) -> int:
        held = sum(grant.memory_mib for grant in self._held.values())
        return self._capacity.memory_mib - held

    def _free_cpus(self) -> tuple[int, ...]:
        taken = {cpu for grant in self._held.values() for cpu in grant.cpu_ids}
        return tuple(cpu for cpu in self._capacity.cpu_ids if cpu not in taken)

    # -- GPUs --------------------------------------------------------------------
    def _gpu_for(
        self, needs: Needs, spared: Mapping[str, str]
    ) -> tuple[GpuShare, int] | Lack | None:
        capacity = self._capacity
        if needs.gpu is GpuNeed.NONE:
            return None
        if capacity.gpus_pending:
            return Lack(Resource.GPU, "The GPUs are being looked at, a few seconds.")
        if capacity.gpus_unread and needs.gpu is GpuNeed.REQUIRED:
            return Lack(Resource.GPU, capacity.gpus_unread)
        if needs.gpu_uuid is not None and capacity.gpu(needs.gpu_uuid) is None:
            return Lack(
                Resource.GPU,
                f"The GPU {needs.gpu_uuid} is not there: `lrc machine` lists those "
                "that are; submit with another one.",
            )
        suitable = [share for share in capacity.gpus if _could_hold(share, needs)]
        if not suitable:
            return self._without_gpu(needs)
        free = self._free_vram()
        fitting = [
            (share, wanted)
            for share in suitable
            if share.uuid not in spared and share.vram_mib >= LEAST_VRAM_MIB
            for wanted in [needs.vram_mib or share.vram_mib]
            if wanted <= free[share.uuid] and not share.leave
        ]
        if fitting:
            return min(fitting, key=lambda pair: _preference(pair, needs, free))
        if needs.gpu is GpuNeed.EITHER:
            return None
        asked = [spared[one.uuid] for one in suitable if one.uuid in spared]
        if asked:
            return Lack(Resource.GPU, asked[0])
        return Lack(Resource.GPU, self._why_no_gpu(suitable, needs))

    def _without_gpu(self, needs: Needs) -> Lack | None:
        """Leave to the CPU what no GPU here can hold, if a CPU can render it."""
        if needs.gpu is GpuNeed.EITHER or not self._capacity.gpus:
            return None
        short = max(needs.more_vram_than_mib, needs.vram_mib or 0)
        largest = max(share.total_mib for share in self._capacity.gpus)
        return Lack(
            Resource.NEVER,
            f"It needs more than {short} MiB of VRAM; the largest GPU here has "
            f"{largest} MiB. Make the scene lighter, or render it on the CPU.",
        )

    def _free_vram(self) -> dict[str, int]:
        held = self.held_vram()
        return {
            share.uuid: share.vram_mib - held.get(share.uuid, 0)
            for share in self._capacity.gpus
        }

    def _why_no_gpu(self, suitable: list[GpuShare], needs: Needs) -> str:
        held = self.held_vram()
        busy = [share for share in suitable if share.uuid in held]
        if busy:
            which = ", ".join(f"GPU {share.index}" for share in busy)
            return f"Renders use {which}: it starts when they leave enough VRAM."
        whys = " ".join(share.why for share in suitable if share.why)
        wanted = f"{needs.vram_mib} MiB of VRAM" if needs.vram_mib else "a GPU"
        advice = 'Free one, or submit with the GPU "none".'
        return f"It needs {wanted} and none is free. {whys} {advice}".replace("  ", " ")


def _no_cpus(capacity: Capacity) -> str:
    why = capacity.cpu_why or "There are no CPUs that it may use."
    return f"{why} Close Maya, or lower `host_cores` in the policy."


def _could_hold(share: GpuShare, needs: Needs) -> bool:
    """Say whether a GPU could hold it if none of our renders used it.

    One that is kept for Maya or used by others may come back, with all it has.
    """
    if needs.gpu_uuid not in (None, share.uuid):
        return False
    most = share.vram_mib or share.total_mib
    return most >= (needs.vram_mib or 0) and most > needs.more_vram_than_mib


def _preference(
    pair: tuple[GpuShare, int], needs: Needs, free: Mapping[str, int]
) -> tuple[bool, int, int]:
    """Rank GPUs, the smallest first: unshared ones, then by room.

    What is known goes where it fits most tightly, so that large gaps stay for large
    layers; what is unknown goes where there is most.
    """
    share, wanted = pair
    room = free[share.uuid] - wanted
    tight = room if needs.vram_mib else -share.vram_mib
    return share.shared, tight, share.index
