from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lrc_toolbox.scenes.surroundings import surroundings_of


def test_a_folder_that_is_there_can_be_written_and_has_room(tmp_path: Path) -> None:
    place = surroundings_of(tmp_path)
    assert (place.folder, place.exists, place.problem) == (str(tmp_path), True, "")
    assert place.free_bytes is not None


def test_a_folder_to_be_made_is_judged_by_the_one_above(tmp_path: Path) -> None:
    place = surroundings_of(tmp_path / "shot" / "renders")
    assert (place.exists, place.problem) == (False, "")
    assert place.free_bytes is not None
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "shot"
    in_the_way.write_text("")
    place = surroundings_of(in_the_way / "renders")
    assert place.problem == f"{in_the_way} is a file"


@pytest.mark.skipif(
    sys.platform == "win32" or getattr(os, "geteuid", lambda: 0)() == 0,
    reason="needs a user whose rights the folder's mode decides about",
)
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert "may not be written" in surroundings_of(tmp_path / "renders").problem
    finally:
        tmp_path.chmod(0o700)
