"""Where a frame's picture lies, and where it lies while it is written."""

from __future__ import annotations

import ntpath
import posixpath
from types import SimpleNamespace

import pytest

from lrc_toolbox.jobs import pictures
from lrc_toolbox.jobs.pictures import ExpectedPicture, frame_path, temporary_path


@pytest.mark.parametrize(
    ("pattern", "frame", "path"),
    [
        ("/o/beauty.####.exr", 7, "/o/beauty.0007.exr"),
        ("/o/beauty.####.exr", 0, "/o/beauty.0000.exr"),
        ("/o/beauty.####.exr", -1, "/o/beauty.-0001.exr"),
        ("/o/beauty.####.exr", 123456, "/o/beauty.123456.exr"),
        ("/o/beauty.#.exr", 42, "/o/beauty.42.exr"),
        ("/o/take##/beauty.####.exr", 7, "/o/take##/beauty.0007.exr"),
        ("C:\\o\\beauty.##.exr", 7, "C:\\o\\beauty.07.exr"),
    ],
)
def test_the_frame_number_stands_in_the_last_run_of_hashes(
    pattern: str, frame: int, path: str
) -> None:
    assert frame_path(pattern, frame) == path
    assert ExpectedPicture(pattern, 640, 480).path(frame) == path


def test_a_pattern_without_a_place_for_the_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="has no #"):
        frame_path("/o/beauty.exr", 1)


@pytest.mark.parametrize(
    ("system", "path", "temporary"),
    [
        (posixpath, "/o/b/s.0001.exr", "/o/b/.s.0001.part.exr"),
        (posixpath, "s.0001.exr", ".s.0001.part.exr"),
        (posixpath, "/o/v1.2/noname", "/o/v1.2/.noname.part"),
        (ntpath, r"C:\o\s.0001.exr", r"C:\o\.s.0001.part.exr"),
        (ntpath, "C:/o/s.0001.exr", r"C:/o\.s.0001.part.exr"),
        (ntpath, r"\\host\o\s.0001.exr", r"\\host\o\.s.0001.part.exr"),
    ],
)
def test_a_picture_is_written_beside_its_place_with_the_same_suffix(
    monkeypatch: pytest.MonkeyPatch, system: object, path: str, temporary: str
) -> None:
    # Windows' own os.path is a module that works anywhere, so its names are tried too.
    monkeypatch.setattr(pictures, "os", SimpleNamespace(path=system))
    assert temporary_path(path) == temporary
