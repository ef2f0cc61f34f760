"""A workstation with four GPUs, and what earlier jobs taught of layers."""

from __future__ import annotations

from collections.abc import Sequence

from lrc_toolbox.jobs.capacity import Capacity, GpuShare
from lrc_toolbox.jobs.usage import Usage, usage_key
from simulation.farm import submit
from simulation.lower_bound import least_work_s, longest_chain_s
from simulation.workload import Job

#: Two for each GPU, where its VRAM suffices.
PLACES = 8

_GPUS, _VRAM_MIB = 4, 24_000


def workstation() -> Capacity:
    """Four GPUs with 24 GB, 64 CPUs, 256 GiB of memory, and nobody at the desk."""
    gpus = tuple(
        GpuShare(f"GPU-{index}", index, "GPU", _VRAM_MIB, _VRAM_MIB)
        for index in range(_GPUS)
    )
    return Capacity(PLACES, tuple(range(64)), 256 * 1024, gpus)


def known_of(jobs: Sequence[Job]) -> tuple[Usage, ...]:
    """What the same layers taught when they were rendered before."""
    known = []
    for job in jobs:
        command = submit(job)
        for layer, plan in zip(job.layers, command.plans, strict=True):
            key = usage_key(command.submission, plan)
            known.append(Usage(key, layer.memory_mib, layer.vram_mib))
    return tuple(known)


def gpu_bound_s(jobs: Sequence[Job]) -> float:
    """The shortest time on it: what the GPUs compute, or what the places do at least.

    All jobs must be submitted at the beginning.
    """
    on_gpus = sum(layer.work_s * layer.gpu_part for job in jobs for layer in job.layers)
    in_places = sum(map(least_work_s, jobs))
    chain = max(map(longest_chain_s, jobs))
    return max(on_gpus / _GPUS, in_places / PLACES, chain)
