"""Which GPU comes first where a layer fits on several."""

from __future__ import annotations

from lrc_toolbox.jobs.capacity import Capacity, GpuShare
from lrc_toolbox.jobs.grant import GpuNeed, Grant
from lrc_toolbox.scheduling.ledger import Ledger
from lrc_toolbox.scheduling.needs import Needs

KNOWN = Needs(memory_mib=1000, gpu=GpuNeed.REQUIRED, vram_mib=4000)


def ledger(*vram_mib: int) -> Ledger:
    gpus = tuple(
        GpuShare(f"GPU-{index}", index, "RTX", 24_000, vram)
        for index, vram in enumerate(vram_mib)
    )
    made = Ledger()
    made.resize(Capacity(8, tuple(range(16)), 64_000, gpus))
    return made


def granted(made: Ledger, count: int) -> list[str | None]:
    uuids = []
    for holder in range(1, count + 1):
        grant = made.fit(KNOWN)
        assert isinstance(grant, Grant)
        made.take(holder, grant, KNOWN)
        uuids.append(grant.gpu_uuid)
    return uuids


def test_no_gpu_is_shared_while_another_one_is_idle() -> None:
    assert granted(ledger(24_000, 24_000), 4) == ["GPU-0", "GPU-1", "GPU-0", "GPU-1"]


def test_of_idle_gpus_the_smallest_that_fits_comes_first() -> None:
    assert granted(ledger(24_000, 8_000, 3_000), 2) == ["GPU-1", "GPU-0"]
