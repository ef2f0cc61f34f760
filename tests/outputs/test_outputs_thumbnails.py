from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.pictures import ExpectedPicture, PictureLook
from lrc_toolbox.outputs.proof import Proof, prove

np = pytest.importorskip("numpy", reason="needs lrc-toolbox[review]")

Write = Callable[..., Path]


@pytest.fixture
def thumbnail(tmp_path: Path, oiio: Any, write_picture: Write) -> Callable[..., Any]:
    """Gives a function that writes a picture and returns its thumbnail's pixels."""

    def make(pixels: Any, suffix: str = "exr", **how: Any) -> Any:
        path = write_picture(tmp_path / f"p.0001.{suffix}", pixels, **how)
        asked = [ExpectedPicture(str(tmp_path / f"p.####.{suffix}"), 0, 0, ())]
        target = str(tmp_path / "small" / "p.jpg")
        proof = prove(asked, 1, thumbnail=target)
        assert proof == Proof(picture=str(path), thumbnail=target, look=proof.look)
        assert [p.name for p in (tmp_path / "small").iterdir()] == ["p.jpg"]
        small = oiio.ImageInput.open(target)
        assert small.format_name() == "jpeg"
        seen = small.read_image(0, 0, 0, 3, "uint8")
        small.close()
        return seen

    return make


def flat(*values: float, width: int = 640, height: int = 360) -> Any:
    return np.full((height, width, len(values)), values, np.float32)


def near(*values: float) -> Any:
    """Red, green and blue within JPEG's loss; one value stands for all three."""
    return pytest.approx(list(values) * (3 // len(values)), abs=2)


@pytest.mark.parametrize(
    ("width", "height", "small"),
    [
        (640, 360, (144, 256, 3)),
        (1080, 1920, (256, 144, 3)),
        (320, 180, (144, 256, 3)),
        (64, 48, (48, 64, 3)),
        (3000, 2, (1, 256, 3)),
        (1, 1, (1, 1, 3)),
    ],
)
def test_the_long_side_is_at_most_256_pixels(
    thumbnail: Callable[..., Any], width: int, height: int, small: tuple[int, int, int]
) -> None:
    assert thumbnail(flat(0, 0, 0, width=width, height=height)).shape == small


def test_linear_values_are_encoded_for_the_display(
    thumbnail: Callable[..., Any],
) -> None:
    assert thumbnail(flat(0.18, 0.18, 0.18))[70, 100].tolist() == near(118)
    assert thumbnail(flat(5, 5, 5))[70, 100].tolist() == near(255)
    assert thumbnail(flat(-1, -1, -1))[70, 100].tolist() == near(0)


@pytest.mark.parametrize("kind", ["uint8", "uint16"])
def test_a_png_is_not_encoded_a_second_time(
    thumbnail: Callable[..., Any], kind: str
) -> None:
    seen = thumbnail(flat(0.5, 0.5, 0.5), suffix="png", kind=kind)
    assert seen[70, 100].tolist() == near(128)


def test_channels_are_found_by_name(thumbnail: Callable[..., Any]) -> None:
    seen = thumbnail(flat(0, 0, 7, 1), names=["B", "G", "Z", "R"])
    assert seen[70, 100].tolist() == near(255, 0, 0)


def test_luminance_becomes_grey(thumbnail: Callable[..., Any]) -> None:
    assert thumbnail(flat(0.18), names=["Y"])[70, 100].tolist() == near(118)


@pytest.mark.parametrize(("suffix", "kind"), [("exr", "half"), ("png", "uint8")])
def test_what_is_transparent_shows_dark_grey(
    thumbnail: Callable[..., Any], suffix: str, kind: str
) -> None:
    seen = thumbnail(flat(0, 0, 0, 0), suffix=suffix, kind=kind)
    assert seen[70, 100].tolist() == near(41)


def test_what_a_region_leaves_out_shows_as_background(
    thumbnail: Callable[..., Any],
) -> None:
    region = flat(1, 1, 1, 1, width=320, height=180)
    seen = thumbnail(region, x=320, y=180, full_width=640, full_height=360)
    assert seen[30, 50].tolist() == near(41)
    assert seen[30, 200].tolist() == near(41)
    assert seen[120, 200].tolist() == near(255)


def test_a_window_that_starts_below_zero_is_shown_whole(
    thumbnail: Callable[..., Any],
) -> None:
    pixels = flat(0, 0, 0, width=660, height=380)
    pixels[190:, 330:] = 1
    seen = thumbnail(pixels, x=-10, y=-10, full_width=640, full_height=360)
    assert seen[60, 100].tolist() == near(0)
    assert seen[80, 140].tolist() == near(255)


def test_the_picture_is_not_turned_or_mirrored(thumbnail: Callable[..., Any]) -> None:
    pixels = flat(0, 0, 0, width=1920, height=1080)
    pixels[:540, :960] = (1, 0, 0)
    pixels[:540, 960:] = (0, 1, 0)
    pixels[540:, 960:] = (0, 0, 1)
    for tile in (0, 64):
        seen = thumbnail(pixels, tile_width=tile, tile_height=tile)
        assert seen[30, 50].argmax() == 0
        assert seen[30, 200].argmax() == 1
        assert seen[110, 200].argmax() == 2
        assert seen[110, 50].max() < 10


def test_pixels_that_are_no_numbers_do_not_spread(
    tmp_path: Path, oiio: Any, write_picture: Write
) -> None:
    pixels = flat(0.18, 0.18, 0.18)
    pixels[:180, ::2] = np.nan  # of each pair of samples one
    write_picture(tmp_path / "p.0001.exr", pixels)
    target = tmp_path / "p.jpg"
    asked = [ExpectedPicture(str(tmp_path / "p.####.exr"), 640, 360)]
    assert prove(asked, 1, thumbnail=str(target)).thumbnail == str(target)
    seen = oiio.ImageBuf(str(target)).get_pixels("uint8")
    assert seen[30, 100].tolist() == near(85)  # half of 118's light
    assert seen[110, 100].tolist() == near(118)


def test_a_thumbnail_that_cannot_be_written_leaves_the_frame_proved(
    tmp_path: Path, write_picture: Write
) -> None:
    write_picture(tmp_path / "p.0001.exr")
    (tmp_path / "file").touch()
    asked = [ExpectedPicture(str(tmp_path / "p.####.exr"), 0, 0)]
    found = prove(asked, 1, thumbnail=str(tmp_path / "file" / "p.jpg"))
    assert found.failure is None
    assert found.thumbnail == ""
    assert "no thumbnail" in found.notes[0]


def test_an_old_thumbnail_is_replaced(tmp_path: Path, write_picture: Write) -> None:
    write_picture(tmp_path / "p.0001.exr")
    target = tmp_path / "p.jpg"
    target.write_bytes(b"old")
    asked = [ExpectedPicture(str(tmp_path / "p.####.exr"), 0, 0)]
    assert prove(asked, 1, thumbnail=str(target)).notes == ()
    assert target.read_bytes()[:2] == b"\xff\xd8"


def test_a_broken_picture_keeps_the_last_thumbnail(
    tmp_path: Path, write_picture: Write, cut: Callable[[Path, float], Path]
) -> None:
    cut(write_picture(tmp_path / "p.0001.exr"), 0.5)
    target = tmp_path / "p.jpg"
    target.write_bytes(b"of the frame before")
    asked = [ExpectedPicture(str(tmp_path / "p.####.exr"), 0, 0)]
    assert prove(asked, 1, thumbnail=str(target)).thumbnail == ""
    assert target.read_bytes() == b"of the frame before"


# -- how bright it is -----------------------------------------------------------------
@pytest.fixture
def look(tmp_path: Path, write_picture: Write) -> Callable[..., PictureLook]:
    """Gives a function that writes a picture and returns how it looks."""

    def make(pixels: Any, suffix: str = "exr", **how: Any) -> PictureLook:
        path = write_picture(tmp_path / f"p.0001.{suffix}", pixels, **how)
        asked = [ExpectedPicture(str(tmp_path / f"p.####.{suffix}"), 0, 0, ())]
        found = prove(asked, 1, thumbnail=str(tmp_path / "p.jpg")).look
        assert found is not None
        assert found.size_bytes == path.stat().st_size
        return found

    return make


def test_a_black_picture_is_black_though_alpha_shows_what_is_behind(
    look: Callable[..., PictureLook],
) -> None:
    for alpha in (0, 1):
        found = look(flat(0, 0, 0, alpha))
        assert (found.mean, found.brightest) == (0.0, 0.0)


def test_brightness_is_linear_and_ends_at_one(look: Callable[..., PictureLook]) -> None:
    pixels = flat(0.25, 0.25, 0.25)
    pixels[:180] = 40.0
    found = look(pixels)
    assert found.mean == pytest.approx(0.625, abs=0.01)
    assert found.brightest == 1.0
    assert look(flat(0.5, 0.5, 0.5), "png", kind="uint8").mean == pytest.approx(
        0.2, abs=0.03
    )


def test_pixels_that_are_no_numbers_do_not_spoil_the_brightness(
    look: Callable[..., PictureLook],
) -> None:
    pixels = flat(0.5, 0.5, 0.5, width=64, height=36)
    pixels[:18] = np.nan
    found = look(pixels)
    assert found.mean == pytest.approx(0.25, abs=0.02)
    assert found.brightest == pytest.approx(0.5, abs=0.01)
