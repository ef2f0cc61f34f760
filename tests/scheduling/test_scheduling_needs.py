"""What an attempt needs, from what was asked for and what was seen before."""

from __future__ import annotations

import pytest

from lrc_toolbox.jobs.grant import GpuNeed
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.jobs.usage import Usage
from lrc_toolbox.scheduling.needs import Needs, needs_of


def needs(usage: Usage | None = None, **fields: object) -> Needs:
    submission = Submission(
        scene="shot.ma",
        output_folder="/out",
        engine="preview",
        user="artist",
        **fields,  # type: ignore[arg-type]
    )
    return needs_of(submission, GpuNeed.REQUIRED, usage)


def test_of_what_is_not_known_nothing_is_assumed() -> None:
    assert needs() == Needs(gpu=GpuNeed.REQUIRED)


def test_a_fifth_more_is_asked_for_than_was_ever_used() -> None:
    known = needs(Usage("", memory_mib=1001, vram_mib=2001))
    assert (known.memory_mib, known.vram_mib) == (1202, 2402)


def test_a_layer_that_used_no_vram_needs_no_gpu_unless_it_ran_out_of_it() -> None:
    assert needs(Usage("", vram_mib=0)).gpu is GpuNeed.NONE
    ran_out = needs(Usage("", vram_mib=0, vram_short_mib=4000))
    assert ran_out.gpu is GpuNeed.REQUIRED
    assert ran_out.vram_mib is None


def test_what_the_submission_says_of_gpus_comes_first() -> None:
    assert needs(gpu="none").gpu is GpuNeed.NONE
    pinned = needs(gpu="GPU-1")
    assert (pinned.gpu, pinned.gpu_uuid) == (GpuNeed.REQUIRED, "GPU-1")
    assert needs(gpu="auto").gpu_uuid is None


@pytest.mark.parametrize(
    ("seen", "vram"),
    [
        (None, None),
        (3000, None),  # that much was granted when it ran out
        (4200, None),
        (4201, 5042),  # it was seen to do with this, on a larger GPU
    ],
)
def test_after_a_shortage_it_is_alone_until_more_is_known(
    seen: int | None, vram: int | None
) -> None:
    after = needs(Usage("", vram_mib=seen, vram_short_mib=4000))
    assert after.more_vram_than_mib == 4200
    assert after.vram_mib == vram


def test_twice_the_memory_is_asked_for_that_was_too_little() -> None:
    assert needs(Usage("", memory_mib=900, memory_short_mib=1000)).memory_mib == 2000
    assert needs(Usage("", memory_mib=2500, memory_short_mib=1000)).memory_mib == 2500


def test_no_more_memory_is_asked_for_than_the_submission_allows() -> None:
    limited = needs(Usage("", memory_mib=9000), memory_limit_mib=5000)
    assert limited.memory_mib == 5000
