"""What may be granted: the machine, less what is kept for the artist and for others.

Everything here follows from one reading, the policy, and what the scheduler knows of
the artist; each figure that is less than the machine has says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from lrc_toolbox.jobs.capacity import Capacity, GpuShare
from lrc_toolbox.jobs.devices import Gpu, GpuProcess, GpuReading, GpuUse, MachineReading
from lrc_toolbox.jobs.policy import Policy
from lrc_toolbox.scheduling.hours import Rule

#: From so much VRAM on, in MiB, another program's computing counts as a render that
#: the GPU is left to. A CUDA context alone takes 200 to 600 MiB, so idle players and
#: browsers, which the driver lists as graphics, stay out of it by their kind.
OTHERS_MIB = 256


@dataclass(frozen=True, slots=True)
class _Situation:
    """Whether anything is kept back at all.

    Attributes:
        hosts: processes of host sessions.
        unplaced: those that the driver does not name on any GPU.
        reserve: capacity is kept for them.
    """

    reading: MachineReading
    policy: Policy
    hosts: frozenset[int]
    unplaced: frozenset[int]
    reserve: bool


def work_out(
    reading: MachineReading,
    policy: Policy,
    *,
    away: bool,
    rule: Rule,
    held_mib: Mapping[str, int],
    used_by_renders_mib: int,
) -> Capacity:
    """Work out what all grants together may hold.

    Args:
        away: the artist is not at the computer.
        rule: what the windows of time say.
        held_mib: VRAM granted on each GPU by UUID, for drivers that do not say how
            much of it our renders use.
        used_by_renders_mib: memory that our renders use now.
    """
    hosts = frozenset(host.pid for host in reading.hosts)
    reserve = bool(hosts) and not away and rule.grants != "everything"
    unplaced = hosts - _on_gpus(reading)
    situation = _Situation(reading, policy, hosts, unplaced, reserve)
    cpu_ids, cpu_why = _cpus(situation)
    memory, memory_why = _memory(situation, used_by_renders_mib)
    return Capacity(
        attempts=policy.attempts,
        cpu_ids=cpu_ids,
        memory_mib=memory,
        gpus=_gpus(situation, held_mib),
        gpus_pending=reading.gpus.pending,
        gpus_unread=_unread(reading.gpus),
        gpus_missing=_missing(reading.gpus),
        closed=_closed(rule),
        cpu_why=cpu_why,
        memory_why=memory_why,
    )


def _unread(gpus: GpuReading) -> str:
    return f"{gpus.problem} {gpus.remedy}".strip() if gpus.unread else ""


def _missing(gpus: GpuReading) -> str:
    told = gpus.source and not gpus.unread
    return f"{gpus.problem} {gpus.remedy}".strip() if told else ""


def _on_gpus(reading: MachineReading) -> frozenset[int]:
    return frozenset(
        process.pid
        for gpu in reading.gpus.gpus
        if gpu.grantable
        for process in gpu.processes
    )


def _closed(rule: Rule) -> str:
    if rule.grants != "nothing":
        return ""
    if rule.opens:
        when = f"{rule.opens}, or when `windows` in the policy is changed"
    else:
        when = "when `windows` or `otherwise` in the policy is changed"
    return f"The policy's windows of time allow no rendering now: it starts {when}."


def _cpus(situation: _Situation) -> tuple[tuple[int, ...], str]:
    """Keep the first CPUs: interrupts and, on hybrid processors, the fast cores.

    All is counted of the CPUs that this service may use: Maya may use as many at least,
    because it or the artist's session started the service.
    """
    cpu, policy = situation.reading.cpu, situation.policy
    if not situation.reserve:
        return cpu.ids, ""
    usable = len(cpu.ids)
    # Rounded up: of hybrid processors only the fast cores have two CPUs each.
    per_core = ceil(cpu.logical / max(1, cpu.cores))
    share = ceil(usable * policy.host_cores_percent / 100)
    each = max(policy.host_cores * per_core, share)
    kept = each * len(situation.reading.hosts)
    most = int(usable * policy.present_cores_percent / 100)
    count = max(0, min(usable - kept, most))
    why = f"{usable - count} of {usable} CPUs are kept for Maya."
    # Whole cores: on the second CPU of one of Maya's, a render would halve its speed.
    order = cpu.by_core or cpu.ids
    return tuple(sorted(order[usable - count :])), why


def _memory(situation: _Situation, used_by_renders_mib: int) -> tuple[int, str]:
    memory, policy = situation.reading.memory, situation.policy
    # What processes share counts for each of them, and file caches count as available.
    free = min(memory.total_mib, memory.available_mib + used_by_renders_mib)
    if not situation.reserve:
        return free, ""
    kept = max(
        policy.host_memory_mib, int(memory.total_mib * policy.host_memory_percent / 100)
    )
    return max(0, free - kept), f"{kept} MiB of memory are kept free for Maya."


def _gpus(situation: _Situation, held_mib: Mapping[str, int]) -> tuple[GpuShare, ...]:
    gpus = [gpu for gpu in situation.reading.gpus.gpus if gpu.grantable]
    kept, shared = _hosts_gpus(situation, gpus)
    return tuple(
        _share(situation, gpu, held_mib.get(gpu.uuid, 0), kept, shared) for gpu in gpus
    )


def _hosts_gpus(
    situation: _Situation, gpus: list[Gpu]
) -> tuple[frozenset[str], frozenset[str]]:
    """Say which GPUs are kept for host sessions, and which are shared with them."""
    every = frozenset(gpu.uuid for gpu in gpus)
    if not situation.reserve:
        return frozenset(), frozenset()
    used = frozenset(
        gpu.uuid
        for gpu in gpus
        if any(process.pid in situation.hosts for process in gpu.processes)
    )
    choice = situation.policy.host_gpu
    if situation.unplaced and choice == "keep" and len(every) == 1:
        return every, frozenset()
    # A Maya that the driver does not name on any of them may draw on each of them.
    maybe_used = every if situation.unplaced else used
    if choice == "keep" or (choice == "auto" and every - used):
        return used, maybe_used - used
    return frozenset(), maybe_used


def _share(
    situation: _Situation,
    gpu: Gpu,
    held_mib: int,
    kept: frozenset[str],
    shared: frozenset[str],
) -> GpuShare:
    free = min(gpu.total_mib, gpu.free_mib + _ours_mib(gpu, held_mib))
    best = _best_mib(situation, gpu, free)
    share = GpuShare(gpu.uuid, gpu.index, gpu.name, gpu.total_mib, free, best_mib=best)
    if gpu.uuid in kept:
        why = f"GPU {gpu.index} is kept for Maya."
        return replace(share, vram_mib=0, leave=True, why=why)
    other = _others_render(gpu, situation.hosts)
    if other is not None:
        name = other.name or f"process {other.pid}"
        why = f"GPU {gpu.index} is used by another program's render ({name})."
        return replace(share, vram_mib=0, shared=gpu.uuid in shared, why=why)
    if gpu.uuid not in shared:
        return share
    reserve = _reserve_mib(situation.policy, gpu)
    return replace(
        share,
        vram_mib=max(0, free - reserve),
        shared=True,
        # Half of it: a reading that swings by a few MiB must end no render.
        leave=gpu.free_mib < reserve // 2,
        why=f"GPU {gpu.index} is shared with Maya: "
        f"{reserve} MiB of VRAM are kept free.",
    )


def _best_mib(situation: _Situation, gpu: Gpu, free_mib: int) -> int:
    """Say what might be granted if Mayas and others' renders were gone; 0: unknown."""
    passing = [
        process.vram_mib
        for process in gpu.processes
        if process.attempt is None
        and (process.pid in situation.hosts or process.use is GpuUse.COMPUTE)
    ]
    known = [vram for vram in passing if vram is not None]
    if situation.unplaced or len(known) < len(passing):
        return 0
    return min(gpu.total_mib, free_mib + sum(known))


def _reserve_mib(policy: Policy, gpu: Gpu) -> int:
    share = int(gpu.total_mib * policy.host_vram_percent / 100)
    return max(policy.host_vram_mib, share)


def _others_render(gpu: Gpu, hosts: frozenset[int]) -> GpuProcess | None:
    """Find a render of another user or another service; the driver tells of all."""
    for process in gpu.processes:
        ours = process.attempt is not None or process.pid in hosts
        large = process.vram_mib is None or process.vram_mib >= OTHERS_MIB
        if not ours and process.use is GpuUse.COMPUTE and large:
            return process
    return None


def _ours_mib(gpu: Gpu, held_mib: int) -> int:
    ours = [process for process in gpu.processes if process.attempt is not None]
    if all(process.vram_mib is not None for process in ours):
        return sum(process.vram_mib or 0 for process in ours)
    return min(held_mib, gpu.used_mib)
