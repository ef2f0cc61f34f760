"""Which files of a folder tree are scenes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lrc_toolbox.scenes.folders import find_scenes
from lrc_toolbox.scenes.scene_read_error import SceneReadError


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(folder: Path) -> list[str]:
    scenes = [path for path in find_scenes(folder) if isinstance(path, Path)]
    return [path.relative_to(folder).as_posix() for path in scenes]


def test_scenes_come_by_name_and_files_before_folders(tmp_path: Path) -> None:
    make(tmp_path, "b/2.ma", "b/1.mb", "a/x/deep.ma", "Z.MA", "m.mb", "a/top.ma")
    assert found(tmp_path) == [
        *("m.mb", "Z.MA", "a/top.ma"),
        *("a/x/deep.ma", "b/1.mb", "b/2.ma"),
    ]


def test_hidden_folders_are_looked_into_and_other_files_are_not_scenes(
    tmp_path: Path,
) -> None:
    make(tmp_path, ".backup/old.ma", "._shot.ma", "shot.ma.txt", "ma", "shot.mel")
    (tmp_path / "folder.ma").mkdir()
    assert found(tmp_path) == [".backup/old.ma"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_links_are_followed_and_one_that_leads_up_ends_there(tmp_path: Path) -> None:
    make(tmp_path, "shots/010/shot.ma", "elsewhere/lent.ma")
    tree = tmp_path / "shots"
    (tree / "010" / "up").symlink_to(tree)
    (tree / "020").symlink_to(tmp_path / "elsewhere")
    (tree / "030").symlink_to(tmp_path / "elsewhere")
    (tree / "nowhere").symlink_to(tree / "nowhere")
    assert found(tree) == ["010/shot.ma", "020/lent.ma"]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0,
    reason="root may read everything, and Windows has other rights",
)
def test_a_folder_that_may_not_be_read_is_told_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    make(tmp_path, "closed/a.ma", "open/b.ma")
    (tmp_path / "closed").chmod(0)
    try:
        closed, scene = find_scenes(tmp_path)
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert isinstance(closed, SceneReadError)
    assert closed.path == str(tmp_path / "closed")
    assert scene == tmp_path / "open" / "b.ma"


def test_a_folder_that_went_away_is_told(tmp_path: Path) -> None:
    (gone,) = find_scenes(tmp_path / "gone")
    assert isinstance(gone, SceneReadError)
    assert "the folder cannot be read" in gone.args[0]
