"""Which GPU a process gets, and how much of it, or why it gets none.

Pure: what there is, what is held and what is needed come in. Who holds what is the
ledger's.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lrc_toolbox.jobs.capacity import Capacity, GpuShare, Lack, Resource
from lrc_toolbox.jobs.grant import GpuNeed
from lrc_toolbox.scheduling.needs import Needs

#: A GPU with less than so much VRAM to grant, in MiB, is not tried with something
#: unknown: a CUDA context alone takes some hundreds.
LEAST_VRAM_MIB = 1024

_ON_THE_CPU = 'submit with the GPU "none" to render it on the CPU'


def choose_gpu(
    capacity: Capacity,
    held_mib: Mapping[str, int],
    needs: Needs,
    spared: Mapping[str, str],
    renders: Mapping[str, int] = MappingProxyType({}),
) -> tuple[GpuShare, int] | Lack | None:
    """Choose a GPU and how much of it, MiB; None for the CPU.

    Args:
        held_mib: VRAM that is granted on each GPU, by UUID.
        renders: how many processes hold a part of each GPU, by UUID.
        spared: GPUs on which nothing may start now, by UUID, and the sentence why.
    """
    if needs.gpu is GpuNeed.NONE:
        return None
    unknown = _not_known(capacity, needs)
    if unknown is not None:
        return unknown
    suitable = could_hold(capacity, needs)
    if not suitable:
        return _without(capacity, needs)
    fitting = [
        (share, wanted)
        for share in suitable
        if share.uuid not in spared and not share.leave
        for wanted in [vram_wanted(share, needs)]
        if _fits(share, wanted, held_mib, needs)
    ]
    if fitting:
        return min(
            fitting, key=lambda pair: _preference(pair, needs, held_mib, renders)
        )
    if needs.gpu is GpuNeed.EITHER:
        return None
    asked = [spared[share.uuid] for share in suitable if share.uuid in spared]
    why = asked[0] if asked else _why_none_is_free(suitable, held_mib, needs)
    return Lack(Resource.GPU, why)


def vram_wanted(share: GpuShare, needs: Needs) -> int:
    """Say how much of a GPU a process gets, MiB.

    All that may be granted where nobody knows what it needs. Never more than there is:
    many renderers take nearly all VRAM they find, and did well with it.
    """
    if needs.vram_mib is None:
        return share.vram_mib
    return min(needs.vram_mib, share.at_best_mib)


def _not_known(capacity: Capacity, needs: Needs) -> Lack | None:
    """Wait for GPUs that may come (back) rather than try without them."""
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
    return None


def could_hold(capacity: Capacity, needs: Needs) -> list[GpuShare]:
    """List the GPUs that could hold a process once Maya, others and renders are gone.

    Where it was seen to use more than any GPU here has, the largest must do.
    """
    asked = [
        share
        for share in capacity.gpus
        if needs.gpu_uuid in (None, share.uuid)
        and share.at_best_mib > needs.more_vram_than_mib
    ]
    most = max((share.at_best_mib for share in asked), default=0)
    least = min(needs.vram_mib or 0, most)
    return [share for share in asked if share.at_best_mib >= least]


def could_hold_now(capacity: Capacity, needs: Needs) -> list[GpuShare]:
    """List the GPUs that could hold a process if only our renders left them."""
    return [
        share
        for share in could_hold(capacity, needs)
        if not share.leave and _fits(share, vram_wanted(share, needs), {}, needs)
    ]


def _fits(
    share: GpuShare, wanted: int, held_mib: Mapping[str, int], needs: Needs
) -> bool:
    if needs.vram_mib is None and wanted < LEAST_VRAM_MIB:
        return False
    free = share.vram_mib - held_mib.get(share.uuid, 0)
    return needs.more_vram_than_mib < wanted <= free


def _without(capacity: Capacity, needs: Needs) -> Lack | None:
    """Leave to the CPU what no GPU here can hold, if a CPU can render it."""
    if needs.gpu is GpuNeed.EITHER:
        return None
    uses_one = needs.vram_mib or needs.more_vram_than_mib
    if capacity.gpus_missing and uses_one:
        # The one that is missing may be the one that it needs.
        return Lack(Resource.GPU, f"{capacity.gpus_missing} Or {_ON_THE_CPU}.")
    if not capacity.gpus:
        return None
    asked = [one for one in capacity.gpus if needs.gpu_uuid in (None, one.uuid)]
    largest = max(share.at_best_mib for share in asked)
    which = "GPU that it asks for" if needs.gpu_uuid else "largest GPU here"
    return Lack(
        Resource.NEVER,
        f"It needs more than {needs.more_vram_than_mib} MiB of VRAM; the {which} has "
        f"{largest} MiB. Make the scene lighter and retry, or {_ON_THE_CPU}.",
    )


def _why_none_is_free(
    suitable: list[GpuShare], held_mib: Mapping[str, int], needs: Needs
) -> str:
    busy = [
        share
        for share in suitable
        if share.uuid in held_mib
        and needs.more_vram_than_mib < vram_wanted(share, needs) <= share.vram_mib
    ]
    if busy:
        which = ", ".join(f"GPU {share.index}" for share in busy)
        return (
            f"Renders use {which}: it starts when they leave enough VRAM; a higher "
            "priority brings it forward."
        )
    least = needs.vram_mib or needs.more_vram_than_mib
    wanted = f"{least} MiB of VRAM" if least else "a GPU"
    whys = " ".join(share.why for share in suitable if share.why)
    return (
        f"It needs {wanted}. {whys or 'No GPU has that free.'} "
        f"It starts when {_who_must_go(suitable)}; {_ON_THE_CPU}."
    )


def _who_must_go(suitable: list[GpuShare]) -> str:
    if any(share.for_maya for share in suitable):
        return "Maya is closed or the artist is away"
    if any(share.why for share in suitable):
        return "that one has ended"
    return "programs that use GPUs are closed"


def _preference(
    pair: tuple[GpuShare, int],
    needs: Needs,
    held_mib: Mapping[str, int],
    renders: Mapping[str, int],
) -> tuple[bool, int, int, int]:
    """Rank GPUs, the smallest first: unshared ones, then idle ones, then by room.

    Processes share a GPU's speed, so none is shared while another one has fewer. Of
    those with as many, what is known goes where it fits most tightly, so that large
    gaps stay for large layers; what is unknown goes where there is most.
    """
    share, wanted = pair
    room = share.vram_mib - held_mib.get(share.uuid, 0) - wanted
    tight = room if needs.vram_mib else -share.vram_mib
    return share.shared, renders.get(share.uuid, 0), tight, share.index
