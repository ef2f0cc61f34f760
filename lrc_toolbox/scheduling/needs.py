"""What an attempt at a task needs, from the submission and from what was learned."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from lrc_toolbox.jobs.grant import GpuNeed
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.usage import Usage

#: Room above the highest use seen: the next frame may be a little heavier.
ROOM = 1.2

#: After a shortage only a grant larger by so much is worth another try; what is free
#: swings by some MiB.
MORE = 1.05


@dataclass(frozen=True, slots=True)
class Needs:
    """What a process must get to start.

    Attributes:
        threads: CPUs, None for an equal share.
        memory_mib: None where nobody knows, for an equal share.
        gpu: whether it takes a GPU.
        gpu_uuid: the one GPU it was asked to take, None for any.
        vram_mib: None where nobody knows: it gets a GPU to itself.
        more_vram_than_mib: a grant of so much was too small.
    """

    threads: int | None = None
    memory_mib: int | None = None
    gpu: GpuNeed = GpuNeed.NONE
    gpu_uuid: str | None = None
    vram_mib: int | None = None
    more_vram_than_mib: int = 0


def needs_of(submission: Submission, gpu: GpuNeed, usage: Usage | None) -> Needs:
    """Say what an attempt needs.

    A task that was seen to use no VRAM needs no GPU, whatever its engine supposes.
    After a shortage it gets a GPU to itself, one with more than was too little, until
    it was seen to do with a known amount that is more than that.

    Args:
        gpu: what the engine wants of the GPUs for this submission.
        usage: what is known of this layer in this resolution.
    """
    known = usage or Usage("")
    pinned = submission.gpu if submission.gpu not in ("auto", "none") else None
    if submission.gpu == "none" or (known.vram_mib == 0 and not known.vram_short_mib):
        gpu = GpuNeed.NONE
    more = int(known.vram_short_mib * MORE)
    enough = known.vram_mib if (known.vram_mib or 0) > more else None
    vram = enough if known.vram_short_mib else known.vram_mib
    return Needs(
        threads=submission.cpu_threads,
        memory_mib=_memory(known, submission.memory_limit_mib),
        gpu=gpu,
        gpu_uuid=pinned,
        vram_mib=ceil(vram * ROOM) if vram else None,
        more_vram_than_mib=more,
    )


def _memory(usage: Usage, limit_mib: int | None) -> int | None:
    if usage.memory_short_mib:
        wanted = max(2 * usage.memory_short_mib, usage.memory_mib or 0)
    elif usage.memory_mib is not None:
        wanted = ceil(usage.memory_mib * ROOM)
    else:
        return None
    return wanted if limit_mib is None else min(wanted, limit_mib)
