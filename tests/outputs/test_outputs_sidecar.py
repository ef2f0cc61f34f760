"""What pictures were rendered from, in a small file beside them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.jobs.pictures import ExpectedPicture
from lrc_toolbox.jobs.records import TaskPlan
from lrc_toolbox.jobs.submission import Submission
from lrc_toolbox.outputs.sidecar import NAME, Sidecar, fingerprint


@pytest.fixture
def picture(tmp_path: Path) -> ExpectedPicture:
    for frame in range(1, 4):
        (tmp_path / f"shot.{frame:04}.exr").write_bytes(b"picture %d" % frame)
    return ExpectedPicture(str(tmp_path / "shot.####.exr"), 64, 36)


def noted(folder: Path, picture: ExpectedPicture, source: str, *frames: int) -> None:
    sidecar = Sidecar(folder)
    for frame in frames:
        sidecar.note(picture, frame, Path(picture.path(frame)).stat(), source)
    sidecar.save()


def fits(folder: Path, picture: ExpectedPicture, source: str) -> list[int]:
    sidecar = Sidecar(folder)
    return [frame for frame in range(1, 4) if sidecar.fits(picture, frame, source)]


def test_what_is_noted_is_found_again(tmp_path, picture):
    noted(tmp_path, picture, "a", 1, 2)
    assert fits(tmp_path, picture, "a") == [1, 2]
    assert fits(tmp_path, picture, "b") == []
    noted(tmp_path, picture, "b", 2, 3)
    assert fits(tmp_path, picture, "a") == [1]
    assert fits(tmp_path, picture, "b") == [2, 3]
    noted(tmp_path, picture, "b", 1)
    assert "a" not in Sidecar(tmp_path)._document.pictures["shot.####.exr"].sources
    assert fits(tmp_path, picture, "b") == [1, 2, 3]


def test_a_folder_may_hold_several_sequences(tmp_path, picture):
    other = ExpectedPicture(str(tmp_path / "matte.####.exr"), 64, 36)
    (tmp_path / "matte.0001.exr").write_bytes(b"matte")
    noted(tmp_path, picture, "a", 1)
    noted(tmp_path, other, "b", 1)
    assert fits(tmp_path, picture, "a") == [1]
    assert fits(tmp_path, other, "b") == [1]


def test_a_picture_that_was_replaced_or_is_gone_does_not_fit(tmp_path, picture):
    noted(tmp_path, picture, "a", 1, 2, 3)
    (tmp_path / "shot.0001.exr").write_bytes(b"another size of it")
    os.utime(tmp_path / "shot.0002.exr", (1.0, 1.0))
    assert fits(tmp_path, picture, "a") == [3]
    (tmp_path / "shot.0003.exr").unlink()
    assert fits(tmp_path, picture, "a") == []


def test_a_folder_may_be_moved(tmp_path, picture):
    noted(tmp_path, picture, "a", 1)
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in (NAME, "shot.0001.exr"):
        (tmp_path / name).rename(moved / name)
    there = ExpectedPicture(str(moved / "shot.####.exr"), 64, 36)
    assert fits(moved, there, "a") == [1]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"version": 2}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"pictures": {"shot.####.exr": {"sources": ["a"], "frames": {"x": 1}}}}',
        b'{"pictures": {"shot.####.exr": {"sources": [], "frames": {"1": [0,1,1]}}}}',
        b'{"pictures": {"shot.####.exr": {"frames": {"1": [-1, NaN, 9]}}}}',
    ],
)
def test_a_damaged_one_says_nothing_and_is_written_anew(tmp_path, picture, content):
    (tmp_path / NAME).write_bytes(content)
    assert fits(tmp_path, picture, "a") == []
    noted(tmp_path, picture, "a", 2)
    assert fits(tmp_path, picture, "a") == [2]


def test_only_the_sidecar_is_written(tmp_path, picture):
    before = sorted(path.name for path in tmp_path.iterdir())
    noted(tmp_path, picture, "a", 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME, *before]
    assert NAME.startswith(".")


def test_a_folder_that_takes_no_files_raises_and_keeps_the_old_one(tmp_path, picture):
    noted(tmp_path, picture, "a", 1)
    sidecar = Sidecar(tmp_path)
    sidecar.note(picture, 2, Path(picture.path(2)).stat(), "a")
    part = tmp_path / f"{NAME}.{os.getpid()}.part"
    part.mkdir()
    with pytest.raises(OSError, match="part"):
        sidecar.save()
    assert fits(tmp_path, picture, "a") == [1]


def test_a_hundred_thousand_frames_are_noted_and_found(tmp_path):
    picture = ExpectedPicture(str(tmp_path / "shot.#.exr"), 64, 36)
    (tmp_path / "shot.1.exr").write_bytes(b"x")
    noted(tmp_path, picture, "a", 1)
    sidecar = Sidecar(tmp_path)
    sequence = sidecar._document.pictures["shot.#.exr"]
    sequence.frames.update(dict.fromkeys(range(2, 100_001), sequence.frames[1]))
    sidecar.save()
    assert Sidecar(tmp_path).fits(picture, 1, "a")
    assert (tmp_path / NAME).stat().st_size < 5_000_000


PLAN: dict[str, Any] = {
    "layer": "beauty",
    "camera": "persp",
    "frames": FrameRange.parse("1-3"),
    "pictures": (ExpectedPicture("/out/shot.####.exr", 64, 36),),
    "settings": {"samples": 4},
}
FILES = [("/t/a.exr", 10, 5), ("/t/b.exr", 10, 5)]


def source(
    scene: str = "s", files: object = None, plan: object = None, **fields: object
) -> str:
    given = {"scene": "/s.ma", "output_folder": "/o", "user": "a", **fields}
    return fingerprint(
        scene,
        FILES if files is None else files,  # type: ignore[arg-type]
        Submission(**given),  # type: ignore[arg-type]
        TaskPlan(**{**PLAN, **(plan or {})}),  # type: ignore[dict-item]
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"scene": "other"},
        {"files": [("/t/a.exr", 10, 6), FILES[1]]},
        {"files": [("/t/a.exr", 11, 5), FILES[1]]},
        {"files": FILES[:1]},
        {"renderer": "arnold"},
        {"engine": "command", "command": ("x", "<output>")},
        {"plan": {"layer": "matte"}},
        {"plan": {"camera": "top"}},
        {"plan": {"settings": {"samples": 5}}},
        {"plan": {"pictures": (ExpectedPicture("/out/shot.####.exr", 64, 37),)}},
        {"plan": {"pictures": (ExpectedPicture("/out/shot.####.png", 64, 36),)}},
        {"plan": {"pictures": (ExpectedPicture("/out/b.####.exr", 64, 36, ("R",)),)}},
    ],
)
def test_what_changes_pixels_changes_the_fingerprint(changed):
    assert source(**changed) != source()


@pytest.mark.parametrize(
    "changed",
    [
        {"files": FILES[::-1]},
        {"priority": 9, "note": "x", "retries": 5, "user": "b", "order": "descending"},
        {"plan": {"frames": FrameRange.parse("1-100")}},
        {"plan": {"pictures": (ExpectedPicture("/moved/shot.####.exr", 64, 36),)}},
    ],
)
def test_what_changes_no_pixels_leaves_the_fingerprint_as_it_is(changed):
    assert source(**changed) == source()
