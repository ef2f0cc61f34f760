"""The files of a scene, read here or by a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrc_toolbox.running import scene_files
from lrc_toolbox.scenes.content import named_files

SCENE = """//Maya ASCII 2025 scene
requires maya "2025";
{reference}createNode file -n "brick";
\tsetAttr ".ftn" -type "string" "{folder}/{name}.exr";
"""


def write(folder: Path, name: str, reference: str = "") -> str:
    line = f'file -r -rfn "aRN" -typ "mayaAscii" "{reference}";\n' if reference else ""
    path = folder / f"{name}.ma"
    filled = SCENE.format(reference=line, folder=folder.as_posix(), name=name)
    path.write_text(filled, encoding="utf-8")
    return path.as_posix()


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which scenes were read by a process of their own."""
    seen: list[str] = []
    really = scene_files._list_apart

    def listed(copy: str, scene: str) -> tuple[str, ...]:
        seen.append(Path(scene).name)
        return really(copy, scene)

    monkeypatch.setattr(scene_files, "_list_apart", listed)
    return seen


def test_a_small_scene_is_read_at_once(tmp_path, apart):
    scene = write(tmp_path, "shot")
    assert scene_files.list_files(scene, scene) == (f"{tmp_path.as_posix()}/shot.exr",)
    assert apart == []


def test_what_a_scene_references_is_read_by_another_process(tmp_path, apart):
    folder = tmp_path / "f\u00fcr \u65e5\u672c"
    folder.mkdir()
    far = write(folder, "far")
    near = write(folder, "near", far)
    scene = write(folder, "shot", near)
    files = scene_files.list_files(scene, scene)
    assert apart == ["shot.ma"]
    assert files == named_files(scene, scene)
    assert [Path(one).name for one in files if one.endswith(".ma")] == [
        "near.ma",
        "far.ma",
    ]


def test_a_large_scene_is_read_by_another_process(tmp_path, apart):
    scene = Path(write(tmp_path, "shot"))
    with scene.open("a") as stream:
        stream.write("//" + "x" * scene_files.LARGE + "\n")
    assert len(scene_files.list_files(str(scene), str(scene))) == 1
    assert apart == ["shot.ma"]


def test_files_that_are_no_maya_scene_name_nothing(tmp_path, apart):
    other = tmp_path / "a.blend"
    other.write_bytes(b"x")
    assert scene_files.list_files(str(other), str(other)) == ()
    with pytest.raises(OSError, match="gone"):
        scene_files.list_files(str(tmp_path / "gone.ma"), str(tmp_path / "gone.ma"))
