from __future__ import annotations

import dataclasses
import gc
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lrc_toolbox.jobs.frames import FrameRange
from lrc_toolbox.scenes.graph import read_scene
from lrc_toolbox.scenes.output_sequences import FrameSpan
from lrc_toolbox.scenes.places import Places
from lrc_toolbox.scenes.scene_read_error import SceneReadError
from lrc_toolbox.scenes.snapshot import SceneSnapshot
from lrc_toolbox.scenes.taking import read_snapshot, take_snapshot
from tests.scenes.render_setups import MANAGER, below, collection, setup_layer

Write = Callable[..., Path]

VERIFIED = "01-rs-layers-per-layer-overrides.ma"


def known_truth(shared: Path) -> list[dict[str, Any]]:
    """What is known of every one of the shared scenes."""
    files: list[dict[str, Any]] = json.loads(
        (shared / "scenes" / "TRUTH.json").read_text()
    )["files"]
    return files


def snapshot_of(shared: Path, entry: dict[str, Any]) -> SceneSnapshot:
    return read_snapshot(shared / "scenes" / str(entry["file"]))


def test_layers_are_those_that_maya_has(shared: Path) -> None:
    entries = known_truth(shared)
    assert len(entries) == 12
    kinds = {"default": "default", "legacy": "legacy", "renderSetup": "render_setup"}
    for entry in entries:
        found = [
            (layer.name, layer.node, layer.kind, layer.renderable)
            for layer in snapshot_of(shared, entry).layers
        ]
        assert found == [
            (
                layer.get("display_name", layer["name"]),
                layer["name"],
                kinds[layer["kind"]],
                layer["renderable"],
            )
            for layer in entry["truth"]["layers"]
        ], entry["file"]


def test_cameras_are_those_of_the_file(shared: Path) -> None:
    for entry in known_truth(shared):
        snapshot = snapshot_of(shared, entry)
        found = [
            (
                each.name,
                each.node,
                each.renderable,
                each.orthographic,
                each.startup,
                each.focal_length,
            )
            for each in snapshot.cameras
        ]
        assert found == [
            (
                camera["transform"],
                camera["shape"],
                camera["renderable"],
                camera["ortho"],
                camera["startup(-s)"],
                camera["focalLength"],
            )
            for camera in entry["truth"]["cameras"]
        ], entry["file"]
        master = snapshot.layers[0]
        assert list(master.cameras) == entry["truth"]["renderable_cameras"]


def test_render_settings_are_those_of_the_file(shared: Path) -> None:
    for entry in known_truth(shared):
        snapshot, known = snapshot_of(shared, entry), entry["truth"]["render_globals"]
        assert snapshot.maya_version == entry["maya_version"]
        assert snapshot.fps == entry["truth"]["fps"]
        assert snapshot.renderer == re.sub(r" \(.*", "", known["renderer"])
        assert snapshot.animation == known["animation_on"]
        assert snapshot.resolution == (known["width"], known["height"])
        assert snapshot.image_prefix == (known["imageFilePrefix"] or "")
        now = known["current_time"]
        expected = (
            FrameSpan(known["startFrame"], known["endFrame"], known["byFrame"])
            if known["animation_on"]
            else FrameSpan(now, now)
        )
        assert snapshot.frames == expected, entry["file"]
        assert [each.path for each in snapshot.references] == [
            each["path"] for each in entry["truth"]["references"]
        ]


def test_file_01_is_read_as_a_real_maya_2023_read_it(shared: Path) -> None:
    entry = next(each for each in known_truth(shared) if each["file"] == VERIFIED)
    maya = entry["maya_verified"]
    offered = {
        layer.name: layer
        for layer in snapshot_of(shared, entry).layers
        if layer.renderable
    }
    assert sorted(offered) == sorted(maya["layers_offered"])
    assert {name: str(layer.frames) for name, layer in offered.items()} == maya[
        "frames"
    ]
    assert {name: sorted(layer.cameras) for name, layer in offered.items()} == maya[
        "cameras"
    ]
    assert {name: layer.renderer for name, layer in offered.items()} == maya["renderer"]
    sizes = {name: "{}x{}".format(*layer.resolution) for name, layer in offered.items()}
    assert sizes == {
        name: maya["resolution"].get(name, maya["resolution"]["others"])
        for name in offered
    }
    # Deadline's submitter puts its own folders in front of the scene's prefix.
    prefixes = {name: layer.image_prefix for name, layer in offered.items()}
    assert prefixes.pop("layerDefaultFrames") == "layer_specific_file_prefix_"
    assert maya["prefix"]["layerDefaultFrames"].endswith("layer_specific_file_prefix_")
    assert set(prefixes.values()) == {""}


def test_file_01_offers_what_maya_did_when_its_reference_is_there(
    shared: Path, tmp_path: Path
) -> None:
    entry = next(each for each in known_truth(shared) if each["file"] == VERIFIED)
    scene = tmp_path / VERIFIED
    scene.write_bytes((shared / "scenes" / VERIFIED).read_bytes())
    target = tmp_path / "scene_file_to_reference.mb"
    target.write_bytes((shared / "scenes" / "38-for8-2023-ref-target.mb").read_bytes())
    snapshot = read_snapshot(scene, follow=True)
    (reference,) = snapshot.references
    assert (reference.found, reference.problem) == (target.as_posix(), "")
    # The target has start-up cameras only: Maya offered none of them.
    offered = {
        layer.name: sorted(layer.cameras)
        for layer in snapshot.layers
        if layer.renderable
    }
    assert offered == entry["maya_verified"]["cameras"]
    assert not any(camera.reference for camera in snapshot.cameras)


def test_file_08_is_read_as_a_real_maya_read_it(shared: Path) -> None:
    entry = next(each for each in known_truth(shared) if each["file"].startswith("08-"))
    maya = entry["maya_verified"]
    snapshot = snapshot_of(shared, entry)
    layers = [layer for layer in snapshot.layers if layer.renderable]
    assert [layer.name for layer in layers] == maya["layers_offered"]
    assert [str(layer.frames) for layer in layers] == [maya["frames"]]
    assert ["{}x{}".format(*layer.resolution) for layer in layers] == [
        maya["resolution"]
    ]


def test_file_01_says_what_each_layer_overrides(shared: Path) -> None:
    snapshot = read_snapshot(shared / "scenes" / VERIFIED)
    assert {layer.name: layer.overridden for layer in snapshot.layers} == {
        "masterLayer": (),
        # What is overridden with the scene's own value (its frames) is not listed.
        "layerFrameRange1": ("renderer",),
        "renderSetupLayer2": ("frames", "cameras"),
        "layerDefaultFrames": ("image_prefix", "cameras"),
        "renderSetupLayer4": ("frames", "renderer", "resolution"),
        "notRenderableLayer": ("frames", "resolution", "image_prefix"),
    }
    assert [layer.name for layer in snapshot.layers if layer.current] == ["masterLayer"]


def test_a_whole_snapshot_looks_at_what_a_lean_one_leaves_out(
    write_scene: Write,
) -> None:
    path = write_scene(
        'createNode script -n "hello";\n\tsetAttr ".b" -type "string" "print 1";\n'
        'createNode file -n "file1";\n'
        '\tsetAttr ".ftn" -type "string" "gone.png";\n'
        'createNode transform -n "cam";\ncreateNode camera -n "camShape" -p "cam";\n'
    )
    lean, whole = read_snapshot(path), read_snapshot(path, whole=True)
    assert (lean.files, lean.outputs, lean.script_nodes) == ((), (), ())
    assert [each.path for each in whole.files] == ["gone.png"]
    assert [each.camera for each in whole.outputs] == ["cam"]
    assert [each.name for each in whole.script_nodes] == ["hello"]
    assert whole.size == path.stat().st_size
    assert dataclasses.replace(whole, files=(), outputs=(), script_nodes=()) == lean


def test_a_render_setup_layer_without_members_is_empty(write_scene: Write) -> None:
    body = (
        MANAGER
        + 'createNode transform -n "ball";\n'
        + collection("balls", '".pat" -type "string" "ball*"')
        + collection("cubes", '".pat" -type "string" "cube*"')
        + setup_layer("full", 1, "balls")
        + setup_layer("bare", 2, "cubes")
    )
    path = write_scene(body)
    master, full, bare = read_snapshot(path, whole=True).layers
    assert (master.empty, full.empty, bare.empty) == (False, False, True)
    assert [layer.empty for layer in read_snapshot(path).layers] == [False, None, None]
    # What a reference holds could be selected too.
    loaded = 'file -rdi 1 -ns "set" -rfn "setRN" "set.ma";\n' + body
    _, full, bare = read_snapshot(write_scene(loaded), whole=True).layers
    assert (full.empty, bare.empty) == (False, None)


SHADED = """createNode transform -n "ball";
createNode mesh -n "ballShape" -p "ball";
createNode polySphere -n "ballMaker";
createNode lambert -n "ballRed";
createNode shadingEngine -n "ballSG";
createNode objectSet -n "ballSet";
connectAttr "ballMaker.out" "ballShape.i";
connectAttr "ballRed.oc" "ballSG.ss";
connectAttr "ballShape.iog" "ballSG.dsm" -na;
connectAttr "ballShape.iog" "ballSet.dsm" -na;
"""
#: Every filter that Render Setup has, by its number.
FILTERS = range(13)


@pytest.mark.parametrize("upper", FILTERS)
def test_shaders_and_sets_that_a_lean_reading_leaves_out_fill_no_layer(
    write_scene: Write, upper: int
) -> None:
    empty = set()
    for lower in FILTERS:
        body = (
            SHADED
            + MANAGER
            + collection("upper", '".pat" -type "string" "ball*"', f'".tf" {upper}')
            + collection("lower", '".pat" -type "string" "*"', f'".tf" {lower}')
            + below("upper", "lower")
            + setup_layer("beauty", 1, "upper")
        )
        path = write_scene(body)
        lean = read_snapshot(path, whole=True)
        assert lean == take_snapshot(read_scene(path), places=Places(path))
        empty.add(lean.layers[1].empty)
    # Shaders, sets, lights, cameras, generators, engines; all else finds the ball.
    assert empty == {upper in (3, 4, 5, 7, 10, 11, 12)}


def test_layers_and_cameras_are_found_by_either_name(shared: Path) -> None:
    snapshot = read_snapshot(shared / "scenes" / VERIFIED)
    layer = snapshot.layer("renderSetupLayer2")
    assert layer is not None
    assert snapshot.layer("rs_renderSetupLayer2") is layer
    assert snapshot.layer("beauty") is None
    camera = snapshot.camera("camera1")
    assert camera is not None
    assert snapshot.camera("cameraShape1") is camera
    assert snapshot.camera("camera9") is None


def test_a_snapshot_is_plain_data(shared: Path) -> None:
    snapshot = read_snapshot(shared / "scenes" / VERIFIED)
    assert hash(snapshot) == hash(read_snapshot(shared / "scenes" / VERIFIED))
    json.dumps(dataclasses.asdict(snapshot))


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (FrameSpan(1, 10), "1-10"),
        (FrameSpan(1, 10, 2), "1-10x2"),
        (FrameSpan(537, 537), "537"),
        (FrameSpan(-5, 5), "-5-5"),
        (FrameSpan(0.6, 9.8), "1-10"),
    ],
)
def test_frames_print_as_frame_ranges_read_them(span: FrameSpan, text: str) -> None:
    assert str(span) == text
    frames = FrameRange.parse(text, keep_ends=False)
    assert frames.first == round(span.start)


def test_the_time_slider_gives_the_frames_where_the_scene_says_so(
    write_scene: Write,
) -> None:
    path = write_scene(
        'createNode script -n "sceneConfigurationScriptNode";\n'
        '\tsetAttr ".b" -type "string" "playbackOptions -min -5 -max 24 -ast 0 ";\n'
        "select -ne :defaultRenderGlobals;\n"
        '\tsetAttr ".an" yes;\n\tsetAttr ".ar" 1;\n\tsetAttr ".fs" 7;\n'
    )
    assert read_snapshot(path).frames == FrameSpan(-5, 24)


def test_older_scenes_have_the_older_size(write_scene: Write) -> None:
    body = 'createNode transform -n "a";\n'
    old = write_scene(body, header="//Maya ASCII 2012 scene\n")
    assert read_snapshot(old).resolution == (640, 480)
    new = write_scene(body, header="//Maya ASCII 2014 scene\n")
    assert read_snapshot(new).resolution == (960, 540)


def test_cameras_of_one_name_are_told_apart(write_scene: Write) -> None:
    path = write_scene(
        'createNode transform -n "a";\ncreateNode transform -n "b";\n'
        'createNode transform -n "cam" -p "a";\n'
        'createNode camera -n "camShape" -p "a|cam";\n'
        'createNode transform -n "cam" -p "b";\n'
        'createNode camera -n "camShape" -p "b|cam";\n'
    )
    assert [camera.name for camera in read_snapshot(path).cameras] == ["a|cam", "b|cam"]


def test_numbers_that_are_none_fall_back_to_mayas_defaults(write_scene: Write) -> None:
    path = write_scene(
        'select -ne :defaultRenderGlobals;\n\tsetAttr ".an" yes;\n'
        '\tsetAttr ".fs" nan;\n\tsetAttr ".ef" inf;\n\tsetAttr ".bfs" 0;\n'
        'select -ne :defaultResolution;\n\tsetAttr ".w" 1e999;\n'
        'createNode transform -n "a";\n'
    )
    snapshot = read_snapshot(path)
    assert snapshot.frames == FrameSpan(1, 10, 1)
    assert snapshot.resolution == (960, 540)


def test_a_snapshot_of_no_scene_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(SceneReadError):
        read_snapshot(tmp_path / "gone.ma")


def test_the_collector_rests_while_a_snapshot_is_taken(
    write_scene: Callable[[str], Path],
) -> None:
    path = write_scene("".join(f"createNode camera -n c{n};\n" for n in range(2000)))
    graph = read_scene(path)
    threshold, looks = gc.get_threshold(), []
    gc.callbacks.append(lambda phase, info: looks.append(phase))
    try:
        gc.set_threshold(50)
        take_snapshot(graph)
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.pop()
    # Two thousand cameras would be a hundred looks and more.
    assert gc.isenabled()
    assert len(looks) < 20
