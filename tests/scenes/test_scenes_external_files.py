"""Textures, caches and other files that nodes name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lrc_toolbox.scenes.external_files import read_files
from lrc_toolbox.scenes.graph import SceneGraph, read_scene
from lrc_toolbox.scenes.numbered_files import read_pattern
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.snapshot import ExternalFile

Scene = Callable[[str], SceneGraph]


@pytest.fixture
def files(scene: Scene, tmp_path: Path) -> Callable[..., tuple[ExternalFile, ...]]:
    """Read a scene's files; names after the text are made in the project first."""

    def read(body: str, *existing: str) -> tuple[ExternalFile, ...]:
        (tmp_path / "workspace.mel").touch()
        for each in existing:
            path = tmp_path / each
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return read_files(scene(body), Places(tmp_path / "small.ma", environment={}))

    return read


def node(kind: str, **texts: str) -> str:
    lines = [f'createNode {kind} -n "{kind}1";']
    lines += [f'\tsetAttr ".{name}" -type "string" "{v}";' for name, v in texts.items()]
    return "\n".join(lines) + "\n"


def test_real_scenes_have_the_textures_that_are_known_of_them(shared: Path) -> None:
    truth = json.loads((shared / "scenes/TRUTH.json").read_text(encoding="utf-8"))
    assert len(truth["files"]) == 12
    for each in truth["files"]:
        path = shared / "scenes" / each["file"]
        found = read_files(read_scene(path), Places(path, environment={}))
        textures = [file.path for file in found if file.kind == "texture"]
        wanted = each["truth"]["texture_paths"]
        assert len(textures) == wanted["count"], each["file"]
        assert len(set(textures)) == wanted["unique"], each["file"]
        assert set(wanted["sample"]) <= set(textures), each["file"]
        others = [file.path for file in found if file.kind != "texture"]
        assert others == each["truth"]["other_file_paths"], each["file"]


def test_files_of_another_machine_are_not_found(shared: Path) -> None:
    path = shared / "scenes/28-preview-cartoonhouses-ntsc.ma"
    found = read_files(read_scene(path), Places(path, environment={}))
    assert [file.found for file in found] == [False] * 8
    assert {file.attribute for file in found} == {"fileTextureName"}


@pytest.mark.parametrize(
    ("kind", "name", "long", "what"),
    [
        ("file", "ftn", "fileTextureName", "texture"),
        ("psdFileTex", "ftn", "fileTextureName", "texture"),
        ("movie", "ftn", "fileTextureName", "texture"),
        ("imagePlane", "imn", "imageName", "texture"),
        ("aiImage", "filename", "filename", "texture"),
        ("RedshiftNormalMap", "tex0", "tex0", "texture"),
        ("RedshiftDomeLight", "tex0", "tex0", "texture"),
        ("PxrTexture", "filename", "filename", "texture"),
        ("PxrDomeLight", "lightColorMap", "lightColorMap", "texture"),
        ("PBRTImagemapTexture", "filename", "filename", "texture"),
        ("AlembicNode", "fn", "abc_File", "cache"),
        ("gpuCache", "cfn", "cacheFileName", "cache"),
        ("aiStandIn", "dso", "dso", "cache"),
        ("aiVolume", "filename", "filename", "cache"),
        ("RedshiftProxyMesh", "fn", "fileName", "cache"),
        ("mayaUsdProxyShape", "fp", "filePath", "cache"),
        ("xgmPalette", "xfn", "xgFileName", "cache"),
        ("audio", "f", "filename", "other"),
    ],
)
def test_path_of_each_node_type_is_read(
    files: Callable[..., tuple[ExternalFile, ...]],
    kind: str,
    name: str,
    long: str,
    what: str,
) -> None:
    (found,) = files(node(kind, **{name: "data/x.bin"}), "data/x.bin")
    assert (found.node, found.attribute, found.path) == (f"{kind}1", long, "data/x.bin")
    assert found.kind == what
    assert found.found
    assert found.resolved.endswith("/data/x.bin")


def test_camera_image_name_is_no_file(
    files: Callable[..., tuple[ExternalFile, ...]],
) -> None:
    assert files(node("camera", imn="persp")) == ()


def test_empty_path_is_no_file(files: Callable[..., tuple[ExternalFile, ...]]) -> None:
    assert files(node("file", ftn="") + node("aiStandIn")) == ()


def test_geometry_cache_is_its_folder_and_name(
    files: Callable[..., tuple[ExternalFile, ...]],
) -> None:
    (found,) = files(node("cacheFile", cp="cache/a/", cn="hair"), "cache/a/hair.xml")
    assert found.path == "cache/a/hair.xml"
    assert found.found


@pytest.mark.parametrize("token", ["<UDIM>", "<udim>", "_MAPID_"])
def test_udim_tiles_are_counted_and_their_gaps_are_normal(
    files: Callable[..., tuple[ExternalFile, ...]], token: str
) -> None:
    made = [f"tex/a{tile}.exr" for tile in (1001, 1002, 1011)]
    (found,) = files(
        node("aiImage", filename=f"tex/a{token}.exr"), *made, "tex/a9.exr", "tex/b.exr"
    )
    assert (found.count, found.found, found.missing) == (3, True, ())
    assert found.resolved.endswith(f"/tex/a{token}.exr")


def test_mari_number_in_a_plain_name_counts_with_its_tiling_mode(
    files: Callable[..., tuple[ExternalFile, ...]],
) -> None:
    body = node("file", ftn="tex/v1200_a.1001.exr") + '\tsetAttr ".uvt" 3;\n'
    (found,) = files(body, "tex/v1200_a.1001.exr", "tex/v1200_a.1012.exr")
    assert found.count == 2
    assert found.found


@pytest.mark.parametrize("mode", [1, 2])
def test_zbrush_and_mudbox_tiles_are_counted(
    files: Callable[..., tuple[ExternalFile, ...]], mode: int
) -> None:
    body = node("file", ftn="tex/a_u1_v1.tif") + f'\tsetAttr ".uvt" {mode};\n'
    (found,) = files(body, "tex/a_u1_v1.tif", "tex/a_u2_v1.tif", "tex/a_u1_v2.png")
    assert found.count == 2


def test_uv_tokens_are_counted(files: Callable[..., tuple[ExternalFile, ...]]) -> None:
    (found,) = files(node("file", ftn="a_u<U>_v<V>.tif"), "a_u1_v1.tif", "a_u1_v2.tif")
    assert found.count == 2


def test_missing_frames_within_the_span_are_named(
    files: Callable[..., tuple[ExternalFile, ...]],
) -> None:
    body = node("file", ftn="seq/a.0001.exr") + '\tsetAttr ".ufe" yes;\n'
    made = [f"seq/a.{frame:04d}.exr" for frame in (1, 2, 5)]
    (found,) = files(body, *made)
    assert (found.count, found.found, found.missing) == (3, False, (3, 4))


def test_at_most_twenty_missing_frames_are_named(
    files: Callable[..., tuple[ExternalFile, ...]],
) -> None:
    (found,) = files(node("file", ftn="a.<f>.exr"), "a.1.exr", "a.999999999.exr")
    assert found.missing == tuple(range(2, 22))


@pytest.mark.parametrize(
    "name", ["a.####.exr", "a.<f>.exr", "a.<f4>.exr", "a.%04d.exr"]
)
def test_frame_tokens_are_understood(
    files: Callable[..., tuple[ExternalFile, ...]], name: str
) -> None:
    (found,) = files(node("file", ftn=name), "a.0001.exr", "a.0002.exr", "a.x.exr")
    assert (found.count, found.found) == (2, True)


def test_sequence_without_any_file_is_not_found(
    files: Callable[..., tuple[ExternalFile, ...]],
) -> None:
    (found,) = files(node("file", ftn="a.<f>.exr"))
    assert (found.count, found.found, found.resolved) == (0, False, "")


def test_plain_number_without_a_switch_is_one_file(
    files: Callable[..., tuple[ExternalFile, ...]],
) -> None:
    (found,) = files(node("file", ftn="a.1001.exr"), "a.1001.exr", "a.1002.exr")
    assert found.count == 1
    assert read_pattern("a.1001.exr") is None


@pytest.mark.parametrize("name", ["9" * 100_000 + "_", "<a>" * 80, "<f>" * 80])
def test_hostile_names_are_plain_ones(name: str) -> None:
    assert read_pattern(name, "frames") is None
