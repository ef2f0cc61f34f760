"""Pictures are parted into bands that cover them, and lone specks are calmed."""

from __future__ import annotations

import numpy as np
import pytest

from lrc_toolbox.engines.preview.render import split, without_specks


@pytest.mark.parametrize("variant", ["scalar_rgb", "llvm_ad_rgb", "cuda_ad_rgb"])
@pytest.mark.parametrize(
    "size", [(1, 1), (64, 36), (640, 360), (1920, 1080), (333, 197), (4096, 1)]
)
@pytest.mark.parametrize("samples", [1, 16, 1000])
def test_bands_cover_every_row_once(
    variant: str, size: tuple[int, int], samples: int
) -> None:
    bands = split(variant, size, samples)
    rows = [row for band in bands for row in range(band.top, band.top + band.rows)]
    assert rows == list(range(size[1]))
    assert len(bands) <= 11
    assert len({band.rows for band in bands}) <= 2, "each height is a kernel"


def test_a_slow_frame_has_ten_bands_and_a_quick_one_has_one() -> None:
    assert len(split("scalar_rgb", (640, 360), 64)) == 10
    assert len(split("scalar_rgb", (64, 36), 4)) == 1


def test_a_lone_bright_pixel_is_calmed_and_a_line_stays() -> None:
    picture = np.full((20, 20, 4), 0.2)
    picture[5, 5, :3] = 50
    picture[10, :, :3] = 50
    calm = without_specks(picture)
    assert calm[5, 5, 0] == pytest.approx(0.2)
    np.testing.assert_array_equal(calm[10, 1:-1], picture[10, 1:-1])
    assert calm[5, 5, 3] == picture[5, 5, 3]
