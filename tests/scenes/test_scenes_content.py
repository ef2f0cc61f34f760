"""What a scene is rendered from: its content and the files that it names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lrc_toolbox.scenes.content import content_digest, named_files, stamps

HEAD = """//Maya ASCII 2025 scene
//Name: {name}
//Last modified: {day}
requires maya "2025";
currentUnit -l centimeter;
fileInfo "UUID" "{uuid}";
"""
BODY = """createNode file -n "brick";
\tsetAttr ".ftn" -type "string" "{texture}";
createNode file -n "tiles";
\tsetAttr ".ftn" -type "string" "{tiles}";
\tsetAttr ".uvt" 3;
"""


def write(path: Path, body: str = BODY, day: str = "Mon", uuid: str = "1") -> Path:
    folder = path.parent.as_posix()
    head = HEAD.format(name=path.name, day=day, uuid=uuid)
    filled = body.format(texture=f"{folder}/brick.exr", tiles=f"{folder}/tile.1001.exr")
    path.write_text(head + filled)
    return path


def test_a_scene_saved_again_without_a_change_keeps_its_digest(tmp_path):
    first = content_digest(write(tmp_path / "a.ma"))
    assert content_digest(write(tmp_path / "a.ma", day="Tue", uuid="2")) == first
    assert content_digest(write(tmp_path / "b.ma", day="Tue", uuid="2")) == first


@pytest.mark.parametrize(
    "body",
    [
        BODY + 'createNode camera -n "c";\n',
        BODY.replace("brick", "stone"),
        # Only the head is written anew with every save.
        BODY + '//a comment in a script\nfileInfo "x" "y";\n',
        "",
    ],
)
def test_other_content_has_another_digest(tmp_path, body):
    first = content_digest(write(tmp_path / "a.ma"))
    assert content_digest(write(tmp_path / "a.ma", body)) != first


def test_what_a_scene_requires_counts(tmp_path):
    scene = write(tmp_path / "a.ma")
    first = content_digest(scene)
    scene.write_text(scene.read_text().replace('maya "2025"', 'maya "2026"'))
    assert content_digest(scene) != first


def test_every_byte_of_other_files_counts(tmp_path):
    scene = tmp_path / "a.blend"
    scene.write_bytes(b"//a\n" + bytes(range(256)) * 9000)
    first = content_digest(scene)
    scene.write_bytes(b"//b\n" + bytes(range(256)) * 9000)
    assert content_digest(scene) != first
    assert named_files(scene, scene) == ()


def test_textures_tiles_and_references_are_named_wherever_the_copy_lies(tmp_path):
    for name in ("brick.exr", "tile.1001.exr", "tile.1002.exr"):
        (tmp_path / name).write_bytes(b"x")
    asset = write(tmp_path / "asset.ma")
    body = f'file -r -ns "a" -rfn "aRN" -typ "mayaAscii" "{asset.as_posix()}";\n'
    scene = write(tmp_path / "shot.ma", body.replace("{", "{{").replace("}", "}}"))
    away = tmp_path / "elsewhere"
    away.mkdir()
    copy = away / "copy.ma"
    copy.write_bytes(scene.read_bytes())
    seen = {Path(one.path).name: one.size for one in stamps(named_files(copy, scene))}
    assert seen == {
        "asset.ma": asset.stat().st_size,
        "brick.exr": 1,
        "tile.1001.exr": 1,
        "tile.1002.exr": 1,
    }


def test_a_file_that_changes_or_comes_back_has_another_stamp(tmp_path):
    scene = write(tmp_path / "a.ma")
    names = named_files(scene, scene)
    nowhere = stamps(names)
    assert {one.size for one in nowhere} == {-1}
    (tmp_path / "brick.exr").write_bytes(b"x")
    there = stamps(named_files(scene, scene))
    assert there != nowhere
    os.utime(tmp_path / "brick.exr", (5.0, 5.0))
    assert stamps(named_files(scene, scene)) != there
