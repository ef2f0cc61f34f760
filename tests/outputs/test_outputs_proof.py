from __future__ import annotations

import os
import random
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.failures import FailureClass
from lrc_toolbox.jobs.pictures import ExpectedPicture, PictureLook, temporary_path
from lrc_toolbox.outputs.proof import Proof, ProverMissingError, prove, require_prover

FRAME = 7
NAME = "scene.0007.exr"


@pytest.fixture(autouse=True)
def _needs(oiio: Any) -> None:
    """Every test here decodes."""


def asked(
    folder: Path,
    width: int = 320,
    height: int = 180,
    channels: str = "RGBA",
    suffix: str = "exr",
) -> list[ExpectedPicture]:
    pattern = str(folder / f"scene.####.{suffix}")
    return [ExpectedPicture(pattern, width, height, tuple(channels))]


def proof(folder: Path, **fields: Any) -> Proof:
    return prove(asked(folder, **fields), FRAME, thumbnail=None)


def proved(folder: Path, name: str = NAME, notes: tuple[str, ...] = ()) -> Proof:
    picture = folder / name
    look = PictureLook(picture.stat().st_size)
    return Proof(notes=notes, picture=str(picture), look=look)


def failure(folder: Path, **fields: Any) -> tuple[FailureClass, str]:
    found = proof(folder, **fields).failure
    assert found is not None
    return found.kind, found.message


# -- what counts ----------------------------------------------------------------------
@pytest.mark.parametrize("compression", ["none", "zip", "zips", "piz", "dwab", "rle"])
def test_a_whole_picture_is_proved(
    tmp_path: Path, write_picture: Callable[..., Path], compression: str
) -> None:
    write_picture(tmp_path / NAME, compression=compression)
    assert proof(tmp_path) == proved(tmp_path)


def test_a_tiled_picture_with_smaller_levels_is_proved(
    tmp_path: Path, oiio: Any, write_picture: Callable[..., Path]
) -> None:
    flat = oiio.ImageBuf(str(write_picture(tmp_path / "flat.exr")))
    target = str(tmp_path / NAME)
    assert oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, flat, target)
    assert proof(tmp_path) == proved(tmp_path)


def test_a_png_is_proved(tmp_path: Path, write_picture: Callable[..., Path]) -> None:
    write_picture(tmp_path / "scene.0007.png", kind="uint8")
    assert proof(tmp_path, suffix="png") == proved(tmp_path, "scene.0007.png")


def test_a_rendered_region_counts_by_the_frame_it_lies_in(
    tmp_path: Path, write_picture: Callable[..., Path], gradient: Callable[..., Any]
) -> None:
    region = gradient(100, 40)
    write_picture(tmp_path / NAME, region, x=50, y=60, full_width=320, full_height=180)
    assert proof(tmp_path) == proved(tmp_path)


def test_overscan_counts_by_the_frame_it_surrounds(
    tmp_path: Path, write_picture: Callable[..., Path], gradient: Callable[..., Any]
) -> None:
    wide = gradient(340, 200)
    write_picture(tmp_path / NAME, wide, x=-10, y=-10, full_width=320, full_height=180)
    assert proof(tmp_path) == proved(tmp_path)


def test_any_size_counts_where_none_is_asked(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    write_picture(tmp_path / NAME)
    assert proof(tmp_path, width=0, height=0) == proved(tmp_path)


def test_channels_count_in_any_case_and_order(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    write_picture(tmp_path / NAME, names=["a", "b", "g", "r"])
    assert proof(tmp_path) == proved(tmp_path)


def test_luminance_counts_where_one_colour_is_asked(
    tmp_path: Path, write_picture: Callable[..., Path], gradient: Callable[..., Any]
) -> None:
    write_picture(tmp_path / NAME, gradient(channels=1), names=["Y"])
    assert proof(tmp_path, channels="R") == proved(tmp_path)
    kind, message = failure(tmp_path, channels="RGB")
    assert kind is FailureClass.OUTPUT_BROKEN
    assert message == f"{NAME} lacks the channels R, G, B; it has Y."


def write_two_parts(
    oiio: Any, path: Path, first: Any, second: Any, names: tuple[str, str]
) -> None:
    specs = []
    for part, pixels in zip(names, (first, second), strict=True):
        height, width, channels = pixels.shape
        spec = oiio.ImageSpec(width, height, channels, "half")
        spec["oiio:subimagename"] = part
        specs.append(spec)
    specs[1].channelnames = ("depth.Z", "id.R")
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), tuple(specs)), output.geterror()
    assert output.write_image(first)
    assert output.open(str(path), specs[1], "AppendSubimage"), output.geterror()
    assert output.write_image(second)
    assert output.close()


def test_all_parts_are_decoded(
    tmp_path: Path,
    oiio: Any,
    gradient: Callable[..., Any],
    cut: Callable[[Path, float], Path],
) -> None:
    path = tmp_path / NAME
    write_two_parts(oiio, path, gradient(), gradient(channels=2), ("rgba", "data"))
    assert proof(tmp_path) == proved(tmp_path)
    kind, message = failure(cut(path, 0.95).parent)
    assert kind is FailureClass.OUTPUT_BROKEN
    assert re.fullmatch(
        rf"{NAME} ends after [1-9]\d % of its lines in part 2\.", message
    ), message


def test_a_layer_does_not_stand_for_the_picture(
    tmp_path: Path, oiio: Any, gradient: Callable[..., Any]
) -> None:
    layers = gradient(channels=2)
    write_two_parts(oiio, tmp_path / NAME, layers, layers, ("first", "data"))
    assert proof(tmp_path, channels="RG") == proved(tmp_path)
    assert failure(tmp_path, channels="RGB")[1].startswith(
        f"{NAME} lacks the channel B"
    )


def write_deep(oiio: Any, path: Path, **attributes: int) -> None:
    spec = oiio.ImageSpec(64, 48, 5, "half")
    spec.channelnames = ("R", "G", "B", "A", "Z")
    spec.channelformats = (*[oiio.TypeDesc("half")] * 4, oiio.TypeDesc("float"))
    spec.deep = True
    for name, value in attributes.items():
        setattr(spec, name, value)
    samples = oiio.DeepData()
    samples.init(spec)
    generator = random.Random(3)
    for pixel in range(64 * 48):
        samples.set_samples(pixel, pixel % 3)
        for sample in range(pixel % 3):
            for channel in range(5):
                samples.set_deep_value(pixel, channel, sample, generator.random())
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_deep_image(samples), output.geterror()
    assert output.close()


@pytest.mark.parametrize("tile", [0, 16])
def test_a_deep_picture_is_decoded_too(
    tmp_path: Path, oiio: Any, cut: Callable[[Path, float], Path], tile: int
) -> None:
    write_deep(oiio, tmp_path / NAME, tile_width=tile, tile_height=tile)
    assert proof(tmp_path, width=64, height=48) == proved(tmp_path)
    kind, message = failure(cut(tmp_path / NAME, 0.6).parent, width=64, height=48)
    assert kind is FailureClass.OUTPUT_BROKEN
    assert f"{NAME} ends after " in message


# -- what is broken -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("share", "percent"),
    [(0.99, (85, 98)), (0.5, (35, 60)), (0.1, (0, 15)), (0.01, (0, 0))],
)
@pytest.mark.parametrize("compression", ["none", "zip", "piz"])
def test_a_cut_picture_says_where_it_ends(
    tmp_path: Path,
    write_picture: Callable[..., Path],
    cut: Callable[[Path, float], Path],
    compression: str,
    share: float,
    percent: tuple[int, int],
) -> None:
    cut(write_picture(tmp_path / NAME, compression=compression), share)
    kind, message = failure(tmp_path)
    assert kind is FailureClass.OUTPUT_BROKEN
    found = re.fullmatch(rf"{NAME} ends after (\d+) % of its lines\.", message)
    assert found, message
    assert percent[0] <= int(found[1]) <= percent[1]


@pytest.mark.parametrize("share", [0.99, 0.5, 0.1])
def test_a_cut_tiled_picture_says_where_it_ends(
    tmp_path: Path,
    write_picture: Callable[..., Path],
    cut: Callable[[Path, float], Path],
    share: float,
) -> None:
    cut(write_picture(tmp_path / NAME, tile_width=32, tile_height=32), share)
    kind, message = failure(tmp_path)
    assert kind is FailureClass.OUTPUT_BROKEN
    assert re.fullmatch(rf"{NAME} ends after \d+ % of its tiles\.", message), message


@pytest.mark.parametrize("share", [0.99, 0.5, 0.1, 0.01])
def test_a_cut_png_is_broken(
    tmp_path: Path,
    write_picture: Callable[..., Path],
    cut: Callable[[Path, float], Path],
    share: float,
) -> None:
    cut(write_picture(tmp_path / "scene.0007.png", kind="uint8"), share)
    kind, message = failure(tmp_path, suffix="png")
    assert kind is FailureClass.OUTPUT_BROKEN
    assert message.startswith("scene.0007.png cannot be ")


def test_a_hole_in_the_middle_is_told_apart_from_an_early_end(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    path = write_picture(tmp_path / NAME, compression="zip")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    path.write_bytes(content)
    kind, message = failure(tmp_path)
    assert kind is FailureClass.OUTPUT_BROKEN
    assert f"{NAME} is damaged after " in message


def test_an_empty_file_is_broken(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    assert failure(tmp_path) == (FailureClass.OUTPUT_BROKEN, f"{NAME} is empty.")


def test_a_file_of_zeros_is_broken(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(bytes(100_000))
    assert failure(tmp_path)[0] is FailureClass.OUTPUT_BROKEN


def test_text_named_exr_is_broken(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("Rendering failed, see the log.\n" * 20)
    kind, message = failure(tmp_path)
    assert kind is FailureClass.OUTPUT_BROKEN
    assert message.startswith(f"{NAME} cannot be opened as a picture: ")


def test_a_png_named_exr_is_broken(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    write_picture(tmp_path / "right.png", kind="uint8").rename(tmp_path / NAME)
    assert failure(tmp_path)[0] is FailureClass.OUTPUT_BROKEN


def test_a_picture_of_another_size_is_broken(
    tmp_path: Path, write_picture: Callable[..., Path], gradient: Callable[..., Any]
) -> None:
    write_picture(tmp_path / NAME, gradient(160, 90))
    assert failure(tmp_path) == (
        FailureClass.OUTPUT_BROKEN,
        f"{NAME} is 160 x 90 instead of 320 x 180.",
    )


def test_a_picture_without_alpha_is_broken_where_alpha_is_asked(
    tmp_path: Path, write_picture: Callable[..., Path], gradient: Callable[..., Any]
) -> None:
    write_picture(tmp_path / NAME, gradient(channels=3))
    assert failure(tmp_path) == (
        FailureClass.OUTPUT_BROKEN,
        f"{NAME} lacks the channel A; it has R, G, B.",
    )
    assert proof(tmp_path, channels="RGB") == proved(tmp_path)


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    assert failure(tmp_path) == (FailureClass.OUTPUT_BROKEN, f"{NAME} is not a file.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_no_picture_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    assert failure(tmp_path) == (FailureClass.OUTPUT_BROKEN, f"{NAME} is not a file.")


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Take the right to read everything away from a test that runs as root."""
    if os.name == "nt" or os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")
def test_a_file_that_may_not_be_read_is_broken(
    tmp_path: Path, write_picture: Callable[..., Path], request: pytest.FixtureRequest
) -> None:
    path = write_picture(tmp_path / NAME)
    path.chmod(0)
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):  # pytest makes them private
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    request.getfixturevalue("as_nobody")
    kind, message = failure(tmp_path)
    assert kind is FailureClass.OUTPUT_BROKEN
    assert message == f"{NAME} cannot be read: Permission denied."


def test_flipped_bytes_never_crash_the_proof(
    tmp_path: Path, write_picture: Callable[..., Path], gradient: Callable[..., Any]
) -> None:
    """In a process of its own, so that a crash is seen as one."""
    small = gradient(64, 48)
    for index, compression in enumerate(["zip", "piz", "dwaa", "none", "b44", "pxr24"]):
        whole = write_picture(
            tmp_path / "whole.exr", small, compression=compression
        ).read_bytes()
        for turn in range(40):
            content = bytearray(whole)
            generator = random.Random(turn)
            for _ in range(1 + turn % 5):
                content[generator.randrange(len(whole))] ^= 1 << generator.randrange(8)
            (tmp_path / f"flip.{index * 40 + turn:04}.exr").write_bytes(content)
    program = (
        "import sys\n"
        "from lrc_toolbox.jobs.pictures import ExpectedPicture\n"
        "from lrc_toolbox.outputs.proof import prove\n"
        "asked = [ExpectedPicture(sys.argv[1], 64, 48, tuple('RGBA'))]\n"
        "found = [prove(asked, n, thumbnail=sys.argv[2]).failure for n in range(240)]\n"
        "assert all(f is None or f.kind == 'output_broken' for f in found), found\n"
        "print(sum(f is not None for f in found))\n"
    )
    pattern, thumbnail = str(tmp_path / "flip.####.exr"), str(tmp_path / "small.jpg")
    done = subprocess.run(
        [sys.executable, "-c", program, pattern, thumbnail],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 60  # zip and piz have checksums of a kind


# -- what is missing or not finished --------------------------------------------------
def test_a_picture_that_was_not_written_is_missing(tmp_path: Path) -> None:
    kind, message = failure(tmp_path)
    assert kind is FailureClass.OUTPUT_MISSING
    assert message == f"{tmp_path / NAME} is not there."


def test_a_picture_left_under_its_temporary_name_is_missing(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    write_picture(Path(temporary_path(str(tmp_path / NAME))))
    kind, message = failure(tmp_path)
    assert kind is FailureClass.OUTPUT_MISSING
    assert "only .scene.0007.part.exr is there" in message


def test_a_picture_beside_its_temporary_file_is_not_finished(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    path = write_picture(tmp_path / NAME)
    Path(temporary_path(str(path))).touch()
    kind, message = failure(tmp_path)
    assert kind is FailureClass.OUTPUT_BROKEN
    assert ".scene.0007.part.exr" in message


def test_the_second_of_two_pictures_is_proved_too(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    write_picture(tmp_path / NAME)
    both = asked(tmp_path) + asked(tmp_path, suffix="png")
    found = prove(both, FRAME, thumbnail=None).failure
    assert found is not None
    assert found.kind is FailureClass.OUTPUT_MISSING
    assert "scene.0007.png" in found.message


def test_a_file_that_is_replaced_meanwhile_never_breaks_the_caller(
    tmp_path: Path, write_picture: Callable[..., Path], gradient: Callable[..., Any]
) -> None:
    path = write_picture(tmp_path / NAME)
    whole = tmp_path / "whole.exr"
    whole.write_bytes(path.read_bytes())
    program = (
        "import itertools, os, sys, time\n"
        "whole = open(sys.argv[1], 'rb').read()\n"
        "print('ready', flush=True)\n"
        "for n in itertools.count():\n"
        "    with open(sys.argv[2], 'wb') as target:\n"
        "        target.write(whole[:(len(whole), len(whole) // 2, 0)[n % 3]])\n"
        "    time.sleep(0.003 * (n % 2))\n"
        "    if n % 5 == 0:\n"
        "        os.remove(sys.argv[2])\n"
    )
    kinds: set[FailureClass | None] = set()
    with subprocess.Popen(
        [sys.executable, "-c", program, str(whole), str(path)], stdout=subprocess.PIPE
    ) as replacer:
        assert replacer.stdout is not None
        replacer.stdout.readline()
        for turn in range(10_000):
            found = proof(tmp_path).failure
            kinds.add(None if found is None else found.kind)
            if turn > 150 and len(kinds) > 1:
                break
        replacer.kill()
    assert kinds <= {None, FailureClass.OUTPUT_MISSING, FailureClass.OUTPUT_BROKEN}
    assert len(kinds) > 1  # it did change under the proof


# -- what is worth a note -------------------------------------------------------------
@pytest.mark.parametrize("kind", ["half", "float"])
def test_pixels_that_are_no_numbers_are_counted_and_pass(
    tmp_path: Path,
    write_picture: Callable[..., Path],
    gradient: Callable[..., Any],
    kind: str,
) -> None:
    pixels = gradient()
    pixels[3, 5] = float("nan")
    pixels[100, 7, 2] = float("inf")
    write_picture(tmp_path / NAME, pixels, kind=kind)
    expected = f"{NAME} has 2 pixels that are NaN or Inf."
    assert proof(tmp_path) == proved(tmp_path, notes=(expected,))


def test_infinite_depth_is_not_worth_a_note(
    tmp_path: Path, write_picture: Callable[..., Path], gradient: Callable[..., Any]
) -> None:
    pixels = gradient()
    pixels[..., 3] = float("inf")
    write_picture(tmp_path / NAME, pixels, names=["R", "G", "B", "Z"])
    assert proof(tmp_path, channels="RGB") == proved(tmp_path)


# -- where nothing can be proved ------------------------------------------------------
def test_without_openimageio_the_remedy_is_told(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['OpenImageIO'] = None\n"
        "from lrc_toolbox.outputs.proof import prove\n"
        "prove([], 1, thumbnail=None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert "ProverMissingError" in done.stderr
    assert 'pip install "lrc-toolbox[review]"' in done.stderr


def test_what_is_installed_is_found_without_importing_it() -> None:
    require_prover()
    program = (
        "import sys\n"
        "from lrc_toolbox.outputs.proof import ProverMissingError, require_prover\n"
        "import lrc_toolbox.outputs.prover_client\n"
        "assert not {'numpy', 'OpenImageIO'} & set(sys.modules)\n"
        "sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n"
        "try:\n"
        "    require_prover()\n"
        "except ProverMissingError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert str(ProverMissingError("OpenImageIO is not installed")) in done.stdout
