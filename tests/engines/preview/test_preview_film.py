"""Pictures on disk: whole or not there, and holding what was rendered."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

oiio = pytest.importorskip("OpenImageIO", reason="needs the extra [preview]")

from lrc_toolbox.engines.preview.film import (  # noqa: E402
    PictureWriteError,
    write_picture,
)
from lrc_toolbox.engines.preview.pictures import (  # noqa: E402
    find_picture,
    linear_from_srgb,
    read_picture,
    srgb_from_linear,
)


@pytest.fixture
def picture() -> npt.NDArray[np.float32]:
    """A ramp of light over 8 x 4 pixels with a transparent left half."""
    values = np.linspace(0, 2, 32, dtype=np.float32).reshape(4, 8, 1)
    colour = values * np.array([1.0, 0.5, 0.25], np.float32)
    alpha = np.repeat(np.float32([[0, 1]]), 4, axis=1)[..., None].repeat(4, axis=0)
    return np.concatenate((colour, alpha), axis=2)


def test_an_exr_holds_the_linear_values_and_the_alpha(
    tmp_path: Path, picture: npt.NDArray[np.float32]
) -> None:
    path = tmp_path / "new" / "folder" / "a.0001.exr"
    write_picture(str(path), picture)
    buffer = oiio.ImageBuf(str(path))
    assert buffer.read(0, 0, True)
    spec = buffer.spec()
    assert (spec.width, spec.height) == (8, 4)
    assert spec.channelnames == ("R", "G", "B", "A")
    assert spec.format.basetype == oiio.HALF
    np.testing.assert_allclose(buffer.get_pixels(oiio.FLOAT), picture, rtol=1e-3)
    assert [each.name for each in path.parent.iterdir()] == ["a.0001.exr"]


def test_a_png_is_curved_for_screens_and_never_cut_off_below_white(
    tmp_path: Path, picture: npt.NDArray[np.float32]
) -> None:
    path = tmp_path / "a.0001.png"
    write_picture(str(path), picture)
    pixels = oiio.ImageBuf(str(path)).get_pixels(oiio.UINT8)
    assert pixels.shape == (4, 8, 3)
    dim = int(np.argmin(np.abs(picture[..., 0] - 0.21)))
    shown = pixels.reshape(-1, 3)[dim, 0] / 255
    assert shown == pytest.approx(
        srgb_from_linear(picture[..., 0].ravel()[dim]), abs=0.005
    )
    red = pixels[..., 0].astype(int).ravel()
    assert (np.diff(red) >= 0).all(), "brighter must stay brighter"
    assert red[16] < red[20] < red[31] < 255, "above 1 there is room left"


def test_an_old_picture_stays_whole_until_the_new_one_takes_its_place(
    tmp_path: Path, picture: npt.NDArray[np.float32]
) -> None:
    path = tmp_path / "a.0001.exr"
    path.write_bytes(b"the old one")
    (tmp_path / ".a.0001.part.exr").mkdir()  # the temporary name cannot be written
    with pytest.raises(PictureWriteError, match=r"a\.0001\.exr") as caught:
        write_picture(str(path), picture)
    assert caught.value.path == str(path)
    assert path.read_bytes() == b"the old one"


@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix permissions")
def test_a_folder_that_cannot_be_made_is_told_with_the_picture(
    tmp_path: Path, picture: npt.NDArray[np.float32]
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PictureWriteError, match="could not be written"):
        write_picture(str(tmp_path / "file" / "a.0001.exr"), picture)


def test_a_format_that_is_not_written_here_is_refused(
    tmp_path: Path, picture: npt.NDArray[np.float32]
) -> None:
    with pytest.raises(PictureWriteError, match=r"\.tif"):
        write_picture(str(tmp_path / "a.0001.tif"), picture)
    assert not list(tmp_path.iterdir())


def test_the_srgb_curve_and_its_inverse_cancel() -> None:
    values = np.linspace(0, 1, 101)
    np.testing.assert_allclose(
        linear_from_srgb(srgb_from_linear(values)), values, atol=1e-6
    )
    assert srgb_from_linear(np.array(0.2140411)) == pytest.approx(0.5, abs=1e-4)


def write_pixels(path: Path, pixels: npt.NDArray[np.generic]) -> Path:
    spec = oiio.ImageSpec(
        pixels.shape[1],
        pixels.shape[0],
        pixels.shape[2],
        oiio.UINT8 if pixels.dtype == np.uint8 else oiio.FLOAT,
    )
    output = oiio.ImageOutput.create(str(path))
    output.open(str(path), spec)
    output.write_image(pixels)
    output.close()
    return path


def test_a_texture_of_eight_bits_is_made_linear_and_one_of_floats_is_not(
    tmp_path: Path,
) -> None:
    grey = write_pixels(tmp_path / "grey.png", np.full((2, 3, 3), 188, np.uint8))
    light = write_pixels(tmp_path / "light.exr", np.full((2, 3, 3), 2.5, np.float32))
    read = read_picture(grey, srgb=None)
    assert read is not None
    assert read.shape == (2, 3, 4)
    np.testing.assert_allclose(read[..., :3], 0.5, atol=0.005)
    np.testing.assert_allclose(read[..., 3], 1)
    raw = read_picture(grey, srgb=False)
    assert raw is not None
    np.testing.assert_allclose(raw[..., :3], 188 / 255, atol=1e-4)
    bright = read_picture(light, srgb=None)
    assert bright is not None
    np.testing.assert_allclose(bright[..., :3], 2.5, rtol=1e-3)


def test_a_huge_texture_is_read_smaller(tmp_path: Path) -> None:
    wide = write_pixels(tmp_path / "wide.png", np.zeros((8, 5000, 1), np.uint8))
    read = read_picture(wide, srgb=None)
    assert read is not None
    assert read.shape[:2] == (3, 2048)


def test_a_file_that_is_no_picture_is_none(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n garbage")
    assert read_picture(broken, srgb=None) is None
    assert read_picture(tmp_path / "absent.png", srgb=None) is None


@pytest.mark.parametrize(
    ("stored", "where"),
    [
        ("D:/work/show/sourceimages/wall/brick.png", "sourceimages/wall/brick.png"),
        (r"D:\work\show\sourceimages\wall\brick.png", "sourceimages/wall/brick.png"),
        ("sourceimages/wall/brick.png", "sourceimages/wall/brick.png"),
        ("/elsewhere/brick.png", "sourceimages/brick.png"),
        ("/elsewhere/brick.png", "scenes/shot/brick.png"),
    ],
)
def test_a_texture_is_found_in_the_project_though_its_path_is_of_another_computer(
    tmp_path: Path, stored: str, where: str
) -> None:
    scene = tmp_path / "scenes" / "shot" / "a.ma"
    picture = tmp_path / where
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"")
    found = find_picture(stored, scene)
    assert found is not None
    assert found.samefile(picture)
    picture.unlink()
    assert find_picture(stored, scene) is None
